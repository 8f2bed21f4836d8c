package pgsql

import "slices"

func (t source) names() []string {
	if t.use != nil {
		return t.columns
	}
	names := make([]string, len(t.outputs))
	for i, o := range t.outputs {
		names[i] = o.name
	}
	return names
}

// column finds a column among items of FROM: by schema.table.column, of which
// the first two may be "". Without knowledge of the tables' columns an
// unqualified name is that of the only table.
func column(items []source, schema, table, name string) *Column {
	var unknown []*Use
	for _, t := range items {
		if table != "" && (t.name != table || schema != "" && t.schema != schema) {
			continue
		}
		switch {
		case table == "" && t.name == name && t.columns == nil:
			return nil // its whole row
		case t.use == nil:
			for _, o := range t.outputs {
				if o.name == name && o.from != nil {
					return &Column{o.from.Use, o.from.Name}
				}
			}
		case slices.Contains(t.columns, name):
			return &Column{t.use, name}
		case t.columns == nil:
			unknown = append(unknown, t.use)
		}
	}
	if len(unknown) == 1 && (table != "" || len(items) == 1) {
		return &Column{unknown[0], name}
	}
	return nil
}

// lookUp finds what a column reference means here or in the queries around.
func (s *scope) lookUp(c *ColumnRef) *Column {
	name, star := c.Name()
	if star {
		return nil
	}
	var parts []string
	for _, f := range c.Fields {
		if p, ok := f.(*String); ok {
			parts = append(parts, p.Sval)
		}
	}
	schema, table := "", ""
	if len(parts) > 1 {
		table = parts[len(parts)-2]
	}
	if len(parts) > 2 {
		schema = parts[len(parts)-3]
	}
	for at := s; at != nil; at = at.outer {
		if found := column(at.tables, schema, table, name); found != nil {
			return found
		}
		if table != "" && slices.ContainsFunc(at.tables, func(t source) bool { return t.name == table }) {
			return nil // it is there, and the column is none of a table
		}
	}
	return nil
}
