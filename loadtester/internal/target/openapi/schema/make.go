package schema

import "slices"

// Make makes a value that fits, with optional properties where that works, else
// without; false: none was found.
func Make(s *Schema) (any, bool) {
	for _, full := range []int{3, 1, 0} {
		m := &maker{full: full}
		if v, ok := m.make([]*Schema{s}, 0); ok && Fits(s, v, Strict) {
			return v, true
		}
	}
	return nil, false
}

// From is the first of the examples that fits, else a made value.
func From(s *Schema, examples []any) (any, bool) {
	for _, e := range examples {
		if v := writable(s, e); Fits(s, v, Strict) {
			return v, true
		}
	}
	return Make(s)
}

// maker makes values. Schemas that have to fit together are made together: all of
// an allOf, one of a oneOf, what stands beside a $ref.
type maker struct {
	full int // optional properties are given down to this depth
	made int // values so far
	long int // bytes of text in them
}

const (
	mostValues   = 300 // of one document's value; then only what has to be there
	mostMade     = 20_000
	mostText     = 4 << 20 // more is no request that anybody sends
	deepestValue = 24
	mostTries    = 48 // of alternatives, for one value
)

func (m *maker) make(all []*Schema, depth int) (any, bool) {
	m.made++
	if depth > deepestValue || m.made > mostMade || m.long > mostText {
		return nil, false
	}
	tries := mostTries
	v, ok := m.choose(all, nil, depth, &tries)
	if text, is := v.(string); is {
		m.long += len(text)
	}
	return v, ok
}

// choose takes one alternative of each oneOf, anyOf, if and discriminator, and
// the first choice for which a value is found. decided are those already chosen.
func (m *maker) choose(all, decided []*Schema, depth int, tries *int) (any, bool) {
	flat := parts(all)
	for _, s := range flat {
		for _, of := range alternatives(s, flat) {
			if slices.Contains(decided, of.owner) {
				continue
			}
			decided = append(decided[:len(decided):len(decided)], of.owner)
			for _, option := range of.options {
				if *tries--; *tries < 0 {
					return nil, false
				}
				if v, ok := m.choose(append(all[:len(all):len(all)], option...), decided, depth, tries); ok {
					return v, true
				}
			}
			return nil, false
		}
	}
	for v := range m.candidates(flat, depth) {
		if fitAll(all, v) {
			return v, true
		}
	}
	return nil, false
}

func fitAll(all []*Schema, v any) bool {
	for _, s := range all {
		if !Fits(s, v, Strict) {
			return false
		}
	}
	return true
}

// choice is a set of alternatives. owner stands for it among those decided.
type choice struct {
	owner   *Schema
	options [][]*Schema
}

// alternatives are the choices that a schema leaves among those that apply.
func alternatives(s *Schema, flat []*Schema) []choice {
	var list []choice
	for _, of := range [][]*Schema{s.OneOf, s.AnyOf} {
		if len(of) == 0 {
			continue
		}
		c := choice{owner: of[0]}
		for _, option := range of {
			c.options = append(c.options, append([]*Schema{option}, s.Discriminator.tag(option)...))
		}
		list = append(list, c)
	}
	if d := s.Discriminator; d != nil && len(s.OneOf)+len(s.AnyOf) == 0 && len(d.Options) > 0 {
		c := choice{owner: s} // a base: one of those that build on it
		for _, option := range d.Options {
			with := append([]*Schema{option.Schema}, d.tag(option.Schema)...)
			if slices.Contains(flat, option.Schema.Target()) { // which is already chosen
				c.options = [][]*Schema{with}
				break
			}
			c.options = append(c.options, with)
		}
		list = append(list, c)
	}
	if s.If != nil {
		list = append(list, choice{s.If, [][]*Schema{{s.If, s.Then}, {s.Else}, nil}})
	}
	return list
}

// tag asks for the discriminator's value of an option.
func (d *Discriminator) tag(option *Schema) []*Schema {
	if d == nil {
		return nil
	}
	for _, o := range d.Options {
		if o.Schema.Target() == option.Target() {
			value := &Schema{Const: []any{o.Value}}
			return []*Schema{{Properties: []Property{{d.Property, value}}, Required: []string{d.Property}}}
		}
	}
	return nil
}

// writable leaves the readOnly properties out of an example.
func writable(s *Schema, v any) any { return prune(parts([]*Schema{s}), v, 0) }

func prune(flat []*Schema, v any, depth int) any {
	if depth > deepestValue {
		return v
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = prune(itemParts(flat, i), item, depth+1)
		}
		return out
	case *Object:
		out := NewObject()
		for _, name := range v.Keys {
			of := propertyParts(flat, name)
			if !slices.ContainsFunc(of, readOnly) {
				out.Set(name, prune(of, v.Values[name], depth+1))
			}
		}
		return out
	}
	return v
}

// propertyParts is all that is said of a property; itemParts, of an item.
func propertyParts(flat []*Schema, name string) []*Schema {
	var list []*Schema
	for _, s := range flat {
		list = append(list, s.propertySchemas(name)...)
	}
	return parts(list)
}

func itemParts(flat []*Schema, i int) []*Schema {
	var list []*Schema
	for _, s := range flat {
		if i < len(s.PrefixItems) {
			list = append(list, s.PrefixItems[i])
		} else if s.Items != nil {
			list = append(list, s.Items)
		}
	}
	return parts(list)
}
