package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

// outcome is how a statement ended.
type outcome struct {
	kind  outcomeKind
	value Value
	label string
}

type outcomeKind int

const (
	normal outcomeKind = iota
	returned
	broke
	continued
	threw
	// maybe: some paths returned value, and others go on
	maybe
)

func (ev *Evaluator) place(m *Module, n syntax.Node) Place {
	return Place{m.File, n.Range()}
}

// block runs statements one after the other. What some paths return is kept, and
// joined with what the rest returns.
func (ev *Evaluator) block(list []syntax.Statement, s *scope) outcome {
	var may Value
	level := ev.level
	defer func() { ev.level = level }()
	for _, statement := range list {
		if !ev.step(Place{s.module.File, statement.Range()}) {
			break
		}
		out := ev.statement(statement, s)
		switch out.kind {
		case normal:
		case maybe:
			may = joinReturn(may, out.value)
		case returned:
			return outcome{kind: returned, value: joinReturn(may, out.value)}
		default:
			if may != nil && out.value == nil {
				out.value = may
			}
			return out
		}
	}
	if may != nil {
		return outcome{kind: maybe, value: may}
	}
	return outcome{}
}

func joinReturn(a, b Value) Value {
	if a == nil {
		return b
	}
	return Join(a, b)
}

func (ev *Evaluator) statement(statement syntax.Statement, s *scope) outcome {
	switch x := statement.(type) {
	case *syntax.ExpressionStatement:
		ev.expression(x.Expression, s)
	case *syntax.VariableStatement:
		ev.variables(x, s)
	case *syntax.Function, *syntax.EmptyStatement, *syntax.InterfaceDeclaration, *syntax.TypeAlias:
		// functions were hoisted
	case *syntax.Class:
		ev.declareClass(x, s)
	case *syntax.EnumDeclaration:
		ev.declareEnum(x, s)
	case *syntax.ModuleDeclaration:
		ev.declareNamespace(x, s)
	case *syntax.ReturnStatement:
		var v Value = Undefined{}
		if x.Value != nil {
			v = ev.expression(x.Value, s)
		}
		return outcome{kind: returned, value: v}
	case *syntax.IfStatement:
		return ev.ifStatement(x, s)
	case *syntax.Block:
		inner := s.child()
		ev.hoist(x.Statements, inner)
		return ev.block(x.Statements, inner)
	case *syntax.ThrowStatement:
		ev.thrown(ev.expression(x.Value, s), Place{s.module.File, x.Span})
		return outcome{kind: threw}
	case *syntax.TryStatement:
		return ev.try(x, s)
	case *syntax.SwitchStatement:
		return ev.switchStatement(x, s)
	case *syntax.BreakStatement:
		return outcome{kind: broke, label: labelOf(x.Label)}
	case *syntax.ContinueStatement:
		return outcome{kind: continued, label: labelOf(x.Label)}
	case *syntax.LabeledStatement:
		out := ev.statement(x.Body, s)
		if (out.kind == broke || out.kind == continued) && out.label == labelOf(x.Label) {
			return outcome{}
		}
		return out
	case *syntax.ExportDefault:
		s.module.export("default", &export{value: ev.named(x.Expression, "default", s)})
	case *syntax.ExportAssignment:
		s.module.commons.Put("exports", ev.expression(x.Expression, s))
	case *syntax.WithStatement:
		return ev.statement(x.Body, s)
	default:
		return ev.loop(statement, s)
	}
	return outcome{}
}

func labelOf(id *syntax.Identifier) string {
	if id == nil {
		return ""
	}
	return id.Name
}

func (ev *Evaluator) thrown(v Value, at Place) {
	if ev.collecting != nil {
		ev.collecting.add(thrown{v, at})
	}
	if ev.Observer != nil {
		ev.Observer.Thrown(v, at)
	}
}

func (ev *Evaluator) ifStatement(x *syntax.IfStatement, s *scope) outcome {
	test := ev.expression(x.Test, s)
	if truth, ok := Truth(test); ok {
		switch {
		case truth:
			return ev.inner(x.Then, s)
		case x.Else != nil:
			return ev.inner(x.Else, s)
		}
		return outcome{}
	}
	var first, second outcome
	ev.branch(func() { first = ev.inner(x.Then, s) })
	if x.Else != nil {
		ev.branch(func() { second = ev.inner(x.Else, s) })
	}
	return merge(first, second)
}

// inner runs the body of a statement; a function that is declared there is hoisted.
func (ev *Evaluator) inner(body syntax.Statement, s *scope) outcome {
	if _, ok := body.(*syntax.Block); !ok {
		ev.hoist([]syntax.Statement{body}, s)
	}
	return ev.statement(body, s)
}

// merge is the outcome of two paths, of which one is taken.
func merge(a, b outcome) outcome {
	if a.kind == returned && b.kind == returned {
		return outcome{kind: returned, value: Join(a.value, b.value)}
	}
	ends := func(o outcome) bool { return o.kind == returned || o.kind == threw }
	var v Value
	for _, o := range []outcome{a, b} {
		if o.kind == returned || o.kind == maybe {
			v = joinReturn(v, o.value)
		}
	}
	switch {
	case ends(a) && ends(b) && v != nil:
		return outcome{kind: returned, value: v}
	case a.kind == threw && b.kind == threw:
		return a
	case v != nil:
		return outcome{kind: maybe, value: v}
	case a.kind == b.kind && a.label == b.label:
		return a
	}
	return outcome{}
}

func (ev *Evaluator) try(x *syntax.TryStatement, s *scope) outcome {
	out := ev.statement(x.Block, s)
	if x.Handler != nil {
		var handled outcome
		ev.branch(func() {
			inner := s.child()
			if x.Parameter != nil {
				ev.bind(x.Parameter, Unknown("an error", Place{s.module.File, x.Parameter.Range()}), inner)
			}
			handled = ev.statement(x.Handler, inner)
		})
		switch {
		case out.kind == threw:
			out = handled
			if out.kind == returned {
				out.kind = maybe
			}
		default:
			out = merge(out, handled)
		}
	}
	if x.Finalizer != nil {
		if last := ev.statement(x.Finalizer, s); last.kind != normal {
			return last
		}
	}
	return out
}

func (ev *Evaluator) switchStatement(x *syntax.SwitchStatement, s *scope) outcome {
	value := ev.expression(x.Value, s)
	inner := s.child()
	for _, c := range x.Cases {
		ev.hoist(c.Statements, inner)
	}
	known := isKnown(value)
	if known {
		for i, c := range x.Cases {
			if c.Test != nil {
				equal, ok := strictEqual(value, ev.expression(c.Test, inner))
				if !ok {
					known = false
					break
				}
				if equal {
					return ev.fallThrough(x.Cases[i:], inner)
				}
			}
		}
	}
	if known {
		for i, c := range x.Cases {
			if c.Test == nil {
				return ev.fallThrough(x.Cases[i:], inner)
			}
		}
		return outcome{}
	}
	var may Value
	for i := range x.Cases {
		ev.branch(func() {
			out := ev.fallThrough(x.Cases[i:], inner)
			if out.kind == returned || out.kind == maybe {
				may = joinReturn(may, out.value)
			}
		})
	}
	if may != nil {
		return outcome{kind: maybe, value: may}
	}
	return outcome{}
}

// fallThrough runs cases until one breaks.
func (ev *Evaluator) fallThrough(cases []*syntax.SwitchCase, s *scope) outcome {
	for _, c := range cases {
		out := ev.block(c.Statements, s)
		switch {
		case out.kind == broke && out.label == "":
			if out.value != nil {
				return outcome{kind: maybe, value: out.value}
			}
			return outcome{}
		case out.kind != normal:
			return out
		}
	}
	return outcome{}
}
