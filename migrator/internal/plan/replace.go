package plan

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// classify decides what is dropped and what is replaced, and follows the
// dependencies of the old database: what needs a thing that goes must go too,
// and comes back when the new database has it.
func (p *planner) classify() {
	for _, s := range p.order {
		id := s.id
		switch {
		case s.old == nil:
			p.checkedInside(s)
		case s.new == nil:
			p.drop(s, "")
		case s.differs(catalog.FieldDefinition) && p.viewInPlace(s): // CREATE OR REPLACE VIEW
		case p.leavesWithTable(s): // as its own
		case len(s.diffs) > 0 && mustReplace(s, p.from.Version):
			p.drop(s, "")
		case p.inLevels(s):
			p.drop(s, "its expression cannot go from tables in several levels")
		case generatedDiffers(s) && p.from.Version < 170000:
			parent, _ := p.from.Parent(id)
			p.drop(p.at(parent), "its expression changes")
		case id.Kind == catalog.KindAttribute && !p.attributeInPlace(s):
			parent, _ := p.from.Parent(id)
			p.drop(p.at(parent), s.id.String()+" changes")
		case p.checkedInside(s):
		case s.differs(catalog.FieldType, catalog.FieldCollation) && id.Kind == catalog.KindColumn:
			p.retype(s)
		case p.becomesInherited(s):
			p.drop(s, "its columns become those of a parent")
		}
	}
	for _, s := range p.order {
		p.lineage(s)
		p.levelsLeave(s)
		p.typed(s)
		p.revoked(s)
	}
}

// leaves tells whether a partition that stays leaves its parent.
func (p *planner) leaves(child, parent catalog.ID) bool {
	c := p.at(child)
	old, now := tableOf(c.old), tableOf(c.new)
	if old == nil || now == nil || c.gone || old.Bound == "" {
		return false
	}
	return c.detach || c.differs(catalog.FieldInherits, catalog.FieldBound) || p.at(parent).gone || p.at(parent).new == nil
}

// leavesWithTable: PostgreSQL leaves the indexes and keys of a partition that is
// detached standing under their names.
func (p *planner) leavesWithTable(s *state) bool {
	up, ok := upperIndex(s.old)
	if !ok || len(s.diffs) == 0 || !s.differs(catalog.FieldParent, catalog.FieldParentIndex) || !p.leaves(table(p.from, s.id), table(p.from, up)) {
		return false
	}
	for _, d := range s.diffs {
		switch d.Field {
		case catalog.FieldParent, catalog.FieldParentIndex, catalog.FieldLocal, catalog.FieldInherited, catalog.FieldComment, catalog.FieldIndexComment:
		default:
			return false
		}
	}
	return true
}

// revoked marks the columns whose privileges a REVOKE on their table takes along.
func (p *planner) revoked(s *state) {
	if s.id.Kind != catalog.KindColumn || s.old == nil || s.new == nil || s.gone || len(s.old.Grants) == 0 || p.opts.NoGrants {
		return
	}
	s.regrant = len(p.keptGrants(s)) < len(s.old.Grants)
}

// keptGrants are the privileges that a column still has when those of its
// table have changed.
func (p *planner) keptGrants(s *state) []catalog.Grant {
	parent, _ := p.from.Parent(s.id)
	t := p.at(parent)
	if s.id.Kind != catalog.KindColumn || t.old == nil || t.new == nil || t.gone {
		return s.old.Grants
	}
	has := func(grants []catalog.Grant, g catalog.Grant) bool {
		return slices.ContainsFunc(grants, func(x catalog.Grant) bool { return x.Grantee == g.Grantee && x.Privilege == g.Privilege })
	}
	return slices.DeleteFunc(slices.Clone(s.old.Grants), func(g catalog.Grant) bool {
		return has(t.old.Grants, g) && !has(t.new.Grants, g)
	})
}

// drop marks an object, and all that cannot outlive it.
func (p *planner) drop(s *state, because string) {
	if s.gone || s.old == nil {
		return
	}
	s.gone, s.because = true, because
	if swappable(s) && (s.new != nil || p.succeeded(s)) {
		s.swap = true
	}
	for _, user := range p.users.of(s.id) {
		p.lose(p.at(user), s)
	}
}

// lose tells user that what it needs goes away.
func (p *planner) lose(user, what *state) {
	if user.gone || user.new == nil {
		return // it goes anyhow, or will
	}
	because := what.id.String() + " is replaced"
	parent, isPart := p.from.Parent(user.id)
	if isPart && parent == what.id {
		p.drop(user, because)
		return
	}
	if d, ok := detailOf[*catalog.Constraint](user.old); ok && d.Type == "f" && what.id.Kind == catalog.KindIndex {
		if !p.adopted(what) {
			p.drop(user, because) // which keeps to its index, whatever changes
		}
		return
	}
	if was, ok := detailOf[*catalog.Column](user.old); ok && what.swap && what.new == nil {
		if now, ok := detailOf[*catalog.Column](user.new); ok && was.Type == now.Type {
			p.retype(user) // its type becomes one of another kind under the same name
			return
		}
	}
	// What changes so that it no longer needs the thing lets go by itself.
	// Not of a key: its successor may have to wait until it is gone.
	if what.new == nil && what.id.Kind != catalog.KindConstraint && changes(user) && !needs(user.new, what.id) {
		if _, generated := user.old.Detail.(*catalog.Default); !generated {
			return
		}
	}
	switch d := user.old.Detail.(type) {
	case *catalog.Index, *catalog.Constraint:
		if up, ok := upperIndex(user.old); ok && up == what.id && p.leaves(table(p.from, user.id), table(p.from, what.id)) {
			return // it stays as the table's own
		}
	case *catalog.Table:
		switch what.id.Kind {
		case catalog.KindTable, catalog.KindForeignTable:
			user.detach, user.attach = true, true
			return
		case catalog.KindType:
			if d.OfType == what.id.SQL() {
				user.detach, user.attach = true, user.new != nil && tableOf(user.new).OfType != ""
				return
			}
		}
	case *catalog.Column:
		switch what.id.Kind {
		case catalog.KindType, catalog.KindDomain, catalog.KindCollation:
			if what.new != nil {
				p.retype(user)
				return
			}
		}
	case *catalog.Attribute:
		p.drop(p.at(parent), because)
		return
	case *catalog.Default:
		if d.Generated {
			if !letsGo(p.at(parent)) {
				p.drop(p.at(parent), because)
			}
			return
		}
	}
	p.drop(user, because)
}

// letsGo tells whether a computed column becomes a plain one: DROP EXPRESSION keeps its
// values, and comes before anything happens to what it was computed from.
func letsGo(s *state) bool { return !s.gone && becomesPlain(s) }

func becomesPlain(s *state) bool {
	old, ok := detailOf[*catalog.Column](s.old)
	now, is := detailOf[*catalog.Column](s.new)
	return ok && is && old.Generated == "s" && now.Generated == ""
}

// retype marks a column whose type changes in place, and drops what
// PostgreSQL will not carry through that.
func (p *planner) retype(s *state) {
	if s.retype || s.gone {
		return
	}
	if table, ok := p.from.Parent(s.id); ok && inKey(tableOf(p.at(table).old), s.id.Sub) {
		p.drop(p.at(table), "the type of its partition key changes")
		return
	}
	if table, ok := p.from.Parent(s.id); ok {
		p.rowTypeUsed(s, table)
	}
	if table, ok := p.from.Parent(s.id); ok {
		p.keysOfPartitions(table, s.id.Sub)
	}
	s.retype = true
	because := "the type of " + s.id.String() + " changes"
	_, beneath := p.rangeBeneath(s)
	for _, user := range p.users.of(s.id) {
		u := p.at(user)
		if u.gone {
			continue
		}
		switch d := u.old.Detail.(type) {
		case *catalog.View, *catalog.Rule, *catalog.Trigger, *catalog.Policy, *catalog.Function, *catalog.PublicationTable, *catalog.Aggregate:
			p.drop(u, because)
		case *catalog.Default:
			column := catalog.ID{Kind: catalog.KindColumn, Schema: user.Schema, Name: user.Name, Sub: user.Sub}
			switch {
			case !d.Generated:
				p.drop(u, because)
			case column != s.id && !letsGo(p.at(column)):
				p.drop(p.at(column), because)
			}
		case *catalog.Index:
			if beneath {
				p.drop(u, because)
			}
		case *catalog.Constraint:
			if beneath || d.Type == "f" && !sameFamily(s) {
				p.drop(u, because)
			}
		}
	}
}

// keysOfPartitions drops the partitions, at any depth, that are themselves
// partitioned by a column whose type changes.
func (p *planner) keysOfPartitions(table catalog.ID, column string) {
	for _, child := range p.oldChildren[table] {
		if t := tableOf(p.at(child).old); t.Bound != "" && inKey(t, column) {
			p.drop(p.at(child), "the type of its partition key changes")
		}
		p.keysOfPartitions(child, column)
	}
}

// rowTypeUsed refuses to change the type of a column while another table's
// column holds rows of its table.
func (p *planner) rowTypeUsed(s *state, table catalog.ID) {
	if table.Kind != catalog.KindTable {
		return
	}
	for _, user := range p.users.of(table) {
		u := p.at(user)
		d, column := detailOf[*catalog.Column](u.old)
		if !column || u.new == nil || user.Schema == table.Schema && user.Name == table.Name {
			continue
		}
		if of, _ := element(d.Type); of == table.SQL() {
			p.refuse("the type of column %s cannot change while column %s holds rows of %s", s.id.Path(), user.Path(), table.Path())
		}
	}
}

// generatedDiffers tells whether the expression of a generated column changes,
// for which there is no ALTER before PostgreSQL 17.
func generatedDiffers(s *state) bool {
	old, ok := detailOf[*catalog.Default](s.old)
	now, ok2 := detailOf[*catalog.Default](s.new)
	return ok && ok2 && old.Generated && now.Generated && s.differs(catalog.FieldExpr)
}

// inKey tells whether a column is (or may be, in an expression) of a partition key.
func inKey(t *catalog.Table, column string) bool {
	return t != nil && t.Partitioned() && words(t.PartitionKey)[column]
}

// attributeInPlace tells whether ALTER TYPE can bring the attributes in line:
// PostgreSQL adds at the end, and changes no type that a table's column has.
func (p *planner) attributeInPlace(s *state) bool {
	parent := catalog.ID{Kind: catalog.KindType, Schema: s.id.Schema, Name: s.id.Name}
	if p.at(parent).gone {
		return true
	}
	if s.differs(catalog.FieldType, catalog.FieldCollation) && p.beneathColumn(parent, map[catalog.ID]bool{}) {
		return false
	}
	var kept, want []catalog.ID
	for _, id := range p.oldParts.of(parent) {
		if id.Kind == catalog.KindAttribute && p.at(id).new != nil {
			kept = append(kept, id)
		}
	}
	for _, id := range p.newParts.of(parent) {
		if id.Kind == catalog.KindAttribute {
			want = append(want, id)
		}
	}
	return len(kept) <= len(want) && slices.Equal(kept, want[:len(kept)])
}

// beneathColumn tells whether a column holds values of a type, be it within rows
// or domains of it. seen are the types that were asked about.
func (p *planner) beneathColumn(of catalog.ID, seen map[catalog.ID]bool) bool {
	if seen[of] {
		return false
	}
	seen[of] = true
	return slices.ContainsFunc(p.users.of(of), func(user catalog.ID) bool {
		switch user.Kind {
		case catalog.KindColumn:
			return true
		case catalog.KindAttribute:
			up, _ := p.from.Parent(user)
			return p.beneathColumn(up, seen)
		case catalog.KindDomain, catalog.KindType:
			return p.beneathColumn(user, seen)
		}
		return false
	})
}

// sameFamily tells whether old and new type compare with each other, so that a
// foreign key survives the change of one side.
func sameFamily(s *state) bool {
	family := func(t string) string {
		t, _, _ = strings.Cut(t, "(")
		switch t {
		case "smallint", "integer", "bigint":
			return "integer"
		case "text", "character varying":
			return "text"
		}
		return t
	}
	a, ok := s.old.Detail.(*catalog.Column)
	b, ok2 := s.new.Detail.(*catalog.Column)
	return ok && ok2 && family(a.Type) == family(b.Type) && !s.swapped()
}

func (s *state) swapped() bool {
	return s.retype && !s.differs(catalog.FieldType, catalog.FieldCollation)
}

// swappable tells whether a type can be replaced by renaming the old one away,
// which keeps the columns of it.
func swappable(s *state) bool {
	switch s.id.Kind {
	case catalog.KindType, catalog.KindDomain, catalog.KindCollation:
		return true
	}
	return false
}

// succeeded tells whether the name of a type goes to one of another kind: an enum
// becomes a domain, say.
func (p *planner) succeeded(s *state) bool {
	other := s.id
	switch s.id.Kind {
	case catalog.KindType:
		other.Kind = catalog.KindDomain
	case catalog.KindDomain:
		other.Kind = catalog.KindType
	default:
		return false
	}
	return p.at(other).old == nil && p.at(other).new != nil
}

// lineage marks child tables whose parents or bounds change.
func (p *planner) lineage(s *state) {
	if s.gone || s.old == nil || s.new == nil {
		if t := tableOf(s.new); t != nil && t.Bound != "" {
			s.attach = true // a new partition is made as a table, then attached
		}
		return
	}
	if tableOf(s.new) != nil && s.differs(catalog.FieldInherits, catalog.FieldBound) {
		old, now := tableOf(s.old), tableOf(s.new)
		s.detach, s.attach = len(old.Inherits) > 0, len(now.Inherits) > 0
	}
}

func tableOf(o *catalog.Object) *catalog.Table {
	if o == nil {
		return nil
	}
	t, _ := o.Detail.(*catalog.Table)
	return t
}

func needs(o *catalog.Object, id catalog.ID) bool {
	if o == nil {
		return false
	}
	for n := range o.Needs() {
		if n == id {
			return true
		}
	}
	return false
}
