package analyze

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Past is what an earlier analysis left behind.
type Past struct {
	At        time.Time
	Source    string                // of its workload; "" where it had none
	Queries   []*workload.Statement // of its window
	Counters  *workload.Workload    // as they stood at its end; nil: it had none
	Suggested []SuggestedIndex
	Findings  []Finding
}

// SuggestedIndex is an index that an analysis asked for.
type SuggestedIndex struct {
	Table   string   // schema.table
	Columns []string // its keys, as columns or expressions
	SQL     string
	Queries []string // identifiers of the statements that it is to serve
}

// IndexUse is an index as it is now.
type IndexUse struct {
	Name    string   // schema.index
	Table   string   // schema.table
	Columns []string // its keys
	Valid   bool
	Scans   int64
	Bytes   int64
}

// Progress is what changed since an earlier analysis.
type Progress struct {
	Since   time.Time
	Indexes []IndexProgress
	Queries []QueryProgress // those that took most time before, at first
	Mended  []Finding       // found then, and not now
	Unclear []Unclear       // found then, and not looked for now
	New     []Finding       // found now, and not then
	Reset   bool            // the statistics were reset in between: "after" begins there
}

// Unclear is a finding of the earlier analysis of which this one cannot tell
// whether it is mended.
type Unclear struct {
	Finding
	Reason string
}

// Present is what an analysis finds now, for CompareWith.
type Present struct {
	Work     *workload.Workload // what was asked since the earlier analysis; nil: unknown
	Indexes  []IndexUse
	Rules    []Rule   // all there are
	Judged   []string // those that spoke
	Findings []Finding
	// Within are findings that are told as part of others: a foreign key without an
	// index, where queries want that index.
	Within []Finding
	// CountersReset: the server's counters began at zero since the earlier analysis.
	CountersReset bool
}

// IndexProgress is what became of a suggestion.
type IndexProgress struct {
	Suggested SuggestedIndex
	Index     *IndexUse // nil: it was not made
	// Before and After are the mean times of one run of the queries that it is to
	// serve; Runs is how often they ran since. 0 where they did not run.
	Before, After time.Duration
	Runs          int64
}

// Verdict is what became of a suggestion, in a word.
func (p *IndexProgress) Verdict() string {
	switch {
	case p.Index == nil:
		return "not made"
	case !p.Index.Valid:
		return "INVALID"
	case len(p.Index.Columns) < len(p.Suggested.Columns) && p.Index.Scans > 0:
		return "made in part, and used"
	case p.Index.Scans > 0:
		return "used"
	case p.Runs == 0:
		return "not used, and its queries did not run"
	}
	return "not used"
}

// QueryProgress is what a query costs now.
type QueryProgress struct {
	Statement     *workload.Statement // as it was before
	Before, After time.Duration       // mean time of one run; After is 0 where it did not run since
	Runs          int64               // since
}

// CompareWith says what changed since an earlier analysis. Nothing is called mended
// that was not looked for again: findings of rules that did not speak, and of
// queries that did not run.
func CompareWith(past *Past, now Present) *Progress {
	p := &Progress{Since: past.At}
	after := ranSince(past, now.Work)
	if now.Work != nil {
		p.Reset = now.Work.Reset
	}
	before := map[string]*workload.Statement{}
	for _, s := range past.Queries {
		before[s.ID] = s
		q := QueryProgress{Statement: s, Before: s.Mean()}
		if a := after[s.ID]; a != nil {
			q.After, q.Runs = a.Mean(), a.Calls
		}
		p.Queries = append(p.Queries, q)
	}
	slices.SortStableFunc(p.Queries, func(a, b QueryProgress) int { return cmp.Compare(b.Statement.Exec, a.Statement.Exec) })
	for _, s := range past.Suggested {
		i := IndexProgress{Suggested: s, Index: made(s, now.Indexes)}
		i.Before, _ = together(s.Queries, before)
		i.After, i.Runs = together(s.Queries, after)
		p.Indexes = append(p.Indexes, i)
	}
	for _, f := range missing(missing(past.Findings, now.Findings), now.Within) {
		if reason := now.unclear(f, after); reason != "" {
			p.Unclear = append(p.Unclear, Unclear{f, reason})
		} else {
			p.Mended = append(p.Mended, f)
		}
	}
	p.New = slices.DeleteFunc(missing(now.Findings, past.Findings), past.within)
	return p
}

// within says whether the earlier analysis told a finding as part of an index that it
// asked for.
func (p *Past) within(f Finding) bool {
	return slices.ContainsFunc(p.Suggested, func(s SuggestedIndex) bool { return f.mendedBy(s.Table, s.Columns) })
}

// ranSince are the statements that ran since an earlier analysis, by the
// identifiers that they had in it. Those of another source go by their text.
func ranSince(past *Past, now *workload.Workload) map[string]*workload.Statement {
	after := map[string]*workload.Statement{}
	if now == nil {
		return after
	}
	if now.Source == past.Source {
		for _, s := range now.Statements {
			after[s.ID] = s
		}
		return after
	}
	shapes := map[string]*workload.Statement{}
	for _, s := range now.Statements {
		shapes[workload.ShapeOf(s.SQL).ID] = s
	}
	for _, s := range past.Queries {
		if a := shapes[workload.ShapeOf(s.SQL).ID]; a != nil {
			after[s.ID] = a
		}
	}
	return after
}

// unclear says why a finding that is gone may be there all the same; "" where it
// is gone.
func (n *Present) unclear(f Finding, after map[string]*workload.Statement) string {
	i := slices.IndexFunc(n.Rules, func(r Rule) bool { return r.ID == f.Rule })
	switch {
	case i < 0:
		return "there is no such rule any more"
	case !slices.Contains(n.Judged, f.Rule):
		return "its rule was not judged now"
	case n.Rules[i].Counts && n.CountersReset:
		return "the server's counters were reset in between"
	case !n.Rules[i].FromQueries:
		return ""
	}
	for _, id := range f.Queries {
		if s := after[id]; s != nil && s.Calls > 0 {
			return ""
		}
	}
	return "its queries did not run since"
}

// together is the mean time of one run of several statements.
func together(ids []string, of map[string]*workload.Statement) (time.Duration, int64) {
	var sum workload.Statement
	for _, id := range ids {
		if s := of[id]; s != nil {
			sum.Calls, sum.Exec = sum.Calls+s.Calls, sum.Exec+s.Exec
		}
	}
	return sum.Mean(), sum.Calls
}

// made is the index that does what was suggested: its keys begin with those, or,
// where there is none, are the first of those.
func made(s SuggestedIndex, indexes []IndexUse) *IndexUse {
	var part *IndexUse
	for i := range indexes {
		x := &indexes[i]
		n := min(len(x.Columns), len(s.Columns))
		if x.Table != s.Table || n == 0 || !slices.EqualFunc(x.Columns[:n], s.Columns[:n], sameKey) {
			continue
		}
		if len(x.Columns) >= len(s.Columns) {
			return x
		}
		if part == nil || len(x.Columns) > len(part.Columns) {
			part = x
		}
	}
	return part
}

// sameKey compares keys as two printers write them.
func sameKey(a, b string) bool {
	plain := strings.NewReplacer("(", "", ")", "", `"`, "", " ", "")
	return plain.Replace(a) == plain.Replace(b)
}

// missing are findings of one list that another does not have.
func missing(list, other []Finding) []Finding {
	var out []Finding
	for _, f := range list {
		if !slices.ContainsFunc(other, func(o Finding) bool { return o.Rule == f.Rule && o.Object == f.Object && o.Mend == f.Mend }) {
			out = append(out, f)
		}
	}
	return out
}
