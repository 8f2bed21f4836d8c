//go:build linux || darwin || freebsd

package engine

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// loopsHere says whether there are event loops on this system.
const loopsHere = true

// loops is the path through event loops.
type loops struct {
	*run
	list    []*loop
	stopped atomic.Bool
	cancel  context.CancelFunc // ends the dialling
	driven  bool               // each loop closes what it has
}

// rateOfLoop is how many requests per second one loop is given: about half of
// what it can send, so that it is never the limit.
const rateOfLoop = 50_000

// connsOfLoop is how many connections of a closed loop one event loop is given
// before another core is used.
const connsOfLoop = 1000

func newLoops(ctx context.Context, r *run) (path, error) {
	n := r.o.Loops
	if n <= 0 {
		if r.o.Schedule != nil {
			n = int(math.Ceil(r.o.Schedule.Highest() / rateOfLoop))
		} else {
			n = (r.o.Concurrency + connsOfLoop - 1) / connsOfLoop
		}
		n = min(n, runtime.GOMAXPROCS(0))
	}
	n = max(min(n, r.o.maxConns()), 1)
	ctx, cancel := context.WithCancel(ctx)
	p := &loops{run: r, cancel: cancel}
	for index := range n {
		l, err := newLoop(r, ctx, &p.stopped, index, n)
		if err != nil {
			cancel()
			for _, l := range p.list {
				l.shut()
			}
			return nil, err
		}
		if r.o.Progress != nil {
			l.live.cell = new(record.Cell)
		}
		p.list = append(p.list, l)
	}
	return p, nil
}

func (p *loops) name() string {
	if p.o.muxed() {
		return "event loop, HTTP/2"
	}
	return "event loop"
}

// warmConns is for how much time's worth of requests connections are opened
// before the clock starts.
const warmConns = 10 * time.Millisecond

// prepare opens the connections of a closed loop, and a few for an open one.
func (p *loops) prepare(ctx context.Context) error {
	if p.o.NoKeepAlive {
		return nil
	}
	var all sync.WaitGroup
	slots := make(chan struct{}, maxDialing)
	for _, l := range p.list {
		n := min(l.turns.quota, l.limit)
		if p.o.Schedule != nil {
			n = int(p.o.Schedule.RateAt(0)*warmConns.Seconds())/len(p.list) + 1
			n = min(n, 32, l.limit)
		}
		for k := range n {
			_, endpoint := p.set.Route(uint64(k))
			l.pools[endpoint].dialing++
			l.opened++
			all.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				d := l.handOver(ctx, endpoint)
				l.inbox.put(d, nil)
			})
		}
	}
	all.Wait()
	return nil
}

// close is for a run that ends before drive, which closes what it has used.
func (p *loops) close() {
	p.cancel()
	if p.driven {
		return
	}
	for _, l := range p.list {
		l.shut()
	}
}

func (p *loops) drive(ctx context.Context) outcome {
	p.driven = true
	stop := context.AfterFunc(ctx, func() {
		p.stopped.Store(true)
		p.cancel()
	})
	defer stop()
	// A loop keeps its processor while it waits: others need some as well.
	before := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(before + len(p.list))
	defer runtime.GOMAXPROCS(before)

	var all sync.WaitGroup
	for _, l := range p.list {
		all.Go(l.work)
	}
	finished := make(chan struct{})
	go func() {
		all.Wait()
		close(finished)
	}()
	p.watch(finished)
	out := outcome{elapsed: max(p.now(), 0), loops: len(p.list)}
	out.sending = p.sending(out.elapsed)
	for _, l := range p.list {
		out.spin += l.waker.spin
		out.starved += l.starved
		if out.records == nil {
			out.records = records(l.records)
			continue
		}
		for g, rec := range l.records {
			out.records[g].Merge(rec.Record)
		}
	}
	return out
}

// sending is how long the run was meant to send, or has sent.
func (p *loops) sending(elapsed time.Duration) time.Duration {
	length := p.o.Duration
	if p.o.Schedule != nil {
		length = p.o.Schedule.Length()
		if !p.stopped.Load() { // the last request is due a little before its end
			return length
		}
	}
	if length > 0 {
		return min(elapsed, length)
	}
	return elapsed
}

// watch calls Progress until the run has finished.
func (p *loops) watch(finished <-chan struct{}) {
	if p.o.Progress == nil {
		<-finished
		return
	}
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	last := p.now()
	for {
		select {
		case <-finished:
			return
		case <-tick.C:
		}
		look := Progress{Elapsed: p.now()}
		for _, l := range p.list {
			l.live.look(&look)
		}
		look.IntervalLength, last = look.Elapsed-last, look.Elapsed
		p.o.Progress(p.withTotal(look))
	}
}
