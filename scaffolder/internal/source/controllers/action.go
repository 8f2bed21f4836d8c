package controllers

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// exchange is what a handler of Express or Koa is given.
type exchange struct {
	request, response, next eval.Value
	context                 eval.Value // of Koa; nil elsewhere
}

func exchangeOf(framework string, c *eval.Call) exchange {
	if framework == "koa" {
		return exchange{c.GetMember(c.Arg(0), "request", c.At), c.Arg(0), c.Arg(1), c.Arg(0)}
	}
	return exchange{c.Arg(0), c.Arg(1), c.Arg(2), nil}
}

// action is the object that checks of users are given.
func (e exchange) action() eval.Value {
	o := eval.NewObject().Put("request", e.request).Put("response", e.response).Put("next", e.next)
	if e.context != nil {
		o.Put("context", e.context)
	}
	return o
}

// part is a part of the request: body, query, params, headers.
func (e exchange) part(c *eval.Call, name string) eval.Value {
	if e.context != nil && name != "body" {
		return c.GetMember(e.context, name, c.At)
	}
	return c.GetMember(e.request, name, c.At)
}

// action is a method of a controller that answers requests.
type action struct {
	server *server
	class  *eval.Class
	member string
	json   bool
	at     eval.Place
	list   []decorator // of the class that the method stands in
}

func (a *action) has(names ...string) bool {
	_, ok := named(of(a.list, a.member), names...)
	return ok
}

// handler is the function that the framework calls: it fills the method's parameters from
// the request, and answers with what it returns.
func (a *action) handler() eval.Value {
	return &eval.Native{Name: a.member, Call: func(c *eval.Call) eval.Value {
		e := exchangeOf(a.server.router.Framework, c)
		controller := a.server.library.instance(c, a.class, 0)
		fn, ok := c.GetMember(controller, a.member, a.at).(*eval.Function)
		if !ok {
			return eval.Undefined{}
		}
		args := make([]eval.Value, len(fn.Parameters))
		for i := range args {
			args[i] = eval.Unknown("what a decorator gives", a.at)
		}
		raw := false
		for _, d := range a.list {
			if d.Member != a.member || d.Parameter < 0 || d.Parameter >= len(args) {
				continue
			}
			if v := a.parameter(c, e, d); v != nil {
				args[d.Parameter] = converted(c, v, fn.ParameterType(d.Parameter), a.at)
			}
			raw = raw || d.name == "Res" || d.name == "Ctx"
		}
		answering(c, fn)
		v := c.Call(fn, controller, args, a.at)
		for _, one := range eval.Alternatives(v) {
			a.answer(c, e, one, raw)
		}
		return eval.Undefined{}
	}}
}

// parameter is what a decorator puts into a parameter; nil where it is not known.
func (a *action) parameter(c *eval.Call, e exchange, d decorator) eval.Value {
	child := func(part string) eval.Value {
		name, ok := d.arg(0).(eval.String)
		if !ok {
			return nil
		}
		return c.GetMember(e.part(c, part), string(name), d.At)
	}
	switch d.name {
	case "Req":
		return e.request
	case "Res":
		return e.response
	case "Ctx":
		return e.context
	case "Param":
		return child("params")
	case "QueryParam":
		return child("query")
	case "HeaderParam":
		name, _ := d.arg(0).(eval.String)
		return c.Call(c.GetMember(e.request, "get", d.At), e.request, []eval.Value{name}, d.At)
	case "BodyParam":
		return child("body")
	case "Params":
		return e.part(c, "params")
	case "QueryParams":
		return e.part(c, "query")
	case "Body":
		return e.part(c, "body")
	case "HeaderParams":
		return e.part(c, "headers")
	case "CurrentUser":
		return c.Call(a.server.user, eval.Undefined{}, []eval.Value{e.action()}, d.At)
	case "UploadedFile":
		return child("files")
	}
	return nil
}

// converted is a text of the request as the type of the parameter wants it.
func converted(c *eval.Call, v eval.Value, typ string, at eval.Place) eval.Value {
	switch typ {
	case "number":
		return c.Call(c.GlobalName("Number"), eval.Undefined{}, []eval.Value{v}, at)
	case "boolean":
		return c.Call(c.GlobalName("Boolean"), eval.Undefined{}, []eval.Value{v}, at)
	}
	return v
}

// answer sends what the method returned. Nothing is an answer too: 404, and 204 for null,
// unless decorators say otherwise. A method that got the response may have answered itself.
func (a *action) answer(c *eval.Call, e exchange, v eval.Value, raw bool) {
	if v == e.response || v == e.context {
		return
	}
	list := of(a.list, a.member)
	var status eval.Value
	if d, ok := named(list, "HttpCode"); ok {
		status = d.arg(0)
	}
	switch v.(type) {
	case eval.Undefined:
		if raw {
			return
		}
		status = codeOr(list, "OnUndefined", 404)
	case eval.Null:
		status = codeOr(list, "OnNull", 204)
	default:
		a.send(c, e, v, status)
		return
	}
	if e.context != nil {
		c.SetMember(e.context, "status", status, a.at)
		return
	}
	c.Call(c.GetMember(e.response, "sendStatus", a.at), e.response, []eval.Value{status}, a.at)
}

func codeOr(list []decorator, name string, otherwise int) eval.Value {
	if d, ok := named(list, name); ok {
		if n, ok := d.arg(0).(eval.Number); ok {
			return n
		}
	}
	return eval.Number(otherwise)
}

func (a *action) send(c *eval.Call, e exchange, v, status eval.Value) {
	if d, ok := named(of(a.list, a.member), "Render"); ok {
		c.Call(c.GetMember(e.response, "render", a.at), e.response, []eval.Value{d.arg(0), v}, a.at)
		return
	}
	if e.context != nil {
		if status != nil {
			c.SetMember(e.context, "status", status, a.at)
		}
		c.SetMember(e.context, "body", v, a.at)
		return
	}
	if status != nil {
		c.Call(c.GetMember(e.response, "status", a.at), e.response, []eval.Value{status}, a.at)
	}
	if d, ok := named(of(a.list, a.member), "ContentType"); ok {
		c.Call(c.GetMember(e.response, "type", a.at), e.response, []eval.Value{d.arg(0)}, a.at)
	}
	name := "send"
	if a.json {
		name = "json"
	}
	c.Call(c.GetMember(e.response, name, a.at), e.response, []eval.Value{v}, a.at)
}

// answering tells whoever observes that the result of a method is the answer.
func answering(c *eval.Call, fn *eval.Function) {
	if o, ok := c.Observer.(route.AnswerObserver); ok {
		o.Answering(fn)
	}
}
