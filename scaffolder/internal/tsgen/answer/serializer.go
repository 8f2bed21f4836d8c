package answer

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Serializers write the schemas by which Fastify writes answers. They are not those
// of the document: fast-json-stringify drops or converts what a schema does not
// allow. These hold what is the same whoever writes it, and leave the rest to
// JSON.stringify: an answer that compiles arrives as the handler returned it.
type Serializers struct {
	names     *ts.Names
	shared    map[*api.Schema]serializer    // of named schemas
	constants []serializerConstant          // each after those that it uses
	Answers   map[*operation.Operation]bool // those that have a constant
}

// serializerConstant is that of a named schema, or of an operation.
type serializerConstant struct {
	name, kind, text string
	exported         bool
	uses             []string // other constants
}

// serializer is a schema as an expression, and how much is compiled for it. The
// zero value leaves everything to JSON.stringify.
type serializer struct {
	doc  ts.Doc
	size int
	uses []string // constants
}

// serializingModule has the types of the constants, as responses.ts imports it.
const serializingModule = "./serializing.js"

// maxSerializer bounds what is compiled for one answer, which happens when a server
// starts. What lies deeper is left to JSON.stringify.
const maxSerializer = 100

// NewSerializers are those of operations; without any there are none.
func NewSerializers(ops []*operation.Operation) *Serializers {
	s := &Serializers{names: ts.NewNames(), shared: map[*api.Schema]serializer{}, Answers: map[*operation.Operation]bool{}}
	for _, op := range ops {
		s.names.Unique(op.Symbol)
	}
	for _, op := range ops {
		if !op.IsVariant() {
			s.route(op)
		}
	}
	return s
}

// route is the constant of an operation: by status, as Fastify wants it.
func (s *Serializers) route(op *operation.Operation) {
	var statuses []ts.Doc
	var uses []string
	for _, r := range op.Responses() {
		if strings.HasPrefix(r.Status, "4") || strings.HasPrefix(r.Status, "5") || r.Status == "default" && len(op.Responses()) > 1 {
			continue // errors are rare, most of them thrown, and each costs time at the start
		}
		if one := s.schema(answered(r)); one.size > 1 { // an object or a list
			uses = append(uses, one.uses...)
			statuses = append(statuses, ts.Cat(ts.Text(ts.PropertyKey(strings.ToLower(r.Status))+": "), one.doc))
		}
	}
	if len(statuses) > 0 {
		s.add(op.Symbol, true, ts.Expanded(statuses...), uses)
		s.Answers[op] = true
	}
}

func (s *Serializers) add(name string, exported bool, value ts.Doc, uses []string) {
	declaration, kind := "const ", "Schema"
	if exported {
		declaration, kind = "export const ", "Answers"
	}
	text := ts.Render(ts.Cat(ts.Text(declaration+name+": "+kind+" = "), value, ts.Text(";")), 0) + "\n"
	s.constants = append(s.constants, serializerConstant{name, kind, text, exported, uses})
}

// File is the text of responses.ts: a constant that was too large for all that
// would use it is left out.
func (s *Serializers) File() string {
	file := ts.NewFile(ts.Module{Path: serializingModule, Types: true})
	used := map[string]bool{}
	var out []string
	for _, c := range slices.Backward(s.constants) {
		if !used[c.name] && !c.exported {
			continue
		}
		for _, name := range c.uses {
			used[name] = true
		}
		file.Use(serializingModule, c.kind)
		out = append(out, c.text)
	}
	if len(out) == 0 {
		return ""
	}
	slices.Reverse(out)
	return file.Imports() + "\n" + strings.Join(out, "\n")
}

// answered is the schema of the objects that an answer can be; nil where there are
// several.
func answered(r *api.Response) *api.Schema {
	var found *api.Schema
	for _, m := range r.Content {
		if m.Kind() != api.JSON {
			continue // a text or bytes
		}
		if found != nil || m.ItemSchema != nil {
			return nil
		}
		found = m.Schema
	}
	return found
}

// schema is the serializer of a schema.
func (s *Serializers) schema(schema *api.Schema) serializer {
	if schema == nil {
		return serializer{}
	}
	if schema.IsRef() {
		return s.named(schema.Ref)
	}
	nullable := schema.Nullable
	var types []api.Type
	for _, t := range schema.ImpliedTypes() {
		if t == api.Null {
			nullable = true
		} else {
			types = append(types, t)
		}
	}
	if len(types) == 0 && (schema.Ref != nil || len(schema.AllOf) > 0) {
		types = []api.Type{api.Object}
	}
	if len(types) != 1 {
		return serializer{}
	}
	return s.typed(schema, types[0], nullable)
}

// named is a constant, which stands before those that use it. Inside of itself a
// schema is left to JSON.stringify.
func (s *Serializers) named(schema *api.Schema) serializer {
	if known, ok := s.shared[schema]; ok {
		return known
	}
	s.shared[schema] = serializer{} // while it is being written
	one := s.schema(schema)
	if one.size > 1 && !schema.IsRef() { // one that only refers has the constant of the other
		name := s.names.Unique(ts.Camel(ts.Limit(schema.Name)) + "Schema")
		s.add(name, false, one.doc, one.uses)
		one.doc, one.uses = ts.Text(name), []string{name}
	}
	s.shared[schema] = one
	return one
}

// typed is the serializer of a schema with one type beside null.
func (s *Serializers) typed(schema *api.Schema, t api.Type, nullable bool) serializer {
	members := []ts.Doc{ts.Text("type: " + ts.Quote(string(t)))}
	if t == api.Integer {
		members[0] = ts.Text("type: 'number'") // an integer would be rounded
	}
	if nullable {
		members = append(members, ts.Text("nullable: true"))
	}
	size, uses := 1, []string(nil)
	switch t {
	case api.String, api.Boolean, api.Numeric, api.Integer:
	case api.Object:
		properties := s.properties(schema, 16)
		if len(properties) == 0 {
			return serializer{}
		}
		var rows []ts.Doc
		for _, each := range properties {
			if size+each.size > maxSerializer {
				continue
			}
			size += each.size
			uses = append(uses, each.uses...)
			rows = append(rows, ts.Cat(ts.Text(ts.PropertyKey(each.name)+": "), each.doc))
		}
		members = append(members, ts.Cat(ts.Text("properties: "), ts.Object(rows...)), ts.Text("additionalProperties: true"))
	case api.Array:
		items := s.schema(schema.Items)
		if items.doc == nil || len(schema.PrefixItems) > 0 {
			return serializer{}
		}
		members = append(members, ts.Cat(ts.Text("items: "), items.doc))
		size, uses = size+items.size, items.uses
	default:
		return serializer{}
	}
	return serializer{ts.Object(members...), size, uses}
}

// serialized is a property with its serializer.
type serialized struct {
	name string
	serializer
}

// properties are those of a schema and of what it has by allOf, depth levels deep.
// One that has two schemas is left to JSON.stringify, as is one whose name every
// object has from its prototype.
func (s *Serializers) properties(schema *api.Schema, depth int) []serialized {
	if schema == nil || depth == 0 || slices.ContainsFunc(schema.ImpliedTypes(), func(t api.Type) bool { return t != api.Object && t != api.Null }) {
		return nil
	}
	var all []serialized
	for _, p := range schema.Properties {
		if one := s.schema(p.Schema); one.doc != nil && !ts.IsInherited(p.Name) && !declare.Hidden(schema, p, declare.Response) {
			all = append(all, serialized{p.Name, one})
		}
	}
	parts := schema.AllOf
	if schema.Ref != nil {
		parts = append([]*api.Schema{schema.Ref}, parts...)
	}
	twice := map[string]bool{}
	for _, part := range parts {
		for _, each := range s.properties(part, depth-1) {
			i := slices.IndexFunc(all, func(have serialized) bool { return have.name == each.name })
			if i < 0 {
				all = append(all, each)
			} else if ts.Flat(all[i].doc) != ts.Flat(each.doc) {
				twice[each.name] = true
			}
		}
	}
	return slices.DeleteFunc(all, func(each serialized) bool { return twice[each.name] })
}
