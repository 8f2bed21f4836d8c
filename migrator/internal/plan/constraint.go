package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// constraintText is a constraint's definition with its index's options.
func constraintText(d *catalog.Constraint) string {
	s := faithful(d.Definition)
	if d.Type == "x" {
		return s // an exclusion constraint's definition has all of its index's words
	}
	extra := ""
	if len(d.IndexOptions) > 0 {
		extra += " WITH (" + storage(d.OptionOrder) + ")"
	}
	if d.Tablespace != "" {
		extra += " USING INDEX TABLESPACE " + catalog.Quote(d.Tablespace)
	}
	if extra == "" {
		return s
	}
	at := len(s)
	for _, tail := range []string{" WHERE (", " DEFERRABLE"} {
		if i := strings.LastIndex(s, tail); i >= 0 && i < at {
			at = i
		}
	}
	return s[:at] + extra + s[at:]
}

// constraintExtras are the properties that a constraint's definition has no words for.
func (p *planner) constraintExtras(o *catalog.Object, d *catalog.Constraint) []step {
	var steps []step
	if d.Clustered {
		steps = append(steps, do(o.ID, "ALTER TABLE %s CLUSTER ON %s", o.ID.SQL(), catalog.Quote(o.ID.Sub)))
	}
	if d.IndexComment != "" {
		steps = append(steps, indexComment(o, d))
	}
	return append(steps, p.replicaIdentity(d.Table, o.ID.Sub)...)
}

func indexComment(o *catalog.Object, d *catalog.Constraint) step {
	value := "NULL"
	if d.IndexComment != "" {
		value = catalog.Literal(d.IndexComment)
	}
	return do(o.ID, "COMMENT ON INDEX %s.%s IS %s", catalog.Quote(o.ID.Schema), catalog.Quote(o.ID.Sub), value)
}

// replicaIdentity makes an index that was just built the table's identity.
func (p *planner) replicaIdentity(table catalog.ID, index string) []step {
	t := tableOf(p.at(table).new)
	if t == nil || t.ReplicaIdentity != "i" || t.ReplicaIndex != catalog.Quote(table.Schema)+"."+catalog.Quote(index) {
		return nil
	}
	return []step{do(table, "ALTER TABLE %s REPLICA IDENTITY USING INDEX %s", table.SQL(), catalog.Quote(index))}
}

// makeConstraint adds a constraint to a table or domain that is there.
func (p *planner) makeConstraint(o *catalog.Object, d *catalog.Constraint) []step {
	name := catalog.Quote(o.ID.Sub)
	if o.ID.Kind == catalog.KindDomainConstraint {
		st := do(o.ID, "ALTER DOMAIN %s ADD CONSTRAINT %s %s", o.ID.SQL(), name, faithful(d.Definition))
		if domain := (catalog.ID{Kind: catalog.KindDomain, Schema: o.ID.Schema, Name: o.ID.Name}); d.Validated && !p.at(domain).made() {
			st = p.onDomain(st, domain)
		}
		return []step{st}
	}
	if !d.Local && d.Inherited && d.Type == "c" {
		if t := p.at(d.Table); !t.attach || p.parentHas(o.ID, t) {
			return nil // the parent's statement brings it
		}
	}
	add := func(text string) step {
		return do(o.ID, "ALTER TABLE %s ADD CONSTRAINT %s %s", p.tableName(d), name, text)
	}
	if steps, ok := p.exchange(o, d); ok {
		return append(steps, p.constraintExtras(o, d)...)
	}
	if built := p.builtAs(o.ID); built != o.ID {
		return p.besideKey(o, d, built)
	}
	fresh := p.isNew(d.Table)
	t := tableOf(p.at(d.Table).new)
	partitioned := t != nil && t.Partitioned()
	var steps []step
	switch d.Type {
	case "f", "c":
		mode, text := shareRowExclusive, p.foreignKey(o, d)
		if d.Type == "c" {
			mode = accessExclusive
		}
		switch {
		case !d.Validated, fresh, !p.apartOK, partitioned && d.Type == "f" && p.to.Version < namedNotNull: // foreign keys NOT VALID came with 18
			st := add(text).lock(mode, d.Table)
			if d.Validated && !fresh {
				st = p.dangerOn(st, d.Table, lint.Scan, "%s is read under a lock to check its rows", d.Table.Path())
			}
			if d.Type == "f" && d.Validated && p.rebuilt(p.at(d.Table)) {
				st = p.dangerOn(st, d.References, lint.Scan, "%s is read to check the rows that came back", d.References.Path())
			}
			for _, child := range p.children[d.Table] {
				if d.Validated && fresh && !p.isNew(child) {
					st = p.dangerOn(st, child, lint.Scan, "%s is read under a lock to check its rows", child.Path())
				}
			}
			steps = append(steps, st)
			steps = append(steps, p.validChildren(o, d)...)
		default:
			steps = append(steps, add(text+" NOT VALID").lock(mode, d.Table), p.validate(o, d))
		}
	case "p", "u":
		steps = p.makeKey(o, d, add, fresh || partitioned)
	default:
		st := add(constraintText(d)).lock(accessExclusive, d.Table)
		if !fresh {
			st = p.dangerOn(st, d.Table, lint.IndexBuild, "the index is built while nobody can read %s; PostgreSQL has no other way for exclusion constraints", d.Table.Path())
		}
		steps = append(steps, st)
	}
	return append(steps, p.constraintExtras(o, d)...)
}

// exchange lets a constraint change places with its old self, or with an index
// of its name.
func (p *planner) exchange(o *catalog.Object, d *catalog.Constraint) ([]step, bool) {
	s := p.at(o.ID)
	index := p.namesake(s)
	switch {
	case index != nil:
		return p.exchangeKey(o, d, index.old), true
	case !p.exchanged(s):
		return nil, false
	case d.Type == "f" || d.Type == "c":
		return p.exchangeConstraint(o, d, s.old), true
	}
	return p.exchangeKey(o, d, s.old), true
}

// parentHas tells whether a check is one of a parent that the table does not leave.
func (p *planner) parentHas(id catalog.ID, table *state) bool {
	return slices.ContainsFunc(p.keptParents(table), func(parent catalog.ID) bool {
		up := p.at(catalog.ID{Kind: id.Kind, Schema: parent.Schema, Name: parent.Name, Sub: id.Sub})
		return up.old != nil || up.new != nil
	})
}

// tableName is the table as ADD CONSTRAINT names it: partitions make their own
// keys, and are attached after.
func (p *planner) tableName(d *catalog.Constraint) string {
	t := tableOf(p.at(d.Table).new)
	if t != nil && t.Partitioned() && (d.Type == "p" || d.Type == "u") {
		return "ONLY " + d.Table.SQL()
	}
	return d.Table.SQL()
}

// validChildren validates a check on the children whose own is valid, where the
// parent's, which brings it to them, is not.
func (p *planner) validChildren(o *catalog.Object, d *catalog.Constraint) []step {
	var steps []step
	for _, child := range p.children[d.Table] {
		id := catalog.ID{Kind: o.ID.Kind, Schema: child.Schema, Name: child.Name, Sub: o.ID.Sub}
		home, ok := p.graph.homes[nodeKey{id, phaseMake}]
		if c, is := detailOf[*catalog.Constraint](p.at(id).new); ok && is && home.id == o.ID && !d.Validated && c.Validated {
			steps = append(steps, p.validate(p.at(id).new, c))
		}
	}
	return steps
}

// validAgain validates the checks of children whose parent's is not valid: when
// a column's type changes, PostgreSQL makes them again from the parent's.
func (p *planner) validAgain(column *state) []step {
	var steps []step
	var below func(table, check catalog.ID)
	below = func(table, check catalog.ID) {
		for _, child := range p.children[table] {
			id := catalog.ID{Kind: check.Kind, Schema: child.Schema, Name: child.Name, Sub: check.Sub}
			s := p.at(id)
			if d, ok := detailOf[*catalog.Constraint](s.new); ok && s.old != nil && !s.gone && d.Validated && d.Inherited {
				steps = append(steps, p.validate(s.new, d))
			}
			below(child, id)
		}
	}
	for _, user := range p.users.of(column.id) {
		if d, ok := detailOf[*catalog.Constraint](p.at(user).new); ok && d.Type == "c" && !d.Validated && !p.at(user).gone {
			below(d.Table, user)
		}
	}
	return steps
}

func (p *planner) validate(o *catalog.Object, d *catalog.Constraint) step {
	st := do(o.ID, "ALTER TABLE %s VALIDATE CONSTRAINT %s", o.ID.SQL(), catalog.Quote(o.ID.Sub)).lock(shareUpdateExclusive, d.Table)
	st = p.dangerOn(st, d.Table, lint.MayFail, "fails when a row does not satisfy %s", o.ID.Sub)
	if p.apartOK {
		return st.alone().last().patient()
	}
	return st.many()
}

// makeKey adds a primary key or unique constraint; on a table in use its index
// is built first, concurrently.
func (p *planner) makeKey(o *catalog.Object, d *catalog.Constraint, add func(string) step, plain bool) []step {
	if plain || !p.apartOK || d.Index == "" || strings.Contains(d.Definition, " WITHOUT OVERLAPS") { // that is GiST's, which ADD CONSTRAINT alone can build
		st := add(constraintText(d)).lock(accessExclusive, d.Table)
		if !plain {
			st = p.dangerOn(st, d.Table, lint.IndexBuild, "the index is built while nobody can read %s", d.Table.Path())
		}
		return []step{st}
	}
	build := say(o.ID, concurrently(p.keyIndexSQL(d))).lock(shareUpdateExclusive, d.Table).alone().patient()
	build = p.dangerOn(build, d.Table, lint.IndexBuild, "an index is built; it fails, and leaves an INVALID index, when rows are not unique")
	return []step{build, p.useIndex(o, d, catalog.ID{Kind: catalog.KindIndex, Schema: o.ID.Schema, Name: o.ID.Sub})}
}

// keyIndexSQL is the CREATE INDEX of a key's index.
func (p *planner) keyIndexSQL(d *catalog.Constraint) string {
	return indexSQL(&catalog.Index{Definition: d.Index, OptionOrder: d.OptionOrder, Tablespace: d.Tablespace})
}

// useIndex makes a key of an index, which takes the key's name.
func (p *planner) useIndex(o *catalog.Object, d *catalog.Constraint, index catalog.ID) step {
	word := "UNIQUE"
	if d.Type == "p" {
		word = "PRIMARY KEY"
	}
	tail := ""
	if i := strings.LastIndex(d.Definition, ") DEFERRABLE"); i >= 0 {
		tail = d.Definition[i+1:]
	}
	return do(o.ID, "ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s%s", p.tableName(d), catalog.Quote(o.ID.Sub), word, catalog.Quote(index.Name), tail).lock(accessExclusive, d.Table)
}

func (p *planner) dropConstraint(s *state) []step {
	d := catalog.As[*catalog.Constraint](s.old)
	if p.taken(s) || p.exchangedTree(s) {
		return nil
	}
	if s.id.Kind == catalog.KindDomainConstraint {
		return []step{do(s.id, "ALTER DOMAIN %s DROP CONSTRAINT %s", s.id.SQL(), catalog.Quote(s.id.Sub)).
			danger(lint.Correctness, "%s is no longer enforced", s.id.Path())}
	}
	if t := p.at(d.Table); !d.Local && d.Inherited && d.Type == "c" && (!t.detach || p.parentHas(s.id, t)) {
		return nil // goes with the parent's
	}
	st := do(s.id, "ALTER TABLE %s DROP CONSTRAINT %s", s.id.SQL(), catalog.Quote(s.id.Sub)).lock(accessExclusive, d.Table)
	if s.new == nil {
		st = st.danger(lint.Correctness, "%s is no longer enforced", s.id.Path())
	} else {
		st = st.danger(lint.Correctness, "%s is not enforced until it is there again", s.id.Path())
	}
	return []step{st}
}

func (p *planner) alterConstraint(s *state) []step {
	o := s.new
	if o.ID.Kind == catalog.KindDomainConstraint {
		if s.differs(catalog.FieldDefinition) {
			st := do(o.ID, "ALTER DOMAIN %s VALIDATE CONSTRAINT %s", o.ID.SQL(), catalog.Quote(o.ID.Sub)).many()
			return []step{p.onDomain(st, catalog.ID{Kind: catalog.KindDomain, Schema: o.ID.Schema, Name: o.ID.Name})}
		}
		return nil
	}
	old, now := catalog.As[*catalog.Constraint](s.old), catalog.As[*catalog.Constraint](s.new)
	var steps []step
	if s.differs(catalog.FieldDefinition) {
		if !old.Validated && now.Validated {
			steps = append(steps, p.validate(o, now))
		} else {
			steps = append(steps, do(o.ID, "ALTER TABLE %s ALTER CONSTRAINT %s %s", o.ID.SQL(), catalog.Quote(o.ID.Sub), timing(now.Definition)))
		}
	}
	index := catalog.Quote(o.ID.Schema) + "." + catalog.Quote(o.ID.Sub)
	alter := func(format string, args ...any) step {
		return say(o.ID, "ALTER INDEX "+index+" "+fmt.Sprintf(format, args...))
	}
	steps = append(steps, optionSteps(alter, old.IndexOptions, now.OptionOrder, "")...)
	if s.differs(catalog.FieldTablespace) {
		name := now.Tablespace
		if name == "" {
			name = "pg_default"
		}
		steps = append(steps, alter("SET TABLESPACE %s", catalog.Quote(name)))
	}
	steps = append(steps, cluster(s, old.Clustered, now.Clustered, now.Table, o.ID.Sub)...)
	if s.differs(catalog.FieldIndexComment) {
		steps = append(steps, indexComment(o, now))
	}
	return steps
}

// cluster marks the index by which CLUSTER sorts, or takes the mark away.
func cluster(s *state, old, now bool, table catalog.ID, index string) []step {
	switch {
	case old == now:
		return nil
	case now:
		return []step{do(s.id, "ALTER TABLE %s CLUSTER ON %s", table.SQL(), catalog.Quote(index))}
	}
	return []step{do(s.id, "ALTER TABLE %s SET WITHOUT CLUSTER", table.SQL())}
}

func timing(def string) string {
	switch {
	case strings.HasSuffix(def, "INITIALLY DEFERRED"):
		return "DEFERRABLE INITIALLY DEFERRED"
	case strings.HasSuffix(def, "DEFERRABLE"):
		return "DEFERRABLE INITIALLY IMMEDIATE"
	}
	return "NOT DEFERRABLE"
}
