package route

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// Router is an application, a router, or a plugin's scope.
type Router struct {
	Framework string // "express", "fastify", "koa"
	Dialect   Dialect
	// App says that it can be served by itself.
	App bool
	// Served says that it listens, or is handed to somebody who lets it.
	Served bool
	// Maybe says that it was made under a condition that is not known: who serves it may
	// not be known either.
	Maybe bool
	// HooksFirst says that handlers of Use layers without a path are run for every
	// route of the router, also for those that were registered before (Fastify).
	HooksFirst bool
	// Prefix stands before every path of the router, wherever it is mounted.
	Prefix []Path
	Layers []*Layer
	At     eval.Place
	// Name is what messages call it.
	Name string
	// Object stands for an application in the program.
	Object eval.Value
	// Parent is the router that a plugin's scope stands in; nil elsewhere.
	Parent *Router
}

// LayerKind says what a layer is.
type LayerKind int

const (
	// Route answers requests of Methods.
	Route LayerKind = iota
	// Use is asked for every request below its paths.
	Use
	// Param is asked where a path has the parameter Name.
	Param
)

// Layer is one registration.
type Layer struct {
	Kind    LayerKind
	Methods []string // upper case; "ALL" is every method
	Paths   []Path   // any of them; empty: the router's own
	// Handlers in the order in which they are asked. Routers among them are mounts.
	Handlers []eval.Value
	Name     string
	At       eval.Place
	// Maybe says that it was registered under a condition that is not known.
	Maybe bool
	// Options is what the registration was given beside path and handlers; nil: none.
	Options eval.Value
	// Before are handlers that are asked before Handlers and come from Options.
	Before []eval.Value
}

// Add appends a layer.
func (r *Router) Add(l *Layer) { r.Layers = append(r.Layers, l) }

// Mountable is a host that a router stands behind.
type Mountable interface {
	eval.Host
	Router() *Router
}

// Of is the router behind a value; nil where there is none.
func Of(v eval.Value) *Router {
	if h, ok := eval.HostOf(v).(Mountable); ok {
		return h.Router()
	}
	return nil
}

// Flatten is a list of handlers with arrays in it written out; what is undefined is
// left out.
func Flatten(values []eval.Value) []eval.Value {
	var out []eval.Value
	for _, v := range values {
		switch x := v.(type) {
		case *eval.Array:
			out = append(out, Flatten(x.Elements)...)
		case eval.Undefined, eval.Null, eval.Bool, eval.String, eval.Number:
		default:
			out = append(out, v)
		}
	}
	return out
}

// DelegationObserver is an eval.Observer that wants to know of routers that are called
// as functions: router(req, res, next).
type DelegationObserver interface{ Delegated(r *Router) }

// AnswerObserver is an eval.Observer that wants to know of functions whose result is sent as
// the answer: methods of controllers.
type AnswerObserver interface{ Answering(f *eval.Function) }
