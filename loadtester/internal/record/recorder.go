package record

import "time"

// Recorder is the one way by which the requests of a run get into a Record,
// whatever path they take: it knows what belongs to the warm-up, which ends
// count in the latency, and how each is counted. Times are since the start of the
// run, the warm-up included; a Record's are since recording began.
type Recorder struct {
	*Record
	// Each sees how each request ended, of those that are recorded; nil: nobody
	// looks. (A value, not a pointer: recording allocates nothing.)
	Each   func(Outcome)
	warmup time.Duration
	open   bool // the loop is open: requests are due, and may leave late
}

// NewRecorder makes a Recorder with an empty Record that tells targets apart
// where there are several.
func NewRecorder(targets int, warmup time.Duration, open bool) *Recorder {
	r := &Recorder{Record: New(), warmup: warmup, open: open}
	r.Track(targets)
	return r
}

// Warm says that what is due then belongs to the warm-up, and is not recorded.
func (r *Recorder) Warm(due time.Duration) bool { return due < r.warmup }

// Begin counts a request that goes out. own is how much of its lateness is the
// generator's.
func (r *Recorder) Begin(due, sent, own time.Duration) {
	switch {
	case r.Warm(due):
		r.Warmup++
	case r.open:
		r.Start(due-r.warmup, sent-r.warmup, own)
	default:
		r.Sent++
		r.Series.At(due-r.warmup).Sent++
	}
}

// End is what became of a request.
type End uint8

const (
	Whole    End = iota // it was sent, and had an answer or a cause of failure
	NoEnd               // it was sent, and the end of the run cut it off
	NeverOut            // it was due, and not sent
)

// Outcome is how a request ended.
type Outcome struct {
	Request         uint64 // its number in the run
	Target          int
	End             End
	Due, Sent, Done time.Duration
	First           time.Duration // of the response's first byte; 0: none came
	Class           Class
	Status          int  // of a whole response, and of one with a class that Answered
	Success         bool // of a response without a class
}

// Finish counts the end of a request that Begin has counted.
func (r *Recorder) Finish(o *Outcome) {
	if r.Warm(o.Due) {
		return
	}
	if r.Each != nil {
		r.Each(*o)
	}
	due, sent, done := o.Due-r.warmup, o.Sent-r.warmup, o.Done-r.warmup
	r.Tally(o.Target, done-due, o.Class, o.Status, o.Success)
	if o.Class != OK {
		r.Fail(due, sent, done, o.Class, o.Status)
	} else {
		r.End(due, sent, done, o.Status, o.Success)
	}
	if o.First > 0 && (o.Class == OK || o.Class.Answered()) {
		r.Phases[PhaseFirstByte].Record(o.First - o.Sent)
		if o.Done > o.First {
			r.Phases[PhaseBody].Record(o.Done - o.First)
		}
	}
}

// CutOff counts a request that the end of the run cut off; now is when.
func (r *Recorder) CutOff(request uint64, target int, due, sent, now time.Duration) {
	if !r.Warm(due) {
		r.Unfinished++
		r.tell(Outcome{Request: request, Target: target, End: NoEnd, Due: due, Sent: sent, Done: now})
	}
}

// NotSent counts a request that was due and never went out; now is when it was
// given up.
func (r *Recorder) NotSent(request uint64, target int, due, now time.Duration) {
	if !r.Warm(due) {
		r.Shortfall++
		r.tell(Outcome{Request: request, Target: target, End: NeverOut, Due: due, Sent: now, Done: now})
	}
}

// tell lets Each see an end.
func (r *Recorder) tell(o Outcome) {
	if r.Each != nil {
		r.Each(o)
	}
}

// Saturate counts a request for which no connection was free: dropped, or a
// failure. It says whether it counts as one that was sent.
func (r *Recorder) Saturate(request uint64, target int, due, now, own time.Duration, drop bool) (sent bool) {
	switch {
	case r.Warm(due):
		return false
	case drop:
		r.NotSent(request, target, due, now)
		r.Dropped++
		return false
	}
	r.Begin(due, now, own)
	r.Finish(&Outcome{Request: request, Target: target, Due: due, Sent: now, Done: now, Class: Saturated})
	return true
}

// Receive counts bytes of the response to a request.
func (r *Recorder) Receive(due time.Duration, n int64) {
	if !r.Warm(due) {
		r.BytesIn += n
	}
}

// Walk counts the end of a walk through a chain: whole, or at a step, the request
// of which was due then.
func (r *Recorder) Walk(due time.Duration, whole bool, step int) {
	if !r.Warm(due) {
		r.Walks.end(whole, step)
	}
}
