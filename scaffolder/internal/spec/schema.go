package spec

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// schema reads an inline schema; nil where n is not there.
func (r *reader) schema(n node, depth int) *api.Schema {
	if !n.ok() {
		return nil
	}
	s := &api.Schema{At: n.at()}
	r.fill(s, n, depth)
	return s
}

// fill reads the keywords at n into s.
func (r *reader) fill(s *api.Schema, n node, depth int) {
	switch {
	case isBoolean(n):
		s.Never = n.text() == "false"
		return
	case !n.isMap():
		r.fail(n, "", "a schema is %s; it must be a mapping, true or false", n.kind())
		return
	case r.tooMany(n):
		return
	case r.schemas.active[n.y]:
		r.fail(n, "name it under components.schemas, and use $ref", "a YAML alias stands inside of the schema that it stands for")
		return
	case depth > deepest:
		r.fail(n, "name a part of it under components.schemas, and refer to it", "schemas are nested more than %d deep", deepest)
		return
	}
	r.schemas.count++
	r.schemas.active[n.y] = true
	defer delete(r.schemas.active, n.y)
	if n.get("$id").ok() {
		outer := r.binds
		r.binds = outer.entering(n)
		defer func() { r.binds = outer }()
	}
	if ref := n.ref(); ref != "" {
		s.Ref = r.refer(n, ref)
		if r.minor == 0 { // what stands beside $ref is not looked at
			r.siblings(s, n)
			return
		}
	} else if dynamic := n.get("$dynamicRef"); dynamic.isString() {
		s.Ref = r.referDynamic(n, dynamic.text())
	}
	r.annotations(s, n)
	r.types(s, n)
	r.values(s, n)
	r.scalars(s, n)
	r.arrays(s, n, depth+1)
	r.objects(s, n, depth+1)
	r.composition(s, n, depth+1)
	r.known(n, "this schema", schemaKeys)
	r.enumTypes(s, n)
}

// siblings reads the annotations beside a $ref of OpenAPI 3.0 and warns of the
// other keywords there.
func (r *reader) siblings(s *api.Schema, n node) {
	s.Description = n.string("description")
	for _, p := range n.pairs() {
		switch p.name {
		case "$ref", "description", "summary", "title", "example":
		case "nullable":
			// Not allowed, but everybody who writes it means it.
			s.Nullable = p.value.text() == "true"
		default:
			if slices.Contains(schemaKeys, p.name) {
				r.warn(p.key, "ref-siblings", "OpenAPI 3.0 wants it in allOf with the $ref; OpenAPI 3.1 allows it here",
					"%s beside $ref is not looked at", p.name)
			}
		}
	}
}

func (r *reader) annotations(s *api.Schema, n node) {
	s.Title = n.string("title")
	s.Description = n.string("description")
	s.Deprecated = n.bool("deprecated", false)
	s.ReadOnly = n.bool("readOnly", false)
	s.WriteOnly = n.bool("writeOnly", false)
	s.Default = jsonValue(n.raw("default"))
	for _, example := range append([]node{n.raw("example")}, n.get("examples").items()...) {
		if v := jsonValue(example); v != "" {
			s.Examples = append(s.Examples, v)
		}
	}
}

// types reads type and nullable: one type, a list of types (3.1), and what
// people write in the wrong version.
func (r *reader) types(s *api.Schema, n node) {
	s.Nullable = s.Nullable || n.bool("nullable", false)
	t := n.get("type")
	if null := n.raw("type"); null.isNull() { // `type: null` without quotes
		s.Types = []api.Type{api.Null}
		return
	}
	names := t.items()
	if t.isScalar() {
		names = []node{t}
	} else if !r.fits(t, t.isSequence(), "type", "a name or a list of names") {
		return
	}
	for _, name := range names {
		known := api.Type(name.text())
		switch known {
		case api.Boolean, api.Integer, api.Numeric, api.String, api.Array, api.Object, api.Null:
		default:
			if name.isNull() {
				known = api.Null
				break
			}
			r.unknownType(s, name)
			continue
		}
		if !s.Is(known) {
			s.Types = append(s.Types, known)
		}
	}
}

func (r *reader) unknownType(s *api.Schema, n node) {
	switch n.text() {
	case "file": // Swagger 2.0
		s.Types = append(s.Types, api.String)
		s.Format = "binary"
		r.warn(n, "unknown-type", "write type: string, format: binary", "type file is of Swagger 2.0; it is taken for a binary string")
	case "any":
		r.warn(n, "unknown-type", "leave the type out to let every value pass", "unknown type any: every value passes")
	default:
		hint := "a type is one of boolean, integer, number, string, array, object, null"
		if near := similar(n.text(), []string{"boolean", "integer", "number", "string", "array", "object", "null"}); near != "" {
			hint = "did you mean " + near + "?"
		}
		r.bend(n, "unknown-type", hint, "unknown type %q", short(n.text()))
	}
}

func (r *reader) values(s *api.Schema, n node) {
	if c := n.raw("const"); c.ok() {
		s.Const = jsonValue(c)
	}
	enum := n.raw("enum")
	if !enum.ok() || enum.isNull() {
		return
	}
	if !r.fits(enum, enum.isSequence(), "enum", "a list of values") {
		return
	}
	s.HasEnum = true
	for _, item := range enum.items() {
		s.Enum = append(s.Enum, jsonValue(item))
	}
	if len(s.Enum) == 0 {
		r.warn(enum, "empty-enum", "list the values, or leave enum out", "enum is empty: nothing passes, so it is not looked at")
		s.HasEnum = false
	}
}

// enumTypes repairs values of an enum that YAML took for numbers or truth
// values although only strings pass: [1.0, yes] without quotes.
func (r *reader) enumTypes(s *api.Schema, n node) {
	if len(s.Types) != 1 || s.Types[0] != api.String {
		return
	}
	for i, item := range n.get("enum").items() {
		if !item.isScalar() || item.isString() || item.isNull() || i >= len(s.Enum) {
			continue
		}
		if tag := item.y.ShortTag(); tag != "!!int" && tag != "!!float" && tag != "!!bool" {
			continue
		}
		s.Enum[i] = quoted(item.y.Value)
		r.warn(item, "enum-type", "put it in quotes", "%s in an enum of strings is taken for the string %q", short(item.y.Value), short(item.y.Value))
	}
}

func (r *reader) scalars(s *api.Schema, n node) {
	s.Minimum, s.ExclusiveMinimum = r.bound(n, "minimum", "exclusiveMinimum")
	s.Maximum, s.ExclusiveMaximum = r.bound(n, "maximum", "exclusiveMaximum")
	s.MultipleOf = r.number(n, "multipleOf")
	if s.MultipleOf != "" && !positive(s.MultipleOf) {
		r.warn(n.get("multipleOf"), "bad-value", "", "multipleOf must be greater than 0; it is not looked at")
		s.MultipleOf = ""
	}
	s.MinLength = r.count(n, "minLength")
	s.MaxLength = r.count(n, "maxLength")
	s.Pattern = n.string("pattern")
	s.SlowPattern = r.slowPattern(s.Pattern, n.get("pattern"))
	if s.Format == "" {
		s.Format = n.string("format")
	}
	s.ContentEncoding = n.string("contentEncoding")
	s.ContentMediaType = n.string("contentMediaType")
}

// bound reads a limit in both of its forms: exclusiveMinimum is a truth value
// beside minimum in OpenAPI 3.0, and a number of its own since 3.1.
func (r *reader) bound(n node, inclusive, exclusive string) (in, ex api.Number) {
	in = r.number(n, inclusive)
	e := n.get(exclusive)
	switch {
	case !e.ok():
	case isBoolean(e):
		if e.text() == "true" {
			return "", in
		}
	default:
		ex = r.number(n, exclusive)
	}
	return in, ex
}

func (r *reader) number(n node, key string) api.Number {
	v := n.get(key)
	if !v.ok() {
		return ""
	}
	number := numberText(v.text())
	if number == "" {
		r.warn(v, "bad-value", "", "%s is %s, which is no number; it is not looked at", key, v.kind())
	}
	return number
}

func (r *reader) count(n node, key string) api.Number {
	v := n.get(key)
	if !v.ok() {
		return ""
	}
	number := countText(v.text())
	if number == "" {
		r.warn(v, "bad-value", "", "%s is %s, which is no number of things; it is not looked at", key, v.kind())
	}
	return number
}
