package capacity

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// queue is a service in simulation: one server with exponential service times
// (mean time), constant arrivals, first come first served. It sustains 1/time.
type queue struct {
	time  time.Duration
	fails float64 // share of errors above half of its capacity
	rand  *rand.Rand
}

func (q *queue) trial(_ context.Context, rate float64, length time.Duration) (*result.Result, error) {
	r := &result.Result{Record: record.New(), Run: result.Run{Arrival: "constant", Rate: rate, Sending: length}}
	free := time.Duration(0)
	n := int(rate * length.Seconds())
	for k := range n {
		due := time.Duration(float64(k) / rate * 1e9)
		begin := max(due, free)
		free = begin + time.Duration(q.rand.ExpFloat64()*float64(q.time))
		status := 200
		if rate > 0.5/q.time.Seconds() && q.rand.Float64() < q.fails {
			status = 503
		}
		r.Record.Start(due, due, 0)
		r.Record.End(due, due, free, status, status == 200)
	}
	r.Run.Elapsed = max(length, free)
	return r, nil
}

func objective(t *testing.T, text string) *expect.Objective {
	t.Helper()
	o, err := expect.ParseObjective(text)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// A service whose capacity is known: with a p99 of 20 service times a D/M/1 queue
// may be loaded to about 0.88. Found within 15 % below and 5 % above, for many
// seeds and capacities.
func TestSimulated(t *testing.T) {
	for _, mean := range []time.Duration{200 * time.Microsecond, 2 * time.Millisecond, 30 * time.Millisecond} {
		full := 1 / mean.Seconds()
		for seed := range uint64(5) {
			q := &queue{time: mean, rand: rand.New(rand.NewPCG(seed, 1))}
			out, err := Search(t.Context(), q.trial, Options{
				Objective: objective(t, fmt.Sprintf("p99<%s,errors<1%%", 20*mean)), Step: 4000 * mean, Rest: time.Nanosecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			if !out.Confirmed || out.Rate < 0.7*full || out.Rate > 0.95*full || out.Above <= out.Rate {
				t.Errorf("%v, seed %d: found %v to %v (confirmed %v), it sustains %v", mean, seed, out.Rate, out.Above, out.Confirmed, full)
			}
			if len(out.Steps) > 30 {
				t.Errorf("%v, seed %d: %d steps", mean, seed, len(out.Steps))
			}
		}
	}
}

func TestErrorsDecide(t *testing.T) {
	q := &queue{time: time.Millisecond, fails: 0.1, rand: rand.New(rand.NewPCG(1, 1))}
	out, err := Search(t.Context(), q.trial, Options{Objective: objective(t, "p99<1s,errors<1%"), Step: 2 * time.Second, Rest: time.Nanosecond})
	if err != nil || out.Rate < 450 || out.Rate > 505 {
		t.Errorf("%v to %v, %v", out.Rate, out.Above, err)
	}
	rep := out.Report()
	if len(rep.Findings) != 1 || rep.Findings[0].Evidence[0][:9] != "errors<1%" {
		t.Errorf("%+v", rep.Findings)
	}
}

func TestEnds(t *testing.T) {
	q := func() *queue { return &queue{time: 10 * time.Millisecond, rand: rand.New(rand.NewPCG(1, 1))} }
	goal := objective(t, "p99<300ms")
	out, err := Search(t.Context(), q().trial, Options{Objective: goal, Max: 40, Step: 5 * time.Second, Rest: 1})
	if err != nil || out.Rate != 40 || out.Above != 0 || out.Report().Verdict.Word != "AT LEAST" {
		t.Errorf("at the highest allowed rate: %+v, %v", out, err)
	}
	out, err = Search(t.Context(), q().trial, Options{Objective: objective(t, "p99<1us"), Step: 5 * time.Second, Rest: 1})
	if err != nil || out.Rate != 0 || out.Report().Verdict.Word != "NONE" {
		t.Errorf("an objective that nothing keeps: %+v, %v", out, err)
	}
	out, err = Search(t.Context(), q().trial, Options{Objective: goal, From: 5000, Step: 5 * time.Second, Rest: 1})
	if err != nil || out.Rate < 70 || out.Rate > 100 {
		t.Errorf("from far above: %v to %v, %v", out.Rate, out.Above, err)
	}
	limited := func(r *result.Result) string {
		if r.Run.Rate > 60 {
			return "no CPU"
		}
		return ""
	}
	out, err = Search(t.Context(), q().trial, Options{Objective: goal, From: 10, Step: 5 * time.Second, Rest: 1, Limited: limited})
	if err != nil || out.Rate != 80 || out.Limited != "no CPU" || out.Report().Verdict.Word != "AT LEAST" {
		t.Errorf("the generator's limit: %+v, %v", out, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, err = Search(ctx, q().trial, Options{Objective: goal, Step: 5 * time.Second, Stepped: func(Step) { cancel() }})
	if err != nil || !out.Interrupted || len(out.Steps) == 0 {
		t.Errorf("interrupted: %+v, %v", out, err)
	}
}

// workers is a service of four workers that take 20 ms each, on a machine where
// now and then everything stands still, the generator too. It sustains 200 a
// second.
type workers struct {
	free  [4]time.Duration
	still float64 // chance that a second has 300 ms without a processor
	rand  *rand.Rand
}

func (w *workers) trial(_ context.Context, rate float64, length time.Duration) (*result.Result, error) {
	r := &result.Result{Record: record.New(), Run: result.Run{Arrival: "constant", Rate: rate, Sending: length, Elapsed: length}}
	r.Record.Series.Width = Cell
	w.free = [4]time.Duration{}
	stops := make([]bool, int(length.Seconds())+60)
	for s := range stops {
		stops[s] = w.rand.Float64() < w.still
	}
	// awake is the first moment from t on at which there is a processor.
	awake := func(t time.Duration) time.Duration {
		if s := t.Truncate(time.Second); stops[int(s/time.Second)] && t-s < 300*time.Millisecond {
			return s + 300*time.Millisecond
		}
		return t
	}
	for k := range int(rate * length.Seconds()) {
		due := time.Duration(float64(k) / rate * 1e9)
		sent := awake(due)
		first := 0
		for i, at := range w.free {
			if at < w.free[first] {
				first = i
			}
		}
		done := awake(max(sent, w.free[first]) + 20*time.Millisecond)
		w.free[first] = done
		r.Record.Start(due, sent, sent-due)
		r.Record.End(due, sent, done, 200, true)
		r.Run.Elapsed = max(r.Run.Elapsed, done)
	}
	return r, nil
}

// A neighbour that takes the processors away in one second of five leaves the
// capacity that is found within 5 % of the truth, in 9 of 10 searches.
func TestDisturbed(t *testing.T) {
	goal := objective(t, "p99<200ms,errors<1%")
	for _, still := range []float64{0, 0.1, 0.2} {
		wrong := 0
		for seed := range uint64(20) {
			w := &workers{still: still, rand: rand.New(rand.NewPCG(seed, 5))}
			out, err := Search(t.Context(), w.trial, Options{Objective: goal, Rest: time.Nanosecond})
			if err != nil {
				t.Fatal(err)
			}
			if !out.Confirmed || out.Rate < 190 || out.Rate > 210 {
				wrong++
				t.Logf("still %v, seed %d: %v to %v of 200 in %d steps, confirmed %v", still, seed, out.Rate, out.Above, len(out.Steps), out.Confirmed)
			}
		}
		if wrong > 1 {
			t.Errorf("still %v: %d of 20 are not within 5 %%", still, wrong)
		}
	}
}

// Where the machine has little quiet time, or next to none, a rate that could not be
// judged is not called missed: what is found is a lower bound that says why, or the
// truth. The search goes on below such a rate, and mostly comes near.
func TestNeverQuiet(t *testing.T) {
	goal := objective(t, "p99<200ms,errors<1%")
	for _, still := range []float64{0.4, 0.8} {
		bounds, near := 0, 0
		for seed := range uint64(20) {
			w := &workers{still: still, rand: rand.New(rand.NewPCG(seed, 5))}
			out, err := Search(t.Context(), w.trial, Options{Objective: goal, Rest: time.Nanosecond})
			if err != nil {
				t.Fatal(err)
			}
			v := out.Report().Verdict
			switch {
			case out.Rate > 210:
				t.Errorf("still %v, seed %d: %v of 200", still, seed, out.Rate)
			case out.Limited == "" && out.Rate < 190:
				t.Errorf("still %v, seed %d: %s: %s", still, seed, v.Word, v.Text)
			case out.Limited != "":
				bounds++
				if v.Word != "AT LEAST" && v.Word != "GENERATOR-LIMITED" || !strings.Contains(v.Text, "other work on this machine") {
					t.Errorf("still %v, seed %d: %s: %s", still, seed, v.Word, v.Text)
				}
			}
			if out.Rate >= 180 {
				near++
			}
		}
		if bounds == 0 || still < 0.5 && near < 15 {
			t.Errorf("still %v: %d of 20 are lower bounds, %d within 10 %%", still, bounds, near)
		}
	}
}

// bucket is a limiter that lets 150 a second through, and a burst.
type bucket struct{ burst float64 }

func (b *bucket) trial(_ context.Context, rate float64, length time.Duration) (*result.Result, error) {
	r := &result.Result{Record: record.New(), Run: result.Run{Arrival: "constant", Rate: rate, Sending: length, Elapsed: length}}
	tokens := b.burst // it has filled up meanwhile
	for k := range int(rate * length.Seconds()) {
		due := time.Duration(float64(k) / rate * 1e9)
		tokens = min(tokens+150/rate, b.burst)
		status := 429
		if tokens >= 1 {
			tokens--
			status = 200
		}
		r.Record.Start(due, due, 0)
		r.Record.End(due, due, due+time.Millisecond, status, status == 200)
	}
	return r, nil
}

// A limiter's burst is not its rate.
func TestLimiter(t *testing.T) {
	for _, burst := range []float64{1, 10, 150, 200} {
		b := &bucket{burst}
		out, err := Search(t.Context(), b.trial, Options{Objective: objective(t, "p99<200ms,errors<1%"), Rest: time.Nanosecond})
		if err != nil || !out.Confirmed || out.Rate < 142.5 || out.Rate > 157.5 {
			t.Errorf("burst %v: found %v to %v, confirmed %v, %v; it lets 150 through", burst, out.Rate, out.Above, out.Confirmed, err)
		}
	}
}

// A real server with one worker of 10 ms sustains 100 a second.
func TestRealServer(t *testing.T) {
	worker := make(chan struct{}, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		worker <- struct{}{}
		time.Sleep(10 * time.Millisecond)
		<-worker
	}))
	defer srv.Close()
	set, err := target.Compile([]target.Spec{{URL: srv.URL}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	trial := func(ctx context.Context, rate float64, length time.Duration) (*result.Result, error) {
		list, err := engine.Run(ctx, set, engine.Options{Schedule: pace.Constant(rate).For(length, 0), Timeout: 3 * time.Second})
		if err != nil {
			return nil, err
		}
		return list[0], nil
	}
	out, err := Search(t.Context(), trial, Options{Objective: objective(t, "p99<150ms,errors<1%"), From: 40, Step: time.Second, Precision: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range out.Steps {
		t.Logf("%v/s: p99 %v, kept %v", s.Rate, s.Result.Record.Latency.Quantile(.99), s.Kept)
	}
	if out.Rate < 40 || out.Rate > 110 {
		t.Errorf("found %v to %v, one worker sustains 100", out.Rate, out.Above)
	}
}

// A step below the capacity that was missed and then kept is not what broke.
func TestWhatBroke(t *testing.T) {
	q := &queue{time: time.Millisecond, rand: rand.New(rand.NewPCG(1, 1))}
	step := func(rate float64, kept bool) Step {
		r, err := q.trial(context.Background(), rate, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		return Step{Rate: rate, Result: r, Kept: kept}
	}
	o := &Outcome{Objective: objective(t, "p99<1s"), Rate: 200, Above: 400, Steps: []Step{step(100, false), step(100, true), step(200, true), step(400, false)}}
	if f := o.findings(); len(f) != 1 || f[0].Title != "at 400 requests a second the objective breaks" {
		t.Errorf("%+v", f)
	}
}

// A saved search is the whole of it.
func TestSavedSearch(t *testing.T) {
	q := &queue{time: 10 * time.Millisecond, rand: rand.New(rand.NewPCG(1, 1))}
	out, err := Search(t.Context(), q.trial, Options{Objective: objective(t, "p99<300ms,errors<1%"), Rest: 1})
	if err != nil {
		t.Fatal(err)
	}
	packed, err := out.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, ok, err := Decode(packed)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if diff := cmp.Diff(out.Report().Data, got.Report().Data); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(out.Report().Sections[0].Blocks[0], got.Report().Sections[0].Blocks[0]); diff != "" {
		t.Error(diff)
	}
	if _, err := result.Decode(bytes.NewReader(packed)); err == nil || !strings.Contains(err.Error(), "search for the capacity") {
		t.Errorf("as a run: %v", err)
	}
	for name, text := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "cut off": packed[:len(packed)/2]} {
		if _, ok, _ := Decode(text); ok {
			t.Errorf("%s was read", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	q := &queue{time: 10 * time.Millisecond, rand: rand.New(rand.NewPCG(1, 1))}
	goal, _ := expect.ParseObjective("p99<300ms")
	out, _ := Search(context.Background(), q.trial, Options{Objective: goal, Max: 40, Step: time.Second, Rest: 1})
	packed, _ := out.Encode()
	f.Add(packed)
	f.Fuzz(func(t *testing.T, text []byte) {
		if o, ok, err := Decode(text); ok && err == nil {
			o.Report()
		}
	})
}
