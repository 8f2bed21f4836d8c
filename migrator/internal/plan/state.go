package plan

import (
	"cmp"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/diff"
)

// state is what becomes of one identity.
type state struct {
	id       catalog.ID
	old, new *catalog.Object // nil where the database has none
	diffs    []catalog.Difference
	gone     bool   // it is dropped (and, when new is there, created again)
	retype   bool   // a column whose type is changed in place
	swap     bool   // a type that is replaced beneath columns that stay
	detach   bool   // a child table that leaves its parents
	attach   bool   // and joins its parents
	regrant  bool   // the table's REVOKE takes the column's privileges along
	because  string // why it is replaced though it did not change itself
}

func (s *state) made() bool { return s.new != nil && (s.old == nil || s.gone) }
func (s *state) altered() bool {
	return s.old != nil && s.new != nil && !s.gone && (len(s.diffs) > 0 || s.retype || s.regrant)
}

// differs tells whether one of the fields is among the differences.
func (s *state) differs(fields ...string) bool {
	for _, d := range s.diffs {
		for _, f := range fields {
			if d.Field == f {
				return true
			}
		}
	}
	return false
}

// planner holds one run of Migrate.
type planner struct {
	from, to    *catalog.Catalog
	opts        Options
	states      map[catalog.ID]*state
	order       []catalog.ID                // every identity: those of from, then the new ones of to
	rank        map[catalog.ID]int          // its place in order
	users       map[catalog.ID][]catalog.ID // who needs an object, in from
	oldParts    map[catalog.ID][]catalog.ID // what is part of an object, in from
	newParts    map[catalog.ID][]catalog.ID // and in to
	oldChildren map[catalog.ID][]catalog.ID // tables that inherit from a table, in from
	keysTo      map[catalog.ID][]catalog.ID // foreign keys that reference a table, in from
	children    map[catalog.ID][]catalog.ID // tables that inherit from a table, in to
	oldTypes    map[string]catalog.ID       // types of from, as format_type prints them
	newTypes    map[string]catalog.ID       // and of to
	doubts      []catalog.ID                // Atlas alone finds them different
	graph       graph
	split       map[catalog.ID]bool // tables whose columns get their types one by one
	plain       map[catalog.ID]bool // indexes and constraints that go before their successors come
	refused     []string            // what PostgreSQL has no command for
	apartOK     bool                // online forms are wanted
	differ      bool                // there is anything to do
}

func newPlanner(from, to *catalog.Catalog, opts Options) *planner {
	p := &planner{
		from: from, to: to, opts: opts,
		states: map[catalog.ID]*state{}, split: map[catalog.ID]bool{}, plain: map[catalog.ID]bool{}, rank: map[catalog.ID]int{},
		users: map[catalog.ID][]catalog.ID{}, children: map[catalog.ID][]catalog.ID{}, oldChildren: map[catalog.ID][]catalog.ID{}, keysTo: map[catalog.ID][]catalog.ID{},
		apartOK: !opts.NoConcurrently && !opts.Offline,
	}
	ignore := catalog.Ignore{Owners: opts.NoOwners, Grants: opts.NoGrants}
	for _, id := range from.Order {
		if ignore.Leaves(id.Kind) {
			continue
		}
		s := &state{id: id, old: from.Objects[id], new: to.Objects[id]}
		p.states[id] = s
		p.order = append(p.order, id)
		switch d := s.old.Detail.(type) {
		case *catalog.Table:
			for _, parent := range d.Inherits {
				p.oldChildren[parent] = append(p.oldChildren[parent], id)
			}
		case *catalog.Constraint:
			if d.Type == "f" {
				p.keysTo[d.References] = append(p.keysTo[d.References], id)
			}
		}
		for _, on := range s.old.Needs {
			p.users[on] = append(p.users[on], id)
		}
	}
	for _, id := range to.Order {
		if p.states[id] == nil && !ignore.Leaves(id.Kind) {
			p.states[id] = &state{id: id, new: to.Objects[id]}
			p.order = append(p.order, id)
		}
		if t, ok := to.Objects[id].Detail.(*catalog.Table); ok {
			for _, parent := range t.Inherits {
				p.children[parent] = append(p.children[parent], id)
			}
		}
	}
	p.rankByAge()
	changes, doubts := diff.Find(from, to, ignore)
	for _, c := range changes {
		p.states[c.ID].diffs = c.Fields
	}
	p.doubts, p.differ = doubts, len(changes) > 0
	p.oldParts, p.newParts = parts(from), parts(to)
	p.oldTypes, p.newTypes = typesOf(from), typesOf(to)
	return p
}

// rankByAge gives everything its place in order. Of indexes the older come
// first: PostgreSQL goes by that where several would do.
func (p *planner) rankByAge() {
	age := func(id catalog.ID) uint32 {
		d, _ := detailOf[*catalog.Index](p.to.Objects[id])
		if d == nil {
			return 0
		}
		return d.Age
	}
	var indexes []catalog.ID
	for i, id := range p.order {
		p.rank[id] = i
		if id.Kind == catalog.KindIndex && p.opts.Offline {
			indexes = append(indexes, id)
		}
	}
	places := make([]int, len(indexes))
	for i, id := range indexes {
		places[i] = p.rank[id]
	}
	slices.SortStableFunc(indexes, func(a, b catalog.ID) int { return cmp.Compare(age(a), age(b)) })
	for i, id := range indexes {
		p.rank[id] = places[i]
	}
}

func parts(c *catalog.Catalog) map[catalog.ID][]catalog.ID {
	m := map[catalog.ID][]catalog.ID{}
	for _, id := range c.Order {
		if parent, ok := c.Parent(id); ok {
			m[parent] = append(m[parent], id)
		}
	}
	return m
}

// at is the state of an identity; the zero state for those that are not ours.
func (p *planner) at(id catalog.ID) *state {
	if s := p.states[id]; s != nil {
		return s
	}
	return &state{id: id}
}

// isNew tells whether a relation has no rows yet that anybody could wait for.
func (p *planner) isNew(relation catalog.ID) bool { return p.at(relation).made() }
