package handler

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// stepsEach is what one handler may take.
const stepsEach = 25_000

// mostThrown bounds the errors that are kept of one handler.
const mostThrown = 200

// Reader runs handlers. It keeps what it found of each.
type Reader struct {
	Ev *eval.Evaluator
	// App is the application that handlers find at the request; nil: none is known.
	App   eval.Value
	facts map[key]*Facts
}

type key struct {
	handler           eval.Value
	framework, method string
}

// NewReader is a reader for the handlers of a program that was evaluated.
func NewReader(ev *eval.Evaluator) *Reader {
	return &Reader{Ev: ev, facts: map[key]*Facts{}}
}

// run is one handler being run.
type run struct {
	facts   *Facts
	request *eval.Object
	method  string     // "": not known
	app     eval.Value // nil: not known
	lastSet int
}

// Thrown keeps an error that is thrown.
func (r *run) Thrown(v eval.Value, at eval.Place) {
	for _, have := range r.facts.Throws {
		if have.At == at && have.Value == v {
			return
		}
	}
	if len(r.facts.Throws) >= mostThrown {
		return
	}
	r.facts.Throws = append(r.facts.Throws, Thrown{v, at})
}

// TermCalled keeps a call of unknown code.
func (r *run) TermCalled(t *eval.Term) {
	r.facts.Calls = append(r.facts.Calls, t)
	for _, a := range t.Args {
		if holdsPart(a, 2) {
			r.facts.Checks = append(r.facts.Checks, Check{t, t.At})
			break
		}
	}
	for _, a := range t.Args {
		markWhole(a, 2)
	}
}

// FunctionCalled keeps the functions that get the request.
func (r *run) FunctionCalled(f *eval.Function, args []eval.Value) {
	for _, a := range args {
		if a == eval.Value(r.request) {
			r.facts.Functions = append(r.facts.Functions, f)
			return
		}
	}
}

// Delegated keeps a router that the request is passed to.
func (r *run) Delegated(to *route.Router) { r.facts.Delegates = append(r.facts.Delegates, to) }

// Answering keeps a function whose result is sent.
func (r *run) Answering(f *eval.Function) { r.facts.Answering = append(r.facts.Answering, f) }

// holdsPart says whether a part of the request stands in a value.
func holdsPart(v eval.Value, depth int) bool {
	if PartOf(v) != nil {
		return true
	}
	if o, ok := v.(*eval.Object); ok {
		if _, ok := o.Host.(*requestHost); ok {
			return true
		}
		if depth > 0 && o.Host == nil {
			for _, k := range o.Keys() {
				if p := o.Get(k); p != nil && holdsPart(p, depth-1) {
					return true
				}
			}
			for _, s := range o.Spread() {
				if holdsPart(s, depth-1) {
					return true
				}
			}
		}
	}
	return false
}

// markWhole notes that unknown code gets all of a part.
func markWhole(v eval.Value, depth int) {
	if h := PartOf(v); h != nil {
		h.Node.Whole = true
		return
	}
	if o, ok := v.(*eval.Object); ok && depth > 0 && o.Host == nil {
		for _, k := range o.Keys() {
			if p := o.Get(k); p != nil {
				markWhole(p, depth-1)
			}
		}
		for _, s := range o.Spread() {
			markWhole(s, depth-1)
		}
	}
}

// ReadFor runs a handler for requests of a method ("ALL": any). Most handlers do not look
// at it, and are run once for all.
func (d *Reader) ReadFor(h eval.Value, framework, method string) *Facts {
	f := d.Read(h, framework)
	if !f.Method || method == "ALL" {
		return f
	}
	return d.read(key{h, framework, method})
}

// Read runs a handler of a framework.
func (d *Reader) Read(h eval.Value, framework string) *Facts {
	return d.read(key{h, framework, ""})
}

func (d *Reader) read(k key) *Facts {
	if f, ok := d.facts[k]; ok {
		return f
	}
	f := newFacts()
	d.facts[k] = f
	before := d.Ev.Observer
	d.Ev.Phase(stepsEach)
	r := &run{facts: f, method: k.method, app: d.App}
	d.Ev.Observer = r
	d.handle(k.handler, k.framework, r, 0)
	d.Ev.Observer = before
	f.sought()
	return f
}

// handle runs every function that a handler may be, or wraps.
func (d *Reader) handle(h eval.Value, framework string, r *run, depth int) {
	if depth > 4 {
		return
	}
	switch x := h.(type) {
	case *eval.Function:
		d.invoke(x, len(x.Parameters), framework, r)
	case *eval.Native:
		d.invoke(x, 3, framework, r)
	case *eval.Union:
		for _, one := range x.Of {
			d.handle(one, framework, r, depth+1)
		}
	case *eval.Term:
		for _, a := range x.Args {
			d.handle(a, framework, r, depth+1)
		}
	case *eval.Array:
		for _, one := range x.Elements {
			d.handle(one, framework, r, depth+1)
		}
	}
}

func (d *Reader) invoke(f eval.Value, parameters int, framework string, r *run) {
	facts := r.facts
	requestParts := &requestHost{run: r, parts: map[Part]*eval.Object{}}
	request := &eval.Object{Host: requestParts, At: placeOf(f)}
	response := &responseHost{run: r}
	next := &eval.Native{Name: "next", Call: func(c *eval.Call) eval.Value {
		switch c.Arg(0) {
		case eval.Undefined{}, eval.Null{}, eval.String("route"), eval.String("router"):
			facts.Next = true
		default:
			facts.Throws = append(facts.Throws, Thrown{c.Arg(0), c.At})
		}
		return eval.Undefined{}
	}}
	reply := &eval.Object{Host: response, At: request.At}
	args := []eval.Value{request, reply, next}
	r.request = request
	switch framework {
	case "koa":
		ctx := &eval.Object{At: request.At}
		request.Host = requestParts
		ctx.Host = &contextHost{run: r, request: requestParts, response: response, object: request}
		args = []eval.Value{ctx, next}
		r.request = ctx
	case "express":
		if parameters == 4 {
			args = append([]eval.Value{eval.Unknown("the error", request.At)}, args...)
		}
	}
	v := d.Ev.Call(f, eval.Undefined{}, args, request.At)
	facts.Returned = v
	if framework == "koa" && response.status != nil {
		response.send(nil, "", &eval.Call{Evaluator: d.Ev, At: request.At})
	}
	if framework == "fastify" {
		d.returned(v, response, request.At)
	}
}

// returned takes what a handler of Fastify returns as the answer.
func (d *Reader) returned(v eval.Value, response *responseHost, at eval.Place) {
	for _, one := range eval.Alternatives(v) {
		switch x := one.(type) {
		case eval.Undefined:
			continue
		case *eval.Object:
			if x.Host == eval.Host(response) {
				continue
			}
		}
		status := response.status
		response.send(one, "", &eval.Call{Evaluator: d.Ev, At: at})
		response.status = status
	}
}

func placeOf(v eval.Value) eval.Place {
	if f, ok := v.(*eval.Function); ok {
		return f.Place()
	}
	return eval.Place{}
}

// Delegates are the routers that a function hands requests to, as route.Walker asks.
func (d *Reader) Delegates(h eval.Value, in *route.Router) []*route.Router {
	f, ok := h.(*eval.Function)
	if !ok || len(f.Parameters) < 2 {
		return nil
	}
	return d.Read(f, in.Framework).Delegates
}

// Passes says whether a handler may pass requests on, as route.Walker asks.
func (d *Reader) Passes(h eval.Value, in *route.Router) bool {
	switch h.(type) {
	case *eval.Function, *eval.Union:
		return d.Read(h, in.Framework).Next
	case *eval.Term:
		f := d.Read(h, in.Framework)
		return f.Next || len(f.Sends) == 0
	}
	return false
}

// Answers says whether a function answers every request that it gets, as route.Walker
// asks: it sends something that is no refusal, and passes nothing on.
func (d *Reader) Answers(h eval.Value, in *route.Router) bool {
	fn, ok := h.(*eval.Function)
	if !ok || len(fn.Parameters) == 4 { // of errors
		return false
	}
	f := d.Read(h, in.Framework)
	if f.Next {
		return false
	}
	for _, s := range f.Sends {
		if s.Status < 400 && !s.Unclear {
			return true
		}
	}
	return false
}
