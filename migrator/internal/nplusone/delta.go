package nplusone

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/report"
)

// FromWindows looks for loops in what a database was asked, window after window.
// One window is all that pg_stat_statements has by itself; the more there are, the
// better can a loop be told from requests that only come as often.
func FromWindows(schema *Schema, windows []*workload.Workload) []Risk {
	total := add(windows)
	var found []Risk
	all, by := schema.pairs(total.statements)
	for child, pairs := range by {
		var risks []*Risk
		for _, p := range pairs {
			if r := total.judge(schema, p, total.others(all, p)); r != nil {
				risks = append(risks, r)
			}
		}
		if b := best(risks); b != nil {
			b.Child = child.statement
			found = append(found, *b)
		}
	}
	return sorted(found)
}

// counts is a workload in windows.
type counts struct {
	statements []*workload.Statement // of all windows together
	calls      map[string][]float64  // by the statement's ID, window by window
	rows       map[string][]float64
}

func add(windows []*workload.Workload) *counts {
	c := &counts{statements: workload.Sum(windows).Statements, calls: map[string][]float64{}, rows: map[string][]float64{}}
	for _, s := range c.statements {
		c.calls[s.ID], c.rows[s.ID] = make([]float64, len(windows)), make([]float64, len(windows))
	}
	for i, w := range windows {
		for _, s := range w.Statements {
			c.calls[s.ID][i] += float64(s.Calls)
			c.rows[s.ID][i] += float64(s.Rows)
		}
	}
	return c
}

// The bars of the judgement: see decision 0511.
const (
	minParents     = 5     // calls of the parent: fewer show nothing
	wholeTolerance = 0.03  // how far from a whole number calls/rows may be
	exactTolerance = 0.005 // … where there is one window only
	closeWalk      = 0.35  // requests by chance come that close in 1 of 3,000 cases
	nearWalk       = 0.6   // … in 1 of 7
	mostParents    = 6     // calls of the parent in windows that are joined
	minActive      = 8     // windows with traffic, to judge how one follows the other
	batches        = 2.5   // variance of the child's calls by their mean: 1 where each comes by chance
	sureZ          = 5.0   // standard errors of the correlation
	batchZ         = 3.5   // … of a child that comes in batches
	maybeZ         = 3.0
)

// judge says whether a child's calls follow a parent's rows; nil is no.
func (c *counts) judge(schema *Schema, p pair, others []float64) *Risk {
	child, parent := p.child.statement, p.parent.statement
	if parent.Calls < minParents || child.Calls < minParents*minFanOut || parent.Rows < minFanOut*parent.Calls {
		return nil
	}
	r := &Risk{
		Link: p.link, ChildTable: schema.name(p.link.Child), ParentTable: schema.name(p.link.Parent), Child: child, Parent: parent,
		Calls: child.Calls, ParentCalls: parent.Calls, ParentRows: parent.Rows, Time: child.Exec, Confidence: -1,
	}
	f := c.follow(child.ID, parent.ID, others)
	inner := c.while(child.ID, parent.ID)
	if steady(c.calls[child.ID]) && !steady(c.rows[parent.ID]) {
		return nil // a health check, not what others ask for
	}
	r.FanOut = float64(child.Calls) / float64(parent.Calls)
	r.score = f.walk
	whole := math.Round(f.ratio)
	off := math.Abs(f.ratio-whole) / max(whole, 1)
	isWhole := whole >= 1 && whole <= 4
	switch {
	case inner.alone():
		r.Confidence = Likely
		f = inner
	case f.active < minActive:
		r.oneWindow(f, isWhole, off)
	case r.FanOut >= minFanOut && (f.walk <= closeWalk && f.ratio <= 4.5 || f.walk <= nearWalk && isWhole && off <= wholeTolerance && f.batch >= batches):
		r.Confidence = Likely
	case f.z >= maybeZ:
		r.mixture(f)
	}
	if r.Confidence < 0 {
		return nil
	}
	r.Evidence = append(r.Evidence, fmt.Sprintf("%s rows of the parent in %s, %s of the child: %s for each row, %s for each call",
		report.Count(parent.Rows), report.Plural(parent.Calls, "call", "calls"), report.Plural(child.Calls, "call", "calls"),
		report.Significant(f.ratio), report.Significant(r.FanOut)))
	if f.active >= minActive {
		r.Evidence = append(r.Evidence, fmt.Sprintf("over %d windows the child kept in step with the parent's rows: off by %s of what requests of their own would be, correlation %s",
			f.active, report.Significant(f.walk), report.Significant(f.correlation)))
	}
	return r
}

// while compares a child and a parent in the windows in which the child ran, without
// the first and the last of them: before and after, others want the same list.
func (c *counts) while(child, parent string) follow {
	calls := c.calls[child]
	first, last := -1, -1
	for i, n := range calls {
		if n > 0 {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	if last-first < 4 {
		return follow{}
	}
	return c.within(child, parent, nil, first+1, last)
}

// steady says whether calls come as a clock has them, and not as requests do: their
// number varies much less from window to window than it would by chance.
func steady(series []float64) bool {
	const least, asClock = 20, 0.4 // windows; of the variance by chance
	first := slices.IndexFunc(series, func(n float64) bool { return n > 0 })
	for size := 1; first >= 0 && (len(series)-first)/size >= least; size *= 2 {
		list := joined(series[first:], size)
		list = list[:len(list)-1] // the last may be cut
		var sum, squares float64
		for _, n := range list {
			sum, squares = sum+n, squares+n*n
		}
		mean := sum / float64(len(list))
		if variance := squares/float64(len(list)) - mean*mean; sum > 0 && variance < asClock*mean {
			return true
		}
	}
	return false
}

// alone says whether a child runs for each row of a parent and for nothing else,
// while it runs.
func (f *follow) alone() bool {
	whole := math.Round(f.ratio)
	return f.active >= 3 && f.parents >= minParents && f.ratio*f.perParent >= 3 && whole >= 1 && whole <= 4 &&
		math.Abs(f.ratio-whole) <= 0.05*whole && f.walk <= closeWalk
}

// oneWindow judges by sums alone.
func (r *Risk) oneWindow(f follow, whole bool, off float64) {
	switch {
	case r.FanOut < minFanOut || !whole:
	case off <= exactTolerance && r.FanOut >= 3 && r.ParentCalls >= 2*minParents:
		r.Confidence = Likely
	case off <= wholeTolerance:
		r.Confidence = Possible
	}
}

// leastExplained is the least share of a child's calls that a parent explains.
const leastExplained = 0.2

// mixture judges a child that others call as well, or a parent that not always
// loops: the child's calls rise and fall with the parent's rows, and come in
// batches, which single requests do not.
func (r *Risk) mixture(f follow) {
	explained := f.slope * float64(r.ParentRows) / float64(r.Calls)
	if explained < leastExplained {
		return
	}
	r.score = 2 - f.correlation
	switch {
	case f.z >= batchZ && f.batch >= batches, f.z >= sureZ && explained >= 0.7 && explained <= 1.3 && r.FanOut >= minFanOut:
		r.Confidence = Likely
	default:
		r.Confidence = Possible
	}
	if f.batch >= batches {
		r.Evidence = append(r.Evidence, "the child's calls come in batches of about "+report.Significant(f.batch))
	}
	if explained < 0.9 {
		r.Evidence = append(r.Evidence, fmt.Sprintf("about %s of the child's calls come from this parent", report.Percent(explained, 1)))
		r.Time = time.Duration(float64(r.Time) * explained)
	}
}

// follow is how two series keep in step.
type follow struct {
	active      int     // windows in which either moved
	ratio       float64 // calls for each row
	walk        float64 // the farthest that they were apart, by what chance would be
	correlation float64 // of their changes from window to window
	slope       float64 // calls that come with one row more
	batch       float64 // how many calls come at once
	parents     float64 // calls of the parent
	perParent   float64 // rows of one
	z           float64 // standard errors of the correlation
}

// follow compares a child's calls with a parent's rows. Where both come from
// requests of their own, their running difference is a random walk, whose size the
// counts themselves tell; where one runs for each row of the other, it stays
// within the few requests that are under way.
func (c *counts) follow(child, parent string, others []float64) follow {
	return c.within(child, parent, others, 0, len(c.calls[child]))
}

// within is follow in some of the windows.
func (c *counts) within(child, parent string, others []float64, from, to int) follow {
	calls, rows, parents := c.calls[child][from:to], c.rows[parent][from:to], c.calls[parent][from:to]
	var sumCalls, sumRows, sumParents float64
	for i := range calls {
		sumCalls, sumRows, sumParents = sumCalls+calls[i], sumRows+rows[i], sumParents+parents[i]
	}
	if sumCalls == 0 || sumRows == 0 || sumParents == 0 {
		return follow{}
	}
	f := follow{ratio: sumCalls / sumRows, parents: sumParents, perParent: sumRows / sumParents}
	variance := sumCalls
	if !steady(rows) { // a job's come as a clock has them
		variance += f.ratio * f.ratio * f.perParent * sumRows
	}
	apart, farthest := 0.0, 0.0
	for i := range calls {
		if calls[i] > 0 || rows[i] > 0 {
			f.active++
		}
		apart += calls[i] - f.ratio*rows[i]
		farthest = max(farthest, math.Abs(apart))
	}
	f.walk = farthest / math.Sqrt(variance)
	for _, size := range []int{1, 2, 4, 8} { // a request may go over the ends of windows
		if size > 1 && float64(size)*sumParents > mostParents*float64(len(calls)) {
			break // chance and load cannot be told apart in so long a time
		}
		c := joined(calls, size)
		unusual, other := detrended(c), detrended(joined(others, size))
		f.regress(without(unusual, other), without(detrended(joined(rows, size)), other))
		f.batch = max(f.batch, dispersion(c, unusual))
	}
	return f
}

// mostOthers is how many calls of others tell how busy the traffic was.
const mostOthers = 30

// others are the calls of lists that have nothing to do with a pair, window by
// window: how busy all traffic was. After a halt of the application everything
// comes at once, loops and single requests alike. nil: there are too few.
func (c *counts) others(all []*shape, p pair) []float64 {
	var out []float64
	sum := 0.0
	for _, sh := range all {
		if len(sh.lookups) > 0 || sh == p.parent || slices.Contains(sh.returns, p.link.Child) || slices.Contains(sh.returns, p.link.Parent) {
			continue
		}
		if out == nil {
			out = make([]float64, len(c.calls[sh.statement.ID]))
		}
		for i, n := range c.calls[sh.statement.ID] {
			out[i] += n
			sum += n
		}
	}
	if sum < mostOthers {
		return nil
	}
	return out
}

// without takes out of a series what it has in common with another.
func without(series, other []float64) []float64 {
	var xx, xy float64
	for i := range other {
		xx, xy = xx+other[i]*other[i], xy+other[i]*series[i]
	}
	if xx == 0 {
		return series
	}
	out := make([]float64, len(series))
	for i := range series {
		out[i] = series[i] - xy/xx*other[i]
	}
	return out
}

// joined adds up windows that follow each other.
func joined(series []float64, size int) []float64 {
	if size == 1 {
		return series
	}
	var out []float64
	for i := 0; i < len(series); i += size {
		sum := 0.0
		for _, v := range series[i:min(i+size, len(series))] {
			sum += v
		}
		out = append(out, sum)
	}
	return out
}

// neighbours is how many windows on each side say what was usual at the time.
const neighbours = 5

// detrended is a series without what all traffic has in common: more users by day,
// a load that is on and off.
func detrended(series []float64) []float64 {
	out := make([]float64, len(series))
	for i := range series {
		sum, n := 0.0, 0.0
		for k := max(0, i-neighbours); k <= min(len(series)-1, i+neighbours); k++ {
			sum, n = sum+series[k], n+1
		}
		out[i] = series[i] - sum/n
	}
	return out
}

// dispersion is the variance of a series by its mean: the size of the batches that
// come by chance.
func dispersion(series, unusual []float64) float64 {
	var n, sum, squares float64
	for i := range series {
		if unusual[i] != 0 {
			n, sum, squares = n+1, sum+series[i], squares+unusual[i]*unusual[i]
		}
	}
	if n < minActive || sum == 0 {
		return 0
	}
	const kept = 1 - 1/(2*neighbours+1.0) // of the variance, without the trend
	return squares / sum / kept
}

// regress compares what is unusual of both; of several tries the clearest counts.
func (f *follow) regress(calls, rows []float64) {
	var n, sxx, syy, sxy float64
	for i := range calls {
		if calls[i] != 0 || rows[i] != 0 { // nothing was there, nor nearby
			n, sxx, syy, sxy = n+1, sxx+rows[i]*rows[i], syy+calls[i]*calls[i], sxy+rows[i]*calls[i]
		}
	}
	if n < minActive || sxx == 0 || syy == 0 {
		return
	}
	correlation := sxy / math.Sqrt(sxx*syy)
	z := math.Atanh(max(min(correlation, 0.9999), -0.9999)) * math.Sqrt(n-3)
	if z > f.z {
		f.z, f.correlation = z, correlation
	}
	if z >= maybeZ { // of the longest windows that still tell: short ones cut loops in two
		f.slope = sxy / sxx
	}
}
