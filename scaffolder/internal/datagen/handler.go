package datagen

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/restapi"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
	"github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Handlers writes handlers that read and write rows. All of a file import from the
// same three modules, so that one can be appended to any that was written before.
func Handlers(s *restapi.Service, o Options) handler.Handlers {
	g := newGenerator(s, o)
	return func(op *operation.Operation) (handler.Handler, bool) {
		action := s.Actions[op.API.ID]
		if action == nil {
			return handler.Handler{}, false
		}
		argument, body := g.handler(action)
		lines := func(depth int) string {
			var b strings.Builder
			for _, statement := range body {
				b.WriteString(typescript.Pad(depth) + statement(depth) + "\n")
			}
			return b.String()
		}
		table := g.constants[action.Resource]
		imports := []handler.Import{
			{Path: "../data/answers.js", As: "answers", Names: []string{"page"}},
			{Path: "../data/db.js", Names: []string{"connect"}},
			{Path: "../data/" + g.modules[action.Resource] + ".js", Names: []string{table}},
		}
		return handler.Handler{Argument: argument, Lines: lines, Imports: imports, Works: true}, true
	}
}

const userHeader = "// Written once by scaffolder. This file is yours: it is never overwritten."

// line is a statement, laid out at a depth of indentation.
type line func(depth int) string

func plain(text string) line { return func(int) string { return text } }

// calling is a declaration of what a call gives.
func calling(name, method string, arguments ...typescript.Doc) line {
	return func(depth int) string {
		return typescript.Assign("const "+name+" =", typescript.Call("await "+method, arguments...), depth)
	}
}

// handler is what an operation does, as an arrow function.
func (g *generator) handler(a *restapi.Action) (parameters string, body []line) {
	table := g.constants[a.Resource]
	code := func(text string) typescript.Doc { return typescript.Text(text) }
	database := code("connect(context)")
	switch a.Verb {
	case restapi.List:
		return "{ query }, context", []line{
			calling("rows", table+".list", database, code("query"), code("answers.urlOf(context.raw)")),
			plain("return answers.page(rows, context.requestId);"),
		}
	case restapi.Nested:
		return "{ params, query }, context", []line{
			plain("const where = " + g.where(a) + ";"),
			calling("rows", table+".list", database, code("query"), code("answers.urlOf(context.raw)"), code("where")),
			plain("return answers.page(rows, context.requestId);"),
		}
	case restapi.Get:
		return "{ params, query, headers }, context", []line{
			calling("row", table+".get", database, code("params"), code("query")),
			plain("return answers.found(row, context.requestId, headers['if-none-match']);"),
		}
	case restapi.Create:
		done := plain("return answers.created(row, context.requestId);")
		if len(a.Resource.Key) == 0 {
			done = plain("return answers.inserted(row.row, context.requestId);")
		}
		return "{ body }, context", []line{calling("row", table+".insert", database, code("body")), done}
	case restapi.Bulk:
		return "{ body }, context", []line{
			calling("rows", table+".insertAll", database, code("body")),
			plain("return answers.inserted(rows, context.requestId);"),
		}
	case restapi.Delete:
		return "{ params, headers }, context", []line{
			func(depth int) string {
				call := typescript.Call("await "+table+".remove", database, code("params"), code("headers['if-match']"))
				return typescript.Render(typescript.Cat(call, code(";")), depth)
			},
			plain("return answers.gone();"),
		}
	}
	return "{ params, headers, body }, context", []line{
		calling("row", table+"."+string(a.Verb), database, code("params"), code("body"), code("headers['if-match']")),
		plain("return answers.changed(row, context.requestId);"),
	}
}

// where is the object that ties rows to one of another table.
func (g *generator) where(a *restapi.Action) string {
	var members []string
	for i, c := range a.Through.Columns {
		target := a.Parent.Field(a.Through.Targets[i])
		members = append(members, key(a.Resource.Field(c).Name)+": params"+access(target.Name))
	}
	slices.Sort(members)
	return "{ " + strings.Join(members, ", ") + " }"
}

func access(name string) string {
	if typescript.IsIdentifier(name) {
		return "." + name
	}
	return "[" + typescript.Quote(name) + "]"
}
