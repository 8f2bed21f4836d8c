package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// simpleType reads a type that is no combination of others by operators.
func (p *parser) simpleType() syntax.Type {
	start := p.Start
	switch p.Kind {
	case token.Any, token.Unknown, token.StringWord, token.NumberWord, token.BigIntWord, token.Symbol, token.Boolean,
		token.Undefined, token.Never, token.Object:
		if p.peek(func() bool { p.next(); return p.Kind == token.Dot }) {
			return p.typeReference()
		}
		return p.keywordType()
	case token.Void, token.Null:
		return p.keywordType()
	case token.String, token.Number, token.BigInt, token.True, token.False, token.TemplateWhole:
		l := p.literals.new()
		l.Literal = p.primary()
		l.Span = p.span(start)
		return l
	case token.Minus:
		return p.negativeType()
	case token.This:
		return p.thisType()
	case token.Typeof:
		return p.typeQuery()
	case token.Import:
		return p.importType()
	case token.BraceOpen:
		if p.isMappedType() {
			return p.mappedType()
		}
		return p.objectType()
	case token.BracketOpen:
		return p.tuple()
	case token.ParenOpen:
		p.next()
		t := p.typ()
		p.expect(token.ParenClose)
		return &syntax.ParenthesizedType{Type: t, Span: p.span(start)}
	case token.TemplateHead:
		return p.templateType()
	case token.Asserts:
		if p.peek(func() bool { p.next(); return (p.isIdentifier() || p.Kind == token.This) && !p.Newline }) {
			return p.asserts()
		}
	case token.Star, token.Question, token.Exclamation, token.Function:
		return p.foreignType()
	}
	// A reserved word at the beginning of a line is the next statement, whatever the
	// compiler makes of it.
	if p.isIdentifier() || p.Kind.IsName() && !p.Newline {
		return p.typeReference()
	}
	p.missing("a type")
	return &syntax.BadType{Span: p.here()}
}

func (p *parser) keywordType() syntax.Type {
	k := p.keywords.new()
	k.Span, k.Keyword = syntax.Span{Start: p.Start, End: p.End}, p.Kind
	p.next()
	return k
}

// negativeType reads -1.
func (p *parser) negativeType() syntax.Type {
	start := p.Start
	p.next()
	if p.Kind != token.Number && p.Kind != token.BigInt {
		p.missing("a number")
		return &syntax.BadType{Span: p.span(start)}
	}
	operand := p.primary()
	u := &syntax.UnaryExpression{Operator: token.Minus, Operand: operand, Span: p.span(start)}
	return &syntax.LiteralType{Literal: u, Span: u.Span}
}

// thisType reads this, or this is T.
func (p *parser) thisType() syntax.Type {
	start := p.Start
	p.next()
	if p.Kind != token.Is || p.Newline {
		return &syntax.ThisType{Span: p.span(start)}
	}
	name := &syntax.Identifier{Name: "this", Span: p.span(start)}
	p.next()
	t := p.typ()
	return &syntax.TypePredicate{Name: name, Type: t, Span: p.span(start)}
}

// asserts reads asserts x, or asserts x is T.
func (p *parser) asserts() syntax.Type {
	start := p.Start
	p.next()
	t := &syntax.TypePredicate{Asserts: true, Name: p.name()}
	if p.eat(token.Is) {
		t.Type = p.typ()
	}
	t.Span = p.span(start)
	return t
}

// typeQuery reads typeof a.b<T>, or typeof import("source").
func (p *parser) typeQuery() syntax.Type {
	q := &syntax.TypeQuery{}
	start := p.Start
	p.next()
	if p.Kind == token.Import {
		q.Import = p.importType()
		q.Span = p.span(start)
		return q
	}
	q.Name = p.entityName(true)
	if p.Kind == token.Less && !p.Newline {
		q.Arguments = p.typeArguments()
	}
	q.Span = p.span(start)
	return q
}

// importType reads import("source").A<T>.
func (p *parser) importType() *syntax.ImportType {
	i := &syntax.ImportType{}
	start := p.Start
	p.next()
	p.expect(token.ParenOpen)
	i.Source = p.typ()
	if p.eat(token.Comma) {
		i.Attributes = p.importTypeAttributes()
	}
	p.expect(token.ParenClose)
	if p.eat(token.Dot) {
		i.Qualifier = p.entityName(true)
	}
	if !p.Newline && (p.Kind == token.Less || p.Kind == token.ShiftLeft) {
		i.Arguments = p.typeArguments()
	}
	i.Span = p.span(start)
	return i
}

// importTypeAttributes reads { with: { "resolution-mode": "import" } }.
func (p *parser) importTypeAttributes() (list []*syntax.ImportAttribute) {
	p.expect(token.BraceOpen)
	if p.Kind != token.With && p.Kind != token.Assert {
		p.missing("'with'")
	} else {
		p.next()
		p.expect(token.Colon)
		p.expect(token.BraceOpen)
		for p.startsModuleName() {
			start := p.Start
			a := &syntax.ImportAttribute{Key: p.moduleName()}
			p.expect(token.Colon)
			a.Value = p.element()
			a.Span = p.span(start)
			list = append(list, a)
			if !p.eat(token.Comma) {
				break
			}
		}
		p.expect(token.BraceClose)
	}
	p.eat(token.Comma)
	p.expect(token.BraceClose)
	return list
}

// tuple reads [A, name?: B, ...C].
func (p *parser) tuple() syntax.Type {
	t := &syntax.TupleType{}
	start := p.Start
	p.next()
	for p.Kind != token.BracketClose && p.Kind != token.EOF {
		if p.Kind != token.Ellipsis && !p.startsType() && !p.Kind.IsName() {
			p.missing("a type")
			break
		}
		from := p.Start
		t.Elements = append(t.Elements, p.tupleElement())
		p.advance(from)
		if p.Kind != token.BracketClose && !p.eat(token.Comma) {
			p.missing("','")
			break
		}
	}
	p.expect(token.BracketClose)
	t.Span = p.span(start)
	return t
}

func (p *parser) tupleElement() *syntax.TupleElement {
	e := &syntax.TupleElement{}
	start := p.Start
	e.Rest = p.eat(token.Ellipsis)
	if p.Kind.IsName() && p.peek(p.goesToColon) {
		e.Name = p.name()
		e.Optional = p.eat(token.Question)
		p.next()
	}
	e.Type = p.typ()
	// T? is read as a nullable type, which in a tuple is an optional one.
	if n, ok := e.Type.(*syntax.NullableType); ok && !n.Not && n.Start == n.Type.Range().Start {
		e.Optional, e.Type = true, n.Type
	}
	e.Span = p.span(start)
	return e
}

// goesToColon says whether a colon follows the name, with or without a question mark.
func (p *parser) goesToColon() bool {
	p.next()
	p.eat(token.Question)
	return p.Kind == token.Colon
}

// templateType reads `text${T}`.
func (p *parser) templateType() syntax.Type {
	t := &syntax.TemplateType{}
	start := p.Start
	parts, mark := p.parts.mark(), p.types.mark()
	p.templatePart(false)
	for open := true; open; {
		p.next()
		p.types.push(p.typ())
		open = p.templateContinues(false)
	}
	t.Parts, t.Types = p.parts.cut(parts), p.types.cut(mark)
	p.next()
	t.Span = p.span(start)
	return t
}

// foreignType reads types of Flow and JSDoc: *, ?T, !T, function(a): b.
func (p *parser) foreignType() syntax.Type {
	start := p.Start
	switch p.Kind {
	case token.Star:
		return p.keywordType()
	case token.Function:
		p.next()
		f := &syntax.FunctionType{Parameters: p.parameterList()}
		if p.eat(token.Colon) {
			f.ReturnType = p.typ()
		}
		f.Span = p.span(start)
		return f
	}
	t := &syntax.NullableType{Not: p.Kind == token.Exclamation}
	p.next()
	switch {
	case t.Not:
		t.Type = p.typeOperator()
	case p.Kind != token.Bar && p.startsType():
		t.Type = p.typ() // the compiler, too, takes all that follows
	default:
		t.Type = &syntax.BadType{Span: p.here()}
	}
	t.Span = p.span(start)
	return t
}
