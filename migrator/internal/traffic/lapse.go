package traffic

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Names brings the identities of the schema before to those after, where the
// migration renames.
type Names func(catalog.ID) catalog.ID

// promise is something that both schemas keep: in the form that it has before,
// or in the one that it has afterwards.
type promise struct {
	id    catalog.ID // before
	text  string     // for people
	forms [2]string
}

// promises are what the schema before and the one after have in common, and
// nobody should see missing in between.
func promises(from, to *catalog.Catalog, names Names) []promise {
	var all []promise
	for _, id := range from.Order {
		now := to.Objects[names(id)]
		if now == nil {
			continue
		}
		old := from.Objects[id]
		a, b := kept(from, old), kept(to, now)
		for i := range min(len(a), len(b)) {
			all = append(all, promise{id, a[i].text, [2]string{a[i].form, b[i].form}})
		}
	}
	return all
}

// broken lists the promises that a catalog does not keep, by their texts.
func broken(all []promise, now *catalog.Catalog) map[string]catalog.ID {
	there := map[string]bool{}
	for _, id := range now.Order {
		for _, k := range kept(now, now.Objects[id]) {
			there[k.form] = true
		}
	}
	lapses := map[string]catalog.ID{}
	for _, p := range all {
		if !there[p.forms[0]] && !there[p.forms[1]] {
			lapses[p.text] = p.id
		}
	}
	return lapses
}

// keeping is what one object keeps: form is equal for what serves as well, under
// whatever name.
type keeping struct{ text, form string }

// kept lists what an object is there for. Two objects of one identity give lists
// in the same order.
func kept(c *catalog.Catalog, o *catalog.Object) []keeping {
	named := func() []keeping { return []keeping{{o.ID.String(), o.ID.String()}} }
	switch d := o.Detail.(type) {
	case *catalog.Constraint:
		return []keeping{{o.ID.String(), constraintForm(o.ID, d)}}
	case *catalog.Index:
		if !d.Valid {
			return nil
		}
		// A key serves as a unique index does.
		return []keeping{{o.ID.String(), indexForm(d.Table, d.Definition)}}
	case *catalog.Table:
		var all []keeping
		if d.RowSecurity {
			all = append(all, keeping{"row security of " + o.ID.String(), "row security " + o.ID.Path()})
		}
		return append(all, named()...)
	case *catalog.Column:
		all := named()
		if d.NotNull && !d.NotNullNotValid {
			all = append(all, keeping{"NOT NULL of " + o.ID.String(), "not null " + o.ID.Path()})
		}
		return all
	case *catalog.Trigger, *catalog.Policy, *catalog.View, *catalog.Function, *catalog.Aggregate, *catalog.Rule, *catalog.Default, *catalog.Sequence,
		*catalog.ViewColumn, *catalog.Schema:
		return named()
	}
	return nil
}

// constraintForm is what a constraint forbids. Whether the rows that are there
// were looked at, and what a foreign key does when its row goes, is left out.
func constraintForm(id catalog.ID, d *catalog.Constraint) string {
	table := catalog.ID{Schema: id.Schema, Name: id.Name}
	switch d.Type {
	case "p", "u":
		return indexForm(table, d.Index)
	case "f":
		return table.Path() + " " + foreignKeyForm(d.Definition)
	}
	return table.Path() + " " + strings.TrimSuffix(d.Definition, " NOT VALID")
}

// indexForm is what an index serves for: its keys and its condition.
func indexForm(table catalog.ID, definition string) string {
	unique := ""
	if strings.HasPrefix(definition, "CREATE UNIQUE ") {
		unique = "unique "
	}
	_, keys, _ := strings.Cut(definition, " USING ")
	if head, rest, ok := strings.Cut(keys, " INCLUDE ("); ok {
		_, rest, _ = strings.Cut(rest, ")")
		keys = head + rest
	}
	return table.Path() + " " + unique + "index " + keys
}

// foreignKeyForm is a foreign key up to the columns that it references.
func foreignKeyForm(definition string) string {
	head, rest, _ := strings.Cut(definition, " REFERENCES ")
	if i := strings.LastIndex(rest, ")"); i >= 0 {
		if j := strings.Index(rest, ") "); j >= 0 {
			i = j
		}
		rest = rest[:i+1]
	}
	return head + " REFERENCES " + rest
}
