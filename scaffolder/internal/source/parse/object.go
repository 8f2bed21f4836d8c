package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// startsPropertyName says whether the key of a property or member begins here.
func (p *parser) startsPropertyName() bool {
	switch p.Kind {
	case token.String, token.Number, token.BigInt, token.BracketOpen, token.PrivateName:
		return true
	}
	return p.Kind.IsName()
}

// key reads the key of a property or member.
func (p *parser) key() syntax.Expression {
	start := p.Start
	switch p.Kind {
	case token.String:
		return p.stringLiteral()
	case token.Number, token.BigInt:
		return p.primary()
	case token.PrivateName:
		n := &syntax.PrivateName{Span: syntax.Span{Start: start, End: p.End}, Name: p.Text}
		p.next()
		return n
	case token.BracketOpen:
		p.next()
		k := &syntax.ComputedKey{Expression: p.expression()}
		p.expect(token.BracketClose)
		k.Span = p.span(start)
		return k
	}
	return p.name()
}

// objectLiteral reads {a: 1, b, c() {}, ...d}.
func (p *parser) objectLiteral() syntax.Expression {
	o := p.objects.new()
	start := p.Start
	p.next()
	mark := p.exprs.mark()
	for p.Kind != token.BraceClose && p.Kind != token.EOF {
		if p.Kind != token.Ellipsis && p.Kind != token.Star && !p.startsPropertyName() {
			if p.skipInList("a property") {
				break
			}
			continue
		}
		from := p.Start
		p.exprs.push(p.property())
		p.advance(from)
		if p.Kind != token.BraceClose && !p.eat(token.Comma) {
			p.missing("','")
			// A semicolon between properties is a slip, not the end of the object.
			if !p.eat(token.Semicolon) && (!p.startsPropertyName() || p.Newline && p.startsStatement()) {
				break
			}
		}
	}
	o.Properties = p.exprs.cut(mark)
	p.expect(token.BraceClose)
	o.Span = p.span(start)
	return o
}

// property reads one property of an object literal.
func (p *parser) property() syntax.Expression {
	start := p.Start
	if p.Kind == token.Ellipsis {
		return p.spreadOrElement()
	}
	var modifiers syntax.Modifiers
	switch p.Kind {
	case token.Get, token.Set:
		if kind := p.Kind; p.isBeforeKey(false) {
			p.next()
			return p.accessorProperty(start, kind)
		}
	case token.Async:
		if p.isBeforeKey(true) {
			p.next()
			modifiers = syntax.ModAsync
		}
	}
	generator := p.eat(token.Star)
	isName := p.isIdentifier()
	property := p.properties.new()
	property.Key = p.key()
	if p.Kind == token.Question || p.Kind == token.Exclamation {
		p.fail(p.Start, p.End, "a property of an object cannot be optional")
		p.next()
	}
	switch {
	case generator || modifiers != 0 || p.Kind == token.ParenOpen || p.Kind == token.Less:
		property.Kind = syntax.PropertyMethod
		property.Value = p.method(modifiers, generator)
	case isName && p.Kind != token.Colon && isIdentifier(property.Key):
		property.Kind, property.Value = syntax.PropertyShorthand, property.Key
		if p.eat(token.Equal) {
			property.Default = p.element()
		}
	default:
		p.expect(token.Colon)
		property.Value = p.element()
	}
	property.Span = p.span(start)
	return property
}

func isIdentifier(e syntax.Expression) bool {
	_, ok := e.(*syntax.Identifier)
	return ok
}

// isBeforeKey says whether the word is a modifier: a key, or the star of a generator,
// follows it, on the same line if it has to.
func (p *parser) isBeforeKey(onLine bool) bool {
	return p.peek(func() bool {
		p.next()
		return (p.startsPropertyName() || p.Kind == token.Star && onLine) && !(onLine && p.Newline)
	})
}

// accessorProperty reads on behind get or set.
func (p *parser) accessorProperty(start syntax.Pos, kind token.Kind) syntax.Expression {
	property := p.properties.new()
	property.Kind = syntax.PropertyGet
	if kind == token.Set {
		property.Kind = syntax.PropertySet
	}
	property.Key = p.key()
	property.Value = p.method(0, false)
	property.Span = p.span(start)
	return property
}
