package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// functionExpression reads a function from the word function on.
func (p *parser) functionExpression(start syntax.Pos, modifiers syntax.Modifiers) *syntax.Function {
	f := p.functions.new()
	f.Modifiers = modifiers
	p.expect(token.Function)
	f.Generator = p.eat(token.Star)
	outer := p.context
	p.await, p.yield = f.Async(), f.Generator
	if p.isIdentifier() {
		f.Name = p.name()
	}
	p.context = outer
	p.signature(f)
	p.body(f, true)
	f.Span = p.span(start)
	return f
}

// functionDeclaration reads a function declaration from the word function on. It may
// be an overload, without a body.
func (p *parser) functionDeclaration(start syntax.Pos, modifiers syntax.Modifiers) *syntax.Function {
	f := p.functions.new()
	f.Modifiers = modifiers
	p.expect(token.Function)
	f.Generator = p.eat(token.Star)
	if p.isIdentifier() || !modifiers.Has(syntax.ModDefault) {
		f.Name = p.identifier()
	}
	p.signature(f)
	p.body(f, false)
	f.Span = p.span(start)
	return f
}

// method reads a function from its parameters on, as methods and accessors have it. It
// may have no body.
func (p *parser) method(modifiers syntax.Modifiers, generator bool) *syntax.Function {
	f := p.functions.new()
	f.Modifiers, f.Generator = modifiers, generator
	start := p.Start
	p.signature(f)
	p.body(f, false)
	f.Span = p.span(start)
	return f
}

// signature reads type parameters, parameters and return type.
func (p *parser) signature(f *syntax.Function) {
	outer := p.context
	p.await, p.yield, p.function, p.noIn, p.decorator = f.Async(), f.Generator, true, false, false
	f.TypeParameters = p.typeParameters()
	f.Parameters = p.parameterList()
	if p.eat(token.Colon) {
		f.ReturnType = p.returnType()
	}
	p.context = outer
}

// body reads the body of a function, or the end of a declaration without one.
func (p *parser) body(f *syntax.Function, needed bool) {
	if p.Kind != token.BraceOpen {
		switch {
		case !needed && p.canEnd():
			p.semicolon()
			return
		case !needed && p.Kind == token.Comma:
			// A signature among properties or members.
			p.missing("'{'")
			return
		}
		p.missing("'{'")
		// An arrow here is the slip of someone who meant a function expression.
		if p.Kind != token.Arrow {
			return
		}
		if p.next(); p.Kind != token.BraceOpen {
			return
		}
	}
	outer := p.context
	p.context = context{await: f.Async(), yield: f.Generator, function: true}
	f.Body = p.block()
	p.context = outer
}

// parameterList reads (a, b?: T, ...c).
func (p *parser) parameterList() []*syntax.Parameter {
	if !p.expect(token.ParenOpen) {
		return nil
	}
	mark := p.params.mark()
	for p.Kind != token.ParenClose && p.Kind != token.EOF {
		if !p.startsParameter() {
			if p.skipInList("a parameter") {
				break
			}
			continue
		}
		from := p.Start
		p.params.push(p.parameter())
		p.advance(from)
		if p.Kind != token.ParenClose && !p.eat(token.Comma) {
			p.missing("','")
			if !p.startsParameter() || p.Newline {
				break
			}
		}
	}
	list := p.params.cut(mark)
	p.expect(token.ParenClose)
	return list
}

func (p *parser) startsParameter() bool {
	switch p.Kind {
	case token.Ellipsis, token.BraceOpen, token.BracketOpen, token.At, token.This:
		return true
	}
	return p.isIdentifier() || p.Kind == token.Await || p.Kind == token.Yield
}

// parameter reads one parameter.
func (p *parser) parameter() *syntax.Parameter {
	p.enter()
	defer p.leave()
	start := p.Start
	parameter := p.parameters.new()
	if p.Kind == token.At {
		parameter.Decorators = p.decoratorList()
	}
	parameter.Modifiers = p.modifiers(false)
	parameter.Rest = p.eat(token.Ellipsis)
	if p.Kind == token.This {
		parameter.Target = p.name()
	} else {
		parameter.Target = p.pattern()
	}
	parameter.Optional = p.eat(token.Question)
	if p.eat(token.Colon) {
		parameter.Type = p.typ()
	}
	if p.eat(token.Equal) {
		parameter.Default = p.element()
	}
	parameter.Span = p.span(start)
	return parameter
}

// block reads { statements }.
func (p *parser) block() *syntax.Block {
	b := p.blocks.new()
	start := p.Start
	if p.expect(token.BraceOpen) {
		b.Statements = p.statementList(token.BraceClose)
		p.expect(token.BraceClose)
	}
	b.Span = p.span(start)
	return b
}

// decoratorList reads @a @b(c).
func (p *parser) decoratorList() []*syntax.Decorator {
	mark := p.decorators.mark()
	for p.Kind == token.At {
		start := p.Start
		p.next()
		outer := p.decorator
		p.decorator = true
		e := p.leftHandSide()
		p.decorator = outer
		p.decorators.push(&syntax.Decorator{Expression: e, Span: p.span(start)})
	}
	return p.decorators.cut(mark)
}

// modifierOf is the modifier that a word is, 0 for none.
func modifierOf(k token.Kind) syntax.Modifiers {
	switch k {
	case token.Export:
		return syntax.ModExport
	case token.Default:
		return syntax.ModDefault
	case token.Declare:
		return syntax.ModDeclare
	case token.Abstract:
		return syntax.ModAbstract
	case token.Async:
		return syntax.ModAsync
	case token.Static:
		return syntax.ModStatic
	case token.Readonly:
		return syntax.ModReadonly
	case token.Public:
		return syntax.ModPublic
	case token.Private:
		return syntax.ModPrivate
	case token.Protected:
		return syntax.ModProtected
	case token.Override:
		return syntax.ModOverride
	case token.Accessor:
		return syntax.ModAccessor
	case token.Const:
		return syntax.ModConst
	case token.In:
		return syntax.ModIn
	case token.Out:
		return syntax.ModOut
	}
	return 0
}

// modifiers reads the words before a member or a parameter. A word is a modifier where
// something that it can belong to follows: a key of a member, a name of a parameter.
func (p *parser) modifiers(member bool) (m syntax.Modifiers) {
	for p.Kind.IsKeyword() {
		word := modifierOf(p.Kind)
		if word == 0 || word&(syntax.ModDefault|syntax.ModIn|syntax.ModOut) != 0 || !p.isModifier(member) {
			return m
		}
		m |= word
		p.next()
	}
	return m
}

func (p *parser) isModifier(member bool) bool {
	static := p.Kind == token.Static
	return p.peek(func() bool {
		p.next()
		if p.Newline && !static {
			return false
		}
		switch p.Kind {
		case token.BracketOpen, token.BraceOpen, token.Ellipsis:
			return p.Kind != token.BraceOpen || !static
		case token.Star, token.At:
			return member
		}
		return p.startsPropertyName()
	})
}
