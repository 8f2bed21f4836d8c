package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// concurrently turns a CREATE INDEX into one that does not stop writes.
func concurrently(def string) string {
	for _, head := range []string{"CREATE UNIQUE INDEX ", "CREATE INDEX "} {
		if rest, ok := strings.CutPrefix(def, head); ok {
			return head + "CONCURRENTLY " + rest
		}
	}
	return def
}

// online tells whether an index of a relation is built and dropped concurrently.
func (p *planner) online(d *catalog.Index, inPassing bool) bool {
	return p.apartOK && !d.Partitioned && !p.isNew(d.Table) && !inPassing
}

// indexSQL is CREATE INDEX with storage parameters and tablespace.
func indexSQL(d *catalog.Index) string {
	def := faithful(d.Definition)
	tail := ""
	if len(d.OptionOrder) > 0 {
		tail = " WITH (" + storage(d.OptionOrder) + ")"
	}
	if d.Tablespace != "" {
		tail += " TABLESPACE " + catalog.Quote(d.Tablespace)
	}
	if tail == "" {
		return def
	}
	if i := strings.LastIndex(def, " WHERE "); i >= 0 {
		return def[:i] + tail + def[i:]
	}
	return def + tail
}

func (p *planner) makeIndex(o *catalog.Object, d *catalog.Index) []step {
	if s := p.at(o.ID); p.exchanged(s) {
		return p.exchangeIndex(o, d, s.old)
	} else if key := p.namesake(s); key != nil {
		return p.exchangeIndex(o, d, key.old)
	}
	built := p.builtAs(o.ID)
	def := renamedIndex(indexSQL(d), o.ID, built)
	st := say(o.ID, def).lock(share, d.Table)
	if p.online(d, p.inPassing(p.at(o.ID))) {
		st = say(o.ID, concurrently(def)).lock(shareUpdateExclusive, d.Table).alone().patient()
		st = p.dangerOn(st, d.Table, lint.IndexBuild, "an index on %s is built", d.Table.Path())
	} else if !p.isNew(d.Table) && !d.Partitioned {
		st = p.dangerOn(st, d.Table, lint.IndexBuild, "an index on %s is built", d.Table.Path())
		st = p.dangerOn(st, d.Table, lint.BlocksWrites, "writes to %s wait until it is built", d.Table.Path())
	}
	if d.Unique && !p.isNew(d.Table) && !d.Partitioned {
		st = p.dangerOn(st, d.Table, lint.MayFail, "fails when rows are not unique")
	}
	if built != o.ID {
		return []step{st} // the rest comes when it has its name
	}
	steps := append([]step{st}, indexSettings(o, &catalog.Index{}, d)...)
	steps = append(steps, p.replicaIdentity(d.Table, o.ID.Name)...)
	return append(steps, p.extras(o)...)
}

func indexSettings(o *catalog.Object, old, now *catalog.Index) []step {
	steps := cluster(&state{id: o.ID}, old.Clustered, now.Clustered, now.Table, o.ID.Name)
	had, want := optionMap(old.StatsTargets), optionMap(now.StatsTargets)
	for _, t := range now.StatsTargets {
		column, target, _ := strings.Cut(t, "=")
		if had[column] != target {
			steps = append(steps, do(o.ID, "ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s", o.ID.SQL(), column, target))
		}
	}
	for _, t := range old.StatsTargets {
		if column, _, _ := strings.Cut(t, "="); want[column] == "" {
			steps = append(steps, do(o.ID, "ALTER INDEX %s ALTER COLUMN %s SET STATISTICS -1", o.ID.SQL(), column))
		}
	}
	return steps
}

func (p *planner) dropIndex(o *catalog.Object, d *catalog.Index) []step {
	s := p.at(o.ID)
	if p.taken(s) || p.exchangedTree(s) {
		return nil
	}
	if p.apartOK && !d.Partitioned && d.Parent.Kind == "" && !p.at(d.Table).gone && !p.inPassing(s) {
		st := p.uniqueLost(say(o.ID, "DROP INDEX CONCURRENTLY "+o.ID.SQL()).lock(shareUpdateExclusive, d.Table).alone().patient(), o, s.new)
		return []step{awayFor(st, o, s.new)}
	}
	cascade := ""
	if p.beneathKey(o.ID) {
		cascade = " CASCADE" // a partition's key is attached to it, and can go in no other way
	}
	st := say(o.ID, "DROP INDEX "+o.ID.SQL()+cascade).lock(accessExclusive, d.Table)
	if p.at(d.Table).gone {
		return []step{st}
	}
	return []step{p.uniqueLost(st, o, s.new)}
}

// inPassing tells whether an index is replaced only because its table is written
// anew: that locks the table anyhow, and the index belongs in its transaction.
func (p *planner) inPassing(s *state) bool {
	d, ok := detailOf[*catalog.Index](s.old)
	return ok && s.gone && s.new != nil && s.because != "" && len(p.retypes(d.Table)) > 0
}

// beneathKey tells whether a partition's constraint is attached to an index
// that is none.
func (p *planner) beneathKey(index catalog.ID) bool {
	for _, user := range p.users.of(index) {
		if d, ok := detailOf[*catalog.Constraint](p.at(user).old); ok && d.ParentIndex == index {
			return true
		}
	}
	return false
}

func (p *planner) alterIndex(s *state) []step {
	o := s.new
	old, now := catalog.As[*catalog.Index](s.old), catalog.As[*catalog.Index](s.new)
	alter := func(format string, args ...any) step {
		return say(o.ID, "ALTER INDEX "+o.ID.SQL()+" "+fmt.Sprintf(format, args...))
	}
	steps := optionSteps(alter, old.Options, now.OptionOrder, "")
	if s.differs(catalog.FieldTablespace) {
		name := now.Tablespace
		if name == "" {
			name = "pg_default"
		}
		steps = append(steps, alter("SET TABLESPACE %s", catalog.Quote(name)))
	}
	if !old.Valid && now.Valid && !now.Partitioned {
		st := do(o.ID, "REINDEX INDEX %s", o.ID.SQL())
		if p.apartOK {
			st = do(o.ID, "REINDEX INDEX CONCURRENTLY %s", o.ID.SQL()).alone().patient()
		}
		steps = append(steps, p.dangerOn(st, now.Table, lint.IndexBuild, "an INVALID index is built again"))
	}
	return append(steps, indexSettings(o, old, now)...)
}

// partitionComments sets the comments of partitions' indexes again: when a
// column's type changes, PostgreSQL builds them again with that of the topmost.
func (p *planner) partitionComments(column *state) []step {
	var steps []step
	var below func(index catalog.ID, text string)
	below = func(index catalog.ID, text string) {
		for _, id := range p.to.Order {
			o := p.to.Objects[id]
			if up, ok := upperIndex(o); !ok || up != index || p.at(id).made() {
				continue
			}
			if d, key := o.Detail.(*catalog.Constraint); key && d.IndexComment != text {
				steps = append(steps, indexComment(o, d))
			} else if !key && o.Comment != text {
				steps = append(steps, comment(o, o.Comment))
			}
			below(id, text)
		}
	}
	for _, user := range p.users.of(column.id) {
		switch d := p.at(user); {
		case d.new == nil || d.gone:
		case user.Kind == catalog.KindIndex:
			below(user, d.new.Comment)
		case user.Kind == catalog.KindConstraint:
			below(user, catalog.As[*catalog.Constraint](d.new).IndexComment)
		}
	}
	return steps
}

// attachIndex joins an index or key of a partition to its parent's.
func (p *planner) attachIndex(s *state) []step {
	if s.new == nil {
		return nil
	}
	parent, ok := upperIndex(s.new)
	if !ok || p.treeOf(s.new) != nil {
		return nil
	}
	table, _ := p.to.Parent(s.id)
	if !s.made() && !s.differs(catalog.FieldParent, catalog.FieldParentIndex) && !p.at(parent).made() && !p.at(table).attach {
		return nil
	}
	st := say(s.id, p.attachedTo(parent, s.id))
	if p.apartOK && !p.isNew(table) && !p.at(table).attach {
		st = st.alone() // two of them in one transaction may lock in another order than a query does
	}
	return []step{st}
}
