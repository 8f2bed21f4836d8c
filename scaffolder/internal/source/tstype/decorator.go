package tstype

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// decoratorFormats are the decorators of class-validator that ask for a format.
var decoratorFormats = map[string]string{
	"IsEmail": "email", "IsUrl": "uri", "IsURL": "uri", "IsUUID": "uuid", "IsDateString": "date-time", "IsISO8601": "date-time",
	"IsFQDN": "hostname", "IsRFC3339": "date-time",
}

// decorated takes what class-validator's decorators, and those of OpenAPI, say of a
// property.
func (r *Reader) decorated(s *api.Schema, p *api.Property, decorators []*syntax.Decorator, in scope) {
	for _, d := range decorators {
		name, arguments := called(d.Expression)
		switch name {
		case "IsOptional", "ValidateIf", "ApiPropertyOptional":
			s.Required = without(s.Required, p.Name)
			continue
		case "IsDefined", "IsNotEmpty":
			if name == "IsNotEmpty" && p.Schema.Is(api.String) {
				c := *p.Schema
				c.MinLength = "1"
				p.Schema = &c
			}
			continue
		case "Exclude", "ApiHideProperty":
			s.Properties = s.Properties[:len(s.Properties)-1]
			s.Required = without(s.Required, p.Name)
			return
		}
		each := hasEach(arguments)
		target := p.Schema
		if each && p.Schema.Items != nil {
			target = p.Schema.Items
		}
		changed := r.rule(target, name, arguments, in)
		if each && p.Schema.Items != nil {
			list := *p.Schema
			list.Items = changed
			p.Schema = &list
		} else {
			p.Schema = changed
		}
	}
}

// called is the name of a decorator with its arguments.
func called(e syntax.Expression) (string, []syntax.Expression) {
	c, ok := e.(*syntax.CallExpression)
	if !ok {
		return dotted(e), nil
	}
	return dotted(c.Callee), c.Arguments
}

// hasEach says whether the options of a decorator say that it is meant for each element.
func hasEach(arguments []syntax.Expression) bool {
	for _, a := range arguments {
		if o, ok := a.(*syntax.ObjectLiteral); ok {
			if b, ok := member(o, "each").(*syntax.BooleanLiteral); ok && b.Value {
				return true
			}
		}
	}
	return false
}

// member is the value of a property of an object literal; nil where it has none.
func member(o *syntax.ObjectLiteral, name string) syntax.Expression {
	for _, e := range o.Properties {
		if p, ok := e.(*syntax.Property); ok {
			if k, _ := syntax.KeyName(p.Key); k == name {
				return p.Value
			}
		}
	}
	return nil
}

// rule is a schema with what one decorator adds.
func (r *Reader) rule(on *api.Schema, name string, arguments []syntax.Expression, in scope) *api.Schema {
	s := *on
	if f, ok := decoratorFormats[name]; ok {
		s.Types, s.Format = []api.Type{api.String}, f
		return &s
	}
	number := func(i int) api.Number {
		if i < len(arguments) {
			if v, t := constant(arguments[i]); t == api.Integer || t == api.Numeric {
				return api.Number(v)
			}
		}
		return ""
	}
	switch name {
	case "IsInt":
		s.Types = []api.Type{api.Integer}
	case "IsPositive":
		s.ExclusiveMinimum = "0"
	case "IsNegative":
		s.ExclusiveMaximum = "0"
	case "Min":
		s.Minimum = number(0)
	case "Max":
		s.Maximum = number(0)
	case "Length":
		s.MinLength, s.MaxLength = number(0), number(1)
	case "MinLength":
		s.MinLength = number(0)
	case "MaxLength":
		s.MaxLength = number(0)
	case "ArrayMinSize":
		s.MinItems = number(0)
	case "ArrayMaxSize":
		s.MaxItems = number(0)
	case "ArrayNotEmpty":
		s.MinItems = "1"
	case "ArrayUnique":
		s.UniqueItems = true
	case "IsMongoId":
		s.Types, s.Pattern = []api.Type{api.String}, "^[0-9a-fA-F]{24}$"
	case "Matches":
		if len(arguments) > 0 {
			if re, ok := arguments[0].(*syntax.RegExpLiteral); ok {
				s.Pattern = re.Pattern
			}
		}
	case "IsString", "IsNumber", "IsBoolean", "IsArray", "IsObject", "IsDate":
		if s.IsAny() {
			s.Types = []api.Type{map[string]api.Type{"IsString": api.String, "IsNumber": api.Numeric, "IsBoolean": api.Boolean, "IsArray": api.Array, "IsObject": api.Object, "IsDate": api.String}[name]}
		}
	case "IsEnum", "IsIn":
		return r.valuesOf(&s, arguments, in)
	}
	return &s
}

// valuesOf takes the values that IsEnum or IsIn names.
func (r *Reader) valuesOf(s *api.Schema, arguments []syntax.Expression, in scope) *api.Schema {
	if len(arguments) == 0 {
		return s
	}
	switch x := arguments[0].(type) {
	case *syntax.Identifier:
		if named := r.reference(&syntax.TypeReference{Span: x.Span, Name: x}, in); named != nil && !named.IsAny() {
			return named
		}
		if values := valueType(r.ev.Variable(in.module, x.Name)); len(values.PrefixItems) > 0 {
			if e := constants(values.PrefixItems); e != nil {
				return e
			}
		}
	case *syntax.ArrayLiteral:
		var of []*api.Schema
		for _, e := range x.Elements {
			if e != nil {
				of = append(of, literal(e))
			}
		}
		if e := constants(of); e != nil && len(of) > 0 {
			return e
		}
	}
	return s
}
