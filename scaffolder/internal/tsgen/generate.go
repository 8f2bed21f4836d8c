package tsgen

import (
	"fmt"
	"io/fs"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
)

// Options say what to generate.
type Options struct {
	Framework string // "express", "fastify" or "koa"
	// SourceDir is where the code stands in the project: "src", or "." where
	// the output directory is the source directory itself.
	SourceDir string
	// Tool is named in the first line of tool-owned files: "scaffolder v1.2.0".
	Tool string

	TypesOnly bool   // types/api.ts alone
	RoutesBy  string // "tag" (also ""), or "path": its first segment
	Int64     string // what int64 is in TypeScript: "number" (also ""), "string" or "bigint"
	Validator string // "generated" (also "") or "zod"
	// Templates override embedded ones of the same path; nil: none.
	Templates fs.FS
}

// Handler is a function of the user's that answers an operation.
type Handler struct {
	Operation *api.Operation
	Symbol    string // its exported name
	File      string // where it stands
}

// Generate renders all files of a server, in the order of their paths.
func Generate(a *api.API, o Options) ([]tree.File, error) {
	p, err := newProject(a, o)
	if err != nil {
		return nil, err
	}
	return p.files()
}

// Handlers lists the handlers that a server has, in the order of the document.
func Handlers(a *api.API, o Options) []Handler {
	var out []Handler
	for _, op := range planOperations(a, o) {
		out = append(out, Handler{op.api, op.Symbol, inSource(o, "routes/"+op.File+".ts")})
	}
	return out
}

// Notices says what of the API the generated server does not do.
func Notices(a *api.API, o Options) []api.Notice {
	var out []api.Notice
	for _, d := range dropped(a) {
		out = append(out, api.Notice{
			Rule: d.rule, Warning: true, At: d.operation.At,
			Message: fmt.Sprintf("%s %s is left out: %s", d.operation.Method, d.operation.Path, d.why),
		})
	}
	return append(append(out, unread(a)...), misfits(a, formOf(o))...)
}

// unread says, once for each media type, that bodies are handed to handlers as
// text: their schemas judge nothing.
func unread(a *api.API) []api.Notice {
	var out []api.Notice
	told := map[string]bool{}
	for _, op := range a.Operations {
		if op.Body == nil {
			continue
		}
		for _, m := range op.Body.Content {
			if mediaKind(m.Type) != "text" || m.Schema == nil || m.Schema.Target().Is(api.String) {
				continue
			}
			if !told[m.Type] {
				told[m.Type] = true
				out = append(out, api.Notice{
					Rule: "body-as-text", At: m.At,
					Message: fmt.Sprintf("bodies of %s reach handlers as text: their schemas are not looked at", m.Type),
					Hint:    "take application/json where the schema shall be kept",
				})
			}
		}
	}
	return out
}

func inSource(o Options, path string) string {
	if o.SourceDir == "" {
		o.SourceDir = "src"
	}
	if o.SourceDir == "." {
		return path
	}
	return o.SourceDir + "/" + path
}
