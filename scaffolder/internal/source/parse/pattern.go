package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// isBindable says whether an expression can be turned into a parameter.
func isBindable(e syntax.Expression) bool {
	switch x := e.(type) {
	case *syntax.Identifier, *syntax.ObjectLiteral, *syntax.ArrayLiteral, *syntax.ThisExpression:
		return true
	case *syntax.AssignmentExpression:
		return x.Operator == token.Equal && isBindable(x.Target)
	}
	return false
}

// toParameters turns the parts of a parenthesis above mark into parameters, and takes
// them off.
func (p *parser) toParameters(mark int) []*syntax.Parameter {
	first := p.params.mark()
	for _, c := range p.covers[mark:] {
		parameter := p.parameters.new()
		parameter.Span, parameter.Rest, parameter.Optional, parameter.Type = c.Span, c.rest, c.optional, c.typ
		parameter.Target, parameter.Default = p.toTarget(c.value)
		if c.init != nil {
			parameter.Default = c.init
		}
		p.params.push(parameter)
	}
	p.covers = p.covers[:mark]
	return p.params.cut(first)
}

// toTarget turns an expression, perhaps an assignment, into a pattern and its default.
func (p *parser) toTarget(e syntax.Expression) (syntax.Pattern, syntax.Expression) {
	if a, ok := e.(*syntax.AssignmentExpression); ok && a.Operator == token.Equal {
		return p.toPattern(a.Target), a.Value
	}
	return p.toPattern(e), nil
}

// toPattern turns an expression into the pattern that it looks like.
func (p *parser) toPattern(e syntax.Expression) syntax.Pattern {
	switch x := e.(type) {
	case *syntax.Identifier:
		return x
	case *syntax.ThisExpression:
		return &syntax.Identifier{Span: x.Span, Name: "this"}
	case *syntax.BadExpression:
		return x
	case *syntax.ObjectLiteral:
		o := &syntax.ObjectPattern{Span: x.Span}
		for _, property := range x.Properties {
			o.Properties = append(o.Properties, p.toPatternProperty(property))
		}
		return o
	case *syntax.ArrayLiteral:
		a := &syntax.ArrayPattern{Span: x.Span}
		for _, element := range x.Elements {
			a.Elements = append(a.Elements, p.toPatternElement(element))
		}
		return a
	}
	span := e.Range()
	p.fail(span.Start, span.End, "an expression where a parameter is expected")
	return &syntax.BadExpression{Span: span}
}

func (p *parser) toPatternProperty(e syntax.Expression) *syntax.PatternProperty {
	result := &syntax.PatternProperty{Span: e.Range()}
	switch x := e.(type) {
	case *syntax.SpreadElement:
		result.Rest = true
		result.Target, result.Default = p.toTarget(x.Expression)
	case *syntax.Property:
		result.Key = x.Key
		result.Target, result.Default = p.toTarget(x.Value)
		if x.Default != nil {
			result.Default = x.Default
		}
	}
	return result
}

func (p *parser) toPatternElement(e syntax.Expression) *syntax.PatternElement {
	if e == nil {
		return nil
	}
	result := &syntax.PatternElement{Span: e.Range()}
	if s, ok := e.(*syntax.SpreadElement); ok {
		result.Rest = true
		e = s.Expression
	}
	result.Target, result.Default = p.toTarget(e)
	return result
}

// pattern reads a name or a destructuring pattern.
func (p *parser) pattern() syntax.Pattern {
	switch p.Kind {
	case token.BraceOpen:
		return p.objectPattern()
	case token.BracketOpen:
		return p.arrayPattern()
	case token.PrivateName:
		p.missing("a name")
		bad := &syntax.BadExpression{Span: syntax.Span{Start: p.Start, End: p.End}}
		p.next()
		return bad
	}
	return p.identifier()
}

// objectPattern reads {a, b: c = 1, ...d}.
func (p *parser) objectPattern() syntax.Pattern {
	p.enter()
	defer p.leave()
	o := &syntax.ObjectPattern{}
	start := p.Start
	p.next()
	for p.Kind != token.BraceClose && p.Kind != token.EOF {
		if p.Kind != token.Ellipsis && !p.startsPropertyName() {
			if p.skipInList("a property") {
				break
			}
			continue
		}
		from := p.Start
		o.Properties = append(o.Properties, p.patternProperty())
		p.advance(from)
		if p.Kind != token.BraceClose && !p.eat(token.Comma) {
			p.missing("','")
			break
		}
	}
	p.expect(token.BraceClose)
	o.Span = p.span(start)
	return o
}

func (p *parser) patternProperty() *syntax.PatternProperty {
	result := &syntax.PatternProperty{}
	start := p.Start
	if p.eat(token.Ellipsis) {
		result.Rest = true
		result.Target = p.pattern()
	} else {
		isName := p.isIdentifier()
		result.Key = p.key()
		if name, ok := result.Key.(*syntax.Identifier); ok && isName && p.Kind != token.Colon {
			result.Target = name
		} else {
			p.expect(token.Colon)
			result.Target = p.pattern()
		}
	}
	if p.eat(token.Equal) {
		result.Default = p.element()
	}
	result.Span = p.span(start)
	return result
}

// arrayPattern reads [a, , b = 1, ...c].
func (p *parser) arrayPattern() syntax.Pattern {
	p.enter()
	defer p.leave()
	a := &syntax.ArrayPattern{}
	start := p.Start
	p.next()
	for p.Kind != token.BracketClose && p.Kind != token.EOF {
		if p.eat(token.Comma) {
			a.Elements = append(a.Elements, nil)
			continue
		}
		if p.Kind != token.Ellipsis && p.Kind != token.BraceOpen && p.Kind != token.BracketOpen && !p.isIdentifier() {
			if p.skipInList("a name") {
				break
			}
			continue
		}
		element := &syntax.PatternElement{}
		from := p.Start
		element.Rest = p.eat(token.Ellipsis)
		element.Target = p.pattern()
		if p.eat(token.Equal) {
			element.Default = p.element()
		}
		element.Span = p.span(from)
		a.Elements = append(a.Elements, element)
		p.advance(from)
		if p.Kind != token.BracketClose && !p.eat(token.Comma) {
			p.missing("','")
			break
		}
	}
	p.expect(token.BracketClose)
	a.Span = p.span(start)
	return a
}
