package diff

import (
	"strings"

	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// model is one catalog's tables as Atlas wants them.
type model struct {
	c      *catalog.Catalog
	parts  map[catalog.ID][]*catalog.Object
	schema map[string]*schema.Schema
	enums  map[string]*schema.EnumType
}

// newModel holds the parts of the tables that are to be asked about.
func newModel(c *catalog.Catalog, asked map[catalog.ID]bool) *model {
	m := &model{c: c, parts: map[catalog.ID][]*catalog.Object{}, schema: map[string]*schema.Schema{}, enums: map[string]*schema.EnumType{}}
	for _, id := range c.Order {
		o := c.Objects[id]
		parent, ok := c.Parent(id)
		if table, part := c.Parent(parent); ok && (asked[parent] || part && asked[table]) {
			m.parts[parent] = append(m.parts[parent], o)
		}
		if d, ok := o.Detail.(*catalog.Enum); ok {
			m.enums[id.SQL()] = &schema.EnumType{T: id.Name, Values: d.Labels, Schema: m.schemaOf(id.Schema)}
		}
	}
	return m
}

func (m *model) schemaOf(name string) *schema.Schema {
	s := m.schema[name]
	if s == nil {
		s = schema.New(name)
		m.schema[name] = s
	}
	return s
}

// covered tells whether Atlas models a table: a plain one, without parents.
func covered(o *catalog.Object) bool {
	t, ok := o.Detail.(*catalog.Table)
	return ok && o.ID.Kind == catalog.KindTable && !t.Partitioned() && len(t.Inherits) == 0 && t.OfType == ""
}

// table builds Atlas's table. ok is false when a part of it is beyond Atlas:
// one such part would stop its whole diff.
func (m *model) table(o *catalog.Object) (t *schema.Table, ok bool) {
	t = schema.NewTable(o.ID.Name).SetSchema(m.schemaOf(o.ID.Schema))
	comment(&t.Attrs, o)
	for _, part := range m.parts[o.ID] {
		if d, is := part.Detail.(*catalog.Column); is {
			c, ok := m.column(part, d)
			if !ok {
				return nil, false
			}
			t.AddColumns(c)
		}
	}
	for _, part := range m.parts[o.ID] {
		switch d := part.Detail.(type) {
		case *catalog.Constraint:
			m.constraint(t, part, d)
		case *catalog.Index:
			index := schema.NewIndex(part.ID.Name).SetUnique(d.Unique)
			_, list, _ := strings.Cut(d.Definition, " USING btree (")
			parts(index, t, list, d.Definition)
			comment(&index.Attrs, part)
			t.AddIndexes(index)
		}
	}
	return t, true
}

func comment(attrs *[]schema.Attr, o *catalog.Object) {
	if o.Comment != "" {
		*attrs = append(*attrs, &schema.Comment{Text: o.Comment})
	}
}

func (m *model) column(o *catalog.Object, d *catalog.Column) (*schema.Column, bool) {
	if d.Generated != "" {
		return nil, false
	}
	c := schema.NewColumn(o.ID.Sub).SetNull(!d.NotNull)
	c.Type.Raw = d.Type
	if e := m.enums[d.Type]; e != nil {
		c.Type.Type = e
	} else if t, err := postgres.ParseType(d.Type); err == nil {
		c.Type.Type = t
	} else {
		c.Type.Type = &postgres.UserDefinedType{T: d.Type}
	}
	for _, part := range m.parts[o.ID] {
		if def, ok := part.Detail.(*catalog.Default); ok {
			c.SetDefault(&schema.RawExpr{X: def.Expr})
		}
	}
	if d.Identity != "" && d.Sequence != nil {
		generation := "BY DEFAULT"
		if d.Identity == "a" {
			generation = "ALWAYS"
		}
		c.AddAttrs(&postgres.Identity{Generation: generation, Sequence: &postgres.Sequence{Start: d.Sequence.Start, Increment: d.Sequence.Increment}})
	}
	comment(&c.Attrs, o)
	return c, true
}

// constraint adds a key, check or foreign key. Indexes and expressions are
// given as PostgreSQL prints them, which is canonical already.
func (m *model) constraint(t *schema.Table, o *catalog.Object, d *catalog.Constraint) {
	switch d.Type {
	case "c":
		t.AddChecks(schema.NewCheck().SetName(o.ID.Sub).SetExpr(d.Definition))
	case "p":
		key := schema.NewPrimaryKey().SetName(o.ID.Sub)
		parts(key, t, strings.TrimPrefix(d.Definition, "PRIMARY KEY ("), d.Definition)
		t.SetPrimaryKey(key)
	case "u", "x":
		key := schema.NewUniqueIndex(o.ID.Sub)
		parts(key, t, strings.TrimPrefix(d.Definition, "UNIQUE ("), d.Definition)
		t.AddIndexes(key)
	case "f":
		f := schema.NewForeignKey(o.ID.Sub).SetRefTable(schema.NewTable(d.References.Name).SetSchema(m.schemaOf(d.References.Schema)))
		for _, name := range d.Columns {
			if c, ok := t.Column(name); ok {
				f.AddColumns(c)
			}
		}
		for _, name := range referenced(d.Definition) {
			f.AddRefColumns(schema.NewColumn(name))
		}
		f.SetOnDelete(action(d.Definition, " ON DELETE ")).SetOnUpdate(action(d.Definition, " ON UPDATE "))
		t.AddForeignKeys(f)
	}
}

// parts gives an index its columns, where list is "a, b)" and no more: names of
// columns. Everything else is given as PostgreSQL prints the whole.
func parts(index *schema.Index, t *schema.Table, list, definition string) {
	names := map[string]*schema.Column{}
	for _, c := range t.Columns {
		names[catalog.Quote(c.Name)] = c
	}
	var columns []*schema.Column
	inner, plain := strings.CutSuffix(list, ")")
	for name := range strings.SplitSeq(inner, ", ") {
		c := names[name]
		plain = plain && c != nil
		columns = append(columns, c)
	}
	if !plain {
		index.AddExprs(&schema.RawExpr{X: definition})
		return
	}
	index.AddColumns(columns...)
}

// referenced reads the columns from "… REFERENCES s.t(a, b) …".
func referenced(def string) []string {
	_, rest, _ := strings.Cut(def, " REFERENCES ")
	_, rest, ok := strings.Cut(rest, "(")
	if !ok {
		return nil
	}
	list, _, _ := strings.Cut(rest, ")")
	return strings.Split(list, ", ")
}

func action(def, word string) schema.ReferenceOption {
	_, rest, ok := strings.Cut(def, word)
	if !ok {
		return schema.NoAction
	}
	for _, option := range []schema.ReferenceOption{schema.Cascade, schema.SetNull, schema.SetDefault, schema.Restrict} {
		if strings.HasPrefix(rest, string(option)) {
			return option
		}
	}
	return schema.NoAction
}
