package tsgen

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// serializers write the schemas by which Fastify writes answers. They are not those
// of the document: fast-json-stringify drops or converts what a schema does not
// allow. These hold what is the same whoever writes it, and leave the rest to
// JSON.stringify: an answer that compiles arrives as the handler returned it.
type serializers struct {
	names     *names
	shared    map[*api.Schema]serializer // of named schemas
	constants []serializerConstant       // each after those that it uses
	answers   map[*operation]bool        // those that have a constant
}

// serializerConstant is that of a named schema, or of an operation.
type serializerConstant struct {
	name, text string
	uses       []string // other constants
}

// serializer is a schema as an expression, and how much is compiled for it. The
// zero value leaves everything to JSON.stringify.
type serializer struct {
	doc  doc
	size int
	uses []string // constants
}

// maxSerializer bounds what is compiled for one answer, which happens when a server
// starts. What lies deeper is left to JSON.stringify.
const maxSerializer = 100

// serializers are empty where there are none.
func (p *project) serializers() *serializers {
	s := &serializers{names: newNames(), shared: map[*api.Schema]serializer{}, answers: map[*operation]bool{}}
	if p.options.Framework != "fastify" || p.types.int64.exact() {
		return s // exact integers are not for fast-json-stringify
	}
	for _, op := range p.operations {
		s.names.unique(op.Symbol)
	}
	for _, op := range p.operations {
		if len(p.variants(op)) == 1 {
			s.route(op)
		}
	}
	return s
}

// route is the constant of an operation: by status, as Fastify wants it.
func (s *serializers) route(op *operation) {
	var statuses []doc
	var uses []string
	for _, r := range op.responses() {
		if strings.HasPrefix(r.Status, "4") || strings.HasPrefix(r.Status, "5") || r.Status == "default" && len(op.responses()) > 1 {
			continue // errors are rare, most of them thrown, and each costs time at the start
		}
		if one := s.schema(answered(r)); one.size > 1 { // an object or a list
			uses = append(uses, one.uses...)
			statuses = append(statuses, cat(docText(propertyKey(strings.ToLower(r.Status))+": "), one.doc))
		}
	}
	if len(statuses) > 0 {
		s.add(op.Symbol, "export const ", expanded(statuses...), uses)
		s.answers[op] = true
	}
}

func (s *serializers) add(name, declaration string, value doc, uses []string) {
	text := render(cat(docText(declaration+name+" = "), value, docText(" as const;")), 0) + "\n"
	s.constants = append(s.constants, serializerConstant{name, text, uses})
}

// file is the text of responses.ts: a constant that was too large for all that
// would use it is left out.
func (s *serializers) file() string {
	used := map[string]bool{}
	var out []string
	for _, c := range slices.Backward(s.constants) {
		if !used[c.name] && !strings.HasPrefix(c.text, "export ") {
			continue
		}
		for _, name := range c.uses {
			used[name] = true
		}
		out = append(out, c.text)
	}
	slices.Reverse(out)
	return strings.Join(out, "\n")
}

// answered is the schema of the objects that an answer can be; nil where there are
// several.
func answered(r *api.Response) *api.Schema {
	var found *api.Schema
	for _, m := range r.Content {
		if mediaKind(m.Type) != "json" {
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
func (s *serializers) schema(schema *api.Schema) serializer {
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
func (s *serializers) named(schema *api.Schema) serializer {
	if known, ok := s.shared[schema]; ok {
		return known
	}
	s.shared[schema] = serializer{} // while it is being written
	one := s.schema(schema)
	if one.size > 1 {
		name := s.names.unique(camel(limit(schema.Name)) + "Schema")
		s.add(name, "const ", one.doc, one.uses)
		one.doc, one.uses = docText(name), []string{name}
	}
	s.shared[schema] = one
	return one
}

// typed is the serializer of a schema with one type beside null.
func (s *serializers) typed(schema *api.Schema, t api.Type, nullable bool) serializer {
	members := []doc{docText("type: " + quote(string(t)))}
	if t == api.Integer {
		members[0] = docText("type: 'number'") // an integer would be rounded
	}
	if nullable {
		members = append(members, docText("nullable: true"))
	}
	size, uses := 1, []string(nil)
	switch t {
	case api.String, api.Boolean, api.Numeric, api.Integer:
	case api.Object:
		properties := s.properties(schema, 16)
		if len(properties) == 0 {
			return serializer{}
		}
		var rows []doc
		for _, each := range properties {
			if size+each.size > maxSerializer {
				continue
			}
			size += each.size
			uses = append(uses, each.uses...)
			rows = append(rows, cat(docText(propertyKey(each.name)+": "), each.doc))
		}
		members = append(members, cat(docText("properties: "), object(rows...)), docText("additionalProperties: true"))
	case api.Array:
		items := s.schema(schema.Items)
		if items.doc == nil || len(schema.PrefixItems) > 0 {
			return serializer{}
		}
		members = append(members, cat(docText("items: "), items.doc))
		size, uses = size+items.size, items.uses
	default:
		return serializer{}
	}
	return serializer{object(members...), size, uses}
}

// serialized is a property with its serializer.
type serialized struct {
	name string
	serializer
}

// properties are those of a schema and of what it has by allOf, depth levels deep.
// One that has two schemas is left to JSON.stringify, as is one whose name every
// object has from its prototype.
func (s *serializers) properties(schema *api.Schema, depth int) []serialized {
	if schema == nil || depth == 0 || slices.ContainsFunc(schema.ImpliedTypes(), func(t api.Type) bool { return t != api.Object && t != api.Null }) {
		return nil
	}
	var all []serialized
	for _, p := range schema.Properties {
		if one := s.schema(p.Schema); one.doc != nil && !isInherited(p.Name) && !hidden(schema, p, response) {
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
			} else if renderFlat(all[i].doc) != renderFlat(each.doc) {
				twice[each.name] = true
			}
		}
	}
	return slices.DeleteFunc(all, func(each serialized) bool { return twice[each.name] })
}
