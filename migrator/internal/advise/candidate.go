package advise

import (
	"cmp"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// Bounds of what is tried.
const (
	smallestTable = 16  // pages; below it an index is not worth a name
	widestKey     = 200 // bytes a column may have on average to be a key
	mostKeys      = 5
	mostIncluded  = 4
	widestRide    = 64  // bytes that included columns may have together
	rareShare     = 0.3 // a partial index holds at most this share of the rows
	mostEach      = 80  // candidates of one mention
)

// maker makes the candidates of one mention of a table.
type maker struct {
	m     Mention
	facts *Facts
	rank  func(t *Table, column string) int // how many queries ask for a column by equality
	found []*Index
	seen  map[string]bool
}

// candidates are the indexes that could serve a query, without those that are
// there already.
func candidates(q *Query, facts *Facts, rank func(*Table, string) int) []*Index {
	var all []*Index
	seen := map[string]bool{}
	for _, m := range q.Mentions {
		if !m.Table.Indexable() || m.Table.Pages >= 0 && m.Table.Pages < smallestTable || m.Verb == "insert" && m.Target {
			continue
		}
		mk := &maker{m: m, facts: facts, rank: rank, seen: seen}
		mk.make()
		all = append(all, mk.found...)
	}
	return all
}

// make tries what the predicates, joins and orders of the mention ask for.
func (mk *maker) make() {
	equal, lists, ranges := mk.split()
	base := append(slices.Clone(equal), lists...)
	mk.btree(base)
	for _, r := range ranges {
		mk.btree(base, r)
	}
	mk.fewer(base, ranges)
	mk.joins(base, ranges)
	mk.sorted(equal, base)
	mk.branches(base)
	mk.covering()
	mk.partial()
	mk.others()
	if len(mk.found) > mostEach {
		mk.found = mk.found[:mostEach]
	}
}

// split sorts the predicates that hold for every row of the result and need no
// other table: by =, by a list, by order.
func (mk *maker) split() (equal, lists, ranges []Key) {
	for i := range mk.m.Predicates {
		p := &mk.m.Predicates[i]
		if p.Or != 0 || p.Outer || !p.Constant {
			continue
		}
		k, ok := mk.key(p)
		switch {
		case !ok || mk.m.idle(p):
		case p.Class == pgsql.Equal || p.Class == pgsql.IsNull:
			equal = append(equal, k)
		case p.Class == pgsql.In:
			lists = append(lists, k)
		case p.Class == pgsql.Range:
			ranges = append(ranges, k)
		case p.Class == pgsql.Match:
			if k, ok := mk.prefix(p, k); ok {
				ranges = append(ranges, k)
			}
		}
	}
	mk.order(equal)
	mk.order(lists)
	return equal, lists, ranges
}

// idle says whether a predicate holds for most rows, so that a key for it would
// lead nowhere: deleted_at IS NULL, where little is deleted.
func (m Mention) idle(p *pgsql.Predicate) bool {
	_, share, ok := m.always(p)
	return ok && share > 0.5
}

// order puts columns first that most queries ask for by equality, so that one
// index serves many; then the ones with more distinct values.
func (mk *maker) order(keys []Key) {
	weight := func(k Key) (int, float64) {
		if c := mk.m.Table.Column(k.Column); c != nil {
			return mk.rank(mk.m.Table, k.Column), c.Distinct
		}
		return 0, 0
	}
	slices.SortStableFunc(keys, func(a, b Key) int {
		rankA, distinctA := weight(a)
		rankB, distinctB := weight(b)
		return cmp.Or(cmp.Compare(rankB, rankA), cmp.Compare(distinctB, distinctA), cmp.Compare(a.Column, b.Column))
	})
}

// key is a predicate's column or expression as a key of a btree index.
func (mk *maker) key(p *pgsql.Predicate) (Key, bool) { return mk.keyOf(p.Column, p.Expr) }

func (mk *maker) keyOf(column string, expr pgsql.Node) (Key, bool) {
	if column != "" {
		c := mk.m.Table.Column(column)
		return Key{Column: column}, c != nil && c.Ordered && c.Width <= widestKey
	}
	text, ok := pgsql.Text(expr)
	return Key{Expr: text}, ok && text != ""
}

// btree adds an index of keys, without repetitions.
func (mk *maker) btree(lists ...any) {
	i := &Index{Table: mk.m.Table, Method: "btree"}
	for _, l := range lists {
		switch x := l.(type) {
		case Key:
			i.Keys = append(i.Keys, x)
		case []Key:
			i.Keys = append(i.Keys, x...)
		}
	}
	mk.add(i)
}

func (mk *maker) add(i *Index) {
	var keys []Key
	for _, k := range i.Keys {
		if !slices.ContainsFunc(keys, func(o Key) bool { return o.Column == k.Column && o.Expr == k.Expr }) && len(keys) < mostKeys {
			keys = append(keys, k)
		}
	}
	i.Keys = keys
	if len(keys) == 0 || mk.seen[i.ID()] {
		return
	}
	mk.seen[i.ID()] = true
	for _, e := range i.Table.Indexes {
		if e.covers(i) {
			return
		}
	}
	mk.found = append(mk.found, i)
}

// fewer tries parts of the equalities: one index may serve several queries, and
// two may be combined.
func (mk *maker) fewer(base, ranges []Key) {
	for i, a := range base {
		if len(base) > 1 {
			mk.btree(a)
		}
		for _, r := range ranges {
			mk.btree(a, r)
		}
		for j, b := range base {
			if i != j && len(base) > 1 && len(base) <= 4 {
				mk.btree(a, b)
			}
		}
	}
	for _, r := range ranges {
		mk.btree(r)
	}
}

// joins tries the columns that other tables are joined by: a nested loop looks
// them up row by row.
func (mk *maker) joins(base, ranges []Key) {
	by := map[*pgsql.Use][]Key{}
	var others []*pgsql.Use
	for i := range mk.m.Predicates {
		p := &mk.m.Predicates[i]
		k, ok := mk.key(p)
		if !ok || p.Or != 0 || p.Outer || p.Constant || p.Class != pgsql.Equal && p.Class != pgsql.In {
			continue
		}
		var other *pgsql.Use
		if p.Join != nil {
			other = p.Join.Use
		}
		if by[other] == nil {
			others = append(others, other)
		}
		by[other] = append(by[other], k)
	}
	var every []Key
	for _, o := range others {
		keys := by[o]
		every = append(every, keys...)
		mk.btree(keys)
		if len(keys) > 1 {
			mk.btree(keys[:1])
		}
		mk.btree(keys, base)
		mk.btree(base, keys)
		for _, r := range ranges {
			mk.btree(keys, base, r)
		}
		if k := mk.keys(mk.m.Order); len(k) > 0 && mk.m.Limit {
			mk.btree(keys, base, k) // the newest of each: LATERAL … ORDER BY … LIMIT
		}
	}
	if len(others) > 1 {
		mk.btree(every)
	}
}

// sorted tries orders that save a sort, or end after a few rows.
func (mk *maker) sorted(equal, base []Key) {
	for _, list := range [][]pgsql.Key{mk.m.Order, mk.m.Group} {
		keys := mk.keys(list)
		if len(keys) == 0 {
			continue
		}
		mk.btree(equal, keys)
		mk.btree(keys)
		if len(base) > len(equal) {
			mk.btree(keys, base)
		}
	}
}

// keys are the leading keys of an ORDER BY or GROUP BY that an index may have. An
// index is read in both directions: an order that is all descending is the same
// as one that is all ascending, unless its nulls are elsewhere.
func (mk *maker) keys(list []pgsql.Key) []Key {
	var keys []Key
	same := true
	for _, k := range list {
		key, ok := mk.keyOf(k.Column, k.Expr)
		if !ok {
			break
		}
		key.Desc, key.Nulls = k.Desc, k.Nulls
		if key.Nulls == "FIRST" && key.Desc || key.Nulls == "LAST" && !key.Desc {
			key.Nulls = "" // the default
		}
		if c := mk.m.Table.Column(k.Column); c != nil && c.NotNull && len(list) == 1 {
			same = same && key.Nulls == ""
		}
		same = same && key.Desc == list[0].Desc && key.Nulls == ""
		keys = append(keys, key)
	}
	if same {
		for i := range keys {
			keys[i].Desc = false
		}
	}
	return keys
}

// branches tries an index for each arm of an OR: the planner can join them in a
// bitmap when every arm has one.
func (mk *maker) branches(base []Key) {
	type arm struct{ or, branch int }
	keys := map[arm][]Key{}
	var arms []arm
	for i := range mk.m.Predicates {
		p := &mk.m.Predicates[i]
		if k, ok := mk.key(p); ok && p.Or != 0 && !p.Outer && p.Constant && p.Class != pgsql.Unequal && p.Class != pgsql.NotNull && p.Class != pgsql.Match && p.Class != pgsql.Sign {
			a := arm{p.Or, p.Branch}
			if keys[a] == nil {
				arms = append(arms, a)
			}
			keys[a] = append(keys[a], k)
		}
	}
	for _, a := range arms {
		mk.btree(keys[a])
		if len(keys[a]) > 1 {
			mk.btree(keys[a][:1])
		}
		if len(base) > 0 {
			mk.btree(base, keys[a])
		}
	}
}

// covering adds to what was found so far the columns that the query still reads,
// when they are few and narrow: the table itself need not be visited.
func (mk *maker) covering() {
	if mk.m.Whole {
		return
	}
	for _, i := range slices.Clone(mk.found) {
		if slices.ContainsFunc(i.Keys, func(k Key) bool { return k.Column == "" }) {
			continue // PostgreSQL reads an expression from the index only where its columns ride along too
		}
		var rest []string
		width := 0.0
		for _, name := range mk.m.Columns {
			if slices.Contains(i.Columns(), name) {
				continue
			}
			c := mk.m.Table.Column(name)
			if c == nil {
				continue // a system column
			}
			width += c.Width
			rest = append(rest, name)
		}
		if len(rest) == 0 || len(rest) > mostIncluded || width > widestRide {
			continue
		}
		slices.Sort(rest)
		mk.add(&Index{Table: i.Table, Method: i.Method, Keys: slices.Clone(i.Keys), Include: rest})
	}
}
