package declare

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Mode is the direction that a type is for. A schema with readOnly or writeOnly
// properties, or with files, is a different type in each.
type Mode int

const (
	Response Mode = iota
	Request
	Form // request, in a body where format: binary is an uploaded file
)

// decl is one exported type: a named schema of the document, or an inline one
// that got a name from where it stands.
type Declaration struct {
	Name   string
	Title  string // what the comment says of an inline schema's place
	Schema *api.Schema
	Mode   Mode
}

type declKey struct {
	schema *api.Schema
	mode   Mode
}

// declarations are all exported types, in the order in which they are written.
type declarations struct {
	names *ts.Names
	byKey map[declKey]*Declaration
	order []*Declaration
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

func newDeclarations(a *api.API, known map[string]string) *declarations {
	d := &declarations{
		// What types/api.ts itself uses of TypeScript may not be shadowed.
		names:  ts.NewNames("UploadedFile", "Buffer", "Readable", "Response", "OtherStatus", "HttpStatus"),
		byKey:  map[declKey]*Declaration{},
		traits: traitsOf(a.Schemas),
	}
	for _, c := range d.named(a.Schemas, known) {
		d.byKey[declKey{c.Schema, Response}] = c
		d.order = append(d.order, c)
	}
	return d
}

// named are declarations of the document's named schemas, in its order. One that is
// known keeps the type name that it got first; one whose name is a type name as it
// stands has the first claim on it among the others: so what is put into a document
// between two schemas renames neither.
func (d *declarations) named(schemas []*api.Schema, known map[string]string) []*Declaration {
	out := make([]*Declaration, len(schemas))
	add := func(i int, name string) { out[i] = &Declaration{Name: name, Schema: schemas[i], Mode: Response} }
	for _, name := range known {
		d.names.Take(name)
	}
	for i, s := range schemas {
		if name, ok := known[s.Name]; ok {
			add(i, name)
		}
	}
	for _, exact := range []bool{true, false} {
		for i, s := range schemas {
			if out[i] == nil && (!exact || naturalName(s) == s.Name) {
				add(i, d.names.Unique(naturalName(s)))
			}
		}
	}
	return out
}

func naturalName(s *api.Schema) string { return ts.Limit(ts.Pascal(s.Name)) }

// modeOf is the mode that counts for a named schema: those between which nothing
// differs are one type.
func (d *declarations) modeOf(s *api.Schema, m Mode) Mode {
	t, named := d.traits[s]
	if !named {
		return m
	}
	if m == Form && t&hasBinary == 0 {
		m = Request
	}
	if m == Request && t&(hasReadOnly|hasWriteOnly) == 0 {
		m = Response
	}
	return m
}

func (d *declarations) add(s *api.Schema, m Mode, name string) *Declaration {
	c := &Declaration{Name: d.names.Unique(ts.Limit(name)), Schema: s, Mode: m}
	d.byKey[declKey{s, m}] = c
	d.order = append(d.order, c)
	return c
}

// of is the declaration of a named schema in a mode, or of an inline schema that
// gets its name now.
func (d *declarations) of(s *api.Schema, m Mode, hint string) *Declaration {
	m = d.modeOf(s, m)
	if have := d.byKey[declKey{s, m}]; have != nil {
		return have
	}
	name := hint
	if s.Name != "" {
		name = ts.Pascal(s.Name)
		if m == Request {
			name += "Input"
		} else if m == Form {
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
		s.Walk(func(each *api.Schema) {
			if each.ReadOnly {
				own |= hasReadOnly
			}
			if each.WriteOnly {
				own |= hasWriteOnly
			}
			if each.IsBytes() {
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
