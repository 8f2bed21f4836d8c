package compare

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

func TestStudent(t *testing.T) {
	for _, c := range []struct{ p, df, want float64 }{
		{0.995, 5, 4.0321}, {0.995, 10, 3.1693}, {0.995, 30, 2.7500}, {0.975, 8, 2.3060}, {0.995, 1e6, 2.5758},
	} {
		if got := student(c.p, c.df); math.Abs(got/c.want-1) > 0.01 {
			t.Errorf("t(%v, %v) = %v, want %v", c.p, c.df, got, c.want)
		}
	}
}

func TestVerdicts(t *testing.T) {
	w := world{seconds: 30, rate: 100, jitter: 0.05, scale: 1.5}
	a, b := w.pair(1, true)
	c := Of(a, b, Options{Pairs: Interleaved(a, b)})
	for _, d := range c.Differences {
		switch d.Metric {
		case "mean", "p50", "p90", "p99":
			if d.Verdict != Worse || !(d.Low > 0.2 && d.High < 0.9) {
				t.Errorf("%+v", d)
			}
		case "p99.9":
			if d.Verdict != Unknown || d.Note == "" {
				t.Errorf("%+v", d)
			}
		case "errors":
			if d.Verdict != NoShown {
				t.Errorf("%+v", d)
			}
		}
	}
	if c.Worst() != Worse || Of(b, a, Options{Pairs: Interleaved(b, a)}).Worst() != Better {
		t.Error("the verdict in one word is wrong")
	}
}

func TestShortAndEmpty(t *testing.T) {
	w := world{seconds: 3, rate: 100, scale: 2}
	a, b := w.pair(1, false)
	for _, d := range Of(a, b, Options{}).Differences {
		if d.Verdict != Unknown && d.Metric != "errors" {
			t.Errorf("3 seconds: %+v", d)
		}
	}
	empty := &result.Result{Record: record.New()}
	for _, pair := range [][2]*result.Result{{empty, empty}, {a, empty}, {empty, a}} {
		for _, paired := range []bool{true, false} {
			o := Options{}
			if paired {
				o.Pairs = Interleaved(pair[0], pair[1])
			}
			c := Of(pair[0], pair[1], o)
			if w := c.Worst(); w != Unknown {
				t.Errorf("nothing to compare: %s", w)
			}
		}
	}
}

func TestConditions(t *testing.T) {
	w := world{seconds: 30, rate: 100, jitter: 0.02, scale: 1.2}
	a, b := w.pair(3, true)
	c := Of(a, b, Options{Pairs: Interleaved(a, b)})
	for text, pass := range map[string]bool{
		"p99>+10%":       false,
		"p99>10%":        false,
		"p50>+50%":       true,
		"p50>+0.5ms":     false,
		"p50>=+10ms":     true,
		"mean<-5%":       true,
		"errors>+0.5%":   true,
		"throughput<-5%": true,
	} {
		list, err := ParseConditions(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := c.Check(list)[0]; got.Pass != pass {
			t.Errorf("%s: %+v", text, got)
		}
	}
	for _, text := range []string{"", "p99", "p99>", "p98>+1%", "errors>+5ms", "p99>+x%", "p99>NaN%"} {
		if _, err := ParseConditions(text); err == nil {
			t.Errorf("%q passed", text)
		}
	}
}

func TestWarnings(t *testing.T) {
	w := world{seconds: 10, rate: 10, scale: 1}
	a, b := w.pair(1, false)
	if got := Of(a, b, Options{}).Warnings; len(got) != 0 {
		t.Errorf("equal runs: %v", got)
	}
	b.Run.Arrival, b.Run.Rate = "constant", 50
	b.Run.Connections, b.Run.Timeout = 99, time.Second
	b.Generator.CPUs, b.Record.Shortfall = 64, 7
	got := strings.Join(Of(a, b, Options{}).Warnings, "; ")
	for _, want := range []string{"arrivals differ: closed and constant", "connection limits", "timeouts", "machines differ", "B sent 7 requests fewer"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

func FuzzConditions(f *testing.F) {
	f.Add("p99>+10%,errors>+0.5%")
	f.Fuzz(func(t *testing.T, text string) { _, _ = ParseConditions(text) })
}

// Where there are seconds enough but each is like the one before, the report says
// that, and not that there are too few.
func TestTrend(t *testing.T) {
	var level []float64
	for s := range 12 {
		level = append(level, 0.2*float64(s))
	}
	w := world{seconds: 12, rate: 50}
	r := w.run(rand.New(rand.NewPCG(1, 1)), level, make([]bool, 12), 1)
	v := Of(r, r, Options{}).Report(nil).Verdict
	if v.Word != "NOT JUDGED" || !strings.Contains(v.Text, "12 seconds follow a trend") {
		t.Errorf("%+v", v)
	}
}
