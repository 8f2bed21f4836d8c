package eval

// spend is what the runs of a function have taken while the program starts.
type spend struct{ runs, steps, touches int }

// A function is barren when its runs are dear and do nothing to an object that a library
// stands behind: more of them only take the steps that registrations need. Cheap ones are
// run as often as they are called, since paths may be made by them.
const (
	barrenRuns  = 2
	barrenEach  = 3_000   // steps of a run, on average
	barrenSure  = 300_000 // steps of all runs, where it is known that they happen
	barrenMaybe = 60_000  // and where they may not
)

func (ev *Evaluator) barren(f *Function) bool {
	s := ev.spends[f.Node]
	if s == nil || s.runs < barrenRuns || s.touches > 0 || s.steps < barrenEach*s.runs {
		return false
	}
	return s.steps > barrenSure || ev.level > 0 && s.steps > barrenMaybe
}

// ran notes a run.
func (ev *Evaluator) ran(f *Function, steps, touches int) {
	s := ev.spends[f.Node]
	if s == nil {
		s = &spend{}
		ev.spends[f.Node] = s
	}
	s.runs++
	s.steps += steps
	s.touches += touches
}

// idling says of the rounds of a loop that begins now whether they are barren: many, dear
// all together, and nothing done.
func (ev *Evaluator) idling() func(round int) bool {
	steps, touches := ev.Steps, ev.touches
	return func(round int) bool {
		if ev.phase > 0 || round < 2 || ev.touches > touches {
			return false
		}
		spent := steps - ev.Steps
		if round < 100 {
			return spent > barrenSure
		}
		return spent > barrenSure/2 || ev.level > 0 && spent > barrenMaybe/2
	}
}

// touch notes a call of a library's function on one of its objects, or one that gives one.
func (ev *Evaluator) touch(this, result Value) {
	for _, v := range []Value{this, result} {
		if o, ok := v.(*Object); ok {
			if _, ok := HostOf(o).(PassedHost); ok {
				ev.touches++
				return
			}
		}
	}
}
