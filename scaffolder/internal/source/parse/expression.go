package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// expression reads an expression with commas, in as an operator included.
func (p *parser) expression() syntax.Expression {
	noIn, decorator := p.noIn, p.decorator
	p.noIn, p.decorator = false, false
	e := p.sequence()
	p.noIn, p.decorator = noIn, decorator
	return e
}

// sequence reads an expression with commas.
func (p *parser) sequence() syntax.Expression {
	start := p.Start
	e := p.assignment()
	if p.Kind != token.Comma {
		return e
	}
	mark := p.exprs.mark()
	p.exprs.push(e)
	for p.eat(token.Comma) {
		p.exprs.push(p.assignment())
	}
	return &syntax.SequenceExpression{Expressions: p.exprs.cut(mark), Span: p.span(start)}
}

// element reads one expression of a list in brackets, in as an operator included.
func (p *parser) element() syntax.Expression {
	noIn, decorator := p.noIn, p.decorator
	p.noIn, p.decorator = false, false
	e := p.assignment()
	p.noIn, p.decorator = noIn, decorator
	return e
}

// assignment reads an expression without commas.
func (p *parser) assignment() syntax.Expression { return p.assignmentIn(true) }

// assignmentIn reads an expression without commas. With returns, an arrow function in
// it may have a return type; between ? and : only if another colon follows it.
func (p *parser) assignmentIn(returns bool) syntax.Expression {
	p.enter()
	defer p.leave()
	start := p.Start
	if p.Kind == token.Yield && p.isYield() {
		return p.yieldExpression()
	}
	p.arrowAt, p.arrowReturn = start, returns
	left := p.binary(token.PrecedenceNone)
	if _, arrow := left.(*syntax.ArrowFunction); arrow {
		return left
	}
	if p.Kind == token.Arrow {
		if name, ok := left.(*syntax.Identifier); ok && name.Start == start {
			return p.arrow(start, false, nil, p.single(name), nil, returns)
		}
	}
	if p.Kind.IsAssignment() && isTarget(left) {
		a := p.assignments.new()
		a.Operator, a.Target = p.Kind, left
		p.next()
		a.Value = p.assignmentIn(returns)
		a.Span = p.span(start)
		return a
	}
	return p.conditional(start, left, returns)
}

// isTarget says whether e can stand left of = by its form: what the language calls a
// left-hand side expression.
func isTarget(e syntax.Expression) bool {
	switch e.(type) {
	case *syntax.BinaryExpression, *syntax.UnaryExpression, *syntax.UpdateExpression, *syntax.AwaitExpression,
		*syntax.AsExpression, *syntax.SatisfiesExpression, *syntax.TypeAssertion:
		return false
	}
	return true
}

// conditional reads on at ? behind left.
func (p *parser) conditional(start syntax.Pos, left syntax.Expression, returns bool) syntax.Expression {
	if p.Kind != token.Question || left.Range().Start == p.coverAt && p.isOptionalMark() {
		return left
	}
	p.next()
	c := p.conditions.new()
	c.Test = left
	noIn := p.noIn
	p.noIn = false
	c.Then = p.assignmentIn(false)
	p.noIn = noIn
	if p.expect(token.Colon) {
		c.Else = p.assignmentIn(returns)
	} else {
		c.Else = &syntax.BadExpression{Span: p.here()}
	}
	c.Span = p.span(start)
	return c
}

// isOptionalMark says whether the ? makes a parameter optional.
func (p *parser) isOptionalMark() bool {
	return p.peek(func() bool {
		p.next()
		switch p.Kind {
		case token.Colon, token.Comma, token.ParenClose, token.Equal:
			return true
		}
		return false
	})
}

// binary reads operators that bind tighter than above, and their operands.
func (p *parser) binary(above int) syntax.Expression {
	start := p.Start
	left := p.unary()
	if _, arrow := left.(*syntax.ArrowFunction); arrow && left.Range().Start == start {
		return left
	}
	for n := 0; ; n++ {
		if p.Kind == token.Greater {
			p.Greater()
		}
		operator := p.Kind
		binds := operator.Precedence()
		if binds < above || binds == above && operator != token.StarStar || binds == token.PrecedenceNone {
			return left
		}
		if operator == token.In && p.noIn || p.long(n) {
			return left
		}
		if operator == token.As || operator == token.Satisfies {
			if p.Newline {
				return left
			}
			left = p.typed(start, left)
			continue
		}
		p.next()
		b := p.binaries.new()
		b.Operator, b.Left = operator, left
		p.enter()
		b.Right = p.binary(binds)
		p.leave()
		b.Span = p.span(start)
		left = b
	}
}

// typed reads as T or satisfies T behind left.
func (p *parser) typed(start syntax.Pos, left syntax.Expression) syntax.Expression {
	as := p.Kind == token.As
	p.next()
	if as {
		t := p.typ()
		return &syntax.AsExpression{Expression: left, Type: t, Span: p.span(start)}
	}
	t := p.typ()
	return &syntax.SatisfiesExpression{Expression: left, Type: t, Span: p.span(start)}
}

// unary reads an operand with the operators before and behind it.
func (p *parser) unary() syntax.Expression {
	start := p.Start
	var e syntax.Expression
	switch p.Kind {
	case token.Plus, token.Minus, token.Tilde, token.Exclamation, token.Delete, token.Typeof, token.Void:
		u := p.unaries.new()
		u.Operator = p.Kind
		p.next()
		p.enter()
		u.Operand = p.unary()
		p.leave()
		u.Span = p.span(start)
		e = u
	case token.Await:
		if !p.isAwait() {
			return p.update()
		}
		p.next()
		p.enter()
		operand := p.unary()
		p.leave()
		e = &syntax.AwaitExpression{Operand: operand, Span: p.span(start)}
	case token.Less:
		if p.jsx {
			return p.update()
		}
		e = p.assertion()
		if _, arrow := e.(*syntax.ArrowFunction); arrow {
			return e
		}
	default:
		return p.update()
	}
	if p.Kind == token.StarStar {
		p.fail(start, p.lastEnd, "a unary expression cannot stand left of **: put it in parentheses")
	}
	return e
}

// assertion reads <T>x, or <T>(x) => y.
func (p *parser) assertion() syntax.Expression {
	start := p.Start
	if p.arrowAt == start {
		if arrow := p.genericArrow(start, false); arrow != nil {
			return arrow
		}
	}
	p.next()
	t := p.typ()
	p.expect(token.Greater)
	p.enter()
	operand := p.unary()
	p.leave()
	return &syntax.TypeAssertion{Type: t, Expression: operand, Span: p.span(start)}
}

// update reads an operand with ++ or -- before or behind it.
func (p *parser) update() syntax.Expression {
	start := p.Start
	if p.Kind == token.PlusPlus || p.Kind == token.MinusMinus {
		operator := p.Kind
		p.next()
		p.enter()
		operand := p.leftHandSide()
		p.leave()
		return &syntax.UpdateExpression{Operator: operator, Prefix: true, Operand: operand, Span: p.span(start)}
	}
	e := p.leftHandSide()
	if (p.Kind == token.PlusPlus || p.Kind == token.MinusMinus) && !p.Newline {
		if _, arrow := e.(*syntax.ArrowFunction); arrow {
			return e
		}
		operator := p.Kind
		p.next()
		return &syntax.UpdateExpression{Operator: operator, Operand: e, Span: p.span(start)}
	}
	return e
}

// isYield says whether yield is the operator and no name.
func (p *parser) isYield() bool { return p.yield || p.peek(p.operandOnLine) }

// isAwait says whether await is the operator and no name.
func (p *parser) isAwait() bool {
	if p.await || p.peek(p.operandOnLine) {
		return true
	}
	return !p.function && p.looksLikeModule()
}

// operandOnLine goes to the next token and says whether it is on this line and begins
// what can only be an operand.
func (p *parser) operandOnLine() bool {
	p.next()
	switch p.Kind {
	case token.Number, token.BigInt, token.String, token.TemplateWhole, token.TemplateHead:
		return !p.Newline
	}
	return p.Kind.IsName() && !p.Newline
}

func (p *parser) yieldExpression() syntax.Expression {
	y := &syntax.YieldExpression{}
	start := p.Start
	p.next()
	if !p.Newline && (p.Kind == token.Star || p.startsExpression()) {
		y.Delegate = p.eat(token.Star)
		y.Operand = p.assignment()
	}
	y.Span = p.span(start)
	return y
}

// startsExpression says whether an expression may begin with the token.
func (p *parser) startsExpression() bool {
	switch p.Kind {
	case token.Number, token.BigInt, token.String, token.TemplateWhole, token.TemplateHead, token.PrivateName,
		token.ParenOpen, token.BracketOpen, token.BraceOpen, token.Slash, token.SlashEqual, token.Less, token.At,
		token.Plus, token.Minus, token.Tilde, token.Exclamation, token.PlusPlus, token.MinusMinus,
		token.This, token.Super, token.Null, token.True, token.False, token.Function, token.Class, token.New,
		token.Delete, token.Typeof, token.Void, token.Await, token.Yield, token.Import:
		return true
	}
	return p.isIdentifier()
}
