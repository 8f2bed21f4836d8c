package failure

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// scope is where a value stands: in the whole body, or in one of its details, where the
// code has the variables field and message.
type scope int

const (
	whole scope = iota
	inDetail
)

// value is the code for one place of a form, and what it is of an error.
type value struct {
	doc ts.Doc
	of  func(e example, d detail) any
}

// writer writes the values of one form by the names and types of its properties.
type writer struct {
	int64     declare.Int64Form
	isProblem bool
	byCauses  bool // an error without details stands in the list of them itself

	uses   map[string]bool
	asksID bool
	says   bool
	chosen []string
	field  bool // the detail that is being written uses its field
	told   bool // … and its message
}

// deepest bounds objects within each other.
const deepest = 4

// object is the value of a schema; it is none where a property is required that nothing
// is known of.
func (w *writer) object(s *api.Schema, in scope, depth int) (objectValue, bool) {
	var out objectValue
	properties := propertiesOf(s)
	names := map[string]bool{}
	for _, p := range properties {
		names[plain(p.Name)] = true
	}
	for _, p := range properties {
		required := requires(s, p.Name, 0)
		v, ok := w.property(p, names, in, depth, required)
		switch {
		case ok:
			out.add(p.Name, v)
		case required && in == whole && !declare.Hidden(s, p, declare.Response):
			v, ok := w.example(p)
			if !ok {
				return out, false
			}
			out.add(p.Name, v)
		case required:
			return out, false
		}
	}
	return out, len(out.names) > 0
}

// example is any value that a property may have.
func (w *writer) example(p *api.Property) (value, bool) {
	v, ok := sample.From(p.Schema, neutral(p.Schema.Target()), sample.Response)
	if !ok {
		return value{}, false
	}
	w.chosen = append(w.chosen, p.Name)
	return value{declare.ParsedDoc(w.int64.Handled(v, p.Schema)), func(example, detail) any { return v }}, true
}

// neutral are those of the texts that a schema names which blame nobody.
func neutral(s *api.Schema) []api.Value {
	if s == nil {
		return nil
	}
	var out []api.Value
	for _, word := range []string{"unknown", "other", "generic", "general", "unexpected", "error"} {
		for _, v := range s.Enum {
			if v.Type() == api.String && strings.Contains(strings.ToLower(v.Text()), word) {
				out = append(out, v)
			}
		}
	}
	return out
}

// property is the value that the name of a property asks for, if it fits its schema.
func (w *writer) property(p *api.Property, names map[string]bool, in scope, depth int, required bool) (value, bool) {
	target := p.Schema.Target()
	if target == nil || target.HasEnum || target.Const != "" || w.int64.Holds(target) {
		return value{}, false // some texts, or some numbers, are none of those that an error has
	}
	before := *w
	v, ok := w.byKind(p, names, in, depth, required)
	if ok && w.allows(p.Schema, v, in) {
		return v, true
	}
	before.uses = w.uses
	*w = before
	return value{}, false
}

func (w *writer) byKind(p *api.Property, names map[string]bool, in scope, depth int, required bool) (value, bool) {
	name := plain(p.Name)
	switch kindOf(p.Schema) {
	case api.String:
		return w.text(name, p.Schema.Target().Format, names, in)
	case api.Integer, api.Numeric:
		return number(name)
	case api.Boolean:
		return boolean(name)
	case api.Array:
		return w.list(name, p.Schema.Target(), in, depth)
	case api.Object:
		if required || isList(name) || slices.Contains(objectWords, name) {
			return w.inner(name, p.Schema, in, depth)
		}
		return value{}, false
	}
	if isList(name) && p.Schema.IsAny() {
		return value{ts.Text("error.details"), func(e example, _ detail) any { return ownDetails(e) }}, true
	}
	return value{}, false
}

func ownDetails(e example) any {
	if own, ok := e.own().Values["error"].(*sample.Object); ok {
		return own.Values["details"]
	}
	return nil
}

// allows says that the value of each example fits a schema.
func (w *writer) allows(s *api.Schema, v value, in scope) bool {
	for _, e := range examples {
		details := []detail{{}}
		if in == inDetail {
			details = e.details
			if w.byCauses {
				details = e.causes()
			}
		}
		for _, d := range details {
			if !sample.Valid(s, v.of(e, d), sample.Response) {
				return false
			}
		}
	}
	return true
}

// inner is an object: lists by field, or properties of its own.
func (w *writer) inner(name string, s *api.Schema, in scope, depth int) (value, bool) {
	target := s.Target()
	if in == whole && isList(name) && len(propertiesOf(target)) == 0 {
		return w.byField(target)
	}
	if depth >= deepest || in == inDetail && name != "source" {
		return value{}, false
	}
	v, ok := w.object(s, in, depth+1)
	if !ok {
		return value{}, false
	}
	return value{ts.Object(v.members...), func(e example, d detail) any { return v.json(e, d) }}, true
}

// byField is an object with the messages for each field, as ASP.NET writes them.
func (w *writer) byField(s *api.Schema) (value, bool) {
	rest := s.AdditionalProperties
	if rest != nil && (rest.Never || kindOf(rest) != api.Array && !rest.IsAny()) {
		return value{}, false
	}
	w.uses["byField"] = true
	return value{ts.Text("byField(error)"), func(e example, _ detail) any {
		out := sample.NewObject()
		for _, d := range e.details {
			out.Set(d.field, []any{d.message})
		}
		return out
	}}, true
}

// list is a list of details: of texts, or of objects.
func (w *writer) list(name string, s *api.Schema, in scope, depth int) (value, bool) {
	items := s.Items
	if in == inDetail || !isList(name) || depth >= deepest {
		return w.detailList(name, items, in)
	}
	source, of := "error.details", func(e example) []detail { return e.details }
	if w.byCauses {
		source, of = "causesOf(error)", example.causes
		w.uses["causesOf"] = true
	}
	if kindOf(items) == api.String {
		w.uses["lineOf"] = true
		w.says = w.says || w.byCauses
		return value{ts.Text(source + ".map(lineOf)"), func(e example, _ detail) any {
			out := []any{}
			for _, d := range of(e) {
				out = append(out, d.line())
			}
			return out
		}}, true
	}
	inside := *w
	inside.field, inside.told, inside.says = false, false, false
	item, ok := inside.object(items, inDetail, depth+1)
	if !ok || kindOf(items) != api.Object || !inside.field && !inside.told {
		return value{}, false
	}
	w.asksID = inside.asksID
	w.says = w.says || w.byCauses && inside.told
	return value{mapped(source, inside, item), func(e example, _ detail) any {
		out := []any{}
		for _, d := range of(e) {
			out = append(out, item.json(e, d))
		}
		return out
	}}, true
}

// mapped is the list of what each detail becomes.
func mapped(source string, w writer, item objectValue) ts.Doc {
	var variables []ts.Doc
	if w.field {
		variables = append(variables, ts.Text("field"))
	}
	if w.told {
		variables = append(variables, ts.Text("message"))
	}
	return ts.Cat(ts.Text(source+".map(("), ts.Object(variables...), ts.Text(") => ("), ts.Expanded(item.members...), ts.Text("))"))
}

// detailList is a list within a detail: where it is, as names, or what is wrong with it.
func (w *writer) detailList(name string, items *api.Schema, in scope) (value, bool) {
	if in != inDetail || kindOf(items) != api.String && !(items != nil && len(items.AnyOf)+len(items.OneOf) > 0) {
		return value{}, false
	}
	switch name {
	case "loc", "path", "fields":
		w.field = true
		return value{ts.Text("[field]"), func(_ example, d detail) any { return []any{d.field} }}, true
	case "messages", "errors":
		w.told = true
		return value{ts.Text("[message]"), func(_ example, d detail) any { return []any{d.message} }}, true
	}
	return value{}, false
}

func (d detail) line() string {
	if d.field == "" {
		return d.message
	}
	return d.field + " " + d.message
}
