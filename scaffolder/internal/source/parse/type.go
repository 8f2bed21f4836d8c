package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// typ reads a type.
func (p *parser) typ() syntax.Type {
	p.enter()
	defer p.leave()
	outer := p.context
	p.await, p.yield, p.decorator = false, false, false
	p.noExtends = false
	t := p.typeIn()
	p.context = outer
	return t
}

// typeIn reads a type; where noExtends is set, extends is not the beginning of a
// condition.
func (p *parser) typeIn() syntax.Type {
	start := p.Start
	if p.startsFunctionType() {
		return p.functionType()
	}
	t := p.union()
	if p.noExtends || p.Newline || p.Kind != token.Extends {
		return t
	}
	p.next()
	c := &syntax.ConditionalType{Check: t}
	p.enter()
	p.noExtends = true
	c.Extends = p.typeIn()
	p.noExtends = false
	p.expect(token.Question)
	c.Then = p.typeIn()
	p.expect(token.Colon)
	c.Else = p.typeIn()
	p.leave()
	c.Span = p.span(start)
	return c
}

// returnType reads a type behind the colon or arrow of a function, which may be a
// predicate.
func (p *parser) returnType() syntax.Type {
	start := p.Start
	if p.Kind == token.Percent {
		p.flow("%checks")
		p.next()
		if p.isIdentifier() {
			p.next()
		}
		return &syntax.BadType{Span: p.span(start)}
	}
	if p.isIdentifier() && p.peek(func() bool { p.next(); return p.Kind == token.Is && !p.Newline }) {
		name := p.name()
		p.next()
		t := p.typ()
		return &syntax.TypePredicate{Name: name, Type: t, Span: p.span(start)}
	}
	return p.typ()
}

// startsFunctionType says whether a function type begins here.
func (p *parser) startsFunctionType() bool {
	switch p.Kind {
	case token.Less, token.New:
		return true
	case token.ParenOpen:
		return p.peek(p.goesToParameters)
	case token.Abstract:
		return p.peek(func() bool { p.next(); return p.Kind == token.New })
	}
	return false
}

// goesToParameters says whether the parenthesis can only be one of parameters.
func (p *parser) goesToParameters() bool {
	p.next()
	if p.Kind == token.ParenClose || p.Kind == token.Ellipsis {
		return true
	}
	p.modifiers(false)
	switch {
	case p.Kind == token.This || p.isIdentifier():
		p.next()
	case p.Kind == token.BraceOpen || p.Kind == token.BracketOpen:
		ok := p.try(tryFunctionType, func() bool {
			n := len(p.Diagnostics)
			p.pattern()
			return p.clean(n)
		})
		if !ok {
			return false
		}
	default:
		return false
	}
	switch p.Kind {
	case token.Colon, token.Comma, token.Question, token.Equal:
		return true
	case token.ParenClose:
		p.next()
		return p.Kind == token.Arrow
	}
	return false
}

// functionType reads <T>(x: T) => U, new () => T, abstract new () => T.
func (p *parser) functionType() syntax.Type {
	f := &syntax.FunctionType{}
	start := p.Start
	f.Abstract = p.eat(token.Abstract)
	f.Construct = p.eat(token.New)
	f.TypeParameters = p.typeParameters()
	f.Parameters = p.parameterList()
	p.expect(token.Arrow)
	f.ReturnType = p.returnType()
	f.Span = p.span(start)
	return f
}

// union reads A | B.
func (p *parser) union() syntax.Type {
	start := p.Start
	leading := p.eat(token.Bar)
	t := p.intersection()
	if !p.isBar() && !leading {
		return t
	}
	mark := p.types.mark()
	p.types.push(t)
	for p.isBar() {
		p.next()
		p.types.push(p.intersection())
	}
	return &syntax.UnionType{Types: p.types.cut(mark), Span: p.span(start)}
}

// isBar says whether the parser stands at the | of a union, and not at the end |} of an
// exact object of Flow.
func (p *parser) isBar() bool {
	return p.Kind == token.Bar && (int(p.End) >= len(p.Source) || p.Source[p.End] != '}')
}

// intersection reads A & B.
func (p *parser) intersection() syntax.Type {
	start := p.Start
	leading := p.eat(token.Ampersand)
	t := p.operand()
	if p.Kind != token.Ampersand && !leading {
		return t
	}
	mark := p.types.mark()
	p.types.push(t)
	for p.eat(token.Ampersand) {
		p.types.push(p.operand())
	}
	return &syntax.IntersectionType{Types: p.types.cut(mark), Span: p.span(start)}
}

// operand reads a part of a union or intersection. A function type there needs
// parentheses.
func (p *parser) operand() syntax.Type {
	if p.startsFunctionType() {
		p.fail(p.Start, p.End, "a function type in a union or intersection needs parentheses")
		return p.functionType()
	}
	return p.typeOperator()
}

// typeOperator reads keyof T, unique T, readonly T and infer T.
func (p *parser) typeOperator() syntax.Type {
	start := p.Start
	switch p.Kind {
	case token.Keyof, token.Unique, token.Readonly:
		o := &syntax.TypeOperator{Operator: p.Kind}
		p.next()
		p.enter()
		o.Operand = p.typeOperator()
		p.leave()
		o.Span = p.span(start)
		return o
	case token.Infer:
		return p.infer()
	}
	outer := p.noExtends
	p.noExtends = false
	t := p.postfixType()
	p.noExtends = outer
	return t
}

// infer reads infer T, and infer T extends U where the condition around it goes on.
func (p *parser) infer() syntax.Type {
	start := p.Start
	p.next()
	i := &syntax.InferType{Name: p.name()}
	if p.Kind == token.Extends {
		outer := p.noExtends
		at := p.save()
		p.next()
		p.noExtends = true
		p.enter()
		constraint := p.typeIn()
		p.leave()
		p.noExtends = outer
		if outer || p.Kind != token.Question {
			i.Constraint = constraint
		} else {
			p.restore(at)
		}
	}
	i.Span = p.span(start)
	return i
}

// postfixType reads a type with the brackets behind it.
func (p *parser) postfixType() syntax.Type {
	start := p.Start
	p.enter()
	defer p.leave()
	t := p.simpleType()
	for n := 0; !p.Newline && !p.long(n); n++ {
		switch p.Kind {
		case token.Exclamation:
			p.next()
			t = &syntax.NullableType{Not: true, Type: t, Span: p.span(start)}
		case token.Question:
			// Before a type it is the condition of a conditional type.
			if p.peek(func() bool { p.next(); return p.startsType() }) {
				return t
			}
			p.next()
			t = &syntax.NullableType{Type: t, Span: p.span(start)}
		case token.BracketOpen:
			p.next()
			if p.Kind == token.BracketClose {
				p.next()
				t = &syntax.ArrayType{Element: t, Span: p.span(start)}
				continue
			}
			index := p.typ()
			p.expect(token.BracketClose)
			t = &syntax.IndexedAccessType{Object: t, Index: index, Span: p.span(start)}
		default:
			return t
		}
	}
	return t
}

// startsType says whether a type may begin with the token.
func (p *parser) startsType() bool {
	switch p.Kind {
	case token.Void, token.Null, token.This, token.Typeof, token.True, token.False, token.New, token.Import, token.Function,
		token.String, token.Number, token.BigInt, token.TemplateWhole, token.TemplateHead, token.BraceOpen, token.BracketOpen,
		token.Less, token.Bar, token.Ampersand, token.Star, token.Question, token.Exclamation, token.Ellipsis:
		return true
	case token.Minus:
		return p.peek(func() bool { p.next(); return p.Kind == token.Number || p.Kind == token.BigInt })
	case token.ParenOpen:
		return p.peek(func() bool {
			p.next()
			return p.Kind == token.ParenClose || p.Kind == token.Ellipsis || p.Kind == token.This || p.startsType()
		})
	}
	return p.isIdentifier()
}

// typeReference reads A.B<C>.
func (p *parser) typeReference() syntax.Type {
	r := p.references.new()
	start := p.Start
	r.Name = p.entityName(true)
	if !p.Newline && (p.Kind == token.Less || p.Kind == token.ShiftLeft) {
		r.Arguments = p.typeArguments()
	}
	r.Span = p.span(start)
	return r
}

// entityName reads A.B.C. With reserved, which types have, the first name may be a
// reserved word, as in x as const.
func (p *parser) entityName(reserved bool) syntax.Expression {
	start := p.Start
	var e syntax.Expression
	switch {
	case p.Kind == token.This:
		p.next()
		e = &syntax.ThisExpression{Span: p.span(start)}
	case p.isIdentifier(), reserved && p.Kind.IsName():
		e = p.name()
	default:
		e = p.identifier()
	}
	for n := 0; p.Kind == token.Dot && !p.long(n); n++ {
		p.next()
		if p.Kind == token.Less {
			break
		}
		m := p.members.new()
		m.Object, m.Property = e, p.propertyName()
		m.Span = p.span(start)
		e = m
	}
	return e
}

// typeArguments reads <A, B>.
func (p *parser) typeArguments() []syntax.Type {
	if p.Kind == token.ShiftLeft {
		p.First(token.Less)
	}
	p.expect(token.Less)
	list := p.typeList(token.Greater)
	if len(list) == 0 {
		p.missing("a type")
	}
	p.expect(token.Greater)
	return list
}

// typeList reads types with commas between them up to end, which it leaves.
func (p *parser) typeList(end token.Kind) []syntax.Type {
	mark := p.types.mark()
	for p.Kind != end && p.Kind != token.EOF {
		if !p.startsType() {
			p.missing("a type")
			break
		}
		p.types.push(p.typ())
		if !p.eat(token.Comma) {
			break
		}
	}
	return p.types.cut(mark)
}

// typeParameters reads <T extends A = B>, if it stands here.
func (p *parser) typeParameters() []*syntax.TypeParameter {
	if p.Kind != token.Less {
		return nil
	}
	p.next()
	mark := p.typeParams.mark()
	if p.Kind == token.Greater {
		p.missing("a type parameter")
	}
	for p.Kind != token.Greater && p.Kind != token.EOF {
		if !p.Kind.IsName() {
			p.missing("a type parameter")
			break
		}
		start := p.Start
		t := &syntax.TypeParameter{Modifiers: p.typeParameterModifiers()}
		t.Name = p.identifier()
		if p.eat(token.Extends) {
			t.Constraint = p.typ()
		}
		if p.eat(token.Equal) {
			t.Default = p.typ()
		}
		t.Span = p.span(start)
		p.typeParams.push(t)
		if !p.eat(token.Comma) {
			break
		}
	}
	list := p.typeParams.cut(mark)
	p.expect(token.Greater)
	return list
}

// typeParameterModifiers reads const, in, out, and words that are none here.
func (p *parser) typeParameterModifiers() (m syntax.Modifiers) {
	for {
		word := modifierOf(p.Kind)
		if word == 0 || !p.peek(func() bool { p.next(); return p.Kind.IsName() && !p.Newline && p.Kind != token.Extends }) {
			return m
		}
		m |= word
		p.next()
	}
}
