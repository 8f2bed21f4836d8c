package record

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// lognormal times between some µs and some seconds.
func someTimes(n int) []time.Duration {
	random := rand.New(rand.NewPCG(1, 2))
	times := make([]time.Duration, n)
	for i := range times {
		times[i] = time.Duration(math.Exp(random.NormFloat64()*2+14)) + time.Microsecond
	}
	return times
}

func exact(times []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(int(math.Ceil(q*float64(len(sorted))))-1, len(sorted)-1)]
}

func off(got, want time.Duration) float64 {
	return math.Abs(float64(got)/float64(want) - 1)
}

// A histogram's percentiles are those of the times, to its precision.
func TestHistogram(t *testing.T) {
	times := someTimes(50_000)
	for digits, allowed := range map[Digits]float64{Fine: 0.002, Coarse: 0.02} {
		h := NewHistogram(digits)
		var sum time.Duration
		for _, d := range times {
			h.Record(d)
			sum += d
		}
		for _, q := range []float64{.5, .9, .99, .999} {
			if e := off(h.Quantile(q), exact(times, q)); e > allowed {
				t.Errorf("%d digits, q %v: %s, want %s", digits, q, h.Quantile(q), exact(times, q))
			}
		}
		if h.Min() != slices.Min(times) || h.Max() != slices.Max(times) || off(h.Mean(), sum/time.Duration(len(times))) > 1e-9 || h.Count() != int64(len(times)) {
			t.Errorf("min %s, max %s, mean %s", h.Min(), h.Max(), h.Mean())
		}
		var n int64
		for b := range h.Buckets() {
			n += b.Count
		}
		if n != h.Count() {
			t.Errorf("the buckets hold %d", n)
		}
	}
}

func TestHistogramEdges(t *testing.T) {
	h := NewHistogram(Fine)
	if h.Min() != 0 || h.Max() != 0 || h.Mean() != 0 || h.Quantile(.5) != 0 || h.ShareAbove(0) != 0 {
		t.Error("an empty histogram has figures")
	}
	h.Record(-time.Second)
	h.Record(3 * time.Hour)
	if h.Min() != 0 || h.Max() != 3*time.Hour || h.Count() != 2 {
		t.Errorf("min %s, max %s, count %d", h.Min(), h.Max(), h.Count())
	}
	if h.ShareAbove(time.Second) != 0.5 {
		t.Errorf("%v are above a second", h.ShareAbove(time.Second))
	}
}

// A cell's percentiles are right to about 3 %.
func TestCell(t *testing.T) {
	times := someTimes(20_000)
	var c, half, other Cell
	for i, d := range times {
		c.Record(d)
		if i%2 == 0 {
			half.Record(d)
		} else {
			other.Record(d)
		}
	}
	half.Add(&other)
	if half != c {
		t.Error("adding is not recording")
	}
	for _, q := range []float64{.5, .9, .99} {
		if e := off(c.Quantile(q), exact(times, q)); e > 0.035 {
			t.Errorf("q %v: %s, want %s", q, c.Quantile(q), exact(times, q))
		}
	}
}

// The steps of a cell meet: no time falls between two, and each is in its own.
func TestSteps(t *testing.T) {
	for b := range buckets - 1 {
		start, next := bucketStart(b), bucketStart(b+1)
		if next <= start || bucketOf(start) != b || bucketOf(next-1) != b {
			t.Fatalf("step %d: %s to %s, %d, %d", b, start, next, bucketOf(start), bucketOf(next-1))
		}
	}
}

// A run of a day has as many cells as one of an hour, and loses nothing.
func TestDay(t *testing.T) {
	r, part, rest := New(), New(), New()
	for second := range 24 * 3600 {
		due := time.Duration(second) * time.Second
		to := part
		if second%3 == 0 {
			to = rest
		}
		for _, r := range []*Record{r, to} {
			r.Start(due, due, 0)
			r.End(due, due, due+time.Millisecond, 200, true)
		}
	}
	part.Merge(rest)
	for _, s := range []*Series{&r.Series, &part.Series} {
		var sent int64
		for _, c := range s.Cells {
			if c != nil {
				sent += c.Sent
			}
		}
		if len(s.Cells) > maxCells || s.Width != 64*time.Second || sent != 24*3600 {
			t.Errorf("%d cells of %s, %d requests", len(s.Cells), s.Width, sent)
		}
	}
	text, err := json.Marshal(r)
	if err != nil || len(text) > 1<<20 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// What a run needs is bounded, however long and fast it is: 10 MB for an hour and
// no more for a day. (It allocates nothing else while it sends: see package engine.)
func TestMemoryOfADay(t *testing.T) {
	const rate = 50
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := New()
	for i := range 24 * 3600 * rate {
		due := time.Duration(i) * time.Second / rate
		r.Start(due, due, 0)
		r.End(due, due, due+time.Duration(i%1e6)*time.Microsecond, 200, true)
		if i == 3600*rate || i == 24*3600*rate-1 {
			runtime.ReadMemStats(&after)
			made := after.TotalAlloc - before.TotalAlloc
			t.Logf("after %s: %.1f MB", due.Round(time.Minute), float64(made)/1e6)
			if made > 10e6 {
				t.Errorf("after %s it has allocated %.1f MB", due, float64(made)/1e6)
			}
		}
	}
}

// Timeouts count in the latency with their wait, other faults do not.
func TestFaultsInLatency(t *testing.T) {
	r := New()
	r.Fail(0, 0, 10*time.Second, NoAnswerTimeout, 0)
	r.Fail(0, 0, time.Millisecond, Refused, 0)
	if r.Latency.Count() != 1 || r.Latency.Max() != 10*time.Second || r.Failed != 2 {
		t.Errorf("%d latencies, up to %s", r.Latency.Count(), r.Latency.Max())
	}
}

func TestClasses(t *testing.T) {
	seen := map[string]bool{}
	for c := range NumClasses {
		if c.Key() == "" || c.String() == "" || seen[c.Key()] {
			t.Errorf("class %d: %q, %q", c, c.Key(), c)
		}
		seen[c.Key()] = true
		if back, ok := ParseClass(c.Key()); !ok || back != c {
			t.Errorf("%s was read as %s", c.Key(), back)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	r := New()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		due := time.Duration(i) * time.Microsecond
		r.Start(due, due+time.Microsecond, 0)
		r.End(due, due+time.Microsecond, due+100*time.Microsecond, 200, true)
	}
}
