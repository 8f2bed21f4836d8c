package edits

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Left tells which edits of the types and of the validators were not read as a whole:
// again are the files that are generated from the changed model. A declaration that was
// edited has to come out as it is now; messages and comments do not count.
func Left(p *Project, again map[string][]byte) []api.Notice {
	e := &editor{Project: p}
	types, validators, _ := Files(p.Source)
	for _, name := range []string{types, validators} {
		e.each(name, func(before, now *syntax.File) {
			e.left(before, now, parsed(name, again[name]))
		})
	}
	return e.notices
}

func (e *editor) left(before, now, again *syntax.File) {
	old, fresh := declarations(before), map[string]syntax.Statement{}
	if again != nil {
		fresh = declarations(again)
	}
	answers := e.answersLeft(now, again)
	for _, s := range now.Statements {
		name := nameOf(s)
		if answers[name] || name == "" || old[name] == nil && fresh[name] == nil {
			continue // the user's own
		}
		if old[name] != nil && alike(before, old[name], now, s) {
			continue
		}
		if fresh[name] != nil && alike(again, fresh[name], now, s) {
			continue
		}
		if _, constant := s.(*syntax.VariableStatement); constant && zodType(now, s) == "" {
			continue // the functions that use it are judged with it
		}
		e.report(now, s, name)
	}
}

// answersLeft judges the answers of each operation, and names the declarations that they
// are made of: they have their names from the statuses.
func (e *editor) answersLeft(now, again *syntax.File) map[string]bool {
	names := map[string]bool{}
	if again == nil {
		return names
	}
	mine, theirs := declarations(now), declarations(again)
	words := func(list []answer) (out []string) {
		for _, a := range list {
			names[a.name] = true
			out = append(out, a.status+" "+a.contentType+" "+bodyWord(a))
		}
		slices.Sort(out)
		return out
	}
	for _, op := range e.Operations {
		s := mine[op.Response]
		if s == nil {
			continue
		}
		names[op.Response] = true
		is, want := words(answersOf(now, mine, op)), words(answersOf(again, theirs, op))
		if !slices.Equal(is, want) && !e.returnsMore(op, is, want) {
			e.report(now, s, op.Response)
		}
	}
	return names
}

// returnsMore says whether all that differs are statuses that handlers return without
// having declared them.
func (e *editor) returnsMore(op Operation, is, want []string) bool {
	for _, w := range want {
		if !slices.Contains(is, w) && !slices.Contains(is, strings.TrimSuffix(w, "undefined")) {
			status, _, _ := strings.Cut(w, " ")
			if r := responseOf(op.API, status); r == nil || len(r.Content) > 0 {
				return false
			}
		}
	}
	return !slices.ContainsFunc(is, func(i string) bool { return !slices.Contains(want, i) })
}

func (e *editor) report(f *syntax.File, s syntax.Statement, name string) {
	p := f.Position(s.Range().Start)
	e.notices = append(e.notices, api.Notice{
		Rule: "edited", Warning: true, Message: name + " was edited in a way that is not read as a whole: what it lets pass now may not be in the document",
		Hint: "change the document, and run scaffolder generate", At: api.Position{File: p.File, Line: p.Line, Column: p.Column},
	})
}

// alike says whether two declarations mean the same.
func alike(f *syntax.File, a syntax.Statement, g *syntax.File, b syntax.Statement) bool {
	if fn, ok := a.(*syntax.Function); ok {
		if other, ok := b.(*syntax.Function); ok {
			return rulesOf(f, fn).equal(rulesOf(g, other))
		}
	}
	if zodType(f, a) != "" && zodType(g, b) != "" {
		return zodRulesOf(f, a).equal(zodRulesOf(g, b))
	}
	return withoutComments(textOf(f, a)) == withoutComments(textOf(g, b))
}
