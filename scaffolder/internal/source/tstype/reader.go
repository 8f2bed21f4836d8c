package tstype

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// maxDepth is how deeply types are followed into each other, and maxSteps how many are
// looked at for one that is asked for: types can compute, and some do not end.
const (
	maxDepth = 40
	maxSteps = 20_000
)

// Reader reads the types of one program.
type Reader struct {
	ev      *eval.Evaluator
	names   *schema.Names
	schemas *schema.Reader
	depth   int
	steps   int // that the type which is asked for has taken
}

// New is a Reader whose components go to names, and which reads values of schemas by
// schemas.
func New(ev *eval.Evaluator, names *schema.Names, schemas *schema.Reader) *Reader {
	return &Reader{ev: ev, names: names, schemas: schemas}
}

// A scope says what the names of a type mean: in which module it stands, and what the
// type parameters around it are.
type scope struct {
	module *eval.Module
	given  map[string]argument
}

// An argument is a type with the scope that it was written in.
type argument struct {
	typ syntax.Type
	in  scope
}

// Type is what a type that stands in a module lets pass; nil where it says nothing: any,
// unknown, void, and what cannot be read.
func (r *Reader) Type(t syntax.Type, in *eval.Module) *api.Schema {
	s := r.read(t, scope{module: in})
	if s == nil || s.IsAny() {
		return nil
	}
	return s
}

// read is the schema of a type; nil for what has no place in JSON. It is never nil for
// what merely is not known.
func (r *Reader) read(t syntax.Type, in scope) *api.Schema {
	if t == nil || r.depth > maxDepth {
		return &api.Schema{}
	}
	if r.depth == 0 {
		r.steps = 0
	}
	if r.steps++; r.steps > maxSteps {
		if r.steps == maxSteps+1 && in.module != nil {
			r.ev.Report("type-steps", eval.Place{File: in.module.File, Span: t.Range()}, "this type takes more steps than are looked at; what it says is not read as a whole", "")
		}
		return &api.Schema{}
	}
	r.depth++
	defer func() { r.depth-- }()
	switch x := t.(type) {
	case *syntax.KeywordType:
		return keyword(x.Keyword)
	case *syntax.LiteralType:
		return literal(x.Literal)
	case *syntax.TemplateType:
		return &api.Schema{Types: []api.Type{api.String}}
	case *syntax.ParenthesizedType:
		return r.read(x.Type, in)
	case *syntax.ArrayType:
		return &api.Schema{Types: []api.Type{api.Array}, Items: r.known(x.Element, in)}
	case *syntax.TupleType:
		return r.tuple(x, in)
	case *syntax.UnionType:
		return r.union(x.Types, in)
	case *syntax.IntersectionType:
		return r.intersection(x.Types, in)
	case *syntax.ObjectType:
		return r.object(x.Members, in)
	case *syntax.TypeReference:
		return r.reference(x, in)
	case *syntax.TypeOperator:
		if x.Operator == token.Keyof {
			return r.keysOf(x.Operand, in)
		}
		return r.read(x.Operand, in)
	case *syntax.TypeQuery:
		return r.query(x, in)
	case *syntax.IndexedAccessType:
		return r.access(x, in)
	case *syntax.MappedType:
		return r.mapped(x, in)
	case *syntax.NullableType:
		return nullable(r.known(x.Type, in))
	case *syntax.TypePredicate:
		return &api.Schema{Types: []api.Type{api.Boolean}}
	case *syntax.FunctionType:
		return nil
	}
	return &api.Schema{}
}

// known is read, where what has no place in JSON passes everything.
func (r *Reader) known(t syntax.Type, in scope) *api.Schema {
	if s := r.read(t, in); s != nil {
		return s
	}
	return &api.Schema{}
}

func keyword(k token.Kind) *api.Schema {
	switch k {
	case token.StringWord:
		return &api.Schema{Types: []api.Type{api.String}}
	case token.NumberWord:
		return &api.Schema{Types: []api.Type{api.Numeric}}
	case token.BigIntWord:
		return &api.Schema{Types: []api.Type{api.Integer}}
	case token.Boolean:
		return &api.Schema{Types: []api.Type{api.Boolean}}
	case token.Null:
		return &api.Schema{Types: []api.Type{api.Null}}
	case token.Object:
		return &api.Schema{Types: []api.Type{api.Object}}
	case token.Undefined, token.Void, token.Symbol:
		return nil
	case token.Never:
		return nil
	}
	return &api.Schema{}
}

// nullable lets null pass as well.
func nullable(s *api.Schema) *api.Schema {
	if s.IsAny() {
		return s
	}
	c := *s
	c.Name = ""
	c.Nullable = true
	return &c
}

func (r *Reader) tuple(x *syntax.TupleType, in scope) *api.Schema {
	s := &api.Schema{Types: []api.Type{api.Array}}
	required := 0
	for _, e := range x.Elements {
		if e.Rest {
			if list := r.known(e.Type, in).Target(); list != nil {
				s.Items = list.Items
			}
			continue
		}
		s.PrefixItems = append(s.PrefixItems, r.known(e.Type, in))
		if !e.Optional {
			required++
		}
	}
	s.MinItems = count(required)
	return s
}

// union is any of several types. Constants become an enum, undefined is left to whoever
// has the property.
func (r *Reader) union(types []syntax.Type, in scope) *api.Schema {
	var of []*api.Schema
	null := false
	for _, t := range types {
		s := r.read(t, in)
		switch {
		case s == nil:
		case len(s.Types) == 1 && s.Types[0] == api.Null:
			null = true
		default:
			of = append(of, s)
		}
	}
	var s *api.Schema
	switch {
	case len(of) == 0 && !null:
		return nil
	case len(of) == 0:
		return &api.Schema{Types: []api.Type{api.Null}}
	case len(of) == 1:
		s = of[0]
	default:
		if s = constants(of); s == nil {
			s = &api.Schema{AnyOf: of}
		}
	}
	if null {
		s = nullable(s)
	}
	return s
}

// constants is the enum of schemas that are constants or enums; nil where one is not.
func constants(of []*api.Schema) *api.Schema {
	s := &api.Schema{HasEnum: true}
	for _, o := range of {
		switch {
		case o.Const != "":
			s.Enum = append(s.Enum, o.Const)
		case o.HasEnum && o.Ref == nil:
			s.Enum = append(s.Enum, o.Enum...)
		default:
			return nil
		}
		for _, t := range o.Types {
			if !s.Is(t) {
				s.Types = append(s.Types, t)
			}
		}
	}
	if len(s.Enum) == 2 && len(s.Types) == 1 && s.Types[0] == api.Boolean {
		return &api.Schema{Types: s.Types}
	}
	return s
}

// intersection is all of several types. Objects without a name are one object.
func (r *Reader) intersection(types []syntax.Type, in scope) *api.Schema {
	var of []*api.Schema
	for _, t := range types {
		s := r.read(t, in)
		if s == nil || s.IsAny() {
			continue
		}
		if n := len(of); n > 0 && isPlainObject(s) && isPlainObject(of[n-1]) {
			of[n-1] = overlaid(of[n-1], s)
			continue
		}
		of = append(of, s)
	}
	switch len(of) {
	case 0:
		return &api.Schema{}
	case 1:
		return of[0]
	}
	// string & { brand: x } is a text.
	for _, s := range of {
		if len(s.Types) == 1 && s.Types[0] != api.Object && s.Ref == nil {
			return s
		}
	}
	return &api.Schema{AllOf: of}
}
