package runreport

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/plot"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// Failed heads the report of a run that missed what was expected of it, or of
// which no request succeeded. The other words are about the measurement only.
const Failed = "FAILED"

// Schema is the name of the JSON form.
const Schema = "loadtester.run"

// New makes the report of a run, with pictures where the form can show them.
// Findings and a stricter verdict are added by the caller.
func New(r *result.Result, pictures bool) *report.Report {
	v := Judge(r)
	show := illustrator{r, pictures}
	return &report.Report{
		Schema: Schema, Version: 1, Tool: r.Run.Tool, Title: "Load Test Results", Date: r.Run.Started,
		Head:    head(r),
		Verdict: verdict(r, v),
		Sections: compact(
			show.pictures(throughput(r), with(plot.OverTime)),
			show.pictures(latency(r), with(plot.Percentiles), with(plot.Histogram)),
			failures(r),
			byTarget(r),
			walks(r),
			show.pictures(phases(r), plot.Phases),
			show.pictures(lags(r), plot.Lag),
		),
		FindingsTitle: "Recommendation",
		Method:        method(r),
		Data:          NewData(r, v),
	}
}

func compact(sections ...report.Section) []report.Section {
	return slices.DeleteFunc(sections, func(s report.Section) bool { return len(s.Blocks) == 0 })
}

func head(r *result.Result) [][]report.Fact {
	var lines [][]report.Fact
	targets := r.Run.Targets
	if r.Run.Source != "" && len(targets) > 1 {
		lines = append(lines, []report.Fact{{Label: "Target", Value: common(targets) + " from " + r.Run.Source}})
		targets = nil
	}
	for i, t := range targets {
		if i == 5 && len(r.Run.Targets) > 6 {
			lines = append(lines, []report.Fact{{Label: "Target", Value: fmt.Sprintf("and %d more", len(r.Run.Targets)-i)}})
			break
		}
		lines = append(lines, []report.Fact{{Label: "Target", Value: t}})
	}
	settings := []report.Fact{{Label: "Duration", Value: short(r.Run.Sending)}}
	if r.Run.Closed() {
		settings = append(settings, report.Fact{Label: "Concurrency", Value: report.Count(r.Run.Concurrency)})
	} else {
		settings = append(settings, report.Fact{Label: "Rate", Value: r.Run.Schedule}, report.Fact{Label: "Arrivals", Value: r.Run.Arrival})
		if r.Run.Concurrency > 0 {
			settings = append(settings, report.Fact{Label: "Concurrency", Value: "at most " + report.Count(r.Run.Concurrency)})
		}
	}
	if r.Run.Shard != "" {
		settings = append(settings, report.Fact{Label: "Shard", Value: r.Run.Shard})
	}
	return append(lines, settings)
}

// common is the server of the targets, and of the paths what all begin with.
func common(targets []string) string {
	var urls []string
	for _, t := range targets {
		method, rest, ok := strings.Cut(t, " ") // a URL may hold places with spaces
		if !ok || strings.Contains(method, "://") {
			rest = t
		}
		urls = append(urls, rest)
	}
	first, last := slices.Min(urls), slices.Max(urls)
	n := 0
	for n < len(first) && n < len(last) && first[n] == last[n] {
		n++
	}
	if end := strings.LastIndexByte(first[:n], '/'); end > strings.Index(first, "://")+2 {
		return first[:end]
	}
	return first + " and others"
}

// short is a duration as the seed's report has it: 30s, 1m30s.
func short(d time.Duration) string {
	if d >= 10*time.Second {
		return d.Round(time.Second).String()
	}
	return d.Round(10 * time.Millisecond).String()
}

func verdict(r *result.Result, v Verdict) report.Verdict {
	rec := r.Record
	text := fmt.Sprintf("%s sent", report.Plural(rec.Sent, "request", "requests"))
	if !r.Run.Closed() {
		text = fmt.Sprintf("%s of %s requests sent", report.Count(rec.Sent), report.Count(r.Run.Scheduled))
	}
	if rec.Latency.Count() > 0 {
		text += ", p99 " + report.Duration(rec.Latency.Quantile(.99))
	}
	if rec.Failed > 0 {
		text += fmt.Sprintf(", %s failed (%s)", report.Count(rec.Failed), report.Percent(float64(rec.Failed), float64(rec.Sent)))
	}
	if r.Run.Aborted != "" {
		text = "by " + r.Run.Aborted + "; " + text
	}
	out := report.Verdict{Status: report.Pass, Word: v.Word, Text: text}
	switch {
	case v.Valid && !r.Run.Interrupted && rec.Succeeded == 0 && rec.Failed > 0:
		out.Status, out.Word = report.Fail, Failed
	case !v.Valid:
		out.Status = report.Fail
		out.Text += ": " + strings.Join(v.Reasons, "; ")
	case r.Run.Interrupted:
		out.Status = report.Warn
		if r.Run.Aborted != "" {
			out.Status = report.Fail
		}
		if r.Run.Duration > 0 {
			out.Text += fmt.Sprintf(" in %s of %s", short(r.Run.Sending), short(r.Run.Duration))
		}
	}
	return out
}

func throughput(r *result.Result) report.Section {
	rec := r.Record
	rate := report.Fixed(r.AchievedRate(), 1)
	if !r.Run.Closed() {
		rate += fmt.Sprintf(" of %s asked", report.Fixed(r.Run.Rate, 1))
	}
	facts := report.Facts{
		{Label: "Total requests", Value: report.Count(rec.Sent)},
		{Label: "Requests/sec", Value: rate},
		{Label: "Successful", Value: share(rec.Succeeded, rec.Sent)},
		{Label: "Failed", Value: share(rec.Failed, rec.Sent)},
	}
	if answered := r.Throughput(); answered < 0.98*r.AchievedRate() {
		facts = slices.Insert(facts, 2, report.Fact{Label: "Answered/sec", Value: report.Fixed(answered, 1)})
	}
	if rec.Unfinished > 0 {
		facts = append(facts, report.Fact{Label: "Cut off at the end", Value: report.Count(rec.Unfinished)})
	}
	if rec.Shortfall > 0 {
		what := share(rec.Shortfall, r.Run.Scheduled)
		if rec.Dropped > 0 {
			what += fmt.Sprintf(", %s dropped: no connection was free", report.Count(rec.Dropped))
		}
		facts = append(facts, report.Fact{Label: "Shortfall (due, never sent)", Value: what})
	}
	if rec.BytesIn > 0 && r.Run.Elapsed > 0 {
		facts = append(facts, report.Fact{Label: "Received", Value: fmt.Sprintf("%s (%s/s)", report.Bytes(uint64(rec.BytesIn)), report.Bytes(uint64(float64(rec.BytesIn)/r.Run.Elapsed.Seconds())))})
	}
	return report.Section{Heading: "Throughput", Blocks: []report.Block{facts}}
}

func share(n, of int64) string {
	return fmt.Sprintf("%s (%s)", report.Count(n), report.Percent(float64(n), float64(of)))
}

// latency lists the response time, and the service time beside it where the two
// differ.
func latency(r *result.Result) report.Section {
	h := r.Record.Latency
	if h.Count() == 0 {
		return report.Section{}
	}
	facts := report.Facts{}
	for _, row := range quantiles {
		facts = append(facts, report.Fact{Label: row.label, Value: report.Significant(ms(row.of(h)))})
	}
	s := report.Section{Heading: "Latency", Note: "ms", Blocks: []report.Block{facts}}
	rec := r.Record
	if lag := rec.SendLag.Quantile(.99); !r.Run.Closed() && lag > h.Quantile(.99)/20 && lag > time.Millisecond {
		rest := "the rest was waiting for a connection"
		if rec.Pacing.Quantile(.99) > lag/2 {
			rest = "the rest is the generator's own lateness: its machine was busy"
		}
		s.Blocks = append(s.Blocks, report.Prose(fmt.Sprintf("Of this the request itself took p50 %s, p99 %s, max %s; %s.",
			report.Duration(rec.Service.Quantile(.5)), report.Duration(rec.Service.Quantile(.99)), report.Duration(rec.Service.Max()), rest)))
	}
	return s
}

var quantiles = []struct {
	label string
	of    func(*record.Histogram) time.Duration
}{
	{"Min", (*record.Histogram).Min},
	{"Avg", (*record.Histogram).Mean},
	{"P50", func(h *record.Histogram) time.Duration { return h.Quantile(.5) }},
	{"P90", func(h *record.Histogram) time.Duration { return h.Quantile(.9) }},
	{"P95", func(h *record.Histogram) time.Duration { return h.Quantile(.95) }},
	{"P99", func(h *record.Histogram) time.Duration { return h.Quantile(.99) }},
	{"P99.9", func(h *record.Histogram) time.Duration { return h.Quantile(.999) }},
	{"P99.99", func(h *record.Histogram) time.Duration { return h.Quantile(.9999) }},
	{"Max", (*record.Histogram).Max},
}

// failures lists the causes, most frequent first.
func failures(r *result.Result) report.Section {
	type cause struct {
		name  string
		count int64
	}
	var list []cause
	for class, n := range r.Record.Errors {
		if n > 0 {
			list = append(list, cause{record.Class(class).String(), n})
		}
	}
	failed := r.Record.FailedStatuses()
	for status, n := range r.Record.Statuses {
		if n > 0 && failed[record.StatusClass(status)] > 0 {
			list = append(list, cause{fmt.Sprintf("HTTP %d", status), n})
		}
	}
	if len(list) == 0 {
		return report.Section{}
	}
	slices.SortStableFunc(list, func(a, b cause) int { return int(b.count - a.count) })
	facts := report.Facts{}
	for _, c := range list {
		facts = append(facts, report.Fact{Label: c.name, Value: report.Count(c.count)})
	}
	return report.Section{Heading: "Errors", Blocks: []report.Block{facts}}
}

// walks shows how far the walks through a chain came.
func walks(r *result.Result) report.Section {
	w := &r.Record.Walks
	if !w.Any() {
		return report.Section{}
	}
	facts := report.Facts{{Label: "Completed", Value: report.Count(w.Whole)}, {Label: "Ended early", Value: report.Count(w.Early())}}
	for _, place := range expect.EndedAt(r) {
		facts = append(facts, report.Fact{Label: "At", Value: place})
	}
	return report.Section{Heading: "Walks", Blocks: []report.Block{facts}}
}

// phases shows where the time went.
func phases(r *result.Result) report.Section {
	rec := r.Record
	t := report.Table{Columns: []report.Column{{Title: "Phase"}, {Title: "Count", Right: true}, {Title: "p50 ms", Right: true}, {Title: "p99 ms", Right: true}, {Title: "Max ms", Right: true}}}
	for p, h := range rec.Phases {
		if h.Count() > 0 {
			t.Rows = append(t.Rows, report.Row(record.Phase(p).String(), report.Count(h.Count()),
				report.Significant(ms(h.Quantile(.5))), report.Significant(ms(h.Quantile(.99))), report.Significant(ms(h.Max()))))
		}
	}
	facts := report.Facts{{Label: "Connections opened", Value: report.Count(rec.Connections.Opened)}}
	for _, f := range []struct {
		label string
		n     int64
	}{{"Failed to open", rec.Connections.Failed}, {"Closed by the server", rec.Connections.Closed}, {"Requests sent again on a fresh connection", rec.Connections.Retried}} {
		if f.n > 0 {
			facts = append(facts, report.Fact{Label: f.label, Value: report.Count(f.n)})
		}
	}
	s := report.Section{Heading: "Connections", Folded: true, Blocks: []report.Block{facts}}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s
}

// lags shows how exactly the generator sent.
func lags(r *result.Result) report.Section {
	if r.Run.Closed() {
		return report.Section{}
	}
	t := report.Table{Columns: []report.Column{{Title: "µs"}, {Title: "p50", Right: true}, {Title: "p99", Right: true}, {Title: "p99.9", Right: true}, {Title: "Max", Right: true}}}
	for _, row := range []struct {
		label string
		h     *record.Histogram
	}{{"Intended to sent", r.Record.SendLag}, {"of it the generator's own", r.Record.Pacing}} {
		us := func(d time.Duration) string { return report.Significant(float64(d) / 1e3) }
		t.Rows = append(t.Rows, report.Row(row.label, us(row.h.Quantile(.5)), us(row.h.Quantile(.99)), us(row.h.Quantile(.999)), us(row.h.Max())))
	}
	return report.Section{Heading: "Send lag", Folded: true, Blocks: []report.Block{t}}
}

func method(r *result.Result) []report.Fact {
	g := &r.Generator
	loop := "open loop: latency counts from the moment a request was due, also when it had to wait for a connection"
	if r.Run.Closed() {
		loop = "closed loop: latency excludes the time requests waited for a free worker"
	}
	facts := []report.Fact{
		{Label: "Measured by", Value: r.Run.Tool + " at " + r.Run.Started.UTC().Format(time.RFC3339)},
		{Label: "Loop", Value: loop},
		{Label: "Latency of", Value: "whole responses of any status, those that are not as expected too, and timeouts with the time they were waited for"},
		{Label: "Path", Value: fmt.Sprintf("%s, at most %s, timeout %s", r.Run.Path, report.Plural(r.Run.Connections, "connection", "connections"), short(r.Run.Timeout))},
		{Label: "Generator", Value: fmt.Sprintf("%s, %s CPU s on %s, peak memory %s, %s", g.System, report.Significant(g.CPUSeconds),
			report.Plural(g.CPUs, "CPU", "CPUs"), report.Bytes(uint64(g.PeakRSS)), report.Plural(g.GCs, "garbage collection", "garbage collections"))},
	}
	if r.Run.Warmup > 0 {
		facts = append(facts, report.Fact{Label: "Warm-up", Value: fmt.Sprintf("%s, %s sent and not counted", short(r.Run.Warmup), report.Plural(r.Record.Warmup, "request", "requests"))})
	}
	return facts
}
