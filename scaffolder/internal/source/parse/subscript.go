package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// leftHandSide reads a primary expression with the members, indexes, calls and
// templates behind it.
func (p *parser) leftHandSide() syntax.Expression {
	start := p.Start
	if p.Kind == token.Less && p.jsx {
		if p.arrowAt == start && p.isGenericArrowInJSX() {
			if arrow := p.genericArrow(start, false); arrow != nil {
				return arrow
			}
		}
		return p.jsxExpression()
	}
	e := p.primary()
	if _, arrow := e.(*syntax.ArrowFunction); arrow {
		return e
	}
	return p.subscripts(start, e, true)
}

// subscripts reads on behind e. Without calls it stops at arguments, as new does.
func (p *parser) subscripts(start syntax.Pos, e syntax.Expression, calls bool) syntax.Expression {
	for n := 0; !p.long(n); n++ {
		switch p.Kind {
		case token.Dot:
			if _, ok := e.(*syntax.InstantiationExpression); ok {
				p.fail(p.Start, p.End, "type arguments without a call cannot be followed by a member: put them in parentheses")
			}
			p.next()
			m := p.members.new()
			m.Object, m.Property = e, p.propertyName()
			m.Span = p.span(start)
			e = m
		case token.QuestionDot:
			if !calls {
				p.fail(p.Start, p.End, "an optional chain cannot stand in new: put it in parentheses")
			}
			e = p.optional(start, e)
		case token.ParenOpen:
			if !calls {
				return e
			}
			e = p.call(start, e, nil, false)
		case token.BracketOpen:
			if p.decorator {
				return e
			}
			e = p.index(start, e, false)
		case token.Exclamation:
			if p.Newline {
				return e
			}
			p.next()
			e = &syntax.NonNullExpression{Expression: e, Span: p.span(start)}
		case token.TemplateWhole, token.TemplateHead:
			t := p.templateOf(true)
			e = &syntax.TaggedTemplate{Tag: e, Template: t, Span: p.span(start)}
		case token.Less, token.ShiftLeft:
			if p.js {
				return e
			}
			types, ok := p.typeArgumentsOfCall()
			if !ok {
				return e
			}
			e = p.withTypes(start, e, types, calls)
		default:
			return e
		}
	}
	return e
}

// withTypes reads what type arguments behind e belong to: a call, a template, or
// nothing.
func (p *parser) withTypes(start syntax.Pos, e syntax.Expression, types []syntax.Type, calls bool) syntax.Expression {
	switch {
	case p.Kind == token.ParenOpen && calls:
		return p.call(start, e, types, false)
	case p.Kind == token.TemplateWhole || p.Kind == token.TemplateHead:
		t := p.templateOf(true)
		return &syntax.TaggedTemplate{Tag: e, TypeArguments: types, Template: t, Span: p.span(start)}
	}
	return &syntax.InstantiationExpression{Expression: e, TypeArguments: types, Span: p.span(start)}
}

// call reads the arguments of a call of e.
func (p *parser) call(start syntax.Pos, e syntax.Expression, types []syntax.Type, optional bool) syntax.Expression {
	c := p.calls.new()
	c.Callee, c.TypeArguments, c.Optional = e, types, optional
	c.Arguments = p.arguments()
	c.Span = p.span(start)
	return c
}

// arguments reads (a, ...b).
func (p *parser) arguments() []syntax.Expression {
	p.expect(token.ParenOpen)
	mark := p.exprs.mark()
	for p.Kind != token.ParenClose && p.Kind != token.EOF {
		if p.Kind != token.Ellipsis && !p.startsExpression() {
			if p.Kind == token.Comma {
				p.exprs.push(p.badExpression())
				p.next()
				continue
			}
			if p.skipInList("an argument") {
				break
			}
			continue
		}
		from := p.Start
		p.exprs.push(p.spreadOrElement())
		p.advance(from)
		if p.Kind != token.ParenClose && !p.eat(token.Comma) {
			p.missing("','")
			if !p.startsExpression() || p.Newline && p.startsStatement() {
				break
			}
		}
	}
	list := p.exprs.cut(mark)
	p.expect(token.ParenClose)
	return list
}

// index reads [x] behind e.
func (p *parser) index(start syntax.Pos, e syntax.Expression, optional bool) syntax.Expression {
	p.next()
	i := p.indexes.new()
	i.Object, i.Optional = e, optional
	if p.Kind == token.BracketClose {
		i.Index = p.badExpression()
	} else {
		i.Index = p.expression()
	}
	p.expect(token.BracketClose)
	i.Span = p.span(start)
	return i
}

// optional reads ?. and what it reaches into.
func (p *parser) optional(start syntax.Pos, e syntax.Expression) syntax.Expression {
	p.next()
	switch p.Kind {
	case token.ParenOpen:
		return p.call(start, e, nil, true)
	case token.BracketOpen:
		return p.index(start, e, true)
	case token.Less, token.ShiftLeft:
		if types, ok := p.typeArgumentsOfCall(); ok {
			return p.call(start, e, types, true)
		}
	case token.TemplateWhole, token.TemplateHead:
		p.fail(p.Start, p.End, "a tagged template cannot stand in an optional chain")
		t := p.templateOf(true)
		return &syntax.TaggedTemplate{Tag: e, Template: t, Span: p.span(start)}
	}
	m := p.members.new()
	m.Object, m.Optional, m.Property = e, true, p.propertyName()
	m.Span = p.span(start)
	return m
}

// propertyName reads the name behind a point.
func (p *parser) propertyName() syntax.Expression {
	if p.Kind == token.PrivateName {
		n := &syntax.PrivateName{Span: syntax.Span{Start: p.Start, End: p.End}, Name: p.Text}
		p.next()
		return n
	}
	// A point at the end of a line before what is clearly a statement of its own is
	// being typed: the name does not belong to it.
	if p.Newline && p.Kind.IsName() && p.peek(func() bool { p.next(); return p.Kind.IsName() && !p.Newline }) {
		p.missing("a name")
		n := p.identifiers.new()
		n.Span = p.here()
		return n
	}
	return p.name()
}

// newExpression reads new C(x), new C, or new.target.
func (p *parser) newExpression() syntax.Expression {
	start := p.Start
	p.next()
	if p.eat(token.Dot) {
		property := p.name()
		return &syntax.MetaProperty{Keyword: token.New, Property: property, Span: p.span(start)}
	}
	n := &syntax.NewExpression{}
	from := p.Start
	p.enter()
	n.Callee = p.subscripts(from, p.primary(), false)
	p.leave()
	if i, ok := n.Callee.(*syntax.InstantiationExpression); ok {
		n.Callee, n.TypeArguments = i.Expression, i.TypeArguments
	}
	if p.Kind == token.ParenOpen {
		if n.Arguments = p.arguments(); n.Arguments == nil {
			n.Arguments = []syntax.Expression{}
		}
	}
	n.Span = p.span(start)
	return n
}

// typeArgumentsOfCall reads <T> behind an expression, if that is what < means there.
func (p *parser) typeArgumentsOfCall() (types []syntax.Type, ok bool) {
	ok = p.try(tryTypeArguments, func() bool {
		if p.Kind == token.ShiftLeft {
			p.First(token.Less)
		}
		if p.Kind != token.Less {
			return false
		}
		n := len(p.Diagnostics)
		p.next()
		types = p.typeList(token.Greater)
		if p.Kind != token.Greater || !p.clean(n) {
			return false
		}
		if p.Greater(); p.Kind != token.Greater {
			return false
		}
		p.next()
		return p.canFollowTypeArguments()
	})
	return types, ok
}

// canFollowTypeArguments says whether the token, behind what may be type arguments or
// two comparisons, says that it was type arguments.
func (p *parser) canFollowTypeArguments() bool {
	switch p.Kind {
	case token.ParenOpen, token.TemplateWhole, token.TemplateHead:
		return true
	case token.Less, token.Greater, token.Plus, token.Minus:
		return false
	}
	if p.Newline || !p.startsExpression() {
		return true
	}
	return p.Kind.Precedence() != token.PrecedenceNone && (p.Kind != token.In || !p.noIn)
}
