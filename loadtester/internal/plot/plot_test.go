package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
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
	goals := []Goal{{"p99<200ms", 200 * time.Millisecond}, {"max<9m", 9 * time.Minute}}
	with := func(draw func(*result.Result, []Goal) (report.Plot, bool)) func(*result.Result) (report.Plot, bool) {
		return func(r *result.Result) (report.Plot, bool) { return draw(r, goals) }
	}
	for _, draw := range []func(*result.Result) (report.Plot, bool){with(OverTime), with(Percentiles), with(Histogram), Phases, Lag} {
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

// What is read off a picture: the objective, what its dots are, and values where
// somebody points.
func TestWordsInPictures(t *testing.T) {
	words := [][]string{
		{"(dots: the longest)", "objective p99&lt;200ms", "objective above: max&lt;9m", "<title>3 s: p50 "},
		{"objective p99&lt;200ms", "objective above: max&lt;9m", "<title>p99.", "response "},
		{"latency, ms, logarithmic", " ms to "},
	}
	for k, p := range all(run(20, false))[:3] {
		for _, want := range words[k] {
			if !strings.Contains(string(p.SVG), want) {
				t.Errorf("%s has no %s", p.Title, want)
			}
		}
		if !strings.Contains(string(p.SVG), "goes on to the right") { // on a narrow screen
			t.Errorf("%s does not say that it goes on", p.Title)
		}
	}
	r := run(20, false)
	near, ok := OverTime(r, []Goal{{"p90<20ms", 20 * time.Millisecond}})
	if !ok || !strings.Contains(string(near.SVG), ">objective p90&lt;20ms<") {
		t.Error("the objective is not drawn")
	}
	for _, p := range Compare(r, run(20, true)) {
		if !strings.Contains(string(p.SVG), "<title>") {
			t.Errorf("%s tells no values", p.Title)
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
	p, ok := Capacity([]Step{{100, 100, 1e6, 5e6, 0, true, false}, {200, 200, 2e6, 9e6, 0, true, false}, {400, 310, 9e7, 8e8, .05, false, true}, {400, 310, 9e7, 8e8, .05, false, false}},
		[]Goal{{"p99<20ms", 20 * time.Millisecond}}, 200)
	if !ok {
		t.Fatal("no picture")
	}
	check(t, p)
	// The axis says what it is, its lines and dots what they mean, and each dot its values.
	for _, want := range []string{">Latency, ms, logarithmic<", ">objective p99&lt;20ms<", ">kept<", ">missed<", ">tried again<", "<title>400/s, missed: p50 90 ms, p99 800 ms, errors 5.0%, 310/s answered</title>", ">1<", ">2<", ">5<", ">500<"} {
		if !strings.Contains(string(p.SVG), want) {
			t.Errorf("no %s", want)
		}
	}
	if _, ok := Capacity(nil, nil, 0); ok {
		t.Error("a picture of nothing")
	}
}

func TestTicks(t *testing.T) {
	join := func(s scale) string {
		var list []string
		for _, k := range s.ticks(4, rowGap, number) {
			list = append(list, k.label)
		}
		return strings.Join(list, " ")
	}
	for want, s := range map[string]scale{
		"0 5 10 15 20":          {from: 0, to: 20},
		"0 0.5 1 1.5 2":         {from: 0, to: 2},
		"0 5,000 10,000 15,000": {from: 0, to: 15000},
		"1 10 100 1,000":        {from: 0.9, to: 1500, log: true, low: 100},
		"1 2 5 10 20 50 100":    {from: 0.9, to: 150, log: true, low: 185},
		"2 5 10":                {from: 2, to: 12, log: true, low: 185},
	} {
		if got := join(s); got != want {
			t.Errorf("%+v: %s, want %s", s, got, want)
		}
	}
}

// An objective's name never lies upon a panel's heading, wherever its line is.
func TestObjectiveBesideTheHeading(t *testing.T) {
	heading := regexp.MustCompile(`<text x="[\d.]+" y="([\d.]+)" class="h"[^>]*>Latency`)
	objective := regexp.MustCompile(`<text x="[\d.]+" y="([\d.]+)" class="f4 k"[^>]*>objective`)
	r := run(20, false)
	for at := time.Millisecond; at < time.Second; at += at/7 + 1 {
		goals := []Goal{{"p99<x", at}}
		var list []report.Plot
		for _, draw := range []func(*result.Result, []Goal) (report.Plot, bool){OverTime, Percentiles} {
			if p, ok := draw(r, goals); ok {
				list = append(list, p)
			}
		}
		for _, p := range list {
			h, o := heading.FindStringSubmatch(string(p.SVG)), objective.FindStringSubmatch(string(p.SVG))
			if h == nil {
				t.Fatalf("%s has no heading", p.Title)
			}
			if o == nil { // it lies outside of the panel
				continue
			}
			a, _ := strconv.ParseFloat(h[1], 64)
			b, _ := strconv.ParseFloat(o[1], 64)
			if math.Abs(a-b) < 11 {
				t.Errorf("%s, objective of %v: the heading at %v, its name at %v", p.Title, at, a, b)
			}
		}
	}
}
