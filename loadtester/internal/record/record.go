package record

import "time"

// Phase is a part of a request's way that is timed by itself.
type Phase int

const (
	PhaseDNS       Phase = iota // per new connection
	PhaseConnect                // per new connection
	PhaseTLS                    // per new connection
	PhaseFirstByte              // per request: from the last byte of the request to the first of the response
	PhaseBody                   // per request: from the first to the last byte of the response
	NumPhases
)

// Key is the phase's name in JSON.
func (p Phase) Key() string {
	return [NumPhases]string{"dns", "connect", "tls", "first_byte", "body"}[p]
}

// String is the phase in a report.
func (p Phase) String() string {
	return [NumPhases]string{"DNS", "Connect", "TLS handshake", "First byte", "Body"}[p]
}

// maxStatus is the end of the statuses that HTTP can carry (three digits).
const maxStatus = 1000

// Record is what one writer saw. See the package comment.
type Record struct {
	// Sent requests end up in one of Succeeded, Failed and Unfinished (cut off
	// by the end of the run). Answered are those with a whole response, of
	// whatever status.
	Sent       int64
	Answered   int64
	Succeeded  int64
	Failed     int64
	Unfinished int64
	// Shortfall is what the schedule held and was never sent; Dropped is the
	// part of it that --on-saturation drop gave up at once.
	Shortfall int64
	Dropped   int64
	Warmup    int64 // sent before recording began; in no other count

	Statuses [maxStatus]int64
	Errors   [NumClasses]int64

	Latency *Histogram // from the intended time to the last byte; timeouts count with their wait
	Service *Histogram // from the first byte sent to the last byte received
	SendLag *Histogram // from the intended to the actual start
	Pacing  *Histogram // the part of SendLag that is the generator's own: a connection was free
	Phases  [NumPhases]*Histogram

	BytesIn, BytesOut int64
	Connections       Connections
	Series            Series
	Targets           []Target // each of several targets by itself; nil where there is one
	Walks             Walks    // of a chain
}

// Connections counts what happened to them.
type Connections struct {
	Opened  int64 `json:"opened"`
	Closed  int64 `json:"closed_by_server"` // while idle, or after a response by the server's wish
	Failed  int64 `json:"failed"`           // could not be opened
	Retried int64 `json:"retried"`          // requests that met a connection the server had just closed, and went out again
	Peak    int64 `json:"peak"`             // most at a time
}

// New makes an empty Record.
func New() *Record {
	r := &Record{
		Latency: NewHistogram(Fine), Service: NewHistogram(Fine),
		SendLag: NewHistogram(Coarse), Pacing: NewHistogram(Coarse),
	}
	for p := range r.Phases {
		r.Phases[p] = NewHistogram(Coarse)
	}
	return r
}

// Start counts a request that goes out at the time sent and was due at the time
// due, both since the start of the run. own is how much of the difference is
// the generator's.
func (r *Record) Start(due, sent, own time.Duration) {
	r.Sent++
	r.SendLag.Record(sent - due)
	r.Pacing.Record(own)
	cell := r.Series.At(due)
	cell.Sent++
	cell.Own = max(cell.Own, own)
}

// OfCells makes a Record of what cells hold: counts and a latency in their steps
// of 3 to 6 %, without statuses, service times and lag.
func OfCells(cells []*Cell) *Record {
	r, sum := New(), &Cell{}
	for _, c := range cells {
		sum.Add(c)
	}
	r.Sent, r.Succeeded, r.Failed, r.Answered = sum.Sent, sum.Succeeded, sum.Failed, sum.Count()
	for b, n := range sum.counts {
		if n > 0 {
			r.Latency.add(min((bucketStart(b)+bucketStart(b+1))/2, sum.max), int64(n))
		}
	}
	for class := range Status429 {
		r.Errors[class] = int64(sum.Errors[class])
	}
	return r
}

// End counts a request that got a whole response.
func (r *Record) End(due, sent, done time.Duration, status int, success bool) {
	r.Answered++
	if status >= 0 && status < maxStatus {
		r.Statuses[status]++
	}
	r.Latency.Record(done - due)
	r.Service.Record(done - sent)
	cell := r.Series.At(due)
	cell.Record(done - due)
	if success {
		r.Succeeded++
		cell.Succeeded++
		return
	}
	r.Failed++
	cell.Failed++
	cell.Errors[StatusClass(status)]++
}

// Fail counts a request that got none, or one that was not as expected: status
// is that of a class that Answered.
func (r *Record) Fail(due, sent, done time.Duration, class Class, status int) {
	if class.Answered() {
		r.Answered++
		if status >= 0 && status < maxStatus {
			r.Statuses[status]++
		}
	}
	r.Failed++
	r.Errors[class]++
	cell := r.Series.At(due)
	cell.Failed++
	cell.Errors[class]++
	if class.Timed() {
		r.Latency.Record(done - due)
		r.Service.Record(done - sent)
		cell.Record(done - due)
	}
}

// FailedStatuses are how many answers of each class of statuses were no success:
// with --expect-status 400 a 404 is one, and a 400 is not.
func (r *Record) FailedStatuses() map[Class]int64 {
	failed := map[Class]int64{}
	for _, c := range r.Series.Cells {
		for class := Status429; c != nil && class < NumClasses; class++ {
			failed[class] += int64(c.Errors[class])
		}
	}
	return failed
}

// Merge adds what other saw. Both began at the same moment.
func (r *Record) Merge(other *Record) {
	r.mergeTargets(other)
	r.Sent += other.Sent
	r.Answered += other.Answered
	r.Succeeded += other.Succeeded
	r.Failed += other.Failed
	r.Unfinished += other.Unfinished
	r.Shortfall += other.Shortfall
	r.Dropped += other.Dropped
	r.Warmup += other.Warmup
	for i, n := range other.Statuses {
		r.Statuses[i] += n
	}
	for i, n := range other.Errors {
		r.Errors[i] += n
	}
	r.Latency.Merge(other.Latency)
	r.Service.Merge(other.Service)
	r.SendLag.Merge(other.SendLag)
	r.Pacing.Merge(other.Pacing)
	for p, h := range other.Phases {
		r.Phases[p].Merge(h)
	}
	r.BytesIn += other.BytesIn
	r.BytesOut += other.BytesOut
	r.Connections.Opened += other.Connections.Opened
	r.Connections.Closed += other.Connections.Closed
	r.Connections.Failed += other.Connections.Failed
	r.Connections.Retried += other.Connections.Retried
	r.Connections.Peak += other.Connections.Peak
	r.Series.Merge(&other.Series)
	r.Walks.merge(&other.Walks)
}
