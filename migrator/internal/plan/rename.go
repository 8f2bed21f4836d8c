package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// Renaming says that what the old database calls From is what the new one calls
// To: "public.users public.accounts", "public.users.name full_name", "mood.sad
// blue". Names are those of the old database; quotes are wanted only around a
// name with a point or a space in it. To may leave out what does not change.
type Renaming struct{ From, To string }

// RenameStep is a statement that renames, and the one that takes it back when
// those of later steps were taken back before it.
type RenameStep struct {
	There, Back Statement
	Old, New    catalog.ID // the thing before and after this step
	// Of a value of an enum, which is no object of its own.
	Label, NewLabel string

	room bool // it only makes room for another: what it renames is dropped
}

// Renames are the steps of renamings in the order in which they run, to be run
// before the rest of a plan is made: PostgreSQL then says itself how definitions
// read under the new names. What is part of something else goes first, while
// that has its old name.
func Renames(from *catalog.Catalog, renamings []Renaming) ([]RenameStep, error) {
	var all []move
	for _, r := range renamings {
		t, ok := named(from, strings.Join(nameParts(r.From), "."))
		if !ok {
			return nil, fmt.Errorf("rename %s: no such schema, table, column, constraint, index, view, type, enum value, sequence, function, trigger or policy in the old database", r.From)
		}
		to := nameParts(r.To)
		if len(to) == 0 || to[len(to)-1] == "" {
			return nil, fmt.Errorf("rename %s: no new name", r.From)
		}
		all = append(all, move{t, to})
	}
	slices.SortStableFunc(all, func(a, b move) int { return cmp.Compare(a.level(), b.level()) })
	return inOrder(from, all), nil
}

// thing is what can be renamed: an object, or a value of an enum.
type thing struct {
	id    catalog.ID
	label string
}

// level is when a thing is renamed: parts, then functions, whose arguments name
// types, then what stands alone, then schemas.
func (t thing) level() int {
	switch {
	case t.label != "" || t.id.Sub != "" && !isRoutine(t.id.Kind):
		return 0
	case t.id.Kind == catalog.KindIndex, isRoutine(t.id.Kind):
		return 1
	case t.id.Kind == catalog.KindSchema:
		return 3
	}
	return 2
}

func isRoutine(k catalog.Kind) bool {
	return k == catalog.KindFunction || k == catalog.KindProcedure || k == catalog.KindAggregate
}

// named finds what people call "schema.table.column"; the schema may be left
// out when it is public, and the arguments of a function that has no namesake.
// Where a column and a trigger have one name, the column is meant.
func named(c *catalog.Catalog, path string) (thing, bool) {
	for _, p := range []string{path, "public." + path} {
		for _, later := range []bool{false, true} {
			for _, id := range c.Order {
				second := id.Kind == catalog.KindTrigger || id.Kind == catalog.KindPolicy || id.Kind == catalog.KindRule
				if id.Kind != catalog.KindDefault && second == later && id.Path() == p {
					return thing{id: id}, true
				}
			}
		}
		if id, ok := routineNamed(c, p); ok {
			return thing{id: id}, true
		}
		for _, id := range c.Order {
			enum, ok := c.Objects[id].Detail.(*catalog.Enum)
			if label, of := strings.CutPrefix(p, id.Path()+"."); ok && of && slices.Contains(enum.Labels, label) {
				return thing{id, label}, true
			}
		}
	}
	return thing{}, false
}

// routineNamed finds the one function of a name.
func routineNamed(c *catalog.Catalog, path string) (found catalog.ID, ok bool) {
	for _, id := range c.Order {
		if isRoutine(id.Kind) && id.Schema+"."+id.Name == path {
			if ok {
				return found, false
			}
			found, ok = id, true
		}
	}
	return found, ok
}

// renameSteps give a thing its new name, and its new schema where that differs.
func renameSteps(c *catalog.Catalog, t thing, to []string) []RenameStep {
	name, _, _ := strings.Cut(to[len(to)-1], "(")
	if t.label != "" {
		return []RenameStep{labelStep(t, name)}
	}
	now := *c.Objects[t.id]
	var steps []RenameStep
	if schema := movesTo(t.id, to); schema != "" {
		moved := now
		moved.ID.Schema = schema
		steps = append(steps, renameStep(t.id, moved.ID, "ALTER "+reference(&now)+" SET SCHEMA "+catalog.Quote(schema), "ALTER "+reference(&moved)+" SET SCHEMA "+catalog.Quote(t.id.Schema)))
		now = moved
	}
	return append(steps, nameSteps(c, t.id, now, name)...)
}

// nameSteps rename an object that was called id in the catalog.
func nameSteps(c *catalog.Catalog, id catalog.ID, now catalog.Object, name string) []RenameStep {
	old, next := now.ID.Name, now
	if now.ID.Sub != "" && !isRoutine(now.ID.Kind) {
		old, next.ID.Sub = now.ID.Sub, name
	} else {
		next.ID.Name = name
	}
	if name == old {
		return nil
	}
	return []RenameStep{renameStep(now.ID, next.ID, renameSQL(c, id, &now, name), renameSQL(c, id, &next, old))}
}

// movesTo is the schema that something which stands alone moves to, or "".
func movesTo(id catalog.ID, to []string) string {
	if id.Schema == "" || len(to) != 2 || id.Sub != "" && !isRoutine(id.Kind) || id.Kind == catalog.KindIndex || to[0] == id.Schema {
		return ""
	}
	return to[0]
}

func labelStep(t thing, name string) RenameStep {
	sql := func(from, to string) string {
		return "ALTER TYPE " + t.id.SQL() + " RENAME VALUE " + catalog.Literal(from) + " TO " + catalog.Literal(to)
	}
	s := renameStep(t.id, t.id, sql(t.label, name), sql(name, t.label))
	s.Label, s.NewLabel = t.label, name
	for _, st := range []*Statement{&s.There, &s.Back} {
		st.Hazards[0].Message = "what compares " + t.id.Path() + " with the old value fails"
	}
	return s
}

func renameStep(id, now catalog.ID, there, back string) RenameStep {
	statement := func(id catalog.ID, sql string) Statement {
		return brief(say(id, sql).danger(lint.Correctness, "what uses the name %s fails", id.Path()))
	}
	return RenameStep{There: statement(id, there), Back: statement(now, back), Old: id, New: now}
}

// renameSQL renames o, which was called id in the catalog.
func renameSQL(c *catalog.Catalog, id catalog.ID, o *catalog.Object, name string) string {
	to := " TO " + catalog.Quote(name)
	parent, isPart := c.Parent(id)
	switch id.Kind {
	case catalog.KindColumn:
		return "ALTER " + word(parent.Kind) + " " + o.ID.SQL() + " RENAME COLUMN " + catalog.Quote(o.ID.Sub) + to
	case catalog.KindAttribute:
		return "ALTER TYPE " + o.ID.SQL() + " RENAME ATTRIBUTE " + catalog.Quote(o.ID.Sub) + to
	case catalog.KindConstraint, catalog.KindDomainConstraint:
		if isPart {
			return "ALTER " + word(parent.Kind) + " " + o.ID.SQL() + " RENAME CONSTRAINT " + catalog.Quote(o.ID.Sub) + to
		}
	}
	return "ALTER " + reference(o) + " RENAME" + to
}

// nameParts are the names of a path, without their quotes. A point within
// quotes or within a function's arguments parts nothing.
func nameParts(path string) []string {
	var parts []string
	var b strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c == '"' && quoted && i+1 < len(path) && path[i+1] == '"':
			b.WriteByte('"')
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case c == '.' && !quoted && depth == 0:
			parts = append(parts, b.String())
			b.Reset()
		default:
			if !quoted && c == '(' {
				depth++
			} else if !quoted && c == ')' {
				depth--
			}
			b.WriteByte(c)
		}
	}
	return append(parts, b.String())
}

// Unmet is a step whose new name the wanted schema does not know: the thing
// would be renamed, and then dropped. ok is false when there is none.
func Unmet(to *catalog.Catalog, steps []RenameStep) (step RenameStep, ok bool) {
	for i, s := range steps {
		if s.Old == s.New || isRoutine(s.New.Kind) || s.room {
			continue
		}
		id := s.New
		for _, later := range steps[i+1:] {
			switch {
			case later.Old == id:
				id = later.New
			case later.Old.Kind == catalog.KindSchema && id.Schema == later.Old.Name:
				id.Schema = later.New.Name
			case later.Old.Sub == "" && id.Schema == later.Old.Schema && id.Name == later.Old.Name:
				id.Schema, id.Name = later.New.Schema, later.New.Name
			}
		}
		if to.Objects[id] == nil {
			return s, true
		}
	}
	return RenameStep{}, false
}
