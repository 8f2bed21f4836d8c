package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/diff"
)

// Migrate plans the way from one catalog to another.
func Migrate(from, to *catalog.Catalog, opts Options) (*Plan, error) {
	changes, doubts := diff.Find(from, to, opts.ignore())
	if len(changes) == 0 { // the usual answer to "has it drifted?": nothing is made for that
		p := planner{from: from, to: to, opts: opts, doubts: doubts}
		return p.plan(nil), nil
	}
	p := newPlanner(from, to, opts, changes)
	p.doubts = doubts
	p.classify()
	if len(p.refused) > 0 {
		return nil, &NoCommand{p.refused}
	}
	if err := p.batchable(); err != nil {
		return nil, err
	}
	loose := map[nodeKey]bool{}
	for {
		p.build(loose)
		order, stuck := p.graph.sorted()
		if stuck == nil {
			return p.plan(order), nil
		}
		if !p.splits(stuck) && !p.goesFirst(stuck) && !p.loosen(stuck, loose) && !p.giveWay(stuck) {
			var names []string
			for _, n := range stuck {
				names = append(names, n.id.String())
			}
			return nil, fmt.Errorf("these objects need each other, and no order was found: %s", strings.Join(names, ", "))
		}
	}
}

// NoCommand is an error: PostgreSQL has no command for a step that the wanted
// schema asks for.
type NoCommand struct {
	Why []string // in sentences, by name
}

func (e *NoCommand) Error() string {
	return "PostgreSQL has no command for this: " + strings.Join(e.Why, "; ")
}

// refuse notes what there is no command for.
func (p *planner) refuse(format string, args ...any) {
	p.refused = append(p.refused, fmt.Sprintf(format, args...))
}

// splits lets the columns of a table in the cycle get their types one by one.
func (p *planner) splits(stuck []*node) bool {
	for _, n := range stuck {
		if n.phase == phaseRetype {
			p.split[n.id] = true
			return true
		}
	}
	return false
}

// goesFirst lets an index or constraint in the cycle go before its successor is
// there.
func (p *planner) goesFirst(stuck []*node) bool {
	found := false
	for _, n := range stuck {
		s := p.at(n.id)
		if s.old != nil && (p.taken(s) || p.exchangedTree(s)) || p.namesake(s) != nil {
			p.plain[n.id], found = true, true
		}
	}
	return found
}

// giveWay replaces something in the cycle that was to be changed in place: what
// is dropped first and made last needs nothing in between.
func (p *planner) giveWay(stuck []*node) bool {
	for _, n := range stuck {
		s := p.at(n.id)
		if n.phase != phaseAlter || s.gone {
			continue
		}
		switch n.id.Kind {
		case catalog.KindView, catalog.KindRule, catalog.KindFunction, catalog.KindProcedure, catalog.KindPolicy:
			p.drop(s, "what it needs changes places")
			return true
		}
	}
	return false
}

// loosen takes parts out of the statement of a table in the cycle, so that they
// come later (or go earlier): foreign keys where that is enough, then defaults,
// checks and what else points from one member of the cycle to another.
func (p *planner) loosen(stuck []*node, loose map[nodeKey]bool) bool {
	in := map[*node]bool{}
	for _, n := range stuck {
		in[n] = true
	}
	var keys, rest []nodeKey
	for k := range p.graph.homes {
		home := p.graph.find(k.id, k.phase)
		if loose[k] || !in[home] || !p.pointsInto(k, home, in) {
			continue
		}
		s := p.at(k.id)
		o := s.new
		if k.phase == phaseDrop {
			o = s.old
		}
		switch d := o.Detail.(type) {
		case *catalog.Constraint:
			if d.Type == "f" {
				keys = append(keys, k)
			} else if d.ParentIndex.Kind == "" {
				rest = append(rest, k)
			}
		case *catalog.Default:
			if !d.Generated {
				rest = append(rest, k)
			}
		case *catalog.Trigger, *catalog.Policy, *catalog.Rule, *catalog.Sequence:
			rest = append(rest, k)
		}
	}
	if len(keys) == 0 {
		keys = rest
	}
	for _, k := range keys {
		loose[k] = true
	}
	return len(keys) > 0
}

// pointsInto tells whether a part needs another member of the cycle.
func (p *planner) pointsInto(k nodeKey, home *node, in map[*node]bool) bool {
	o := p.at(k.id).new
	if k.phase == phaseDrop {
		o = p.at(k.id).old
	}
	if o == nil {
		return false
	}
	for need := range o.Needs() {
		if n := p.graph.find(need, k.phase); n != nil && n != home && in[n] {
			return true
		}
	}
	return false
}

// relationOf is the table or view that an object is part of, at any depth.
func (p *planner) relationOf(id catalog.ID) (catalog.ID, bool) {
	found := false
	for {
		c := p.to
		if c.Objects[id] == nil {
			c = p.from
		}
		parent, ok := c.Parent(id)
		if !ok {
			return id, found
		}
		id, found = parent, true
	}
}

// plan makes the plan of the ordered nodes.
func (p *planner) plan(order []*node) *Plan {
	out := &Plan{}
	for _, id := range p.doubts {
		out.Notes = append(out.Notes, fmt.Sprintf("Atlas finds %s different, PostgreSQL's own text of it is the same; it is left as it is", id))
	}
	out.Segments = p.segments(order)
	seen := map[catalog.ID]bool{}
	for _, id := range append(append([]catalog.ID{}, p.from.Unmanaged...), p.to.Unmanaged...) {
		if !seen[id] {
			seen[id] = true
			out.Unmanaged = append(out.Unmanaged, id)
		}
	}
	for _, s := range p.order {
		id := s.id
		c := Change{ID: id, Because: s.because, Fields: s.diffs}
		switch {
		case s.gone && s.new != nil:
			c.Action = Replace
		case s.gone:
			c.Action, c.What = Drop, p.describe(s.old, p.oldParts.of(id))
		case s.made():
			c.Action, c.What = Create, p.describe(s.new, p.newParts.of(id))
		case s.altered() || s.attach || s.detach:
			c.Action = Alter
		default:
			continue
		}
		if parent, ok := p.relationOf(id); ok {
			c.Table = parent.Name
			c.Part = c.Action != Alter && p.at(parent).gone == s.gone && p.at(parent).made() == s.made()
		}
		out.Changes = append(out.Changes, c)
	}
	return out
}
