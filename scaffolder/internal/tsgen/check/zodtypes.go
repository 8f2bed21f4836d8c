package check

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// ofType is the schema of one type, with what the document asks of its values.
func (z *zodSchemas) ofType(s *api.Schema, t api.Type, in scope) ts.Doc {
	switch t {
	case api.String:
		return checked("z.string()", z.stringRules(s, in))
	case api.Integer, api.Numeric:
		return checked("z.number()", z.numberRules(s, t))
	case api.Boolean:
		return ts.Text("z.boolean()")
	case api.Null:
		return ts.Text("z.null()")
	case api.Array:
		return z.array(s, in)
	}
	return z.object(s, in)
}

// checked is a schema with rules, none of which is chained: z.string().check(a, b)
func checked(schema string, rules []ts.Doc) ts.Doc {
	if len(rules) == 0 {
		return ts.Text(schema)
	}
	return ts.Call(schema+".check", rules...)
}

func (z *zodSchemas) stringRules(s *api.Schema, in scope) []ts.Doc {
	var out []ts.Doc
	add := func(rule string, args string) { out = append(out, ts.Text(z.helper("rules")+"."+rule+"("+args+")")) }
	if s.MinLength != "" && s.MinLength != "0" {
		add("shortest", ts.Number(string(s.MinLength)))
	}
	if s.MaxLength != "" {
		add("longest", ts.Number(string(s.MaxLength)))
	}
	if s.Pattern != "" {
		out = append(out, ts.Call(z.helper("rules")+".matches", ts.Text(ts.Quote(s.Pattern))))
	}
	if f := formatFunction(s.Format); f != "" {
		add("format", ts.Quote(f)+", "+ts.Quote(s.Format))
	}
	return out
}

func (z *zodSchemas) numberRules(s *api.Schema, t api.Type) []ts.Doc {
	var out []ts.Doc
	add := func(n api.Number, rule string) {
		if n != "" {
			out = append(out, ts.Text(rule+"("+ts.Number(string(n))+")"))
		}
	}
	if t == api.Integer {
		switch s.Format {
		case "int32":
			out = append(out, ts.Text(z.helper("rules")+".int32()"))
		case "int64":
			out = append(out, ts.Text(z.helper("rules")+".int64()"))
		default:
			out = append(out, ts.Text(z.helper("rules")+".integer()"))
		}
	}
	add(s.Minimum, "z.gte")
	add(s.Maximum, "z.lte")
	add(s.ExclusiveMinimum, "z.gt")
	add(s.ExclusiveMaximum, "z.lt")
	if s.MultipleOf != "" {
		add(s.MultipleOf, z.helper("rules")+".multipleOf")
	}
	return out
}

func (z *zodSchemas) array(s *api.Schema, in scope) ts.Doc {
	inner := in
	inner.hint = in.hint + "Item"
	items := ts.Doc(ts.Text("z.unknown()"))
	if s.Items != nil {
		items = z.expression(s.Items, inner)
	}
	var rules []ts.Doc
	if s.MinItems != "" && s.MinItems != "0" {
		rules = append(rules, ts.Text("z.minLength("+ts.Number(string(s.MinItems))+")"))
	}
	if s.MaxItems != "" {
		rules = append(rules, ts.Text("z.maxLength("+ts.Number(string(s.MaxItems))+")"))
	}
	if s.UniqueItems {
		rules = append(rules, ts.Text(z.helper("rules")+".unique()"))
	}
	if len(rules) == 0 {
		return ts.Call("z.array", items)
	}
	return chained(ts.Call(".array", items), ts.Enclosed(".check(", ts.Softline, rules, ")"), ts.Breaks(items))
}

func (z *zodSchemas) object(s *api.Schema, in scope) ts.Doc {
	var members []ts.Doc
	for _, p := range s.Properties {
		if declare.Hidden(s, p, in.mode) {
			continue
		}
		inner := in
		inner.hint = in.hint + ts.Pascal(p.Name)
		value := z.expression(p.Schema, inner)
		switch {
		case !declare.Demands(s, p, in.mode):
			value = ts.Call("z.optional", value)
		case IsTrivial(p.Schema, 0):
			value = ts.Text(z.helper("rules") + ".present()")
		}
		members = append(members, ts.Cat(ts.Text(ts.PropertyKey(p.Name)+": "), value))
	}
	for _, name := range s.Required {
		if s.Property(name) == nil {
			members = append(members, ts.Text(ts.PropertyKey(name)+": "+z.helper("rules")+".present()"))
		}
	}
	shape := ts.Cat(ts.Text("("), ts.Expanded(members...), ts.Text(")"))
	rest := s.AdditionalProperties
	switch {
	case rest == nil || IsTrivial(rest, 0):
		return ts.Cat(ts.Text("z.looseObject"), shape)
	case rest.Never:
		return ts.Cat(ts.Text("z.strictObject"), shape)
	}
	inner := in
	inner.hint = in.hint + "Value"
	value := z.expression(rest, inner)
	broken := len(members) > 0 || ts.Breaks(value)
	return chained(ts.Cat(ts.Text(".object"), shape), ts.Enclosed(".catchall(", ts.Softline, []ts.Doc{value}, ")"), broken)
}

// chained are two calls on z, each on a line of its own where one of them is broken.
func chained(first, second ts.Doc, broken bool) ts.Doc {
	if broken {
		return ts.Cat(ts.Text("z"), ts.Indent(ts.Hardline, first, ts.Hardline, second))
	}
	return ts.Cat(ts.Text("z"), first, second)
}
