package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/footprint"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// run is what all paths share while a run goes on.
type run struct {
	set     *target.Set
	o       Options
	dial    *dialler
	ok      *[1000]bool
	start   time.Time
	warmup  time.Duration
	timeout time.Duration
}

// recorder makes what one writer of this run records with.
func (r *run) recorder() *record.Recorder {
	rec := record.NewRecorder(len(r.set.Targets), r.warmup, r.o.Schedule != nil)
	rec.Series.Width = r.o.Cell
	if r.o.Each != nil {
		rec.Each = func(o record.Outcome) { r.o.Each(r.start, o) }
	}
	return rec
}

// records are what recorders have filled.
func records(list []*record.Recorder) []*record.Record {
	var all []*record.Record
	for _, r := range list {
		all = append(all, r.Record)
	}
	return all
}

// path sends the run's requests and gives the records of each group.
type path interface {
	name() string
	// prepare opens what has to be there before the clock starts.
	prepare(ctx context.Context) error
	// drive returns when all is sent and answered, or ctx is done.
	drive(ctx context.Context) outcome
	// close frees what a path holds that did not come to drive.
	close()
}

// outcome is what a path has seen.
type outcome struct {
	records []*record.Record // one per group
	sending time.Duration    // until the last request of the plan was due or sent
	elapsed time.Duration    // until the last one ended
	loops   int
	spin    time.Duration
	starved time.Duration
}

// Run makes one run and gives a Result for each group of targets. When ctx ends
// early, the results so far come back, marked as interrupted. An error means that
// nothing could be sent at all; it is a *problem.Problem.
func Run(ctx context.Context, set *target.Set, o Options) ([]*result.Result, error) {
	if err := o.check(set); err != nil {
		return nil, err
	}
	raiseFileLimit()
	r := &run{set: set, o: o, ok: o.success(), warmup: o.Warmup, timeout: o.timeout()}
	p, err := r.choose(ctx)
	if err != nil {
		return nil, err
	}
	defer p.close()
	if err := r.preflight(ctx); err != nil {
		return nil, err
	}
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	footprint.GiveBack()
	if err := r.await(ctx); err != nil {
		return nil, err
	}
	watch := startMeter()
	out := p.drive(ctx)
	gen := watch.stop()
	footprint.GiveBack()
	gen.Loops, gen.Spin, gen.Starved = out.loops, out.spin.Seconds(), out.starved.Seconds()
	results := make([]*result.Result, len(out.records))
	for g, rec := range out.records {
		r.own(g, rec)
		r.due(rec, out.sending)
		results[g] = &result.Result{Run: r.describe(p, g, out), Record: rec, Generator: gen}
		results[g].Run.Interrupted = ctx.Err() != nil
	}
	return results, nil
}

// due writes into the seconds how many requests the schedule held for them: of
// this machine's part, and in a comparison of one side.
func (r *run) due(rec *record.Record, sending time.Duration) {
	s, part := r.o.Schedule, float64(max(r.o.Slice.Of, 1))*float64(r.o.groups())
	if s == nil || rec.Sent+rec.Shortfall == 0 {
		return
	}
	end := min(s.Length(), sending)
	before := func(t time.Duration) int64 { return int64(math.Round(s.Due(min(t+r.warmup, end)) / part)) }
	rec.Series.At(max(end-r.warmup-1, 0))
	for i, c := range rec.Series.Cells {
		from := time.Duration(i) * rec.Series.Width
		n := before(from+rec.Series.Width) - before(from)
		if c == nil && n > 0 {
			c = rec.Series.At(from)
		}
		if c != nil {
			c.Due = n
		}
	}
}

// own keeps of a group's record its own targets.
func (r *run) own(group int, rec *record.Record) {
	if rec.Targets == nil {
		return
	}
	var list []record.Target
	for k := range rec.Targets {
		if r.o.group(k) == group {
			list = append(list, rec.Targets[k])
		}
	}
	rec.Targets = list
}

func (o *Options) check(set *target.Set) error {
	switch {
	case len(set.Endpoints) == 0:
		return errors.New("there is nothing to send")
	case o.Protocol == HTTP2 && !set.Endpoints[0].TLS():
		return problem.New("without TLS it is --h2c", "--http2 needs https://")
	case o.Protocol == HTTP3 && slices.ContainsFunc(set.Endpoints, func(e target.Endpoint) bool { return !e.TLS() }):
		return problem.New("QUIC is always encrypted: write https://", "--http3 needs https://")
	case o.Protocol == HTTP3 && o.Dial.Proxy != nil:
		return problem.New("leave one of them out", "--http3 does not go through a proxy")
	case o.Protocol == HTTP3 && o.Dial.Socket != "":
		return problem.New("leave one of them out", "--http3 does not go over a unix socket")
	case o.Protocol == H2C && set.Endpoints[0].TLS():
		return problem.New("with TLS it is --http2", "--h2c needs http://")
	case o.Schedule == nil && o.Concurrency < 1:
		return problem.New("give --rate for an open loop, or --concurrency for a closed one", "the concurrency is %d", o.Concurrency)
	case o.Schedule != nil && o.Schedule.Endless():
		return problem.New("give --duration or --requests", "the run has no end")
	case o.Schedule == nil && o.Duration <= 0 && o.Requests == 0:
		return problem.New("give --duration or --requests", "the run has no end")
	}
	return nil
}

// preflight opens one connection to each endpoint, so that a wrong address is an
// error before the run and not ten thousand failures in it.
func (r *run) preflight(ctx context.Context) error {
	if r.o.Dial.Proxy != nil {
		return nil
	}
	for _, e := range r.set.Endpoints {
		if err := r.try(ctx, e); err != nil {
			if ctx.Err() != nil {
				return problem.Wrap(ctx.Err(), "", "interrupted before the first request").Exit(problem.Interrupted)
			}
			return r.unreachable(e, err)
		}
	}
	return nil
}

func (r *run) unreachable(e target.Endpoint, err error) error {
	at := e.Address()
	if r.o.Dial.Socket != "" {
		at = r.o.Dial.Socket
	}
	class := classify(err, record.ConnectTimeout, record.ConnectFailed)
	if r.o.Protocol == HTTP3 && class == record.ConnectTimeout {
		return problem.Wrap(err, "does the server speak HTTP/3 on this port of UDP, and does a firewall let UDP through?", "no QUIC handshake with %s within %s", at, r.dial.timeout)
	}
	switch class {
	case record.DNS:
		return problem.Wrap(err, "check the spelling, or name the address with --resolve "+e.Address()+":ADDRESS", "unknown host %s", e.Host)
	case record.Refused:
		return problem.Wrap(err, "is the server running, and is this its port?", "connection refused by %s", at)
	case record.ConnectTimeout:
		return problem.Wrap(err, "is the address right, and does a firewall let you through? --timeout allows more time", "no connection to %s within %s", at, r.dial.timeout)
	case record.TLSTimeout:
		return problem.Wrap(err, "does the server speak TLS on this port?", "no TLS handshake with %s within %s", at, r.dial.timeout)
	case record.TLSFailed:
		return problem.Wrap(err, tlsHint(err, e), "TLS with %s failed: %v", at, err)
	case record.PortsExhausted:
		return problem.Wrap(err, "connections of an earlier run are still in TIME_WAIT: wait a minute, or use --local-address", "no free local port to connect to %s", at)
	case record.FilesExhausted:
		return problem.Wrap(err, "raise the limit of open files: ulimit -n", "too many open files to connect to %s", at)
	default:
		return problem.Wrap(err, "is the address right?", "cannot connect to %s: %v", at, err)
	}
}

// lead is how long before its start a run is set going: so its threads are awake
// when the first request is due. A first request that is half a millisecond late
// makes the rate of the next five seconds 100 ppm too high.
const lead = 20 * time.Millisecond

// await sets the start, and waits until it is near.
func (r *run) await(ctx context.Context) error {
	r.start = r.o.StartAt
	if r.start.IsZero() {
		r.start = time.Now().Add(lead)
		return nil
	}
	// Of a moment without a monotonic reading one with it.
	r.start = time.Now().Add(time.Until(r.start))
	wait := time.Until(r.start) - lead
	if wait < -lead {
		return problem.New("give a moment that lies ahead of all generators", "the start time %s has passed", r.o.StartAt.Format(time.RFC3339))
	}
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return problem.Wrap(ctx.Err(), "", "interrupted before the first request").Exit(problem.Interrupted)
	}
}

// now is the time since the start of the run; before it is negative.
func (r *run) now() time.Duration { return time.Since(r.start) }

func (r *run) describe(p path, group int, out outcome) result.Run {
	o := &r.o
	d := result.Run{
		Tool: o.Tool, Source: o.Source, Started: r.start, Arrival: "closed", Path: p.name(),
		Connections: o.maxConns(), Duration: o.Duration, Warmup: o.Warmup, Timeout: r.timeout,
		Sending: out.sending - r.warmup, Elapsed: max(out.elapsed, out.sending) - r.warmup,
	}
	for k, t := range r.set.Targets {
		if o.group(k) == group {
			d.Targets = append(d.Targets, title(t))
			d.Names = append(d.Names, t.Name)
		}
	}
	if o.Slice.Of > 1 {
		d.Shard = fmt.Sprintf("%d/%d", o.Slice.Index+1, o.Slice.Of)
	}
	if o.Schedule == nil {
		d.Concurrency = o.Concurrency
		return d
	}
	rec := out.records[group]
	d.Concurrency = o.Concurrency
	d.Arrival, d.Schedule = o.Schedule.Arrival(), o.Schedule.String()
	d.Scheduled = rec.Sent + rec.Shortfall
	d.Duration = o.Schedule.Length()
	if rest := d.Sending.Seconds(); rest > 0 {
		d.Rate = float64(d.Scheduled) / rest
	}
	d.Saturation = o.Saturation.String()
	return d
}

// title is a target in a report: its URL, with the method where it is not GET.
func title(t *target.Target) string {
	if t.Method == "GET" {
		return t.URL
	}
	return t.Method + " " + t.URL
}
