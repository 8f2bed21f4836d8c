package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// isDeclaration says whether the words that the parser stands at begin a declaration
// and no expression.
func (p *parser) isDeclaration() bool {
	switch p.Kind {
	case token.Var, token.Const, token.Function, token.Class, token.Enum:
		return true
	}
	return p.peek(p.goesToDeclaration)
}

// goesToDeclaration goes over modifiers and says whether a declaration follows.
func (p *parser) goesToDeclaration() bool {
	for range 10 {
		switch p.Kind {
		case token.Var, token.Const, token.Function, token.Class, token.Enum:
			return true
		case token.Let:
			p.next()
			return p.isIdentifier() || p.Kind == token.BraceOpen || p.Kind == token.BracketOpen || p.Kind == token.Await || p.Kind == token.Yield
		case token.Using, token.Await:
			return p.isUsing(false)
		case token.Interface, token.Type:
			p.next()
			return p.isIdentifier() && !p.Newline
		case token.Module, token.Namespace:
			p.next()
			return (p.isIdentifier() || p.Kind == token.String) && !p.Newline
		case token.Global:
			p.next()
			return p.Kind == token.BraceOpen || p.Kind == token.Identifier || p.Kind == token.Export
		case token.Import:
			p.next()
			return p.Kind == token.String || p.Kind == token.Star || p.Kind == token.BraceOpen || p.Kind.IsName()
		case token.Abstract, token.Accessor, token.Async, token.Declare, token.Private, token.Protected, token.Public,
			token.Readonly, token.Override:
			declare := p.Kind == token.Declare
			p.next()
			if p.Newline {
				return false
			}
			if declare && p.Kind == token.Type {
				return true
			}
		case token.Static:
			p.next()
		default:
			return false
		}
	}
	return false
}

// isUsing says whether using, or await using, begins a declaration. In the head of for,
// `using of` names a variable of a loop.
func (p *parser) isUsing(head bool) bool {
	return p.peek(func() bool {
		if p.eat(token.Await) && p.Newline {
			return false
		}
		if p.Kind != token.Using {
			return false
		}
		p.next()
		if p.Newline {
			return false
		}
		if head && p.Kind == token.Of {
			p.next()
			return p.Kind == token.Equal || p.Kind == token.Semicolon || p.Kind == token.Colon
		}
		return p.isIdentifier() || p.Kind == token.BraceOpen
	})
}

// declaration reads a declaration with the modifiers before it; some may have been
// read already.
func (p *parser) declaration(start syntax.Pos, modifiers syntax.Modifiers) syntax.Statement {
	for {
		switch p.Kind {
		case token.Declare, token.Abstract, token.Async, token.Public, token.Private, token.Protected, token.Static,
			token.Readonly, token.Accessor, token.Override:
			modifiers |= modifierOf(p.Kind)
			p.next()
			continue
		}
		break
	}
	switch p.Kind {
	case token.Function:
		return p.functionDeclaration(start, modifiers)
	case token.Class:
		return p.class(start, nil, modifiers)
	case token.Interface:
		return p.interfaceDeclaration(start, modifiers)
	case token.Type:
		return p.typeAlias(start, modifiers)
	case token.Enum:
		return p.enum(start, modifiers)
	case token.Module, token.Namespace, token.Global:
		return p.moduleDeclaration(start, modifiers)
	case token.Import:
		return p.importDeclaration(start, modifiers)
	case token.Export:
		return p.export()
	case token.At:
		return p.decoratedDeclaration()
	case token.Const:
		if p.peek(func() bool { p.next(); return p.Kind == token.Enum }) {
			p.next()
			return p.enum(start, modifiers|syntax.ModConst)
		}
		return p.variableStatement(start, modifiers)
	case token.Var, token.Let, token.Using, token.Await:
		return p.variableStatement(start, modifiers)
	}
	p.missing("a declaration")
	return &syntax.BadStatement{Span: p.span(start)}
}

// decoratedDeclaration reads decorators and the class behind them, which may be
// exported.
func (p *parser) decoratedDeclaration() syntax.Statement {
	start := p.Start
	decorators := p.decoratorList()
	var modifiers syntax.Modifiers
	for {
		m := modifierOf(p.Kind)
		if m&(syntax.ModExport|syntax.ModDefault|syntax.ModAbstract|syntax.ModDeclare) == 0 {
			break
		}
		modifiers |= m
		p.module = p.module || m == syntax.ModExport
		p.next()
	}
	decorators = append(decorators, p.decoratorList()...)
	if p.eat(token.Abstract) {
		modifiers |= syntax.ModAbstract
	}
	if p.Kind == token.Class {
		return p.class(start, decorators, modifiers)
	}
	p.missing("a class")
	return &syntax.BadStatement{Span: p.span(start)}
}

// variableKind reads the word or words that a declaration of variables begins with.
func (p *parser) variableKind() syntax.VariableKind {
	kind := syntax.VariableVar
	switch p.Kind {
	case token.Let:
		kind = syntax.VariableLet
	case token.Const:
		kind = syntax.VariableConst
	case token.Using:
		kind = syntax.VariableUsing
	case token.Await:
		kind = syntax.VariableAwaitUsing
		p.next()
	}
	p.next()
	return kind
}

func (p *parser) variableStatement(start syntax.Pos, modifiers syntax.Modifiers) syntax.Statement {
	v := p.variables.new()
	v.Modifiers = modifiers
	v.Kind = p.variableKind()
	v.Declarations = p.variableDeclarations()
	p.semicolon()
	v.Span = p.span(start)
	return v
}

// variableDeclarations reads a = 1, b = 2.
func (p *parser) variableDeclarations() []*syntax.VariableDeclaration {
	mark := p.variableOf.mark()
	for {
		start := p.Start
		d := p.variable.new()
		d.Target = p.pattern()
		if p.Kind == token.Exclamation && !p.Newline {
			p.next()
			d.Definite = true
		}
		if p.eat(token.Colon) {
			d.Type = p.typ()
		}
		if p.eat(token.Equal) {
			d.Value = p.assignment()
		}
		d.Span = p.span(start)
		p.variableOf.push(d)
		if !p.eat(token.Comma) {
			return p.variableOf.cut(mark)
		}
	}
}

func (p *parser) interfaceDeclaration(start syntax.Pos, modifiers syntax.Modifiers) syntax.Statement {
	p.next()
	i := &syntax.InterfaceDeclaration{Modifiers: modifiers, Name: p.identifier()}
	i.TypeParameters = p.typeParameters()
	if p.eat(token.Extends) {
		i.Extends = p.heritageTypes()
	}
	i.Members = p.typeMembers()
	i.Span = p.span(start)
	return i
}

func (p *parser) typeAlias(start syntax.Pos, modifiers syntax.Modifiers) syntax.Statement {
	p.next()
	a := &syntax.TypeAlias{Modifiers: modifiers, Name: p.identifier()}
	a.TypeParameters = p.typeParameters()
	p.expect(token.Equal)
	if p.Kind == token.Intrinsic && p.peek(func() bool { p.next(); return p.Kind != token.Dot }) {
		a.Type = p.keywordType()
	} else {
		a.Type = p.typ()
	}
	p.semicolon()
	a.Span = p.span(start)
	return a
}

func (p *parser) enum(start syntax.Pos, modifiers syntax.Modifiers) syntax.Statement {
	p.next()
	e := &syntax.EnumDeclaration{Modifiers: modifiers, Name: p.identifier()}
	p.expect(token.BraceOpen)
	for p.Kind != token.BraceClose && p.Kind != token.EOF {
		if !p.startsPropertyName() {
			if p.skipInList("a member") {
				break
			}
			continue
		}
		from := p.Start
		m := &syntax.EnumMember{Key: p.key()}
		if p.eat(token.Equal) {
			m.Value = p.element()
		}
		m.Span = p.span(from)
		e.Members = append(e.Members, m)
		if p.Kind != token.BraceClose && !p.eat(token.Comma) {
			p.missing("','")
			if !p.eat(token.Semicolon) && !p.startsPropertyName() {
				break
			}
		}
	}
	p.expect(token.BraceClose)
	e.Span = p.span(start)
	return e
}

// moduleDeclaration reads namespace A.B {}, module "name" {} and global {}.
func (p *parser) moduleDeclaration(start syntax.Pos, modifiers syntax.Modifiers) syntax.Statement {
	m := &syntax.ModuleDeclaration{Modifiers: modifiers}
	if p.Kind == token.Global {
		m.Global = true
		p.next()
	} else {
		p.next()
		if p.Kind == token.String {
			m.Source = p.stringLiteral()
		} else {
			m.Path = append(m.Path, p.identifier())
			for p.eat(token.Dot) {
				m.Path = append(m.Path, p.name())
			}
		}
	}
	if p.Kind == token.BraceOpen || m.Path != nil {
		// What stands in a namespace is no part of the module around it.
		module := p.module
		m.Body = p.block()
		p.module = module
	} else {
		p.semicolon()
	}
	m.Span = p.span(start)
	return m
}
