package migfile

import (
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/plan"
)

func change() Change {
	st := func(sql string) plan.Statement { return plan.Statement{SQL: sql, LockTimeout: 2 * time.Second} }
	return Change{
		Name: "add_things", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		UpHead: Header{Title: "add_things"}, DownHead: Header{Title: "rollback of add_things"},
		Up: &plan.Plan{Segments: []plan.Segment{
			{Transactional: true, Statements: []plan.Statement{st("CREATE TABLE a (id int)"), st("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1; SELECT 2$$")}},
			{Statements: []plan.Statement{st("CREATE INDEX CONCURRENTLY i ON a (id)"), st("CREATE INDEX CONCURRENTLY j ON a (id)")}},
		}},
		Down: &plan.Plan{Segments: []plan.Segment{
			{Transactional: true, Statements: []plan.Statement{st("DROP FUNCTION f()"), st("DROP TABLE a")}},
		}},
	}
}

func names(files []Output) string {
	var all []string
	for _, f := range files {
		all = append(all, f.Name)
	}
	return strings.Join(all, " ")
}

func TestFormats(t *testing.T) {
	for format, want := range map[Format]string{
		Single: "20260102030405_add_things.sql 20260102030405_add_things_rollback.sql",
		GolangMigrate: "20260102030405_add_things_1.up.sql 20260102030405_add_things_1.down.sql 20260102030406_add_things_2.up.sql 20260102030406_add_things_2.down.sql " +
			"20260102030407_add_things_3.up.sql 20260102030407_add_things_3.down.sql",
		Goose:     "20260102030405_add_things_1.sql 20260102030406_add_things_2.sql 20260102030407_add_things_3.sql",
		Flyway:    "V20260102030405__add_things_1.sql U20260102030405__add_things_1.sql V20260102030406__add_things_2.sql U20260102030406__add_things_2.sql V20260102030407__add_things_3.sql U20260102030407__add_things_3.sql",
		Dbmate:    "20260102030405_add_things_1.sql 20260102030406_add_things_2.sql 20260102030407_add_things_3.sql",
		Atlas:     "20260102030405_add_things_1.sql 20260102030406_add_things_2.sql 20260102030407_add_things_3.sql",
		Liquibase: "20260102030405_add_things.sql",
	} {
		if got := names(Files(format, change())); got != want {
			t.Errorf("%s:\n got %s\nwant %s", format, got, want)
		}
	}
}

// A runner that sends a file as one query can run CONCURRENTLY only where it
// stands alone.
func TestConcurrentlyStandsAlone(t *testing.T) {
	for _, format := range []Format{GolangMigrate, Flyway, Dbmate, Atlas, Goose} {
		for _, f := range Files(format, change()) {
			var sql []string
			for line := range strings.Lines(f.Text) {
				if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
					sql = append(sql, line)
				}
				if strings.HasPrefix(line, "-- migrate:down") || strings.HasPrefix(line, "-- +goose Down") {
					break
				}
			}
			if strings.Contains(strings.Join(sql, "\n"), "CONCURRENTLY") && len(sql) != 1 {
				t.Errorf("%s: %s: %q", format, f.Name, sql)
			}
		}
	}
}

func TestGoose(t *testing.T) {
	files := Files(Goose, change())
	if !strings.Contains(files[0].Text, "-- +goose StatementBegin\nCREATE FUNCTION") || strings.Contains(files[0].Text, "NO TRANSACTION") || !strings.Contains(files[0].Text, "DROP TABLE a") {
		t.Error(files[0].Text)
	}
	if !strings.HasPrefix(files[1].Text, "-- +goose NO TRANSACTION\n-- +goose Up\n") || strings.Contains(files[1].Text, "SET") {
		t.Error(files[1].Text)
	}
}

func TestLiquibase(t *testing.T) {
	text := Files(Liquibase, change())[0].Text
	if !strings.HasPrefix(text, "--liquibase formatted sql\n") || strings.Count(text, "--changeset ") != 3 || strings.Count(text, "runInTransaction:false") != 2 || !strings.Contains(text, "--rollback DROP TABLE a;") {
		t.Error(text)
	}
}

// What a runner would take for its own word is out of its sight, and means the
// same.
func TestMarksAreGuarded(t *testing.T) {
	for format, text := range map[Format]string{
		Goose: "a\n -- +goose Down", Dbmate: "\n-- migrate:down", Flyway: "${x}", Liquibase: "x\n--rollback DROP", Atlas: "\n-- atlas:txmode none", GolangMigrate: "",
	} {
		c := change()
		st := plan.Statement{SQL: "COMMENT ON TABLE a IS E'it''s \\\\ " + text + "'"}
		c.Up = &plan.Plan{Segments: []plan.Segment{{Transactional: true, Statements: []plan.Statement{st}}}}
		files := Files(format, c)
		if got := files[0].Text; strings.Contains(got, "DO LANGUAGE plpgsql E'BEGIN EXECUTE E''") != (text != "") || text != "" && strings.Contains(got, " \\\\ "+text) {
			t.Errorf("%s: %s", format, got)
		}
		if c.Up.Segments[0].Statements[0].SQL != st.SQL {
			t.Error("the plan was changed")
		}
	}
}

// Our own form, read again, is the plan.
func TestSingleIsReadBack(t *testing.T) {
	c := change()
	f, err := Parse("up.sql", SQL(c.UpHead, c.Up))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Segments) != 2 || !f.Segments[0].Transactional || f.Segments[1].Transactional {
		t.Fatalf("%+v", f.Segments)
	}
	var got []string
	for _, s := range f.Segments {
		for _, st := range s.Statements {
			if !strings.HasPrefix(st.SQL, "SET ") && !strings.HasPrefix(st.SQL, "RESET ") {
				got = append(got, st.SQL)
			}
		}
	}
	var want []string
	for _, s := range c.Up.Segments {
		for _, st := range s.Statements {
			want = append(want, st.SQL)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"CREATE TABLE a (); CREATE TABLE b ();":                                                 "tx2",
		"BEGIN; CREATE TABLE a (); COMMIT; CREATE TABLE b ();":                                  "tx1 tx1",
		"SET search_path = x; CREATE TABLE a (); SET search_path = y; CREATE TABLE b ();":       "tx4",
		"CREATE TABLE a (); CREATE INDEX CONCURRENTLY i ON a (b); CREATE TABLE b ();":           "tx1 no1 tx1",
		"SET lock_timeout = 1; CREATE INDEX CONCURRENTLY i ON a (b); RESET lock_timeout;":       "no3",
		"PREPARE p AS SELECT 1; COMMIT PREPARED 'x'":                                            "tx1 no1",
		"START TRANSACTION; SELECT 1; END; BEGIN; SELECT 2; SAVEPOINT a; ROLLBACK TO a; COMMIT": "tx1 tx3",
		"VACUUM a; ALTER SYSTEM SET a = 1; DROP INDEX CONCURRENTLY i;":                          "no3",
		"\\restrict x\nSELECT 1;\n\\unrestrict x\n":                                             "tx1",
	} {
		f, err := Parse("f.sql", text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got []string
		for _, s := range f.Segments {
			kind := "no"
			if s.Transactional {
				kind = "tx"
			}
			got = append(got, kind+string(rune('0'+len(s.Statements))))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"BEGIN; SELECT 1;":           "f.sql:1:1: this BEGIN has no COMMIT",
		"SELECT 1;\nCOMMIT;":         "f.sql:2:1: COMMIT without BEGIN",
		"BEGIN; BEGIN;":              "f.sql:1:8: BEGIN within a transaction",
		"BEGIN; COMMIT AND CHAIN;":   "f.sql:1:8: a migration cannot use COMMIT AND CHAIN",
		"PREPARE TRANSACTION 'x';":   "f.sql:1:1: a migration cannot leave a prepared transaction behind",
		"SELECT 1;\nROLLBACK;":       "f.sql:2:1: a migration cannot roll itself back",
		"BEGIN; VACUUM; COMMIT;":     "f.sql:1:8: PostgreSQL refuses this statement in a transaction: VACUUM",
		"\\i other.sql":              `f.sql:1:1: a migration cannot use psql's \i`,
		"COPY t FROM stdin;\n1\n\\.": "f.sql:1:1: a migration cannot hold COPY … FROM stdin",
		"SELECT 'x":                  "f.sql:1:1: the text ends within",
	} {
		if _, err := Parse("f.sql", text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestConcurrentIndex(t *testing.T) {
	for sql, want := range map[string]Index{
		"CREATE INDEX CONCURRENTLY i ON a.t (x)":                                   {Name: "i", Schema: "a", Table: "t"},
		`create unique index concurrently if not exists "I.x" on only "S"."T" (x)`: {Name: `"I.x"`, Schema: `"S"`, Table: `"T"`},
		"CREATE INDEX i ON t (x)":                                                  {},
		"DROP INDEX CONCURRENTLY IF EXISTS a.i":                                    {Drop: true, Name: "a.i"},
		"CREATE INDEX CONCURRENTLY ON t (x)":                                       {},
	} {
		if got := ConcurrentIndex(sql); got != want {
			t.Errorf("%s: %+v, want %+v", sql, got, want)
		}
	}
}

// A block that commits by itself runs outside of a transaction; one that only
// says the word does not.
func TestBlockThatCommits(t *testing.T) {
	for sql, want := range map[string]bool{
		"DO $$ BEGIN UPDATE t SET a = 1; COMMIT; END $$":                           true,
		"do $$ begin loop commit and chain ; end loop; end $$":                     true,
		"DO $$ BEGIN CREATE TEMP TABLE x (i int) ON COMMIT DROP; END $$":           false,
		"DO $$ BEGIN RAISE NOTICE 'commitment'; END $$":                            false,
		"CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN COMMIT; END'": false,
	} {
		if got := NonTransactional(sql); got != want {
			t.Errorf("%s: %v", sql, got)
		}
	}
}
