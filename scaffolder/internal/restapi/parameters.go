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

func query(name, description string, s *api.Schema) *api.Parameter {
	return &api.Parameter{Name: name, In: api.InQuery, Style: api.StyleForm, Explode: true, Description: description, Schema: s}
}

// listed is a parameter with several values of a named enum between commas.
func (m *maker) listed(name, description, enum string, values []string, most string) *api.Parameter {
	if m.schemas[enum] == nil {
		item := &api.Schema{Types: []api.Type{api.String}, HasEnum: true}
		for _, v := range values {
			item.Enum = append(item.Enum, quoted(v))
		}
		m.named(m.names.unique(enum), item)
		m.schemas[enum] = item
	}
	p := query(name, description, &api.Schema{Types: []api.Type{api.Array}, Items: m.ref(enum), MaxItems: api.Number(most)})
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
		out = append(out, m.listed("fields", "Send these only.", r.Row+"Field", names, ""))
	}
	if len(expands) > 0 {
		out = append(out, m.listed("expand", "Send the rows that these refer to, too.", r.Row+"Expand", expands, ""))
	}
	return out
}

// mostRows and fewRows are how many rows a page has at most, and if nothing is said.
const mostRows, fewRows = "100", "20"

func (m *maker) listParameters(r *Resource) []*api.Parameter {
	limit := query("limit", "Rows of a page.", &api.Schema{Types: []api.Type{api.Integer}, Minimum: "1", Maximum: mostRows, Default: fewRows})
	after := query("after", "Where the page begins: meta.next of the one before has it; first is the first page.", &api.Schema{Types: []api.Type{api.String}, Examples: []api.Value{`"first"`}})
	out := []*api.Parameter{limit, after}
	var sortable []string
	for _, f := range r.Fields {
		if f.Filter {
			sortable = append(sortable, f.Name, "-"+f.Name)
		}
	}
	if len(sortable) > 0 {
		out = append(out, m.listed("sort", "The order, with a hyphen for descending. Behind it rows are in the order of their key.", r.Row+"Sort", sortable, "8"))
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
func (m *maker) filters(_ *Resource, f *Field) []*api.Parameter {
	value := func() *api.Schema {
		s := m.schemaOf(f.Column.Type)
		s.MaxLength = "" // a longer text is equal to none
		return s
	}
	out := []*api.Parameter{query(f.Parameter, f.Name+" is this.", value())}
	for _, o := range Operators(f) {
		name := f.Parameter + "[" + string(o) + "]"
		switch o {
		case "in":
			p := query(name, "", &api.Schema{Types: []api.Type{api.Array}, Items: value(), MaxItems: "100"})
			p.Explode = false
			out = append(out, p)
		case "is":
			out = append(out, query(name, "", &api.Schema{Types: []api.Type{api.String}, HasEnum: true, Enum: []api.Value{`"null"`, `"notnull"`}}))
		case "like":
			out = append(out, query(name, "A pattern of SQL: % is any text, _ one character.", &api.Schema{Types: []api.Type{api.String}}))
		default:
			out = append(out, query(name, "", value()))
		}
	}
	return out
}
