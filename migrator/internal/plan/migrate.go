package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Migrate plans the way from one catalog to another.
func Migrate(from, to *catalog.Catalog, opts Options) (*Plan, error) {
	p := newPlanner(from, to, opts)
	p.classify()
	loose := map[nodeKey]bool{}
	for {
		p.notes = nil
		p.build(loose)
		order, stuck := p.graph.sorted()
		if stuck == nil {
			return p.plan(order), nil
		}
		if !p.loosen(stuck, loose) {
			var names []string
			for _, n := range stuck {
				names = append(names, n.id.String())
			}
			return nil, fmt.Errorf("these objects need each other, and no order was found: %s", strings.Join(names, ", "))
		}
	}
}

// loosen takes a default, a check or a foreign key out of the statement of a
// table in the cycle, so that it can come later (or go earlier).
func (p *planner) loosen(stuck []*node, loose map[nodeKey]bool) bool {
	found := false
	in := map[nodeKey]bool{}
	for _, n := range stuck {
		in[nodeKey{n.id, n.phase}] = true
	}
	for k := range p.graph.homes {
		if loose[k] {
			continue
		}
		switch k.id.Kind {
		case catalog.KindDefault, catalog.KindConstraint, catalog.KindTrigger, catalog.KindPolicy, catalog.KindRule, catalog.KindSequence, catalog.KindDomainConstraint:
		default:
			continue
		}
		if d, ok := detailOf[*catalog.Default](p.at(k.id).new); ok && d.Generated {
			continue
		}
		home := k
		for range 8 {
			next, ok := p.graph.homes[home]
			if !ok {
				break
			}
			home = next
		}
		if in[home] {
			loose[k] = true
			found = true
		}
	}
	return found
}

// plan cuts the ordered nodes in segments.
func (p *planner) plan(order []*node) *Plan {
	out := &Plan{Notes: p.notes}
	for _, n := range order {
		for _, st := range n.stmts {
			p.budgets(&st)
			last := len(out.Segments) - 1
			if last < 0 || out.Segments[last].Transactional == n.apart {
				out.Segments = append(out.Segments, Segment{Transactional: !n.apart})
				last++
			}
			out.Segments[last].Statements = append(out.Segments[last].Statements, st)
		}
	}
	seen := map[catalog.ID]bool{}
	for _, id := range append(append([]catalog.ID{}, p.from.Unmanaged...), p.to.Unmanaged...) {
		if !seen[id] {
			seen[id] = true
			out.Unmanaged = append(out.Unmanaged, id)
		}
	}
	for _, id := range p.order {
		s := p.states[id]
		c := Change{ID: id, Because: s.because, Fields: s.diffs}
		switch {
		case s.gone && s.new != nil:
			c.Action = Replace
		case s.gone:
			c.Action = Drop
		case s.made():
			c.Action = Create
		case s.altered() || s.attach || s.detach:
			c.Action = Alter
		default:
			continue
		}
		out.Changes = append(out.Changes, c)
	}
	return out
}

// Name describes the plan in a few words for a file name: add_user_indexes.
func (p *Plan) Name() string { return "migration" }
