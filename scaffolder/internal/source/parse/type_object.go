package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// objectType reads { members }.
func (p *parser) objectType() syntax.Type {
	start := p.Start
	members := p.typeMembers()
	return &syntax.ObjectType{Members: members, Span: p.span(start)}
}

// typeMembers reads the members of an interface or object type, with the braces. Flow
// writes {| and |} for objects that have no other members.
func (p *parser) typeMembers() []syntax.Member {
	if !p.expect(token.BraceOpen) {
		return nil
	}
	exact := p.Kind == token.Bar
	if exact {
		p.flow("an exact object type")
		p.next()
	}
	outer := p.context
	p.noExtends = false
	mark := p.classBody.mark()
	for p.Kind != token.BraceClose && p.Kind != token.EOF {
		if p.Kind == token.Bar && exact {
			p.next()
			break
		}
		if !p.startsTypeMember() {
			if p.skipTypeMember() {
				break
			}
			continue
		}
		from := p.Start
		p.classBody.push(p.typeMember())
		p.advance(from)
	}
	members := p.classBody.cut(mark)
	p.context = outer
	p.expect(token.BraceClose)
	return members
}

// flow reports what only Flow has.
func (p *parser) flow(what string) {
	p.fail(p.Start, p.End, what+" of Flow, which TypeScript does not have")
}

func (p *parser) startsTypeMember() bool {
	switch p.Kind {
	case token.ParenOpen, token.Less, token.Ellipsis, token.Plus, token.Minus:
		return true
	}
	return p.startsPropertyName()
}

func (p *parser) skipTypeMember() (end bool) {
	p.missing("a member")
	switch p.Kind {
	case token.EOF, token.ParenClose, token.BracketClose:
		return true
	}
	if p.startsStatement() {
		return true
	}
	p.next()
	return p.Kind == token.EOF
}

// typeMember reads one member.
func (p *parser) typeMember() syntax.Member {
	p.enter()
	defer p.leave()
	start := p.Start
	switch p.Kind {
	case token.ParenOpen, token.Less:
		return p.callSignature(start, false)
	case token.New:
		if p.peek(func() bool { p.next(); return p.Kind == token.ParenOpen || p.Kind == token.Less }) {
			p.next()
			return p.callSignature(start, true)
		}
	case token.Ellipsis:
		return p.typeSpread()
	case token.Plus, token.Minus:
		p.flow("a variance sign")
		p.next()
	}
	modifiers := p.modifiers(true)
	if (p.Kind == token.Get || p.Kind == token.Set) && p.isBeforeKey(false) {
		kind := syntax.MethodGet
		if p.Kind == token.Set {
			kind = syntax.MethodSet
		}
		p.next()
		return p.methodSignature(start, modifiers, kind, p.key(), false)
	}
	if p.Kind == token.BracketOpen && p.isIndexSignature() {
		return p.indexSignature(start, modifiers)
	}
	key := p.key()
	optional := p.eat(token.Question)
	if p.Kind == token.ParenOpen || p.Kind == token.Less {
		return p.methodSignature(start, modifiers, syntax.MethodPlain, key, optional)
	}
	f := p.fields.new()
	f.Modifiers, f.Key, f.Optional = modifiers, key, optional
	if p.eat(token.Colon) {
		f.Type = p.typ()
	}
	if p.eat(token.Equal) {
		f.Value = p.element()
	}
	p.typeMemberEnd()
	f.Span = p.span(start)
	return f
}

// typeMemberEnd passes over what stands between members. Behind the last one of an
// exact object of Flow it is nothing.
func (p *parser) typeMemberEnd() {
	if p.Kind != token.Bar {
		p.memberEnd()
	}
}

func (p *parser) typeSpread() syntax.Member {
	start := p.Start
	p.flow("a spread in an object type")
	p.next()
	s := &syntax.TypeSpread{}
	if p.startsType() {
		s.Type = p.typ()
	} else {
		s.Type = &syntax.BadType{Span: p.here()}
	}
	p.typeMemberEnd()
	s.Span = p.span(start)
	return s
}

// callSignature reads <T>(x: T): U.
func (p *parser) callSignature(start syntax.Pos, construct bool) syntax.Member {
	s := &syntax.CallSignature{Construct: construct}
	s.TypeParameters = p.typeParameters()
	s.Parameters = p.parameterList()
	if p.eat(token.Colon) {
		s.ReturnType = p.returnType()
	}
	p.typeMemberEnd()
	s.Span = p.span(start)
	return s
}

// methodSignature reads a method or accessor from its parameters on. It may have a
// body, which is refused by a checker.
func (p *parser) methodSignature(start syntax.Pos, modifiers syntax.Modifiers, kind syntax.MethodKind, key syntax.Expression, optional bool) syntax.Member {
	m := p.methods.new()
	m.Modifiers, m.Kind, m.Key, m.Optional = modifiers, kind, key, optional
	f := p.functions.new()
	from := p.Start
	p.signature(f)
	if p.Kind == token.BraceOpen && kind != syntax.MethodPlain {
		p.body(f, true)
		f.Span = p.span(from)
		p.eat(token.Comma)
	} else {
		f.Span = p.span(from)
		p.typeMemberEnd()
	}
	m.Function = f
	m.Span = p.span(start)
	return m
}

// isMappedType says whether { begins a mapped type.
func (p *parser) isMappedType() bool {
	return p.peek(func() bool {
		p.next()
		if p.Kind == token.Plus || p.Kind == token.Minus {
			p.next()
			return p.Kind == token.Readonly
		}
		p.eat(token.Readonly)
		if p.Kind != token.BracketOpen {
			return false
		}
		p.next()
		if !p.Kind.IsName() {
			return false
		}
		p.next()
		return p.Kind == token.In
	})
}

// mappedType reads { readonly [K in T as U]?: V }.
func (p *parser) mappedType() syntax.Type {
	m := &syntax.MappedType{}
	start := p.Start
	p.next()
	m.Readonly = p.mappedChange(token.Readonly)
	p.expect(token.BracketOpen)
	m.Key = p.name()
	p.expect(token.In)
	m.Constraint = p.typ()
	if p.eat(token.As) {
		m.Name = p.typ()
	}
	p.expect(token.BracketClose)
	m.Optional = p.mappedChange(token.Question)
	if p.eat(token.Colon) {
		m.Type = p.typ()
	}
	p.semicolon()
	p.eat(token.Comma)
	for p.Kind != token.BraceClose && p.startsTypeMember() {
		from := p.Start
		p.typeMember()
		p.advance(from)
	}
	p.expect(token.BraceClose)
	m.Span = p.span(start)
	return m
}

// mappedChange reads readonly or ?, with + or - before it.
func (p *parser) mappedChange(word token.Kind) syntax.MappedChange {
	change := syntax.MappedAdd
	switch p.Kind {
	case token.Minus:
		change = syntax.MappedRemove
		fallthrough
	case token.Plus:
		p.next()
		p.expect(word)
		return change
	case word:
		p.next()
		return change
	}
	return syntax.MappedKeep
}
