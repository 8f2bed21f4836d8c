package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// run is a synthetic run of so many seconds.
func run(seconds int, closed bool) *result.Result {
	r := &result.Result{Record: record.New()}
	random := rand.New(rand.NewPCG(1, 1))
	for k := range seconds * 50 {
		due := time.Duration(k) * 20 * time.Millisecond
		sent := due + time.Duration(random.IntN(100))*time.Microsecond
		d := time.Duration(5e6 * math.Exp(random.NormFloat64()))
		r.Record.Start(due, sent, sent-due)
		switch k % 40 {
		case 7:
			r.Record.Fail(due, sent, sent+d, record.Reset, 0)
		case 9:
			r.Record.End(due, sent, sent+d, 503, false)
		default:
			r.Record.End(due, sent, sent+d, 200, true)
		}
		r.Record.Phases[record.PhaseFirstByte].Record(d)
		r.Record.Phases[record.PhaseBody].Record(d / 10)
	}
	length := time.Duration(seconds) * time.Second
	r.Run = result.Run{Arrival: "constant", Rate: 50, Schedule: "50/s", Sending: length, Elapsed: length}
	if closed {
		r.Run.Arrival = "closed"
	}
	return r
}

func all(r *result.Result) []report.Plot {
	var list []report.Plot
	for _, draw := range []func(*result.Result) (report.Plot, bool){OverTime, Percentiles, Histogram, Phases, Lag} {
		if p, ok := draw(r); ok {
			list = append(list, p)
		}
	}
	return list
}

// Each picture is whole XML, has a title and an alternative text, no number that
// is none, and a bounded size however long the run was.
func check(t *testing.T, p report.Plot) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(p.SVG))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%s: %v", p.Title, err)
		}
	}
	if p.Title == "" || p.Alt == "" || !strings.Contains(string(p.SVG), `role="img"`) {
		t.Errorf("%q lacks a title or a text", p.Title)
	}
	for _, bad := range []string{"NaN", "Inf", ">-0<", "<script"} {
		if strings.Contains(string(p.SVG), bad) {
			t.Errorf("%s holds %s", p.Title, bad)
		}
	}
	if len(p.SVG) > 80<<10 {
		t.Errorf("%s has %d bytes", p.Title, len(p.SVG))
	}
}

func TestRuns(t *testing.T) {
	for name, c := range map[string]struct {
		run  *result.Result
		want int
	}{
		"open": {run(20, false), 5}, "closed": {run(20, true), 4}, "long": {run(3000, false), 5}, "one second": {run(1, false), 3},
		"nothing": {&result.Result{Record: record.New()}, 0},
	} {
		list := all(c.run)
		if len(list) != c.want {
			t.Errorf("%s: %d pictures, want %d", name, len(list), c.want)
		}
		for _, p := range list {
			check(t, p)
		}
	}
}

func TestCompareAndCapacity(t *testing.T) {
	for _, p := range Compare(run(10, false), run(20, true)) {
		check(t, p)
	}
	if len(Compare(run(10, false), &result.Result{Record: record.New()})) != 0 {
		t.Error("nothing was drawn beside something")
	}
	p, ok := Capacity([]Step{{100, 100, 1e6, 5e6, 0, true}, {200, 200, 2e6, 9e6, 0, true}, {400, 310, 9e7, 8e8, .05, false}}, 20*time.Millisecond, 200)
	if !ok {
		t.Fatal("no picture")
	}
	check(t, p)
	if _, ok := Capacity(nil, 0, 0); ok {
		t.Error("a picture of nothing")
	}
}

func TestTicks(t *testing.T) {
	join := func(s scale) string {
		var list []string
		for _, k := range s.ticks(4, number) {
			list = append(list, k.label)
		}
		return strings.Join(list, " ")
	}
	for want, s := range map[string]scale{
		"0 5 10 15 20":          {from: 0, to: 20},
		"0 0.5 1 1.5 2":         {from: 0, to: 2},
		"0 5,000 10,000 15,000": {from: 0, to: 15000},
		"1 10 100 1,000":        {from: 0.9, to: 1500, log: true},
		"2 5 10":                {from: 2, to: 12, log: true},
	} {
		if got := join(s); got != want {
			t.Errorf("%+v: %s, want %s", s, got, want)
		}
	}
}
