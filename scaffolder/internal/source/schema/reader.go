package schema

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// Reader reads the schemas of one program.
type Reader struct {
	ev    *eval.Evaluator
	names *Names
	terms map[*eval.Term]*reading // nil where a term is no schema
	// reading are the terms that are being read; those that refer to themselves have a
	// component, which is filled when they have been read.
	reading map[*eval.Term]bool
	shared  map[string]*eval.Object // JSON Schemas by the name in their $id
	depth   int
}

// New is a Reader whose components go to names.
func New(ev *eval.Evaluator, names *Names) *Reader {
	return &Reader{ev: ev, names: names, terms: map[*eval.Term]*reading{}, reading: map[*eval.Term]bool{}, shared: map[string]*eval.Object{}}
}

// A reading is what a term says.
type reading struct {
	schema   api.Schema // without the name that it may have
	library  library
	optional bool // as the value of a property
	required bool // Joi and yup: said so
	coerced  bool // it takes texts for what it wants
	// shape are the readings of the properties, for pick, partial and their like.
	shape []field
	term  *eval.Term
}

// A field is a property of an object schema.
type field struct {
	name  string
	value *reading
	of    eval.Value
}

// clone is a copy that may be changed.
func (r *reading) clone() *reading {
	c := *r
	c.term = nil
	return &c
}

// library is which library a term comes from.
type library int

const (
	none library = iota
	zod
	joi
	yup
	typebox
	fluent
	valibot
	expressValidator
	superstruct
	codec // io-ts, runtypes
	vine
	jtd // ajv's JSON Type Definition
)

// libraryOf tells the library by the name of a package, with the names that lead from
// the package to its schemas taken off.
func libraryOf(module string, names []string) (library, []string) {
	var lib library
	switch module {
	case "zod", "zod/v3", "zod/v4", "zod/v4-mini", "zod/mini", "@hono/zod-openapi", "zod-openapi":
		lib = zod
	case "joi", "@hapi/joi", "celebrate", "joi-browser", "koa-joi-router", "@hapi/joi/lib":
		lib = joi
	case "yup":
		lib = yup
	case "@sinclair/typebox", "typebox", "@fastify/type-provider-typebox", "elysia":
		lib = typebox
	case "fluent-json-schema", "fluent-schema":
		lib = fluent
	case "valibot":
		lib = valibot
	case "superstruct":
		lib = superstruct
	case "io-ts", "runtypes", "io-ts-types":
		lib = codec
	case "@vinejs/vine":
		lib = vine
	case "express-validator", "express-validator/check":
		lib = expressValidator
	default:
		return none, names
	}
	for len(names) > 0 {
		switch names[0] {
		case "z", "S", "v", "Joi", "joi", "default", "Type", "t", "yup", "coerce", "vine":
			if names[0] == "coerce" {
				return lib, names
			}
			names = names[1:]
			continue
		}
		break
	}
	return lib, names
}

// Schema is the schema that a value is; nil where it is none. A named one is a reference
// to its component.
func (r *Reader) Schema(v eval.Value) *api.Schema {
	got := r.read(v)
	if got == nil {
		return nil
	}
	return r.use(got)
}

// use is a reading where it is used as a whole.
func (r *Reader) use(got *reading) *api.Schema {
	if got.term != nil && isName(got.term.Label) && isStructure(&got.schema) {
		c := r.names.Component(got.term, got.term.Label, func() *api.Schema { s := got.schema; return &s })
		if c != nil {
			return &api.Schema{Ref: c}
		}
	}
	s := got.schema
	return &s
}

// isStructure says whether a schema is worth a name: objects, enums and compositions
// are, a text of some length is not.
func isStructure(s *api.Schema) bool {
	return len(s.Properties) > 0 || s.HasEnum || len(s.AllOf) > 0 || len(s.AnyOf) > 0 || len(s.OneOf) > 0
}

// read reads a value.
func (r *Reader) read(v eval.Value) *reading {
	switch x := v.(type) {
	case *eval.Term:
		return r.term(x)
	case *eval.Object:
		if s := r.jsonSchema(x); s != nil {
			return &reading{schema: *s}
		}
	case *eval.Union:
		// A schema that one of several may be is one that passes what any does.
		var of []*api.Schema
		for _, one := range x.Of {
			if s := r.Schema(one); s != nil {
				of = append(of, s)
			}
		}
		if len(of) == 1 {
			return &reading{schema: *of[0]}
		}
		if len(of) > 1 {
			return &reading{schema: api.Schema{AnyOf: of}}
		}
	}
	return nil
}

// term reads a term, each once.
func (r *Reader) term(t *eval.Term) *reading {
	if r.reading[t] {
		return r.recursion(t)
	}
	if got, ok := r.terms[t]; ok {
		return got
	}
	if r.depth > 100 {
		return nil
	}
	r.depth++
	r.reading[t] = true
	got := r.readTerm(t)
	delete(r.reading, t)
	r.depth--
	if got != nil {
		got.term = t
		if component := r.names.byKey[t]; component != nil {
			name := component.Name
			*component = got.schema
			component.Name = name
		}
	}
	r.terms[t] = got
	return got
}

// recursion is a reference to a schema that is being read.
func (r *Reader) recursion(t *eval.Term) *reading {
	if !isName(t.Label) {
		return &reading{}
	}
	module, names := t.Path()
	lib, _ := libraryOf(module, names)
	component := r.names.Component(t, t.Label, func() *api.Schema { return &api.Schema{} })
	return &reading{schema: api.Schema{Ref: component}, library: lib}
}

func (r *Reader) readTerm(t *eval.Term) *reading {
	switch t.Kind {
	case eval.Member:
		return r.member(t)
	case eval.Called, eval.Made:
	default:
		return nil
	}
	callee, ok := t.Of.(*eval.Term)
	if !ok || callee.Kind != eval.Member && callee.Kind != eval.Import {
		return nil
	}
	if base, ok := callee.Of.(*eval.Term); ok {
		if on := r.term(base); on != nil {
			return r.method(on, callee.Name, t.Args)
		}
	}
	module, names := callee.Path()
	lib, names := libraryOf(module, names)
	if len(names) == 0 {
		return nil
	}
	c := call{Reader: r, args: t.Args}
	name := names[len(names)-1]
	var got *reading
	switch lib {
	case zod:
		got = c.zod(name, len(names) > 1 && names[len(names)-2] == "coerce")
	case joi, yup:
		got = c.joi(lib, name)
	case typebox:
		got = c.typebox(name)
	case fluent:
		got = c.fluent(name)
	case valibot:
		got = c.valibot(name)
	case superstruct:
		got = c.superstruct(name)
	case codec:
		got = c.codec(name)
	case vine:
		got = c.vine(name)
	}
	if got != nil {
		got.library = lib
	}
	return got
}

// method reads base.name(args).
func (r *Reader) method(base *reading, name string, args []eval.Value) *reading {
	c := call{Reader: r, args: args}
	var got *reading
	switch base.library {
	case zod:
		got = c.zodMethod(base, name)
	case joi, yup:
		got = c.joiMethod(base, name)
	case fluent:
		got = c.fluentMethod(base, name)
	case vine:
		got = c.vineMethod(base, name)
	case codec:
		got = codecMethod(base, name)
	}
	if got != nil {
		got.library = base.library
	}
	return got
}

// member reads what a schema has as a property: shape.name, element.
func (r *Reader) member(t *eval.Term) *reading {
	of, ok := t.Of.(*eval.Term)
	if !ok {
		return nil
	}
	if module, names := t.Path(); module != "" {
		if lib, names := libraryOf(module, names); lib == codec && len(names) == 1 {
			if got := codecConstant(names[0]); got != nil {
				got.library = codec
				return got
			}
		}
	}
	if of.Kind == eval.Member && (of.Name == "shape" || of.Name == "fields" || of.Name == "properties") {
		if base, ok := of.Of.(*eval.Term); ok {
			if on := r.term(base); on != nil {
				for _, f := range on.shape {
					if f.name == t.Name {
						return f.value
					}
				}
			}
		}
	}
	return nil
}

// A call is what a schema is made with.
type call struct {
	*Reader
	args []eval.Value
}

func (c call) arg(i int) eval.Value {
	if i < len(c.args) {
		return c.args[i]
	}
	return eval.Undefined{}
}

// schema is the schema of an argument; one that cannot be read passes everything.
func (c call) schema(i int) *api.Schema {
	if s := c.Schema(c.arg(i)); s != nil {
		return s
	}
	return &api.Schema{}
}

// number is an argument that is a number, "" where it is none.
func (c call) number(i int) api.Number { return numberOf(c.arg(i)) }

func numberOf(v eval.Value) api.Number {
	if n, ok := v.(eval.Number); ok {
		return api.Number(eval.ToText(n))
	}
	return ""
}

// list are the elements of an argument that is an array.
func (c call) list(i int) []eval.Value {
	if a, ok := c.arg(i).(*eval.Array); ok {
		return a.Elements
	}
	return nil
}

// object is an argument that is an object; nil where it is none.
func (c call) object(i int) *eval.Object {
	o, _ := c.arg(i).(*eval.Object)
	return o
}

// scalar is a schema of one type.
func scalar(t api.Type) *reading { return &reading{schema: api.Schema{Types: []api.Type{t}}} }

// format is a text of a format.
func format(name string) *reading {
	return &reading{schema: api.Schema{Types: []api.Type{api.String}, Format: name}}
}
