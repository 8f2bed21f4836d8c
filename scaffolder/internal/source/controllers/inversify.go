package controllers

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

const ofInversify = "inversify-express-utils"

// inversified is an InversifyExpressServer: an application whose controllers are all that
// the program loads.
type inversified struct {
	library        *Library
	app, container eval.Value
	root           eval.Value // a path in front of every controller
	config, errors eval.Value // functions that are given the application
}

// inversifyServer is new InversifyExpressServer(container, router, {rootPath}, app).
func (l *Library) inversifyServer(c *eval.Call) eval.Value {
	s := &inversified{library: l, container: c.Arg(0), root: eval.Undefined{}, config: eval.Undefined{}, errors: eval.Undefined{}}
	if o, ok := c.Arg(2).(*eval.Object); ok {
		s.root = c.GetMember(o, "rootPath", c.At)
	}
	if s.app = c.Arg(3); route.Of(s.app) == nil {
		s.app = c.Call(c.ImportExternal("express"), eval.Undefined{}, nil, c.At)
	}
	self := &eval.Object{At: c.At}
	keep := func(name string, into *eval.Value) {
		self.Put(name, &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			*into = c.Arg(0)
			return self
		}})
	}
	keep("setConfig", &s.config)
	keep("setErrorConfig", &s.errors)
	self.Put("build", &eval.Native{Name: "build", Call: s.build})
	return self
}

func (s *inversified) build(c *eval.Call) eval.Value {
	given := func(f eval.Value) {
		if _, none := f.(eval.Undefined); !none {
			c.Call(f, eval.Undefined{}, []eval.Value{s.app}, c.At)
		}
	}
	s.library.container = s.container
	given(s.config)
	found := false
	for _, m := range c.Modules() {
		for _, name := range c.ExportNames(m) {
			class, ok := c.Export(m, name).(*eval.Class)
			if !ok {
				continue
			}
			if head, ok := named(of(decoratorsOf(class, ofInversify), ""), "controller"); ok {
				found = true
				s.controller(c, class, head)
			}
		}
	}
	if !found {
		c.Report("no-controllers", c.At, "no module that the program loads exports a class with @controller", "export the classes, and import their files before build()")
	}
	given(s.errors)
	return s.app
}

func (s *inversified) controller(c *eval.Call, class *eval.Class, head decorator) {
	router := route.Of(s.app)
	seen := map[string]bool{}
	for _, at := range line(class) {
		sayUnread(c, at, ofInversify)
		list := decoratorsOf(at, ofInversify)
		for _, d := range list {
			method, rest := inversifyVerb(d)
			if method == "" || d.Member == "" || d.Parameter >= 0 || seen[d.Member] && at != class {
				continue
			}
			seen[d.Member] = true
			var path eval.Value = eval.Undefined{}
			if len(rest) > 0 {
				path, rest = rest[0], rest[1:]
			}
			handlers := s.middleware(c, head.args[min(1, len(head.args)):])
			handlers = append(handlers, s.middleware(c, rest)...)
			router.Add(&route.Layer{
				Kind: route.Route, Methods: []string{method}, Paths: route.Paths(joined(s.root, head.arg(0), path)), At: d.At, Maybe: c.Uncertain(),
				Handlers: append(handlers, s.handler(class, d, list)),
			})
		}
	}
}

// inversifyVerb is the method that a decorator says, and its arguments from the path on.
func inversifyVerb(d decorator) (method string, rest []eval.Value) {
	switch d.name {
	case "httpGet", "httpPost", "httpPut", "httpPatch", "httpDelete", "httpHead":
		return strings.ToUpper(strings.TrimPrefix(d.name, "http")), d.args
	case "all":
		return "ALL", d.args
	case "httpMethod":
		if s, ok := d.arg(0).(eval.String); ok {
			return strings.ToUpper(string(s)), d.args[1:]
		}
	}
	return "", nil
}

// middleware are functions, or what the container has for a token: its method handler.
func (s *inversified) middleware(c *eval.Call, list []eval.Value) []eval.Value {
	var out []eval.Value
	for _, v := range list {
		switch v.(type) {
		case eval.String, *eval.Class:
			o := c.Call(c.GetMember(s.container, "get", c.At), s.container, []eval.Value{v}, c.At)
			handler := c.GetMember(o, "handler", c.At)
			v = c.Call(c.GetMember(handler, "bind", c.At), handler, []eval.Value{o}, c.At)
		}
		out = append(out, v)
	}
	return out
}

// handler calls a method with the parts that its parameters ask for, or like a handler of
// Express where none does, and sends what it returns.
func (s *inversified) handler(class *eval.Class, d decorator, list []decorator) eval.Value {
	return &eval.Native{Name: d.Member, Call: func(c *eval.Call) eval.Value {
		e := exchangeOf("express", c)
		controller := s.library.instance(c, class, 0)
		fn, ok := c.GetMember(controller, d.Member, d.At).(*eval.Function)
		if !ok {
			return eval.Undefined{}
		}
		args := []eval.Value{e.request, e.response, e.next}
		asked := false
		for _, p := range list {
			if p.Member != d.Member || p.Parameter < 0 {
				continue
			}
			if !asked {
				args, asked = make([]eval.Value, max(len(fn.Parameters), p.Parameter+1)), true
				for i := range args {
					args[i] = eval.Unknown("what a decorator gives", d.At)
				}
			}
			if v := inversifyPart(c, e, p); v != nil && p.Parameter < len(args) {
				args[p.Parameter] = v
			}
		}
		answering(c, fn)
		for _, v := range eval.Alternatives(c.Call(fn, controller, args, d.At)) {
			s.answer(c, e, v, d.At)
		}
		return eval.Undefined{}
	}}
}

// inversifyPart is what a decorator of a parameter gives; nil where it is not known.
func inversifyPart(c *eval.Call, e exchange, d decorator) eval.Value {
	part := func(name string) eval.Value {
		all := e.part(c, name)
		if child, ok := d.arg(0).(eval.String); ok {
			return c.GetMember(all, string(child), d.At)
		}
		return all
	}
	switch d.name {
	case "request":
		return e.request
	case "response":
		return e.response
	case "next":
		return e.next
	case "requestParam":
		return part("params")
	case "queryParam":
		return part("query")
	case "requestBody":
		return e.part(c, "body")
	case "cookies":
		return part("cookies")
	case "requestHeaders":
		if _, ok := d.arg(0).(eval.String); ok {
			return c.Call(c.GetMember(e.request, "get", d.At), e.request, d.args, d.At)
		}
		return part("headers")
	}
	return nil
}

// answer sends what a method returned, if anything: results of BaseHttpController have a
// status of their own.
func (s *inversified) answer(c *eval.Call, e exchange, v eval.Value, at eval.Place) {
	if _, none := v.(eval.Undefined); none || v == e.response {
		return
	}
	method := "send"
	if h, ok := eval.HostOf(v).(*resultHost); ok {
		c.Call(c.GetMember(e.response, "status", at), e.response, []eval.Value{h.status}, at)
		v, method = h.body, "json"
		if v == nil {
			c.Call(c.GetMember(e.response, "end", at), e.response, nil, at)
			return
		}
	}
	c.Call(c.GetMember(e.response, method, at), e.response, []eval.Value{v}, at)
}

// resultHost is what methods of BaseHttpController return: a status and perhaps a body.
type resultHost struct{ status, body eval.Value }

// Member has nothing to give.
func (*resultHost) Member(*eval.Evaluator, *eval.Object, string) (eval.Value, bool) {
	return nil, false
}

// baseController is BaseHttpController: its methods make results.
func baseController(c *eval.Call) eval.Value {
	o, ok := c.This.(*eval.Object)
	if !ok {
		o = &eval.Object{At: c.At}
	}
	result := func(name string, status int, body bool) {
		o.Put(name, &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			h := &resultHost{status: eval.Number(status)}
			if body && len(c.Args) > 0 {
				h.body = c.Arg(0)
			}
			if name == "created" {
				h.body = c.Arg(1)
			}
			if name == "json" && len(c.Args) > 1 {
				h.status = c.Arg(1)
			}
			if name == "statusCode" {
				h.status = c.Arg(0)
			}
			return &eval.Object{Host: h, At: c.At}
		}})
	}
	result("ok", 200, true)
	result("json", 200, true)
	result("created", 201, false)
	result("badRequest", 400, true)
	result("conflict", 409, false)
	result("notFound", 404, false)
	result("internalServerError", 500, false)
	result("statusCode", 200, false)
	result("redirect", 302, false)
	return o
}
