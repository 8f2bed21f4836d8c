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

// VALIDATE CONSTRAINT holds the lock of ADD CONSTRAINT where both are in one transaction.
func TestValidateInTheSameTransaction(t *testing.T) {
	add, validate := "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\n", "ALTER TABLE t VALIDATE CONSTRAINT c;\n"
	for text, want := range map[string]bool{
		"BEGIN;\n" + add + validate + "COMMIT;\n":                     true,
		"BEGIN;\n" + add + "COMMIT;\n" + validate:                     false,
		"BEGIN;\n" + add + "COMMIT;\nBEGIN;\n" + validate + "COMMIT;": false,
		add + validate: false,
		"-- +goose Up\n" + add + validate + "-- +goose Down\n":                                                         true,
		"BEGIN;\nALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id) NOT VALID;\n" + validate + "COMMIT;": true,
		"BEGIN;\n" + validate + "COMMIT;":                                                                              false,
	} {
		if got := slices.Contains(rulesOf(text), "constraint-missing-not-valid"); got != want {
			t.Errorf("%v, want %v:\n%s", got, want, text)
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
