package describe

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/tstype"
)

// Fact says where a part of the document comes from.
type Fact struct {
	Operation string // "GET /users/{id}"
	What      string // "path", "query parameter limit", "status 201", …
	From      string // "router", "zod schema", "use in the handler", …
	At        syntax.Position
}

// Input is what is described.
type Input struct {
	Ev        *eval.Evaluator
	Reader    *handler.Reader
	Endpoints []*route.Endpoint
	// Schemas and Types read the schemas and types of the program, and Names holds the
	// components that they make.
	Schemas *schema.Reader
	Types   *tstype.Reader
	Names   *schema.Names
	// Shared are schemas that others refer to by name.
	Shared  []eval.Value
	Title   string
	Version string
	Summary string
}

// Output is the model, with where it came from.
type Output struct {
	API   *api.API
	Facts []Fact
}

// Describe makes the model.
func Describe(in Input) Output {
	d := &describer{Input: in, api: &api.API{Title: in.Title, Version: in.Version, Description: in.Summary}, ids: map[string]bool{}, taken: map[string]string{},
		digests: map[*handler.Facts]*digest{}, contents: map[*handler.Send]sentContent{}}
	for _, v := range in.Shared {
		in.Schemas.Share(v)
	}
	for _, e := range in.Endpoints {
		d.endpoint(e)
	}
	d.components()
	d.finish()
	return Output{API: d.api, Facts: d.facts}
}

type describer struct {
	Input
	api   *api.API
	facts []Fact
	ids   map[string]bool
	// digests and contents are what was made of handlers and of what they send.
	digests  map[*handler.Facts]*digest
	contents map[*handler.Send]sentContent
	shapes   int               // parts of answers that were made so far
	taken    map[string]string // the path; by METHOD path, with parameters' names left out
}

func (d *describer) fact(op *api.Operation, what, from string, at eval.Place) {
	d.facts = append(d.facts, Fact{op.Method + " " + op.Path, what, from, at.Position()})
}

// methods are those that an endpoint of every method stands for.
func methods(e *route.Endpoint) []string {
	if e.Method != "ALL" {
		return []string{e.Method}
	}
	return []string{"GET", "PUT", "POST", "DELETE", "PATCH"}
}

// describable says whether OpenAPI has a word for the method.
func describable(method string) bool {
	switch method {
	case "GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE":
		return true
	}
	return false
}

func (d *describer) endpoint(e *route.Endpoint) {
	all := d.chain(e, e.Method)
	if !all.answers {
		return // a guard for every method, or nothing at all
	}
	for _, method := range methods(e) {
		chain := all
		if e.Method == "ALL" && all.looksAtMethod() {
			if chain = d.chain(e, method); !chain.answers {
				continue
			}
		}
		if !describable(method) {
			d.Ev.Report("method-without-word", e.At, "OpenAPI has no word for "+method+" "+e.Path+"; it is left out", "")
			continue
		}
		id := method + " " + shape(e.Path)
		if other, ok := d.taken[id]; ok {
			if slices.ContainsFunc(e.Params, func(p route.Piece) bool { return p.Wild }) && other != e.Path {
				d.Ev.Report("same-path", e.At, method+" "+e.Path+" is left out: a document does not tell it from "+other, "")
			}
			continue
		}
		d.taken[id] = e.Path
		d.operation(e, method, chain)
	}
}

// shape is a path without the names of its parameters: two that differ in them only
// are one.
func shape(path string) string {
	var b strings.Builder
	in := false
	for _, c := range path {
		switch {
		case c == '{':
			in = true
			b.WriteString("{}")
		case c == '}':
			in = false
		case !in:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func (d *describer) operation(e *route.Endpoint, method string, chain *chain) {
	op := &api.Operation{Method: method, Path: e.Path}
	p := e.At.Position()
	op.At = api.Position{File: p.File, Line: p.Line, Column: p.Column}
	from := e.Router.Framework + " route"
	if len(e.Mounts) > 0 {
		m := e.Mounts[len(e.Mounts)-1].Position()
		from += ", mounted at " + m.String()
	}
	if e.Maybe {
		from += maybe
	}
	d.fact(op, "path", from, e.At)
	d.pathParameters(op, e)
	d.parameters(op, chain)
	d.body(op, chain)
	d.answers(op, chain)
	d.security(op, chain)
	d.name(op, chain)
	judged := d.judged(op, chain)
	d.options(op, e, judged)
	d.typed(op, chain, judged)
	d.worded(op, e.At, chain)
	d.api.Operations = append(d.api.Operations, op)
}

func (d *describer) pathParameters(op *api.Operation, e *route.Endpoint) {
	for _, piece := range e.Params {
		s := &api.Schema{Types: []api.Type{api.String}}
		if piece.Pattern != "" {
			s.Pattern = "^(?:" + piece.Pattern + ")$"
			if piece.Pattern == `\d+` || piece.Pattern == `[0-9]+` {
				s = &api.Schema{Types: []api.Type{api.Integer}}
			}
		}
		op.Parameters = append(op.Parameters, &api.Parameter{
			Name: piece.Param, In: api.InPath, Required: true, Style: api.StyleSimple, Schema: s,
		})
	}
}
