//go:build unix

package cli

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
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

// overTLS is a connection string by way of a line that encrypts towards the tool.
func overTLS(t *testing.T, dsn string) string {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: private}}}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	inner := &line{to: u.Host, cut: func([]byte) (bool, bool) { return false, false }}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				if _, err := io.ReadFull(c, make([]byte, 8)); err == nil { // SSLRequest
					c.Write([]byte("S"))
					inner.carry(tls.Server(c, config))
				}
			}()
		}
	}()
	u.Host, u.RawQuery = l.Addr().String(), "sslmode=require"
	return u.String()
}

// What is encrypted cannot be followed: there a file is sent statement by statement,
// and an error is still that of its statement.
func TestErrorsOverTLS(t *testing.T) {
	dsn, _ := database(t)
	dir := t.TempDir()
	first(t, dir)
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 {
		t.Fatal(r)
	}
	f := file(t, dir, "2_fails.sql", "INSERT INTO parent VALUES (1, 1);\nINSERT INTO parent VALUES (2, 2);\nINSERT INTO parent VALUES (3, 0);\n")
	r := run(t, "apply", dir, "--connection", overTLS(t, dsn))
	oneLineError(t, r, f+":3:1: new row for relation")
	if !strings.Contains(r.errors, "nothing was applied") {
		t.Error(r)
	}
}

// How a file before has had its strings read does not change the strings of the next.
func TestStringsAreReadAsEachFileSays(t *testing.T) {
	for _, way := range []struct {
		name string
		by   func(*testing.T, string) string
	}{{"plain", func(_ *testing.T, dsn string) string { return dsn }}, {"encrypted", overTLS}} {
		dsn, db := database(t)
		dir := t.TempDir()
		file(t, dir, "1_a.sql", "CREATE TABLE t (v text);\n")
		file(t, dir, "2_off.sql", "SET standard_conforming_strings = off;\nSET escape_string_warning = off;\nINSERT INTO t VALUES ('a\\tb');\n")
		file(t, dir, "3_on.sql", "INSERT INTO t VALUES ('a\\tb');\nINSERT INTO t VALUES ('\\');\n")
		if r := run(t, "apply", dir, "--connection", way.by(t, dsn)); r.code != 0 {
			t.Error(way.name, r)
		}
		var all string
		if err := db.QueryRow("SELECT string_agg(v, '|') FROM t").Scan(&all); err != nil || all != "a\tb|a\\tb|\\" {
			t.Errorf("%s: %q (%v)", way.name, all, err)
		}
	}
}

// Who looks at the text of a statement sees that statement alone, also where the
// database gets such a trigger by a file of the same run.
func TestTriggersSeeOneStatement(t *testing.T) {
	for _, before := range []bool{true, false} {
		dsn, db := database(t)
		dir := t.TempDir()
		trigger := []string{"CREATE TABLE seen (at int GENERATED ALWAYS AS IDENTITY, what text);\nCREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen (what) VALUES (current_query()); END $$;\n",
			"CREATE EVENT TRIGGER see ON ddl_command_end EXECUTE FUNCTION see();\n"}
		file(t, dir, "1_a.sql", "CREATE TABLE a (id int);\n")
		file(t, dir, "2_trigger.sql", strings.Join(trigger, ""))
		file(t, dir, "3_b.sql", "CREATE TABLE b (id int);\nSELECT 1;\nCREATE TABLE c (id int);\n")
		if before {
			if r := run(t, "apply", dir, "--steps", "2", "--connection", dsn); r.code != 0 {
				t.Fatal(r)
			}
		}
		if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 {
			t.Error(r)
		}
		var all string
		if err := db.QueryRow("SELECT string_agg(what, '|' ORDER BY at) FROM seen").Scan(&all); err != nil || !strings.HasSuffix(all, "CREATE TABLE b (id int)|CREATE TABLE c (id int)") || strings.Contains(all, "COMMIT") {
			t.Errorf("seen %q (%v)", all, err)
		}
	}
}

// A limit of a statement holds for each of those that are sent at once.
func TestStatementTimeoutIsForEachStatement(t *testing.T) {
	dsn, _ := database(t)
	dir := t.TempDir()
	first(t, dir)
	file(t, dir, "2_slow.sql", "SET LOCAL statement_timeout = '1500ms';\nSELECT pg_sleep(0.8);\nSELECT pg_sleep(0.8);\n")
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 {
		t.Error(r)
	}
	f := file(t, dir, "3_slower.sql", "SET LOCAL statement_timeout = '100ms';\nSELECT 1;\nSELECT pg_sleep(30);\n")
	r := run(t, "apply", dir, "--connection", dsn)
	oneLineError(t, r, f+":3:1: canceling statement due to statement timeout")
}

// A file that was sent at once and whose answer never came may be applied: that is
// said, and settled when it is applied again.
func TestInterruptedWithoutAnAnswer(t *testing.T) {
	dsn, db := database(t)
	dir := t.TempDir()
	first(t, dir)
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 {
		t.Fatal(r)
	}
	file(t, dir, "2_slow.sql", "CREATE TABLE slow (id int);\nSELECT pg_sleep(4);\nINSERT INTO slow VALUES (1);\n")
	p, slow := behindProxy(t, dsn)
	cmd := process(t, shortFolder(t), "apply", dir, "--connection", slow)
	var errs lines
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "it sleeps", func() bool {
		var n int
		return db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").Scan(&n) == nil && n > 0
	})
	p.frozen.Store(true)
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
	p.close() // the server hears nothing of that before
	if code := cmd.ProcessState.ExitCode(); code != 130 || strings.Contains(errs.String(), "nothing was applied") || !strings.Contains(errs.String(), "no longer answered") {
		t.Errorf("exit code %d, said %q", code, errs.String())
	}
	if r := run(t, "apply", dir, "--connection", dsn, "--lock-wait", "30s"); r.code != 0 {
		t.Error(r)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM slow").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d rows (%v)", n, err)
	}
}

// While the server is still at what was sent, nobody can look what became of it.
func TestLostWhileTheServerGoesOn(t *testing.T) {
	dsn, db := database(t)
	dir := t.TempDir()
	first(t, dir)
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 {
		t.Fatal(r)
	}
	file(t, dir, "2_slow.sql", "CREATE TABLE slow (id int);\nSELECT pg_sleep(5);\n")
	p, slow := behindProxy(t, dsn)
	done := make(chan result)
	go func() { done <- run(t, "apply", dir, "--connection", slow, "--lock-wait", "0s") }()
	until(t, "it sleeps", func() bool {
		var n int
		return db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").Scan(&n) == nil && n > 0
	})
	p.cut()
	r := <-done
	oneLineError(t, r, "nobody can look whether it was carried out")
	if strings.Contains(r.errors, "nothing was applied") {
		t.Error(r)
	}
	if r := run(t, "apply", dir, "--connection", dsn, "--lock-wait", "30s"); r.code != 0 || !strings.Contains(r.out, "NOTHING TO DO") {
		t.Error(r)
	}
}
