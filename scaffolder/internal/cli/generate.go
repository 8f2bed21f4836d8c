package cli

import (
	"io/fs"
	"os"
	"runtime/debug"
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen"
	"github.com/seniorbackend/tools/shared/report"
)

// generateCmd makes a server from an OpenAPI document.
type generateCmd struct {
	Document string `arg:"" name:"spec" help:"OpenAPI 3.0, 3.1 or 3.2 document, YAML or JSON; - is stdin."`

	Framework string  `help:"express, fastify or koa (default: the project's, or express)." enum:"express,fastify,koa," default:"" group:"What to generate:"`
	RoutesBy  string  `help:"One file of handlers for each tag (default), or for the first segment of the path." enum:"tag,path," default:"" group:"What to generate:"`
	BasePath  *string `help:"Serve below this path instead of the one of the document's first server." placeholder:"PATH" group:"What to generate:"`
	Int64     string  `name:"int64" help:"Type of int64 in TypeScript: number (default; checked to be safe), or string or bigint (exact; JSON stays a number)." enum:"number,string,bigint," default:"" group:"What to generate:"`
	Validator string  `help:"Plain functions without dependencies (generated, the default), or zod schemas." enum:"generated,zod," default:"" group:"What to generate:"`
	ReadOnly  string  `name:"read-only" help:"What becomes of properties in a request that are readOnly: they are left out (ignore, the default), or the request is refused (reject)." enum:"ignore,reject," default:"" group:"What to generate:"`
	TypesOnly bool    `help:"Only the TypeScript types." group:"What to generate:"`
	Migrate   bool    `help:"Follow changed tags and operationIds: rename and move the handlers in your files, and show the difference." group:"What to generate:"`
	Templates string  `help:"Directory with templates that replace the built-in ones of the same name." type:"existingdir" placeholder:"DIR" group:"What to generate:"`

	writeFlags
	embedded bool `kong:"-"` // in an application that is there

	Root    string `help:"Directory that references to other files may not leave (default: the document's own)." type:"existingdir" placeholder:"DIR" group:"How the document is read:"`
	MaxSize int64  `help:"Largest size of a file, in MiB." default:"64" placeholder:"MIB" group:"How the document is read:"`
	Lenient bool   `help:"Go on with a warning where the document breaks a rule that can be bent." group:"How the document is read:"`
}

// Run generates, checks or shows.
func (c *generateCmd) Run(s *session) error {
	if err := inFolder(c.Output); err != nil {
		return err
	}
	options := spec.Options{Root: c.Root, Limit: c.MaxSize << 20, Lenient: c.Lenient}
	input, err := spec.Load(c.Document, s.In, options)
	if err != nil {
		return err
	}
	collectLess(len(input.Data), 400)
	document, err := spec.ReadDocument(input, options)
	if err != nil {
		return err
	}
	model := document.API
	where := layoutOf(c.Output)
	memory, known, err := recall(where.project)
	if err != nil {
		return err
	}
	if err := c.fromMemory(memory.Options); err != nil {
		return err
	}
	c.embedded = isEmbedded(where, c.Output, memory, known)
	if c.BasePath != nil {
		model.BasePath = spec.BasePath(*c.BasePath)
	}
	o := c.options(s, where, memory.Memory)
	moved, err := c.migrate(model, o, where)
	if err != nil {
		return err
	}
	o.Memory = moved.memory
	made, err := renderServer(model, o, where)
	if err != nil {
		return err
	}
	record := recordOf(document.Files)
	plan, err := tree.MakeEdited(where.project, append(made.files, record.files...), moved.edits, c.Force)
	if err != nil {
		return err
	}
	if err := remember(plan, memoryOf(c.remembered(), record, made.memory)); err != nil {
		return err
	}
	before, notices := previous(memory, plan, where)
	made.notices = slices.Concat(made.notices, moved.notices, record.notices, notices, needs(before, model, plan, made, where))
	if c.Format == string(report.Text) {
		printNotices(s.Err, made.notices)
	}
	result := &outcome{flags: &c.writeFlags, command: "generate", from: "document", framework: c.Framework, session: s, api: model, layout: where, made: made, plan: plan, changes: compare(before, model)}
	return result.finish()
}

// collectLess lets the garbage collector run less often, when the heap has grown by so
// many percent: most of what a run makes lives until its end. The memory that this may
// take grows with the document, of size bytes.
func collectLess(size, percent int) {
	debug.SetGCPercent(percent)
	debug.SetMemoryLimit(256<<20 + 8*int64(size))
}

// generation is what tsgen made of a model.
type generation struct {
	files    []tree.File
	handlers []tsgen.Handled
	notices  []api.Notice
	memory   tsgen.Memory
	needs    tsgen.Needs
}

// options are what tsgen is asked for.
func (c *generateCmd) options(s *session, where layout, memory tsgen.Memory) tsgen.Options {
	return tsgen.Options{
		Framework: c.Framework,
		SourceDir: where.source,
		Tool:      s.info.Short(),
		TypesOnly: c.TypesOnly,
		RoutesBy:  c.RoutesBy,
		Int64:     c.Int64,
		ReadOnly:  c.ReadOnly,
		Validator: c.Validator,
		Embedded:  c.embedded,
		Templates: c.templates(),
		Memory:    memory,
	}
}

// renderServer is what tsgen makes of a model, with all that is said about it.
func renderServer(model *api.API, o tsgen.Options, where layout) (generation, error) {
	server, err := tsgen.Render(model, o)
	if err != nil {
		return generation{}, err
	}
	made := generation{
		files: server.Files, needs: server.Needs, memory: tsgen.Remember(model, o), notices: append(model.Notices, tsgen.Notices(model, o)...),
	}
	if o.Embedded && !o.TypesOnly {
		made.notices = append(made.notices, mountNotices(server.Needs, where)...)
	}
	if !o.TypesOnly {
		made.handlers = tsgen.HandledBy(model, o)
	}
	return made, nil
}

func (c *generateCmd) templates() fs.FS {
	if c.Templates == "" {
		return nil
	}
	return os.DirFS(c.Templates)
}
