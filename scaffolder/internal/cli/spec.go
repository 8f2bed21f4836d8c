package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
	"github.com/seniorbackend/tools/scaffolder/internal/source"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// specCmd writes the OpenAPI document of existing routes.
type specCmd struct {
	Entry string `arg:"" name:"entry" help:"File that the program starts from, its project's directory, or a directory of routes in it."`

	Output string `short:"o" help:"Where the document goes; - is stdout." default:"-" placeholder:"FILE" group:"Where it goes:"`
	Format string `short:"f" help:"yaml or json (default: as the output's name says, or yaml)." enum:"yaml,json,auto" default:"auto" group:"Where it goes:"`
	Check  string `help:"Write nothing; exit 1 where this document is not what the code says." xor:"check" placeholder:"FILE" group:"Where it goes:"`

	Verify        bool    `help:"Write nothing; start the application with node, and exit 1 where it mounts other endpoints than are read. Needs node and node_modules." xor:"check" group:"Where it goes:"`
	VerifyTimeout seconds `help:"How long the application may take to start." default:"20" placeholder:"SECONDS" group:"Where it goes:"`

	IncludeUnmounted bool `help:"Also routers that no application leads to, with the paths that they have by themselves." group:"What is read:"`
	Steps            int  `help:"How many expressions and statements of the program's start are looked at, in millions." default:"8" placeholder:"N" group:"What is read:"`
	Fresh            bool `help:"Take nothing from a document that stands at --output or --check, or that the project carries." group:"What is read:"`
	Confidence       bool `help:"Say in the document how sure each part of an operation is, as x-confidence: high, medium or low." group:"Where it goes:"`
	Explain          bool `help:"Say on stderr where each part of the document comes from." group:"What is read:"`

	said []api.Notice // for reports
}

// Help is what --help says below the flags.
func (specCmd) Help() string {
	return `Reads Express, Fastify and Koa servers without running them.

  scaffolder spec src/server.ts --output openapi.yaml
  scaffolder src/routes/ --generate-spec --output openapi.yaml
  scaffolder spec . -o - | loadtester run http://127.0.0.1:3000 --openapi -
  scaffolder spec . --check openapi.yaml
  scaffolder spec . --verify`
}

// Run reads the code, and writes, checks or explains.
func (c *specCmd) Run(s *session) error {
	collectLess(20<<20, 1000)
	base, err := workingDirectory()
	if err != nil {
		return err
	}
	read, err := source.Read(c.Entry, source.Options{IncludeUnmounted: c.IncludeUnmounted, Steps: c.Steps * 1_000_000, Base: base})
	switch {
	case errors.Is(err, source.ErrNoEntry):
		return problem.New("name the file that makes the application, such as src/server.ts", "%s: no file found that a program starts from", c.Entry)
	case errors.Is(err, os.ErrNotExist):
		return problem.New("", "%s is not there", c.Entry)
	case err != nil:
		return err
	}
	c.printNotices(s, readNotices(read))
	if c.Explain {
		for _, f := range read.Facts {
			fmt.Fprintf(s.Err, "%s: %s: %s: %s\n", f.At, f.Operation, f.What, f.From)
		}
	}
	if c.Verify {
		return c.verify(s, read)
	}
	if carried, _ := carriedDocument(read.Root); len(read.API.Operations) == 0 && carried == nil {
		return problem.New("name the file that makes the application; --include-unmounted shows routers that nothing leads to",
			"no routes found from %s (%s read)", read.Entry, report.Plural(read.Files, "file", "files"))
	}
	model, err := c.settled(s, read)
	if err != nil {
		return err
	}
	if c.Check != "" {
		return c.check(s, read, model)
	}
	if c.Confidence {
		confide(model, read)
	}
	data, err := c.document(model)
	if err != nil {
		return err
	}
	if err := writeDocument(s, c.Output, data); err != nil {
		return err
	}
	if err := c.report(s, read.Entry, model.Operations, nil); err != nil || c.Output == "-" {
		return err
	}
	fmt.Fprintf(s.Out, "Read %s from %s\n", report.Plural(len(model.Operations), "operation", "operations"), read.Entry)
	for _, op := range model.Operations {
		fmt.Fprintf(s.Out, "- %s %s (%s)\n", op.Method, strings.Map(printable, op.Path), op.ID)
	}
	fmt.Fprintf(s.Out, "Created OpenAPI document: %s\n", c.Output)
	return nil
}

// printNotices prints some of each rule, and all where the document is explained.
func (c *specCmd) printNotices(s *session, notices []api.Notice) {
	c.said = append(c.said, notices...)
	most := mostOfARule
	if c.Explain {
		most = len(notices)
	}
	printMost(s.Err, notices, most, "--explain lists all")
}

// confide writes into the operations how sure what was read of them is. What is said of a
// part later, by something that judges it, counts.
func confide(model *api.API, read *source.Result) {
	for _, op := range model.Operations {
		op.Confidence = nil
		for _, f := range read.Facts {
			if f.Operation != op.Method+" "+op.Path {
				continue
			}
			one := api.Confidence{What: f.What, Level: f.Confidence()}
			if i := slices.IndexFunc(op.Confidence, func(c api.Confidence) bool { return c.What == f.What }); i >= 0 {
				op.Confidence[i] = one
			} else {
				op.Confidence = append(op.Confidence, one)
			}
		}
	}
}

// workingDirectory is where the user stands, without symbolic links on the way, as places
// are told relative to it.
func workingDirectory() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the working directory: %w", err)
	}
	return filepath.EvalSymlinks(dir)
}

// document is the bytes of the document in the form that is wanted.
func (c *specCmd) document(a *api.API) ([]byte, error) {
	if c.Format == "json" || c.Format == "auto" && strings.EqualFold(filepath.Ext(c.Output), ".json") {
		return openapi.JSON(a)
	}
	return openapi.YAML(a)
}

// readNotices are the diagnostics of reading as notices.
func readNotices(r *source.Result) []api.Notice {
	var out []api.Notice
	for _, d := range r.Diagnostics {
		out = append(out, api.Notice{
			Rule: d.Rule, Warning: true, Message: d.Message, Hint: d.Hint,
			At: api.Position{File: d.At.File, Line: d.At.Line, Column: d.At.Column},
		})
	}
	if r.Unmounted > 0 {
		out = append(out, api.Notice{
			Rule: "unmounted", Message: fmt.Sprintf("%s that no application leads to", report.Plural(r.Unmounted, "route", "routes")),
			Hint: "--include-unmounted describes them",
		})
	}
	return out
}
