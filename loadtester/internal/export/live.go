package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// Live is what a running test shows of itself.
type Live struct {
	Elapsed                 time.Duration
	Sent, Succeeded, Failed int64
	InFlight, Connections   int64
	Rate                    float64 // ended per second, of late
	P50, P99                time.Duration
	Requests                *Requests // nil: none
}

// WriteLive writes a running test's metrics.
func WriteLive(w io.Writer, v Live) error {
	p := metrics{}
	for _, m := range []struct {
		name, kind, help string
		value            float64
	}{
		{"loadtester_requests_sent_total", "counter", "Requests sent.", float64(v.Sent)},
		{"loadtester_requests_succeeded_total", "counter", "Requests that were a success.", float64(v.Succeeded)},
		{"loadtester_requests_failed_total", "counter", "Requests that failed.", float64(v.Failed)},
		{"loadtester_requests_in_flight", "gauge", "Requests sent and not ended.", float64(v.InFlight)},
		{"loadtester_connections", "gauge", "Open connections.", float64(v.Connections)},
		{"loadtester_rate", "gauge", "Requests ended per second, of late.", v.Rate},
		{"loadtester_latency_recent_p50_seconds", "gauge", "Median latency of late.", v.P50.Seconds()},
		{"loadtester_latency_recent_p99_seconds", "gauge", "99th percentile of the latency of late.", v.P99.Seconds()},
		{"loadtester_elapsed_seconds", "gauge", "Time since the start.", v.Elapsed.Seconds()},
	} {
		p.family(m.name, m.kind, m.help)
		p.value("", m.value)
	}
	if v.Requests != nil {
		v.Requests.write(&p)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// bounds of a live histogram's buckets, in milliseconds.
var bounds = [...]float64{0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000}

// mostSeries bounds the series: of more targets than that, the rest is one.
const mostSeries = 1000

// Requests are live histograms of requests by target and status, or cause of
// failure. Only what was recorded is in them: the warm-up is not.
type Requests struct {
	names []string // of the targets; none: there is one

	mu     sync.Mutex
	series map[labels]*series
}

// labels tell series apart.
type labels struct {
	target int
	status int          // 0: no response
	class  record.Class // of a failure that is not one of the status
	failed bool
}

// others stands for the targets that found no place.
const others = -1

type series struct {
	count  int64
	timed  int64 // those with a latency, which are in the buckets
	sum    float64
	bucket [len(bounds)]int64
}

// NewRequests makes empty ones.
func NewRequests(names []string) *Requests {
	return &Requests{names: names, series: map[labels]*series{}}
}

// Add counts an ended request. It is safe for several goroutines.
func (q *Requests) Add(o record.Outcome) {
	if o.End != record.Whole {
		return
	}
	l := labels{target: o.Target, class: o.Class, failed: o.Class != record.OK || !o.Success}
	if o.Class == record.OK || o.Class.Answered() {
		l.status = o.Status
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.series[l]
	if s == nil && len(q.series) >= mostSeries {
		l.target = others
		s = q.series[l]
	}
	if s == nil {
		s = &series{}
		q.series[l] = s
	}
	s.count++
	if o.Class != record.OK && !o.Class.Timed() {
		return
	}
	took := o.Done - o.Due
	s.timed++
	s.sum += took.Seconds()
	ms := float64(took) / 1e6
	for i, bound := range bounds {
		if ms <= bound {
			s.bucket[i]++
			break
		}
	}
}

// write writes a counter of all requests and a histogram of those with a latency.
func (q *Requests) write(p *metrics) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var keys []labels
	for l := range q.series {
		keys = append(keys, l)
	}
	slices.SortFunc(keys, func(a, b labels) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.status, b.status), cmp.Compare(a.class, b.class), cmp.Compare(fmt.Sprint(a.failed), fmt.Sprint(b.failed)))
	})
	p.family("loadtester_requests_total", "counter", "Requests ended, by target, status (empty: no response) and cause of failure (empty: a success).")
	for _, l := range keys {
		p.value("{"+q.text(l)+"}", float64(q.series[l].count))
	}
	p.family("loadtester_request_duration_seconds", "histogram", "From the intended time to the last byte; timeouts count with their wait.")
	name := p.name
	for _, l := range keys {
		s := q.series[l]
		if s.timed == 0 {
			continue
		}
		p.name = name + "_bucket"
		seen := int64(0)
		for i, bound := range bounds {
			seen += s.bucket[i]
			p.value(fmt.Sprintf(`{%s,le="%s"}`, q.text(l), strconv.FormatFloat(bound/1e3, 'g', -1, 64)), float64(seen))
		}
		p.value(fmt.Sprintf(`{%s,le="+Inf"}`, q.text(l)), float64(s.timed))
		p.name = name + "_sum"
		p.value("{"+q.text(l)+"}", s.sum)
		p.name = name + "_count"
		p.value("{"+q.text(l)+"}", float64(s.timed))
	}
}

// text is the labels as Prometheus writes them.
func (q *Requests) text(l labels) string {
	name, status, cause := "others", "", ""
	switch {
	case l.target >= 0 && l.target < len(q.names):
		name = q.names[l.target]
	case l.target >= 0:
		name = ""
	}
	if l.status > 0 {
		status = strconv.Itoa(l.status)
	}
	switch {
	case l.failed && l.class == record.OK:
		cause = "status"
	case l.failed:
		cause = l.class.Key()
	}
	return fmt.Sprintf(`target="%s",status="%s",cause="%s"`, escape.Replace(name), status, cause)
}

// escape is how a label's value is written.
var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
