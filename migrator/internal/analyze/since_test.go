package analyze

import (
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// What became of suggestions, queries and findings.
func TestCompareWith(t *testing.T) {
	past := &Past{
		At: time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC),
		Queries: []*workload.Statement{
			{ID: "1", SQL: "SELECT 1", Calls: 10, Exec: time.Second},
			{ID: "2", SQL: "SELECT 2", Calls: 1, Exec: 2 * time.Second},
		},
		Suggested: []SuggestedIndex{
			{Table: "public.t", Columns: []string{"a", "lower(b)"}, Queries: []string{"1"}},
			{Table: "public.t", Columns: []string{"c"}, Queries: []string{"2"}},
			{Table: "public.u", Columns: []string{"a"}},
			{Table: "public.u", Columns: []string{"b"}, Queries: []string{"1"}},
			{Table: "public.w", Columns: []string{"a", "b"}},
		},
		Findings: []Finding{{Rule: "no-primary-key", Object: "public.t"}, {Rule: "unused-index", Object: "public.i"}},
	}
	work := &workload.Workload{Statements: []*workload.Statement{{ID: "1", Calls: 20, Exec: 200 * time.Millisecond}}}
	indexes := []IndexUse{
		{Name: "public.t_a", Table: "public.t", Columns: []string{"a", "lower((b)::text)"}, Valid: true},
		{Name: "public.t_ab", Table: "public.t", Columns: []string{"a", "lower(b)", "c"}, Valid: true, Scans: 7},
		{Name: "public.u_a", Table: "public.u", Columns: []string{"a"}},
		{Name: "public.w_a", Table: "public.w", Columns: []string{"a"}, Valid: true, Scans: 3},
		{Name: "public.u_b", Table: "public.u", Columns: []string{"b"}, Valid: true},
	}
	p := CompareWith(past, Present{Work: work, Indexes: indexes, Rules: Rules(), Judged: []string{"no-primary-key"}, Findings: []Finding{{Rule: "dead-rows", Object: "public.t"}}})
	var verdicts []string
	for _, i := range p.Indexes {
		verdicts = append(verdicts, i.Verdict())
	}
	for i, want := range []string{"used", "not made", "INVALID", "not used", "made in part, and used"} {
		if verdicts[i] != want {
			t.Errorf("suggestion %d: %s, want %s", i, verdicts[i], want)
		}
	}
	if i := p.Indexes[0]; i.Before != 100*time.Millisecond || i.After != 10*time.Millisecond || i.Runs != 20 {
		t.Errorf("%+v", i)
	}
	if q := p.Queries; q[0].Statement.ID != "2" || q[0].Runs != 0 || q[1].After != 10*time.Millisecond {
		t.Errorf("%+v", q)
	}
	if len(p.Mended) != 1 || p.Mended[0].Rule != "no-primary-key" || len(p.New) != 1 || p.New[0].Rule != "dead-rows" {
		t.Errorf("mended %v, new %v", p.Mended, p.New)
	}
}

// What was not looked for again is not called mended.
func TestWhatIsMended(t *testing.T) {
	past := &Past{
		At: time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC), Source: workload.Statistics,
		Queries: []*workload.Statement{{ID: "ran", SQL: "SELECT * FROM t WHERE a = $1"}, {ID: "gone", SQL: "SELECT * FROM u WHERE a = $1"}},
		Findings: []Finding{
			{Rule: MissingIndex, Object: "public.t", Queries: []string{"ran", "gone"}},
			{Rule: MissingIndex, Object: "public.u", Queries: []string{"gone"}},
			{Rule: NPlusOne, Object: "public.u", Queries: []string{"gone"}},
			{Rule: NPlusOne, Object: "public.t", Queries: []string{"ran"}},
			{Rule: MisestimatedRows, Object: "public.u"}, // of a file that named no queries yet
			{Rule: "deadlocks", Object: "shop"},
			{Rule: "no-primary-key", Object: "public.t"},
			{Rule: "unused-index", Object: "public.i"},
			{Rule: "of-another-version", Object: "public.i"},
		},
	}
	judged := []string{MissingIndex, NPlusOne, MisestimatedRows, "deadlocks", "no-primary-key"}
	statistics := &workload.Workload{Source: workload.Statistics, Statements: []*workload.Statement{{ID: "ran", Calls: 2}}}
	log := &workload.Workload{Source: "the log x", Statements: []*workload.Statement{{ID: "other", SQL: "select * from t where a = 7", Calls: 1}}}
	for _, c := range []struct {
		name   string
		now    Present
		mended string
	}{
		{"statistics", Present{Work: statistics}, "missing-index public.t, n-plus-one public.t, deadlocks shop, no-primary-key public.t"},
		{"a log", Present{Work: log}, "missing-index public.t, n-plus-one public.t, deadlocks shop, no-primary-key public.t"},
		{"no queries", Present{}, "deadlocks shop, no-primary-key public.t"},
		{"a reset", Present{Work: statistics, CountersReset: true}, "missing-index public.t, n-plus-one public.t, no-primary-key public.t"},
	} {
		c.now.Rules, c.now.Judged = Rules(), judged
		p := CompareWith(past, c.now)
		var mended []string
		for _, f := range p.Mended {
			mended = append(mended, f.Rule+" "+f.Object)
		}
		if got := strings.Join(mended, ", "); got != c.mended || len(p.Mended)+len(p.Unclear) != len(past.Findings) {
			t.Errorf("%s: mended %s, want %s; unclear: %+v", c.name, got, c.mended, p.Unclear)
		}
	}
}

// A foreign key without an index is told as part of the index that its queries want.
// It is neither mended nor new when the one is there without the other.
func TestWhatIsToldWithinAnother(t *testing.T) {
	key := Finding{Rule: "foreign-key-without-index", Object: `public."Orders"`, Lead: []string{"user_id"}, Mend: "CREATE INDEX"}
	stored := key
	stored.Lead = nil // the file does not have it
	other := Finding{Rule: "foreign-key-without-index", Object: "public.lines", Lead: []string{"user_id"}}
	asked := []SuggestedIndex{{Table: "public.Orders", Columns: []string{"user_id", "placed_at DESC"}}}
	judged := []string{key.Rule}
	for _, c := range []struct {
		name        string
		past        Past
		now         Present
		mended, new int
	}{
		{"then within an index", Past{Suggested: asked}, Present{Findings: []Finding{key}}, 0, 0},
		{"now within an index", Past{Findings: []Finding{stored}}, Present{Within: []Finding{key}}, 0, 0},
		{"of another table", Past{Suggested: asked}, Present{Findings: []Finding{other}}, 0, 1},
		{"mended", Past{Findings: []Finding{stored}}, Present{Within: []Finding{other}}, 1, 0},
		{"of other columns", Past{Suggested: []SuggestedIndex{{Table: "public.Orders", Columns: []string{"placed_at", "user_id"}}}}, Present{Findings: []Finding{key}}, 0, 1},
	} {
		c.now.Rules, c.now.Judged = Rules(), judged
		if p := CompareWith(&c.past, c.now); len(p.Mended) != c.mended || len(p.New) != c.new || len(p.Unclear) > 0 {
			t.Errorf("%s: mended %v, new %v, unclear %v", c.name, p.Mended, p.New, p.Unclear)
		}
	}
}
