package declare

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// isInterface: the declaration of the schema is an interface.
func (t *Types) isInterface(s *api.Schema) bool {
	if isPlainObject(s) {
		return true
	}
	_, own := t.inheritance(s)
	return own != nil
}

// inheritance reads allOf as `interface X extends Base`, where that says the same:
// all parts are objects, and no two of them have the same property. own is the
// schema of what X adds; nil where it cannot be read so.
func (t *Types) inheritance(s *api.Schema) (bases []*api.Schema, own *api.Schema) {
	if have, known := t.inherited[s]; known {
		return have.bases, have.own
	}
	t.inherited[s] = inheritance{} // a circle is no inheritance
	bases, own = t.inherit(s)
	t.inherited[s] = inheritance{bases, own}
	return bases, own
}

type inheritance struct {
	bases []*api.Schema
	own   *api.Schema
}

func (t *Types) inherit(s *api.Schema) ([]*api.Schema, *api.Schema) {
	if len(s.AllOf) == 0 || s.Nullable || len(s.OneOf)+len(s.AnyOf) > 0 || s.HasEnum || s.Const != "" ||
		len(s.Types) > 1 || len(s.Types) == 1 && s.Types[0] != api.Object {
		return nil, nil
	}
	own := &api.Schema{Types: []api.Type{api.Object}, At: s.At}
	var bases []*api.Schema
	taken := map[string]bool{}
	if !t.takeFields(own, s, taken) {
		return nil, nil
	}
	// Bases first: what they require of others is then known.
	var parts []*api.Schema
	for _, part := range s.AllOf {
		if part.IsRef() {
			parts = append(parts, part)
		}
	}
	for _, part := range s.AllOf {
		if !part.IsRef() {
			parts = append(parts, part)
		}
	}
	if s.Ref != nil {
		parts = append([]*api.Schema{{Ref: s.Ref}}, parts...)
	}
	for _, part := range parts {
		switch {
		case part.IsRef() && t.isInterface(part.Ref):
			if !t.takeNames(part.Ref, taken) {
				return nil, nil
			}
			bases = append(bases, part.Ref)
		case isPlainObject(part):
			if !t.takeFields(own, part, taken) {
				return nil, nil
			}
		default:
			return nil, nil
		}
	}
	for _, name := range own.Required {
		if own.Property(name) == nil && taken[name] {
			return nil, nil // makes a property of a base required
		}
	}
	if len(bases) == 0 || len(own.Properties) == 0 {
		return nil, nil
	}
	return bases, own
}

// takeFields moves the fields of a part to own, unless one is there already.
func (t *Types) takeFields(own, part *api.Schema, taken map[string]bool) bool {
	for _, p := range part.Properties {
		if taken[p.Name] {
			return false
		}
		taken[p.Name] = true
	}
	own.Properties = append(own.Properties, part.Properties...)
	own.Required = append(own.Required, part.Required...)
	own.PatternProperties = append(own.PatternProperties, part.PatternProperties...)
	if a := part.AdditionalProperties; a != nil {
		own.AdditionalProperties = a
	}
	return true
}

func (t *Types) takeNames(base *api.Schema, taken map[string]bool) bool {
	own := base
	if !isPlainObject(base) {
		bases, fields := t.inheritance(base)
		own = fields
		for _, b := range bases {
			if !t.takeNames(b, taken) {
				return false
			}
		}
	}
	for _, p := range own.Properties {
		if taken[p.Name] {
			return false
		}
		taken[p.Name] = true
	}
	for _, name := range own.Required {
		if own.Property(name) == nil && taken[name] {
			return false
		}
		taken[name] = true
	}
	return true
}

// extending writes an interface with its bases.
func (t *Types) extending(c *Declaration, bases []*api.Schema, own *api.Schema) string {
	var names []ts.Doc
	for _, b := range bases {
		names = append(names, ts.Text(t.decls.of(b, c.Mode, c.Name).Name))
	}
	var head ts.Doc
	if len(names) == 1 {
		head = ts.Cat(ts.Text("export interface "+c.Name+" extends "), names[0], ts.Text(" {"))
	} else {
		head = ts.Cat(ts.Group(ts.Text("export interface "+c.Name), ts.Indent(ts.Line, ts.Text("extends"), ts.Indent(ts.Line, ts.Join(ts.Cat(ts.Text(","), ts.Line), names)))), ts.Text(" {"))
	}
	return ts.Render(head, 0) + "\n" + t.members(own, c) + "}\n"
}
