package limiter

import (
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
)

// spurts is what is seen of a limiter of 50 in 3 s by 200 workers on a machine
// without a processor left: answers come in spurts, with pauses of 300 ms inside
// a window. over is how many times the limit is really let through.
func spurts(over int) *Watch {
	w := NewWatch()
	for window := range 4 {
		for k := range 300 {
			at := time.Duration(window)*3*time.Second + time.Duration(k)*2*time.Millisecond + time.Duration(k/(14*over))*300*time.Millisecond
			if at >= time.Duration(window+1)*3*time.Second {
				break
			}
			s := seen{sent: at - 20*time.Millisecond, done: at, status: 200, quota: quota{limit: 50, remaining: int64(max(49-k, 0)), window: 3, retryAfter: -1, reset: 3}}
			if k >= 50*over {
				s.status, s.quota.retryAfter = 429, 3
			}
			w.answers = append(w.answers, s)
		}
	}
	return w
}

func TestBusyMachine(t *testing.T) {
	m := Learn(spurts(1))
	if m.Kind != FixedWindow || m.Limit != 50 || m.Window < 2900*time.Millisecond || m.Window > 3100*time.Millisecond {
		t.Errorf("%+v", m)
	}
	if c := m.keepsLimit(); !c.Pass {
		t.Errorf("%+v", c)
	}
	// Two processes that count apart are found there too.
	var c expect.Check
	if c = Learn(spurts(2)).keepsLimit(); c.Pass {
		t.Errorf("%+v", c)
	}
}
