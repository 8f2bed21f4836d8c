package observe

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

var update = flag.Bool("update", false, "write what the rules find into testdata/rules")

// server is one server for the package. It archives, takes prepared transactions
// and keeps WAL, as some rules judge that.
func server(t *testing.T, mode string) scratch.Server {
	t.Helper()
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: mode, Listen: true, Trusted: true, Settings: []string{
		"wal_level=replica", "max_wal_senders=2", "archive_mode=on", "max_prepared_transactions=4", "shared_buffers=64MB",
		"shared_preload_libraries=pg_stat_statements", "autovacuum=on", "autovacuum_naptime=1h",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Each rule finds what its file's trigger.sql makes, as the file says, and
// nothing in near.sql, which nearly does the same.
func TestRules(t *testing.T) {
	s := server(t, scratch.Local)
	for _, rule := range analyze.Rules() {
		if rule.Query == "" {
			continue
		}
		t.Run(rule.ID, func(t *testing.T) {
			path := filepath.Join("testdata", "rules", rule.ID+".txtar")
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := findings(t, s, rule, archive, "trigger.sql", "session")
			for _, f := range archive.Files {
				if f.Name == "want" && *update {
					replace(archive, "want", got)
					if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
						t.Fatal(err)
					}
				} else if f.Name == "want" && string(f.Data) != got {
					t.Errorf("%s: trigger.sql gives\n%s\nwant\n%s", path, got, f.Data)
				}
			}
			if got == "" {
				t.Error("trigger.sql triggers nothing")
			}
			if near := findings(t, s, rule, archive, "near.sql", "near"); near != "" {
				t.Errorf("%s: near.sql gives\n%s", path, near)
			}
		})
	}
}

func replace(a *txtar.Archive, name, data string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(data)
		}
	}
}

// findings makes a database as a file of the archive says and judges it by a
// rule, while the sessions of the archive are open.
func findings(t *testing.T, s scratch.Server, rule analyze.Rule, a *txtar.Archive, name, sessions string) string {
	t.Helper()
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var script string
	var wait sync.WaitGroup
	var conns []interface{ Close() error }
	for _, f := range a.Files {
		if f.Name == name {
			script = string(f.Data)
			for part := range strings.SplitSeq(script, "-- later\n") {
				conn, err := pgdb.Open(t.Context(), db.Target)
				if err != nil {
					t.Fatal(err)
				}
				execute(t, conn, part)
				conn.Close()
				settle(t, db)
			}
		}
	}
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, sessions) && f.Name != name {
			conn, err := pgdb.Open(t.Context(), db.Target)
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, conn)
			wait.Go(func() {
				execute(t, conn, string(f.Data))
				if strings.HasSuffix(strings.TrimSpace(string(f.Data)), "COMMIT;") {
					conn.Close()
				}
			})
		}
	}
	if len(conns) > 0 {
		time.Sleep(1200 * time.Millisecond) // a session that waits for a lock is part of the case
	}
	age := time.Duration(0)
	for line := range strings.Lines(script) {
		words := strings.Fields(line)
		switch {
		case len(words) == 3 && words[1] == "age":
			age = parseAge(t, words[2])
		case len(words) > 2 && words[1] == "limit":
			for _, l := range words[2:] {
				name, value, _ := strings.Cut(strings.TrimPrefix(l, rule.ID+"."), "=")
				number, _ := strconv.ParseFloat(value, 64)
				changed, ok := rule.With(name, number)
				if !ok {
					t.Fatal("no limit", l)
				}
				rule = changed
			}
		}
	}
	seen, err := Read(t.Context(), fresh(t, db), []analyze.Rule{rule}, Options{Age: age})
	if err != nil {
		t.Fatal(err)
	}
	if _, row, ok := strings.Cut(script, "-- row "); ok {
		row, _, _ = strings.Cut(row, "\n")
		r, err := analyze.ParseRow([]byte(row))
		if err != nil {
			t.Fatal(err)
		}
		seen.Found[rule.ID] = append(seen.Found[rule.ID], r)
	}
	j := analyze.Judge([]analyze.Rule{rule}, seen, nil, age)
	for _, u := range j.Unjudged {
		t.Errorf("%s: %s was not judged: %s", name, u.Rule, u.Reason)
	}
	for _, c := range conns {
		cancelAll(t, db)
		c.Close()
	}
	wait.Wait()
	var b strings.Builder
	for _, f := range j.Findings {
		if rule.ID == "database-wraparound" && f.Object != db.Target.Database() {
			continue // the server is that of other cases too
		}
		fmt.Fprintf(&b, "%s %s: %s\n", f.Severity, f.Object, f.Title)
		for _, e := range f.Evidence {
			fmt.Fprintf(&b, "    %s\n", e)
		}
		if f.Advice != "" {
			fmt.Fprintf(&b, "  > %s\n", f.Advice)
		}
		for line := range strings.SplitSeq(f.Mend, "\n") {
			fmt.Fprintf(&b, "  $ %s\n", line)
		}
	}
	return steady(b.String())
}

// fresh is another connection to a database: the statistics of the first are sent.
func fresh(t *testing.T, db *pgdb.DB) *pgdb.DB {
	t.Helper()
	other, err := pgdb.Open(t.Context(), db.Target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	return other
}

// settle waits for the sessions of a database to end: they send their counts then.
func settle(t *testing.T, db *pgdb.DB) {
	t.Helper()
	for range 200 {
		var others int
		if err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(&others); err != nil {
			t.Fatal(err)
		}
		if others == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if db.Major() < 15 {
		time.Sleep(time.Second) // another process gathers them
	}
}

func cancelAll(t *testing.T, db *pgdb.DB) {
	t.Helper()
	if _, err := db.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
		t.Error(err)
	}
}

func parseAge(t *testing.T, text string) time.Duration {
	t.Helper()
	if n, ok := strings.CutSuffix(text, "d"); ok {
		days, err := strconv.Atoi(n)
		if err != nil {
			t.Fatal(err)
		}
		return time.Duration(days) * 24 * time.Hour
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// execute runs statements one by one in one session; "-- later" between them
// begins another one, when the server has the counts of the first. A line that says "-- fails"
// behind a statement means it; ended sessions are part of some cases.
func execute(t *testing.T, db *pgdb.DB, script string) {
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	for _, statement := range sqltext.Split(script) {
		_, err := conn.ExecContext(context.Background(), statement.SQL)
		_, rest, _ := strings.Cut(script, statement.SQL)
		line, _, _ := strings.Cut(rest, "\n")
		ended := slices.Contains([]string{"57P01", "40P01", "25P02", "08006"}, pgdb.Code(err)) || pgdb.Gone(err)
		if err != nil && !strings.Contains(line, "-- fails") && !ended {
			t.Errorf("%s: %v", statement.SQL, err)
			return
		}
	}
}

// steady replaces what differs from run to run.
func steady(text string) string {
	for _, r := range []struct{ pattern, with string }{
		{`(session |backend\()\d+`, "${1}N"},
		{`20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?`, "TIME"},
		{`oldest (transaction|multixact): [\d,]+`, "oldest $1: N"},
		{`(hits|reads|requested|timed|idle|WAL kept for it|read): [\d,.]+`, "$1: N"},
		{`\d+(\.\d+)?% of the (blocks|checkpoints|transactions)`, "N% of the $2"},
		{`(rollbacks|commits|wrote|files): [\d,]+`, "$1: N"},
		{`\d+ of \d+ connections`, "N of N connections"},
		{`\d+ seconds`, "N seconds"},
		{`\bscratch_\d+`, "DATABASE"},
		{`[0-9A-F]{24}`, "WAL"},
		{`\d+ failures?`, "N failures"},
		{`(now|has|is): \d[\d.]*`, "$1: N"},
		{`9\d\.\d% of index`, "95.0% of index"},
		{`N[\d.]* [MKG]iB`, "N MiB"},
	} {
		text = regexp.MustCompile(r.pattern).ReplaceAllString(text, r.with)
	}
	return text
}
