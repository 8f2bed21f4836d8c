package tsgen

import (
	"fmt"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/answer"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/check"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/complete"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/contract"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/failure"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/framework"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/input"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/security"
)

// project is a server with all that its files are made of, worked out once.
type project struct {
	api        *api.API
	options    Options
	framework  framework.Framework
	operations []*operation.Operation
	schemes    *security.Schemes
	handlers   map[*operation.Operation]handler.Handler
	types      *declare.Types
	exact      bool // integers of 64 bits are no numbers
	typed      bool // some operation has another media type for another status
	planned    bool // some answers are changed before they are sent

	failures    *failure.Forms
	serializers *answer.Serializers
	tests       contract.Tests
	slow        bool // the time of some pattern must be bounded
	linear      bool // some pattern is matched by RE2
	text        bodies
}

// bodies are those of files that are laid out in whole.
type bodies struct {
	Types, Validators, Operations, Plans string
	Serializers                          string // Fastify's schemas of answers; "": none
	ErrorImports, ErrorForms             string // of errors.ts; "": errors have the tool's own form
}

func newProject(a *api.API, o Options) (*project, error) {
	f, ok := framework.Named(o.Framework)
	if !ok {
		return nil, fmt.Errorf("unknown framework %q", o.Framework)
	}
	form := declare.Int64FormOf(o.Int64)
	if form.Exact() && o.Validator == "zod" {
		return nil, fmt.Errorf("--int64 %s cannot be had with --validator zod: zod has no number that may be a bigint; leave one of them out", o.Int64)
	}
	if o.SourceDir == "" {
		o.SourceDir = "src"
	}
	p := &project{api: a, options: o, framework: f, exact: form.Exact(), handlers: map[*operation.Operation]handler.Handler{}}
	p.schemes = security.New(a.Security)
	p.types = declare.New(a, form, o.Memory.Types)
	p.operations = operation.Plan(a, o.RoutesBy, o.Memory.Operations)
	operation.NameTypes(p.operations, p.types.Unique)
	p.build(form)
	return p, nil
}

// build writes the files whose text depends on schemas. Operations come first: they
// say which types and checks there must be.
func (p *project) build(form declare.Int64Form) {
	checks := check.New(p.types, "./", p.options.Validator == "zod")
	checks.RejectsReadOnly = p.options.ReadOnly == "reject"
	requests := complete.New(p.api.Schemas, declare.Request, form)
	p.failures = failure.Plan(p.operations, form)
	file := newOperationsFile(p.operations, p.failures)
	answers := &answer.Answers{Types: p.types, Plans: complete.ForAnswers(p.api.Schemas, form, requests), File: file.imports}
	inputs := &input.Inputs{Types: p.types, Checks: checks, Plans: requests, File: file.imports, Constants: file.names, KeepsDigits: p.options.KeepsDigits}
	more := file.write(p.operations, inputs, answers)
	p.handlers = handlersOf(p.operations, p.options.Handlers, answers)

	p.text.Validators = checks.Text()
	if p.failures.Any() {
		p.text.ErrorImports, p.text.ErrorForms = p.failures.Text(p.types)
	}
	p.tests = contract.Write(p.api.BasePath, p.operations, p.types, p.failures, func(op *operation.Operation) bool { return p.handlers[op].Works }, p.options.Database)
	p.text.Types = p.types.Text(more)
	p.text.Operations = file.text()
	p.planned, p.typed = answers.Planned, answers.Typed
	p.text.Plans = requests.File()
	p.slow = checks.Slow || p.tests.Slow
	p.linear = checks.Linear || p.tests.Linear

	p.serializers = answer.NewSerializers(p.serialized())
	p.text.Serializers = p.serializers.File()
}

// serialized are the operations whose answers the framework writes by schemas. Exact
// integers are not for fast-json-stringify.
func (p *project) serialized() []*operation.Operation {
	if !p.framework.Serializes || p.exact {
		return nil
	}
	return p.operations
}

// handlersOf are the handlers of a fresh project: those that are given, and stubs.
func handlersOf(ops []*operation.Operation, given handler.Handlers, a *answer.Answers) map[*operation.Operation]handler.Handler {
	out := map[*operation.Operation]handler.Handler{}
	for _, op := range ops {
		if given != nil {
			if h, ok := given(op); ok {
				out[op] = h
				continue
			}
		}
		out[op] = a.Stub(op)
	}
	return out
}
