package nplusone

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/report"
)

// Log gathers a log's executions in their order.
type Log struct {
	// Most is how many executions are kept, 32 bytes each; 0: DefaultMost. Later
	// ones are counted, and no loop is looked for in them.
	Most int

	groups   map[string]*runs
	order    []*runs
	sessions map[string]uint32
	events   int
	first    time.Time
}

// DefaultMost executions take about 100 MB with what is made of them.
const DefaultMost = 2_000_000

// runs are the executions of one statement, with as many values each.
type runs struct {
	statement *workload.Statement
	all       []run
	byStart   []int32 // places in all, by start
	keyed     bool    // its values are known
}

// run is one execution. A log has millions of them: it holds no pointers.
type run struct {
	start, end time.Duration // since the log's first execution
	key        uint64        // a hash of its values
	place      int32         // in the log: what ended first is first
	session    uint32        // 0: unknown
}

// Kept is in how many executions loops are looked for, of how many.
func (l *Log) Kept() (kept, all int) { return min(l.events, l.most()), l.events }

func (l *Log) most() int {
	if l.Most > 0 {
		return l.Most
	}
	return DefaultMost
}

// Add takes the next execution of the log.
func (l *Log) Add(e workload.Event) error {
	if e.At.IsZero() {
		return nil // without times there is no before and after
	}
	// Lists of one value and of many are one statement to the log's reader, and
	// two to us: lookups one by one, and all at once.
	id := e.Statement.ID + "/" + strconv.Itoa(len(e.Values))
	if l.groups == nil {
		l.groups, l.sessions, l.first = map[string]*runs{}, map[string]uint32{"": 0}, e.At
	}
	g := l.groups[id]
	if g == nil {
		g = &runs{statement: &workload.Statement{ID: id, SQL: e.SQL}}
		l.groups[id] = g
		l.order = append(l.order, g)
	}
	g.statement.Calls++
	took := max(e.Duration, 0)
	g.statement.Exec += took
	l.events++
	if l.events > l.most() {
		return nil
	}
	g.keyed = g.keyed || len(e.Values) > 0
	at := e.At.Sub(l.first)
	g.all = append(g.all, run{start: at - took, end: at, key: keyOf(e.Values), place: int32(l.events - 1), session: l.session(e.Session)})
	return nil
}

func keyOf(values []string) uint64 {
	h := fnv.New64a()
	for _, v := range values {
		io.WriteString(h, v)
		io.WriteString(h, "\x00")
	}
	return h.Sum64()
}

// session is a number for a session.
func (l *Log) session(name string) uint32 {
	n, ok := l.sessions[name]
	if !ok {
		n = uint32(len(l.sessions))
		l.sessions[strings.Clone(name)] = n
	}
	return n
}

// The bars of the judgement, see decision 0511.
const (
	minRuns     = 5    // of a parent
	sureLogZ    = 6.0  // standard errors of what comes after a parent, beyond what came before
	likelyLogZ  = 4.0  //
	leastShare  = 0.2  // of the child's runs that the parent explains
	mostShare   = 1.4  // … where it is more, both follow something else
	evenly      = 0.25 // variance of runs between two parents, by what chance would make it
	mostCounted = 400  // runs that are counted after one parent
)

// Risks looks for loops in what was gathered: a parent's end is followed by runs of
// the child with different keys, many more than came in the same time before it.
// Sessions are evidence only: with a pool the loop goes on in others.
func (l *Log) Risks(schema *Schema) []Risk {
	var statements []*workload.Statement
	for _, g := range l.order {
		g.byStart = make([]int32, len(g.all))
		for i := range g.byStart {
			g.byStart[i] = int32(i)
		}
		slices.SortStableFunc(g.byStart, func(a, b int32) int { return cmp.Compare(g.all[a].start, g.all[b].start) })
		statements = append(statements, g.statement)
	}
	var found []Risk
	_, by := schema.pairs(statements)
	for child, pairs := range by {
		var risks []*Risk
		for _, p := range pairs {
			if r := judgeRuns(schema, p, l.groups[child.statement.ID], l.groups[p.parent.statement.ID]); r != nil {
				risks = append(risks, r)
			}
		}
		if b := best(risks); b != nil {
			found = append(found, *b)
		}
	}
	return sorted(found)
}

func judgeRuns(schema *Schema, p pair, child, parent *runs) *Risk {
	if len(parent.all) < minRuns || len(child.all) < minRuns*minFanOut {
		return nil
	}
	r := &Risk{
		Link: p.link, ChildTable: schema.name(p.link.Child), ParentTable: schema.name(p.link.Parent), Child: child.statement, Parent: parent.statement,
		Calls: child.statement.Calls, ParentCalls: parent.statement.Calls, ParentRows: -1, Time: child.statement.Exec, Confidence: -1,
	}
	b := widest(child, parent)
	explained := b.explained
	between := segments(child, parent)
	switch {
	case b.z >= sureLogZ, between.n >= 15 && between.mean >= minFanOut && between.dispersion <= evenly*0.6:
		r.Confidence = Confirmed
	case b.z >= likelyLogZ, between.n >= 2*minRuns && between.mean >= minFanOut && between.dispersion <= evenly:
		r.Confidence = Likely
	default:
		return nil
	}
	r.score = 1 - min(explained, 1)
	r.FanOut = b.loop
	if b.z < likelyLogZ {
		r.FanOut = between.mean
		explained = 1
	} else {
		r.Evidence = append(r.Evidence, fmt.Sprintf("within %s after the end of the parent %s keys were looked up beyond what is usual (%s standard errors)",
			report.Duration(b.horizon), report.Significant(b.mean), report.Significant(b.z)))
	}
	if between.n >= minRuns && between.dispersion <= evenly {
		r.Evidence = append(r.Evidence, fmt.Sprintf("between two runs of the parent there were %s of the child, evenly", report.Significant(between.mean)))
	}
	if s := sameSession(child, parent, b.horizon); s > 0 {
		r.Evidence = append(r.Evidence, report.Percent(s, 1)+" of those runs were in the parent's session")
	}
	if explained < 0.9 {
		r.Time = time.Duration(float64(r.Time) * explained)
		r.Evidence = append(r.Evidence, "about "+report.Percent(explained, 1)+" of the child's runs come from this parent")
	}
	return r
}

// burst is what follows a parent.
type burst struct {
	horizon   time.Duration
	mean      float64 // keys looked up after a parent, beyond what is usual
	loop      float64 // … of a parent that loops, where not all do
	explained float64 // share of the child's runs
	z         float64 // standard errors of mean
}

// widest is the clearest burst of several horizons.
func widest(child, parent *runs) burst {
	var clearest burst
	for _, ms := range []int{5, 10, 20, 50, 100, 200, 500, 1000} {
		b := after(child, parent, time.Duration(ms)*time.Millisecond)
		if b.z > clearest.z && b.loop >= minFanOut && b.explained >= leastShare && b.explained <= mostShare {
			clearest = b
		}
	}
	return clearest
}

// after compares the time after each parent with as much time before it and well
// after it: the load is the same there, and no loop of this parent.
func after(child, parent *runs, horizon time.Duration) burst {
	const early = 2 * time.Millisecond // clocks of logs have milliseconds
	span := horizon + early
	var n, sum, squares, usual, squaresAfter, squaresUsual float64
	for _, p := range parent.all {
		a := child.keys(p.end-early, p.end+horizon, p.place)
		b, bb := 0.0, 0.0
		controls := [...]time.Duration{p.start - 2*span, p.start - span, p.end + 3*span, p.end + 6*span}
		for _, from := range controls {
			c := child.keys(from, from+span, -1)
			b, bb = b+c/float64(len(controls)), bb+c*c/float64(len(controls))
		}
		d := a - b
		n, sum, squares = n+1, sum+d, squares+d*d
		usual, squaresAfter, squaresUsual = usual+b, squaresAfter+a*a, squaresUsual+bb
	}
	mean := sum / n
	variance := (squares - sum*sum/n) / (n - 1)
	b := burst{horizon: horizon, mean: mean, z: mean / math.Sqrt(max(variance, 0.25)/n)}
	if mean > 0 { // the size of a loop, from the squares: E(X²)/E(X)
		b.loop = ((squaresAfter-squaresUsual)/n - 2*mean*usual/n) / mean
		b.explained = mean * n / float64(len(child.all))
	}
	return b
}

// keys counts the different keys of the runs that began in a span, after a place
// in the log. Where values are not known, every run counts.
func (r *runs) keys(from, to time.Duration, place int32) float64 {
	i := sort.Search(len(r.byStart), func(i int) bool { return r.all[r.byStart[i]].start >= from })
	seen := map[uint64]bool{}
	n := 0
	for ; i < len(r.byStart) && n < mostCounted; i++ {
		x := &r.all[r.byStart[i]]
		if x.start >= to {
			break
		}
		if x.place <= place {
			continue
		}
		n++
		seen[x.key] = true
	}
	if !r.keyed {
		return float64(n)
	}
	return float64(len(seen))
}

// spread is how evenly runs are spread.
type spread struct {
	n          int
	mean       float64
	dispersion float64 // variance, by that of runs which come by chance
}

// segments counts the child's keys between each two runs of the parent. By chance
// their number is as often far from its mean as near it (a geometric distribution);
// in loops one after the other it is that of the rows.
func segments(child, parent *runs) spread {
	var counts []float64
	at := 0
	first, last := child.all[0].place, child.all[len(child.all)-1].place
	for i, p := range parent.all {
		// Only while the child runs: the parent's other requests want the list alone.
		if p.place > last || i+1 < len(parent.all) && parent.all[i+1].place < first {
			continue
		}
		seen, n := map[uint64]bool{}, 0
		end := int32(math.MaxInt32)
		if i+1 < len(parent.all) {
			end = parent.all[i+1].place
		}
		for ; at < len(child.all) && child.all[at].place < p.place; at++ {
		}
		for ; at < len(child.all) && child.all[at].place < end; at++ {
			seen[child.all[at].key] = true
			n++
		}
		if child.keyed {
			n = len(seen)
		}
		counts = append(counts, float64(n))
	}
	s := spread{n: len(counts)}
	if s.n == 0 {
		return s
	}
	var sum, squares float64
	for _, c := range counts {
		sum, squares = sum+c, squares+c*c
	}
	n := float64(len(counts))
	s.mean = sum / n
	if s.mean > 0 {
		s.dispersion = (squares/n - s.mean*s.mean) / (s.mean * (1 + s.mean))
	}
	return s
}

// sameSession is the share of the runs after parents that were in the parent's
// session; 0 where the log does not tell.
func sameSession(child, parent *runs, horizon time.Duration) float64 {
	same, all := 0, 0
	for _, p := range parent.all {
		if p.session == 0 {
			return 0
		}
		i := sort.Search(len(child.byStart), func(i int) bool { return child.all[child.byStart[i]].start >= p.end-2*time.Millisecond })
		for n := 0; i < len(child.byStart) && n < mostCounted; i++ {
			x := &child.all[child.byStart[i]]
			if x.start > p.end+horizon {
				break
			}
			n++
			all++
			if x.session == p.session {
				same++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(same) / float64(all)
}
