package tsgen

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// mode is the direction that a type is for. A schema with readOnly or writeOnly
// properties, or with files, is a different type in each.
type mode int

const (
	response mode = iota
	request
	form // request, in a body where format: binary is an uploaded file
)

// decl is one exported type: a named schema of the document, or an inline one
// that got a name from where it stands.
type decl struct {
	Name   string
	Title  string // what the comment says of an inline schema's place
	schema *api.Schema
	mode   mode
}

type declKey struct {
	schema *api.Schema
	mode   mode
}

// declarations are all exported types, in the order in which they are written.
type declarations struct {
	names *names
	byKey map[declKey]*decl
	order []*decl
	// traits says of each named schema what is reachable from it.
	traits map[*api.Schema]trait
}

// trait is a set of things that make directions differ.
type trait int

const (
	hasReadOnly trait = 1 << iota
	hasWriteOnly
	hasBinary
)

func newDeclarations(a *api.API) *declarations {
	d := &declarations{
		// What types/api.ts itself uses of TypeScript may not be shadowed.
		names:  newNames("UploadedFile", "Buffer", "Readable", "Response", "OtherStatus", "HttpStatus"),
		byKey:  map[declKey]*decl{},
		traits: traitsOf(a.Schemas),
	}
	for _, s := range a.Schemas {
		d.add(s, response, pascal(s.Name))
	}
	return d
}

// modeOf is the mode that counts for a named schema: those between which nothing
// differs are one type.
func (d *declarations) modeOf(s *api.Schema, m mode) mode {
	t, named := d.traits[s]
	if !named {
		return m
	}
	if m == form && t&hasBinary == 0 {
		m = request
	}
	if m == request && t&(hasReadOnly|hasWriteOnly) == 0 {
		m = response
	}
	return m
}

func (d *declarations) add(s *api.Schema, m mode, name string) *decl {
	c := &decl{Name: d.names.unique(limit(name)), schema: s, mode: m}
	d.byKey[declKey{s, m}] = c
	d.order = append(d.order, c)
	return c
}

// limit keeps names that were made of a long way through a document readable.
func limit(name string) string {
	const most = 60
	if len(name) > most {
		return name[:most]
	}
	return name
}

// of is the declaration of a named schema in a mode, or of an inline schema that
// gets its name now.
func (d *declarations) of(s *api.Schema, m mode, hint string) *decl {
	m = d.modeOf(s, m)
	if have := d.byKey[declKey{s, m}]; have != nil {
		return have
	}
	name := hint
	if s.Name != "" {
		name = pascal(s.Name)
		if m == request {
			name += "Input"
		} else if m == form {
			name += "Form"
		}
	}
	return d.add(s, m, name)
}

func traitsOf(schemas []*api.Schema) map[*api.Schema]trait {
	out := map[*api.Schema]trait{}
	refs := map[*api.Schema][]*api.Schema{}
	for _, s := range schemas {
		var own trait
		walk(s, func(each *api.Schema) {
			if each.ReadOnly {
				own |= hasReadOnly
			}
			if each.WriteOnly {
				own |= hasWriteOnly
			}
			if isBinary(each) {
				own |= hasBinary
			}
			if each.Ref != nil {
				refs[s] = append(refs[s], each.Ref)
			}
		})
		out[s] = own
	}
	for changed := true; changed; {
		changed = false
		for _, s := range schemas {
			for _, to := range refs[s] {
				if joined := out[s] | out[to]; joined != out[s] {
					out[s] = joined
					changed = true
				}
			}
		}
	}
	return out
}

// isBinary: the value is a file where the body is a form.
func isBinary(s *api.Schema) bool {
	return s.Format == "binary" || s.ContentMediaType == "application/octet-stream" && s.ContentEncoding == ""
}

// walk visits a schema and all inline schemas in it; it does not follow Ref.
func walk(s *api.Schema, visit func(*api.Schema)) {
	if s == nil {
		return
	}
	visit(s)
	for _, child := range children(s) {
		walk(child, visit)
	}
}

func children(s *api.Schema) []*api.Schema {
	var out []*api.Schema
	add := func(more ...*api.Schema) {
		for _, m := range more {
			if m != nil {
				out = append(out, m)
			}
		}
	}
	for _, p := range s.Properties {
		add(p.Schema)
	}
	for _, p := range s.PatternProperties {
		add(p.Schema)
	}
	for _, p := range s.DependentSchemas {
		add(p.Schema)
	}
	add(s.AdditionalProperties, s.UnevaluatedProperties, s.PropertyNames, s.Items, s.Contains, s.UnevaluatedItems)
	add(s.PrefixItems...)
	add(s.AllOf...)
	add(s.AnyOf...)
	add(s.OneOf...)
	add(s.Not, s.If, s.Then, s.Else)
	return out
}
