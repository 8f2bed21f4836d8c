package engine

import (
	"context"
	"io"
	"log"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// classic is the path through net/http: a goroutine for each request in flight.
// It costs about three times the event loop's CPU and sends less exactly, and it
// runs everywhere and can do all that net/http can.
type classic struct {
	*run
	client *client

	mu      sync.Mutex         // guards what follows
	records []*record.Recorder // by group
	live    *record.Cell
	total   Progress

	connected atomic.Int64 // open connections
	chunks    sync.Pool    // of *[]byte, for reading bodies
	workers   int
	jobs      chan job
	group     sync.WaitGroup
	sequence  atomic.Uint64 // the closed loop's next request
}

// collectAt lets garbage grow to four times what is in use before it is collected.
// net/http and quic-go make some for each request, of which little is in use: at
// the usual 100 % a fifth of the CPU went into collecting it, in moments that
// others then wait for. It takes some 12 MB more.
const collectAt = 400

// job is a request whose time has come.
type job struct {
	i   uint64
	due time.Duration
	own time.Duration // the generator's part of its lateness
}

func newClassic(r *run) *classic {
	// The library tells the log of the process of each frame that it does not know, and
	// of bytes on idle connections. That is our standard error, and no line of ours: a
	// server could fill it.
	log.SetOutput(io.Discard)
	c := &classic{run: r, live: new(record.Cell), jobs: make(chan job)}
	c.chunks.New = func() any { chunk := make([]byte, 16<<10); return &chunk }
	for range r.o.groups() {
		c.records = append(c.records, r.recorder())
	}
	if r.o.Protocol == HTTP3 {
		c.client = c.newQUIC()
	} else {
		c.client = c.newClient()
	}
	return c
}

// counted tells when it is closed.
type counted struct {
	net.Conn
	once   sync.Once
	closed func()
}

func (c *counted) Close() error {
	c.once.Do(c.closed)
	return c.Conn.Close()
}

func (c *classic) name() string {
	if c.o.Protocol == HTTP3 {
		return "quic-go, HTTP/3"
	}
	return "net/http"
}

// prepare begins to count connections: those before were of the preflight.
func (c *classic) prepare(context.Context) error {
	c.dial.wrap = func(conn net.Conn) net.Conn {
		c.connected.Add(1)
		return &counted{Conn: conn, closed: c.disconnected}
	}
	return nil
}

func (c *classic) disconnected() { c.connected.Add(-1) }

func (c *classic) close() { c.client.close() }

func (c *classic) drive(ctx context.Context) outcome {
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	finished := make(chan struct{})
	var looks sync.WaitGroup
	looks.Go(func() { c.report(finished) })
	var sending time.Duration
	if c.o.Schedule == nil {
		sending = c.closed(ctx)
	} else {
		sending = c.open(ctx)
	}
	c.group.Wait()
	close(finished)
	looks.Wait() // nobody looks at a run that is over
	return outcome{records: records(c.records), sending: sending, elapsed: max(c.now(), 0), loops: 1}
}

// closed runs the workers of a closed loop.
func (c *classic) closed(ctx context.Context) time.Duration {
	c.pauseUntil(ctx, 0)
	sendCtx, cancel := ctx, context.CancelFunc(func() {})
	if c.o.Duration > 0 {
		sendCtx, cancel = context.WithTimeout(ctx, c.o.Duration)
	}
	defer cancel()
	step := max(c.o.Slice.Of, 1)
	for range c.o.Concurrency {
		c.group.Go(func() {
			for sendCtx.Err() == nil {
				i := c.o.Slice.Index + step*(c.sequence.Add(1)-1)
				if c.o.Requests > 0 && i >= c.o.Requests {
					return
				}
				c.do(ctx, job{i: i, due: c.now()})
			}
		})
	}
	c.group.Wait()
	if c.o.Duration > 0 {
		return min(c.now(), c.o.Duration)
	}
	return c.now()
}

// open follows the schedule.
func (c *classic) open(ctx context.Context) time.Duration {
	arrivals := c.o.Schedule.Arrivals(c.o.Slice)
	end := c.o.Schedule.Length()
	free := time.Duration(0) // since when nothing but the clock holds the pacer up
	for {
		i, due, ok := arrivals.Next()
		if !ok || !c.pauseUntil(ctx, due) {
			c.shortfall(i, due, ok, arrivals)
			break
		}
		j := job{i: i, due: due, own: c.now() - max(due, free)}
		if waited, sent := c.hand(ctx, j, end); waited {
			free = c.now()
		} else if !sent && ctx.Err() != nil {
			i, due, ok = arrivals.Next() // hand has counted its own
			c.shortfall(i, due, ok, arrivals)
			break
		}
	}
	close(c.jobs)
	if ctx.Err() != nil {
		return min(c.now(), end)
	}
	return end
}

// hand gives j to a worker: a free one, a new one, or the next that gets free.
func (c *classic) hand(ctx context.Context, j job, end time.Duration) (waited, sent bool) {
	select {
	case c.jobs <- j:
		return false, true
	default:
	}
	if c.workers < c.o.mostFlights() {
		c.workers++
		c.group.Go(func() {
			c.do(ctx, j)
			for j := range c.jobs {
				c.do(ctx, j)
			}
		})
		return false, true
	}
	switch c.o.Saturation {
	case Drop, Fail:
		c.saturated(j)
		return false, false
	}
	patience := time.NewTimer(max(end, j.due) + c.timeout - c.now())
	defer patience.Stop()
	select {
	case c.jobs <- j:
		return true, true
	case <-ctx.Done():
	case <-patience.C:
	}
	c.mu.Lock()
	c.records[c.groupOf(j.i)].NotSent(j.i, c.targetOf(j.i), j.due, c.now())
	c.mu.Unlock()
	return true, false
}

func (c *classic) targetOf(i uint64) int {
	k, _ := c.set.Route(i)
	return k
}

func (c *classic) groupOf(i uint64) int {
	k, _ := c.set.Route(i)
	return c.o.group(k)
}

// shortfall counts request i, if it was taken from arrivals, and those after it
// that were due by now: what an interrupted run had not come to is no shortfall.
func (c *classic) shortfall(i uint64, due time.Duration, taken bool, arrivals *pace.Arrivals) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for ok := taken; ok && due <= now; i, due, ok = arrivals.Next() {
		c.records[c.groupOf(i)].NotSent(i, c.targetOf(i), due, now)
	}
}

func (c *classic) saturated(j job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if c.records[c.groupOf(j.i)].Saturate(j.i, c.targetOf(j.i), j.due, now, j.own, c.o.Saturation == Drop) {
		c.total.Sent++
		c.total.Failed++
		c.live.Failed++
		c.live.Record(now - j.due)
	}
}

// pauseUntil waits for the moment due; false: the run was interrupted.
func (c *classic) pauseUntil(ctx context.Context, due time.Duration) bool {
	for {
		left := due - c.now()
		if ctx.Err() != nil {
			return false
		}
		if left <= 0 {
			return true
		}
		pause(min(left, 50*time.Millisecond))
	}
}

// do sends one request, or all steps of a chain, and records them.
func (c *classic) do(ctx context.Context, j job) {
	if !c.set.Chained() {
		c.one(ctx, j, nil)
		return
	}
	session := c.set.Session(j.i)
	for step := 0; ; step++ {
		if step > 0 { // due when the last one has ended
			j.due, j.own = c.now(), 0
		}
		if !c.one(ctx, j, session) || ctx.Err() != nil {
			return
		}
	}
}

// opened counts a connection.
func (c *classic) opened(endpoint int, took phases, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rec := c.records[c.groupOfEndpoint(endpoint)]
	if err != nil {
		rec.Connections.Failed++
		return
	}
	rec.Connections.Opened++
	rec.Connections.Peak = max(rec.Connections.Peak, c.connected.Load())
	took.record(rec.Record)
}

// sentAgain counts a request that met a connection which the server had closed.
func (c *classic) sentAgain(endpoint int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.records[c.groupOfEndpoint(endpoint)].Connections.Retried++
}

// report calls Progress until finished.
func (c *classic) report(finished <-chan struct{}) {
	if c.o.Progress == nil {
		return
	}
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	last := c.now()
	for {
		select {
		case <-finished:
			return
		case <-tick.C:
		}
		c.mu.Lock()
		p := c.total
		p.Interval, c.live = *c.live, new(record.Cell)
		c.mu.Unlock()
		p.Elapsed = c.now()
		p.IntervalLength, last = p.Elapsed-last, p.Elapsed
		c.o.Progress(c.withTotal(p))
	}
}
