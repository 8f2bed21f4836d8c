package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// makeTable creates a table with the parts that its statement can hold; a
// partition is made as a table of its own and attached later, so that its
// keys and indexes have their own names.
func (p *planner) makeTable(o *catalog.Object, t *catalog.Table) []step {
	var items []string
	var after []step
	for _, id := range p.newParts.of(o.ID) {
		if home, ok := p.graph.homes[nodeKey{id, phaseMake}]; !ok || home.id != o.ID {
			continue
		}
		part := p.to.Objects[id]
		switch d := part.Detail.(type) {
		case *catalog.Column:
			own := t.Bound != "" || len(t.Inherits) == 0 || d.Local
			if own && t.OfType == "" {
				items = append(items, p.columnDefinition(part, d, true))
			}
			after = append(after, p.columnExtras(part, d, t, own)...)
			after = append(after, p.extras(part)...)
		case *catalog.Constraint:
			if t.Bound != "" || len(t.Inherits) == 0 || d.Local {
				items = append(items, "CONSTRAINT "+catalog.Quote(id.Sub)+" "+constraintText(d))
			}
			after = append(after, p.constraintExtras(part, d)...)
			after = append(after, p.extras(part)...)
		}
	}
	create := say(o.ID, createTable(o, t, items))
	for _, parent := range t.Inherits {
		if t.Bound == "" && !p.isNew(parent) {
			create = create.lock(shareUpdateExclusive, parent)
		}
	}
	steps := []step{create}
	steps = append(steps, p.extras(o)...)
	if t.OfType != "" {
		after = append(p.typedColumns(o), after...)
	}
	if o.ID.Kind == catalog.KindTable {
		steps = append(steps, tableSettings(o, &catalog.Table{ReplicaIdentity: "d"}, t)...)
	}
	return append(steps, after...)
}

func createTable(o *catalog.Object, t *catalog.Table, items []string) string {
	var b strings.Builder
	b.WriteString("CREATE ")
	if t.Persistence == "u" {
		b.WriteString("UNLOGGED ")
	}
	b.WriteString(word(o.ID.Kind) + " " + o.ID.SQL())
	switch {
	case t.OfType != "":
		b.WriteString(" OF " + t.OfType)
		if len(items) > 0 {
			b.WriteString(" (\n    " + strings.Join(items, ",\n    ") + "\n)")
		}
	case len(items) == 0:
		b.WriteString(" ()")
	default:
		b.WriteString(" (\n    " + strings.Join(items, ",\n    ") + "\n)")
	}
	if t.Bound == "" && len(t.Inherits) > 0 {
		var names []string
		for _, id := range t.Inherits {
			names = append(names, id.SQL())
		}
		b.WriteString(" INHERITS (" + strings.Join(names, ", ") + ")")
	}
	if t.Server != "" {
		b.WriteString(" SERVER " + catalog.Quote(t.Server))
		if len(t.ForeignOptions) > 0 {
			b.WriteString(" OPTIONS (" + foreignOptions(t.ForeignOptions) + ")")
		}
	}
	if t.PartitionKey != "" {
		b.WriteString(" PARTITION BY " + t.PartitionKey)
	}
	if t.AccessMethod != "" && t.AccessMethod != "heap" {
		b.WriteString(" USING " + catalog.Quote(t.AccessMethod))
	}
	options := append([]string{}, t.OptionOrder...)
	for _, option := range t.ToastOptions {
		options = append(options, "toast."+option)
	}
	if len(options) > 0 {
		b.WriteString(" WITH (" + storage(options) + ")")
	}
	if t.Tablespace != "" {
		b.WriteString(" TABLESPACE " + catalog.Quote(t.Tablespace))
	}
	return b.String()
}

// storage writes storage parameters: name=value becomes name = 'value'.
func storage(options []string) string {
	out := make([]string, len(options))
	for i, o := range options {
		name, value, _ := strings.Cut(o, "=")
		if !plainValue(value) {
			value = catalog.Literal(value)
		}
		out[i] = name + " = " + value
	}
	return strings.Join(out, ", ")
}

func plainValue(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' {
			return false
		}
	}
	return s != "" && catalog.Quote("a"+s) == "a"+strings.ReplaceAll(s, ".", "") || s == "on" || s == "true" || s == "false" || s == "off"
}

func (p *planner) typedColumns(o *catalog.Object) []step {
	var steps []step
	for _, id := range p.newParts.of(o.ID) {
		if d, ok := p.to.Objects[id].Detail.(*catalog.Column); ok {
			if d.NotNull {
				steps = append(steps, do(id, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", o.ID.SQL(), catalog.Quote(id.Sub)))
			}
			if def := p.defaultOf(p.to, id); def != nil {
				steps = append(steps, setDefault(p.to.Objects[catalog.ID{Kind: catalog.KindDefault, Schema: id.Schema, Name: id.Name, Sub: id.Sub}], def)...)
			}
		}
	}
	return steps
}

// tableSettings are the properties that CREATE TABLE has no words for.
func tableSettings(o *catalog.Object, old, now *catalog.Table) []step {
	alter := func(format string, args ...any) step {
		return say(o.ID, "ALTER TABLE "+o.ID.SQL()+" "+fmt.Sprintf(format, args...)).lock(accessExclusive, o.ID)
	}
	var steps []step
	if old.ReplicaIdentity != now.ReplicaIdentity && now.ReplicaIdentity != "i" {
		steps = append(steps, alter("REPLICA IDENTITY %s", map[string]string{"d": "DEFAULT", "n": "NOTHING", "f": "FULL"}[now.ReplicaIdentity]))
	}
	if old.RowSecurity != now.RowSecurity {
		if now.RowSecurity {
			steps = append(steps, alter("ENABLE ROW LEVEL SECURITY").danger(lint.Permissions, "row security begins on %s: roles without a policy see no rows", o.ID.Path()))
		} else {
			steps = append(steps, alter("DISABLE ROW LEVEL SECURITY").danger(lint.Permissions, "row security ends on %s: everybody with a grant sees all rows", o.ID.Path()))
		}
	}
	if old.ForceRowSecurity != now.ForceRowSecurity {
		if now.ForceRowSecurity {
			steps = append(steps, alter("FORCE ROW LEVEL SECURITY"))
		} else {
			steps = append(steps, alter("NO FORCE ROW LEVEL SECURITY").danger(lint.Permissions, "row security no longer binds the owner of %s", o.ID.Path()))
		}
	}
	return steps
}

func (p *planner) alterTable(s *state) []step {
	o := s.new
	old, now := tableOf(s.old), tableOf(s.new)
	alter := func(format string, args ...any) step {
		return say(o.ID, "ALTER "+word(o.ID.Kind)+" "+o.ID.SQL()+" "+fmt.Sprintf(format, args...)).lock(accessExclusive, o.ID)
	}
	rewrite := func(st step) step {
		return p.dangerOn(st, o.ID, lint.Rewrite, "%s is written anew while nobody can read it", o.ID.Path())
	}
	var steps []step
	if s.differs(catalog.FieldPersistence) {
		st := rewrite(alter("%s", setPersistence(now.Persistence)))
		if now.Persistence == "u" {
			st = st.danger(lint.Correctness, "%s is emptied after a crash and is not replicated", o.ID.Path())
		}
		steps = append(append(steps, st), p.sequencesStay(o.ID, now.Persistence)...)
	}
	if s.differs(catalog.FieldAccessMethod) {
		st := alter("SET ACCESS METHOD DEFAULT")
		if now.AccessMethod != "" {
			st = alter("SET ACCESS METHOD %s", catalog.Quote(now.AccessMethod))
		}
		if !now.Partitioned() { // which has no rows of its own
			st = rewrite(st)
		}
		steps = append(steps, st)
	}
	if s.differs(catalog.FieldTablespace) {
		name := now.Tablespace
		if name == "" {
			name = "pg_default"
		}
		steps = append(steps, rewrite(alter("SET TABLESPACE %s", catalog.Quote(name))))
	}
	steps = append(steps, optionSteps(alter, old.Options, now.OptionOrder, "")...)
	steps = append(steps, optionSteps(alter, old.ToastOptions, now.ToastOptions, "toast.")...)
	if s.differs(catalog.FieldForeignOptions) {
		steps = append(steps, alter("OPTIONS (%s)", changedOptions(old.ForeignOptions, now.ForeignOptions)))
	}
	if s.differs(catalog.FieldReplicaIndex) && now.ReplicaIdentity == "i" {
		for _, id := range p.newParts.of(o.ID) {
			index := id.Name
			if id.Kind == catalog.KindConstraint {
				index = id.Sub
			}
			if !p.at(id).made() && (id.Kind == catalog.KindConstraint || id.Kind == catalog.KindIndex) {
				steps = append(steps, p.replicaIdentity(o.ID, index)...)
			}
		}
	}
	return append(steps, tableSettings(o, old, now)...)
}

// optionSteps sets and resets storage parameters.
func optionSteps(alter func(string, ...any) step, old, now []string, prefix string) []step {
	had, want := optionMap(old), optionMap(now)
	var set, reset []string
	changed := false
	for _, o := range now {
		name, value, _ := strings.Cut(o, "=")
		v, ok := had[name]
		changed = changed || !ok || v != value
		set = append(set, prefix+o) // all of them, which keeps their order
	}
	if !changed {
		set = nil
	}
	for _, o := range old {
		name, _, _ := strings.Cut(o, "=")
		if _, ok := want[name]; !ok {
			reset = append(reset, prefix+name)
		}
	}
	var steps []step
	if len(reset) > 0 {
		steps = append(steps, alter("RESET (%s)", strings.Join(reset, ", ")))
	}
	if len(set) > 0 {
		steps = append(steps, alter("SET (%s)", storage(set)))
	}
	return steps
}

func optionMap(options []string) map[string]string {
	m := map[string]string{}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		m[name] = value
	}
	return m
}

func (p *planner) dropTable(s *state) []step {
	st := say(s.id, "DROP "+reference(s.old)).lock(accessExclusive, s.id)
	if p.rebuilt(s) {
		if p.movesAside(s) {
			return p.moveAside(s)
		}
		return append(p.saveRows(s), p.losing(st, s))
	}
	// A partitioned table has no rows: its partitions have, which go by
	// statements of their own or stay.
	if s.id.Kind == catalog.KindTable && !tableOf(s.old).Partitioned() {
		why := "the rows of %s are lost"
		if s.new != nil {
			why = "%s is dropped and created again: its rows are lost"
		}
		st = p.dangerOn(st, s.id, lint.DataLoss, why, s.id.Path())
	}
	return []step{st}
}

// detachTable takes a child out of its old parents.
func (p *planner) detachTable(s *state) []step {
	var steps []step
	old := tableOf(s.old)
	if old.OfType != "" {
		steps = append(steps, do(s.id, "ALTER TABLE %s NOT OF", s.id.SQL()).lock(accessExclusive, s.id))
	}
	kept := p.keptParents(s)
	for _, parent := range old.Inherits {
		if slices.Contains(kept, parent) {
			continue
		}
		if old.Bound != "" {
			steps = append(steps, do(s.id, "ALTER TABLE %s DETACH PARTITION %s", parent.SQL(), s.id.SQL()).lock(accessExclusive, parent).
				danger(lint.Correctness, "the rows of %s are no longer seen through %s", s.id.Path(), parent.Path()))
		} else {
			steps = append(steps, do(s.id, "ALTER TABLE %s NO INHERIT %s", s.id.SQL(), parent.SQL()).lock(accessExclusive, s.id))
		}
	}
	for _, k := range old.KeyCopies {
		if !p.at(k.Parent).gone {
			steps = append(steps, do(s.id, "ALTER TABLE %s DROP CONSTRAINT %s", s.id.SQL(), catalog.Quote(k.Name)).
				why("the copy of its parent's, which the partition keeps when it leaves"))
		}
	}
	return steps
}

// attachTable brings a child to its parents.
func (p *planner) attachTable(s *state) []step {
	now := tableOf(s.new)
	var steps []step
	if now.OfType != "" && !s.made() {
		steps = append(steps, do(s.id, "ALTER TABLE %s OF %s", s.id.SQL(), now.OfType).lock(accessExclusive, s.id))
	}
	kept := p.keptParents(s)
	for _, parent := range now.Inherits {
		if slices.Contains(kept, parent) {
			continue
		}
		switch {
		case now.Bound != "":
			st := do(s.id, "ALTER TABLE %s ATTACH PARTITION %s %s", parent.SQL(), s.id.SQL(), now.Bound).lock(shareUpdateExclusive, parent)
			if !s.made() {
				st = p.dangerOn(st.lock(accessExclusive, s.id), s.id, lint.Scan, "%s is read to see that its rows are within the bounds", s.id.Path())
			}
			steps = append(steps, st)
		case !s.made():
			steps = append(steps, do(s.id, "ALTER TABLE %s INHERIT %s", s.id.SQL(), parent.SQL()).lock(accessExclusive, s.id))
		}
	}
	return steps
}

func (p *planner) loss(st step, id catalog.ID) step {
	return st.danger(lint.DataLoss, "what %s holds is lost", id)
}
