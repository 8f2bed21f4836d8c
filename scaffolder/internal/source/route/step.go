package route

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// Step is a handler on the way of a request.
type Step struct {
	Handler eval.Value
	At      eval.Place
	// Own says that the route itself names it.
	Own bool
	// prefix is what the path must begin with; nil: anything.
	prefix []way
	param  string
	// method and whole: the step belongs to a route before, of this method ("ALL": any)
	// and with exactly these paths.
	method string
	whole  []way
}

// way is a pattern that many paths are held against.
type way struct {
	segments []string
	wild     bool // at its end
}

func ways(list []Pattern) []way {
	if list == nil {
		return nil
	}
	out := make([]way, 0, len(list))
	for _, p := range list {
		out = append(out, way{segments(p.String()), len(p) > 0 && p[len(p)-1].Wild})
	}
	return out
}

func steps(l *Layer, own bool) []Step {
	var out []Step
	for _, h := range append(append([]eval.Value{}, l.Before...), l.Handlers...) {
		out = append(out, Step{Handler: h, At: l.At, Own: own, param: l.Name})
	}
	return out
}

// passing lets the handlers of a route that pass on stand before later routes that the
// same requests come to.
func (w *Walker) passing(r *Router, l *Layer, v *visit, full []Pattern) {
	if w.Passes == nil || r.HooksFirst {
		return
	}
	for _, h := range l.Handlers {
		if !w.Passes(h, r) {
			return
		}
	}
	whole := ways(full)
	for _, method := range l.Methods {
		for _, s := range steps(l, false) {
			s.method, s.whole = method, whole
			v.steps = append(v.steps, s)
		}
	}
}

// applies says whether a request for e, whose path has these segments, passes the step.
func (s *Step) applies(e *Endpoint, its []string) bool {
	if s.param != "" {
		for _, p := range e.Params {
			if p.Param == s.param {
				return true
			}
		}
		return false
	}
	if s.method != "" && !s.before(e, its) {
		return false
	}
	if len(s.prefix) == 0 {
		return true
	}
	for _, p := range s.prefix {
		if covers(p.segments, its) {
			return true
		}
	}
	return false
}

// before says whether the route that the step belongs to is asked first for e.
func (s *Step) before(e *Endpoint, its []string) bool {
	if s.method != "ALL" && s.method != e.Method {
		return false
	}
	for _, p := range s.whole {
		if (p.wild || len(p.segments) == len(its)) && covers(p.segments, its) {
			return true
		}
	}
	return false
}
