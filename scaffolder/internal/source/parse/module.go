package parse

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/scan"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// esModule notes that the file is an ES module.
func (p *parser) esModule() {
	p.module = true
	p.HTMLComments = false
}

// looksLikeModule says whether the file is an ES module, also where its first import or
// export is still to come.
func (p *parser) looksLikeModule() bool {
	if p.module || p.script {
		return p.module
	}
	for _, word := range []string{"import", "export"} {
		for rest := p.Source; ; {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			if i == 0 || rest[i-1] == '\n' || rest[i-1] == ';' {
				p.module = true
				return true
			}
			rest = rest[i+len(word):]
		}
	}
	p.script = true
	return false
}

// isImportDeclaration says whether import begins a declaration, and no import(x) or
// import.meta.
func (p *parser) isImportDeclaration() bool {
	return p.peek(func() bool {
		p.next()
		return p.Kind != token.ParenOpen && p.Kind != token.Dot && p.Kind != token.Less
	})
}

// importDeclaration reads import in all its forms.
func (p *parser) importDeclaration(start syntax.Pos, modifiers syntax.Modifiers) syntax.Statement {
	p.esModule()
	p.next()
	d := &syntax.ImportDeclaration{}
	if p.Kind != token.String {
		var name *syntax.Identifier
		if p.isIdentifier() || p.Kind == token.Typeof {
			if p.Kind == token.Typeof {
				p.flow("an import of types with typeof")
			}
			name = p.name()
		}
		switch word := nameOf(name); {
		case word == "type" && !p.isFromClause() && (p.isIdentifier() || p.Kind == token.BraceOpen || p.Kind == token.Star),
			word == "typeof" && p.Kind != token.From:
			d.TypeOnly = true
			name = p.afterPhase()
		case (word == "defer" || word == "source") && (p.Kind == token.Star || p.Kind == token.BraceOpen || p.isIdentifier() && !p.isFromClause()):
			d.Phase = word
			name = p.afterPhase()
		}
		if name != nil && p.Kind != token.Comma && p.Kind != token.From {
			return p.importEquals(start, modifiers, d.TypeOnly, name)
		}
		d.Default = name
		p.importClause(d)
		p.expect(token.From)
	}
	d.Source = p.moduleSource()
	d.Attributes = p.importAttributes()
	p.semicolon()
	d.Span = p.span(start)
	return d
}

func nameOf(n *syntax.Identifier) string {
	if n == nil {
		return ""
	}
	return n.Name
}

// afterPhase reads the default import behind type or defer, if there is one.
func (p *parser) afterPhase() *syntax.Identifier {
	if p.isIdentifier() {
		return p.name()
	}
	return nil
}

// isFromClause says whether the parser stands at from "source", where the word before
// was the name of what is imported.
func (p *parser) isFromClause() bool {
	return p.Kind == token.From && p.peek(func() bool { p.next(); return p.Kind == token.String })
}

// importClause reads * as a, or {a, b as c}, with the comma behind a default import.
func (p *parser) importClause(d *syntax.ImportDeclaration) {
	if d.Default != nil && !p.eat(token.Comma) {
		return
	}
	switch p.Kind {
	case token.Star:
		p.next()
		p.expect(token.As)
		d.Namespace = p.identifier()
	case token.BraceOpen:
		p.next()
		d.Braces = true
		for p.Kind != token.BraceClose && p.Kind != token.EOF {
			if !p.startsModuleName() {
				if p.skipInList("a name") {
					break
				}
				continue
			}
			s := p.specifier()
			d.Named = append(d.Named, p.importSpecifier(s))
			if p.Kind != token.BraceClose && !p.eat(token.Comma) {
				p.missing("','")
				break
			}
		}
		p.expect(token.BraceClose)
	default:
		p.missing("'{' or '*'")
	}
}

// importSpecifier makes the specifier of an import: its local name must be a variable.
func (p *parser) importSpecifier(s syntax.ExportSpecifier) *syntax.ImportSpecifier {
	result := &syntax.ImportSpecifier{Span: s.Span, TypeOnly: s.TypeOnly, Imported: s.Local}
	local, ok := s.Exported.(*syntax.Identifier)
	if !ok {
		span := s.Exported.Range()
		p.fail(span.Start, span.End, "a name expected for what is imported")
		local = &syntax.Identifier{Span: span}
	}
	if scan.Word(local.Name).IsReserved() {
		p.fail(local.Start, local.End, "'"+local.Name+"' is reserved and cannot be a name of an import: write 'as'")
	}
	result.Local = local
	return result
}

func (p *parser) startsModuleName() bool { return p.Kind == token.String || p.Kind.IsName() }

// moduleName reads a name that is imported or exported, which may be a string.
func (p *parser) moduleName() syntax.Expression {
	if p.Kind == token.String {
		return p.stringLiteral()
	}
	return p.name()
}

// specifier reads a, a as b, type a, type a as b, where type and as are names as well.
func (p *parser) specifier() (s syntax.ExportSpecifier) {
	start := p.Start
	isType := p.Kind == token.Type
	s.Local = p.moduleName()
	s.Exported = s.Local
	renamed := false
	switch {
	case !isType || p.Kind != token.As && !p.startsModuleName():
	case p.Kind != token.As:
		s.TypeOnly = true
		s.Local = p.moduleName()
		s.Exported = s.Local
	default:
		first := p.name() // as
		switch {
		case p.Kind == token.As:
			second := p.name()
			renamed = true
			if p.startsModuleName() { // type as as b
				s.TypeOnly, s.Local, s.Exported = true, first, p.moduleName()
			} else { // type as as
				s.Exported = second
			}
		case p.startsModuleName(): // type as b
			renamed = true
			s.Exported = p.moduleName()
		default: // type as
			s.TypeOnly, s.Local, s.Exported = true, first, first
		}
	}
	if !renamed && p.eat(token.As) {
		s.Exported = p.moduleName()
	}
	s.Span = p.span(start)
	return s
}

// moduleSource reads the string behind from.
func (p *parser) moduleSource() *syntax.StringLiteral {
	if p.Kind == token.String {
		return p.stringLiteral()
	}
	p.missing("a string")
	if p.startsExpression() && !p.Newline {
		p.expression()
	}
	return nil
}

// importAttributes reads with { type: "json" }, or assert on the same line.
func (p *parser) importAttributes() (list []*syntax.ImportAttribute) {
	if p.Kind != token.With && (p.Kind != token.Assert || p.Newline) {
		return nil
	}
	p.next()
	p.expect(token.BraceOpen)
	for p.Kind != token.BraceClose && p.Kind != token.EOF {
		if !p.startsModuleName() {
			if p.skipInList("a name") {
				break
			}
			continue
		}
		start := p.Start
		a := &syntax.ImportAttribute{Key: p.moduleName()}
		p.expect(token.Colon)
		a.Value = p.element()
		a.Span = p.span(start)
		list = append(list, a)
		if !p.eat(token.Comma) {
			break
		}
	}
	p.expect(token.BraceClose)
	return list
}

// importEquals reads on behind import name.
func (p *parser) importEquals(start syntax.Pos, modifiers syntax.Modifiers, typeOnly bool, name *syntax.Identifier) syntax.Statement {
	i := &syntax.ImportEquals{Modifiers: modifiers, TypeOnly: typeOnly, Name: name}
	p.expect(token.Equal)
	if p.Kind == token.Require && p.peek(func() bool { p.next(); return p.Kind == token.ParenOpen }) {
		p.next()
		p.next()
		i.Source = p.moduleSource()
		p.expect(token.ParenClose)
	} else {
		i.Entity = p.entityName(false)
	}
	p.semicolon()
	i.Span = p.span(start)
	return i
}

// export reads export in all its forms.
func (p *parser) export() syntax.Statement {
	start := p.Start
	p.esModule()
	p.next()
	switch p.Kind {
	case token.Equal:
		p.next()
		e := p.assignment()
		p.semicolon()
		return &syntax.ExportAssignment{Expression: e, Span: p.span(start)}
	case token.Star, token.BraceOpen:
		return p.exportFrom(start, false)
	case token.Default:
		p.next()
		return p.exportDefault(start)
	case token.As:
		p.next()
		if p.Kind == token.Namespace {
			p.next()
			name := p.identifier()
			p.semicolon()
			return &syntax.ExportAsNamespace{Name: name, Span: p.span(start)}
		}
		p.missing("'namespace'")
		return &syntax.BadStatement{Span: p.span(start)}
	case token.Type:
		if p.peek(func() bool { p.next(); return p.Kind == token.Star || p.Kind == token.BraceOpen }) {
			p.next()
			return p.exportFrom(start, true)
		}
	case token.At:
		c := p.decoratedDeclaration()
		if class, ok := c.(*syntax.Class); ok {
			class.Modifiers |= syntax.ModExport
			class.Start = start
		}
		return c
	}
	if p.isDeclaration() {
		return p.declaration(start, syntax.ModExport)
	}
	p.missing("a declaration")
	return &syntax.BadStatement{Span: p.span(start)}
}

// exportFrom reads * or {a, b as c}, and from "source".
func (p *parser) exportFrom(start syntax.Pos, typeOnly bool) syntax.Statement {
	if p.eat(token.Star) {
		e := &syntax.ExportAll{TypeOnly: typeOnly}
		if p.eat(token.As) {
			e.Exported = p.moduleName()
		}
		p.expect(token.From)
		e.Source = p.moduleSource()
		e.Attributes = p.importAttributes()
		p.semicolon()
		e.Span = p.span(start)
		return e
	}
	e := &syntax.ExportNamed{TypeOnly: typeOnly}
	p.next()
	for p.Kind != token.BraceClose && p.Kind != token.EOF {
		if !p.startsModuleName() {
			if p.skipInList("a name") {
				break
			}
			continue
		}
		s := p.specifier()
		e.Specifiers = append(e.Specifiers, &s)
		if p.Kind != token.BraceClose && !p.eat(token.Comma) {
			p.missing("','")
			break
		}
	}
	p.expect(token.BraceClose)
	// A string on the next line is a statement of its own, from there is none.
	if p.Kind == token.From && (!p.Newline || p.isFromClause()) {
		p.next()
		e.Source = p.moduleSource()
		e.Attributes = p.importAttributes()
	}
	p.semicolon()
	e.Span = p.span(start)
	return e
}

// exportDefault reads on behind export default.
func (p *parser) exportDefault(start syntax.Pos) syntax.Statement {
	modifiers := syntax.ModExport | syntax.ModDefault
	switch p.Kind {
	case token.Function:
		return p.functionDeclaration(start, modifiers)
	case token.Class:
		return p.class(start, nil, modifiers)
	case token.Async:
		if p.peek(func() bool { p.next(); return p.Kind == token.Function && !p.Newline }) {
			p.next()
			return p.functionDeclaration(start, modifiers|syntax.ModAsync)
		}
	case token.Abstract:
		if p.peek(func() bool { p.next(); return p.Kind == token.Class && !p.Newline }) {
			p.next()
			return p.class(start, nil, modifiers|syntax.ModAbstract)
		}
	case token.Interface:
		if p.peek(func() bool { p.next(); return p.isIdentifier() && !p.Newline }) {
			return p.interfaceDeclaration(start, modifiers)
		}
	case token.At:
		c := p.decoratedDeclaration()
		if class, ok := c.(*syntax.Class); ok {
			class.Modifiers |= modifiers
			class.Start = start
		}
		return c
	}
	e := p.assignment()
	p.semicolon()
	return &syntax.ExportDefault{Expression: e, Span: p.span(start)}
}
