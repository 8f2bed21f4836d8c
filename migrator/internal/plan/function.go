package plan

import (
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// makeFunction creates a function or procedure.
func (p *planner) makeFunction(o *catalog.Object, d *catalog.Function) step {
	st := say(o.ID, d.Definition)
	old, had := detailOf[*catalog.Function](p.at(o.ID).old)
	if d.SecurityDefiner && (!had || !old.SecurityDefiner) {
		st = st.danger(lint.Permissions, "%s runs with the rights of its owner, whoever calls it", o.ID.Path())
	}
	if had && old.SecurityDefiner && !d.SecurityDefiner {
		st = st.danger(lint.Permissions, "%s runs with the rights of who calls it from now on", o.ID.Path())
	}
	return st
}

// alterFunction replaces a function in place. What was computed by its old body
// stays as it was: index entries, generated values, rows that a check let pass.
func (p *planner) alterFunction(s *state, d *catalog.Function) []step {
	st := p.makeFunction(s.new, d)
	for _, user := range p.users.of(s.id) {
		u := p.at(user)
		if u.new == nil || u.gone {
			continue
		}
		switch old := u.old.Detail.(type) {
		case *catalog.Index:
			st = p.dangerOn(st, old.Table, lint.Correctness, "the entries of index %s come from the old body of %s: REINDEX INDEX CONCURRENTLY %s", user.Path(), s.id.Path(), user.SQL())
		case *catalog.Default:
			if old.Generated {
				st = st.danger(lint.Correctness, "the values of generated column %s come from the old body of %s", user.Path(), s.id.Path())
			}
		case *catalog.Constraint:
			if old.Type == "c" {
				st = st.danger(lint.Correctness, "rows that are there were checked by the old body of %s: constraint %s may not hold for them", s.id.Path(), user.Path())
			}
		case *catalog.Table:
			if old.Partitioned() {
				st = st.danger(lint.Correctness, "rows of %s are in their partitions by the old body of %s", user.Path(), s.id.Path())
			}
		}
	}
	return []step{st}
}
