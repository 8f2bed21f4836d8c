package describe

import (
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

func (d *describer) chain(e *route.Endpoint) *chain {
	c := &chain{}
	for _, s := range e.Steps {
		f := d.Reader.ReadFor(s.Handler, e.Router.Framework, e.Method)
		c.links = append(c.links, link{s, f, e.Router.Framework})
	}
	c.answers = (e.Method != "ALL" || !c.onlyGuards()) && !c.preflight(e)
	return c
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
