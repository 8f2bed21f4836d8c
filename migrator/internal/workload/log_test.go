package workload

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

// TestLogsOfARealServer has a server write its log in every form, and reads it.
func TestLogsOfARealServer(t *testing.T) {
	for _, c := range []struct {
		name, destination, file string
		settings                []string
		timed, planned          bool
	}{
		{"text", "stderr", "server.log", []string{"log_min_duration_statement=0"}, true, true},
		{"prefix", "stderr", "server.log", []string{"log_min_duration_statement=0", "log_line_prefix=%t:%r:%u@%d:[%p]:"}, true, true},
		{"csv", "csvlog", "server.csv", []string{"log_min_duration_statement=0"}, true, true},
		{"json", "jsonlog", "server.json", []string{"log_min_duration_statement=0"}, true, true},
		{"statement and duration", "stderr", "server.log", []string{"log_statement=all", "log_duration=on", "log_line_prefix=%m [%p] %q%u@%d "}, true, false},
		{"statement", "csvlog", "server.csv", []string{"log_statement=all"}, false, false},
		{"auto_explain", "stderr", "server.log", []string{"session_preload_libraries=auto_explain", "auto_explain.log_min_duration=0"}, true, false},
		{"auto_explain analyze", "stderr", "server.log", []string{"session_preload_libraries=auto_explain", "auto_explain.log_min_duration=0", "auto_explain.log_analyze=on", "auto_explain.log_verbose=on"}, true, false},
		{"auto_explain json", "jsonlog", "server.json", []string{"session_preload_libraries=auto_explain", "auto_explain.log_min_duration=0", "auto_explain.log_format=json"}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The server may write into its own folder only.
			settings := append([]string{"logging_collector=on", "log_destination=" + c.destination, "log_directory=logs", "log_filename=server.log",
				"log_min_messages=warning", "log_timezone=UTC"}, c.settings...)
			db := server(t, scratch.Local, settings...)
			var data string
			if err := db.QueryRowContext(t.Context(), "SHOW data_directory").Scan(&data); err != nil {
				t.Fatal(err)
			}
			run(t, db, "CREATE TABLE t (a int, b text)", "INSERT INTO t VALUES (1, 'it''s')")
			for i := range 3 {
				run(t, db, fmt.Sprintf("SELECT a\n\tFROM t -- why\n WHERE a = %d AND b <> 'x y'", i))
				rows, err := db.QueryContext(t.Context(), "SELECT b FROM t WHERE a = $1 AND b = $2", i, "it's, '$1'")
				if err != nil {
					t.Fatal(err)
				}
				rows.Close()
			}
			run(t, db, "SELECT "+Tag+" 1")
			time.Sleep(300 * time.Millisecond) // the collector writes behind
			checkLog(t, filepath.Join(data, "logs", c.file), c.timed, c.planned)
		})
	}
}

func checkLog(t *testing.T, path string, timed, planned bool) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var events []Event
	w, err := ReadLog(f, path, LogOptions{Each: func(e Event) error { events = append(events, e); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	find := func(part string) *Statement {
		for _, s := range w.Statements {
			if strings.Contains(s.SQL, part) {
				return s
			}
		}
		t.Fatalf("%q is not in it: %+v", part, w)
		return nil
	}
	plain, prepared := find("SELECT a FROM t"), find("SELECT b FROM t")
	if plain.SQL != "SELECT a FROM t WHERE a = $1 AND b <> $2" || plain.Calls != 3 || prepared.Calls != 3 {
		t.Errorf("%+v %+v", plain, prepared)
	}
	if timed != (plain.Exec > 0 && prepared.Exec > 0 && w.Timed) {
		t.Error("times:", plain.Exec, prepared.Exec, w.Timed)
	}
	if planned && prepared.Plan == 0 {
		t.Error("parse and bind are not counted")
	}
	if w.Left.Own != 1 {
		t.Errorf("%+v", w.Left)
	}
	for _, s := range prepared.Samples {
		if !strings.HasPrefix(s, "SELECT b FROM t WHERE a = '") || !strings.HasSuffix(s, "' AND b = 'it''s, ''$1'''") {
			t.Error(s)
		}
	}
	var keys []string
	for _, e := range events {
		if e.Statement == prepared && len(e.Values) == 2 {
			keys = append(keys, e.Values[0])
		}
		if e.At.IsZero() || time.Since(e.At) > time.Hour || e.Session == "" || e.Session != events[0].Session {
			t.Errorf("%+v", e)
		}
	}
	if len(prepared.Samples) > 0 && !slices.Equal(keys, []string{"0", "1", "2"}) {
		t.Error(keys)
	}
}

func TestALogWithoutStatementsSaysSo(t *testing.T) {
	for _, text := range []string{"", "2026-01-01 10:00:00.000 UTC [77] LOG:  checkpoint starting: time\n", "{\"message\": 1\n{}\n"} {
		if _, err := ReadLog(strings.NewReader(text), "a log", LogOptions{}); !errors.Is(err, ErrNoStatements) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestLogsOfOtherDatabasesAreLeftOut(t *testing.T) {
	log := "2026-01-01 10:00:00.000 UTC [77] ada@shop LOG:  duration: 1.5 ms  statement: SELECT 1\n" +
		"2026-01-01 10:00:00.000 UTC [78] ada@other LOG:  duration: 2.5 ms  statement: SELECT 'x'\n\t, 2\n"
	w, err := ReadLog(strings.NewReader(log), "a log", LogOptions{Database: "other"})
	if err != nil || len(w.Statements) != 1 || w.Statements[0].SQL != "SELECT $1 , $2" || w.Statements[0].Exec != 2500*time.Microsecond {
		t.Errorf("%+v %v", w, err)
	}
}

func TestShapes(t *testing.T) {
	same := [][]string{
		{"SELECT a FROM t WHERE b IN (1, 2, 3)", "select a\nfrom t /* x */ where b in ('q')", "SELECT a FROM t WHERE b IN ($1,$2);"},
		{"SELECT 1 ORDER BY 1", "SELECT 2 ORDER BY 1"},
		{"INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES ($1, E'\\'')"},
	}
	different := []string{"SELECT a FROM t ORDER BY 1", "SELECT a FROM t ORDER BY 2", `SELECT a FROM "T" ORDER BY 1`, "SELECT a FROM t ORDER BY 1 LIMIT 2"}
	for _, group := range same {
		for _, s := range group[1:] {
			if ShapeOf(s).ID != ShapeOf(group[0]).ID {
				t.Errorf("%s and %s differ", group[0], s)
			}
		}
	}
	seen := map[string]string{}
	for _, s := range different {
		if other := seen[ShapeOf(s).ID]; other != "" {
			t.Errorf("%s and %s are the same", other, s)
		}
		seen[ShapeOf(s).ID] = s
	}
	s := ShapeOf("SELECT * FROM t -- hello\nWHERE a = 'it''s'  AND b = $tag$x$tag$ AND c = 1.5 AND d = $2 LIMIT 3")
	if s.SQL != "SELECT * FROM t WHERE a = $1 AND b = $2 AND c = $3 AND d = $4 LIMIT $5" || !slices.Equal(s.Values, []string{"it's", "x", "1.5", "3"}) {
		t.Errorf("%q %q", s.SQL, s.Values)
	}
}

func TestQueriesOfAFile(t *testing.T) {
	w, err := ReadQueries(strings.NewReader("\\timing\nSELECT 1;\nselect 2;\nSELECT a FROM t;\nSELECT 'open"), "queries.sql")
	if err != nil || len(w.Statements) != 2 || w.Timed || w.Left.Unreadable != 1 {
		t.Fatalf("%+v %v", w, err)
	}
	if s := w.Statements[0]; s.Calls != 2 || !slices.Equal(s.Samples, []string{"SELECT 1", "select 2"}) {
		t.Errorf("%+v", s)
	}
}

// Constants beside parameters get numbers of their own, and however a statement was
// sent, its shape and its values are the same.
func TestShapesOfMixedStatements(t *testing.T) {
	for _, c := range []struct {
		sql        string
		parameters []string
		shape      string
		values     []string
	}{
		{"SELECT * FROM t WHERE a = 5 AND b = $1", []string{"7"}, "SELECT * FROM t WHERE a = $1 AND b = $2", []string{"5", "7"}},
		{"SELECT * FROM t WHERE a = $1 AND b = 7", []string{"5"}, "SELECT * FROM t WHERE a = $1 AND b = $2", []string{"5", "7"}},
		{"SELECT * FROM t WHERE a = $2 AND b = $1", []string{"7", "5"}, "SELECT * FROM t WHERE a = $1 AND b = $2", []string{"5", "7"}},
		{"SELECT * FROM t WHERE a = 'x' AND b = $1 AND c = 3 AND d > $1", []string{"7"}, "SELECT * FROM t WHERE a = $1 AND b = $2 AND c = $3 AND d > $2", []string{"x", "7", "3"}},
		{"SELECT * FROM t WHERE a IN (1, $1, 2, $2)", []string{"8", "9"}, "SELECT * FROM t WHERE a IN ($1, $2, $3, $4)", []string{"1", "8", "2", "9"}},
		{"SELECT * FROM t WHERE a = $1 AND b = 7", nil, "SELECT * FROM t WHERE a = $1 AND b = $2", []string{"7"}},
		{"SELECT $99999999999999999999, 1", []string{"8"}, "SELECT $1, $2", []string{"1"}},
	} {
		s := ShapeOf(c.sql)
		if got := s.All(c.parameters); s.SQL != c.shape || !slices.Equal(got, c.values) {
			t.Errorf("%s: %q %q, want %q %q", c.sql, s.SQL, got, c.shape, c.values)
		}
	}
}

func FuzzShapeOf(f *testing.F) {
	for _, s := range []string{"SELECT 1", "SELECT 'a", "$$", "$1$2", `"x`, "a IN (1,,2)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		once := ShapeOf(sql)
		if again := ShapeOf(once.SQL); len(again.Values) > len(once.Values) {
			t.Errorf("%q: %q has constants left", sql, once.SQL)
		}
	})
}

// Of a number of calls nothing is half understood.
func TestCallsOfAQuery(t *testing.T) {
	for _, c := range []struct {
		comment string
		calls   int64
		bad     string
	}{
		{"-- calls: 12", 12, ""},
		{"-- calls: 1,200", 1200, ""},
		{"-- Calls:1_200_000", 1200000, ""},
		{"-- calls: 1'200, from the log of Monday", 1200, ""},
		{"-- calls: 1.200", 0, "1.200"}, // who can tell?
		{"/* name: OrdersOfUser calls: 40 */", 40, ""},
		{"-- calls: 3\n-- calls: 5", 5, ""},
		{"-- it calls: the next one", 1, ""},
		{"-- no number here", 1, ""},
		{"-- calls: 1,20", 0, "1,20"},
		{"-- calls: 1.5", 0, "1.5"},
		{"-- calls: 1e6", 0, "1e6"},
		{"-- calls: 12k", 0, "12k"},
		{"-- calls: -3", 0, "-3"},
		{"-- calls: 0", 0, "0"},
		{"-- calls: many", 0, "many"},
		{"-- calls:", 0, "calls:"},
		{"-- calls: 99999999999999999999", 0, "99999999999999999999"},
		{"-- name: x, calls: 7x", 0, "7x"},
	} {
		w, err := ReadQueries(strings.NewReader("SELECT a FROM t;\n"+c.comment+"\nSELECT 1;"), "queries.sql")
		var wrong *CallsError
		if errors.As(err, &wrong) || c.calls == 0 {
			if c.calls != 0 || wrong == nil || wrong.Text != c.bad || wrong.Line != 2+strings.Count(c.comment, "\n")+1 {
				t.Errorf("%q: %v", c.comment, err)
			}
			continue
		}
		if err != nil || len(w.Statements) != 2 || max(w.Statements[0].Calls, w.Statements[1].Calls) != c.calls {
			t.Errorf("%q: %+v %v", c.comment, w, err)
		}
	}
	if _, err := ReadQueries(strings.NewReader("-- nothing yet\n"), "queries.sql"); !errors.Is(err, ErrNoStatements) {
		t.Error(err)
	}
	const most = "-- calls: 9223372036854775807\nSELECT 1;"
	if w, err := ReadQueries(strings.NewReader(most+most), "queries.sql"); err != nil || w.Statements[0].Calls < 1 {
		t.Error(w, err)
	}
}
