package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// jsxExpression reads an element or fragment where an expression is.
func (p *parser) jsxExpression() syntax.Expression {
	if !p.peek(func() bool { p.next(); return p.Kind.IsName() || p.Kind == token.Greater }) {
		start := p.Start
		p.missing("an expression")
		p.next()
		return &syntax.BadExpression{Span: p.span(start)}
	}
	return p.jsxElement(false)
}

// jsxElement reads an element or fragment. Behind a child, what follows is read as
// text again.
func (p *parser) jsxElement(child bool) syntax.Expression {
	p.enter()
	defer p.leave()
	start := p.Start
	p.next() // <
	if p.Kind == token.Greater {
		children := p.jsxChildren()
		p.jsxClosing(nil, child)
		return &syntax.JSXFragment{Children: children, Span: p.span(start)}
	}
	e := &syntax.JSXElement{Tag: p.jsxTag()}
	if p.Kind == token.Less && !p.js {
		e.TypeArguments = p.typeArguments()
	}
	e.Attributes = p.jsxAttributes()
	switch p.Kind {
	case token.Slash:
		p.next()
		p.jsxEnd(child)
	case token.Greater:
		e.Children = p.jsxChildren()
		p.jsxClosing(e.Tag, child)
	default:
		p.missing("'>'")
	}
	e.Span = p.span(start)
	return e
}

// jsxEnd passes over the > of a tag.
func (p *parser) jsxEnd(child bool) {
	if p.Kind != token.Greater {
		p.missing("'>'")
		return
	}
	if child {
		p.jsxNext()
	} else {
		p.next()
	}
}

// jsxNext goes to the next token between tags.
func (p *parser) jsxNext() {
	p.lastEnd = p.End
	p.JSXChild(p.End)
}

// jsxClosing reads </Tag>; a nil tag is the one of a fragment.
func (p *parser) jsxClosing(tag syntax.Expression, child bool) {
	if p.Kind != token.Less {
		p.missing("a closing tag")
		return
	}
	start := p.Start
	p.next()
	p.expect(token.Slash)
	var closing syntax.Expression
	if p.Kind.IsName() {
		closing = p.jsxTag()
	}
	if p.jsxTagText(closing) != p.jsxTagText(tag) {
		p.fail(start, p.lastEnd, "a closing tag that does not fit <"+shorten(p.jsxTagText(tag))+">")
	}
	p.jsxEnd(child)
}

// jsxTagText is a tag without white space and comments.
func (p *parser) jsxTagText(tag syntax.Expression) string {
	switch t := tag.(type) {
	case nil:
		return ""
	case *syntax.Identifier:
		return t.Name
	case *syntax.MemberExpression:
		return p.jsxTagText(t.Object) + "." + p.jsxTagText(t.Property)
	case *syntax.JSXNamespacedName:
		return t.Namespace.Name + ":" + t.Name.Name
	}
	return "this"
}

// jsxName reads a name that may have hyphens.
func (p *parser) jsxName() *syntax.Identifier {
	if !p.Kind.IsName() {
		return p.name()
	}
	p.JSXName()
	n := p.identifiers.new()
	n.Span, n.Name = syntax.Span{Start: p.Start, End: p.End}, p.Text
	p.nextName()
	return n
}

// jsxTag reads the name of an element.
func (p *parser) jsxTag() syntax.Expression {
	start := p.Start
	var e syntax.Expression
	if p.Kind == token.This {
		p.next()
		e = &syntax.ThisExpression{Span: p.span(start)}
	} else {
		name := p.jsxName()
		if p.eat(token.Colon) {
			local := p.jsxName()
			return &syntax.JSXNamespacedName{Namespace: name, Name: local, Span: p.span(start)}
		}
		e = name
	}
	for n := 0; p.Kind == token.Dot && !p.long(n); n++ {
		p.next()
		property := p.name()
		e = &syntax.MemberExpression{Object: e, Property: property, Span: p.span(start)}
	}
	return e
}

// jsxAttributes reads the attributes of a tag, up to its > or /.
func (p *parser) jsxAttributes() (list []syntax.Node) {
	for {
		start := p.Start
		switch {
		case p.Kind == token.BraceOpen:
			p.next()
			p.expect(token.Ellipsis)
			e := p.expression()
			p.expect(token.BraceClose)
			list = append(list, &syntax.JSXSpread{Expression: e, Span: p.span(start)})
		case p.Kind.IsName():
			list = append(list, p.jsxAttribute())
		case p.Kind == token.Greater || p.Kind == token.Slash || p.Kind == token.EOF || p.Kind == token.Less:
			return list
		default:
			p.missing("an attribute")
			if p.startsStatement() || p.Kind == token.Semicolon || p.Kind == token.BraceClose || p.Kind == token.ParenClose {
				return list
			}
			p.next()
		}
	}
}

func (p *parser) jsxAttribute() syntax.Node {
	a := &syntax.JSXAttribute{}
	start := p.Start
	name := p.jsxName()
	a.Name = name
	if p.eat(token.Colon) {
		local := p.jsxName()
		a.Name = &syntax.JSXNamespacedName{Namespace: name, Name: local, Span: p.span(start)}
	}
	if p.Kind == token.Equal {
		p.lastEnd = p.End
		p.NextAttributeValue()
		switch p.Kind {
		case token.String:
			a.Value = p.stringLiteral()
		case token.BraceOpen:
			a.Value = p.jsxContainer(false)
		case token.Less:
			a.Value = p.jsxElement(false)
		default:
			a.Value = p.badExpression()
		}
	}
	a.Span = p.span(start)
	return a
}

// jsxContainer reads {expression}. As a child, what follows is text again.
func (p *parser) jsxContainer(child bool) syntax.Expression {
	c := &syntax.JSXExpression{}
	start := p.Start
	p.next()
	if p.Kind != token.BraceClose {
		c.Spread = p.eat(token.Ellipsis)
		c.Expression = p.expression()
	}
	switch {
	case p.Kind != token.BraceClose:
		p.missing("'}'")
	case child:
		p.jsxNext()
	default:
		p.next()
	}
	c.Span = p.span(start)
	return c
}

// jsxChildren reads from the > of an opening tag up to the < of its closing tag, where
// it leaves the parser.
func (p *parser) jsxChildren() []syntax.Expression {
	mark := p.exprs.mark()
	p.jsxNext()
	for {
		switch p.Kind {
		case token.JSXText:
			p.exprs.push(&syntax.JSXText{Span: syntax.Span{Start: p.Start, End: p.End}, Value: p.Text})
			p.jsxNext()
		case token.BraceOpen:
			p.exprs.push(p.jsxContainer(true))
		case token.Less:
			if p.peek(func() bool { p.next(); return p.Kind == token.Slash }) {
				return p.exprs.cut(mark)
			}
			p.exprs.push(p.jsxElement(true))
		default:
			// The end of the file, or a child that could not be read to its end.
			return p.exprs.cut(mark)
		}
	}
}
