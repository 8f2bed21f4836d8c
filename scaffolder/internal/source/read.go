package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/controllers"
	"github.com/seniorbackend/tools/scaffolder/internal/source/describe"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/express"
	"github.com/seniorbackend/tools/scaffolder/internal/source/fastify"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/koa"
	"github.com/seniorbackend/tools/scaffolder/internal/source/nodelib"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
	"github.com/seniorbackend/tools/scaffolder/internal/source/tstype"
)

// Steps is what a program may take to start, in expressions and statements; some two
// seconds.
const Steps = 8_000_000

// Options say how to read.
type Options struct {
	// IncludeUnmounted also describes routers that no application leads to, with the
	// paths that they have by themselves.
	IncludeUnmounted bool
	// Base is the directory that places are told relative to; "" is the package's, and so
	// is one that is far from it.
	Base string
	// Steps is what the program may take to start; 0 is the constant Steps.
	Steps int
}

// Result is what was read.
type Result struct {
	API         *api.API
	Facts       []describe.Fact
	Diagnostics []eval.Diagnostic
	Entry       string // as places are told
	// Root is the directory of the package.
	Root string
	// Missing are names that modules were asked for and do not give.
	Missing []string
	Files   int
	Bytes   int
	// Unmounted counts the routes that no application leads to.
	Unmounted int

	project *project.Project
	entry   string // absolute
	below   string // the directory that was asked for; "": all
	serves  bool
	// mounted are the endpoints that applications lead to, also those that no document
	// has a word for.
	mounted []*route.Endpoint
}

// Read reads the program that starts at a file, or the one in a directory. A directory
// of routes is read as a part of the program around it: only what is registered there
// is described. The error is for what cannot be read at all.
func Read(path string, o Options) (*Result, error) {
	p, err := project.Open(path)
	if err != nil {
		return nil, err
	}
	if o.Base != "" && isNear(o.Base, p.Package) {
		p.Base = o.Base
	}
	if o.Steps == 0 {
		o.Steps = Steps
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	if info, err := os.Stat(abs); err == nil && !info.IsDir() {
		return newProgram(p, newLoader(p), o).run(abs, "")
	}
	if entries, _ := p.Entries(); abs == p.Package && len(entries) == 0 {
		if r, err := readWorkspace(p, o); err == nil {
			return r, nil
		}
	}
	r, err := readDirectory(p, abs, o)
	if abs == p.Package && err == nil && len(r.API.Operations) == 0 {
		if other, otherErr := readWorkspace(p, o); otherErr == nil {
			return other, nil
		}
	}
	return r, err
}

// isNear says whether a directory is at most two steps up from where somebody stands.
func isNear(from, dir string) bool {
	rel, err := filepath.Rel(from, dir)
	return err == nil && !strings.HasPrefix(filepath.ToSlash(rel)+"/", "../../../")
}

// mostEntries is how many files are tried as the one that the program starts from.
const mostEntries = 10

// readDirectory tries the entries of the package, and takes the one that leads to most
// endpoints.
func readDirectory(p *project.Project, dir string, o Options) (*Result, error) {
	below := ""
	if dir != p.Package {
		below = dir
	}
	var best *Result
	entries, named := p.Entries()
	trees := newLoader(p) // which all tries share
	looked := false       // for candidates, which costs reading every file
	for i := 0; i < mostEntries; i++ {
		if i >= len(entries) && !looked {
			entries, looked = append(entries, p.Candidates()...), true
		}
		if i >= len(entries) {
			break
		}
		r, err := newProgram(p, trees, o).run(entries[i], below)
		if err != nil {
			return nil, err
		}
		if best == nil || len(r.API.Operations) > len(best.API.Operations) {
			best = r
		}
		if len(best.API.Operations) >= 3 && i < named {
			break
		}
	}
	if below != "" && (best == nil || len(best.API.Operations) == 0) {
		r, err := newProgram(p, trees, o).runFiles(p.Sources(dir), below)
		if err != nil {
			return nil, err
		}
		best = r
	}
	if best == nil {
		return nil, fmt.Errorf("%s: %w", dir, ErrNoEntry)
	}
	return best, nil
}

// program is one program being read.
type program struct {
	project *project.Project
	loader  *loader
	ev      *eval.Evaluator
	reader  *handler.Reader
	node    *nodelib.Library
	express *express.Library
	koa     *koa.Library
	fastify *fastify.Library
	options Options
}

func newProgram(p *project.Project, trees *loader, o Options) *program {
	m := p.ManifestOf(p.Package)
	pr := &program{project: p, loader: trees, options: o, express: &express.Library{Version: m.DependsOn("express")}}
	pr.koa = &koa.Library{RouterVersion: m.DependsOn("@koa/router")}
	pr.node = nodelib.New(p)
	pr.fastify = &fastify.Library{Project: p}
	pr.ev = eval.New(pr.loader, o.Steps, pr.express, pr.koa, pr.fastify, pr.node, &schema.Library{}, &controllers.Library{Project: p})
	pr.ev.Handed = pr.handed
	pr.reader = handler.NewReader(pr.ev)
	return pr
}

func (pr *program) run(entry, below string) (*Result, error) {
	main := pr.ev.Run(entry)
	if main == nil {
		_, err := pr.loader.Parse(entry)
		return nil, fmt.Errorf("reading %s: %w", entry, err)
	}
	pr.ev.Finish()
	pr.callExports(main)
	return pr.describe(entry, below), nil
}

// runFiles evaluates files one by one, each for itself: routers without an application.
func (pr *program) runFiles(files []string, below string) (*Result, error) {
	for _, f := range files {
		pr.ev.Run(f)
	}
	pr.ev.Finish()
	pr.options.IncludeUnmounted = true
	return pr.describe(below, below), nil
}

func (pr *program) describe(entry, below string) *Result {
	missing := pr.ev.MissingExports() // before handlers are run
	pr.otherFrameworks()
	walker := &route.Walker{Ev: pr.ev, Delegates: pr.reader.Delegates, Passes: pr.reader.Passes, Answers: pr.reader.Answers, Guess: pr.guess}
	routers := pr.routers()
	pr.reader.App = application(roots(routers))
	found := walker.Walk(roots(routers), true)
	endpoints, mounted := found.Endpoints, found.Endpoints
	var unmounted []*route.Router
	if !found.Many {
		unmounted = unreached(routers, found.Reached)
	}
	rest := (&route.Walker{Ev: pr.ev, Delegates: pr.reader.Delegates, Passes: pr.reader.Passes, Guess: pr.guess}).Walk(unmounted, false)
	if len(found.Endpoints)+len(rest.Endpoints) == 0 && below == "" {
		pr.nothing(routers)
	}
	if pr.options.IncludeUnmounted {
		endpoints = append(endpoints, rest.Endpoints...)
	}
	if below != "" {
		endpoints, mounted = pr.within(endpoints, below), pr.within(mounted, below)
	}
	m := pr.project.ManifestOf(pr.project.Package)
	names := schema.NewNames()
	schemas := schema.New(pr.ev, names)
	in := describe.Input{Ev: pr.ev, Reader: pr.reader, Schemas: schemas, Types: tstype.New(pr.ev, names, schemas), Names: names, Shared: pr.fastify.Schemas, Endpoints: endpoints, Title: filepath.Base(pr.project.Package), Version: "0.0.0"}
	if m != nil {
		if m.Name != "" {
			in.Title = m.Name
		}
		if m.Version != "" {
			in.Version = m.Version
		}
		in.Summary = m.Description
	}
	out := describe.Describe(in)
	out.API.Source = pr.project.Rel(entry)
	facts, problems := pr.commented(out.API)
	files, size := pr.size()
	diagnostics := slices.Concat(pr.ev.Diagnostics(), pr.loader.broken(pr.ev), problems)
	for i, d := range diagnostics {
		diagnostics[i].Message = pr.project.Shown(d.Message)
	}
	return &Result{
		API: out.API, Facts: append(out.Facts, facts...), Diagnostics: diagnostics,
		Entry: pr.project.Rel(entry), Root: pr.project.Package, Missing: missing, Files: files, Bytes: size, Unmounted: len(rest.Endpoints),
		project: pr.project, entry: entry, below: below, mounted: mounted, serves: served(routers),
	}
}

// size is how much was read, in files and bytes.
func (pr *program) size() (files, size int) {
	for _, m := range pr.ev.Modules() {
		if m.File != nil {
			files++
			size += len(m.File.Source)
		}
	}
	return files, size
}

func (pr *program) routers() []*route.Router {
	return slices.Concat(pr.express.Routers, pr.koa.Routers, pr.fastify.Routers)
}

// roots are the applications that are served; where none is known to be, all that no
// other mounts.
func roots(routers []*route.Router) []*route.Router {
	var served, apps []*route.Router
	mounted := map[*route.Router]bool{}
	for _, r := range routers {
		for _, l := range r.Layers {
			for _, h := range l.Handlers {
				for _, one := range eval.Alternatives(h) {
					if m := route.Of(one); m != nil && m != r {
						mounted[m] = true
					}
				}
			}
		}
	}
	for _, r := range routers {
		if r.Served || r.App && r.Maybe && r.Parent == nil && !mounted[r] {
			served = append(served, r)
		}
		if r.App && r.Parent == nil && !mounted[r] {
			apps = append(apps, r)
		}
	}
	if len(served) > 0 {
		return served
	}
	return apps
}

// application is the object of the one application that there is; nil where there are
// none or several.
func application(roots []*route.Router) eval.Value {
	var only eval.Value
	for _, r := range roots {
		if r.Object == nil || only != nil {
			return nil
		}
		only = r.Object
	}
	return only
}

func served(routers []*route.Router) bool {
	return slices.ContainsFunc(routers, func(r *route.Router) bool { return r.Served })
}

// unreached are routers with routes that the walk did not come to, without those that
// others of them mount.
func unreached(routers []*route.Router, reached map[*route.Router]bool) []*route.Router {
	mounted := map[*route.Router]bool{}
	for _, r := range routers {
		if reached[r] {
			continue
		}
		for _, l := range r.Layers {
			for _, h := range l.Handlers {
				if m := route.Of(h); m != nil {
					mounted[m] = true
				}
			}
		}
	}
	var out []*route.Router
	for _, r := range routers {
		if !reached[r] && !mounted[r] && len(r.Layers) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// within keeps the endpoints that are registered below a directory.
func (pr *program) within(list []*route.Endpoint, dir string) []*route.Endpoint {
	var out []*route.Endpoint
	for _, e := range list {
		if pr.project.Within(e.At.Position().File, dir) {
			out = append(out, e)
		}
	}
	return out
}

// InProject are notices of files by their paths in the package, with places as they are
// told.
func (r *Result) InProject(notices []api.Notice) []api.Notice {
	for i, n := range notices {
		if n.At.File != "" && !filepath.IsAbs(n.At.File) {
			notices[i].At.File = r.project.Rel(filepath.Join(r.Root, filepath.FromSlash(n.At.File)))
		}
	}
	return notices
}
