package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// An index or a constraint that changes is not taken away before its successor
// stands: that is built under another name while the old one holds, and the two
// change places in one short transaction. So uniqueness, keys and speed never
// lapse. An index that becomes a key, or the other way round, changes places in
// the same manner.

// successor is the name under which something is built that is there already.
func successor(id catalog.ID) catalog.ID {
	if id.Sub != "" {
		id.Sub = shorten(id.Sub, "__new")
	} else {
		id.Name = shorten(id.Name, "__new")
	}
	return id
}

// exchanged tells whether an index or constraint is replaced by building its
// successor first.
func (p *planner) exchanged(s *state) bool {
	return p.apartOK && !p.plain[s.id] && s.gone && s.new != nil && s.because == "" && p.exchangeable(s.old, s.new)
}

// exchangeable tells whether what is new can be built while the old is there.
func (p *planner) exchangeable(old, now *catalog.Object) bool {
	for _, o := range []*catalog.Object{old, now} {
		switch d := o.Detail.(type) {
		case *catalog.Index:
			if d.Partitioned || d.Parent.Kind != "" || !p.settled(d.Table) {
				return false
			}
		case *catalog.Constraint:
			table := tableOf(p.at(d.Table).new)
			if o.ID.Kind != catalog.KindConstraint || table == nil || table.Partitioned() || d.ParentIndex.Kind != "" || !p.settled(d.Table) {
				return false
			}
			switch d.Type {
			case "f", "c":
				if d.Inherited || !d.Validated || len(p.children[d.Table]) > 0 || len(p.oldChildren[d.Table]) > 0 {
					return false
				}
			case "p", "u":
				if d.Index == "" || strings.Contains(d.Definition, " WITHOUT OVERLAPS") {
					return false
				}
			default:
				return false // exclusion constraints have no form that waits for nobody
			}
		default:
			return false
		}
	}
	if a, ok := old.Detail.(*catalog.Constraint); ok {
		if b, ok := now.Detail.(*catalog.Constraint); ok && (a.Type == "f" || a.Type == "c" || b.Type == "f" || b.Type == "c") && a.Type != b.Type {
			return false
		}
	}
	for need := range old.Needs() {
		n := p.at(need)
		if n.gone || n.retype || n.differs(catalog.FieldGenerated, catalog.FieldIdentity) || n.differs(catalog.FieldNotNull) && (primary(old) || primary(now)) {
			return false
		}
	}
	return true
}

// primary tells whether an object is a primary key, which has something to say of
// its columns' NOT NULL.
func primary(o *catalog.Object) bool {
	d, ok := detailOf[*catalog.Constraint](o)
	return ok && d.Type == "p"
}

// settled tells whether a table is there from before, and stays where it is.
func (p *planner) settled(table catalog.ID) bool {
	t := p.at(table)
	return t.old != nil && t.new != nil && !t.gone && !t.detach && !t.attach && table.Kind == catalog.KindTable
}

// namesake is the index whose place a new key takes, or the key whose place a new
// index takes: of the same table and name.
func (p *planner) namesake(s *state) *state {
	if s.old != nil || s.new == nil || !p.apartOK || p.plain[s.id] {
		return nil
	}
	var other *state
	switch d := s.new.Detail.(type) {
	case *catalog.Index:
		other = p.at(catalog.ID{Kind: catalog.KindConstraint, Schema: s.id.Schema, Name: d.Table.Name, Sub: s.id.Name})
	case *catalog.Constraint:
		if d.Type != "p" && d.Type != "u" {
			return nil
		}
		other = p.at(catalog.ID{Kind: catalog.KindIndex, Schema: s.id.Schema, Name: s.id.Sub})
		if i, ok := detailOf[*catalog.Index](other.old); ok && i.Table != d.Table {
			return nil
		}
	}
	if other == nil || other.old == nil || other.new != nil || other.because != "" || !p.exchangeable(other.old, s.new) {
		return nil
	}
	return other
}

// adopted tells whether an index that goes becomes that of a key of its name, as
// it is.
func (p *planner) adopted(s *state) bool {
	i, ok := detailOf[*catalog.Index](s.old)
	if !ok || s.new != nil || !i.Valid {
		return false
	}
	key := p.at(catalog.ID{Kind: catalog.KindConstraint, Schema: s.id.Schema, Name: i.Table.Name, Sub: s.id.Name})
	d, ok := detailOf[*catalog.Constraint](key.new)
	return ok && p.namesake(key) == s && indexSQL(i) == p.keyIndexSQL(d)
}

// taken tells whether something that goes is taken over, or away, by the one
// that takes its place.
func (p *planner) taken(s *state) bool {
	if p.exchanged(s) {
		return true
	}
	if !s.gone || s.new != nil {
		return false
	}
	var other *state
	switch d := s.old.Detail.(type) {
	case *catalog.Index:
		other = p.at(catalog.ID{Kind: catalog.KindConstraint, Schema: s.id.Schema, Name: d.Table.Name, Sub: s.id.Name})
	case *catalog.Constraint:
		other = p.at(catalog.ID{Kind: catalog.KindIndex, Schema: s.id.Schema, Name: s.id.Sub})
	}
	return other != nil && p.namesake(other) == s
}

// exchangeIndex builds an index beside what has its name, and lets the two
// change places.
func (p *planner) exchangeIndex(o *catalog.Object, d *catalog.Index, old *catalog.Object) []step {
	next := successor(o.ID)
	build := say(o.ID, concurrently(renamedIndex(indexSQL(d), o.ID, next))).lock(shareUpdateExclusive, d.Table).alone().patient().
		why("built beside the old one, which holds until the two change places")
	build = p.dangerOn(build, d.Table, lint.IndexBuild, "an index on %s is built", d.Table.Path())
	if d.Unique {
		build = p.dangerOn(build, d.Table, lint.MayFail, "fails, and leaves an INVALID index, when rows are not unique")
	}
	steps := []step{build}
	rename := func(from, to catalog.ID) step {
		return do(o.ID, "ALTER INDEX %s RENAME TO %s", from.SQL(), catalog.Quote(to.Name)).lock(shareUpdateExclusive, d.Table)
	}
	was := o.ID
	was.Name = shorten(o.ID.Name, "__old")
	_, key := old.Detail.(*catalog.Constraint)
	if key {
		steps = append(steps, p.dropConstraintStep(old))
	} else {
		steps = append(steps, rename(o.ID, was))
	}
	steps = append(steps, rename(next, o.ID))
	steps = append(steps, indexSettings(o, &catalog.Index{}, d)...)
	steps = append(steps, p.replicaIdentity(d.Table, o.ID.Name)...)
	steps = append(steps, p.extras(o)...)
	if !key {
		steps = append(steps, p.uniqueLost(say(o.ID, "DROP INDEX CONCURRENTLY "+was.SQL()).lock(shareUpdateExclusive, d.Table).alone().patient(), old, o))
	}
	return steps
}

// uniqueLost says where a unique index goes for one that is not.
func (p *planner) uniqueLost(st step, old, now *catalog.Object) step {
	a, was := detailOf[*catalog.Index](old)
	if b, ok := detailOf[*catalog.Index](now); was && a.Unique && (!ok || !b.Unique) {
		return st.danger(lint.Correctness, "%s is no longer enforced", old.ID.Path())
	}
	return st
}

// awayFor says where an index is not there until it is built again.
func awayFor(st step, old, now *catalog.Object) step {
	d, ok := detailOf[*catalog.Index](old)
	if !ok || now == nil {
		return st
	}
	if d.Unique {
		return st.danger(lint.Correctness, "%s is not enforced until it is there again", old.ID.Path())
	}
	return st.danger(lint.IndexBuild, "%s is not there until it is built again", old.ID.Path())
}

// exchangeKey builds the index of a primary key or unique constraint beside what
// has its name, and lets the two change places. An index that is as the key's
// would be becomes the key's.
func (p *planner) exchangeKey(o *catalog.Object, d *catalog.Constraint, old *catalog.Object) []step {
	index := catalog.ID{Kind: catalog.KindIndex, Schema: o.ID.Schema, Name: o.ID.Sub}
	if p.adopted(p.at(index)) {
		return []step{p.useIndex(o, d, index)}
	}
	next := successor(index)
	build := say(o.ID, concurrently(renamedIndex(p.keyIndexSQL(d), index, next))).lock(shareUpdateExclusive, d.Table).alone().patient().
		why("built beside the old one, which holds until the two change places")
	build = p.dangerOn(build, d.Table, lint.IndexBuild, "an index is built; it fails, and leaves an INVALID index, when rows are not unique")
	steps := []step{build}
	if _, ok := old.Detail.(*catalog.Constraint); ok {
		steps = append(steps, p.dropConstraintStep(old))
	} else {
		steps = append(steps, say(o.ID, "DROP INDEX "+index.SQL()).lock(accessExclusive, d.Table))
	}
	return append(steps, p.useIndex(o, d, next))
}

// exchangeConstraint adds a foreign key or check beside the old one, validates
// it while others go on, and lets the two change places.
func (p *planner) exchangeConstraint(o *catalog.Object, d *catalog.Constraint, old *catalog.Object) []step {
	next := successor(o.ID)
	mode := accessExclusive
	if d.Type == "f" {
		mode = shareRowExclusive
	}
	beside := &catalog.Object{ID: next, Detail: d}
	validate := p.validate(beside, d)
	validate.Object, validate.late = o.ID, false
	return []step{
		do(o.ID, "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID", o.ID.SQL(), catalog.Quote(next.Sub), faithful(d.Definition)).lock(mode, d.Table).
			why("added beside the old one, which holds until the two change places"),
		validate,
		do(o.ID, "ALTER TABLE %s DROP CONSTRAINT %s", o.ID.SQL(), catalog.Quote(old.ID.Sub)).lock(accessExclusive, d.Table),
		do(o.ID, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", o.ID.SQL(), catalog.Quote(next.Sub), catalog.Quote(o.ID.Sub)).lock(accessExclusive, d.Table),
	}
}

// dropConstraintStep drops a key whose successor stands.
func (p *planner) dropConstraintStep(old *catalog.Object) step {
	d := catalog.As[*catalog.Constraint](old)
	return do(old.ID, "ALTER TABLE %s DROP CONSTRAINT %s", old.ID.SQL(), catalog.Quote(old.ID.Sub)).lock(accessExclusive, d.Table)
}

// renamedIndex gives the index that CREATE INDEX makes another name.
func renamedIndex(def string, old, now catalog.ID) string {
	return strings.Replace(def, " INDEX "+catalog.Quote(old.Name)+" ON ", " INDEX "+catalog.Quote(now.Name)+" ON ", 1)
}
