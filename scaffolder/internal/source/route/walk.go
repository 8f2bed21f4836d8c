package route

import (
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// Endpoint is one method on one full path.
type Endpoint struct {
	Method string // upper case; "ALL": every method
	Path   string // as OpenAPI writes it
	Params []Piece
	// Steps are the handlers that a request passes, in order; the last ones are the
	// route's own.
	Steps []Step
	At    eval.Place
	// Mounts are the places of the mounts that lead to it, outermost first.
	Mounts  []eval.Place
	Router  *Router
	Layer   *Layer
	Maybe   bool
	Mounted bool
}

// Delegates says which routers a handler passes requests to, if it is a function that
// does so.
type Delegates func(handler eval.Value, in *Router) []*Router

// Result is what came of walking.
type Result struct {
	Endpoints []*Endpoint
	// Reached are the routers that endpoints were looked for in.
	Reached map[*Router]bool
	// Many says that there was more than is looked at: what was not reached may as well be
	// mounted.
	Many bool
}

// Walker goes from applications through their mounts.
type Walker struct {
	Ev        *eval.Evaluator
	Delegates Delegates
	// Passes says whether a handler may pass a request on to what is registered after it.
	Passes func(h eval.Value, in *Router) bool
	// Answers says whether a handler answers requests, whatever they are; may be nil.
	Answers func(h eval.Value, in *Router) bool
	// Guess is asked for a text that a path is made of and that nobody knows; may be nil.
	Guess  func(v eval.Value) (string, bool)
	result Result
	seen   map[seen]bool
	visits int
	many   bool // that there are too many was told
}

// mostEndpoints bounds what one walk gives.
const mostEndpoints = 20_000

// mostVisits and deepestMount bound how often routers are come to: where each mounts the
// next one twice, there are more ways than anybody can walk.
const (
	mostVisits   = 100_000
	deepestMount = 24
)

// Walk finds the endpoints of the given routers. An endpoint that is registered twice
// is the first one.
func (w *Walker) Walk(roots []*Router, mounted bool) Result {
	w.result = Result{Reached: map[*Router]bool{}}
	w.seen = map[seen]bool{}
	for _, r := range roots {
		w.router(r, visit{prefixes: []Pattern{nil}, mounted: mounted})
	}
	return w.result
}

// visit is how a router was come to.
type visit struct {
	prefixes []Pattern
	steps    []Step
	mounts   []eval.Place
	trail    []*Router
	maybe    bool
	mounted  bool
}

func (w *Walker) router(r *Router, v visit) {
	for _, have := range v.trail {
		if have == r {
			return // a router that is mounted in itself
		}
	}
	w.visits++
	if w.many || w.visits > mostVisits || len(v.trail) > deepestMount {
		w.noteMany(r.At)
		return
	}
	w.result.Reached[r] = true
	v.trail = append(append([]*Router{}, v.trail...), r)
	v.steps = append([]Step{}, v.steps...)
	if len(r.Prefix) > 0 {
		patterns, ok := w.patterns(r, r.Prefix, r.At, "prefix")
		if !ok {
			return
		}
		v.prefixes = joinAll(v.prefixes, patterns)
	}
	if r.HooksFirst {
		for _, l := range r.Layers {
			if l.Kind == Use && len(l.Paths) == 0 && !hasRouter(l.Handlers) {
				v.steps = append(v.steps, steps(l, false)...)
			}
		}
	}
	for _, l := range r.Layers {
		w.layer(r, l, &v)
	}
}

func hasRouter(handlers []eval.Value) bool {
	for _, h := range handlers {
		for _, one := range eval.Alternatives(h) {
			if Of(one) != nil {
				return true
			}
		}
	}
	return false
}

func (w *Walker) layer(r *Router, l *Layer, v *visit) {
	full := v.prefixes
	if len(l.Paths) > 0 {
		what := "path"
		if l.Kind == Use {
			what = "mount path"
		}
		patterns, ok := w.patterns(r, l.Paths, l.At, what)
		if !ok {
			return
		}
		full = joinAll(v.prefixes, patterns)
	}
	switch l.Kind {
	case Route:
		w.route(r, l, v, full)
	case Param:
		v.steps = append(v.steps, steps(l, false)...)
	case Use:
		w.use(r, l, v, full)
	}
}

// use goes into the routers of a layer; its other handlers stand before what follows.
func (w *Walker) use(r *Router, l *Layer, v *visit, full []Pattern) {
	var prefix []way
	if len(l.Paths) > 0 {
		prefix = ways(full)
	}
	before := v.steps[:len(v.steps):len(v.steps)]
	for _, h := range l.Handlers {
		mounts := w.mountsOf(h, r)
		for _, m := range mounts {
			inner := *v
			inner.prefixes, inner.steps = full, before
			inner.mounts = append(append([]eval.Place{}, v.mounts...), l.At)
			inner.maybe = v.maybe || l.Maybe
			w.router(m, inner)
		}
		step := Step{Handler: h, At: l.At, prefix: prefix}
		if len(mounts) > 0 {
			if Of(h) == nil && !isUnionOfRouters(h) {
				before = append(before, step) // a function that hands on, and may guard
			}
			continue
		}
		w.noteAnswers(h, r, l, full)
		before = append(before, step)
		if !r.HooksFirst || len(l.Paths) > 0 {
			v.steps = append(v.steps, step)
		}
	}
}

// noteAnswers tells of middleware below a path of its own that answers every request: an
// endpoint to those who call it, of methods that nobody names.
func (w *Walker) noteAnswers(h eval.Value, r *Router, l *Layer, full []Pattern) {
	if w.Answers == nil || len(l.Paths) == 0 || len(full) == 0 || !w.Answers(h, r) {
		return
	}
	path := full[0].String()
	if path == "/" || strings.HasPrefix(path, "/{wildcard") {
		return // the answer to what nobody else took
	}
	w.Ev.Report("use-answers", l.At, "what is used here answers every request below "+path+", of any method; it is no operation of the document",
		"register it with a method, such as get, or write an @openapi comment")
}

func isUnionOfRouters(h eval.Value) bool {
	_, ok := h.(*eval.Union)
	return ok && hasRouter([]eval.Value{h})
}

func (w *Walker) mountsOf(h eval.Value, in *Router) []*Router {
	var out []*Router
	for _, one := range eval.Alternatives(h) {
		if m := Of(one); m != nil {
			out = append(out, m)
		}
	}
	if len(out) == 0 && w.Delegates != nil {
		out = w.Delegates(h, in)
	}
	return out
}

// seen is an endpoint that was found: the first of a method and path is the one.
type seen struct {
	text  string
	layer *Layer // of a route for all methods
}

func (w *Walker) route(r *Router, l *Layer, v *visit, full []Pattern) {
	for _, method := range l.Methods {
		for _, p := range full {
			path := p.String()
			if r.Dialect != Fastify || len(path) > 1 && endsWithPrefixSlash(l, p) {
				path = trimSlash(path)
			}
			key := seen{text: method + " " + path}
			if method == "ALL" {
				key.layer = l // each may be for another method, which its handler looks at
			}
			if w.seen[key] {
				continue
			}
			if len(w.result.Endpoints) >= mostEndpoints {
				w.noteMany(l.At)
				return
			}
			w.seen[key] = true
			e := &Endpoint{
				Method: method, Path: path, At: l.At, Mounts: v.mounts, Router: r, Layer: l,
				Maybe: l.Maybe || v.maybe, Mounted: v.mounted,
			}
			for _, piece := range p {
				if piece.Param != "" {
					e.Params = append(e.Params, piece)
				}
			}
			its := segments(path)
			for i := range v.steps {
				if s := &v.steps[i]; s.applies(e, its) {
					e.Steps = append(e.Steps, *s)
				}
			}
			e.Steps = append(e.Steps, steps(l, true)...)
			w.result.Endpoints = append(w.result.Endpoints, e)
		}
	}
	w.passing(r, l, v, full)
}

// noteMany tells, once, that there are more routes than are looked at.
func (w *Walker) noteMany(at eval.Place) {
	if !w.many {
		w.many, w.result.Many = true, true
		w.Ev.Report("many-routes", at, "there are more routes, or mounts in each other, than are looked at ("+strconv.Itoa(mostEndpoints)+"); what comes behind this one was not read", "read a directory of routes, which gives a document of its own")
	}
}

// endsWithPrefixSlash says whether the slash at the end is that of the route "/" below
// a prefix, which Fastify serves without it too.
func endsWithPrefixSlash(l *Layer, _ Pattern) bool {
	for _, p := range l.Paths {
		if p.Text != "/" && p.Text != "" {
			return false
		}
	}
	return true
}

func trimSlash(path string) string {
	if len(path) > 1 {
		return strings.TrimSuffix(path, "/")
	}
	return path
}

func joinAll(prefixes, rest []Pattern) []Pattern {
	out := make([]Pattern, 0, len(prefixes)*len(rest))
	for _, a := range prefixes {
		for _, b := range rest {
			out = append(out, join(a, b))
		}
	}
	return out
}

// patterns are the patterns of paths; ok is false where none of them is known, which
// is reported.
func (w *Walker) patterns(r *Router, paths []Path, at eval.Place, what string) (out []Pattern, ok bool) {
	for _, p := range paths {
		if p.Unknown != nil && w.Guess != nil {
			p = w.guessed(p)
		}
		switch {
		case p.Unknown != nil:
			w.Ev.Report("unknown-path", at, "the "+what+" is not known ("+eval.Describe(p.Unknown)+"); what it leads to is left out",
				"give it a default in the code or in .env.example; --include-unmounted describes routers by their own paths")
		case p.RegExp != nil:
			pattern, fine := parseRegExp(p.RegExp)
			if !fine {
				w.Ev.Report("regexp-path", at, "no path of OpenAPI says what /"+p.RegExp.Pattern+"/ matches; it is left out", "")
				continue
			}
			out = append(out, pattern)
		default:
			out = append(out, parsePath(r.Dialect, p.Text)...)
		}
	}
	return out, len(out) > 0
}

// guessed fills in the pieces of a path that a guess is there for.
func (w *Walker) guessed(p Path) Path {
	parts := []eval.Value{p.Unknown}
	if t, ok := p.Unknown.(*eval.Text); ok {
		parts = t.Parts
	}
	var b strings.Builder
	for _, part := range parts {
		if s, ok := part.(eval.String); ok {
			b.WriteString(string(s))
			continue
		}
		guess, ok := "", false
		for _, one := range eval.Alternatives(part) {
			if guess, ok = w.Guess(one); ok {
				break
			}
		}
		if !ok {
			return p
		}
		b.WriteString(guess)
	}
	return Path{Text: b.String(), Assumed: eval.Describe(p.Unknown)}
}
