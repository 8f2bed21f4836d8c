package analyze

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

var update = flag.Bool("update", false, "write docs/migrator/rules.md")

// The page of the rules is what the rules are.
func TestPage(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "migrator", "rules.md")
	want := Page(Rules(), 17)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the rules say (go test ./internal/analyze -run Page -update)", path)
	}
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Every rule says all that a rule has to say, and its query knows its limits.
func TestRulesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || !kebab.MatchString(r.ID) {
			t.Errorf("rule %q: it is there twice, or its name is no kebab-case", r.ID)
		}
		seen[r.ID] = true
		for what, text := range map[string]string{"Group": r.Group, "Says": r.Says, "Why": r.Why, "Mend": r.Mend} {
			if text == "" {
				t.Errorf("rule %s has no %s", r.ID, what)
			}
		}
		if !strings.HasSuffix(r.Says, ".") || !strings.HasSuffix(r.Why, ".") || r.Judged != "" && !strings.HasSuffix(r.Judged, ".") {
			t.Errorf("rule %s: its sentences want full stops", r.ID)
		}
		for _, major := range []int{13, 18} {
			if left := regexp.MustCompile(`\{[a-z_]+\}`).FindString(r.SQL(major)); left != "" {
				t.Errorf("rule %s: nothing stands for %s", r.ID, left)
			}
		}
	}
}

// A rule that needs old statistics is silent about young ones, and says so.
func TestYoungStatistics(t *testing.T) {
	rules := []Rule{unusedIndex(), duplicateIndex()}
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	row := Row{"name": "public.i", "other": "public.j"}
	seen := &Observation{At: now, Since: now.Add(-2 * time.Hour), Exact: true, Found: map[string][]Row{"unused-index": {row}, "duplicate-index": {row}}}
	j := Judge(rules, seen, nil, 0)
	if len(j.Findings) != 1 || j.Findings[0].Rule != "duplicate-index" || len(j.Unjudged) != 1 || j.Unjudged[0].Rule != "unused-index" {
		t.Errorf("%+v", j)
	}
	if j = Judge(rules, seen, nil, 8*24*time.Hour); len(j.Findings) != 2 || len(j.Unjudged) != 0 {
		t.Errorf("%+v", j)
	}
	seen.Since, seen.Exact = time.Time{}, false
	if j = Judge(rules, seen, nil, 0); len(j.Unjudged) != 1 || !strings.Contains(j.Unjudged[0].Reason, "nothing says since when") {
		t.Errorf("%+v", j)
	}
}

// What a role may not read is said of the rules that wanted it.
func TestRights(t *testing.T) {
	j := Judge([]Rule{tableBloat(), sequenceNearEnd(), notValid()}, &Observation{UnreadableTables: 2, UnreadableSequences: 1}, nil, time.Hour)
	if len(j.Unjudged) != 2 || j.Unjudged[0].Rule != "table-bloat" || j.Unjudged[1].Rule != "sequence-near-end" {
		t.Errorf("%+v", j.Unjudged)
	}
}

// Statements whose planning costs more than their running, and one that nearly does.
func TestPlanningCost(t *testing.T) {
	w := &workload.Workload{Statements: []*workload.Statement{
		{ID: "1", SQL: "SELECT 1", Calls: 200, Plans: 200, Plan: 2 * time.Second, Exec: time.Second},
		{ID: "2", SQL: "SELECT 2", Calls: 200, Plans: 200, Plan: 2 * time.Second, Exec: 3 * time.Second},
		{ID: "3", SQL: "SELECT 3", Calls: 90, Plans: 90, Plan: 2 * time.Second, Exec: time.Second},
		{ID: "4", SQL: "SELECT 4", Calls: 200, Plan: 0, Exec: 0},
	}}
	j := Judge([]Rule{planningCost()}, &Observation{}, w, 0)
	if len(j.Findings) != 1 || j.Findings[0].Object != "query 1" || j.Findings[0].Severity != Low || len(j.Unjudged) != 0 {
		t.Errorf("%+v", j)
	}
	if j = Judge([]Rule{planningCost()}, &Observation{}, nil, 0); len(j.Findings) != 0 || len(j.Unjudged) != 1 {
		t.Errorf("%+v", j)
	}
}

// Estimates that are off tenfold, and nearly so.
func TestMisestimatedRows(t *testing.T) {
	statement := func(calls, rows int64) *workload.Statement {
		return &workload.Statement{SQL: "SELECT 1", Calls: calls, Rows: rows}
	}
	j := &Judgement{}
	j.Estimates([]Rule{misestimatedRows()}, []Estimate{
		{statement(30, 30000), "public.a", []string{"x", "y"}, 10},
		{statement(30, 30000), "public.b", []string{"x"}, 101},
		{statement(30, 300), "public.c", []string{"x"}, 5000},
		{statement(30, 2700), "public.d", nil, 1},
		{statement(10, 30000), "public.e", nil, 1},
		{statement(0, 0), "public.f", nil, 1000},
	})
	if len(j.Findings) != 2 || j.Findings[0].Mend != "CREATE STATISTICS public.a_x_y_stats ON x, y FROM public.a;\nANALYZE public.a;" || j.Findings[1].Object != "public.c" {
		t.Errorf("%+v", j.Findings)
	}
}

// An index is asked for once, by whoever has more to say of it.
func TestMended(t *testing.T) {
	lead := func(object string, columns ...string) Finding {
		return Finding{Rule: "foreign-key-without-index", Object: object, Lead: columns}
	}
	for _, c := range []struct {
		found Finding
		keys  []string
		want  int
	}{
		{lead("public.orders", "user_id"), []string{"user_id"}, 1},
		{lead("public.orders", "user_id"), []string{"user_id", "at"}, 1},
		{lead("public.orders", "a", "b"), []string{"b", "a", "c"}, 1},
		{lead("public.orders", "user_id"), []string{"at", "user_id"}, 0},
		{lead("public.orders", "a", "b"), []string{"a"}, 0},
		{lead("public.orders", "a", "b"), []string{"a", "c", "b"}, 0},
		{lead("sales.orders", "user_id"), []string{"user_id"}, 0},
		{lead("public.orders"), []string{"user_id"}, 0},
	} {
		j := &Judgement{Findings: []Finding{c.found}}
		if got := j.Mended("public.orders", c.keys); len(got) != c.want || len(j.Findings) != 1-c.want {
			t.Errorf("%v by %v: %d, want %d", c.found, c.keys, len(got), c.want)
		}
	}
}
