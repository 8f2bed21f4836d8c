package eval

// Relevance is a Sources that knows which files matter.
type Relevance interface {
	// Relevant says whether a file, or one that it imports, uses a framework.
	Relevant(path string) bool
}

// mostRuns bounds how often a function is run where it may not be run at all.
const mostRuns = 60

// mostIrrelevant and irrelevantSteps bound functions of files that lead to no framework:
// factories of controllers are short.
const (
	mostIrrelevant  = 200
	irrelevantSteps = 4_000
)

// worthwhile says whether running a function can register anything. Where it may not be
// called at all, and nothing that a library stands behind is in its reach, it cannot.
func (ev *Evaluator) worthwhile(f *Function, this Value, args []Value) bool {
	if ev.phase > 0 {
		return true
	}
	if ev.level == 0 && ev.depth < 24 {
		return true
	}
	if ev.interesting(this, 1) || ev.reaches(f) {
		return ev.runsNoted(f, this, args)
	}
	for _, a := range args {
		if ev.interesting(a, 1) {
			return ev.runsNoted(f, this, args)
		}
	}
	most := mostRuns
	if r, ok := ev.Sources.(Relevance); ok && !r.Relevant(f.Module.Path) {
		if s := ev.spends[f.Node]; s != nil && s.steps > irrelevantSteps {
			return false
		}
		most = mostIrrelevant // it registers nothing, but may make what answers
	}
	return ev.runs(f, most)
}

// runsNoted bounds functions that may register something, and says where it ends.
func (ev *Evaluator) runsNoted(f *Function, this Value, args []Value) bool {
	if ev.runs(f, 20*mostRuns) {
		return true
	}
	ev.noteDeep(f, this, args, f.Place())
	return false
}

func (ev *Evaluator) runs(f *Function, most int) bool {
	if ev.maybeRuns == nil {
		ev.maybeRuns = map[any]int{}
	}
	ev.maybeRuns[f.Node]++
	return ev.maybeRuns[f.Node] <= most
}

// interesting says whether a library stands behind a value, or one in it; depth is how
// far functions are followed.
func (ev *Evaluator) interesting(v Value, depth int) bool {
	switch x := v.(type) {
	case *Object:
		return hosted(x)
	case *Function:
		return depth > 0 && ev.reaches(x)
	case *Union:
		for _, one := range x.Of {
			if ev.interesting(one, depth) {
				return true
			}
		}
	}
	return false
}

// hosted says whether an object, or one of its properties, is a library's.
func hosted(o *Object) bool {
	if _, ok := HostOf(o).(PassedHost); ok {
		return true
	}
	for _, p := range o.props {
		if inner, ok := p.Value.(*Object); ok {
			if _, ok := HostOf(inner).(PassedHost); ok {
				return true
			}
		}
	}
	return false
}

// reaches says whether a function closes over something that a library stands behind,
// in the functions around it.
func (ev *Evaluator) reaches(f *Function) bool {
	if f.bound != nil {
		if o, ok := f.bound.this.(*Object); ok && hosted(o) {
			return true
		}
	}
	for s := f.scope; s != nil && s.parent != nil; s = s.parent {
		for _, b := range s.slots {
			if o, ok := b.value.(*Object); ok && hosted(o) {
				return true
			}
		}
		if s.frame != nil {
			if o, ok := s.frame.this.(*Object); ok && hosted(o) {
				return true
			}
		}
	}
	return false
}
