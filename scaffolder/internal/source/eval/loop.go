package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

// mostRounds bounds a loop whose condition stays known and true.
const mostRounds = 20_000

func (ev *Evaluator) loop(statement syntax.Statement, s *scope) outcome {
	switch x := statement.(type) {
	case *syntax.ForOfStatement:
		items, known := ev.Iterate(ev.expression(x.Right, s), Place{s.module.File, x.Right.Range()})
		return ev.each(items, known, x.Left, x.Body, s)
	case *syntax.ForInStatement:
		keys, known := ev.keysOf(ev.expression(x.Right, s))
		return ev.each(keys, known, x.Left, x.Body, s)
	case *syntax.ForStatement:
		return ev.forStatement(x, s)
	case *syntax.WhileStatement:
		return ev.rounds(x.Test, nil, x.Body, s, false)
	case *syntax.DoStatement:
		return ev.rounds(x.Test, nil, x.Body, s, true)
	}
	return outcome{}
}

// each runs a body for each item; where they are not all known, as something that
// may not happen.
func (ev *Evaluator) each(items []Value, known bool, left syntax.Node, body syntax.Statement, s *scope) outcome {
	var may Value
	level := ev.level
	defer func() { ev.level = level }()
	if !known {
		ev.level++
	}
	idle := ev.idling()
	for i, item := range items {
		if i > mostRounds || ev.spent || idle(i) {
			break
		}
		inner := s.child()
		ev.assignLoop(left, item, inner)
		out := ev.inner(body, inner)
		switch {
		case out.kind == returned && known && ev.level == level:
			return outcome{kind: returned, value: joinReturn(may, out.value)}
		case out.kind == returned || out.kind == maybe:
			may = joinReturn(may, out.value)
		case out.kind == broke && out.label == "":
			return maybeOutcome(may)
		case out.kind == broke || out.kind == continued && out.label != "":
			return out
		case out.kind == threw && known:
			return out
		}
	}
	return maybeOutcome(may)
}

func maybeOutcome(v Value) outcome {
	if v == nil {
		return outcome{}
	}
	return outcome{kind: maybe, value: v}
}

func (ev *Evaluator) assignLoop(left syntax.Node, item Value, s *scope) {
	switch x := left.(type) {
	case *syntax.VariableStatement:
		if len(x.Declarations) > 0 {
			if x.Kind == syntax.VariableVar {
				s = s.functionScope()
			}
			ev.bind(x.Declarations[0].Target, item, s)
		}
	case syntax.Expression:
		ev.assign(x, item, s)
	}
}

func (ev *Evaluator) forStatement(x *syntax.ForStatement, s *scope) outcome {
	inner := s.child()
	switch init := x.Init.(type) {
	case *syntax.VariableStatement:
		ev.variables(init, inner)
	case syntax.Expression:
		ev.expression(init, inner)
	}
	return ev.rounds(x.Test, x.Update, x.Body, inner, false)
}

// rounds runs a body as long as a test is known to hold; once where it is not known.
func (ev *Evaluator) rounds(test, update syntax.Expression, body syntax.Statement, s *scope, bodyFirst bool) outcome {
	var may Value
	idle := ev.idling()
	for n := 0; n < mostRounds && !ev.spent && !idle(n); n++ {
		certain := true
		if test != nil && (n > 0 || !bodyFirst) {
			truth, ok := Truth(ev.expression(test, s))
			if ok && !truth || !ok && n > 0 && bodyFirst {
				return maybeOutcome(may)
			}
			certain = ok
		}
		if !ev.step(Place{s.module.File, body.Range()}) {
			break
		}
		round := s.child() // each round has variables of its own
		for i := range s.slots {
			name := s.slots[i].name
			round.declare(name, s.slots[i].value, s.slots[i].level)
		}
		var out outcome
		if certain {
			out = ev.inner(body, round)
		} else {
			ev.branch(func() { out = ev.inner(body, round) })
		}
		for i := range s.slots {
			name := s.slots[i].name
			if b := round.own(name); b != nil {
				s.slots[i].value = b.value
			}
		}
		switch {
		case out.kind == returned && certain:
			return outcome{kind: returned, value: joinReturn(may, out.value)}
		case out.kind == returned || out.kind == maybe:
			may = joinReturn(may, out.value)
		case out.kind == broke && out.label == "":
			return maybeOutcome(may)
		case out.kind == broke || out.kind == continued && out.label != "" || out.kind == threw && certain:
			return out
		}
		if !certain || test == nil && ev.level > 0 {
			return maybeOutcome(may)
		}
		if update != nil {
			ev.expression(update, s)
		}
	}
	return maybeOutcome(may)
}
