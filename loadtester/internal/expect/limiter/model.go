package limiter

import (
	"slices"
	"time"
)

// Kind is how a limiter was seen to behave.
type Kind string

const (
	None        Kind = "none"         // it refused nothing
	OneWindow   Kind = "one window"   // after the first refusal nothing more was let through: the window is longer than the run
	FixedWindow Kind = "fixed window" // requests are let through in bunches, one a window
	Refill      Kind = "refill"       // after a burst they are let through one by one: token bucket, leaky bucket, sliding window
	Everything  Kind = "everything"   // it refused all
	Queue       Kind = "queue"        // what it lets through waits first, and leaves the queue one by one (nginx without nodelay)
	Extending   Kind = "extending"    // a refused request begins the window anew: who goes on asking is never let in
)

// Model is what was learnt of a limiter.
type Model struct {
	Kind    Kind
	Answers int64
	Broken  int64 // requests without an answer
	Allowed int64 // answers that are neither 429 nor 5xx
	Refused int64 // 429
	Failed  int64 // 5xx
	Nginx   int64 // 503 from nginx, which is how its limit_req refuses unless told otherwise

	Length time.Duration // of the load, to the last answer
	Burst  int64         // let through before the first refusal
	Limit  int64         // let through in a window, or 1 for each Window of a Refill; 0 unknown
	Window time.Duration // 0: unknown
	Rate   float64       // let through per second in the long run; 0 unknown
	Wait   time.Duration // in a Queue: how long a request waits that was let through while others were refused

	// What the headers say.
	SaidLimit  int64         // -1: nothing
	SaidWindow time.Duration // 0: nothing
	Headers    int64         // answers with RateLimit headers of any kind
	RetryAfter int64         // refusals with Retry-After
	Waits      int64         // refusals that say by any header how long to stay away
	LongestAsk time.Duration // the longest such wait in the last second of the run
	// Remaining, over the answers let through before the first refusal.
	RemainingFirst, RemainingLast int64 // -1: not said
	RemainingSteps                int64 // how many different values there were
	RemainingSaid                 int64 // how many answers said it

	// Recovery is how long after the end of the load a request was let through
	// again; -1: it was not tried, or never was.
	Recovery time.Duration
	Tried    bool
	GaveUp   time.Duration // how long it was tried for
}

// Learn makes the model of a run.
func Learn(w *Watch) *Model {
	list := w.sorted()
	m := &Model{SaidLimit: -1, RemainingFirst: -1, RemainingLast: -1, Recovery: -1, Broken: w.broken, Answers: int64(len(list)) + w.beyond}
	var allowed []time.Duration
	first := time.Duration(-1) // refusal
	var end time.Duration
	for i := range list {
		s := &list[i]
		end = max(end, s.done)
		switch {
		case s.status == 429:
			m.Refused++
			if first < 0 {
				first = s.at()
			}
		case s.status >= 500:
			m.Failed++
			if s.status == 503 && s.nginx {
				m.Nginx++
			}
		default:
			m.Allowed++
			allowed = append(allowed, s.at())
		}
	}
	m.Length = end
	m.headers(list, first, end)
	switch {
	case m.Refused == 0:
		m.Kind = None
	case m.Allowed == 0:
		m.Kind = Everything
	default:
		m.shape(allowed, first, end)
		m.queue(list)
		m.extending(list)
	}
	return m
}

// reorder is how far answers of parallel requests may stand in another order
// than the limiter's decisions.
const reorder = 50 * time.Millisecond

// headers gathers what the answers say of themselves.
func (m *Model) headers(list []seen, first, end time.Duration) {
	different := map[int64]bool{}
	for i := range list {
		s := &list[i]
		q := &s.quota
		if q.said() {
			m.Headers++
		}
		if q.limit >= 0 && m.SaidLimit < 0 {
			m.SaidLimit = q.limit
		}
		if q.window > 0 && m.SaidWindow == 0 {
			m.SaidWindow = time.Duration(q.window) * time.Second
		}
		if s.status == 429 {
			if q.retryAfter >= 0 {
				m.RetryAfter++
			}
			if q.wait() >= 0 {
				m.Waits++
				if s.done > end-time.Second {
					m.LongestAsk = max(m.LongestAsk, time.Duration(q.wait())*time.Second)
				}
			}
			continue
		}
		if q.remaining >= 0 && s.status < 500 && (first < 0 || s.at() <= first+reorder) {
			different[q.remaining] = true
			m.RemainingSaid++
			if m.RemainingFirst < 0 {
				m.RemainingFirst, m.RemainingLast = q.remaining, q.remaining
			}
			m.RemainingFirst = max(m.RemainingFirst, q.remaining)
			m.RemainingLast = min(m.RemainingLast, q.remaining)
		}
	}
	m.RemainingSteps = int64(len(different))
}

// bunch is a group of requests let through with no long gap between them.
type bunch struct {
	from, to time.Duration
	n        int64
}

// shape tells the kinds apart by when requests were let through: in bunches of
// about the same size, or in one burst and then a trickle.
func (m *Model) shape(allowed []time.Duration, first, end time.Duration) {
	for _, at := range allowed {
		if at <= first {
			m.Burst++
		}
	}
	// Within a window that the headers name, a pause is the server's or the
	// generator's: a machine that is short of processors answers in spurts.
	pause := max(60*time.Millisecond, 3*end/time.Duration(max(m.Answers, 1)), m.SaidWindow/3)
	bunches := group(allowed, pause)
	later := bunches[1:]
	if len(later) == 0 {
		m.oneBunch(bunches[0], first, end)
		return
	}
	// The last bunch may be cut off by the end of the run.
	whole := later
	if len(whole) > 1 {
		whole = whole[:len(whole)-1]
	}
	sizes := make([]int64, len(whole))
	for i, b := range whole {
		sizes[i] = b.n
	}
	slices.Sort(sizes)
	size := sizes[len(sizes)/2]
	rest := end - first
	if later := m.Allowed - m.Burst; later > 0 && rest > 0 {
		m.Rate = float64(later) / rest.Seconds()
	}
	load := float64(m.Answers) / end.Seconds()
	if size <= 2 && m.Burst > 3*size || m.Burst > 4*size || density(later) < min(load/2, 3*m.Rate) {
		m.Kind, m.Limit = Refill, 1
		m.Window = time.Duration(float64(time.Second) / max(m.Rate, 1e-9))
		return
	}
	m.Kind, m.Limit = FixedWindow, size
	m.Window = period(bunches)
	if m.Window > 0 {
		m.Rate = float64(size) / m.Window.Seconds()
	}
}

// oneBunch is a run without a pause between requests let through: the first
// burst only, or a trickle that is too fast to show gaps.
func (m *Model) oneBunch(b bunch, first, end time.Duration) {
	if after := m.Allowed - m.Burst; after > m.Burst/10+2 && b.to > first+(end-first)/2 {
		m.Kind, m.Limit = Refill, 1
		m.Rate = float64(after) / (end - first).Seconds()
		m.Window = time.Duration(float64(time.Second) / m.Rate)
		return
	}
	m.Kind, m.Limit = OneWindow, m.Allowed
	m.Window = m.SaidWindow
}

// density is how many requests a second were let through inside the bunches: as
// many as came in a window, fewer where a bucket is refilled.
func density(list []bunch) float64 {
	var n int64
	var length time.Duration
	for _, b := range list {
		n += b.n - 1
		length += b.to - b.from
	}
	if n == 0 {
		return 0
	}
	return float64(n) / max(length.Seconds(), 1e-6)
}

// group parts the times where the gap is longer than the load explains.
func group(times []time.Duration, gap time.Duration) []bunch {
	var list []bunch
	for i, at := range times {
		if i == 0 || at-times[i-1] > gap {
			list = append(list, bunch{from: at, to: at})
		}
		b := &list[len(list)-1]
		b.to = at
		b.n++
	}
	return list
}

// period is the median distance of the bunches' beginnings; the first bunch
// began with the run and not with a window.
func period(list []bunch) time.Duration {
	if len(list) < 2 {
		return 0
	}
	from := 1
	if len(list) == 2 {
		from = 0
	}
	var distances []time.Duration
	for i := from + 1; i < len(list); i++ {
		distances = append(distances, list[i].from-list[i-1].from)
	}
	slices.Sort(distances)
	return distances[len(distances)/2].Round(10 * time.Millisecond)
}
