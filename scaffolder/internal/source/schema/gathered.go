package schema

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// Field is one property of a schema that judges an object.
type Field struct {
	Name     string
	Schema   *api.Schema
	Required bool
}

// Gathered are the checks of an object that the handler made of values of the request:
// schema.parse({id: req.params.id, ...req.body}). Each field judges what stands behind it.
func Gathered(o *eval.Object, fields []Field, library string, at eval.Place) []Check {
	if o.Host != nil {
		return nil
	}
	spread := spreadParts(o)
	var checks []Check
	for _, f := range fields {
		of := Check{Schema: f.Schema, Required: f.Required, Library: library, At: at}
		if v := o.Get(f.Name); v != nil {
			if p := partAmong(v); p != nil {
				of.In, of.Path = p.Part, p.Path
				of.Required = f.Required && handler.PartOf(v) != nil && len(p.Node.Defaults) == 0 // else there is something in its place
				checks = append(checks, of)
			}
			continue
		}
		for _, p := range spread {
			of.In, of.Path, of.Among = p.Part, append(slices.Clone(p.Path), f.Name), nil
			if len(spread) > 1 {
				of.Among = spreadNames(spread)
			}
			checks = append(checks, of)
		}
	}
	return checks
}

// partAmong is the part of the request that a value may be: req.query.page || 1.
func partAmong(v eval.Value) *handler.PartHost {
	for _, one := range eval.Alternatives(v) {
		if p := handler.PartOf(one); p != nil {
			return p
		}
	}
	return nil
}

// spreadParts are the parts of the request that were put into an object, each once.
func spreadParts(o *eval.Object) []*handler.PartHost {
	var out []*handler.PartHost
	for _, v := range o.Spread() {
		if p := handler.PartOf(v); p != nil && !slices.ContainsFunc(out, func(have *handler.PartHost) bool { return have.Part == p.Part }) {
			out = append(out, p)
		}
	}
	return out
}

func spreadNames(list []*handler.PartHost) []handler.Part {
	var out []handler.Part
	for _, p := range list {
		out = append(out, p.Part)
	}
	return out
}

// fieldsOf are the properties of a schema that was read.
func (r *Reader) fieldsOf(list []field) []Field {
	var out []Field
	for _, f := range list {
		out = append(out, Field{f.name, r.use(f.value), f.value.needed()})
	}
	return out
}
