package declare

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// literalType is the type of exactly one value.
func literalType(v api.Value) ts.Type {
	switch v.Type() {
	case api.String:
		return ts.TextType(ts.Quote(v.Text()))
	case api.Numeric:
		return ts.NumberType(ts.Number(string(v)))
	case api.Array:
		return ts.ListOf(ts.Atom("unknown"))
	case api.Object:
		return ts.AnyObject()
	}
	return ts.Atom(string(v))
}

// enumType is the union of an enum's values, those that fit its type if any do.
func (t *Types) enumType(s *api.Schema) ts.Type {
	var all []ts.Type
	for _, v := range enumValues(s) {
		all = append(all, t.Int64.typeOf(s, v))
	}
	return ts.Atom("never").Join(all...)
}

func enumValues(s *api.Schema) []api.Value {
	var fitting []api.Value
	for _, v := range s.Enum {
		if len(s.Types) == 0 || HasKind(s.Types, v) {
			fitting = append(fitting, v)
		}
	}
	if len(fitting) == 0 {
		return s.Enum
	}
	return fitting
}

func HasKind(types []api.Type, v api.Value) bool {
	kind := v.Type()
	for _, t := range types {
		if t == kind || t == api.Integer && kind == api.Numeric {
			return true
		}
	}
	return false
}
