package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// Form is a form of this package.
type Form struct {
	Name  string // of --format
	Write func(io.Writer, *result.Result) error
}

// Forms lists them.
func Forms() []Form {
	return []Form{{"csv", CSV}, {"hgrm", HGRM}, {"prometheus", Prometheus}}
}

// CSV writes one line for each second of the run (or longer stretch, in a long
// one), by the requests' intended times. Latencies are in milliseconds.
func CSV(w io.Writer, r *result.Result) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"second", "sent", "succeeded", "failed", "mean_ms", "p50_ms", "p90_ms", "p99_ms", "max_ms"}) // kept by out
	for i, c := range r.Record.Series.Cells {
		if c == nil {
			c = &record.Cell{}
		}
		at := time.Duration(i) * r.Record.Series.Width
		_ = out.Write([]string{
			strconv.FormatInt(int64(at/time.Second), 10), count(c.Sent), count(c.Succeeded), count(c.Failed),
			ms(c.Mean()), ms(c.Quantile(.5)), ms(c.Quantile(.9)), ms(c.Quantile(.99)), ms(c.Max()),
		})
	}
	out.Flush()
	return out.Error()
}

func count(n int64) string { return strconv.FormatInt(n, 10) }

func ms(d time.Duration) string { return strconv.FormatFloat(float64(d)/1e6, 'f', 3, 64) }

// HGRM writes the latency's percentiles as HdrHistogram's plotter reads them,
// in milliseconds.
func HGRM(w io.Writer, r *result.Result) error {
	h := r.Record.Latency
	var b strings.Builder
	fmt.Fprintf(&b, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)")
	total := h.Count()
	var seen int64
	for bucket := range h.Buckets() {
		seen += bucket.Count
		value := float64(min(bucket.To, h.Max())) / 1e6
		share := float64(seen) / float64(total)
		if seen == total {
			fmt.Fprintf(&b, "%12.3f %2.12f %10d\n", value, 1.0, seen)
			break
		}
		fmt.Fprintf(&b, "%12.3f %2.12f %10d %14.2f\n", value, share, seen, 1/(1-share))
	}
	fmt.Fprintf(&b, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", float64(h.Mean())/1e6, deviation(h)/1e6)
	fmt.Fprintf(&b, "#[Max     = %12.3f, Total count    = %12d]\n", float64(h.Max())/1e6, total)
	_, err := io.WriteString(w, b.String())
	return err
}

// deviation is the standard deviation in nanoseconds, by the buckets' middles.
func deviation(h *record.Histogram) float64 {
	mean, sum := float64(h.Mean()), 0.0
	for b := range h.Buckets() {
		middle := float64(b.From+b.To) / 2
		sum += float64(b.Count) * (middle - mean) * (middle - mean)
	}
	if h.Count() == 0 {
		return 0
	}
	return math.Sqrt(sum / float64(h.Count()))
}

// Prometheus writes the result in Prometheus' text format.
func Prometheus(w io.Writer, r *result.Result) error {
	rec := r.Record
	p := metrics{}
	p.family("loadtester_requests_sent_total", "counter", "Requests sent.")
	p.value("", float64(rec.Sent))
	p.family("loadtester_requests_succeeded_total", "counter", "Requests that were a success.")
	p.value("", float64(rec.Succeeded))
	p.family("loadtester_requests_failed_total", "counter", "Requests that failed.")
	p.value("", float64(rec.Failed))
	p.family("loadtester_requests_shortfall_total", "counter", "Requests that were due and never sent.")
	p.value("", float64(rec.Shortfall))
	p.family("loadtester_responses_total", "counter", "Whole responses by status.")
	for status, n := range rec.Statuses {
		if n > 0 {
			p.value(fmt.Sprintf(`{code="%d"}`, status), float64(n))
		}
	}
	p.family("loadtester_errors_total", "counter", "Requests without a whole response, by cause.")
	for class, n := range rec.Errors {
		if n > 0 {
			p.value(fmt.Sprintf(`{cause=%q}`, record.Class(class).Key()), float64(n))
		}
	}
	p.summary("loadtester_latency_seconds", "From the intended time to the last byte.", rec.Latency)
	p.summary("loadtester_service_seconds", "From the first byte sent to the last received.", rec.Service)
	p.summary("loadtester_send_lag_seconds", "From the intended to the actual start.", rec.SendLag)
	p.family("loadtester_duration_seconds", "gauge", "Length of the run.")
	p.value("", r.Run.Elapsed.Seconds())
	p.family("loadtester_rate_achieved", "gauge", "Requests sent per second.")
	p.value("", r.AchievedRate())
	_, err := io.WriteString(w, p.String())
	return err
}

// metrics builds Prometheus' text.
type metrics struct {
	strings.Builder
	name string
}

func (p *metrics) family(name, kind, help string) {
	p.name = name
	fmt.Fprintf(p, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (p *metrics) value(labels string, v float64) {
	fmt.Fprintf(p, "%s%s %s\n", p.name, labels, strconv.FormatFloat(v, 'g', -1, 64))
}

func (p *metrics) summary(name, help string, h *record.Histogram) {
	p.family(name, "summary", help)
	for _, q := range []float64{.5, .9, .95, .99, .999, .9999} {
		p.value(fmt.Sprintf(`{quantile="%g"}`, q), h.Quantile(q).Seconds())
	}
	fmt.Fprintf(p, "%s_sum %g\n%s_count %d\n", name, h.Mean().Seconds()*float64(h.Count()), name, h.Count())
}
