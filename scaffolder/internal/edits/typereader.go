package edits

import (
	"os"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/tstype"
)

// typeReader makes schemas of the types in one file.
type typeReader struct {
	editor *editor
	types  *tstype.Reader
	module *eval.Module
}

// alone is a program of one file.
type alone struct{ file *syntax.File }

func (a alone) Parse(string) (*syntax.File, error) { return a.file, nil }
func (a alone) Read(string) ([]byte, error)        { return nil, os.ErrNotExist }
func (a alone) Resolve(_, specifier string) project.Resolution {
	return project.Resolution{Kind: project.External, Package: specifier, Subpath: "."}
}

func newTypeReader(e *editor, f *syntax.File) *typeReader {
	ev := eval.New(alone{f}, 1_000_000)
	names := schema.NewNames()
	return &typeReader{editor: e, types: tstype.New(ev, names, schema.New(ev, names)), module: ev.Load("api.ts")}
}

// schema is what a type lets pass. Types that are declared for schemas of the document
// are those.
func (r *typeReader) schema(t syntax.Type) *api.Schema {
	s := r.types.Type(t, r.module)
	if s == nil {
		return &api.Schema{}
	}
	return r.settled(s, map[*api.Schema]*api.Schema{})
}

// settled has references lead to the document's schemas; a type that is new in the code
// becomes a named schema.
func (r *typeReader) settled(s *api.Schema, done map[*api.Schema]*api.Schema) *api.Schema {
	if s == nil {
		return nil
	}
	out := *s
	if s.Ref != nil {
		have, known := r.editor.Schemas[s.Ref.Name]
		switch {
		case known && have.Name != "":
			out.Ref = have
		case known:
			inline := *have
			inline.Nullable = inline.Nullable || s.Nullable
			return &inline
		default:
			out.Ref = r.fresh(s.Ref, done)
		}
	}
	each := func(list []*api.Schema) (settled []*api.Schema) {
		for _, one := range list {
			settled = append(settled, r.settled(one, done))
		}
		return settled
	}
	out.Items, out.AdditionalProperties = r.settled(s.Items, done), r.settled(s.AdditionalProperties, done)
	out.PrefixItems, out.AllOf, out.AnyOf, out.OneOf = each(s.PrefixItems), each(s.AllOf), each(s.AnyOf), each(s.OneOf)
	out.Properties = nil
	for _, p := range s.Properties {
		out.Properties = append(out.Properties, &api.Property{Name: p.Name, Schema: r.settled(p.Schema, done)})
	}
	return &out
}

// fresh is the named schema of a type that the document does not have.
func (r *typeReader) fresh(s *api.Schema, done map[*api.Schema]*api.Schema) *api.Schema {
	if have := done[s]; have != nil {
		return have
	}
	for _, have := range r.editor.API.Schemas {
		if have.Name == s.Name {
			return have
		}
	}
	out := &api.Schema{}
	done[s] = out
	*out = *r.settled(s, done)
	out.Name = s.Name
	r.editor.API.Schemas = append(r.editor.API.Schemas, out)
	r.editor.Schemas[s.Name] = out
	return out
}
