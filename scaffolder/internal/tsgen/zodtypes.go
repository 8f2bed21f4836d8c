package tsgen

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// ofType is the schema of one type, with what the document asks of its values.
func (z *zodSchemas) ofType(s *api.Schema, t api.Type, in scope) doc {
	switch t {
	case api.String:
		return checked("z.string()", z.stringRules(s, in))
	case api.Integer, api.Numeric:
		return checked("z.number()", z.numberRules(s, t))
	case api.Boolean:
		return docText("z.boolean()")
	case api.Null:
		return docText("z.null()")
	case api.Array:
		return z.array(s, in)
	}
	return z.object(s, in)
}

// checked is a schema with rules, none of which is chained: z.string().check(a, b)
func checked(schema string, rules []doc) doc {
	if len(rules) == 0 {
		return docText(schema)
	}
	return call(schema+".check", rules...)
}

func (z *zodSchemas) stringRules(s *api.Schema, in scope) []doc {
	var out []doc
	add := func(rule string, args string) { out = append(out, docText("rules."+rule+"("+args+")")) }
	if s.MinLength != "" && s.MinLength != "0" {
		add("shortest", number(s.MinLength))
	}
	if s.MaxLength != "" {
		add("longest", number(s.MaxLength))
	}
	if s.Pattern != "" {
		out = append(out, call("rules.matches", docText(quote(s.Pattern))))
	}
	if f := formatFunction(s.Format); f != "" {
		add("format", quote(f)+", "+quote(s.Format))
	}
	return out
}

func (z *zodSchemas) numberRules(s *api.Schema, t api.Type) []doc {
	var out []doc
	add := func(n api.Number, rule string) {
		if n != "" {
			out = append(out, docText(rule+"("+number(n)+")"))
		}
	}
	if t == api.Integer {
		switch s.Format {
		case "int32":
			out = append(out, docText("rules.int32()"))
		case "int64":
			out = append(out, docText("rules.int64()"))
		default:
			out = append(out, docText("rules.integer()"))
		}
	}
	add(s.Minimum, "z.gte")
	add(s.Maximum, "z.lte")
	add(s.ExclusiveMinimum, "z.gt")
	add(s.ExclusiveMaximum, "z.lt")
	add(s.MultipleOf, "rules.multipleOf")
	return out
}

func (z *zodSchemas) array(s *api.Schema, in scope) doc {
	inner := in
	inner.hint = in.hint + "Item"
	items := doc(docText("z.unknown()"))
	if s.Items != nil {
		items = z.expression(s.Items, inner)
	}
	var rules []doc
	if s.MinItems != "" && s.MinItems != "0" {
		rules = append(rules, docText("z.minLength("+number(s.MinItems)+")"))
	}
	if s.MaxItems != "" {
		rules = append(rules, docText("z.maxLength("+number(s.MaxItems)+")"))
	}
	if s.UniqueItems {
		rules = append(rules, docText("rules.unique()"))
	}
	if len(rules) == 0 {
		return call("z.array", items)
	}
	return chained(call(".array", items), enclosed(".check(", softline, rules, ")"), hasHardline(items))
}

func (z *zodSchemas) object(s *api.Schema, in scope) doc {
	var members []doc
	for _, p := range s.Properties {
		if hidden(s, p, in.mode) {
			continue
		}
		inner := in
		inner.hint = in.hint + pascal(p.Name)
		value := z.expression(p.Schema, inner)
		switch {
		case !demands(s, p, in.mode):
			value = call("z.optional", value)
		case isTrivial(p.Schema, 0):
			value = docText("rules.present()")
		}
		members = append(members, cat(docText(propertyKey(p.Name)+": "), value))
	}
	for _, name := range s.Required {
		if s.Property(name) == nil {
			members = append(members, docText(propertyKey(name)+": rules.present()"))
		}
	}
	shape := cat(docText("("), expanded(members...), docText(")"))
	rest := s.AdditionalProperties
	switch {
	case rest == nil || isTrivial(rest, 0):
		return cat(docText("z.looseObject"), shape)
	case rest.Never:
		return cat(docText("z.strictObject"), shape)
	}
	inner := in
	inner.hint = in.hint + "Value"
	value := z.expression(rest, inner)
	broken := len(members) > 0 || hasHardline(value)
	return chained(cat(docText(".object"), shape), enclosed(".catchall(", softline, []doc{value}, ")"), broken)
}

// chained are two calls on z, each on a line of its own where one of them is broken.
func chained(first, second doc, broken bool) doc {
	if broken {
		return cat(docText("z"), indent(hardline, first, hardline, second))
	}
	return cat(docText("z"), first, second)
}
