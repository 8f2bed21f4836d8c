package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// A cover is one part of a parenthesis, before it is known whether it is an expression
// or a parameter.
type cover struct {
	syntax.Span
	rest     bool
	optional bool
	value    syntax.Expression
	typ      syntax.Type
	init     syntax.Expression
}

// parameterOnly says whether the part can be nothing but a parameter.
func (c cover) parameterOnly() bool {
	return c.rest || c.optional || c.typ != nil || c.init != nil
}

// parenthesis reads (x), or an arrow function that begins with it.
func (p *parser) parenthesis() syntax.Expression {
	start := p.Start
	arrow, returns := p.arrowAt == start, p.arrowReturn
	mark, comma := p.coverList()
	if arrow {
		if a := p.arrowFromCovers(start, false, mark, returns); a != nil {
			return a
		}
	}
	covers := p.covers[mark:]
	p.covers = p.covers[:mark]
	paren := p.parens.new()
	paren.Span = p.span(start)
	switch {
	case len(covers) == 0:
		p.fail(p.Start, p.End, "'=>' expected behind the parameters of an arrow function")
		paren.Expression = &syntax.BadExpression{Span: syntax.Span{Start: start + 1, End: start + 1}}
		return paren
	case comma >= 0:
		p.fail(comma, comma+1, "an expression expected behind the comma")
	}
	for _, c := range covers {
		p.notParameter(c)
	}
	if len(covers) == 1 {
		paren.Expression = covers[0].expression()
		return paren
	}
	first := p.exprs.mark()
	for _, c := range covers {
		p.exprs.push(c.expression())
	}
	span := syntax.Span{Start: covers[0].Start, End: covers[len(covers)-1].End}
	paren.Expression = &syntax.SequenceExpression{Expressions: p.exprs.cut(first), Span: span}
	return paren
}

// notParameter refuses a part that only a parameter can be.
func (p *parser) notParameter(c cover) {
	if c.parameterOnly() {
		p.fail(c.Start, c.End, "a parameter where an expression is expected: no '=>' follows")
	}
}

// expression is the part as an expression.
func (c cover) expression() syntax.Expression {
	switch {
	case c.rest:
		return &syntax.SpreadElement{Expression: c.value, Span: c.Span}
	case c.typ != nil:
		return &syntax.TypeAssertion{Expression: c.value, Type: c.typ, Span: c.Span}
	}
	return c.value
}

// coverList reads from ( to ) and leaves the parts on p.covers above mark. The comma
// is where a comma stands directly before ), or -1.
func (p *parser) coverList() (mark int, comma syntax.Pos) {
	p.next()
	mark, comma = len(p.covers), -1
	noIn, decorator := p.noIn, p.decorator
	p.noIn, p.decorator = false, false
	for p.Kind != token.ParenClose && p.Kind != token.EOF {
		comma = -1
		if p.Kind != token.Ellipsis && !p.startsExpression() {
			if p.skipInList("an expression") {
				break
			}
			continue
		}
		c := p.coverPart()
		p.covers = append(p.covers, c)
		p.advance(c.Start)
		if p.Kind == token.ParenClose {
			break
		}
		comma = p.Start
		if !p.eat(token.Comma) {
			comma = -1
			p.missing("')'")
			break
		}
	}
	p.noIn, p.decorator = noIn, decorator
	if p.Kind == token.ParenClose {
		p.next()
	} else {
		p.missing("')'")
	}
	return mark, comma
}

// coverPart reads one part.
func (p *parser) coverPart() cover {
	c := cover{Span: syntax.Span{Start: p.Start}}
	c.rest = p.eat(token.Ellipsis)
	p.coverAt = p.Start
	c.value = p.assignment()
	c.optional = p.eat(token.Question)
	if p.eat(token.Colon) {
		c.typ = p.typ()
	}
	if (c.optional || c.typ != nil) && p.eat(token.Equal) {
		c.init = p.assignment()
	}
	c.End = p.lastEnd
	return c
}

// arrowFromCovers reads the rest of an arrow function whose parameters are the parts
// above mark. It returns nil, with the parts where they were, if
// there is no arrow.
func (p *parser) arrowFromCovers(start syntax.Pos, async bool, mark int, returns bool) syntax.Expression {
	switch p.Kind {
	case token.Arrow:
		return p.arrow(start, async, nil, p.toParameters(mark), nil, returns)
	case token.Colon:
		return p.arrowWithReturnType(start, async, mark, returns)
	}
	return nil
}

// arrowWithReturnType tries to read : T => body.
func (p *parser) arrowWithReturnType(start syntax.Pos, async bool, mark int, returns bool) syntax.Expression {
	for _, c := range p.covers[mark:] {
		if !isBindable(c.value) {
			return nil
		}
	}
	var t syntax.Type
	var result syntax.Expression
	ok := p.try(tryReturnType, func() bool {
		n := len(p.Diagnostics)
		p.next()
		t = p.returnType()
		if p.Kind != token.Arrow || !p.clean(n) {
			return false
		}
		if returns {
			return true
		}
		// The parts stay where they are until it is known that they are parameters.
		covers := append([]cover(nil), p.covers[mark:]...)
		result = p.arrow(start, async, nil, p.toParameters(mark), t, returns)
		if p.Kind != token.Colon {
			p.covers = append(p.covers[:mark], covers...)
			return false
		}
		return true
	})
	switch {
	case !ok:
		return nil
	case result == nil:
		result = p.arrow(start, async, nil, p.toParameters(mark), t, returns)
	}
	return result
}

// asyncParenthesis reads async (x) => y, or a call of something called async.
func (p *parser) asyncParenthesis(start syntax.Pos, name *syntax.Identifier, returns bool) syntax.Expression {
	mark, _ := p.coverList()
	if a := p.arrowFromCovers(start, true, mark, returns); a != nil {
		return a
	}
	c := p.calls.new()
	c.Callee = name
	first := p.exprs.mark()
	for _, part := range p.covers[mark:] {
		if part.rest {
			part.optional = part.optional || part.typ != nil
			part.rest = false
			p.notParameter(part)
			part.rest = true
		} else {
			p.notParameter(part)
		}
		p.exprs.push(part.expression())
	}
	p.covers = p.covers[:mark]
	c.Arguments = p.exprs.cut(first)
	c.Span = p.span(start)
	return c
}

// single is the parameter list of x => y.
func (p *parser) single(name *syntax.Identifier) []*syntax.Parameter {
	parameter := p.parameters.new()
	parameter.Span, parameter.Target = name.Span, name
	mark := p.params.mark()
	p.params.push(parameter)
	return p.params.cut(mark)
}

// arrow reads from => on.
func (p *parser) arrow(start syntax.Pos, async bool, types []*syntax.TypeParameter, parameters []*syntax.Parameter, result syntax.Type, returns bool) syntax.Expression {
	a := p.arrows.new()
	a.Async, a.TypeParameters, a.Parameters, a.ReturnType = async, types, parameters, result
	p.expect(token.Arrow)
	outer := p.context
	p.await, p.yield, p.function, p.decorator = async, false, true, false
	// An arrow function in a field or at the top of a module may still wait there.
	if p.Kind == token.BraceOpen {
		p.noIn = false
		a.Body = p.block()
	} else {
		a.Result = p.assignmentIn(returns)
	}
	p.context = outer
	a.Span = p.span(start)
	return a
}

// genericArrow tries to read <T>(x) => y, with async before it.
func (p *parser) genericArrow(start syntax.Pos, async bool) syntax.Expression {
	returns := p.arrowReturn
	var types []*syntax.TypeParameter
	var parameters []*syntax.Parameter
	var t syntax.Type
	ok := p.try(tryGenericArrow, func() bool {
		n := len(p.Diagnostics)
		types = p.typeParameters()
		if p.Kind != token.ParenOpen || !p.clean(n) {
			return false
		}
		outer := p.context
		p.await, p.yield = async, false
		parameters = p.parameterList()
		p.context = outer
		if !p.clean(n) {
			return false
		}
		if p.eat(token.Colon) {
			t = p.returnType()
		}
		return p.Kind == token.Arrow && p.clean(n)
	})
	if !ok {
		return nil
	}
	return p.arrow(start, async, types, parameters, t, returns)
}

// isGenericArrowInJSX says whether < begins type parameters and no tag: it does where
// extends, a comma or = follows the name.
func (p *parser) isGenericArrowInJSX() bool {
	return p.peek(func() bool {
		p.next()
		if p.Kind == token.Const {
			p.next()
		}
		if !p.isIdentifier() {
			return false
		}
		p.next()
		switch p.Kind {
		case token.Comma, token.Equal:
			return true
		case token.Extends:
			p.next()
			return p.Kind != token.Equal && p.Kind != token.Greater && p.Kind != token.Slash
		}
		return false
	})
}
