package describe

import (
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
		f := d.Reader.Read(s.Handler, e.Router.Framework)
		c.links = append(c.links, link{s, f, e.Router.Framework})
	}
	c.answers = e.Method != "ALL" || !c.onlyGuards()
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
