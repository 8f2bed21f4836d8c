package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Name describes the plan in a few words for a file name: add_users_indexes,
// alter_books_and_orders.
func (p *Plan) Name() string {
	groups := p.groups()
	if len(groups) == 0 {
		return "nothing"
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(a.weight(), b.weight()) })
	verb := groups[0].verb()
	var names []string
	for _, g := range groups {
		if g.verb() == verb && len(names) < 2 {
			names = append(names, g.noun())
		}
	}
	name := verb + "_" + strings.Join(names, "_and_")
	if rest := len(groups) - len(names); rest > 0 {
		name += "_and_more"
	}
	return clean(name)
}

// group is the changes of one object and its parts.
type group struct {
	name    string
	whole   Action // what happens to the object itself, "" when only to parts
	changes []Change
}

func (p *Plan) groups() []*group {
	var groups []*group
	byName := map[string]*group{}
	for _, c := range p.Changes {
		if c.Because != "" {
			continue // it follows another change
		}
		name := c.ID.Name
		if c.Table != "" {
			name = c.Table
		}
		g := byName[name]
		if g == nil {
			g = &group{name: name}
			byName[name] = g
			groups = append(groups, g)
		}
		if c.ID.Name == name && c.ID.Sub == "" || c.ID.Kind == catalog.KindFunction {
			g.whole = c.Action
		}
		g.changes = append(g.changes, c)
	}
	return groups
}

// weight puts tables before what is about them, and large changes before small.
func (g *group) weight() int {
	for _, c := range g.changes {
		switch c.ID.Kind {
		case catalog.KindTable, catalog.KindColumn, catalog.KindConstraint:
			return 0
		case catalog.KindIndex, catalog.KindType, catalog.KindView, catalog.KindMaterializedView:
			return 1
		case catalog.KindFunction, catalog.KindProcedure:
			return 2
		}
	}
	return 3
}

// same is the action and kind that all changes of the group share.
func (g *group) same() (Action, catalog.Kind, bool) {
	first := g.changes[0]
	for _, c := range g.changes[1:] {
		if c.Action != first.Action || c.ID.Kind != first.ID.Kind {
			return "", "", false
		}
	}
	return first.Action, first.ID.Kind, true
}

func (g *group) verb() string {
	switch g.whole {
	case Create:
		return "create"
	case Drop:
		return "drop"
	case Replace:
		return "replace"
	}
	switch action, _, _ := g.same(); action {
	case Create:
		return "add"
	case Drop:
		return "drop"
	}
	return "alter"
}

func (g *group) noun() string {
	action, kind, ok := g.same()
	if g.whole != "" || !ok || action != Create && action != Drop {
		return g.name
	}
	if kind == catalog.KindColumn && len(g.changes) == 1 {
		return g.name + "_" + g.changes[0].ID.Sub
	}
	word := strings.ReplaceAll(string(kind), " ", "_")
	if len(g.changes) > 1 {
		switch {
		case strings.HasSuffix(word, "x"):
			word += "es"
		case strings.HasSuffix(word, "y"):
			word = strings.TrimSuffix(word, "y") + "ies"
		default:
			word += "s"
		}
	}
	return g.name + "_" + word
}

// clean makes a name that every file system takes.
func clean(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	s := b.String()
	if len(s) > 60 {
		s = strings.TrimRight(s[:60], "_")
	}
	return s
}
