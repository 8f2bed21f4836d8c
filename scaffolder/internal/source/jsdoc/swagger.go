package jsdoc

import (
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Words are what comments at and in a handler say in words.
type Words struct {
	Summary     string
	Description string
	OperationID string
	Tags        []string
	Deprecated  bool
	Ignore      bool
	At          syntax.Position // of the first comment that says something
}

// Any says whether there are any.
func (w Words) Any() bool { return w.At.Line > 0 }

var swaggerLine = regexp.MustCompile(`#swagger\.(\w+)\s*=\s*`)

// WordsOf reads the #swagger comments in a span of a file, and the tags @summary,
// @desc, @description and @deprecated of the comment before it.
func WordsOf(f *syntax.File, n syntax.Node) (w Words) {
	if c, ok := f.Documentation(n); ok {
		w.tags(f.Content(c), f.Position(c.Start))
	}
	for _, c := range f.CommentsIn(n.Range()) {
		text := f.Content(c)
		if strings.Contains(text, "#swagger.") {
			w.swagger(text, f.Position(c.Start))
		}
	}
	return w
}

func (w *Words) say(at syntax.Position) {
	if w.At.Line == 0 {
		w.At = at
	}
}

// tags reads @tag text.
func (w *Words) tags(comment string, at syntax.Position) {
	if strings.Contains(comment, "@swagger") || strings.Contains(comment, "@openapi") {
		return // the document of comments has it
	}
	for _, line := range strings.Split(comment, "\n") {
		tag, ok := strings.CutPrefix(strings.TrimSpace(line), "@")
		if !ok {
			continue
		}
		name, value, _ := strings.Cut(tag, " ")
		value = strings.TrimSpace(value)
		switch name {
		case "summary":
			w.Summary = value
		case "desc", "description":
			w.Description = value
		case "deprecated":
			w.Deprecated = true
		default:
			continue
		}
		w.say(at)
	}
}

// swagger reads #swagger.name = expression, as swagger-autogen does.
func (w *Words) swagger(comment string, at syntax.Position) {
	for _, m := range swaggerLine.FindAllStringSubmatchIndex(comment, -1) {
		name, rest := comment[m[2]:m[3]], comment[m[1]:]
		texts := literals(rest)
		first := ""
		if len(texts) > 0 {
			first = texts[0]
		}
		switch name {
		case "summary":
			w.Summary = first
		case "description":
			w.Description = first
		case "operationId":
			w.OperationID = first
		case "tags":
			w.Tags = texts
		case "deprecated":
			w.Deprecated = strings.HasPrefix(rest, "true")
		case "ignore":
			w.Ignore = strings.HasPrefix(rest, "true")
		default:
			continue
		}
		w.say(at)
	}
}

// literals are the texts that an expression at the beginning of a text is, or lists.
func literals(text string) (out []string) {
	file, _ := parse.File("comment.js", "("+text)
	if len(file.Statements) == 0 {
		return nil
	}
	done := false
	syntax.Walk(file.Statements[0], func(n syntax.Node) bool {
		switch x := n.(type) {
		case *syntax.StringLiteral:
			if !done {
				out = append(out, x.Value)
			}
		case *syntax.TemplateLiteral:
			if !done && len(x.Expressions) == 0 {
				out = append(out, x.Parts[0].Cooked)
			}
		case *syntax.ArrayLiteral:
			if done {
				return false
			}
			for _, e := range x.Elements {
				if s, ok := e.(*syntax.StringLiteral); ok {
					out = append(out, s.Value)
				}
			}
			done = true
			return false
		}
		return true
	})
	return out
}
