package describe

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/jsdoc"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Shape is a path without the names of its parameters.
func Shape(path string) string { return shape(path) }

// Comment puts what a comment says of an operation over what was read.
func Comment(op, said *api.Operation) {
	if said.Summary != "" {
		op.Summary = said.Summary
	}
	if said.Description != "" {
		op.Description = said.Description
	}
	if len(said.Tags) > 0 {
		op.Tags = said.Tags
	}
	if said.Named {
		op.ID, op.Named = said.ID, true
	}
	op.Deprecated = op.Deprecated || said.Deprecated
	for _, p := range said.Parameters {
		commentParameter(op, p)
	}
	if said.Body != nil && len(said.Body.Content) > 0 {
		op.Body = said.Body
	}
	for _, r := range said.Responses {
		commentResponse(op, r)
	}
}

func commentParameter(op *api.Operation, said *api.Parameter) {
	for i, p := range op.Parameters {
		if p.In != said.In || p.Name != said.Name {
			continue
		}
		if said.Schema.IsAny() {
			said.Schema = p.Schema
		}
		op.Parameters[i] = said
		return
	}
	if said.In != api.InPath {
		op.Parameters = append(op.Parameters, said)
	}
}

func commentResponse(op *api.Operation, said *api.Response) {
	for i, r := range op.Responses {
		if r.Status != said.Status {
			continue
		}
		if len(said.Content) == 0 {
			said.Content = r.Content
		}
		if said.Description == "" {
			said.Description = r.Description
		}
		op.Responses[i] = said
		return
	}
	op.Responses = append(op.Responses, said)
}

// worded takes what comments at the route and in its handler say in words.
func (d *describer) worded(op *api.Operation, at eval.Place, c *chain) {
	var all []jsdoc.Words
	if at.File != nil {
		all = append(all, jsdoc.WordsOf(at.File, syntax.Span{Start: at.Span.Start, End: at.Span.Start}))
	}
	for _, l := range c.links {
		if !l.step.Own {
			continue
		}
		for _, f := range l.facts.Functions {
			if f.Module == nil || f.Node == nil {
				continue
			}
			all = append(all, jsdoc.WordsOf(f.Module.File, f.Node))
			if around := declarationOf(f.Module.File, f.Node); around != nil {
				s := around.Range()
				all = append(all, jsdoc.WordsOf(f.Module.File, syntax.Span{Start: s.Start, End: s.Start}))
			}
		}
	}
	for _, w := range all {
		if !w.Any() {
			continue
		}
		d.facts = append(d.facts, Fact{op.Method + " " + op.Path, "words", "comment", w.At})
		if w.Summary != "" {
			op.Summary = w.Summary
		}
		if w.Description != "" {
			op.Description = w.Description
		}
		if len(w.Tags) > 0 {
			op.Tags = w.Tags
		}
		if w.OperationID != "" && !d.ids[w.OperationID] {
			delete(d.ids, op.ID)
			op.ID, op.Named = w.OperationID, true
			d.ids[op.ID] = true
		}
		op.Deprecated = op.Deprecated || w.Deprecated
	}
}

// declarationOf is the innermost statement or member that a function is the value of.
func declarationOf(f *syntax.File, n syntax.Node) (found syntax.Node) {
	at := n.Range()
	syntax.Walk(f, func(x syntax.Node) bool {
		s := x.Range()
		if s.Start > at.Start || s.End < at.End || x == n {
			return false
		}
		switch x.(type) {
		case *syntax.VariableStatement, *syntax.Method, *syntax.Field, *syntax.Property, *syntax.ExpressionStatement, *syntax.ExportDefault:
			found = x
		case *syntax.Block:
			found = nil
		}
		return true
	})
	return found
}
