package advice

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

const ms = time.Millisecond

// fixture is a synthetic run: 100 requests a second for 20 s, open loop,
// answers of about 5 ms on 10 connections. Fields change one thing.
type fixture struct {
	closed  bool
	service func(k int, at time.Duration, r *rand.Rand) time.Duration
	wait    func(k int) time.Duration
	status  func(k int) int
	fail    func(k int) record.Class
	after   func(*result.Result)
	seconds int
}

func (f fixture) run() *result.Result {
	r := &result.Result{Record: record.New()}
	random := rand.New(rand.NewPCG(1, 2))
	if f.seconds == 0 {
		f.seconds = 20
	}
	n := f.seconds * 100
	for k := range n {
		due := time.Duration(k) * 10 * ms
		sent := due
		if f.wait != nil {
			sent += f.wait(k)
		}
		service := 4*ms + time.Duration(random.ExpFloat64()*float64(ms))
		if f.service != nil {
			service = f.service(k, due, random)
		}
		r.Record.Start(due, sent, 0)
		class := record.OK
		if f.fail != nil {
			class = f.fail(k)
		}
		if class != record.OK {
			r.Record.Fail(due, sent, sent+service, class, 0)
			continue
		}
		status := 200
		if f.status != nil {
			status = f.status(k)
		}
		r.Record.End(due, sent, sent+service, status, status < 400)
		r.Record.Phases[record.PhaseFirstByte].Record(service)
	}
	length := time.Duration(f.seconds) * time.Second
	r.Run = result.Run{Arrival: "constant", Rate: 100, Scheduled: int64(n), Connections: 100, Sending: length, Elapsed: length, Timeout: 10 * time.Second}
	if f.closed {
		r.Run.Arrival, r.Run.Rate, r.Run.Concurrency = "closed", 0, 10
	}
	r.Record.Connections = record.Connections{Opened: 10, Peak: 10}
	if f.after != nil {
		f.after(r)
	}
	return r
}

func some(share int, c record.Class) func(int) record.Class {
	return func(k int) record.Class {
		if k%100 < share {
			return c
		}
		return record.OK
	}
}

func answers(share, status int) func(int) int {
	return func(k int) int {
		if k%100 < share {
			return status
		}
		return 200
	}
}

// Each rule has runs that trigger it, and nothing else does.
func TestRules(t *testing.T) {
	stall := func(k int, at time.Duration, r *rand.Rand) time.Duration {
		if s := at % (7 * time.Second); s > 6*time.Second && s < 6500*ms {
			return 6500*ms - s + 5*ms
		}
		return 5 * ms
	}
	for rule, f := range map[string]fixture{
		"connect-failed":         {fail: some(3, record.Refused)},
		"generator-out-of-ports": {fail: some(1, record.PortsExhausted)},
		"tls-failed":             {fail: some(2, record.TLSFailed)},
		"timeouts":               {fail: some(1, record.NoAnswerTimeout)},
		"connections-broken":     {fail: some(1, record.Reset)},
		"malformed-responses":    {fail: some(1, record.Malformed)},
		"server-errors":          {status: answers(2, 503)},
		"rate-limited":           {status: answers(30, 429)},
		"not-authorized":         {status: answers(100, 401)},
		"client-errors":          {status: answers(100, 404)},
		"saturated":              {after: func(r *result.Result) { r.Record.Shortfall = 500 }},
		"latency-rising": {service: func(_ int, at time.Duration, _ *rand.Rand) time.Duration {
			return 5*ms + time.Duration(at.Seconds()*float64(ms))
		}},
		"stalls":   {service: stall, seconds: 30},
		"queueing": {wait: func(k int) time.Duration { return time.Duration(k%100) * ms }},
		"p99-above-goal": {service: func(k int, _ time.Duration, r *rand.Rand) time.Duration {
			return 150*ms + time.Duration(r.IntN(100))*ms
		}},
		"bimodal": {service: func(k int, _ time.Duration, r *rand.Rand) time.Duration {
			if r.IntN(10) < 3 {
				return 60*ms + time.Duration(r.IntN(20))*ms
			}
			return 2*ms + time.Duration(r.IntN(1000))*time.Microsecond
		}},
		"slow-start": {service: func(_ int, at time.Duration, _ *rand.Rand) time.Duration {
			if at < time.Second {
				return 15 * ms
			}
			return 4 * ms
		}},
		"keep-alive-refused": {after: func(r *result.Result) {
			r.Record.Connections = record.Connections{Opened: 1900, Closed: 1900, Peak: 10}
		}},
		"connection-churn": {after: func(r *result.Result) {
			r.Record.Connections = record.Connections{Opened: 400, Closed: 390, Peak: 10, Retried: 12}
		}},
		"slow-tls": {after: func(r *result.Result) {
			for range 50 {
				r.Record.Phases[record.PhaseTLS].Record(80 * ms)
			}
		}},
		"slow-dns": {after: func(r *result.Result) {
			for range 10 {
				r.Record.Phases[record.PhaseDNS].Record(120 * ms)
			}
		}},
		"large-bodies": {after: func(r *result.Result) {
			r.Record.BytesIn = 2000 * 400 << 10
			for range 2000 {
				r.Record.Phases[record.PhaseBody].Record(12 * ms)
			}
		}},
		"closed-loop-hides": {closed: true, service: func(k int, _ time.Duration, _ *rand.Rand) time.Duration {
			if k == 777 {
				return time.Second
			}
			return 5 * ms
		}},
		"few-samples": {seconds: 2},
	} {
		found := For(f.run(), 0)
		var rules []string
		for _, x := range found {
			rules = append(rules, x.Rule)
			if x.Title == "" || x.Advice == "" || len(x.Evidence) == 0 {
				t.Errorf("%s: %+v lacks something", rule, x)
			}
		}
		if !slices.Contains(rules, rule) {
			t.Errorf("%s was not found, but %v", rule, rules)
		}
		allowed := map[string][]string{
			"stalls":   {"p99-above-goal"},
			"timeouts": {"p99-above-goal"},
		}
		for _, other := range rules {
			if other != rule && !slices.Contains(allowed[rule], other) {
				t.Errorf("%s also triggers %s", rule, other)
			}
		}
	}
}

func TestCleanRuns(t *testing.T) {
	ramp := fixture{after: func(r *result.Result) {
		for i, c := range r.Record.Series.Cells {
			c.Sent = int64(10 * i)
		}
	}, service: func(_ int, at time.Duration, _ *rand.Rand) time.Duration {
		return 5*ms + time.Duration(at.Seconds()*float64(ms))
	}}
	for name, f := range map[string]fixture{
		"clean":  {},
		"closed": {closed: true},
		"ramp":   ramp, // latency that grows with the rate is no leak
		"wide": {service: func(_ int, _ time.Duration, r *rand.Rand) time.Duration { // lognormal: one kind, long tail
			return time.Duration(float64(10*ms) * expNorm(r, 0.7))
		}},
		"two targets": { // each of its own kind
			service: func(k int, _ time.Duration, r *rand.Rand) time.Duration {
				return []time.Duration{2 * ms, 60 * ms}[k%2] + time.Duration(r.IntN(1000))*time.Microsecond
			},
			after: func(r *result.Result) {
				r.Record.Targets = make([]record.Target, 2)
				for k := range 2000 {
					r.Record.Targets[k%2].Record([]time.Duration{2 * ms, 60 * ms}[k%2])
				}
			},
		},
		"wanted 400": {status: answers(100, 400), after: func(r *result.Result) {
			r.Record.Succeeded, r.Record.Failed = r.Record.Failed, 0
		}},
	} {
		for _, x := range For(f.run(), 0) {
			t.Errorf("%s: %s: %s %v", name, x.Rule, x.Title, x.Evidence)
		}
	}
	if found := For(&result.Result{Record: record.New()}, 0); len(found) != 0 {
		t.Errorf("nothing was sent: %v", found)
	}
}

func TestSeedSentence(t *testing.T) {
	f := fixture{service: func(k int, _ time.Duration, _ *rand.Rand) time.Duration {
		if k%50 == 0 {
			return 423 * ms
		}
		return 67 * ms
	}}
	for _, x := range For(f.run(), 0) {
		if x.Rule == "p99-above-goal" {
			if x.Title != "P99 latency (423ms) exceeds 200ms target" || !strings.HasPrefix(x.Advice, "Consider: connection pooling, query optimization, or horizontal scaling") {
				t.Errorf("%+v", x)
			}
			return
		}
	}
	t.Error("not found")
}

func TestStallEvidence(t *testing.T) {
	f := fixture{seconds: 60, service: func(_ int, at time.Duration, _ *rand.Rand) time.Duration {
		if s := at % (10 * time.Second); s >= 9*time.Second {
			return 10*time.Second - s + 5*ms
		}
		return 5 * ms
	}}
	for _, x := range For(f.run(), 0) {
		if x.Rule == "stalls" {
			if got := strings.Join(x.Evidence, "; "); !strings.HasPrefix(got, "at 9 s, 19 s, 29 s, 39 s, 49 s, 59 s; ") || !strings.Contains(got, "about every 10 s") {
				t.Error(got)
			}
			return
		}
	}
	t.Error("not found")
}

// expNorm draws from a lognormal distribution of median 1.
func expNorm(r *rand.Rand, sigma float64) float64 { return math.Exp(sigma * r.NormFloat64()) }
