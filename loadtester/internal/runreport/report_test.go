package runreport

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// sample is a run of 15,247 requests in 30 s with two causes of failure.
func sample() *result.Result {
	rec := record.New()
	for i := range 15247 {
		due := time.Duration(i) * 30 * time.Second / 15247
		latency := time.Duration(12+i%90) * time.Millisecond
		rec.Sent++
		rec.Series.At(due).Sent++
		switch {
		case i%271 == 1:
			rec.Fail(due, due, due+latency, record.ConnectTimeout, 0)
		case i%272 == 2:
			rec.End(due, due, due+latency, 503, false)
		default:
			rec.End(due, due, due+latency, 200, true)
		}
	}
	return &result.Result{
		Run: result.Run{
			Tool: "loadtester v1.0.0", Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Targets: []string{"https://api.example.com/users"},
			Arrival: "closed", Concurrency: 50, Connections: 50, Path: "event loop", Timeout: 10 * time.Second,
			Duration: 30 * time.Second, Sending: 30 * time.Second, Elapsed: 30 * time.Second,
		},
		Record:    rec,
		Generator: result.Generator{System: "linux/amd64", CPUs: 2, Loops: 1, Hosts: 1, CPUSeconds: 1.5, PeakRSS: 12 << 20},
	}
}

// The text begins as the one that the tool was modelled on.
func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := report.Write(&b, New(sample(), false), report.Text, report.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"=== Load Test Results ===\nTarget: https://api.example.com/users\nDuration: 30s | Concurrency: 50\n",
		"THROUGHPUT:\n  Total requests: 15,247\n  Requests/sec: 508.2\n",
		"  Successful: 15,133 (99.3%)\n  Failed: 114 (0.7%)\n",
		"LATENCY (ms):\n  Min: 12\n  Avg: 56",
		"ERRORS:\n  Connection timeout: 57\n  HTTP 503: 57\n",
		"closed loop: latency excludes the time requests waited",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in:\n%s", want, b.String())
		}
	}
}

// The generator is the limit when it was late by itself, when it ran out of
// something, or when it was starved; a server that is slow is not that.
func TestJudge(t *testing.T) {
	open := func(change func(r *result.Result)) *result.Result {
		r := sample()
		r.Run.Arrival, r.Run.Concurrency, r.Run.Rate = "constant", 0, 500
		for range 2000 {
			r.Record.Pacing.Record(10 * time.Microsecond)
		}
		change(r)
		return r
	}
	pacing := func(late time.Duration, n int) func(r *result.Result) {
		return func(r *result.Result) {
			for range n {
				r.Record.Pacing.Record(late)
			}
		}
	}
	for _, c := range []struct {
		name   string
		result *result.Result
		word   string
	}{
		{"closed", sample(), "VALID"},
		{"open", open(func(*result.Result) {}), "VALID"},
		{"interrupted", open(func(r *result.Result) { r.Run.Interrupted = true }), "INTERRUPTED"},
		{"waits for connections", open(func(r *result.Result) {
			for range 5000 {
				r.Record.SendLag.Record(time.Second)
			}
		}), "VALID"},
		{"a late few", open(pacing(50*time.Millisecond, 10)), "VALID"},
		{"a late hundredth", open(pacing(50*time.Millisecond, 60)), "GENERATOR-LIMITED"},
		{"late by less than matters", open(pacing(5*time.Millisecond, 60)), "VALID"},
		{"late as a rule", open(pacing(30*time.Millisecond, 5000)), "GENERATOR-LIMITED"},
		{"late, but only nine", open(func(r *result.Result) {
			r.Record.Pacing.Reset()
			pacing(30*time.Millisecond, 9)(r)
		}), "VALID"},
		{"late, and ten", open(func(r *result.Result) {
			r.Record.Pacing.Reset()
			pacing(30*time.Millisecond, 10)(r)
		}), "GENERATOR-LIMITED"},
		{"no ports", open(func(r *result.Result) { r.Record.Errors[record.PortsExhausted] = 1 }), "GENERATOR-LIMITED"},
		{"no descriptors", open(func(r *result.Result) { r.Record.Errors[record.FilesExhausted] = 1 }), "GENERATOR-LIMITED"},
		{"starved, closed", func() *result.Result { r := sample(); r.Generator.Starved = 20; return r }(), "GENERATOR-LIMITED"},
		{"starved, open, all late", open(func(r *result.Result) {
			r.Generator.Starved = 20
			for range 5000 {
				r.Record.SendLag.Record(time.Second)
			}
		}), "GENERATOR-LIMITED"},
		{"starved, open, and on time all the same", open(func(r *result.Result) { r.Generator.Starved = 20 }), "VALID"},
		{"a shared processor, closed", func() *result.Result { r := sample(); r.Generator.Starved = 6; return r }(), "VALID"},
		{"busy and short", open(func(r *result.Result) { r.Record.Shortfall, r.Generator.CPUSeconds = 5, 29 }), "GENERATOR-LIMITED"},
	} {
		if v := Judge(c.result); v.Word != c.word || v.Valid != (c.word != "GENERATOR-LIMITED") {
			t.Errorf("%s: %s, %v", c.name, v.Word, v.Reasons)
		}
	}
}

// What came from outside cannot leave the text of a report or its markup.
func TestInjection(t *testing.T) {
	r := sample()
	r.Run.Targets = []string{`http://a/<script>alert(1)</script>?x="'&y`}
	for _, form := range report.Formats() {
		var b bytes.Buffer
		if err := report.Write(&b, New(r, form == report.HTML), form, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if (form == report.HTML || form == report.JUnit) && strings.Contains(b.String(), "<script>alert") {
			t.Errorf("%s holds the markup:\n%s", form, b.String())
		}
	}
}
