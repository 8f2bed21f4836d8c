package pace

import (
	"math"
	"testing"
	"time"
)

func mustParse(t *testing.T, text string) *Schedule {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func all(s *Schedule, part Slice) (is []uint64, dues []time.Duration) {
	for a := s.Arrivals(part); ; {
		i, due, ok := a.Next()
		if !ok {
			return is, dues
		}
		is, dues = append(is, i), append(dues, due)
	}
}

// Request i of a constant rate is due at i/rate, to the nanosecond, also late in
// a long run.
func TestConstant(t *testing.T) {
	_, dues := all(Constant(1000).For(20*time.Second, 0), Slice{})
	if len(dues) != 20000 {
		t.Fatalf("%d requests", len(dues))
	}
	for i, due := range dues {
		if due != time.Duration(i)*time.Millisecond {
			t.Fatalf("request %d is due at %s", i, due)
		}
	}
	day := Constant(9999).Arrivals(Slice{Index: 9999 * 86400, Of: 1})
	if due, _ := day.Peek(); due != 24*time.Hour {
		t.Errorf("after a day: %s", due)
	}
}

// Each form has as many requests as its integral, due in order, within its length.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		rate     string
		duration time.Duration
		requests int
		length   time.Duration
		mean     float64
	}{
		{"500", 10 * time.Second, 5000, 10 * time.Second, 500},
		{"500/s", 10 * time.Second, 5000, 10 * time.Second, 500},
		{"30/m", time.Minute, 30, time.Minute, 0.5},
		{"10..1000/60s", 0, 30300, time.Minute, 505},
		{"0..100/10s", 0, 500, 10 * time.Second, 50},
		{"100..0/10s", 0, 500, 10 * time.Second, 50},
		{"100/30s,500/2m,0..1000/1m", 0, 93000, 210 * time.Second, 93000. / 210},
		{"100/30s,500", 40 * time.Second, 8000, 40 * time.Second, 200},
		{"100/30s", 10 * time.Second, 1000, 10 * time.Second, 100},
		{"sine:100..500/60s", 2 * time.Minute, 36000, 2 * time.Minute, 300},
		{"burst:100/5s", 12 * time.Second, 300, 12 * time.Second, 25},
	} {
		t.Run(c.rate, func(t *testing.T) {
			s := mustParse(t, c.rate).For(c.duration, 0)
			_, dues := all(s, Slice{})
			if len(dues) != c.requests {
				t.Errorf("%d requests, want %d", len(dues), c.requests)
			}
			if got := s.Expected(); math.Abs(got-float64(c.requests)) > 1e-6*float64(c.requests) {
				t.Errorf("Expected is %v", got)
			}
			if s.Length() != c.length || math.Abs(s.Rate()-c.mean) > 1e-6*c.mean {
				t.Errorf("length %s, rate %v", s.Length(), s.Rate())
			}
			last := time.Duration(0)
			for i, due := range dues {
				if due < last || due >= c.length {
					t.Fatalf("request %d is due at %s, after %s, of %s", i, due, last, c.length)
				}
				last = due
			}
		})
	}
}

// The rate of a ramp is right at each moment, not only on average.
func TestRampInTheMiddle(t *testing.T) {
	_, dues := all(mustParse(t, "0..1000/10s"), Slice{})
	var inSecond [10]int
	for _, due := range dues {
		inSecond[due/time.Second]++
	}
	for second, n := range inSecond {
		if want := 50 + 100*second; n < want-1 || n > want+1 {
			t.Errorf("second %d has %d requests, want %d", second, n, want)
		}
	}
}

// Slices share a schedule out: together they are the whole, and nothing twice.
func TestSlices(t *testing.T) {
	for _, s := range []*Schedule{
		Constant(100).For(3*time.Second, 0), Constant(100).For(0, 250),
		mustParse(t, "0..100/3s,50/2s"), Constant(200).Poisson(7).For(2*time.Second, 0),
	} {
		want, dues := all(s, Slice{})
		seen := map[uint64]time.Duration{}
		for machine := range uint64(3) {
			for loop := range uint64(2) {
				is, at := all(s, Slice{machine, 3}.Within(Slice{loop, 2}))
				for k, i := range is {
					if _, twice := seen[i]; twice {
						t.Fatalf("%s: request %d is in two slices", s, i)
					}
					seen[i] = at[k]
				}
			}
		}
		if len(seen) != len(want) {
			t.Fatalf("%s: the slices have %d requests, the whole %d", s, len(seen), len(want))
		}
		for k, i := range want {
			if seen[i] != dues[k] {
				t.Fatalf("%s: request %d is due at %s and at %s", s, i, seen[i], dues[k])
			}
		}
	}
}

// Poisson arrivals have exponential gaps: mean and deviation are both 1/rate,
// and the seed repeats them.
func TestPoisson(t *testing.T) {
	s := Constant(1000).Poisson(1).For(100*time.Second, 0)
	_, dues := all(s, Slice{})
	var sum, squares float64
	for i := 1; i < len(dues); i++ {
		gap := (dues[i] - dues[i-1]).Seconds()
		sum += gap
		squares += gap * gap
	}
	n := float64(len(dues) - 1)
	mean := sum / n
	deviation := math.Sqrt(squares/n - mean*mean)
	if math.Abs(n-1e5) > 1500 || math.Abs(mean-1e-3) > 2e-5 || math.Abs(deviation-1e-3) > 3e-5 {
		t.Errorf("%v gaps, mean %v, deviation %v", n, mean, deviation)
	}
	_, again := all(s, Slice{})
	_, other := all(Constant(1000).Poisson(2).For(100*time.Second, 0), Slice{})
	if again[500] != dues[500] || other[500] == dues[500] {
		t.Error("the seed does not decide")
	}
}

func TestRecorded(t *testing.T) {
	s := Recorded([]time.Duration{0, time.Second, 3 * time.Second}, 2)
	_, dues := all(s, Slice{})
	if len(dues) != 3 || dues[2] != 1500*time.Millisecond || s.Arrival() != "recorded" {
		t.Errorf("%v", dues)
	}
}

func TestByCount(t *testing.T) {
	s := Constant(100).For(0, 250)
	if s.Endless() || s.Length() != 2500*time.Millisecond || s.Expected() != 250 {
		t.Errorf("length %s, expected %v", s.Length(), s.Expected())
	}
	if s := mustParse(t, "sine:0..100/10s").For(0, 100); s.Endless() || s.Length() <= 0 {
		t.Errorf("sine: %s", s.Length())
	}
	a := Constant(100).For(time.Second, 0).Arrivals(Slice{})
	a.Next()
	if a.Left() != 99 {
		t.Errorf("%d left", a.Left())
	}
}

func TestBadRates(t *testing.T) {
	for _, text := range []string{"", "0", "-1", "x", "1e99", "NaN", "10..", "10..20", "10..20/", "10..20/-3s", "5/0s", "500,100/3s", "0..0/3s",
		"sine:5/3s", "sine:1..5", "burst:0/3s", "burst:1.5/3s", "wave:1..2/3s", "1/3x", "0/5s"} {
		if s, err := Parse(text); err == nil {
			t.Errorf("%q was read as %s", text, s)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"500", "10..1000/60s", "100/30s,500/2m,0..1000/1m", "sine:100..500/60s", "burst:100/5s", "30/m"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		last := time.Duration(0)
		for a, n := s.For(time.Hour, 1000).Arrivals(Slice{}), 0; n < 1000; n++ {
			_, due, ok := a.Next()
			if !ok {
				break
			}
			if due < last || due < 0 {
				t.Fatalf("%q: %s after %s", text, due, last)
			}
			last = due
		}
	})
}
