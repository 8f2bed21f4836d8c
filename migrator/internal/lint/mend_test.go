package lint

import (
	"slices"
	"strings"
	"testing"
)

// What is not mechanical is suggested at most, never written: the text after --fix is
// the wanted one.
func TestFixed(t *testing.T) {
	parted := "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);\n"
	for _, c := range []struct{ name, text, want string }{
		{"1.sql", "CREATE INDEX i ON t (a);", "CREATE INDEX CONCURRENTLY i ON t (a);"},
		{"1.sql", "CREATE INDEX i ON t (a);\nDROP INDEX j;", "CREATE INDEX CONCURRENTLY i ON t (a);\nDROP INDEX CONCURRENTLY j;"},
		{"1.sql", "ALTER TABLE t DETACH PARTITION p;", "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;"},
		// PostgreSQL refuses CONCURRENTLY for indexes of partitioned tables.
		{"1.sql", parted + "CREATE INDEX i ON p (a);", ""},
		{"1.sql", "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);\nCREATE INDEX i ON p (a);\nDROP INDEX i;", ""},
		{"1.sql", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\nCREATE INDEX i ON p1 (a);", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\nCREATE INDEX CONCURRENTLY i ON p1 (a);"},
		{"1.sql", parted + "ALTER TABLE p ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id);", ""},
		// What is sent in one piece is one transaction.
		{"1_a.up.sql", "CREATE INDEX i ON t (a);", "CREATE INDEX CONCURRENTLY i ON t (a);"},
		{"1_a.up.sql", "CREATE INDEX i ON t (a);\nDROP INDEX j;", ""},
		{"1_a.up.sql", "ALTER TABLE t ALTER COLUMN a SET NOT NULL;", ""},
		// VALIDATE CONSTRAINT is of use outside of the transaction of ADD CONSTRAINT only.
		{"1.sql", "CREATE INDEX i ON t (a);\nALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);\nALTER TABLE t ADD CONSTRAINT d CHECK (a > 1) -- why\n;",
			alone + "CREATE INDEX CONCURRENTLY i ON t (a);\nALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;\nALTER TABLE t ADD CONSTRAINT d CHECK (a > 1) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT d -- why\n;"},
		{"1.sql", alone + "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);", alone + "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;"},
		{"V1__a.sql", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);", ""},
		{"V1__a.sql", "CREATE INDEX i ON t (a);", ""},
		{"a/migration.sql", "CREATE INDEX i ON t (a);\nCREATE INDEX j ON t (b);", ""},
		{"1.sql", "--liquibase formatted sql\n--changeset a:1\nCREATE INDEX i ON t (a);", ""},
		{"1.sql", "--liquibase formatted sql\n--changeset a:1 runInTransaction:false\nCREATE INDEX i ON t (a);", "--liquibase formatted sql\n--changeset a:1 runInTransaction:false\nCREATE INDEX CONCURRENTLY i ON t (a);"},
		// What stands in a body stays.
		{"1.sql", "DO $$ BEGIN CREATE INDEX i ON t (a); END $$;", ""},
		{"1.sql", "-- migrate:up transaction:false\nCREATE INDEX i ON t (a);\nDROP INDEX j;\n-- migrate:down\n", ""},
		{"1.sql", "-- +goose Up\nCREATE INDEX i ON t (a);\n", ""},
		{"1.sql", "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX i ON t (a);\n", "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY i ON t (a);\n"},
	} {
		if c.want == "" {
			c.want = c.text
		}
		j := New(Options{})
		if got, _ := Fixed(c.text, j.File(c.name, c.text).Findings); got != c.want {
			t.Errorf("%s:\n%s\nbecame\n%s", c.name, c.text, got)
		}
	}
	j := New(Options{Partitioned: func(_, name string) bool { return name == "t" || name == "i" }})
	for _, text := range []string{"CREATE INDEX i ON t (a)", "DROP INDEX i"} {
		d := j.Text(text).Findings[0]
		for _, h := range d.Hazards {
			if strings.Contains(h.Message, "CONCURRENTLY") {
				t.Errorf("%s: %s", text, h.Message)
			}
		}
		if len(d.Fix) > 0 || d.Rewrite != "" {
			t.Errorf("%s is suggested as %s", text, d.Rewrite)
		}
	}
}

// The column of a rewrite has the type as it was written.
func TestRewriteKeepsTheType(t *testing.T) {
	for _, typ := range []string{"uuid", "varchar(20)", "text[]", "numeric(10, 2)", "int[3][3]", "timestamp(3) with time zone", `app."Kind"`, `text COLLATE "C"`, "varchar(20) /* short */"} {
		want := "ADD COLUMN IF NOT EXISTS k " + strings.TrimSuffix(typ, " /* short */") + ";"
		found := New(Options{}).Text("ALTER TABLE t ADD COLUMN IF NOT EXISTS k " + typ + " DEFAULT f()").Findings
		i := slices.IndexFunc(found, func(d Finding) bool { return d.Name == "adding-field-with-default" })
		if i < 0 || !strings.Contains(found[i].Rewrite, want) {
			t.Errorf("%s: %+v", typ, found)
		}
	}
}

// VALIDATE CONSTRAINT holds the lock of ADD CONSTRAINT where both are in one transaction;
// where the runner decides that, it is a notice.
func TestValidateInTheSameTransaction(t *testing.T) {
	add, validate := "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\n", "ALTER TABLE t VALIDATE CONSTRAINT c;\n"
	const none = Severity(-1)
	for _, c := range []struct {
		name, text string
		want       Severity
	}{
		{"1.sql", "BEGIN;\n" + add + validate + "COMMIT;\n", Warning},
		{"1.sql", "BEGIN;\n" + add + "COMMIT;\n" + validate, none},
		{"1.sql", "BEGIN;\n" + add + "COMMIT;\nBEGIN;\n" + validate + "COMMIT;", none},
		{"1.sql", add + validate, Notice},
		{"1.sql", alone + add + validate, none},
		{"1.sql", "-- +goose Up\n" + add + validate + "-- +goose Down\n", Warning},
		{"1_a.up.sql", add + validate, Warning},
		{"V1__a.sql", add + validate, Warning},
		{"V1__a.sql", add + validate + "VACUUM t;", Notice},
		{"2026_a/up.sql", add + validate, Warning},
		{"2026_a/migration.sql", add + validate, Warning},
		{"1.sql", "--liquibase formatted sql\n--changeset a:1\n" + add + validate, Warning},
		{"1.sql", "--liquibase formatted sql\n--changeset a:1\n" + add + "--changeset a:2\n" + validate, none},
		{"1.sql", "--liquibase formatted sql\n--changeset a:1 runInTransaction:false\n" + add + validate, Notice},
		{"1.sql", "BEGIN;\nALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id) NOT VALID;\n" + validate + "COMMIT;", Warning},
		{"1.sql", "BEGIN;\n" + validate + "COMMIT;", none},
	} {
		got := none
		for _, d := range New(Options{}).File(c.name, c.text).Findings {
			if d.Name == "constraint-missing-not-valid" {
				got = d.Severity
			}
		}
		if got != c.want {
			t.Errorf("%d, want %d:\n%s\n%s", got, c.want, c.name, c.text)
		}
	}
}

// What is suggested is SQL: its semicolon stands before a comment at its end.
func TestScript(t *testing.T) {
	for rewrite, want := range map[string]string{
		"SELECT 1":                         "SELECT 1;",
		"SELECT 1;\n":                      "SELECT 1;",
		"A;\nB -- in the same transaction": "A;\nB; -- in the same transaction",
		"A;\n-- then fill it":              "A;\n-- then fill it",
		"SELECT ';' -- ;":                  "SELECT ';'; -- ;",
	} {
		if got := (Finding{Rewrite: rewrite}).Script(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Nobody knows which way a file leads that has a mark of the way back only.
func TestOnlyTheWayBack(t *testing.T) {
	for _, text := range []string{"DROP TABLE t;\n-- +goose Down\nDROP TABLE u;\n", "-- migrate:down\nDROP TABLE u;\n"} {
		r := New(Options{}).Text(text)
		if len(r.Findings) != 1 || r.Findings[0].Name != "not-looked-into" || r.Findings[0].Severity != Warning || r.Statements != 0 {
			t.Errorf("%+v", r)
		}
	}
}
