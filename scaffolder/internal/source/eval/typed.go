package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

// TypedHost is a Host that wants to know which types the source says its object has: in
// x as T, in const a: T = x, and where it is the argument for a parameter of type T.
type TypedHost interface {
	Host
	Typed(t syntax.Type, in *Module)
}

// typed tells a value's host of a type.
func typed(v Value, t syntax.Type, in *Module) Value {
	if t == nil {
		return v
	}
	if h, ok := hostOf[TypedHost](v); ok {
		h.Typed(t, in)
	}
	return v
}
