package eval

import (
	"strings"
)

// PassedHost is a Host that wants to know that unknown code got its object.
type PassedHost interface {
	Host
	Passed()
}

// handOver tells of the objects of libraries that unknown code gets.
func (ev *Evaluator) handOver(t *Term) {
	var given *Object
	for _, a := range t.Args {
		o, ok := a.(*Object)
		if !ok {
			continue
		}
		if h, ok := HostOf(o).(PassedHost); ok {
			h.Passed()
			ev.handed(o, t)
			if t.around == nil && given == nil {
				given = o
			}
			continue
		}
		if o.Host != nil || o.Class != nil {
			continue
		}
		for _, p := range o.props { // f({ app })
			if inner, ok := p.Value.(*Object); ok {
				if _, ok := HostOf(inner).(PassedHost); ok {
					ev.handed(inner, t)
				}
			}
		}
	}
	t.around = given
}

func (ev *Evaluator) handed(o *Object, t *Term) {
	if ev.phase == 0 && ev.Handed != nil {
		ev.Handed(o, t)
	}
}

// registration is a call of a method of what unknown code made of a library's object: a
// router that was wrapped still registers what looks like a route, a path with a function
// behind it. The methods of a package for it may end in Async.
func (ev *Evaluator) registration(fn *Term, args []Value, at Place) (Value, bool) {
	of, ok := fn.Of.(*Term)
	if !ok || fn.Kind != Member || of.around == nil || len(args) < 2 || ev.phase > 0 {
		return nil, false
	}
	switch args[0].(type) {
	case String, *Text, *RegExp:
	default:
		return nil, false
	}
	if !hasCode(args[1:]) {
		return nil, false // supertest(app).get('/path')
	}
	method, ok := HostOf(of.around).Member(ev, of.around, strings.TrimSuffix(fn.Name, "Async"))
	if !ok {
		return nil, false
	}
	ev.Call(method, of.around, args, at)
	return of, true
}

// hasCode says whether any of some values is, or holds, a function or a router.
func hasCode(values []Value) bool {
	for _, v := range values {
		switch x := v.(type) {
		case *Function, *Native:
			return true
		case *Array:
			if hasCode(x.Elements) {
				return true
			}
		case *Object:
			if _, ok := HostOf(x).(PassedHost); ok {
				return true
			}
		}
	}
	return false
}

// noteDeep says that a function calls itself more often than is followed, where it may
// register something each time.
func (ev *Evaluator) noteDeep(f *Function, this Value, args []Value, at Place) {
	if ev.phase > 0 || ev.spent {
		return
	}
	found := ev.interesting(this, 1) || ev.reaches(f)
	for _, a := range args {
		found = found || ev.interesting(a, 1)
	}
	if found {
		ev.Report("calls-ran-out", at, Describe(f)+" is called in itself, or under conditions that are not known, more often than is followed; what it registers there was not read", "")
	}
}

// External is a package that the program imports.
type External struct {
	Name string
	At   Place // of the first import
}

// Externals are the packages that the program imports, in the order in which they come.
func (ev *Evaluator) Externals() []External { return ev.externals }

func (ev *Evaluator) noteExternal(name string, at Place) {
	for _, have := range ev.externals {
		if have.Name == name {
			return
		}
	}
	ev.externals = append(ev.externals, External{name, at})
}
