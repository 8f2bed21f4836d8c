package diff

import (
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// What Atlas says of an object.
const (
	added    = "add"
	dropped  = "drop"
	modified = "modify"
)

// tables asks Atlas about every plain table, one at a time: a change that it
// does not support ends only that table's diff.
func tables(from, to *catalog.Catalog) map[catalog.ID]string {
	said := map[catalog.ID]string{}
	touched := touched(from, to)
	if len(touched) == 0 {
		return said
	}
	old, now := newModel(from, touched), newModel(to, touched)
	enums(old, now, said)
	for _, id := range to.Order {
		if b := to.Objects[id]; from.Objects[id] == nil && covered(b) {
			whole(said, nil, now, b)
		}
	}
	for _, id := range from.Order {
		a, b := from.Objects[id], to.Objects[id]
		if b == nil && covered(a) {
			whole(said, old, nil, a)
		}
		if b == nil || !touched[id] || !covered(a) || !covered(b) {
			continue
		}
		x, ok := old.table(a)
		y, ok2 := now.table(b)
		if !ok || !ok2 {
			continue
		}
		changes, err := postgres.DefaultDiff.TableDiff(x, y)
		if err != nil {
			continue // not supported by Atlas: the catalog has it
		}
		for _, c := range changes {
			note(said, id, c)
		}
	}
	return said
}

// touched are the tables of which something is not one and the same in both
// catalogs, and all other objects of which that holds. What both share Atlas cannot
// find different. An enum that changes touches all tables.
func touched(from, to *catalog.Catalog) map[catalog.ID]bool {
	found := map[catalog.ID]bool{}
	all := false
	note := func(c *catalog.Catalog, id catalog.ID) {
		all = all || id.Kind == catalog.KindType
		found[id] = true
		for up, ok := c.Parent(id); ok; up, ok = c.Parent(up) {
			found[up] = true
		}
	}
	for _, id := range from.Order {
		a, b := from.Objects[id], to.Objects[id]
		if b == nil || a.Detail != b.Detail || a.Comment != b.Comment {
			note(from, id)
		}
	}
	for _, id := range to.Order {
		if from.Objects[id] == nil {
			note(to, id)
		}
	}
	if all {
		for _, id := range from.Order {
			found[id] = true
		}
	}
	return found
}

// whole asks about a table that only one database has.
func whole(said map[catalog.ID]string, old, now *model, o *catalog.Object) {
	a, b := schema.New(o.ID.Schema), schema.New(o.ID.Schema)
	side, m := a, old
	if old == nil {
		side, m = b, now
	}
	t, ok := m.table(o)
	if !ok {
		return
	}
	side.AddTables(t)
	changes, err := postgres.DefaultDiff.SchemaDiff(a, b)
	if err != nil {
		return // not supported by Atlas: the catalog has it
	}
	for _, c := range changes {
		switch c := c.(type) {
		case *schema.AddTable:
			everything(said, o.ID, c.T, added)
		case *schema.DropTable:
			everything(said, o.ID, c.T, dropped)
		}
	}
}

// everything keeps what Atlas says of a table for its parts, too.
func everything(said map[catalog.ID]string, id catalog.ID, t *schema.Table, what string) {
	said[id] = what
	part := func(kind catalog.Kind, name string) {
		said[catalog.ID{Kind: kind, Schema: id.Schema, Name: id.Name, Sub: name}] = what
	}
	for _, c := range t.Columns {
		part(catalog.KindColumn, c.Name)
		if c.Default != nil {
			part(catalog.KindDefault, c.Name)
		}
	}
	for _, i := range t.Indexes {
		said[catalog.ID{Kind: catalog.KindIndex, Schema: id.Schema, Name: i.Name}] = what
		part(catalog.KindConstraint, i.Name)
	}
	if t.PrimaryKey != nil {
		part(catalog.KindConstraint, t.PrimaryKey.Name)
	}
	for _, f := range t.ForeignKeys {
		part(catalog.KindConstraint, f.Symbol)
	}
	for _, a := range t.Attrs {
		if c, ok := a.(*schema.Check); ok {
			part(catalog.KindConstraint, c.Name)
		}
	}
}

// enums asks about the labels.
func enums(old, now *model, said map[catalog.ID]string) {
	for name, e := range old.enums {
		other := now.enums[name]
		if other == nil {
			continue
		}
		a, b := schema.New(e.Schema.Name).AddObjects(e), schema.New(e.Schema.Name).AddObjects(other)
		changes, err := postgres.DefaultDiff.SchemaDiff(a, b)
		if err == nil && len(changes) > 0 {
			said[catalog.ID{Kind: catalog.KindType, Schema: e.Schema.Name, Name: e.T}] = modified
		}
	}
}

// note keeps one of Atlas's changes under the identity that it is about.
func note(said map[catalog.ID]string, table catalog.ID, c schema.Change) {
	part := func(kind catalog.Kind, name, what string) {
		said[catalog.ID{Kind: kind, Schema: table.Schema, Name: table.Name, Sub: name}] = what
	}
	index := func(i *schema.Index, what string) {
		said[catalog.ID{Kind: catalog.KindIndex, Schema: table.Schema, Name: i.Name}] = what
		part(catalog.KindConstraint, i.Name, what) // a key's index has the key's name
	}
	switch c := c.(type) {
	case *schema.AddColumn:
		part(catalog.KindColumn, c.C.Name, added)
	case *schema.DropColumn:
		part(catalog.KindColumn, c.C.Name, dropped)
	case *schema.ModifyColumn:
		part(catalog.KindColumn, c.To.Name, modified)
		if c.Change.Is(schema.ChangeDefault) {
			part(catalog.KindDefault, c.To.Name, modified)
		}
	case *schema.AddIndex:
		index(c.I, added)
	case *schema.DropIndex:
		index(c.I, dropped)
	case *schema.ModifyIndex:
		index(c.To, modified)
	case *schema.AddPrimaryKey:
		part(catalog.KindConstraint, c.P.Name, added)
	case *schema.DropPrimaryKey:
		part(catalog.KindConstraint, c.P.Name, dropped)
	case *schema.ModifyPrimaryKey:
		part(catalog.KindConstraint, c.To.Name, modified)
	case *schema.AddForeignKey:
		part(catalog.KindConstraint, c.F.Symbol, added)
	case *schema.DropForeignKey:
		part(catalog.KindConstraint, c.F.Symbol, dropped)
	case *schema.ModifyForeignKey:
		part(catalog.KindConstraint, c.To.Symbol, modified)
	case *schema.AddCheck:
		part(catalog.KindConstraint, c.C.Name, added)
	case *schema.DropCheck:
		part(catalog.KindConstraint, c.C.Name, dropped)
	case *schema.ModifyCheck:
		part(catalog.KindConstraint, c.To.Name, modified)
	default:
		said[table] = modified
	}
}
