package tstype

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// declared is what a declaration with type arguments lets pass. Without arguments it is
// a component where it is an object, an enum or a composition.
func (r *Reader) declared(d syntax.Statement, where *eval.Module, arguments []syntax.Type, in scope) *api.Schema {
	parameters := parametersOf(d)
	inner := scope{module: where, given: map[string]argument{}}
	for i, p := range parameters {
		switch {
		case i < len(arguments):
			inner.given[p.Name.Name] = argument{arguments[i], in}
		case p.Default != nil:
			inner.given[p.Name.Name] = argument{p.Default, inner}
		default:
			inner.given[p.Name.Name] = argument{nil, inner}
		}
	}
	name := nameOf(d)
	if len(parameters) > 0 || name == nil || !deservesName(d) {
		return r.body(d, inner)
	}
	component := r.names.Component(d, name.Name, func() *api.Schema {
		s := r.body(d, inner)
		if s == nil {
			return nil
		}
		if doc, ok := where.File.Documentation(d); ok {
			s = documented(s, where.File.Content(doc))
		}
		return s
	})
	if component == nil {
		return nil
	}
	return &api.Schema{Ref: component}
}

// deservesName says whether a declaration becomes a component: another name of a text,
// of a list or of another component is what it stands for.
func deservesName(d syntax.Statement) bool {
	alias, ok := d.(*syntax.TypeAlias)
	if !ok {
		return true
	}
	switch t := alias.Type.(type) {
	case *syntax.ObjectType, *syntax.UnionType, *syntax.IntersectionType, *syntax.MappedType:
		return true
	case *syntax.TypeReference:
		name := dotted(t.Name)
		return len(t.Arguments) > 0 && !isInferred(name[strings.LastIndexByte(name, '.')+1:]) && name != "Array" && name != "Promise"
	}
	return false
}

func parametersOf(d syntax.Statement) []*syntax.TypeParameter {
	switch x := d.(type) {
	case *syntax.InterfaceDeclaration:
		return x.TypeParameters
	case *syntax.TypeAlias:
		return x.TypeParameters
	case *syntax.Class:
		return x.TypeParameters
	}
	return nil
}

// body is what a declaration itself says.
func (r *Reader) body(d syntax.Statement, in scope) *api.Schema {
	switch x := d.(type) {
	case *syntax.InterfaceDeclaration:
		return r.extended(x.Extends, r.object(x.Members, in), in)
	case *syntax.TypeAlias:
		return r.read(x.Type, in)
	case *syntax.Class:
		return r.class(x, in)
	case *syntax.EnumDeclaration:
		return enum(x)
	}
	return &api.Schema{}
}

// extended is an object with those that it extends.
func (r *Reader) extended(bases []syntax.Type, own *api.Schema, in scope) *api.Schema {
	var of []*api.Schema
	for _, b := range bases {
		base := r.read(b, in)
		switch {
		case base == nil || base.IsAny():
		case isPlainObject(base):
			own = overlaid(base, own)
		default:
			of = append(of, base)
		}
	}
	if len(of) == 0 {
		return own
	}
	if len(own.Properties) > 0 || own.AdditionalProperties != nil {
		of = append(of, own)
	}
	return &api.Schema{AllOf: of}
}

// class is what the public fields of a class are, with what its decorators ask for.
func (r *Reader) class(x *syntax.Class, in scope) *api.Schema {
	s := &api.Schema{Types: []api.Type{api.Object}}
	for _, m := range x.Members {
		switch member := m.(type) {
		case *syntax.Field:
			before := len(s.Properties)
			r.property(s, member, in)
			if len(s.Properties) > before {
				r.decorated(s, s.Properties[before], member.Decorators, in)
			}
		case *syntax.Method:
			if member.Kind == syntax.MethodConstructor {
				r.constructor(s, member, in)
			}
		}
	}
	if x.Extends == nil {
		return s
	}
	base := &syntax.TypeReference{Span: x.Extends.Range(), Name: x.Extends, Arguments: x.ExtendsTypes}
	if dotted(x.Extends) == "" {
		return s
	}
	return r.extended([]syntax.Type{base}, s, in)
}

// constructor adds the parameters that are properties.
func (r *Reader) constructor(s *api.Schema, m *syntax.Method, in scope) {
	for _, p := range m.Function.Parameters {
		name, ok := p.Target.(*syntax.Identifier)
		if !ok || p.Modifiers&(syntax.ModPublic|syntax.ModReadonly) == 0 || p.Modifiers&(syntax.ModPrivate|syntax.ModProtected) != 0 {
			continue
		}
		if value := r.read(p.Type, in); value != nil {
			put(s, name.Name, value, !p.Optional)
		}
	}
}

// enum is the values of an enum. Those that are computed make it a number or a text.
func enum(x *syntax.EnumDeclaration) *api.Schema {
	s := &api.Schema{HasEnum: true}
	next := 0
	for _, m := range x.Members {
		value, t := count0(next), api.Integer
		if m.Value != nil {
			value, t = constant(m.Value)
			if value == "" {
				return &api.Schema{}
			}
			if n, err := value.Decode(); err == nil && t == api.Integer {
				if number, ok := n.(interface{ Int64() (int64, error) }); ok {
					if i, err := number.Int64(); err == nil {
						next = int(i)
					}
				}
			}
		}
		next++
		s.Enum = append(s.Enum, value)
		if !s.Is(t) {
			s.Types = append(s.Types, t)
		}
	}
	return s
}

func count0(n int) api.Value { return api.Value(count(n)) }

// documented takes the description, the format and the bounds that a comment gives.
func documented(s *api.Schema, comment string) *api.Schema {
	c := *s
	var description []string
	inTag := false
	for _, line := range strings.Split(comment, "\n") {
		line = strings.TrimSpace(line)
		tag, isTag := strings.CutPrefix(line, "@")
		if !isTag {
			if !inTag && line != "" {
				description = append(description, line)
			}
			continue
		}
		inTag = true
		name, value, _ := strings.Cut(tag, " ")
		annotate(&c, name, strings.TrimSpace(value))
	}
	if c.Description == "" {
		c.Description = strings.Join(description, "\n")
	}
	return &c
}

// annotate takes a tag as TSOA and typescript-json-schema read it.
func annotate(s *api.Schema, tag, value string) {
	switch tag {
	case "deprecated":
		s.Deprecated = true
	case "format":
		s.Format = value
	case "pattern":
		s.Pattern = value
	case "minimum":
		s.Minimum = api.Number(digits(value))
	case "maximum":
		s.Maximum = api.Number(digits(value))
	case "minLength":
		s.MinLength = api.Number(digits(value))
	case "maxLength":
		s.MaxLength = api.Number(digits(value))
	case "minItems":
		s.MinItems = api.Number(digits(value))
	case "maxItems":
		s.MaxItems = api.Number(digits(value))
	case "isInt":
		s.Types = []api.Type{api.Integer}
	case "description":
		s.Description = value
	}
}

// digits is the number that a tag begins with; "" where there is none.
func digits(value string) string {
	word, _, _ := strings.Cut(value, " ")
	for i, c := range word {
		if (c < '0' || c > '9') && (i > 0 || c != '-') {
			return ""
		}
	}
	return word
}

// Class is what the fields of a class of the program let pass, with what their decorators
// ask for: the class that a transformer makes of a body.
func (r *Reader) Class(c *eval.Class) *api.Schema {
	return r.declared(c.Node, c.Module, nil, scope{module: c.Module})
}
