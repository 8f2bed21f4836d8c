package plan

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/convert"
)

// typesOf finds the types of a catalog by the names that format_type prints.
func typesOf(c *catalog.Catalog) map[string]catalog.ID {
	types := map[string]catalog.ID{}
	for _, id := range c.Order {
		switch id.Kind {
		case catalog.KindType, catalog.KindDomain, catalog.KindTable:
			types[id.SQL()] = id
		}
	}
	return types
}

// detail is an object's, nil where there is none.
func detail(o *catalog.Object) catalog.Detail {
	if o == nil {
		return nil
	}
	return o.Detail
}

// element takes the brackets of an array type away.
func element(text string) (of string, array bool) {
	of, array = strings.CutSuffix(text, "[]")
	return of, array
}

// values is what becomes of values of an old type that get a new one, when one
// of the two may be the schema's own.
func (p *planner) values(from, to string) convert.Change {
	a, array := element(from)
	b, arrays := element(to)
	was, isOurs := p.oldTypes[a]
	now, isOurs2 := p.newTypes[b]
	if !isOurs && !isOurs2 {
		return p.foreign(from, to)
	}
	old, is := p.from.Objects[was], p.to.Objects[now]
	if from == to && !p.at(was).swap {
		return convert.Change{Keeps: true}
	}
	brackets := ""
	if arrays {
		brackets = "[]"
	}
	if d, ok := detailOf[*catalog.Domain](is); ok && isOurs2 {
		if _, list := element(d.Type); list && arrays {
			return ofLists(from, to)
		}
		c := p.values(from, d.Type+brackets)
		if c.Using == "" {
			c.Using = "\x00"
		}
		c.Using += "::" + to
		c.Fails, c.Keeps = true, false // its checks
		return c
	}
	if d, ok := detailOf[*catalog.Domain](old); ok && isOurs {
		if _, list := element(d.Type); list && array {
			return ofLists(from, to)
		}
		c := p.values(d.Type+strings.TrimPrefix(from, a), to)
		return c
	}
	if array != arrays {
		return betweenArrays(from, to, array)
	}
	_, row := detail(old).(*catalog.Composite)
	_, rows := detail(is).(*catalog.Composite)
	switch {
	case row && rows && was == now:
		lost, fails := p.fieldsLost(was)
		return convert.Change{Using: "\x00::" + to, Loses: len(lost) > 0, Fails: fails} // the cast that swapSteps made
	case row && isJSON(to):
		return convert.Change{Using: "to_" + to + "(\x00)"}
	case rows && isJSON(from):
		return convert.Change{Using: from + "_populate_record(NULL::" + to + ", \x00)", Loses: true, Fails: true}
	case row || rows:
		if b == "text" || b == "character varying" {
			return convert.Change{}
		}
		return convert.None(from, to)
	}
	return throughText(from, to, detail(old), detail(is))
}

// ofLists is the change to or from an array of a domain over arrays. PostgreSQL has
// no cast from it to another array or back, and none from JSON.
func ofLists(from, to string) convert.Change {
	switch {
	case to == "text" || to == "character varying":
		return convert.Change{}
	case isJSON(to):
		return convert.Change{Using: "to_" + to + "(\x00)"}
	case from == "text" || from == "character varying":
		return convert.Change{Using: "\x00::" + to, Loses: true, Fails: true}
	}
	return convert.None(from, to)
}

// betweenArrays is the change to an array of a type of the schema's own from what
// is none, or back.
func betweenArrays(from, to string, array bool) convert.Change {
	switch {
	case array && (to == "text" || to == "character varying"):
		return convert.Change{}
	case array && isJSON(to):
		return convert.Change{Using: "to_" + to + "(\x00)"}
	case isJSON(from):
		return convert.FromJSON(from, to)
	case from == "text" || strings.HasPrefix(from, "character varying"):
		return convert.Change{Using: "\x00::" + to, Loses: true, Fails: true}
	}
	return convert.None(from, to)
}

// throughText is the way of enums, ranges and other types that read what they
// print.
func throughText(from, to string, old, now catalog.Detail) convert.Change {
	b, arrays := element(to)
	c := convert.Change{Using: "\x00::" + to, Loses: true, Fails: true}
	a, _ := element(from)
	switch labels, ok := old.(*catalog.Enum); {
	case b == "text" || b == "character varying":
		return convert.Change{}
	case a == "text" || a == "character varying":
		return c
	case ok:
		c.Loses = false
		if other, both := now.(*catalog.Enum); both {
			c.Fails = !subset(labels.Labels, other.Labels)
		}
	}
	if arrays {
		c.Using = "\x00::text[]::" + to
	} else {
		c.Using = "\x00::text::" + to
	}
	if old != nil && now != nil && from == to {
		c.Loses = false
	}
	return c
}

// foreign is a change between built-in types and those of extensions, which read
// what they print.
func (p *planner) foreign(from, to string) convert.Change {
	if from == to {
		return convert.Change{Keeps: true}
	}
	c := convert.Between(p.from.Version, from, to)
	if strings.Contains(from, ".") || strings.Contains(to, ".") { // built-in ones have no schema
		a, b := convert.Parse(from), convert.Parse(to)
		if a.Name == b.Name {
			return convert.Change{Loses: true, Fails: true}
		}
		c = throughText(from, to, nil, nil)
		if a.Array != b.Array {
			c = betweenArrays(from, to, a.Array)
		}
		c.Guess = c.Loses && c.Helper == ""
	}
	return c
}

func isJSON(t string) bool { return t == "json" || t == "jsonb" }

func subset(some, all []string) bool {
	in := map[string]bool{}
	for _, s := range all {
		in[s] = true
	}
	for _, s := range some {
		if !in[s] {
			return false
		}
	}
	return true
}

// fieldsLost are the attributes of a composite type that is replaced whose
// values do not come along whole, and whether a value can stop the change.
func (p *planner) fieldsLost(of catalog.ID) (lost []string, fails bool) {
	for _, a := range p.attributes(of) {
		old, had := detailOf[*catalog.Attribute](a.old)
		now, has := detailOf[*catalog.Attribute](a.new)
		switch {
		case had && !has:
			lost = append(lost, a.id.Sub)
		case had && has:
			c := p.values(old.Type, now.Type)
			if c.Loses {
				lost = append(lost, a.id.Sub)
			}
			fails = fails || c.Fails
		}
	}
	return lost, fails
}

// rowsLose names the attributes, at any depth, of the composite types in a
// column's type that are replaced and lose values.
func (p *planner) rowsLose(from, to string) []catalog.ID {
	var lost []catalog.ID
	seen := map[catalog.ID]bool{}
	var look func(from, to string)
	look = func(from, to string) {
		was, now := p.rowOf(p.from, p.oldTypes, from), p.rowOf(p.to, p.newTypes, to)
		if was.Kind == "" || was != now || !p.at(was).swap || seen[was] {
			return
		}
		seen[was] = true
		names, _ := p.fieldsLost(was)
		for _, a := range p.attributes(was) {
			old, had := detailOf[*catalog.Attribute](a.old)
			now, has := detailOf[*catalog.Attribute](a.new)
			if had && has && p.isRowChange(old.Type, now.Type) {
				look(old.Type, now.Type)
			} else if slices.Contains(names, a.id.Sub) {
				lost = append(lost, a.id)
			}
		}
	}
	look(from, to)
	return lost
}

// rowOf is the composite type beneath arrays and domains.
func (p *planner) rowOf(c *catalog.Catalog, types map[string]catalog.ID, text string) catalog.ID {
	for range 32 {
		name, _ := element(text)
		id := types[name]
		switch d := detail(c.Objects[id]).(type) {
		case *catalog.Composite:
			return id
		case *catalog.Domain:
			text = d.Type
		default:
			return catalog.ID{}
		}
	}
	return catalog.ID{}
}

// isRowChange tells whether a change is that of a composite type under its name.
func (p *planner) isRowChange(from, to string) bool {
	was := p.rowOf(p.from, p.oldTypes, from)
	return was.Kind != "" && was == p.rowOf(p.to, p.newTypes, to)
}
