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
	New     []Finding       // the other way round
	Reset   bool            // the statistics were reset in between: "after" begins there
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

// CompareWith says what changed since an earlier analysis. now is what was asked
// since then, findings are those of now; of rules that were not judged now, nothing
// is called mended.
func CompareWith(past *Past, now *workload.Workload, indexes []IndexUse, judged []string, findings []Finding) *Progress {
	p := &Progress{Since: past.At}
	after := map[string]*workload.Statement{}
	if now != nil {
		p.Reset = now.Reset
		for _, s := range now.Statements {
			after[s.ID] = s
		}
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
		i := IndexProgress{Suggested: s, Index: made(s, indexes)}
		i.Before, _ = together(s.Queries, before)
		i.After, i.Runs = together(s.Queries, after)
		p.Indexes = append(p.Indexes, i)
	}
	p.Mended = missing(past.Findings, findings, func(f Finding) bool { return slices.Contains(judged, f.Rule) })
	p.New = missing(findings, past.Findings, func(Finding) bool { return true })
	return p
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
func missing(list, other []Finding, counts func(Finding) bool) []Finding {
	var out []Finding
	for _, f := range list {
		if counts(f) && !slices.ContainsFunc(other, func(o Finding) bool { return o.Rule == f.Rule && o.Object == f.Object && o.Mend == f.Mend }) {
			out = append(out, f)
		}
	}
	return out
}
