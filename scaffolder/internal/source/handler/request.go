package handler

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// requestHost is the request of Express and Fastify, and ctx.request of Koa.
type requestHost struct {
	run   *run
	parts map[Part]*eval.Object
}

func (h *requestHost) part(p Part, at eval.Place) *eval.Object {
	if o, ok := h.parts[p]; ok {
		return o
	}
	o := partObject(p, h.run.facts.part(p, at), nil)
	h.parts[p] = o
	if p == Files {
		PartOf(o).fields = func() *eval.Object { return &eval.Object{Host: partFields{PartOf(h.part(Body, at))}, At: at} }
	}
	return o
}

// partNamed is the part of the request that a member gives; "" where it is none.
func partNamed(name string) Part {
	switch name {
	case "body":
		return Body
	case "query":
		return Query
	case "params":
		return Params
	case "headers", "header":
		return Headers
	case "cookies", "signedCookies":
		return Cookies
	case "files", "file":
		return Files
	}
	return ""
}

// Unsure says that nothing is.
func (h *requestHost) Member(ev *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	at := self.At
	switch name {
	case "get", "header":
		return &eval.Native{Name: name, Members: eval.NewObject(), Call: func(c *eval.Call) eval.Value {
			return h.named(Headers, c)
		}}, true
	case "param":
		return &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value { return h.anyPart(c) }}, true
	case "is", "accepts", "acceptsEncodings", "acceptsLanguages", "on", "once", "pipe", "setEncoding":
		return &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			for _, a := range c.Args {
				if f, ok := a.(*eval.Function); ok {
					c.Call(f, eval.Undefined{}, nil, c.At)
				}
			}
			return eval.Unknown(name, c.At)
		}}, true
	case "file":
		return h.part(Files, at), true
	case "method":
		h.run.facts.Method = true
		if h.run.method != "" {
			return eval.String(h.run.method), true
		}
	case "app", "server":
		if h.run.app != nil {
			return h.run.app, true
		}
	case "request", "req", "raw":
		return self, true
	case "jwtVerify", "isAuthenticated", "isUnauthenticated", "ensureLoggedIn":
		return &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			h.run.facts.Properties[name] = c.At
			t := &eval.Term{Kind: eval.Called, Of: &eval.Term{Kind: eval.Opaque, Name: "request." + name}, Args: c.Args, At: c.At}
			h.run.facts.Calls = append(h.run.facts.Calls, t)
			return t
		}}, true
	}
	if p := partNamed(name); p != "" {
		return h.part(p, at), true
	}
	h.run.facts.Properties[name] = at
	v := eval.Unknown("request."+name, at)
	self.Put(name, v)
	return v, true
}

// Assigned keeps what middleware puts on the request; a part that is replaced by what a
// schema made of it stays the part.
func (h *requestHost) Assigned(_ *eval.Evaluator, self *eval.Object, name string, v eval.Value, at eval.Place) bool {
	if partNamed(name) != "" {
		return true
	}
	h.run.facts.Sets[name] = at
	return false
}

func (h *requestHost) named(p Part, c *eval.Call) eval.Value {
	host := PartOf(h.part(p, c.At))
	if s, ok := c.Arg(0).(eval.String); ok {
		return host.child(strings.ToLower(string(s)), c.At)
	}
	return eval.Unknown("a header", c.At)
}

// anyPart is req.param(name): in the path, the body or the query.
func (h *requestHost) anyPart(c *eval.Call) eval.Value {
	s, ok := c.Arg(0).(eval.String)
	if !ok {
		return eval.Unknown("a parameter", c.At)
	}
	return PartOf(h.part(Query, c.At)).child(string(s), c.At)
}

// BoundToRun says that the object is of one run of a handler.
func (h *requestHost) BoundToRun() {}
