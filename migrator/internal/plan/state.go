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
	busy     bool   // there are statements for it, or it is in those of another
	regrant  bool   // the table's REVOKE takes the column's privileges along
	because  string // why it is replaced though it did not change itself
	rank     int    // its place among the others
}

func (s *state) made() bool { return s.new != nil && (s.old == nil || s.gone) }
func (s *state) altered() bool {
	return s.old != nil && s.new != nil && !s.gone && (len(s.diffs) > 0 || s.retype || s.regrant)
}

// differs tells whether one of the fields is among the differences.
func (s *state) differs(fields ...catalog.Field) bool {
	return slices.ContainsFunc(s.diffs, func(d catalog.Difference) bool { return slices.Contains(fields, d.Field) })
}

// planner holds one run of Migrate.
type planner struct {
	from, to    *catalog.Catalog
	opts        Options
	order       []*state                    // of every identity: those of from, then the new ones of to
	place       map[catalog.ID]int32        // where in order an identity is
	users       links                       // who needs an object, in from
	oldParts    links                       // what is part of an object, in from
	newParts    links                       // and in to
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
}

// newPlanner makes the states of both databases' objects.
func newPlanner(from, to *catalog.Catalog, opts Options, changes []diff.Change) *planner {
	p := &planner{
		from: from, to: to, opts: opts, place: make(map[catalog.ID]int32, len(from.Order)),
		split: map[catalog.ID]bool{}, plain: map[catalog.ID]bool{},
		children: map[catalog.ID][]catalog.ID{}, oldChildren: map[catalog.ID][]catalog.ID{}, keysTo: map[catalog.ID][]catalog.ID{},
		apartOK: !opts.NoConcurrently && !opts.Offline,
	}
	p.collect()
	for _, c := range changes {
		p.at(c.ID).diffs = c.Fields
	}
	for _, id := range from.Order {
		switch d := from.Objects[id].Detail.(type) {
		case *catalog.Table:
			for _, parent := range d.Inherits {
				p.oldChildren[parent] = append(p.oldChildren[parent], id)
			}
		case *catalog.Constraint:
			if d.Type == "f" {
				p.keysTo[d.References] = append(p.keysTo[d.References], id)
			}
		}
	}
	for _, id := range to.Order {
		if t, ok := to.Objects[id].Detail.(*catalog.Table); ok {
			for _, parent := range t.Inherits {
				p.children[parent] = append(p.children[parent], id)
			}
		}
	}
	p.rankByAge()
	p.users, p.oldParts, p.newParts = p.needs(from), p.parts(from), p.parts(to)
	p.oldTypes, p.newTypes = typesOf(from), typesOf(to)
	return p
}

// ignore is what the options leave out of comparison.
func (o Options) ignore() catalog.Ignore {
	return catalog.Ignore{Owners: o.NoOwners, Grants: o.NoGrants}
}

// collect makes a state for every identity.
func (p *planner) collect() {
	ignore := p.opts.ignore()
	states := make([]state, 0, len(p.from.Order)+len(p.to.Order)-p.both())
	add := func(id catalog.ID) {
		p.place[id] = int32(len(states))
		states = append(states, state{id: id, old: p.from.Objects[id], new: p.to.Objects[id], rank: len(states)})
	}
	for _, id := range p.from.Order {
		if !ignore.Leaves(id.Kind) {
			add(id)
		}
	}
	for _, id := range p.to.Order {
		if _, known := p.place[id]; !known && !ignore.Leaves(id.Kind) {
			add(id)
		}
	}
	p.order = make([]*state, len(states))
	for i := range states {
		p.order[i] = &states[i]
	}
}

// both counts the objects that both databases have.
func (p *planner) both() int {
	n := 0
	for _, id := range p.to.Order {
		if p.from.Objects[id] != nil {
			n++
		}
	}
	return n
}

// rankByAge gives everything its place in the order of statements. Of indexes the
// older come first on a new server: PostgreSQL goes by that where several would do.
func (p *planner) rankByAge() {
	if !p.opts.Offline {
		return
	}
	age := func(s *state) uint32 {
		if s.new == nil {
			return 0
		}
		return s.new.Age
	}
	var indexes []*state
	var ranks []int
	for _, s := range p.order {
		if s.id.Kind == catalog.KindIndex {
			indexes, ranks = append(indexes, s), append(ranks, s.rank)
		}
	}
	slices.SortStableFunc(indexes, func(a, b *state) int { return cmp.Compare(age(a), age(b)) })
	for i, s := range indexes {
		s.rank = ranks[i]
	}
}

// at is the state of an identity; the zero state for those that are not ours.
func (p *planner) at(id catalog.ID) *state {
	if at, ok := p.place[id]; ok {
		return p.order[at]
	}
	return &state{id: id}
}

// isNew tells whether a relation has no rows yet that anybody could wait for.
func (p *planner) isNew(relation catalog.ID) bool { return p.at(relation).made() }
