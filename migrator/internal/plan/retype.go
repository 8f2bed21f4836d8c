package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/convert"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// retypes are the columns of a table whose types change in place, and not by
// their parents' statement.
func (p *planner) retypes(table catalog.ID) []*state {
	var columns []*state
	for _, id := range p.newParts.of(table) {
		if s := p.at(id); id.Kind == catalog.KindColumn && s.altered() && s.retype && !p.parentDoes(s, func(up *state) bool { return up.retype }) {
			columns = append(columns, s)
		}
	}
	return columns
}

// retypeSteps change the types of a table's columns, all in one statement: each
// would write the table anew.
func (p *planner) retypeSteps(table catalog.ID, columns []*state) []step {
	var before, after []step
	var actions []string
	for i, s := range columns {
		old, now := catalog.As[*catalog.Column](s.old), catalog.As[*catalog.Column](s.new)
		if old.Generated != "" && now.Generated == "" {
			before = append(before, say(table, "ALTER TABLE "+s.id.SQL()+" ALTER COLUMN "+catalog.Quote(s.id.Sub)+" DROP EXPRESSION"))
		}
		if bounds := boundsFirst(s); bounds != "" {
			before = append(before, say(table, bounds))
		}
		change, helper := helped(p.change(s), table, i)
		before, after = append(before, helper.make(table)...), append(after, helper.drop(table)...)
		actions = append(actions, "ALTER COLUMN "+catalog.Quote(s.id.Sub)+" "+retypeWords(s, change))
	}
	separator := " "
	if len(actions) > 1 {
		separator = "\n    "
	}
	o := columns[0].new
	st := do(o.ID, "ALTER %s %s%s%s", word(table.Kind), o.ID.SQL(), separator, strings.Join(actions, ","+separator)).lock(accessExclusive, table)
	if len(columns) > 1 {
		st = st.why("all in one statement: the rows are written anew once")
	}
	if table.Kind == catalog.KindTable {
		st = p.retypeHazards(st, table, columns)
	}
	return append(append(append(before, st), after...), p.forgotten(columns)...)
}

// change is what becomes of the values of a column.
func (p *planner) change(s *state) convert.Change {
	old, now := catalog.As[*catalog.Column](s.old), catalog.As[*catalog.Column](s.new)
	if now.Generated != "" {
		return convert.Change{} // PostgreSQL computes the values anew, and takes no USING
	}
	if using, told := p.opts.Using[s.id]; told {
		return convert.Change{Using: using, Fails: true}
	}
	return p.values(old.Type, now.Type)
}

// retypeWords are what ALTER COLUMN says of a new type.
func retypeWords(s *state, change convert.Change) string {
	old, now := catalog.As[*catalog.Column](s.old), catalog.As[*catalog.Column](s.new)
	words := "TYPE " + now.Type
	if now.Collation != "" {
		words += " COLLATE " + now.Collation
	} else if old.Collation != "" && old.Type == now.Type {
		words += ` COLLATE "default"`
	}
	if using := change.For(catalog.Quote(s.id.Sub)); using != "" && !trivial(old.Type, now.Type, using, s) {
		words += " USING " + using
	}
	return words
}

// trivial: an expression that casts to the type itself says nothing that the
// assignment does not.
func trivial(from, to, using string, s *state) bool {
	return from == to && !s.swapped() && using == catalog.Quote(s.id.Sub)+"::"+to
}

// retypeHazards are those of the statement that changes the types.
func (p *planner) retypeHazards(st step, table catalog.ID, columns []*state) step {
	rewrite, perhaps := false, false
	for _, s := range columns {
		old, now := catalog.As[*catalog.Column](s.old), catalog.As[*catalog.Column](s.new)
		change := p.change(s)
		replaced := s.swapped() && p.typeSwapped(s)
		switch {
		case change.Keeps && !replaced:
			if old.Collation != now.Collation {
				st = p.dangerOn(st, table, lint.IndexBuild, "the indexes on %s are built again while nobody can read the table", s.id.Path())
			}
		case !replaced && (s.foreignType(p, now) || isTime(old.Type) && isTime(now.Type)):
			perhaps = true
		default:
			rewrite = true
		}
	}
	switch {
	case rewrite:
		st = p.dangerOn(st, table, lint.Rewrite, "%s is written anew while nobody can read it", table.Path())
	case perhaps:
		st = p.dangerOn(st, table, lint.Rewrite, "%s is written anew while nobody can read it, if the two types are stored in different ways", table.Path())
	}
	for _, s := range columns {
		st = p.valueHazards(st, table, s)
	}
	return st
}

// valueHazards say which values of a column are lost on the way, or can stop it.
func (p *planner) valueHazards(st step, table catalog.ID, s *state) step {
	old, now := catalog.As[*catalog.Column](s.old), catalog.As[*catalog.Column](s.new)
	change := p.change(s)
	if _, told := p.opts.Using[s.id]; told {
		st.Told = append(st.Told, s.id)
		return p.dangerOn(st, table, lint.MayFail, "fails when a value of %s does not fit the expression given for it", s.id.Path())
	}
	if old.Generated != "" || table.Kind != catalog.KindTable {
		return st // not values of its own, or not here
	}
	for _, lost := range p.rowsLose(old.Type, now.Type) {
		st = p.dangerOn(st, table, lint.DataLoss, "the values of %s in %s are lost, or not all of them fit", lost.Path(), s.id.Path())
		st.Loses = append(st.Loses, lost)
	}
	if change.Loses && !p.isRowChange(old.Type, now.Type) {
		st.Loses = append(st.Loses, s.id)
	}
	switch {
	case p.isRowChange(old.Type, now.Type):
	case change.Unknown && old.Type == now.Type:
		st = p.dangerOn(st, table, lint.MayFail, "PostgreSQL has no conversion from the present %s to the wanted one: fails when %s holds a value", old.Type, s.id.Path())
	case change.Unknown:
		st = p.dangerOn(st, table, lint.MayFail, "PostgreSQL has no conversion from %s to %s: fails when %s holds a value", old.Type, now.Type, s.id.Path())
	case change.Guess && change.Loses:
		st = p.dangerOn(st, table, lint.DataLoss, "values of %s are read as %s from their text, or the statement fails", s.id.Path(), now.Type)
	case change.Loses && change.Fails:
		st = p.dangerOn(st, table, lint.DataLoss, "values of %s may not fit %s: they are cut or rounded, or the statement fails", s.id.Path(), now.Type)
	case change.Loses:
		st = p.dangerOn(st, table, lint.DataLoss, "values of %s may not fit %s: they are cut or rounded", s.id.Path(), now.Type)
	case change.Fails:
		st = p.dangerOn(st, table, lint.MayFail, "fails when a value of %s does not fit %s", s.id.Path(), now.Type)
	}
	return st
}

// foreignType tells whether the new type is one of the database's own.
func (s *state) foreignType(p *planner, now *catalog.Column) bool {
	own := func(n catalog.ID) bool {
		return n.Kind == catalog.KindType || n.Kind == catalog.KindDomain || n.Kind == catalog.KindExtension
	}
	return s.new.NeedsAny(own) || s.old.NeedsAny(own)
}

// typeSwapped tells whether a column's type itself is replaced under its name,
// not only its collation.
func (p *planner) typeSwapped(s *state) bool {
	for need := range s.old.Needs() {
		if need.Kind != catalog.KindCollation && p.at(need).swap {
			return true
		}
	}
	return false
}

// isTime: whether such types are stored alike depends on the time zone.
func isTime(t string) bool { return strings.HasPrefix(t, "timestamp") }
