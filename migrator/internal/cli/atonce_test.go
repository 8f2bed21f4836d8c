package cli

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// first is a file after which the history is there: what comes next can be sent at once.
func first(t *testing.T, dir string) {
	t.Helper()
	file(t, dir, "1_first.sql", "CREATE TABLE parent (id int PRIMARY KEY, n int CHECK (n > 0));\nCREATE TABLE child (p int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);\n"+
		"CREATE FUNCTION fails() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'so far'; RETURN 1 / 0; END $$;\n")
}

// A file that is sent at once says of an error what it says when its statements are
// sent one by one: what, where, and after which notices; and leaves as much behind.
func TestErrorsOfAFileSentAtOnce(t *testing.T) {
	failing := map[string]string{
		"a text that does not parse": "SELEC 1",
		"its last character":         "SELECT 'ü', (1",
		"a missing table":            "SELECT 'ü' FROM\n nowhere",
		"a missing column":           "UPDATE parent SET\tm = 2",
		"a check":                    "INSERT INTO parent VALUES (3, 0)",
		"a division":                 "SELECT 1 / count(*) FROM parent WHERE id > 5",
		"a function":                 "SELECT fails()",
		"a body":                     "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT * FROM nowhere $$",
		"a block":                    "DO $$ BEGIN RAISE EXCEPTION 'no: %', 7 USING HINT = 'say yes'; END $$",
		"a body that does not parse": "DO $$ BEGIN IF; END $$",
		"a prepared statement":       "PREPARE p AS SELECT * FROM parent; ALTER TABLE parent ADD more int; EXECUTE p",
		"at the end":                 "INSERT INTO child VALUES (99)",
		"a commit inside":            "DO $$ BEGIN PERFORM 1; EXECUTE 'commit'; END $$",
		"a secret":                   "CREATE ROLE somebody PASSWORD hunter2secret",
		"a type":                     "SELECT 'x'::int",
		"within a rule":              "CREATE RULE r AS ON INSERT TO child DO ALSO (SELECT 1; INSERT INTO parent VALUES (1, 0)); INSERT INTO child VALUES (1)",
	}
	positions := map[string]string{
		"first":  "%s;\nSELECT /* %s */ 1;\n",
		"middle": "INSERT INTO parent VALUES (1, 1); -- 'ß';\n/* ä; */ ;;\nSELECT /* %[2]s */ 1;\n  %[1]s;\nSELECT 2;\n",
		"last":   "SELECT fails IS NULL FROM (SELECT 1 AS fails) x;\nSELECT '€', 'DROP' WHERE false; DROP TABLE IF EXISTS €; SELECT /* %[2]s */ 1; %[1]s",
	}
	dsns := map[string]string{}
	for _, word := range []string{"set_config", "get_config"} {
		dsns[word], _ = database(t)
		dir := t.TempDir()
		first(t, dir)
		if r := run(t, "apply", dir, "--connection", dsns[word]); r.code != 0 {
			t.Fatal(r)
		}
	}
	for name, sql := range failing {
		for where, around := range positions {
			t.Run(name+" "+where, func(t *testing.T) {
				var said []string
				for _, word := range []string{"set_config", "get_config"} { // the first is sent one by one
					dir, messages := t.TempDir(), 0
					first(t, dir)
					dsn := through(t, dsns[word], func(b []byte) (bool, bool) {
						if strings.Contains(string(b), word) {
							messages += strings.Count(string(b), "COMMIT\x00") + 1
						}
						return false, false
					})
					file(t, dir, "2_fails.sql", fmt.Sprintf(around, sql, word))
					r := run(t, "apply", dir, "--connection", dsn)
					if r.code != 2 || strings.Contains(r.errors, "no transaction in progress") {
						t.Error(r)
					}
					body := strings.Contains(sql+where, "DO $$") || strings.Contains(sql, "FUNCTION")
					if at := messages == 2; at != (word == "get_config" && !body) {
						t.Errorf("sent at once is %t for %s", at, word)
					}
					then := run(t, "status", dir, "--connection", dsn)
					if strings.Contains(r.errors, "syntax error") { // of a text that does not parse nothing is run
						r.errors = ofParsing.ReplaceAllString(r.errors, "")
					}
					said = append(said, plainErrors(r.errors, dir)+plainErrors(then.out, dir))
				}
				if said[0] != said[1] {
					t.Errorf("one by one:\n%s\nat once:\n%s", said[0], said[1])
				}
				if strings.Contains(said[1], "hunter2secret") {
					t.Error("the secret is said: " + said[1])
				}
			})
		}
	}
}

var ofParsing = regexp.MustCompile(`(?m)^notice: .*\n| at or near ";"| at end of input`)

var dates = regexp.MustCompile(`\d{4}-\d\d-\d\d[ \d:UTC]*|127\.0\.0\.1:\d+/\w+`)

// plainErrors is what was said without what differs from run to run.
func plainErrors(text, dir string) string {
	text = strings.ReplaceAll(text, dir, filepath.Base("dir"))
	return strings.ReplaceAll(dates.ReplaceAllString(text, "#"), "get_config", "set_config")
}
