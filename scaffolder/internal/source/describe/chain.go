package describe

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// chain is what the handlers of an endpoint do, in order.
type chain struct {
	links   []link
	answers bool
}

type link struct {
	step  route.Step
	facts *handler.Facts
	// framework is the one whose request the handler gets.
	framework string
}

func (d *describer) chain(e *route.Endpoint, method string) *chain {
	c := &chain{}
	for _, s := range e.Steps {
		f := d.Reader.ReadFor(s.Handler, e.Router.Framework, method)
		c.links = append(c.links, link{s, f, e.Router.Framework})
	}
	c.answers = (e.Method != "ALL" || !c.onlyGuards()) && !c.preflight(e) && !c.refuses(e)
	if e.Method == "ALL" && method != "ALL" {
		c.answers = c.answers && !c.declines()
	}
	return c
}

// looksAtMethod says whether a handler of the route does not do the same for each method.
func (c *chain) looksAtMethod() bool {
	return slices.ContainsFunc(c.links, func(l link) bool { return l.step.Own && l.facts.Method })
}

// declines says that the route's own functions have nothing for a method: they pass it on, or
// answer that it is not allowed.
func (c *chain) declines() bool {
	functions := false
	for _, l := range c.links {
		if _, ok := l.step.Handler.(*eval.Function); !l.step.Own || !ok {
			continue
		}
		functions = true
		if !l.facts.Next && len(l.facts.Sends) == 0 {
			return false
		}
		for _, s := range l.facts.Sends {
			if s.Status < 400 || !l.facts.Next && s.Status != http.StatusMethodNotAllowed && s.Status != http.StatusNotImplemented {
				return false
			}
		}
	}
	return functions
}

// refuses says that the route is there for what no other route takes: any method, or any
// path, and its own functions answer with errors only.
func (c *chain) refuses(e *route.Endpoint) bool {
	wild := slices.ContainsFunc(e.Params, func(p route.Piece) bool { return p.Wild })
	if e.Method != "ALL" && !wild {
		return false
	}
	refusals := 0
	for _, l := range c.links {
		if !l.step.Own {
			continue
		}
		if _, ok := l.step.Handler.(*eval.Function); !ok || l.facts.Next || len(l.facts.Checks) > 0 || len(l.facts.Delegates) > 0 {
			return false
		}
		for _, s := range l.facts.Sends {
			if s.Status < 400 {
				return false
			}
		}
		refusals += len(l.facts.Sends) + len(l.facts.Throws)
	}
	return refusals > 0
}

// onlyGuards says that the route's own handlers pass on, and answer with refusals only.
func (c *chain) onlyGuards() bool {
	own := 0
	for _, l := range c.links {
		if !l.step.Own {
			continue
		}
		own++
		if !l.facts.Next {
			return false
		}
		for _, s := range l.facts.Sends {
			if s.Status < 400 {
				return false
			}
		}
	}
	return own > 0
}

// preflight says that the route answers the questions that browsers ask beforehand, by
// the package for it: no operation of the API.
func (c *chain) preflight(e *route.Endpoint) bool {
	if e.Method != "OPTIONS" {
		return false
	}
	for _, l := range c.links {
		if !l.step.Own {
			continue
		}
		t, ok := l.step.Handler.(*eval.Term)
		if !ok {
			return false
		}
		if module, _ := t.Path(); !strings.Contains(module, "cors") {
			return false
		}
	}
	return true
}
