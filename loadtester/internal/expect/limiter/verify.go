package limiter

import (
	"context"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// DefaultWait is how long Verify waits for a limiter to let requests in again.
const DefaultWait = time.Minute

// Verify loads the target as o says, watches the answers, and then tries when it
// is let in again, for at most wait. The result is of the load alone.
func Verify(ctx context.Context, set *target.Set, o engine.Options, wait time.Duration) (*result.Result, *Model, error) {
	w := NewWatch()
	o.Observe = w.Observe
	if o.Success == nil {
		o.Success = func(status int) bool { return status < 400 || status == 429 }
	}
	list, err := engine.Run(ctx, set, o)
	if err != nil {
		return nil, nil, err
	}
	m := Learn(w)
	if m.Refused > 0 && m.Allowed > 0 && ctx.Err() == nil {
		m.recover(ctx, set, o, wait)
		list[0].Run.Interrupted = ctx.Err() != nil
	}
	return list[0], m, nil
}

// recover stays away for the time that the limiter asked for, then tries twice a
// second. A limiter that counts refused requests too needs the quiet.
func (m *Model) recover(ctx context.Context, set *target.Set, o engine.Options, wait time.Duration) {
	if m.LongestAsk > wait {
		return
	}
	m.Tried = true
	start := time.Now()
	pause(ctx, m.LongestAsk)
	for ctx.Err() == nil {
		if probe(ctx, set, o) {
			m.Recovery = time.Since(start)
			return
		}
		if m.GaveUp = time.Since(start); m.GaveUp > m.LongestAsk+min(wait, max(m.LongestAsk, 5*time.Second)) {
			return
		}
		pause(ctx, 500*time.Millisecond)
	}
	m.Tried = false // interrupted: nothing is known
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// probe sends one request and says whether it was let through.
func probe(ctx context.Context, set *target.Set, o engine.Options) bool {
	let := false
	one := engine.Options{
		Concurrency: 1, Requests: 1, Timeout: o.Timeout, Dial: o.Dial, Protocol: o.Protocol, Path: o.Path,
		Observe: func(s *engine.Observation) { let = s.Status != 0 && s.Status != 429 && s.Status < 500 },
	}
	_, err := engine.Run(ctx, set, one)
	return err == nil && let
}
