package restapi

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

// Comparison is how a parameter compares a column: price[gte]=10.
type Comparison string

// Operators are the comparisons of a column, but for equality, which has no name.
func Operators(f *Field) []Comparison {
	out := []Comparison{"ne", "in"}
	switch f.Column.Type.Category {
	case relation.Boolean:
		out = []Comparison{"ne"}
	case relation.UUID, relation.Enum:
	default:
		out = append(out, "gt", "gte", "lt", "lte")
	}
	if f.Column.ForPatterns && f.Column.Type.Category == relation.Text {
		out = append(out, "like")
	}
	if !f.Column.NotNull {
		out = append(out, "is")
	}
	return out
}

// query is a parameter of the query string; key is its name among those of the document.
func (m *maker) query(key, name, description string, schema func() *api.Schema) *api.Parameter {
	return m.parameter(key, func() *api.Parameter {
		return &api.Parameter{Name: name, In: api.InQuery, Style: api.StyleForm, Explode: true, Description: description, Schema: schema()}
	})
}

// listed is a parameter with several values of a named enum between commas.
func (m *maker) listed(key, name, description, enum string, values []string, most string) *api.Parameter {
	if m.schemas[enum] == nil {
		item := &api.Schema{Types: []api.Type{api.String}, HasEnum: true}
		for _, v := range values {
			item.Enum = append(item.Enum, quoted(v))
		}
		m.named(m.names.unique(enum), item)
		m.schemas[enum] = item
	}
	p := m.query(key, name, description, func() *api.Schema {
		return &api.Schema{Types: []api.Type{api.Array}, Items: m.ref(enum), MaxItems: api.Number(most)}
	})
	p.Explode = false
	return p
}

// shapeParameters say what is sent of a row.
func (m *maker) shapeParameters(r *Resource) []*api.Parameter {
	var names, expands []string
	for _, f := range r.Fields {
		names = append(names, f.Name)
	}
	for _, e := range r.Expands {
		expands = append(expands, e.Name)
	}
	var out []*api.Parameter
	if len(names) > 0 {
		out = append(out, m.listed(r.Row+".fields", "fields", "Send these only.", r.Row+"Field", names, ""))
	}
	if len(expands) > 0 {
		out = append(out, m.listed(r.Row+".expand", "expand", "Send the rows that these refer to, too.", r.Row+"Expand", expands, ""))
	}
	return out
}

// mostRows and fewRows are how many rows a page has at most, and if nothing is said.
const mostRows, fewRows = "100", "20"

func (m *maker) listParameters(r *Resource) []*api.Parameter {
	limit := m.query("Limit", "limit", "Rows of a page.", func() *api.Schema {
		return &api.Schema{Types: []api.Type{api.Integer}, Minimum: "1", Maximum: mostRows, Default: fewRows}
	})
	after := m.query("After", "after", "Where the page begins: meta.next of the one before has it; first is the first page.", func() *api.Schema {
		return &api.Schema{Types: []api.Type{api.String}, Examples: []api.Value{`"first"`}}
	})
	out := []*api.Parameter{limit, after}
	var sortable []string
	for _, f := range r.Fields {
		if f.Filter {
			sortable = append(sortable, f.Name, "-"+f.Name)
		}
	}
	if len(sortable) > 0 {
		out = append(out, m.listed(r.Row+".sort", "sort", "The order, with a hyphen for descending. Behind it rows are in the order of their key.", r.Row+"Sort", sortable, "8"))
	}
	out = append(out, m.shapeParameters(r)...)
	for _, f := range r.Fields {
		if f.Filter {
			out = append(out, m.filters(r, f)...)
		}
	}
	return out
}

// filters are the conditions on one column.
func (m *maker) filters(r *Resource, f *Field) []*api.Parameter {
	value := func() *api.Schema {
		s := m.schemaOf(f.Column.Type)
		s.MaxLength = "" // a longer text is equal to none
		return s
	}
	add := func(name, description string, schema func() *api.Schema) *api.Parameter {
		return m.query(r.Row+"."+name, name, description, schema)
	}
	out := []*api.Parameter{add(f.Parameter, f.Name+" is this.", value)}
	for _, o := range Operators(f) {
		name := f.Parameter + "[" + string(o) + "]"
		switch o {
		case "in":
			p := add(name, anyOf(f), func() *api.Schema {
				return &api.Schema{Types: []api.Type{api.Array}, Items: value(), MaxItems: "100"}
			})
			p.Explode = false
			out = append(out, p)
		case "is":
			out = append(out, add(name, "", func() *api.Schema {
				return &api.Schema{Types: []api.Type{api.String}, HasEnum: true, Enum: []api.Value{`"null"`, `"notnull"`}}
			}))
		case "like":
			out = append(out, add(name, "A pattern of SQL: % is any text, _ one character.", func() *api.Schema {
				return &api.Schema{Types: []api.Type{api.String}}
			}))
		default:
			out = append(out, add(name, "", value))
		}
	}
	return out
}

// anyOf is the description of a list of values to compare with.
func anyOf(f *Field) string {
	if f.Column.Type.Category == relation.Text {
		return f.Name + " is one of these. A comma in a value is sent as %2C, or each value in a parameter of its own."
	}
	return ""
}
