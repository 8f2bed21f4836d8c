package eval

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// enter calls each function among arguments once, with nothing known: unknown code
// got it, and is going to call it.
func (ev *Evaluator) enter(args []Value, at Place) {
	for _, a := range args {
		ev.enterValue(a, at, 2)
	}
}

func (ev *Evaluator) enterValue(v Value, at Place, depth int) {
	switch x := v.(type) {
	case *Function:
		key := enteredKey{x, ev.phase}
		if ev.entered[key] || ev.phase == 0 && looksLikeHandler(x) {
			return
		}
		ev.entered[key] = true
		ev.branch(func() { ev.CallFunction(x, Undefined{}, nil, at) })
	case *Object:
		if depth > 0 && x.Host == nil && x.Class == nil {
			for _, p := range slices.Clone(x.props) {
				if p.Value != nil {
					ev.enterValue(p.Value, at, depth-1)
				}
			}
		}
	case *Array:
		if depth > 0 {
			for _, e := range x.Elements {
				ev.enterValue(e, at, depth-1)
			}
		}
	}
}

// looksLikeHandler says whether a function takes what handlers take: nothing is lost
// where it is not entered while the program starts, for no request has come.
func looksLikeHandler(f *Function) bool {
	if len(f.Parameters) == 0 {
		return false
	}
	id, ok := f.Parameters[0].Target.(*syntax.Identifier)
	if !ok {
		return false
	}
	switch id.Name {
	case "req", "request", "_req", "_request", "ctx", "_", "err", "error", "context":
		return true
	}
	return false
}
