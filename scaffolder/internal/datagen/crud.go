package datagen

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
	"github.com/seniorbackend/tools/scaffolder/internal/restapi"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// tested are the tables that crud.test.ts can insert a row into: those whose required
// references lead, without a circle, to tables of which the same holds.
func (g *generator) tested() []*restapi.Resource {
	if g.insertable == nil {
		g.insertable = g.findInsertable()
	}
	var out []*restapi.Resource
	for _, r := range g.service.Resources {
		if g.insertable[r] {
			out = append(out, r)
		}
	}
	return out
}

func (g *generator) findInsertable() map[*restapi.Resource]bool {
	out := map[*restapi.Resource]bool{}
	if len(g.options.Roles) > 0 {
		return out // nobody may call without a token of the user's own making
	}
	left := map[*restapi.Resource][]*restapi.Resource{} // with the tables that come first
	for _, r := range g.service.Resources {
		if before, ok := g.before(r); ok {
			left[r] = before
		}
	}
	isLeft := func(r *restapi.Resource) bool { return !out[r] }
	for found := true; found; {
		found = false
		for r, before := range left {
			if !slices.ContainsFunc(before, isLeft) {
				out[r], found = true, true
				delete(left, r)
			}
		}
	}
	return out
}

// before are the tables that a row of r refers to; ok is false where a value that it
// needs is not known.
func (g *generator) before(r *restapi.Resource) (tables []*restapi.Resource, ok bool) {
	if r.Input == "" {
		return nil, false
	}
	for _, f := range g.required(r) {
		target, _, refers := reference(r, f)
		if refers && target == nil {
			return nil, false
		}
		if refers {
			tables = append(tables, target)
			continue
		}
		if _, ok := g.sampleOf(r, f); !ok {
			return nil, false
		}
	}
	return tables, true
}

// required are the fields that a row cannot be inserted without: those without a
// default, and those whose default a constraint may refuse.
func (g *generator) required(r *restapi.Resource) []*restapi.Field {
	var out []*restapi.Field
	for _, f := range r.Fields {
		if !f.Input || !f.Column.NotNull {
			continue
		}
		target, _, _ := reference(r, f)
		refers := target != nil && target != r
		if !f.Column.HasDefault || refers || len(g.inputs[r.Input].Property(f.Name).Examples) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// reference is the table that a field refers to, and by which of its fields; nil
// where that table is not served.
func reference(r *restapi.Resource, f *restapi.Field) (target *restapi.Resource, field string, refers bool) {
	for _, k := range r.Table.ForeignKeys {
		for i, c := range k.Columns {
			if c != f.Column {
				continue
			}
			for _, e := range r.Expands {
				if e.Key == k {
					return e.Target, e.Target.Field(k.Targets[i]).Name, true
				}
			}
			return nil, "", true
		}
	}
	return nil, "", false
}

// sampled is a value for a field, as code, and the function of rows.ts or of node:crypto
// that the code calls.
type sampled struct {
	code  string
	calls rowFunction
}

type rowFunction int

const (
	none rowFunction = iota
	randomUUID
	uniqueNumber
	uniqueText
)

// sampleOf is a value for a field: one of its own for each row where the column is
// unique.
func (g *generator) sampleOf(r *restapi.Resource, f *restapi.Field) (sampled, bool) {
	schema := g.inputs[r.Input].Property(f.Name)
	t := f.Column.Type
	if isUnique(r.Table, f.Column) && !schema.HasEnum {
		switch {
		case t.Category == relation.Text && schema.Pattern == "" && len(schema.MinLength) < 2:
			most := "40"
			if schema.MaxLength != "" {
				most = string(schema.MaxLength)
			}
			return sampled{"uniqueText(" + most + ")", uniqueText}, true
		case t.Category == relation.UUID:
			return sampled{"randomUUID()", randomUUID}, true
		case (t.Base == "int4" || t.Base == "int8") && schema.Maximum == "" && schema.ExclusiveMaximum == "":
			return sampled{"uniqueNumber()", uniqueNumber}, true
		case t.Base == "int2" && schema.Minimum == "-32768" && schema.Maximum == "32767":
			return sampled{"uniqueNumber() % 32_768", uniqueNumber}, true
		}
	}
	code, ok := constantOf(t, schema)
	return sampled{code: code}, ok
}

// constantOf is a value that every row can have.
func constantOf(t *relation.Type, schema *api.Schema) (string, bool) {
	switch { // texts whose form no schema tells
	case t.Category == relation.Range:
		return "'" + map[bool]string{true: "{}", false: "empty"}[strings.Contains(t.Base, "multirange")] + "'", true
	case t.Base == "inet" || t.Base == "cidr":
		return "'127.0.0.1'", true
	case t.Category == relation.Other:
		return "", false
	}
	value, ok := sample.From(schema, nil, sample.Request)
	if !ok {
		return "", false
	}
	switch v := value.(type) {
	case string:
		return typescript.Quote(v), true
	case bool, json.Number, float64, int:
		return fmt.Sprint(v), true
	case []any:
		return "[]", len(v) == 0
	case map[string]any:
		return "{}", true
	}
	return "", false
}

func isUnique(t *relation.Table, c *relation.Column) bool {
	if len(t.Key) > 0 && t.Key[0] == c {
		return true
	}
	for _, u := range t.Uniques {
		if len(u.Columns) > 0 && u.Columns[0] == c {
			return true
		}
	}
	return false
}

// crud is the table of resources in crud.test.ts.
func (g *generator) crud() string {
	var members []typescript.Doc
	for _, r := range g.tested() {
		members = append(members, typescript.Cat(typescript.Text(key(r.Name)+": "), typescript.Expanded(
			member("path", quoted(r.Path)), member("key", texts(fieldNames(r.Key))),
			member("changes", typescript.Text(truth(r.Patch != ""))), member("deletes", typescript.Text(truth(r.Table.CanDelete))))))
	}
	return typescript.Render(typescript.Expanded(members...), 0)
}
