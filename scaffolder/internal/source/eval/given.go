package eval

// GivingLibrary is a Library that knows what calls of its packages give.
type GivingLibrary interface {
	Library
	// Gives is what a call gives, while the program starts or while it handles requests; ok
	// is false where nothing is known of it.
	Gives(t *Term, starting bool) (v Value, ok bool)
}

func (ev *Evaluator) gives(t *Term) (Value, bool) {
	if t.Kind != Called {
		return nil, false
	}
	for _, lib := range ev.Libraries {
		if g, ok := lib.(GivingLibrary); ok {
			if v, ok := g.Gives(t, ev.phase == 0); ok {
				return v, true
			}
		}
	}
	return nil, false
}

// Passed is an object that unknown code lets pass: what is known of it is the same behind
// it, and the rest is what the call gives.
func (t *Term) Passed(o *Object) *Object {
	out := &Object{Open: true, At: t.At, spread: []Value{t}}
	for i, k := range o.keys {
		switch v := o.props[i].Value.(type) {
		case String, Number, Bool, *Array, *Function, *Class:
			out.Put(k, v)
		case *Object:
			if v.Host == nil {
				out.Put(k, v)
			}
		}
	}
	return out
}
