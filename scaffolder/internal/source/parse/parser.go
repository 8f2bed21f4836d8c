package parse

import (
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/source/scan"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// maxDepth is how deeply expressions, statements and types may stand in each other, and
// how long a chain of calls or operators may be is that many times maxChain.
const (
	maxDepth = 5000
	maxChain = 100_000
)

// File parses one source file. What is read depends on the ending of its name: JSX in
// .js, .jsx, .mjs, .cjs and .tsx, type arguments of calls in the TypeScript endings.
// Source in UTF-16 with a byte order mark is turned into UTF-8 first. The diagnostics
// are in the order in which they were found.
func File(name, source string) (*syntax.File, []syntax.Diagnostic) {
	p := newParser(name, source)
	return p.file(name), p.Diagnostics
}

func newParser(name, source string) *parser {
	p := &parser{Scanner: scan.New(decode(source))}
	switch ext := path.Ext(strings.ToLower(name)); ext {
	case ".ts", ".mts", ".cts":
	case ".tsx":
		p.jsx = true
	default:
		p.jsx, p.js = true, true
		p.HTMLComments = ext != ".mjs" && ext != ".jsx"
	}
	return p
}

// file reads the whole file.
func (p *parser) file(name string) *syntax.File {
	p.next()
	statements := p.statementList(token.EOF)
	return &syntax.File{
		Span: syntax.Span{End: syntax.Pos(len(p.Source))},
		Name: name, Source: p.Source, Statements: statements, Comments: p.Comments,
		Module: p.module || strings.HasSuffix(name, ".mjs") || strings.HasSuffix(name, ".mts"),
	}
}

// decode turns UTF-16 with a byte order mark into UTF-8.
func decode(source string) string {
	if len(source) < 2 || len(source)%2 != 0 {
		return source
	}
	little := source[0] == 0xff && source[1] == 0xfe
	if !little && (source[0] != 0xfe || source[1] != 0xff) {
		return source
	}
	units := make([]uint16, 0, len(source)/2)
	for i := 2; i+1 < len(source); i += 2 {
		a, b := uint16(source[i]), uint16(source[i+1])
		if little {
			a, b = b, a
		}
		units = append(units, a<<8|b)
	}
	out := make([]byte, 0, len(units))
	for _, r := range utf16.Decode(units) {
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// A parser reads one file. It stands at one token, which the embedded scanner holds.
type parser struct {
	scan.Scanner
	arena

	jsx, js bool // what the name of the file says
	module  bool // an import or export was seen
	script  bool // none was found when it was looked for
	context
	lastEnd syntax.Pos // where the token before ends
	depth   int
	steps   int // tokens read, those of failed attempts included
	tries   tries

	// The beginning of the assignment expression that is being read, where an arrow
	// function may stand, whether it may have a return type, and the beginning of a
	// part of a parenthesis, where a ? may make a parameter optional.
	arrowAt     syntax.Pos
	arrowReturn bool
	coverAt     syntax.Pos
}

// context is what the code around says about the code within.
type context struct {
	await     bool // in an async function
	yield     bool // in a generator
	function  bool // in any function
	noIn      bool // in the head of for, where in is no operator
	noExtends bool // behind extends in a conditional type
	decorator bool // in a decorator, where [ begins a member
}

// next goes to the next token.
func (p *parser) next() {
	if p.Escaped && p.Kind.IsKeyword() {
		p.fail(p.Start, p.End, "a keyword cannot be written with escapes")
	}
	p.nextName()
}

// nextName goes on behind a name, which may be spelled with escapes.
func (p *parser) nextName() {
	p.lastEnd = p.End
	p.steps++
	p.Next()
}

// eat passes over a token of kind k if there is one.
func (p *parser) eat(k token.Kind) bool {
	if p.Kind != k {
		return false
	}
	p.next()
	return true
}

// expect passes over a token of kind k, and reports it where there is none.
func (p *parser) expect(k token.Kind) bool {
	if p.eat(k) {
		return true
	}
	p.missing("'" + k.String() + "'")
	return false
}

// missing reports that something was wanted where the parser stands.
func (p *parser) missing(what string) {
	found := "'" + p.Kind.String() + "'"
	switch p.Kind {
	case token.EOF:
		found = "the end of the file"
	case token.Identifier, token.PrivateName, token.Number, token.BigInt, token.String, token.Invalid:
		found = "'" + shorten(p.Source[p.Start:p.End]) + "'"
	}
	p.fail(p.Start, p.End, what+" expected, but here is "+found)
}

func shorten(text string) string {
	if line, _, cut := strings.Cut(text, "\n"); cut {
		text = line
	}
	if r := []rune(text); len(r) > 40 {
		text = string(r[:40]) + "…"
	}
	return text
}

// fail reports an error, one at a place.
func (p *parser) fail(start, end syntax.Pos, message string) {
	if n := len(p.Diagnostics); n > 0 && p.Diagnostics[n-1].Start == start {
		return
	}
	p.Report(start, end, message)
}

// span is from start to the end of the token before.
func (p *parser) span(start syntax.Pos) syntax.Span {
	return syntax.Span{Start: start, End: max(start, p.lastEnd)}
}

// here is the empty span before the token that the parser stands at.
func (p *parser) here() syntax.Span { return syntax.Span{Start: p.Start, End: p.Start} }

// enter counts a level of depth; leave takes it back. Where the source is nested too
// deeply it ends.
func (p *parser) enter() {
	if p.depth++; p.depth == maxDepth {
		p.Report(p.Start, p.End, "nested too deeply: the rest of the file is not read")
		p.Stop()
	}
}

func (p *parser) leave() { p.depth-- }

// long ends the source where a chain of n calls or operators is too long for whoever
// reads the tree. It says whether it did.
func (p *parser) long(n int) bool {
	if n < maxChain {
		return false
	}
	p.Report(p.Start, p.End, "an expression that goes on for too long: the rest of the file is not read")
	p.Stop()
	return true
}

// canEnd says whether a statement may end here without a semicolon.
func (p *parser) canEnd() bool {
	return p.Kind == token.Semicolon || p.Kind == token.BraceClose || p.Kind == token.EOF || p.Newline
}

// advance makes sure that what began at from took something, so that a list of broken
// elements comes to an end.
func (p *parser) advance(from syntax.Pos) {
	if p.Start == from && p.Kind != token.EOF {
		p.next()
	}
}

// semicolon passes over a semicolon, or sees that none is needed.
func (p *parser) semicolon() {
	if !p.canEnd() {
		p.missing("';'")
		return
	}
	p.eat(token.Semicolon)
}

// isIdentifier says whether the token may be the name of a variable here.
func (p *parser) isIdentifier() bool {
	switch p.Kind {
	case token.Identifier:
		return true
	case token.Yield:
		return !p.yield
	case token.Await:
		return !p.await
	}
	return p.Kind > token.With
}

// identifier reads the name of a variable. Where there is none it reports it and
// returns an empty name.
func (p *parser) identifier() *syntax.Identifier {
	if !p.isIdentifier() {
		p.missing("a name")
		// A reserved word is most likely what was meant as the name.
		if p.Kind.IsName() && (!p.Kind.IsReserved() || !p.Newline && !p.startsStatement()) {
			return p.name()
		}
		n := p.identifiers.new()
		n.Span = p.here()
		return n
	}
	return p.name()
}

// name reads a name, reserved words included.
func (p *parser) name() *syntax.Identifier {
	n := p.identifiers.new()
	n.Span = syntax.Span{Start: p.Start, End: p.End}
	if !p.Kind.IsName() {
		p.missing("a name")
		n.End = n.Start
		return n
	}
	n.Name = p.Text
	p.nextName()
	return n
}

// stringLiteral reads the string that the parser stands at.
func (p *parser) stringLiteral() *syntax.StringLiteral {
	s := p.strings.new()
	s.Span, s.Value = syntax.Span{Start: p.Start, End: p.End}, p.Text
	p.next()
	return s
}
