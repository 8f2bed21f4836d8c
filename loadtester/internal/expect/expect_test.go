package expect

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// run is a result of 100 answers of 1 to 100 ms in 10 s, the slowest five of
// which are 503, and one timeout after 2 s.
func run() *result.Result {
	r := &result.Result{Record: record.New()}
	for k := range 100 {
		status := 200
		if k >= 95 {
			status = 503
		}
		due := time.Duration(k) * 100 * time.Millisecond
		r.Record.Start(due, due, 0)
		r.Record.End(due, due, due+time.Duration(k+1)*time.Millisecond, status, status == 200)
	}
	r.Record.Start(0, 0, 0)
	r.Record.Fail(0, 0, 2*time.Second, record.NoAnswerTimeout, 0)
	r.Run.Sending, r.Run.Elapsed = 10*time.Second, 10*time.Second
	return r
}

func TestObjective(t *testing.T) {
	for text, want := range map[string]bool{
		"p50<60ms":            true,
		"p50<40ms":            false,
		"P99 >= 99ms":         true,
		"max<2s":              false,
		"max<=2.001s":         true,
		"mean<1s,p50<40ms":    false,
		"min>500us":           true,
		"errors<6%":           true,
		"errors<5%":           false,
		"errors<=6":           true,
		"errors<6":            false,
		"success>94%":         true,
		"success>=95":         true,
		"status.503<1%":       false,
		"status.5xx<=5":       true,
		"status.429<=0":       true,
		"rate>=10":            true,
		"rate>=11/s":          false,
		"throughput>=10":      true,
		"shortfall<=0":        true,
		"shortfall<0.1%":      true,
		"service.p99.9<2.1s":  true,
		"lag.max<=0s":         true,
		"latency.p95<97ms":    true,
		"p100<1.9s":           false,
		"sent>=101":           true,
		"median<60ms,p90<1s ": true,
	} {
		o, err := ParseObjective(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if o.Keeps(run()) != want {
			t.Errorf("%s: %+v", text, o.Judge(run()))
		}
	}
	empty := &result.Result{Record: record.New()}
	for _, text := range []string{"p99<1s", "errors<1%", "success>0%"} {
		o, _ := ParseObjective(text)
		if c := o.Judge(empty)[0]; c.Pass || c.Got != "nothing was measured" {
			t.Errorf("%s on nothing: %+v", text, c)
		}
	}
	for _, text := range []string{"", "p99", "p99=1s", "p99<200", "p99<-1s", "p0<1s", "p101<1s", "speed<1", "errors<x%", "rate>", "p99<1s,", "status.9<1", "rate>NaN"} {
		if _, err := ParseObjective(text); err == nil {
			t.Errorf("%q passed", text)
		}
	}
	o, _ := ParseObjective("p99<200ms,errors<1%")
	if c := o.Judge(run())[1]; c.Name != "errors<1%" || c.Want != "below 1%" || c.Got != "5.94%" {
		t.Errorf("%+v", c)
	}
}

func TestStatuses(t *testing.T) {
	for text, want := range map[string][]int{"400": {400}, "2xx, 404": {200, 299, 404}, "200-204,304": {200, 204, 304}, "5XX": {500}} {
		s, err := ParseStatuses(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for _, status := range want {
			if !s.Has(status) {
				t.Errorf("%s has not %d", text, status)
			}
		}
		if s.Has(100) || s.Has(-1) || s.Has(5000) {
			t.Errorf("%s has too many", text)
		}
	}
	for _, text := range []string{"", "x", "2x", "99", "1000", "300-200", "200,,"} {
		if _, err := ParseStatuses(text); err == nil {
			t.Errorf("%q passed", text)
		}
	}
	s, _ := ParseStatuses("2xx")
	if c := s.Judge(run()); c.Pass || c.Got != "5 others: 503 (5)" {
		t.Errorf("%+v", c)
	}
	s, _ = ParseStatuses("200,503")
	if c := s.Judge(run()); c.Pass || c.Got != "1 request without an answer" {
		t.Errorf("%+v", c)
	}
	if c := s.Judge(&result.Result{Record: record.New()}); c.Pass || c.Got != "no answer" {
		t.Errorf("%+v", c)
	}
}

// A body is found however it is cut into chunks.
// TestWalks wants at least one walk that came to its end: of the others the last
// steps were never judged.
func TestWalks(t *testing.T) {
	none := &result.Result{Record: record.New()}
	if _, ok := Walks(none); ok {
		t.Error("a run without walks was judged")
	}
	for got, walks := range map[string]record.Walks{
		"no walk came to its end: 5 ended early by other failures": {Ended: []int64{4, 1}},
		"3 walks whole, 2 ended early by other failures":           {Whole: 3, Ended: []int64{0, 2}},
		"1 walk whole": {Whole: 1},
	} {
		r := &result.Result{Record: record.New()}
		r.Record.Walks = walks
		if c, ok := Walks(r); !ok || c.Got != got || c.Pass != (walks.Whole > 0) {
			t.Errorf("%+v: %v, %+v", walks, ok, c)
		}
	}
}

func TestBody(t *testing.T) {
	cases := []struct {
		want, body string
		match      bool
	}{
		{"abab", "xxabaabab", true},
		{"abab", "abaaba", false},
		{"x", "aax", true},
		{"x", "", false},
		{"=ok", "ok", true},
		{"=ok", "ok\n", false},
		{"=ok", "o", false},
		{"=", "", true},
		{"=", "x", false},
		{`/"id":\s*\d+/`, `{"id": 17}`, true},
		{`/^$/`, "x", false},
		{"/", "a/b", true},
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range cases {
		b, err := ParseBody(c.want)
		if err != nil {
			t.Fatal(err)
		}
		m := b.Matcher()
		for range 200 {
			m.Reset()
			for rest := []byte(c.body); len(rest) > 0; {
				n := 1 + r.IntN(len(rest))
				m.Feed(rest[:n])
				rest = rest[n:]
			}
			if m.End() != c.match {
				t.Fatalf("%q in %q: %v", c.want, c.body, !c.match)
			}
		}
	}
	for _, text := range []string{"", "/(/"} {
		if _, err := ParseBody(text); err == nil {
			t.Errorf("%q passed", text)
		}
	}
}

func FuzzBody(f *testing.F) {
	f.Add("abab", "xabaabab", uint64(3))
	f.Fuzz(func(t *testing.T, want, body string, seed uint64) {
		if want == "" || want[0] == '=' || want[0] == '/' {
			return
		}
		b, _ := ParseBody(want)
		m := b.Matcher()
		m.Reset()
		r := rand.New(rand.NewPCG(seed, 1))
		for rest := []byte(body); len(rest) > 0; {
			n := 1 + r.IntN(len(rest))
			m.Feed(rest[:n])
			rest = rest[n:]
		}
		if m.End() != strings.Contains(body, want) {
			t.Fatalf("%q in %q: %v", want, body, m.End())
		}
	})
}

func FuzzObjective(f *testing.F) {
	f.Add("p99<200ms,errors<1%,rate>=990")
	f.Add("status.4xx<=3")
	r := run()
	f.Fuzz(func(t *testing.T, text string) {
		if o, err := ParseObjective(text); err == nil {
			o.Judge(r)
		}
	})
}
