package whatif

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// The planner's prices, as PostgreSQL ships them; a page that an index leads to
// is taken to be in memory half of the time.
const (
	pagePrice  = 2.0
	tuplePrice = 0.01
	entryPrice = 0.005
	stepPrice  = 0.0025 * 50 // per level of a tree, and one comparison each
	brinRange  = 128         // pages that BRIN knows as one
	listPrice  = 12.0        // the list of one key of GIN: the way to it, and its pages
)

// estimate is the cost of one query with some indexes.
type estimate struct {
	q    *advise.Query
	top  *node
	cost float64
	used []*advise.Index
}

// place is a scan in a plan: how often it runs, and what a parent above it sorts
// or cuts off.
type place struct {
	*node
	loops float64
	sort  *node // that only this scan feeds
	limit float64
	join  *node // the hash or merge join that reads all of it
	other *node // that join's other side
}

// with takes, for each scan of the plan, the index that saves most.
func (e *estimate) with(indexes []*advise.Index) {
	for _, p := range places(e.top) {
		var best *advise.Index
		most := 0.0
		for _, m := range e.q.Mentions {
			if !scans(p, m) {
				continue
			}
			for _, i := range indexes {
				if i.Table != m.Table || !m.Implies(i) {
					continue
				}
				if saved := saving(p, m, i); saved > most {
					best, most = i, saved
				}
			}
		}
		if best != nil && most > 0 {
			e.cost = math.Max(e.cost-most, e.top.Total*0.0001)
			if !slices.Contains(e.used, best) {
				e.used = append(e.used, best)
			}
		}
	}
}

// text is the plan as things are, and what the model says of it.
func (e *estimate) text(plan string) string {
	if len(e.used) == 0 {
		return plan
	}
	return fmt.Sprintf("%s\nby the model, with the index instead of a scan: cost %.2f", plan, e.cost)
}

// scans says whether a scan is of a mention's table, or of a partition of it,
// which the planner gives an alias of its own.
func scans(p place, m advise.Mention) bool {
	if p.Relation == m.Table.Name {
		return p.Alias == m.Alias
	}
	return slices.ContainsFunc(m.Table.Partitions, func(t *advise.Table) bool { return t.Name == p.Relation })
}

// places finds the scans of a plan.
func places(top *node) []place {
	var all []place
	var down func(n *node, p place)
	down = func(n *node, p place) {
		if n.Relation != "" && n.Alias != "" && n.Type != "ModifyTable" {
			p.node = n
			all = append(all, p)
		}
		for i, c := range n.Plans {
			inner := p
			switch n.Type {
			case "Limit":
				inner.limit = n.Rows
			case "Sort", "Incremental Sort":
				inner.sort = n
			case "Nested Loop":
				inner.sort, inner.limit = nil, 0
				if i == 1 && n.Plans[0] != nil {
					inner.loops *= math.Max(n.Plans[0].Rows, 1)
				}
			case "Materialize", "Memoize", "Hash":
				inner.loops = 1
			case "Hash Join", "Merge Join":
				inner.sort, inner.limit = nil, 0
				inner.join, inner.other = n, n.Plans[1-min(i, 1)]
			case "Gather", "Gather Merge":
			default:
				inner.limit = 0
			}
			down(c, inner)
		}
	}
	down(top, place{loops: 1})
	return all
}

// saving is what an index saves of a scan's cost.
func saving(p place, m advise.Mention, i *advise.Index) float64 {
	now := p.Total
	rows := math.Max(m.Table.Rows, p.Rows)
	if p.Relation != m.Table.Name {
		rows /= float64(max(len(m.Table.Partitions), 1))
	}
	share, matched := selectivity(m, i, false, p.Rows/rows)
	ordered := sorts(m, i, matched)
	best := 0.0
	if matched > 0 || ordered {
		then := lookUp(m, i, rows*share)
		saved := (now - then) * p.loops
		if ordered && p.sort != nil {
			saved += p.sort.Total - childTotal(p.sort)
			if p.limit > 0 && p.sort.Rows > p.limit {
				saved = p.sort.Total - then*p.limit/math.Max(p.sort.Rows, 1)
			}
		}
		if i.Partial() && matched == 0 {
			saved = (now - lookUp(m, i, rows*partOf(i))) * p.loops
		}
		best = saved
	}
	if p.join != nil && p.other != nil {
		// A loop that looks the rows up by the join's columns.
		if share, matched := selectivity(m, i, true, 0); matched > 0 && joined(m, i) {
			then := math.Max(p.other.Rows, 1) * lookUp(m, i, rows*share)
			if saved := p.join.Total - p.other.Total - then; saved > best {
				best = saved
			}
		}
	}
	return best
}

func childTotal(n *node) float64 {
	if len(n.Plans) == 0 {
		return 0
	}
	return n.Plans[0].Total
}

// lookUp is the cost of one search in an index that finds some rows.
func lookUp(m advise.Mention, i *advise.Index, rows float64) float64 {
	levels := math.Max(1, math.Ceil(math.Log(math.Max(m.Table.Rows, 2))/math.Log(300)))
	cost := levels*stepPrice + pagePrice + rows*(entryPrice+tuplePrice)
	pages := math.Min(rows, math.Max(m.Table.Pages, 1))
	if c := m.Table.Column(i.Keys[0].Column); c != nil {
		far := 1 - c.Correlation*c.Correlation
		pages = far*pages + (1-far)*math.Max(1, m.Table.Pages*rows/math.Max(m.Table.Rows, 1))
	}
	switch {
	case i.Method == "gin": // lists of rows for several keys, and each row is looked at again
		cost += rows*(4*entryPrice+tuplePrice) + searched(m, i)*listPrice
	case i.Method == "brin": // ranges of pages, read from end to end
		pages = math.Min(math.Max(m.Table.Pages, 1), pages+brinRange)
		return cost + pages*(pagePrice/2+tuplePrice*math.Max(m.Table.Rows, 0)/math.Max(m.Table.Pages, 1))
	case covered(m, i):
		pages *= 0.05
	}
	return cost + pages*pagePrice
}

// searched is how many keys of GIN a search looks up: as many trigrams as a pattern
// has characters.
func searched(m advise.Mention, i *advise.Index) float64 {
	const unknown = 6
	if i.Keys[0].Class != trigrams {
		return 1
	}
	for n := range m.Predicates {
		p := &m.Predicates[n]
		if value, ok := p.Value.(*pgsql.AConst); ok && p.Class == pgsql.Match && p.Column == i.Keys[0].Column {
			text, _ := value.Text()
			return math.Max(1, float64(len(strings.Trim(text, "%"))-2))
		}
	}
	return unknown
}

func covered(m advise.Mention, i *advise.Index) bool {
	if m.Whole {
		return false
	}
	for _, c := range m.Columns {
		if !slices.Contains(i.Columns(), c) {
			return false
		}
	}
	return len(m.Columns) > 0
}

// selectivity is the share of the rows that the leading keys leave, and how many
// keys were used. With join the columns of joins count as equalities. scan is the
// share that the planner expects all conditions of the scan to leave.
func selectivity(m advise.Mention, i *advise.Index, join bool, scan float64) (share float64, matched int) {
	share = 1
	if i.Partial() {
		share = partOf(i)
	}
	for _, k := range i.Keys {
		part, class, ok := predicate(m, k, join, i.Method)
		if !ok {
			break
		}
		share *= part
		matched++
		if class == pgsql.Range {
			break
		}
	}
	if i.Method == "gin" && len(m.Predicates) == 1 && scan > 0 {
		share = math.Min(scan, 1) // what the planner says of the operator itself
	}
	return share, matched
}

// predicate is the one that a key serves, and the share of rows it leaves.
func predicate(m advise.Mention, k advise.Key, join bool, method string) (share float64, class pgsql.Class, ok bool) {
	c := m.Table.Column(k.Column)
	share = 1
	for n := range m.Predicates {
		p := &m.Predicates[n]
		text := ""
		if p.Column == "" {
			text, _ = pgsql.Text(p.Expr)
		}
		if p.Column != k.Column || k.Column == "" && text != k.Expr || p.Outer || !p.Constant && !join {
			continue
		}
		part := 0.0
		switch {
		case method == "gin" && (p.Class == pgsql.Sign || p.Class == pgsql.Match):
			part = 0.005
		case p.Class == pgsql.Equal:
			part = equalShare(c, p)
		case p.Class == pgsql.In:
			part = math.Min(1, equalShare(c, p)*listLength(p))
		case p.Class == pgsql.IsNull && c != nil:
			part = c.NullFrac
		case p.Class == pgsql.Range && p.Op == "BETWEEN":
			part = 0.02
		case p.Class == pgsql.Range && p.Constant:
			part = 0.1
		case p.Class == pgsql.Match && k.Class != "":
			part = 0.01
		default:
			continue
		}
		if !ok || part < share {
			share, class = part, p.Class
		}
		ok = true
	}
	return share, class, ok
}

func equalShare(c *advise.Column, p *pgsql.Predicate) float64 {
	if c == nil {
		return 0.005
	}
	if value, ok := p.Value.(*pgsql.AConst); ok {
		text, _ := value.Text()
		for _, v := range c.Common {
			if v.Value == text {
				return v.Frac
			}
		}
	}
	if c.Distinct <= 0 {
		return 0.005
	}
	return (1 - c.NullFrac) / c.Distinct
}

// listLength is how many values IN has; ten where it is a parameter.
func listLength(p *pgsql.Predicate) float64 {
	if l, ok := p.Value.(*pgsql.List); ok {
		return float64(len(l.Items))
	}
	return 10
}

// joined says whether a key is a column that the mention is joined by.
func joined(m advise.Mention, i *advise.Index) bool {
	for n := range m.Predicates {
		if p := &m.Predicates[n]; !p.Constant && p.Class == pgsql.Equal && p.Column != "" && p.Column == i.Keys[0].Column {
			return true
		}
	}
	return false
}

// sorts says whether the index gives the rows in the query's order, after the
// keys that equalities fix.
func sorts(m advise.Mention, i *advise.Index, matched int) bool {
	if len(m.Order) == 0 || !m.OrderWhole || i.Method != "btree" {
		return false
	}
	for from := range min(matched, len(i.Keys)) + 1 {
		rest := i.Keys[from:]
		if len(rest) < len(m.Order) {
			break
		}
		same := true
		for n, k := range m.Order {
			same = same && k.Column != "" && rest[n].Column == k.Column && (rest[n].Desc == k.Desc) == (rest[0].Desc == m.Order[0].Desc)
		}
		if same {
			return true
		}
	}
	return false
}
