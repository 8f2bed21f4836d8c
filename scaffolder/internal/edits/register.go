package edits

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// registration is where routes/_register.ts puts an operation.
type registration struct {
	call *syntax.CallExpression
	text string // without what it hands over
}

// registrationsOf finds the calls that have route(operations.X, …) among their arguments.
func registrationsOf(f *syntax.File) map[string]registration {
	out := map[string]registration{}
	for _, s := range f.Statements {
		syntax.Walk(s, func(n syntax.Node) bool {
			call, ok := n.(*syntax.CallExpression)
			if !ok {
				return true
			}
			for _, a := range call.Arguments {
				if symbol := routed(a); symbol != "" {
					out[symbol] = registration{call, textOf(f, call.Callee) + " " + textOf(f, call.Arguments[0])}
				}
			}
			return true
		})
	}
	return out
}

// routed is X of route(operations.X, …).
func routed(e syntax.Expression) string {
	call, ok := e.(*syntax.CallExpression)
	if !ok || len(call.Arguments) == 0 {
		return ""
	}
	if id, ok := call.Callee.(*syntax.Identifier); !ok || id.Name != "route" {
		return ""
	}
	m, ok := call.Arguments[0].(*syntax.MemberExpression)
	if !ok {
		return ""
	}
	if of, ok := m.Object.(*syntax.Identifier); !ok || of.Name != "operations" {
		return ""
	}
	id, ok := m.Property.(*syntax.Identifier)
	if !ok {
		return ""
	}
	return id.Name
}

// registrations moves the operations that are registered under another path or method.
func (e *editor) registrations(before, now *syntax.File) {
	was, is := registrationsOf(before), registrationsOf(now)
	for _, op := range e.Operations {
		old, had := was[op.Symbol]
		fresh, has := is[op.Symbol]
		if !had || !has || old.text == fresh.text {
			continue
		}
		found := e.registeredAt(now.Position(fresh.call.Start))
		if found == nil {
			continue
		}
		from := op.API.Method + " " + op.API.Path
		e.move(op.API, found)
		e.tell(now, fresh.call, "%s is %s %s, which was %s", op.Symbol, op.API.Method, op.API.Path, from)
	}
}

// registeredAt is the operation that the code registers in a line.
func (e *editor) registeredAt(at syntax.Position) *api.Operation {
	i := slices.IndexFunc(e.Registered, func(op *api.Operation) bool {
		return op.At.Line == at.Line && strings.HasSuffix(op.At.File, at.File)
	})
	if i < 0 {
		return nil
	}
	return e.Registered[i]
}

// move gives an operation the path and the method of another one. Parameters of the path
// keep what is said of them in their order, where there are as many.
func (e *editor) move(op, to *api.Operation) {
	old, fresh := pathParameters(op), pathParameters(to)
	var list []*api.Parameter
	for _, p := range op.Parameters {
		if p.In != api.InPath {
			list = append(list, p)
		}
	}
	var path []*api.Parameter
	for i, p := range fresh {
		at := slices.IndexFunc(old, func(o *api.Parameter) bool { return o.Name == p.Name })
		if at < 0 && len(old) == len(fresh) {
			at = i
		}
		if at >= 0 {
			kept := *old[at]
			kept.Name = p.Name
			p = &kept
		}
		path = append(path, p)
	}
	op.Parameters = append(path, list...)
	op.Method, op.Path = to.Method, strings.TrimPrefix(to.Path, e.API.BasePath)
}

func pathParameters(op *api.Operation) []*api.Parameter {
	var out []*api.Parameter
	for _, p := range op.Parameters {
		if p.In == api.InPath {
			out = append(out, p)
		}
	}
	return out
}
