package declare

import (
	"maps"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// What types/api.ts may import from.
const (
	streamModule = "node:stream"
	filesModule  = "./files.js"
	httpModule   = "./http.js"
)

// newTypes are the types of an API, with integers of 64 bits in a form.
// known are the type names that an earlier run gave to schemas.
func New(a *api.API, form Int64Form, known map[string]string) *Types {
	return &Types{
		decls: newDeclarations(a, known),
		Int64: form,
		file: ts.NewFile(
			ts.Module{Path: streamModule, Types: true}, ts.Module{Path: filesModule, Types: true}, ts.Module{Path: httpModule, Types: true},
		),
		fieldsOf: map[*api.Schema]*api.Schema{}, inherited: map[*api.Schema]inheritance{},
	}
}

// Remember adds to the known names those that say more than the schemas' own names:
// a number, or other letters. Names of schemas that are gone stay taken.
func (t *Types) Remember(known map[string]string) map[string]string {
	out := maps.Clone(known)
	for _, c := range t.decls.order {
		if c.Schema.Name == "" || c.Mode != Response || c.Name == c.Schema.Name {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[c.Schema.Name] = c.Name
	}
	return out
}

// Stream is the type of a body that is sent piece by piece.
func (t *Types) Stream() string { return t.file.Use(streamModule, "Readable") }

// Status is a type of types/http.ts: HttpStatus, Status2XX.
func (t *Types) Status(name string) string { return t.file.Use(httpModule, name) }

// Unique is a name of types/api.ts that nothing else has.
func (t *Types) Unique(name string) string { return t.decls.names.Unique(name) }

// Of is the declaration of a named schema in a mode, or of an inline schema that
// gets its name now.
func (t *Types) Of(s *api.Schema, m Mode, hint string) *Declaration { return t.decls.of(s, m, hint) }

// Add declares a schema that stands nowhere in the document.
func (t *Types) Add(s *api.Schema, m Mode, name string) *Declaration { return t.decls.add(s, m, name) }

// Text is types/api.ts: all declarations that were asked for, and what more there is
// behind them.
func (t *Types) Text(more string) string {
	var b strings.Builder
	for i := 0; i < len(t.decls.order); i++ { // writing one may declare others
		b.WriteString("\n" + t.declaration(t.decls.order[i]))
	}
	if b.Len() == 0 && more == "" {
		return ts.EmptyModule
	}
	return strings.TrimPrefix(t.file.Imports()+b.String()+more, "\n")
}

// Names are those of all declarations, in their order.
func (t *Types) Names() []string {
	var out []string
	for _, c := range t.decls.order {
		out = append(out, c.Name)
	}
	return out
}

// Schemas are those that are declared, by the names of their types.
func (t *Types) Schemas() map[string]*api.Schema {
	out := map[string]*api.Schema{}
	for _, c := range t.decls.order {
		out[c.Name] = c.Schema
	}
	return out
}
