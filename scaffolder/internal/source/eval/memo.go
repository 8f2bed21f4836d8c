package eval

import "slices"

// BoundHost is a Host whose object is of one run only (the request of a handler): what
// a function does with it is not the same the next time.
type BoundHost interface {
	Host
	BoundToRun()
}

// memo is what a function did that got nothing of a run.
type memo struct {
	value  Value
	thrown []thrown
}

type thrown struct {
	value Value
	at    Place
}

// mostThrown bounds what a memo keeps of what was thrown.
const mostThrown = 64

// add keeps what was thrown, each place once: what a memo says again comes into the memos
// around it, so lists of everything would double with each function.
func (m *memo) add(t thrown) {
	if len(m.thrown) < mostThrown && !slices.Contains(m.thrown, t) {
		m.thrown = append(m.thrown, t)
	}
}

// memoKey is a call: the same function with the same arguments.
type memoKey struct {
	node  any
	scope *scope
	this  Value
	count int
	args  [4]Value
}

// remembered runs a function that gets nothing of this run, or says again what it did
// when it ran with the same arguments before: services that many handlers call are run
// once.
func (ev *Evaluator) remembered(f *Function, this Value, args []Value) Value {
	k := memoKey{node: f.Node, scope: f.scope, this: this, count: len(args)}
	if len(args) > len(k.args) {
		return ev.runFunction(f, this, args)
	}
	copy(k.args[:], args)
	if m, ok := ev.memos[k]; ok {
		for _, t := range m.thrown {
			ev.thrown(t.value, t.at)
		}
		return m.value
	}
	of := costKey{node: f.Node, args: scalars(args)}
	c := ev.costs[of]
	if c == nil {
		c = &cost{}
		ev.costs[of] = c
	}
	if c.dear() { // and much the same each time
		for _, t := range c.last.thrown {
			ev.thrown(t.value, t.at)
		}
		return c.last.value
	}
	before := ev.Steps
	m := &memo{value: Unknown("what "+Describe(f)+" gives", f.Place())}
	ev.memos[k] = m
	outer := ev.collecting
	ev.collecting = m
	v := ev.runFunction(f, this, args)
	ev.collecting = outer
	c.steps += before - ev.Steps
	c.runs++
	c.last = m
	if !ev.spent {
		m.value = v
	}
	if outer != nil {
		for _, t := range m.thrown {
			outer.add(t)
		}
	}
	return v
}

// What remembered runs of one function may take, all together: the cheap ones more, since
// what they give may hang on anything that they get.
const (
	mostSteps = 40_000
	dearSteps = 2_000
	dearRun   = 100
)

// costKey is a function with the texts, numbers and truths that it gets: with others it
// does other things (an error of a status).
type costKey struct {
	node any
	args [4]Value
}

func scalars(args []Value) (out [4]Value) {
	for i, a := range args {
		switch a.(type) {
		case String, Number, Bool, Null, Undefined:
			if i < len(out) {
				out[i] = a
			}
		}
	}
	return out
}

// cost is what the remembered runs of a function have taken.
type cost struct {
	steps, runs int
	last        *memo
}

func (c *cost) dear() bool {
	return c.last != nil && (c.steps > mostSteps || c.steps > dearSteps && c.steps > dearRun*c.runs)
}

// ofRun says whether a call gets anything of this run.
func (ev *Evaluator) ofRun(f *Function, this Value, args []Value) bool {
	if boundToRun(this, 1) {
		return true
	}
	for _, a := range args {
		if boundToRun(a, 1) {
			return true
		}
	}
	for s := f.scope; s != nil && s.parent != nil; s = s.parent {
		for _, b := range s.slots {
			if boundToRun(b.value, 0) {
				return true
			}
		}
		if s.frame != nil && boundToRun(s.frame.this, 0) {
			return true
		}
	}
	return false
}

func boundToRun(v Value, depth int) bool {
	switch x := v.(type) {
	case *Function, *Native:
		return depth > 0 // it may be called back
	case *Object:
		if _, ok := x.Host.(BoundHost); ok {
			return true
		}
		if depth > 0 && x.Host == nil && x.Class != nil {
			return keepsBound(x, 2)
		}
		if depth > 0 && x.Host == nil {
			for _, p := range x.props {
				if boundToRun(p.Value, 0) {
					return true
				}
			}
			for _, s := range x.spread {
				if boundToRun(s, 0) {
					return true
				}
			}
		}
	case *Array:
		return arrayBound(x, min(depth, 0)-1)
	case *Union:
		for _, one := range x.Of {
			if boundToRun(one, depth) {
				return true
			}
		}
	}
	return false
}

// deepestLists is how far lists in lists are looked through: one may hold itself.
const deepestLists = 2

// arrayBound says whether anything of this run is among the elements of an array. Those
// that cannot become so are not looked at again: long lists are asked at each call.
func arrayBound(a *Array, depth int) bool {
	if depth < -deepestLists {
		return false
	}
	settled := true
	for i := min(a.settled, len(a.Elements)); i < len(a.Elements); i++ {
		e := a.Elements[i]
		if boundToRun(e, depth) {
			return true
		}
		switch e.(type) {
		case *Array, *Union:
			settled = false
		}
		if settled {
			a.settled = i + 1
		}
	}
	return false
}

// keepsBound says whether an instance, or an object in it, keeps anything of this run.
func keepsBound(o *Object, depth int) bool {
	for _, p := range o.props {
		inner, ok := p.Value.(*Object)
		if !ok {
			continue
		}
		if _, ok := inner.Host.(BoundHost); ok {
			return true
		}
		if depth > 1 && inner.Host == nil && inner.Class == nil && keepsBound(inner, depth-1) {
			return true
		}
	}
	return false
}
