package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/scan"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// primary reads an expression that is no combination of others by operators.
func (p *parser) primary() syntax.Expression {
	start := p.Start
	switch p.Kind {
	case token.Identifier:
		return p.name()
	case token.String:
		return p.stringLiteral()
	case token.Number:
		n := p.numbers.new()
		n.Span, n.Value = syntax.Span{Start: start, End: p.End}, p.Value
		p.next()
		return n
	case token.BigInt:
		digits := p.Text
		p.next()
		return &syntax.BigIntLiteral{Span: p.span(start), Digits: digits}
	case token.ParenOpen:
		return p.parenthesis()
	case token.BracketOpen:
		return p.arrayLiteral()
	case token.BraceOpen:
		return p.objectLiteral()
	case token.TemplateWhole, token.TemplateHead:
		return p.template()
	case token.Slash, token.SlashEqual:
		p.RegExp()
		r := &syntax.RegExpLiteral{Pattern: p.Text, Flags: p.Flags}
		p.next()
		r.Span = p.span(start)
		return r
	case token.This:
		p.next()
		return &syntax.ThisExpression{Span: p.span(start)}
	case token.Null:
		p.next()
		return &syntax.NullLiteral{Span: p.span(start)}
	case token.True, token.False:
		value := p.Kind == token.True
		p.next()
		return &syntax.BooleanLiteral{Value: value, Span: p.span(start)}
	case token.Function:
		return p.functionExpression(start, 0)
	case token.Async:
		return p.asyncPrimary()
	case token.Class:
		return p.class(start, nil, 0)
	case token.At:
		return p.decoratedClass()
	case token.New:
		return p.newExpression()
	case token.Super:
		return p.super()
	case token.Import:
		return p.importExpression()
	case token.PrivateName:
		return p.privateOperand()
	}
	if p.isIdentifier() {
		return p.name()
	}
	return p.badExpression()
}

// badExpression reports that an expression is missing, and passes over nothing.
func (p *parser) badExpression() syntax.Expression {
	p.missing("an expression")
	return &syntax.BadExpression{Span: p.here()}
}

// privateOperand reads #name, which must be the left side of in.
func (p *parser) privateOperand() syntax.Expression {
	n := &syntax.PrivateName{Span: syntax.Span{Start: p.Start, End: p.End}, Name: p.Text}
	p.next()
	if p.Kind != token.In {
		p.fail(n.Start, n.End, "a private name alone is no value: only #name in object is")
	}
	return n
}

// decoratedClass reads a class expression with decorators.
func (p *parser) decoratedClass() syntax.Expression {
	start := p.Start
	decorators := p.decoratorList()
	if p.Kind != token.Class {
		p.missing("a class")
		return &syntax.BadExpression{Span: p.span(start)}
	}
	return p.class(start, decorators, 0)
}

// super reads super, which a call or a member must follow.
func (p *parser) super() syntax.Expression {
	s := &syntax.SuperExpression{Span: syntax.Span{Start: p.Start, End: p.End}}
	p.next()
	switch p.Kind {
	case token.ParenOpen, token.Dot, token.BracketOpen:
	case token.Less:
		p.typeArgumentsOfCall()
		p.missing("'(', '.' or '['")
	default:
		p.missing("'(', '.' or '['")
	}
	return s
}

// importExpression reads import.meta, or the import of import(x).
func (p *parser) importExpression() syntax.Expression {
	start := p.Start
	p.next()
	if p.Kind != token.Dot {
		if p.Kind != token.ParenOpen && p.Kind != token.Less {
			p.missing("'(' or '.'")
		}
		return &syntax.ImportKeyword{Span: p.span(start)}
	}
	p.next()
	if name := p.Text; p.Kind == token.Defer || p.Kind == token.Identifier && name == "source" {
		p.next()
		return &syntax.ImportKeyword{Phase: name, Span: p.span(start)}
	}
	p.module = true
	property := p.name()
	return &syntax.MetaProperty{Keyword: token.Import, Property: property, Span: p.span(start)}
}

// asyncPrimary reads what begins with async: a function, an arrow function, a call of
// something called async, or the name.
func (p *parser) asyncPrimary() syntax.Expression {
	start := p.Start
	arrow, returns := p.arrowAt == start, p.arrowReturn
	at := p.save()
	escaped := p.Escaped
	name := p.name()
	if p.Newline || escaped {
		return name
	}
	switch {
	case p.Kind == token.Function:
		return p.functionExpression(start, syntax.ModAsync)
	case p.Kind == token.ParenOpen && arrow:
		return p.asyncParenthesis(start, name, returns)
	case p.Kind == token.Less && arrow:
		if a := p.genericArrow(start, true); a != nil {
			return a
		}
	case arrow && p.Kind.IsName() && !p.Kind.IsReserved():
		parameter := p.name()
		if p.Kind == token.Arrow {
			return p.arrow(start, true, nil, p.single(parameter), nil, returns)
		}
		p.restore(at)
		return p.name()
	}
	return name
}

// arrayLiteral reads [a, , ...b].
func (p *parser) arrayLiteral() syntax.Expression {
	start := p.Start
	p.next()
	mark := p.exprs.mark()
	for p.Kind != token.BracketClose && p.Kind != token.EOF {
		if p.Kind == token.Comma {
			p.exprs.push(nil)
			p.next()
			continue
		}
		if p.Kind != token.Ellipsis && !p.startsExpression() && p.skipInList("an element") {
			break
		}
		from := p.Start
		p.exprs.push(p.spreadOrElement())
		p.advance(from)
		if p.Kind != token.BracketClose && !p.eat(token.Comma) {
			p.missing("','")
			if !p.startsExpression() {
				break
			}
		}
	}
	elements := p.exprs.cut(mark)
	p.expect(token.BracketClose)
	return &syntax.ArrayLiteral{Elements: elements, Span: p.span(start)}
}

// spreadOrElement reads an element of an array or an argument.
func (p *parser) spreadOrElement() syntax.Expression {
	if p.Kind != token.Ellipsis {
		return p.element()
	}
	start := p.Start
	p.next()
	e := p.element()
	return &syntax.SpreadElement{Expression: e, Span: p.span(start)}
}

// skipInList reports that a list goes on with what is no element of it. It passes over
// the token if nothing else can take it; otherwise it says that the list must end.
func (p *parser) skipInList(what string) (end bool) {
	p.missing(what)
	switch p.Kind {
	case token.EOF, token.ParenClose, token.BracketClose, token.BraceClose, token.Semicolon:
		return true
	}
	if p.startsStatement() {
		return true
	}
	p.next()
	return p.Kind == token.EOF
}

// template reads a template literal.
func (p *parser) template() *syntax.TemplateLiteral { return p.templateOf(false) }

// templateOf reads a template literal. In a tagged one an escape may be wrong.
func (p *parser) templateOf(tagged bool) *syntax.TemplateLiteral {
	t := &syntax.TemplateLiteral{}
	start := p.Start
	parts, mark := p.parts.mark(), p.exprs.mark()
	p.templatePart(tagged)
	for open := p.Kind == token.TemplateHead; open; {
		p.next()
		p.exprs.push(p.expression())
		open = p.templateContinues(tagged)
	}
	t.Parts, t.Expressions = p.parts.cut(parts), p.exprs.cut(mark)
	p.next()
	t.Span = p.span(start)
	return t
}

// templateContinues reads the text behind a substitution, up to where the parser
// stands at its last token. It says whether another substitution follows.
func (p *parser) templateContinues(tagged bool) bool {
	if p.Kind != token.BraceClose {
		p.missing("'}'")
		p.parts.push(syntax.TemplatePart{Span: p.here()})
		return false
	}
	p.TemplateContinuation()
	p.templatePart(tagged)
	return p.Kind == token.TemplateMiddle
}

// templatePart takes the text that the parser stands at.
func (p *parser) templatePart(tagged bool) {
	part := syntax.TemplatePart{Span: syntax.Span{Start: p.Start, End: p.End}, Cooked: p.Text}
	raw := p.Source[p.Start+1 : p.End]
	switch n := len(raw); {
	case n > 0 && raw[n-1] == '`':
		raw = raw[:n-1]
	case n > 1 && raw[n-2:] == "${":
		raw = raw[:n-2]
	}
	if part.Raw = part.Cooked; part.Raw != raw {
		part.Raw = scan.Raw(raw)
	}
	if p.Wrong && !tagged {
		p.fail(p.Start, p.End, "a template with an escape that does not exist")
	}
	p.parts.push(part)
}
