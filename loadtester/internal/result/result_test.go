package result

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// sample is a run of n requests with all kinds of outcomes.
func sample(n int, seed uint64) *Result {
	random := rand.New(rand.NewPCG(seed, 1))
	rec := record.New()
	for i := range n {
		due := time.Duration(i) * 10 * time.Millisecond
		sent := due + time.Duration(random.IntN(1000))*time.Microsecond
		done := sent + time.Duration(random.ExpFloat64()*5e6)
		rec.Start(due, sent, sent-due)
		switch i % 10 {
		case 3:
			rec.Fail(due, sent, done, record.Reset, 0)
		case 4:
			rec.Fail(due, sent, done, record.NoAnswerTimeout, 0)
		case 5:
			rec.End(due, sent, done, 503, false)
		default:
			rec.End(due, sent, done, 200, true)
		}
		rec.Phases[record.PhaseFirstByte].Record(done - sent)
	}
	return &Result{
		Run:       Run{Tool: "loadtester", Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Targets: []string{"http://a/"}, Arrival: "constant", Rate: 100, Scheduled: int64(n)},
		Record:    rec,
		Generator: Generator{System: "linux/amd64", Hosts: 1, CPUSeconds: 1},
	}
}

// figures are what two results are compared by.
func figures(r *Result) map[string]any {
	m := map[string]any{
		"run": r.Run, "generator": r.Generator, "sent": r.Record.Sent, "failed": r.Record.Failed, "statuses": r.Record.Statuses, "errors": r.Record.Errors,
		"mean": r.Record.Latency.Mean(), "max": r.Record.Latency.Max(), "min": r.Record.Latency.Min(), "count": r.Record.Latency.Count(),
		"width": r.Record.Series.Width, "cells": len(r.Record.Series.Cells),
	}
	for _, q := range []float64{.5, .9, .99, .999} {
		m[string(rune('a'+int(q*10)))+"q"] = []time.Duration{r.Record.Latency.Quantile(q), r.Record.Service.Quantile(q), r.Record.SendLag.Quantile(q)}
	}
	for i, c := range r.Record.Series.Cells {
		if c != nil {
			m["cell"+string(rune('0'+i))] = []any{c.Sent, c.Failed, c.Errors, c.Mean(), c.Quantile(.99), c.Max()}
		}
	}
	return m
}

func TestRoundTrip(t *testing.T) {
	want := sample(3000, 1)
	packed, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(figures(want), figures(got)); diff != "" {
		t.Error(diff)
	}
	inJSON, err := json.Marshal(map[string]any{"schema": "loadtester.run", "result": base64.StdEncoding.EncodeToString(packed)})
	if err != nil {
		t.Fatal(err)
	}
	if got, err = Decode(bytes.NewReader(inJSON)); err != nil || got.Record.Sent != 3000 {
		t.Errorf("from JSON: %v", err)
	}
}

// Merging is addition: the same requests in two records, merged, are the record
// of all of them.
func TestMergeIsAddition(t *testing.T) {
	a, b := sample(1000, 1), sample(1000, 2)
	all, err := Merge([]*Result{a, b})
	if err != nil {
		t.Fatal(err)
	}
	if all.Record.Sent != 2000 || all.Run.Rate != 200 || all.Run.Scheduled != 2000 || all.Generator.Hosts != 2 || all.Generator.CPUSeconds != 2 {
		t.Errorf("%+v %+v", all.Run, all.Generator)
	}
	other, err := Merge([]*Result{b, a})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(figures(all)["cell3"], figures(other)["cell3"]); diff != "" {
		t.Error(diff)
	}
	if all.Record.Latency.Count() != a.Record.Latency.Count()+b.Record.Latency.Count() {
		t.Error("latencies were lost")
	}
	a.Run.Shard, b.Run.Shard = "1/2", "1/2"
	if _, err := Merge([]*Result{a, b}); err == nil {
		t.Error("the same shard was merged twice")
	}
}

// The size of a file does not depend on the number of requests.
func TestSizeIsBounded(t *testing.T) {
	small, _ := sample(2000, 1).Encode()
	rec := sample(2000, 1)
	for range 100 {
		rec.Record.Merge(sample(2000, 3).Record)
	}
	large, _ := rec.Encode()
	if len(large) > 3*len(small) {
		t.Errorf("%d bytes became %d", len(small), len(large))
	}
}

func TestDecodeRefuses(t *testing.T) {
	good, _ := sample(100, 1).Encode()
	for name, text := range map[string]string{
		"empty": "", "text": "hello", "other JSON": `{"a":1}`, "half JSON": `{"a"`, "cut off": string(good[:len(good)/2]),
		"bad base64": `{"result":"%%"}`,
	} {
		if _, err := Decode(strings.NewReader(text)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	good, _ := sample(50, 1).Encode()
	f.Add(good)
	f.Add([]byte(`{"result":"H4sI"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Decode(bytes.NewReader(text))
		if err != nil {
			return
		}
		if _, err := r.Encode(); err != nil {
			t.Fatal(err)
		}
		if _, err := Merge([]*Result{r, r}); err == nil && r.Run.Shard != "" {
			t.Fatal("merged twice")
		}
	})
}

// A file that is small where it is packed and endless where it is not is refused, at a few
// times the size of the largest result.
func TestBomb(t *testing.T) {
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	piece := bytes.Repeat([]byte("["), 1<<20)
	for range 2 * largest >> 20 {
		z.Write(piece)
	}
	z.Close()
	report := fmt.Appendf(nil, `{"result": %q}`, base64.StdEncoding.EncodeToString(bomb.Bytes()))
	for name, text := range map[string][]byte{"a run": bomb.Bytes(), "a report": report} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Decode(bytes.NewReader(text))
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; err == nil || !strings.Contains(err.Error(), "larger than any result") || took > 5*largest {
			t.Errorf("%s: %d MiB were allocated, %v", name, took>>20, err)
		}
	}
}
