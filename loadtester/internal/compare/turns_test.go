package compare

import (
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
)

// Turns together are as long as was asked, or send as many requests; the warm-up
// comes once.
func TestTurns(t *testing.T) {
	for _, c := range []struct {
		duration, warmup time.Duration
		requests         uint64
		turns            int
	}{
		{4 * time.Second, 0, 0, 16},
		{6 * time.Second, 2 * time.Second, 0, 16},
		{2 * time.Second, 0, 0, 8},
		{60 * time.Second, 0, 0, 30},
		{time.Hour, time.Minute, 0, 64},
		{100 * time.Millisecond, 0, 0, 1},
		{0, 0, 1000, 16},
		{0, 0, 3, 3},
		{10 * time.Second, 0, 100, 16},
	} {
		list := turns(engine.Options{Duration: c.duration, Warmup: c.warmup, Requests: c.requests})
		var length, warmup time.Duration
		var requests uint64
		for _, o := range list {
			length += o.Duration
			warmup += o.Warmup
			requests += o.Requests
			if c.requests > 0 && o.Requests == 0 || c.duration > 0 && o.Duration <= o.Warmup {
				t.Errorf("%+v: a turn of nothing: %v, %d", c, o.Duration, o.Requests)
			}
		}
		if len(list) != c.turns || length != c.duration || warmup != c.warmup || requests != c.requests {
			t.Errorf("%+v: %d turns of %v with %v and %d requests", c, len(list), length, warmup, requests)
		}
	}
}
