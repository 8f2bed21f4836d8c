package catalog

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Unlike lists in what two catalogs that Compare finds equal still differ, of
// what PostgreSQL's commands go by: how often a column or constraint is
// inherited, which of several like indexes is older (ATTACH PARTITION takes the
// oldest), and what needs what. A plan can do one thing in the one database and
// another in the other.
func Unlike(a, b *Catalog) []Difference {
	var ds []Difference
	for _, id := range a.Order {
		x, y := a.Objects[id], b.Objects[id]
		if y == nil {
			continue
		}
		if s, t := lineage(x), lineage(y); s != t {
			ds = append(ds, Difference{id, FieldInheritance, s, t})
		}
		if s, t := needsText(x), needsText(y); s != t {
			ds = append(ds, Difference{id, FieldDependencies, s, t})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Settings)) {
		if s, t := a.Settings[name], b.Settings[name]; s != t {
			ds = append(ds, Difference{ID{Kind: KindSetting, Name: name}, FieldValue, s, t})
		}
	}
	if a.Locale != b.Locale {
		for _, id := range a.Order {
			if t, ok := a.Objects[id].Detail.(*Table); ok && strings.HasPrefix(t.PartitionKey, "RANGE ") && a.ordersTexts(id, t) {
				ds = append(ds, Difference{id, FieldTextOrder, a.Locale, b.Locale})
			}
		}
	}
	olds, news := a.twins(), b.twins()
	for _, id := range a.Order {
		if s, t := olds[id], news[id]; s != t && b.Objects[id] != nil {
			ds = append(ds, Difference{id, FieldIndexOrder, s, t})
		}
	}
	return ds
}

// ordersTexts tells whether a partition key goes by the order of texts. An
// expression in it may.
func (c *Catalog) ordersTexts(id ID, t *Table) bool {
	if strings.Count(t.PartitionKey, "(") > 1 {
		return true
	}
	for _, o := range c.Parts(id, KindColumn) {
		d := As[*Column](o)
		texts := d.Type == "text" || strings.HasPrefix(d.Type, "character")
		if texts && d.Collation == "" && strings.Contains(t.PartitionKey, Quote(o.ID.Sub)) {
			return true
		}
	}
	return false
}

// lineage is how an object is inherited.
func lineage(o *Object) string {
	text := func(local bool, parents int) string {
		if parents == 0 {
			return "" // then it is local
		}
		words := fmt.Sprintf("from %d", parents)
		if local {
			words += ", and its own"
		}
		return words
	}
	switch d := o.Detail.(type) {
	case *Column:
		s := text(d.Local, d.Parents)
		if n := text(d.NotNullLocal, d.NotNullParents); n != "" {
			s += "; NOT NULL " + n
		}
		return s
	case *Constraint:
		return text(d.Local, d.Parents)
	}
	return ""
}

// needsText is what an object needs.
func needsText(o *Object) string {
	var names []string
	for id := range o.Needs() {
		names = append(names, id.String())
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// twins lists, for each table that has them, the indexes that are the same but
// for their names, oldest first.
func (c *Catalog) twins() map[ID]string {
	type index struct {
		name string
		age  uint32
	}
	groups := map[ID]map[string][]index{}
	for _, id := range c.Order {
		var table ID
		var definition string
		found := index{name: id.Name}
		found.age = c.Objects[id].Age
		switch d := c.Objects[id].Detail.(type) {
		case *Index:
			table, definition = d.Table, d.Definition
		case *Constraint:
			if d.Index == "" {
				continue
			}
			table, definition, found.name = d.Table, d.Index, id.Sub
		default:
			continue
		}
		definition = Likeness(definition)
		if groups[table] == nil {
			groups[table] = map[string][]index{}
		}
		groups[table][definition] = append(groups[table][definition], found)
	}
	texts := map[ID]string{}
	for table, like := range groups {
		var lines []string
		for _, found := range like {
			if len(found) < 2 {
				continue
			}
			slices.SortFunc(found, func(a, b index) int { return cmp.Compare(a.age, b.age) })
			var names []string
			for _, f := range found {
				names = append(names, f.name)
			}
			lines = append(lines, strings.Join(names, ", "))
		}
		slices.Sort(lines)
		if len(lines) > 0 {
			texts[table] = strings.Join(lines, "; ")
		}
	}
	return texts
}
