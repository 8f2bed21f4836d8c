package eval

// A run may take so many steps, and make values of so many bytes; both are counted here.
// Bytes are what values take roughly, also of those that are garbage soon: what keeps
// everything that it makes ends before the memory does.
const (
	roomEachStep = 28 // bytes while the program starts, for each step that it may take
	roomHandler  = 24 << 20

	// All handlers together may take these, and more where there is more source.
	handlersSteps, stepsEachByte = 12_000_000, 4
	handlersRoom, roomEachByte   = 256 << 20, 24

	manyCopies = 1_000

	// leastSteps is what a handler may take when the others have taken all.
	leastSteps, leastRoom = 400, 64 << 10
)

// Sizes of values, with what hangs on them.
const (
	sizeCall     = 320 // a scope, its frame and their variables
	sizeFunction = 224
	sizeObject   = 144
	sizeProperty = 112
	sizeElement  = 16
	sizeTerm     = 224
)

// budget is what may still be done and made.
type budget struct {
	room  int // bytes
	given allowance
	rest  allowance // of all handlers; nothing before the first
	began bool
}

type allowance struct{ steps, room int }

// makes counts bytes of values.
func (ev *Evaluator) makes(size int) { ev.room -= size }

// copies counts so many elements or properties that are handled at once; many of them
// take steps, too.
func (ev *Evaluator) copies(n, size int) {
	if n > manyCopies {
		ev.Steps -= n / 16
	}
	ev.room -= n * size
}

// Phase begins another pass over the program's functions, with steps of its own:
// functions that unknown code was given are entered once in each.
func (ev *Evaluator) Phase(steps int) {
	b := &ev.budget
	if !b.began {
		b.began = true
		source := 0
		for _, m := range ev.modules {
			if m != nil && m.File != nil {
				source += len(m.File.Source)
			}
		}
		b.rest = allowance{handlersSteps + stepsEachByte*source, handlersRoom + roomEachByte*source}
	} else {
		b.rest.steps -= b.given.steps - ev.Steps
		b.rest.room -= b.given.room - b.room
	}
	b.given = allowance{max(min(steps, b.rest.steps), leastSteps), max(min(roomHandler, b.rest.room), leastRoom)}
	ev.phase++
	ev.Steps, b.room, ev.spent = b.given.steps, b.given.room, false
}

func (ev *Evaluator) step(at Place) bool {
	ev.Steps--
	if ev.Steps > 0 && ev.room > 0 {
		return true
	}
	if !ev.spent {
		ev.spent = true
		ev.noteSpent(at)
	}
	return false
}

// noteSpent says where steps or room ran out.
func (ev *Evaluator) noteSpent(at Place) {
	switch {
	case ev.phase > 0:
		ev.Report("handler-steps", at, "a handler takes more steps than are looked at; what it reads and sends behind this place is not in the document", "say it in an @openapi comment above the route")
	case ev.room <= 0:
		ev.Report("memory-ran-out", at, "the program makes more values than are kept; what comes behind was not read", "name a file nearer to the routes, or raise --steps")
	default:
		ev.Report("steps-ran-out", at, "the program took more steps than are looked at; what comes behind was not read", "name a file nearer to the routes, or raise --steps")
	}
}
