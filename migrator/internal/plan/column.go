package plan

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

func (p *planner) defaultOf(c *catalog.Catalog, column catalog.ID) *catalog.Default {
	d, _ := detailOf[*catalog.Default](c.Objects[catalog.ID{Kind: catalog.KindDefault, Schema: column.Schema, Name: column.Name, Sub: column.Sub}])
	return d
}

// columnDefinition is a column as CREATE TABLE and ADD COLUMN write it.
func (p *planner) columnDefinition(o *catalog.Object, d *catalog.Column, withDefault bool) string {
	var b strings.Builder
	b.WriteString(catalog.Quote(o.ID.Sub) + " " + d.Type)
	if d.Compression != "" {
		b.WriteString(" COMPRESSION " + compression(d.Compression))
	}
	if len(d.ForeignOptions) > 0 {
		b.WriteString(" OPTIONS (" + foreignOptions(d.ForeignOptions) + ")")
	}
	if d.Collation != "" {
		b.WriteString(" COLLATE " + d.Collation)
	}
	if !p.filled(o, d) {
		b.WriteString(notNullWords(d))
	}
	def := p.defaultOf(p.to, o.ID)
	id := catalog.ID{Kind: catalog.KindDefault, Schema: o.ID.Schema, Name: o.ID.Name, Sub: o.ID.Sub}
	_, inline := p.graph.homes[nodeKey{id, phaseMake}]
	switch {
	case d.Identity != "" && d.Sequence == nil: // a partition has its parent's, once it is attached
	case d.Identity != "":
		b.WriteString(" GENERATED " + identityWord(d.Identity) + " AS IDENTITY" + identityOptions(o, d))
	case def == nil:
	case def.Generated && d.Generated == "v":
		b.WriteString(" GENERATED ALWAYS AS (" + faithful(def.Expr) + ") VIRTUAL")
	case def.Generated:
		b.WriteString(" GENERATED ALWAYS AS (" + faithful(def.Expr) + ") STORED")
	case withDefault && inline:
		b.WriteString(" DEFAULT " + def.Expr)
	}
	return b.String()
}

func compression(letter string) string {
	if letter == "l" {
		return "lz4"
	}
	return "pglz"
}

// columnExtras are the properties of a new column that its definition has no
// words for, or that differ from what the parent gives.
func (p *planner) columnExtras(o *catalog.Object, d *catalog.Column, t *catalog.Table, own bool) []step {
	base := &catalog.Column{StatsTarget: -1, NotNull: d.NotNull}
	var steps []step
	if !own {
		for _, parent := range t.Inherits {
			up := catalog.ID{Kind: catalog.KindColumn, Schema: parent.Schema, Name: parent.Name, Sub: o.ID.Sub}
			c, ok := detailOf[*catalog.Column](p.to.Objects[up])
			if !ok {
				continue
			}
			base.NotNull = c.NotNull
			base.Storage, base.Compression = c.Storage, c.Compression
			if !p.isNew(table(p.to, o.ID)) {
				base.Storage = "" // ADD COLUMN brought it, before the parent's storage was set
			}
			steps = append(steps, compressionSteps(o, base, d)...)
			def, theirs := p.defaultOf(p.to, o.ID), p.defaultOf(p.to, up)
			switch {
			case def != nil && !def.Generated && (theirs == nil || theirs.Expr != def.Expr):
				steps = append(steps, alterColumnStep(o, "SET DEFAULT %s", def.Expr))
			case def == nil && theirs != nil:
				steps = append(steps, alterColumnStep(o, "DROP DEFAULT"))
			}
			break
		}
	}
	if d.NotNull != base.NotNull {
		steps = append(steps, alterColumnStep(o, "SET NOT NULL"))
	}
	steps = append(steps, notNullExtras(o, d, catalog.ID{Schema: o.ID.Schema, Name: o.ID.Name}, !own)...)
	if d.Identity != "" {
		steps = append(steps, p.sequenceGrants(o, nil, d)...)
	}
	return append(steps, columnSettings(o, base, d)...)
}

// sequenceGrants brings the privileges on an identity column's sequence in
// line. A sequence that was just made has the default privileges.
func (p *planner) sequenceGrants(o *catalog.Object, old, now *catalog.Column) []step {
	if p.opts.NoGrants || now.SequenceName == "" {
		return nil
	}
	table, _ := p.to.Parent(o.ID)
	owner := p.to.Objects[table].Owner
	named := func(grants []catalog.Grant) []catalog.Grant {
		grants = slices.Clone(grants)
		for i := range grants {
			if grants[i].Grantee == "" {
				grants[i].Grantee = owner
			}
		}
		return grants
	}
	had := p.initial(catalog.KindSequence, catalog.ID{Kind: catalog.KindSequence, Schema: o.ID.Schema}, p.from.Role)
	if old != nil && old.Identity != "" {
		had = named(old.SequenceGrants)
	}
	steps := p.grants(&catalog.Object{ID: catalog.ID{Kind: catalog.KindSequence, Schema: o.ID.Schema, Name: "?"}}, renamed(had, p.from.Role, owner), named(now.SequenceGrants))
	for i := range steps {
		steps[i].SQL = strings.Replace(steps[i].SQL, "SEQUENCE "+catalog.Quote(o.ID.Schema)+`."?"`, "SEQUENCE "+now.SequenceName, 1)
		steps[i].Object = o.ID
	}
	return steps
}

func alterColumnStep(o *catalog.Object, format string, args ...any) step {
	return do(o.ID, "ALTER TABLE ONLY %s ALTER COLUMN %s %s", o.ID.SQL(), catalog.Quote(o.ID.Sub), fmt.Sprintf(format, args...)).
		lock(accessExclusive, catalog.ID{Schema: o.ID.Schema, Name: o.ID.Name})
}

// columnSettings brings storage, statistics and options in line.
func columnSettings(o *catalog.Object, old, now *catalog.Column) []step {
	was := *old
	was.Compression = now.Compression // in line already
	return settings(func(format string, args ...any) step { return alterColumnStep(o, format, args...) }, &was, now)
}

// settings are what ALTER COLUMN sets on the column of a table or of a
// materialized view.
func settings(alter func(string, ...any) step, old, now *catalog.Column) []step {
	var steps []step
	if old.Compression != now.Compression {
		name := "default"
		if now.Compression != "" {
			name = compression(now.Compression)
		}
		steps = append(steps, alter("SET COMPRESSION %s", name))
	}
	if old.Storage != now.Storage {
		name := map[string]string{"p": "PLAIN", "e": "EXTERNAL", "m": "MAIN", "x": "EXTENDED"}[now.Storage]
		if name == "" {
			name = "EXTENDED" // every type with a choice has it as its own
		}
		steps = append(steps, alter("SET STORAGE %s", name))
	}
	if old.StatsTarget != now.StatsTarget {
		steps = append(steps, alter("SET STATISTICS %d", now.StatsTarget))
	}
	return append(steps, optionSteps(alter, old.Options, now.Options, "")...)
}

// addColumn adds a column to a table that is there.
func (p *planner) addColumn(o *catalog.Object, d *catalog.Column) []step {
	table, _ := p.to.Parent(o.ID)
	st := do(o.ID, "ALTER TABLE %s ADD COLUMN %s", o.ID.SQL(), p.columnDefinition(o, d, true)).lock(accessExclusive, table)
	def := p.defaultOf(p.to, o.ID)
	switch {
	case d.Identity != "" || d.Generated == "s":
		st = p.dangerOn(st, table, lint.Rewrite, "%s is written anew to fill %s", table.Path(), o.ID.Sub)
	case def == nil && d.NotNull && !p.filled(o, d):
		st = p.dangerOn(st, table, lint.MayFail, "%s has no default and may not be null: this fails when the table has rows", o.ID.Sub)
	case p.ofDomain(o):
		st = p.dangerOn(st, table, lint.Rewrite, "%s is written anew if the type of %s has constraints", table.Path(), o.ID.Sub)
	case def != nil && strings.Contains(def.Expr, "("):
		st = p.dangerOn(st, table, lint.Rewrite, "%s is written anew if the default of %s is volatile", table.Path(), o.ID.Sub)
	}
	steps := []step{st}
	if t := tableOf(p.at(table).new); t != nil {
		steps = append(steps, p.columnExtras(o, d, t, true)...)
	}
	steps = append(steps, p.extras(o)...)
	return append(steps, p.childColumns(o.ID)...)
}

// childColumns are the settings of the columns that children get with their
// parent's, and that may differ from it.
func (p *planner) childColumns(column catalog.ID) []step {
	var steps []step
	for _, child := range p.children[table(p.to, column)] {
		id := catalog.ID{Kind: catalog.KindColumn, Schema: child.Schema, Name: child.Name, Sub: column.Sub}
		if home, ok := p.graph.homes[nodeKey{id, phaseMake}]; ok && home.id == column {
			part := p.to.Objects[id]
			steps = append(steps, p.columnExtras(part, catalog.As[*catalog.Column](part), tableOf(p.at(child).new), false)...)
			steps = append(steps, p.extras(part)...)
			steps = append(steps, p.childColumns(id)...)
		}
	}
	return steps
}

// ofDomain tells whether a column's type is a domain.
func (p *planner) ofDomain(o *catalog.Object) bool {
	return o.NeedsAny(func(id catalog.ID) bool { return id.Kind == catalog.KindDomain })
}

func (p *planner) dropColumn(s *state) []step {
	table, _ := p.from.Parent(s.id)
	only := ""
	for _, child := range p.children[table] {
		if c := p.at(catalog.ID{Kind: catalog.KindColumn, Schema: child.Schema, Name: child.Name, Sub: s.id.Sub}); c.new != nil && c.old != nil && s.new == nil {
			only = "ONLY " // the children keep it
		}
	}
	st := do(s.id, "ALTER TABLE %s%s DROP COLUMN %s", only, s.id.SQL(), catalog.Quote(s.id.Sub)).lock(accessExclusive, table)
	now, stays := detailOf[*catalog.Column](s.new)
	if d := catalog.As[*catalog.Column](s.old); d.Generated == "" || stays && now.Generated == "" {
		st = p.dangerOn(st, table, lint.DataLoss, "the values of %s are lost", s.id.Path())
	}
	return []step{st}
}

// setDefault sets a default on a column that is there.
func setDefault(o *catalog.Object, d *catalog.Default) []step {
	if d.Generated {
		return []step{alterColumnStep(o, "SET EXPRESSION AS (%s)", d.Expr)}
	}
	return []step{alterColumnStep(o, "SET DEFAULT %s", d.Expr)}
}

func dropDefault(o *catalog.Object, d *catalog.Default) []step {
	if d.Generated {
		return nil // DROP EXPRESSION belongs to the column
	}
	return []step{alterColumnStep(o, "DROP DEFAULT")}
}

func (p *planner) alterColumn(s *state) []step {
	o := s.new
	old, now := catalog.As[*catalog.Column](s.old), catalog.As[*catalog.Column](s.new)
	table, _ := p.to.Parent(o.ID)
	var steps []step
	if old.Generated != "" && now.Generated == "" && !s.retype && !p.parentDoes(s, func(up *state) bool { return up.differs(catalog.FieldGenerated) }) {
		steps = append(steps, do(o.ID, "ALTER TABLE %s ALTER COLUMN %s DROP EXPRESSION", o.ID.SQL(), catalog.Quote(o.ID.Sub)).lock(accessExclusive, table))
	}
	if s.retype && !p.parentDoes(s, func(up *state) bool { return up.retype }) {
		if p.split[table] {
			steps = append(steps, p.retypeSteps(table, []*state{s})...)
		}
		steps = append(steps, p.partitionComments(s)...)
		steps = append(steps, p.validAgain(s)...)
	}
	if old, now := ownIdentity(p.at(table).old, old), ownIdentity(p.at(table).new, now); old.Identity != "" && now.Identity == "" {
		steps = append(steps, p.identityStep(o, "DROP IDENTITY"))
	}
	if old.NotNull != now.NotNull && !p.parentDoes(s, func(up *state) bool { return up.differs(catalog.FieldNotNull) }) {
		steps = append(steps, p.nullability(s, now, table)...)
	} else if old.NotNull && now.NotNull {
		steps = append(steps, p.alterNotNull(s, table)...)
	}
	steps = append(steps, p.identitySteps(o, ownIdentity(p.at(table).old, old), ownIdentity(p.at(table).new, now))...)
	if now.Identity != "" && (old.Identity == "" || s.differs(catalog.FieldSequenceGrants)) {
		steps = append(steps, p.sequenceGrants(o, old, now)...)
	}
	if s.retype { // a new type brings its own storage and compression
		was := *old
		was.Storage, was.Compression = "", ""
		old = &was
	}
	steps = append(steps, compressionSteps(o, old, now)...)
	if s.differs(catalog.FieldForeignOptions) {
		steps = append(steps, do(o.ID, "ALTER FOREIGN TABLE %s ALTER COLUMN %s OPTIONS (%s)", o.ID.SQL(), catalog.Quote(o.ID.Sub),
			changedOptions(old.ForeignOptions, now.ForeignOptions)))
	}
	return append(steps, columnSettings(o, old, now)...)
}

func compressionSteps(o *catalog.Object, old, now *catalog.Column) []step {
	was := *now
	was.Compression = old.Compression
	return settings(func(format string, args ...any) step { return alterColumnStep(o, format, args...) }, &was, now)
}

// parentDoes tells whether the same change of a parent's column reaches this one.
func (p *planner) parentDoes(s *state, same func(*state) bool) bool {
	if d := catalog.As[*catalog.Column](s.old); !d.Inherited {
		return false
	}
	table, _ := p.to.Parent(s.id)
	for _, parent := range p.keptParents(p.at(table)) {
		up := p.at(catalog.ID{Kind: catalog.KindColumn, Schema: parent.Schema, Name: parent.Name, Sub: s.id.Sub})
		if up.altered() && same(up) {
			return true
		}
	}
	return false
}

// nullability changes NOT NULL. On a table in use the proof that no row is
// null is made beforehand by a check that is validated without stopping writes.
func (p *planner) nullability(s *state, now *catalog.Column, table catalog.ID) []step {
	o := s.new
	set := func(words string) step {
		return do(o.ID, "ALTER TABLE %s ALTER COLUMN %s %s", o.ID.SQL(), catalog.Quote(o.ID.Sub), words).lock(accessExclusive, table)
	}
	if !now.NotNull {
		return append(p.keepBelow(s), set("DROP NOT NULL").danger(lint.Correctness, "%s may be null from now on", o.ID.Path()))
	}
	if p.to.Version >= namedNotNull && p.from.Version >= namedNotNull && table.Kind == catalog.KindTable {
		return p.addNotNullOnline(o, now, table)
	}
	if !p.apartOK || table.Kind != catalog.KindTable {
		return []step{p.dangerOn(set("SET NOT NULL"), table, lint.Scan, "%s is read under a lock to see that no %s is null", table.Path(), o.ID.Sub)}
	}
	name := catalog.Quote(shorten(o.ID.Name+"_"+o.ID.Sub, "_not_null_proof"))
	return []step{
		do(o.ID, "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID", o.ID.SQL(), name, catalog.Quote(o.ID.Sub)).lock(accessExclusive, table),
		p.dangerOn(do(o.ID, "ALTER TABLE %s VALIDATE CONSTRAINT %s", o.ID.SQL(), name).lock(shareUpdateExclusive, table), table, lint.MayFail,
			"fails when a %s is null", o.ID.Path()).alone().last().patient(),
		set("SET NOT NULL").last(),
		do(o.ID, "ALTER TABLE %s DROP CONSTRAINT %s", o.ID.SQL(), name).lock(accessExclusive, table).last(),
	}
}

// shorten makes a name that PostgreSQL will not cut: 63 bytes. Of names that are too
// long the rest becomes a number, since names of indexes often differ at their ends.
func shorten(name, suffix string) string {
	room := 63 - len(suffix)
	if len(name) <= room {
		return name + suffix
	}
	sum := fnv.New32a()
	sum.Write([]byte(name))
	number := fmt.Sprintf("_%08x", sum.Sum32())
	return strings.ToValidUTF8(name[:room-len(number)], "") + number + suffix
}
