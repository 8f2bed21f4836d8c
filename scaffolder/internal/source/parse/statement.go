package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// statementList reads statements up to a token of kind end, which it leaves.
func (p *parser) statementList(end token.Kind) []syntax.Statement {
	p.enter()
	defer p.leave()
	mark := p.statements.mark()
	for p.Kind != end && p.Kind != token.EOF {
		from := p.Start
		p.statements.push(p.statement())
		p.advance(from)
	}
	return p.statements.cut(mark)
}

// statement reads one statement.
func (p *parser) statement() syntax.Statement {
	start := p.Start
	switch p.Kind {
	case token.Semicolon:
		p.next()
		return &syntax.EmptyStatement{Span: p.span(start)}
	case token.BraceOpen:
		return p.block()
	case token.Var:
		return p.variableStatement(start, 0)
	case token.Function:
		return p.functionDeclaration(start, 0)
	case token.Class:
		return p.class(start, nil, 0)
	case token.If:
		return p.ifStatement()
	case token.Return:
		r := p.returns.new()
		p.next()
		if !p.canEnd() {
			r.Value = p.expression()
		}
		p.semicolon()
		r.Span = p.span(start)
		return r
	case token.Throw:
		return p.throwStatement()
	case token.For:
		return p.forStatement()
	case token.Do, token.While:
		return p.loop()
	case token.Break, token.Continue:
		return p.jump()
	case token.Switch:
		return p.switchStatement()
	case token.Try, token.Catch, token.Finally:
		return p.tryStatement()
	case token.With:
		return p.withStatement()
	case token.Debugger:
		p.next()
		p.semicolon()
		return &syntax.DebuggerStatement{Span: p.span(start)}
	case token.Import:
		if p.isImportDeclaration() {
			return p.importDeclaration(start, 0)
		}
	case token.Export:
		return p.export()
	case token.At:
		return p.decoratedDeclaration()
	case token.Const, token.Enum, token.Let, token.Using, token.Await, token.Async, token.Abstract, token.Declare,
		token.Interface, token.Type, token.Module, token.Namespace, token.Global, token.Public, token.Private,
		token.Protected, token.Static, token.Readonly, token.Accessor, token.Override:
		if p.isDeclaration() {
			return p.declaration(start, 0)
		}
	}
	return p.expressionStatement()
}

// startsStatement says whether the token is a word that begins a statement and can
// begin or go on no expression.
func (p *parser) startsStatement() bool {
	switch p.Kind {
	case token.Var, token.Const, token.If, token.Return, token.Throw, token.For, token.Do, token.While, token.Break,
		token.Continue, token.Switch, token.Try, token.With, token.Debugger, token.Export, token.Enum, token.Case,
		token.Default, token.Catch, token.Finally:
		return true
	}
	return false
}

// expressionStatement reads an expression as a statement, or a label.
func (p *parser) expressionStatement() syntax.Statement {
	start := p.Start
	if !p.startsExpression() {
		p.missing("a statement")
		if p.Kind != token.EOF {
			p.next()
		}
		return &syntax.BadStatement{Span: p.span(start)}
	}
	name := p.isIdentifier()
	e := p.expression()
	if label, ok := e.(*syntax.Identifier); ok && name && p.Kind == token.Colon {
		p.next()
		p.enter()
		body := p.statement()
		p.leave()
		return &syntax.LabeledStatement{Label: label, Body: body, Span: p.span(start)}
	}
	s := p.expressions.new()
	s.Expression = e
	if !p.canEnd() {
		p.missing("';'")
		p.advance(start)
	} else {
		p.semicolon()
	}
	s.Span = p.span(start)
	return s
}

// condition reads (expression), as if and while have it.
func (p *parser) condition() syntax.Expression {
	p.expect(token.ParenOpen)
	var e syntax.Expression
	if p.startsExpression() {
		e = p.expression()
	} else {
		e = p.badExpression()
	}
	p.expect(token.ParenClose)
	return e
}

// nested reads a statement that another one is the head of.
func (p *parser) nested() syntax.Statement {
	p.enter()
	defer p.leave()
	if p.Kind == token.BraceClose || p.Kind == token.EOF {
		p.missing("a statement")
		return &syntax.BadStatement{Span: p.here()}
	}
	return p.statement()
}

func (p *parser) ifStatement() syntax.Statement {
	s := p.ifs.new()
	start := p.Start
	p.next()
	s.Test = p.condition()
	s.Then = p.nested()
	if p.eat(token.Else) {
		s.Else = p.nested()
	}
	s.Span = p.span(start)
	return s
}

func (p *parser) throwStatement() syntax.Statement {
	s := &syntax.ThrowStatement{}
	start := p.Start
	p.next()
	if p.Newline || !p.startsExpression() {
		s.Value = p.badExpression()
	} else {
		s.Value = p.expression()
	}
	p.semicolon()
	s.Span = p.span(start)
	return s
}

// loop reads while or do.
func (p *parser) loop() syntax.Statement {
	start := p.Start
	if p.eat(token.While) {
		s := &syntax.WhileStatement{Test: p.condition()}
		s.Body = p.nested()
		s.Span = p.span(start)
		return s
	}
	p.next()
	s := &syntax.DoStatement{Body: p.nested()}
	p.expect(token.While)
	s.Test = p.condition()
	p.eat(token.Semicolon)
	s.Span = p.span(start)
	return s
}

// jump reads break or continue.
func (p *parser) jump() syntax.Statement {
	start, kind := p.Start, p.Kind
	p.next()
	var label *syntax.Identifier
	if !p.canEnd() {
		label = p.identifier()
	}
	p.semicolon()
	if kind == token.Break {
		return &syntax.BreakStatement{Label: label, Span: p.span(start)}
	}
	return &syntax.ContinueStatement{Label: label, Span: p.span(start)}
}

// forStatement reads the three forms of for.
func (p *parser) forStatement() syntax.Statement {
	start := p.Start
	p.next()
	waits := p.eat(token.Await)
	p.expect(token.ParenOpen)
	var head syntax.Node
	outer := p.noIn
	p.noIn = true
	switch {
	case p.Kind == token.Semicolon:
	case p.isForDeclaration():
		from := p.Start
		v := p.variables.new()
		v.Kind = p.variableKind()
		v.Declarations = p.variableDeclarations()
		v.Span = p.span(from)
		head = v
	default:
		head = p.sequence()
	}
	p.noIn = outer
	switch {
	case waits || p.Kind == token.Of:
		s := &syntax.ForOfStatement{Await: waits, Left: head}
		p.expect(token.Of)
		s.Right = p.element()
		p.expect(token.ParenClose)
		s.Body = p.nested()
		s.Span = p.span(start)
		return s
	case p.eat(token.In):
		s := &syntax.ForInStatement{Left: head, Right: p.expression()}
		p.expect(token.ParenClose)
		s.Body = p.nested()
		s.Span = p.span(start)
		return s
	}
	s := &syntax.ForStatement{Init: head}
	p.expect(token.Semicolon)
	if p.Kind != token.Semicolon && p.Kind != token.ParenClose {
		s.Test = p.expression()
	}
	p.expect(token.Semicolon)
	if p.Kind != token.ParenClose {
		s.Update = p.expression()
	}
	p.expect(token.ParenClose)
	s.Body = p.nested()
	s.Span = p.span(start)
	return s
}

// isForDeclaration says whether the head of for declares variables.
func (p *parser) isForDeclaration() bool {
	switch p.Kind {
	case token.Var, token.Const:
		return true
	case token.Let:
		return p.peek(func() bool {
			p.next()
			return p.Kind == token.BraceOpen || p.Kind == token.BracketOpen || p.isIdentifier()
		})
	case token.Using, token.Await:
		return p.isUsing(true)
	}
	return false
}

func (p *parser) switchStatement() syntax.Statement {
	p.enter()
	defer p.leave()
	s := &syntax.SwitchStatement{}
	start := p.Start
	p.next()
	s.Value = p.condition()
	p.expect(token.BraceOpen)
	mark := p.cases.mark()
	for p.Kind != token.BraceClose && p.Kind != token.EOF {
		if p.Kind != token.Case && p.Kind != token.Default {
			p.missing("'case' or 'default'")
			if p.startsStatement() {
				break
			}
			p.next()
			continue
		}
		p.cases.push(p.switchCase())
	}
	s.Cases = p.cases.cut(mark)
	p.expect(token.BraceClose)
	s.Span = p.span(start)
	return s
}

func (p *parser) switchCase() *syntax.SwitchCase {
	c := &syntax.SwitchCase{}
	start := p.Start
	if p.eat(token.Case) {
		c.Test = p.expression()
	} else {
		p.next()
	}
	p.expect(token.Colon)
	mark := p.statements.mark()
	for p.Kind != token.Case && p.Kind != token.Default && p.Kind != token.BraceClose && p.Kind != token.EOF {
		from := p.Start
		p.statements.push(p.statement())
		p.advance(from)
	}
	c.Statements = p.statements.cut(mark)
	c.Span = p.span(start)
	return c
}

// tryStatement reads try, and a catch or finally that stands without one.
func (p *parser) tryStatement() syntax.Statement {
	s := &syntax.TryStatement{}
	start := p.Start
	if p.expect(token.Try) {
		s.Block = p.block()
	} else {
		s.Block = &syntax.Block{Span: p.here()}
	}
	if p.eat(token.Catch) {
		if p.eat(token.ParenOpen) {
			s.Parameter = p.pattern()
			if p.eat(token.Colon) {
				s.ParameterType = p.typ()
			}
			if p.eat(token.Equal) {
				p.fail(p.lastEnd-1, p.lastEnd, "what is caught has no default")
				p.element()
			}
			p.expect(token.ParenClose)
		}
		s.Handler = p.block()
	}
	if p.Kind == token.Finally || s.Handler == nil {
		if p.expect(token.Finally) {
			s.Finalizer = p.block()
		}
	}
	s.Span = p.span(start)
	return s
}

func (p *parser) withStatement() syntax.Statement {
	s := &syntax.WithStatement{}
	start := p.Start
	p.next()
	s.Object = p.condition()
	s.Body = p.nested()
	s.Span = p.span(start)
	return s
}
