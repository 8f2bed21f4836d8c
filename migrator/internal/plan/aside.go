package plan

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// movesAside tells whether a table that is made anew can wait under another name,
// with its partitions, until its rows have been copied, once. One that inherits or
// is inherited from cannot, nor one that holds on to what must be gone by then, a
// name or an object: its rows are copied into a table aside, and back.
func (p *planner) movesAside(s *state) bool {
	old := tableOf(s.old)
	if len(old.Inherits) > 0 || len(p.oldChildren[s.id]) > 0 && !old.Partitioned() || old.OfType != "" {
		return false
	}
	var taken map[catalog.ID]bool
	for _, table := range p.tree(s.id) {
		if p.holdsOn(table, s.id) {
			return false
		}
		if table == s.id {
			continue // its own names are freed
		}
		if taken == nil {
			taken = relationNames(p.to, p.to.Order)
		}
		for name := range relationNames(p.from, append([]catalog.ID{table}, p.oldParts.of(table)...)) {
			if taken[name] {
				return false
			}
		}
	}
	return true
}

// tree is a table of the old database and all that inherit from it.
func (p *planner) tree(table catalog.ID) []catalog.ID {
	all := []catalog.ID{table}
	for _, child := range p.oldChildren[table] {
		all = append(all, p.tree(child)...)
	}
	return all
}

// holdsOn tells whether a table or a part of it needs what goes, other than what
// goes with the table whole.
func (p *planner) holdsOn(id, whole catalog.ID) bool {
	goes := func(need catalog.ID) bool {
		return p.at(need).gone && !slices.ContainsFunc(p.tree(whole), func(t catalog.ID) bool { return p.belongs(need, t) })
	}
	return p.from.Objects[id].NeedsAny(goes) ||
		slices.ContainsFunc(p.oldParts.of(id), func(part catalog.ID) bool { return p.holdsOn(part, whole) })
}

// relationNames are the names that objects take among relations, those of their
// indexes too.
func relationNames(c *catalog.Catalog, objects []catalog.ID) map[catalog.ID]bool {
	names := map[catalog.ID]bool{}
	for _, id := range objects {
		switch id.Kind {
		case catalog.KindTable, catalog.KindForeignTable, catalog.KindView, catalog.KindMaterializedView, catalog.KindIndex, catalog.KindSequence, catalog.KindType, catalog.KindDomain:
			names[catalog.ID{Schema: id.Schema, Name: id.Name}] = true
		case catalog.KindConstraint:
			if catalog.As[*catalog.Constraint](c.Objects[id]).Index != "" {
				names[catalog.ID{Schema: id.Schema, Name: id.Sub}] = true
			}
		}
	}
	return names
}

// belongs tells whether an object of the old database is a table, a part of it, or
// a sequence that one of its columns owns.
func (p *planner) belongs(id, table catalog.ID) bool {
	if q, ok := detailOf[*catalog.Sequence](p.from.Objects[id]); ok && q.OwnedBy.Kind != "" {
		id = q.OwnedBy
	}
	for {
		if id == table {
			return true
		}
		up, ok := p.from.Parent(id)
		if !ok {
			return false
		}
		id = up
	}
}

// moveAside renames a table, and frees the names that the new one takes.
func (p *planner) moveAside(s *state) []step {
	rows := aside(s.id).SQL()
	alter := func(format string, args ...any) step {
		return do(s.id, "ALTER TABLE "+rows+" "+format, args...).lock(accessExclusive, s.id)
	}
	steps := []step{do(s.id, "ALTER TABLE %s RENAME TO %s", s.id.SQL(), catalog.Quote(aside(s.id).Name)).lock(accessExclusive, s.id).
		why("the rows wait here while the table is made anew")}
	var keys, last []step // a foreign key to the table itself needs the key
	for _, id := range p.oldParts.of(s.id) {
		switch d := p.from.Objects[id].Detail.(type) {
		case *catalog.Constraint:
			switch {
			case d.Type == "f" && d.References == s.id:
				keys = append(keys, alter("DROP CONSTRAINT %s", catalog.Quote(id.Sub)))
			case d.Index != "":
				last = append(last, alter("DROP CONSTRAINT %s", catalog.Quote(id.Sub)))
			}
		case *catalog.Index:
			last = append(last, do(s.id, "DROP INDEX %s", id.SQL()).lock(accessExclusive, s.id))
		case *catalog.Column:
			if d.Identity != "" {
				keys = append(keys, alter("ALTER COLUMN %s DROP IDENTITY", catalog.Quote(id.Sub)))
			}
		}
	}
	for _, id := range p.from.Order {
		q, ok := detailOf[*catalog.Sequence](p.from.Objects[id])
		if !ok || !p.at(id).gone || q.OwnedBy.Kind == "" || !p.belongs(q.OwnedBy, s.id) {
			continue
		}
		for _, user := range p.users.of(id) {
			if user.Kind == catalog.KindDefault && p.belongs(user, s.id) {
				last = append(last, alter("ALTER COLUMN %s DROP DEFAULT", catalog.Quote(user.Sub)))
			}
		}
		last = append(last, say(s.id, "DROP SEQUENCE "+id.SQL()))
	}
	return append(append(steps, keys...), last...)
}

// losing says which values go with a table whose others are kept.
func (p *planner) losing(st step, s *state) step {
	for _, id := range p.oldParts.of(s.id) {
		if d, ok := detailOf[*catalog.Column](p.at(id).old); ok && d.Generated == "" && p.at(id).new == nil {
			st = p.dangerOn(st, s.id, lint.DataLoss, "the values of %s are lost", id.Path())
			st.Loses = append(st.Loses, id)
		}
	}
	return st
}
