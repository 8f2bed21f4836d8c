package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// class reads a class from the word class on.
func (p *parser) class(start syntax.Pos, decorators []*syntax.Decorator, modifiers syntax.Modifiers) *syntax.Class {
	c := &syntax.Class{Decorators: decorators, Modifiers: modifiers}
	p.expect(token.Class)
	if p.isIdentifier() && !p.isImplements() {
		c.Name = p.name()
	}
	c.TypeParameters = p.typeParameters()
	p.heritage(c)
	outer := p.context
	if p.expect(token.BraceOpen) {
		c.Members = p.classMembers()
		p.expect(token.BraceClose)
	}
	p.context = outer
	c.Span = p.span(start)
	return c
}

// isImplements says whether implements is the word before interfaces, and no name.
func (p *parser) isImplements() bool {
	return p.Kind == token.Implements && p.peek(func() bool { p.next(); return p.Kind.IsName() })
}

// heritage reads extends and implements.
func (p *parser) heritage(c *syntax.Class) {
	for p.Kind == token.Extends || p.Kind == token.Implements {
		if p.eat(token.Implements) {
			c.Implements = append(c.Implements, p.heritageTypes()...)
			continue
		}
		p.next()
		e, types := p.base()
		if c.Extends == nil {
			c.Extends, c.ExtendsTypes = e, types
		}
		for p.eat(token.Comma) {
			p.base()
		}
	}
}

// base reads what a class extends, with type arguments.
func (p *parser) base() (syntax.Expression, []syntax.Type) {
	if p.Kind == token.BraceOpen {
		return p.badExpression(), nil
	}
	e := p.leftHandSide()
	if i, ok := e.(*syntax.InstantiationExpression); ok {
		return i.Expression, i.TypeArguments
	}
	// Before a brace, and in plain JavaScript, they are not looked for as those of a call.
	if p.Kind == token.Less {
		return e, p.typeArguments()
	}
	return e, nil
}

// heritageTypes reads the types of implements, and of extends in an interface.
func (p *parser) heritageTypes() []syntax.Type {
	mark := p.types.mark()
	for {
		if !p.Kind.IsName() {
			p.missing("a type")
			break
		}
		p.types.push(p.typeReference())
		if !p.eat(token.Comma) {
			break
		}
	}
	return p.types.cut(mark)
}

func (p *parser) classMembers() []syntax.Member {
	mark := p.classBody.mark()
	for p.Kind != token.BraceClose && p.Kind != token.EOF {
		if p.eat(token.Semicolon) {
			continue
		}
		if p.Kind != token.Star && p.Kind != token.At && !p.startsPropertyName() {
			if p.skipMember() {
				break
			}
			continue
		}
		from := p.Start
		p.classBody.push(p.classMember())
		p.advance(from)
	}
	return p.classBody.cut(mark)
}

// skipMember passes over a token that begins no member, and says whether the body ends.
func (p *parser) skipMember() (end bool) {
	p.missing("a member")
	if p.Kind == token.EOF {
		return true
	}
	p.next()
	return p.Kind == token.EOF
}

// classMember reads one member of a class.
func (p *parser) classMember() syntax.Member {
	p.enter()
	defer p.leave()
	start := p.Start
	p.context = context{function: true}
	var decorators []*syntax.Decorator
	if p.Kind == token.At {
		decorators = p.decoratorList()
	}
	modifiers := p.modifiers(true)
	if p.Kind == token.At {
		p.fail(p.Start, p.End, "decorators stand before the modifiers of a member")
		decorators = append(decorators, p.decoratorList()...)
		modifiers |= p.modifiers(true)
	}
	switch {
	case p.Kind == token.Static && p.peek(func() bool { p.next(); return p.Kind == token.BraceOpen }):
		return p.staticBlock(start)
	case (p.Kind == token.Get || p.Kind == token.Set) && p.isBeforeKey(false):
		kind := syntax.MethodGet
		if p.Kind == token.Set {
			kind = syntax.MethodSet
		}
		p.next()
		return p.classMethod(start, decorators, modifiers, kind, p.key(), false)
	case p.Kind == token.BracketOpen && p.isIndexSignature():
		return p.indexSignature(start, modifiers)
	}
	generator := p.eat(token.Star)
	word := p.Kind
	constructor := word == token.Constructor || word == token.String && p.Text == "constructor"
	key := p.key()
	if constructor && !generator && !modifiers.Has(syntax.ModStatic) && p.Kind == token.ParenOpen {
		return p.classMethod(start, decorators, modifiers, syntax.MethodConstructor, key, false)
	}
	if generator {
		return p.classMethod(start, decorators, modifiers, syntax.MethodPlain, key, true)
	}
	return p.fieldOrMethod(start, decorators, modifiers, key)
}

func (p *parser) staticBlock(start syntax.Pos) syntax.Member {
	p.next()
	p.context = context{function: true}
	body := p.block()
	return &syntax.StaticBlock{Body: body, Span: p.span(start)}
}

// classMethod reads a method from its parameters on.
func (p *parser) classMethod(start syntax.Pos, decorators []*syntax.Decorator, modifiers syntax.Modifiers, kind syntax.MethodKind, key syntax.Expression, generator bool) *syntax.Method {
	m := p.methods.new()
	m.Decorators, m.Modifiers, m.Kind, m.Key = decorators, modifiers, kind, key
	m.Optional = p.eat(token.Question)
	m.Function = p.method(modifiers&syntax.ModAsync, generator)
	m.Span = p.span(start)
	return m
}

// fieldOrMethod reads on behind the key of a member that is a field or a plain method.
func (p *parser) fieldOrMethod(start syntax.Pos, decorators []*syntax.Decorator, modifiers syntax.Modifiers, key syntax.Expression) syntax.Member {
	optional := p.eat(token.Question)
	definite := !optional && !p.Newline && p.eat(token.Exclamation)
	if p.Kind == token.ParenOpen || p.Kind == token.Less {
		m := p.classMethod(start, decorators, modifiers, syntax.MethodPlain, key, false)
		m.Optional = optional
		return m
	}
	f := p.fields.new()
	f.Decorators, f.Modifiers, f.Key, f.Optional, f.Definite = decorators, modifiers, key, optional, definite
	if p.eat(token.Colon) {
		f.Type = p.typ()
	}
	if p.eat(token.Equal) {
		f.Value = p.element()
	}
	f.Span = p.span(start)
	if p.canEnd() {
		if p.Kind == token.Semicolon {
			f.End = p.End
		}
		p.semicolon()
	} else {
		p.missing("';'")
		p.eat(token.Comma)
	}
	return f
}

// isIndexSignature says whether [ begins an index signature and no computed key.
func (p *parser) isIndexSignature() bool {
	return p.peek(func() bool {
		p.next()
		switch p.Kind {
		case token.Ellipsis, token.BracketClose:
			return true
		}
		if modifierOf(p.Kind) != 0 {
			p.next()
			if p.isIdentifier() {
				return true
			}
		} else if !p.isIdentifier() {
			return false
		} else {
			p.next()
		}
		switch p.Kind {
		case token.Colon, token.Comma:
			return true
		case token.Question:
			p.next()
			return p.Kind == token.Colon || p.Kind == token.Comma || p.Kind == token.BracketClose
		}
		return false
	})
}

// indexSignature reads [key: K]: T from the bracket on.
func (p *parser) indexSignature(start syntax.Pos, modifiers syntax.Modifiers) syntax.Member {
	s := &syntax.IndexSignature{Modifiers: modifiers}
	p.next()
	for p.Kind != token.BracketClose && p.Kind != token.EOF {
		if !p.startsParameter() {
			p.missing("a name")
			break
		}
		if parameter := p.parameter(); s.Parameter == nil {
			s.Parameter = parameter
		}
		if !p.eat(token.Comma) {
			break
		}
	}
	p.expect(token.BracketClose)
	if p.eat(token.Colon) {
		s.Type = p.typ()
	}
	p.memberEnd()
	s.Span = p.span(start)
	return s
}

// memberEnd passes over the comma or semicolon behind a member of a type.
func (p *parser) memberEnd() {
	if !p.eat(token.Comma) {
		p.semicolon()
	}
}
