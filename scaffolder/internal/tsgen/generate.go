package tsgen

import (
	"fmt"
	"io/fs"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/check"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/failure"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/framework"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
)

// Options say what to generate.
type Options struct {
	Framework string // "express", "fastify" or "koa"
	// SourceDir is where the code stands in the project: "src", or "." where
	// the output directory is the source directory itself.
	SourceDir string
	// Tool is named in the first line of tool-owned files: "scaffolder v1.2.0".
	Tool string

	// Embedded: the API goes into an application that is there; it gets no application
	// of its own, nor what belongs to a project.
	Embedded  bool
	TypesOnly bool   // types/api.ts alone
	RoutesBy  string // "tag" (also ""), or "path": its first segment
	Int64     string // what int64 is in TypeScript: "number" (also ""), "string" or "bigint"
	ReadOnly  string // what is readOnly in a request: "ignore" (also ""): left out; or "reject"
	Validator string // "generated" (also "") or "zod"
	// Handlers writes the handlers of a fresh project; nil: stubs.
	Handlers handler.Handlers
	// Dependencies and DevDependencies are more packages of npm, for Handlers.
	Dependencies, DevDependencies []framework.Package
	// Memory is what an earlier run said was to be remembered.
	Memory Memory
	// Database says that data/db.ts has a pool of connections, which is asked before
	// the server calls itself ready, and closed when it stops.
	Database bool
	// KeepsDigits: numbers that JavaScript cannot hold are kept where the document says
	// nothing of a value.
	KeepsDigits bool
	// Templates override ones of the same path; nil: none.
	Templates fs.FS
}

// Handled is an operation with the function of the user's that answers it.
type Handled struct {
	Operation *api.Operation
	Symbol    string // its exported name
	File      string // where it stands
}

// Server is one that was rendered.
type Server struct {
	Files []tree.File // in the order of their paths
	Needs Needs
}

// Needs is what the generated code asks of the project around it.
type Needs struct {
	Mounting string // the statement by which an application takes the API in
	// Packages are those of npm that the code imports, and that it is compiled with.
	Packages []framework.Package
}

// Render makes a server.
func Render(a *api.API, o Options) (Server, error) {
	p, err := newProject(a, o)
	if err != nil {
		return Server{}, err
	}
	files, err := p.files()
	return Server{files, p.needs()}, err
}

// Generate renders the files of a server.
func Generate(a *api.API, o Options) ([]tree.File, error) {
	s, err := Render(a, o)
	return s.Files, err
}

// HandledBy lists the handlers that a server has, in the order of the document.
func HandledBy(a *api.API, o Options) []Handled {
	var out []Handled
	for _, op := range operation.Plan(a, o.RoutesBy, o.Memory.Operations) {
		out = append(out, Handled{op.API, op.Symbol, inSource(o, "routes/"+op.File+".ts")})
	}
	return out
}

// Memory is what users' code relies on between two runs: names that have been given.
type Memory struct {
	Operations []operation.Known `json:"operations,omitempty"`
	// Types are the type names of schemas, where they say more than their own names.
	Types map[string]string `json:"types,omitempty"`
}

// Remember is the memory for the next run.
func Remember(a *api.API, o Options) Memory {
	return Memory{
		Operations: operation.Remember(o.Memory.Operations, operation.Plan(a, o.RoutesBy, o.Memory.Operations)),
		Types:      declare.New(a, declare.Int64FormOf(o.Int64), o.Memory.Types).Remember(o.Memory.Types),
	}
}

// Notices says what of the API the generated server does not do.
func Notices(a *api.API, o Options) []api.Notice {
	var out []api.Notice
	for _, d := range operation.Dropped(a) {
		out = append(out, api.Notice{
			Rule: d.Rule, Warning: true, At: d.Operation.At,
			Message: fmt.Sprintf("%s %s is left out: %s", d.Operation.Method, d.Operation.Path, d.Why),
		})
	}
	hint := "--migrate does it in your files; with --diff it only shows how"
	if o.Database {
		hint = "nothing breaks by that; rename and move it by hand where you want to"
	}
	out = append(out, operation.Kept(operation.Moves(a, o.RoutesBy, o.Memory.Operations), hint)...)
	ops := operation.Plan(a, o.RoutesBy, o.Memory.Operations)
	out = append(out, failure.Plan(ops, declare.Int64FormOf(o.Int64)).Notices()...)
	return append(append(out, unread(a)...), check.Misfits(a, declare.Int64FormOf(o.Int64))...)
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
