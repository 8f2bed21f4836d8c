package restapi

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/pattern"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

// named registers a schema under a name of its own.
func (m *maker) named(name string, s *api.Schema) *api.Schema {
	s.Name = name
	m.service.API.Schemas = append(m.service.API.Schemas, s)
	m.schemas[name] = s
	return s
}

// form is a schema that many columns share, made at its first use.
func (m *maker) form(name string, make func() *api.Schema) *api.Schema {
	if m.forms[name] == nil {
		m.forms[name] = m.named(m.names.unique(name), make())
	}
	return &api.Schema{Ref: m.forms[name]}
}

func text(source string) *api.Schema {
	return &api.Schema{Types: []api.Type{api.String}, Pattern: source, SlowPattern: pattern.Judge(source).Slow}
}

// odd are dates that no format of JSON Schema knows: PostgreSQL's infinity, years
// of more than four digits, and those before Christ. They come and go as its text.
func odd(format, description string) *api.Schema {
	return &api.Schema{Types: []api.Type{api.String}, Description: description, AnyOf: []*api.Schema{
		{Types: []api.Type{api.String}, Format: format},
		text(`^(-?infinity|[0-9]{5,}-[^,]*|[^,]* BC)$`),
	}}
}

const clock = `[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?`

// schemaOf is what values of a type are in JSON, null aside.
func (m *maker) schemaOf(t *relation.Type) *api.Schema {
	switch t.Category {
	case relation.Boolean:
		return &api.Schema{Types: []api.Type{api.Boolean}}
	case relation.Integer:
		s := &api.Schema{Types: []api.Type{api.Integer}, Format: "int32"}
		if t.Base == "int2" {
			s.Minimum, s.Maximum = "-32768", "32767"
		}
		return s
	case relation.BigInt:
		return &api.Schema{Types: []api.Type{api.Integer}, Format: "int64"}
	case relation.Float:
		return &api.Schema{AnyOf: []*api.Schema{{Types: []api.Type{api.Numeric}}, {Types: []api.Type{api.String}, HasEnum: true, Enum: []api.Value{`"NaN"`, `"Infinity"`, `"-Infinity"`}}}}
	case relation.Numeric:
		return m.form("Decimal", func() *api.Schema {
			s := text(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,5})?$|^-?Infinity$|^NaN$`)
			s.Description, s.Examples = "A number as text, with all of its digits.", []api.Value{`"1.50"`}
			return s
		})
	case relation.Text:
		s := &api.Schema{Types: []api.Type{api.String}}
		if t.MaxLength > 0 {
			s.MaxLength = api.Number(strconv.Itoa(t.MaxLength))
		}
		return s
	case relation.UUID:
		return &api.Schema{Types: []api.Type{api.String}, Format: "uuid"}
	case relation.JSON:
		return &api.Schema{}
	case relation.Enum:
		return m.enum(t)
	case relation.Array:
		s := &api.Schema{Types: []api.Type{api.Array}, Items: nullable(m.schemaOf(t.Elem))}
		for range max(t.Dimensions-1, 0) {
			s = &api.Schema{Types: []api.Type{api.Array}, Items: s}
		}
		return s
	case relation.Composite:
		return m.composite(t)
	}
	return m.textForm(t)
}

// textForm is the schema of types that are written as text.
func (m *maker) textForm(t *relation.Type) *api.Schema {
	switch t.Category {
	case relation.TimestampTZ:
		return m.form("Timestamp", func() *api.Schema { return odd("date-time", "A point in time, to the microsecond.") })
	case relation.Date:
		return m.form("Day", func() *api.Schema { return odd("date", "A date.") })
	case relation.Timestamp:
		return m.form("LocalTimestamp", func() *api.Schema {
			s := text(`^(-?infinity|[0-9]{4,6}-[0-9]{2}-[0-9]{2}[T ]` + clock + `( BC)?)$`)
			s.Description = "Date and time of day without a zone, such as 2024-05-01T12:00:00."
			return s
		})
	case relation.Time:
		return m.form("TimeOfDay", func() *api.Schema {
			s := text(`^` + clock + `(Z|[+-][0-9]{2}(:[0-9]{2}){0,2})?$`)
			s.Description = "A time of day, such as 12:00:00."
			return s
		})
	case relation.Interval:
		return m.form("Interval", func() *api.Schema {
			return &api.Schema{Types: []api.Type{api.String}, Description: "A length of time, such as P1DT2H30M.", Examples: []api.Value{`"P1DT2H"`}}
		})
	case relation.Bytes:
		return m.form("Base64", func() *api.Schema {
			s := text(`^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`)
			s.ContentEncoding, s.Description = "base64", "Bytes in base64."
			return s
		})
	}
	s := &api.Schema{Types: []api.Type{api.String}, Description: "As PostgreSQL writes " + t.Name + "."}
	if e := exampleOf(t); e != "" {
		s.Examples = []api.Value{quoted(e)}
	}
	return s
}

// exampleOf is a text that the server takes for a type whose form no keyword tells;
// "" where none is known.
func exampleOf(t *relation.Type) string {
	switch {
	case t.Category == relation.Range && strings.HasSuffix(t.Base, "multirange"):
		return "{}"
	case t.Category == relation.Range:
		return "empty"
	case t.Base == "bit":
		length, err := strconv.Atoi(strings.Trim(t.Name, "bit()"))
		if err != nil {
			length = 1
		}
		return strings.Repeat("0", length)
	}
	return otherExamples[t.Base]
}

var otherExamples = map[string]string{
	"inet": "127.0.0.1", "cidr": "127.0.0.0/8", "macaddr": "08:00:2b:01:02:03", "macaddr8": "08:00:2b:01:02:03:04:05", "varbit": "1",
	"point": "(1,2)", "line": "{1,2,3}", "lseg": "[(1,2),(3,4)]", "box": "(3,4),(1,2)", "path": "[(1,2),(3,4)]", "polygon": "((1,2),(3,4))", "circle": "<(1,2),3>",
	"xml": "<a/>", "pg_lsn": "0/1", "tsquery": "'a'", "xid8": "1",
}

func (m *maker) enum(t *relation.Type) *api.Schema {
	key := "enum " + strings.Join(t.Labels, "\x00") + t.Name
	if m.forms[key] == nil {
		s := &api.Schema{Types: []api.Type{api.String}, HasEnum: true}
		for _, label := range t.Labels {
			s.Enum = append(s.Enum, quoted(label))
		}
		m.forms[key] = m.named(m.names.unique(pascal(bare(t.Name))), s)
	}
	return &api.Schema{Ref: m.forms[key]}
}

// composite is an object; what is not sent of it is null.
func (m *maker) composite(t *relation.Type) *api.Schema {
	key := "composite " + t.Name
	if m.forms[key] == nil {
		s := &api.Schema{Types: []api.Type{api.Object}, AdditionalProperties: &api.Schema{Never: true}}
		m.forms[key] = m.named(m.names.unique(pascal(bare(t.Name))), s)
		for _, f := range t.Fields {
			s.Properties = append(s.Properties, &api.Property{Name: f.Name, Schema: nullable(m.schemaOf(f.Type))})
		}
	}
	return &api.Schema{Ref: m.forms[key]}
}

// bare is the name of a type without its schema and quotes.
func bare(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	return strings.Trim(name, `"`)
}

func quoted(s string) api.Value {
	data, err := json.Marshal(s)
	if err != nil { // a string always encodes
		return ""
	}
	return api.Value(data)
}

func nullable(s *api.Schema) *api.Schema {
	if !s.IsAny() {
		s.Nullable = true
	}
	return s
}

// column is the schema of a column with what its constraints say; asInput leaves
// the comment to the row's own schema.
func (m *maker) column(r *Resource, f *Field) *api.Schema {
	c := f.Column
	s := m.schemaOf(c.Type)
	var conditions []condition
	for _, check := range c.Type.Checks {
		conditions = append(conditions, condition{m.condition(check), "VALUE"})
	}
	for _, check := range r.Table.Checks {
		if slices.Contains(check.Columns, c.Name) {
			conditions = append(conditions, condition{m.condition(check), c.Name})
		}
	}
	for _, each := range conditions {
		narrow(s, c.Type, each.column, each.e)
	}
	setExample(s, c, conditions)
	if c.Comment != "" {
		s.Description = c.Comment
	}
	if !c.NotNull {
		nullable(s)
	}
	return s
}

// condition is what a constraint asks, read once for all columns and schemas; nil where
// it has more than is known here.
func (m *maker) condition(c *relation.Check) *expression {
	e, known := m.conditions[c]
	if !known {
		e = parseExpression(c.Expression)
		m.conditions[c] = e
	}
	return e
}

// rowSchemas makes the schemas of a table: of its rows, and of what is sent.
func (m *maker) rowSchemas(r *Resource) {
	row := &api.Schema{Types: []api.Type{api.Object}, Description: r.Table.Comment}
	view := &api.Schema{Types: []api.Type{api.Object}, Description: "What is asked for of a row of " + r.Table.Name + "."}
	input := &api.Schema{Types: []api.Type{api.Object}, Description: "A row of " + r.Table.Name + " to be written.", AdditionalProperties: &api.Schema{Never: true}, RequiresBothWays: true}
	patch := &api.Schema{Types: []api.Type{api.Object}, Description: "Columns of a row of " + r.Table.Name + " to be changed.", AdditionalProperties: &api.Schema{Never: true}}
	for _, f := range r.Fields {
		row.Properties = append(row.Properties, &api.Property{Name: f.Name, Schema: m.column(r, f)})
		row.Required = append(row.Required, f.Name)
		view.Properties = append(view.Properties, &api.Property{Name: f.Name, Schema: m.column(r, f)})
		if !f.Input {
			continue
		}
		input.Properties = append(input.Properties, &api.Property{Name: f.Name, Schema: m.column(r, f)})
		if f.Column.NotNull && !f.Column.HasDefault {
			input.Required = append(input.Required, f.Name)
		}
		if !r.Table.IsKey(f.Column) {
			patch.Properties = append(patch.Properties, &api.Property{Name: f.Name, Schema: m.column(r, f)})
		}
	}
	row.RequiresBothWays = true
	m.named(r.Row, row)
	m.named(r.View, view)
	if r.Input != "" {
		m.named(r.Input, input)
	}
	if r.Patch != "" {
		m.named(r.Patch, patch)
	}
}

// expandSchemas adds the rows that ?expand= brings.
func (m *maker) expandSchemas(r *Resource) {
	view := m.schemas[r.View]
	for _, e := range r.Expands {
		view.Properties = append(view.Properties, &api.Property{Name: e.Name, Schema: &api.Schema{Ref: m.schemas[e.Target.Row], Nullable: e.Nullable}})
	}
}
