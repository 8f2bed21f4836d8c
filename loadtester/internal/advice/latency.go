package advice

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/shared/report"
)

// saturation: the service did not take the offered rate.
func saturation(v *view) (report.Finding, bool) {
	if v.Run.Closed() {
		return report.Finding{}, false
	}
	r := v.Run.Rate
	short := float64(v.rec.Shortfall) / float64(max(v.rec.Shortfall+v.rec.Sent, 1))
	done := v.Throughput()
	late := v.rec.SendLag.Quantile(.99) - v.rec.Pacing.Quantile(.99)
	return report.Finding{
		Rule: "saturated", Severity: report.Error,
		Title: fmt.Sprintf("the service answered %s requests a second and was offered %s: it is saturated", report.Significant(done), report.Significant(r)),
		Evidence: []string{
			"due and never sent: " + of(v.rec.Shortfall, v.rec.Shortfall+v.rec.Sent),
			"wait for a connection, p99: " + report.Duration(late),
			"time of the request itself, p50: " + report.Duration(v.rec.Service.Quantile(.5)),
		},
		Advice:  "Above this rate a queue only grows. Find the rate that it sustains, then the resource that is full there (CPU, database connections, a lock).",
		Command: "loadtester capacity URL --slo 'p99<" + report.Duration(v.goal) + ",errors<1%'",
	}, r > 0 && v.rec.Sent > 100 && (short > 0.01 || done < 0.9*r && late > v.goal)
}

// rising: under a steady rate, latency keeps growing.
func rising(v *view) (report.Finding, bool) {
	if !v.steady() {
		return report.Finding{}, false
	}
	cells, _ := v.cells()
	third := len(cells) / 3
	first, last := medianOf(cells[:third]), medianOf(cells[len(cells)-third:])
	middle := medianOf(cells[third : len(cells)-third])
	return report.Finding{
		Rule: "latency-rising", Severity: report.Warning,
		Title: "latency kept growing although the rate did not",
		Evidence: []string{fmt.Sprintf("median of the first third %s, of the second %s, of the last %s",
			report.Duration(first), report.Duration(middle), report.Duration(last))},
		Advice: "Something fills up: a queue, the heap, a table without an index that the test grows, a cache. A longer run (--duration 10m) shows whether it ends.",
	}, first > 0 && float64(last) > 2*float64(first) && middle > first && last > middle && last-first > 2*time.Millisecond
}

func medianOf(cells []*record.Cell) time.Duration {
	var sum record.Cell
	for _, c := range cells {
		sum.Add(c)
	}
	return sum.Quantile(.5)
}

// stalls: seconds in which everything stood still.
func stalls(v *view) (report.Finding, bool) {
	cells, at := v.cells()
	if len(cells) < 6 {
		return report.Finding{}, false
	}
	tails := make([]time.Duration, len(cells))
	for i, c := range cells {
		tails[i] = c.Quantile(.9)
	}
	usual := slices.Clone(tails)
	slices.Sort(usual)
	normal := usual[len(usual)/2]
	var stalled []int
	worst := time.Duration(0)
	for i, c := range cells {
		if tails[i] > 10*normal && tails[i] > 20*time.Millisecond {
			stalled = append(stalled, at[i])
			worst = max(worst, c.Max())
		}
	}
	width := v.rec.Series.Width
	f := report.Finding{
		Rule: "stalls", Severity: report.Warning,
		Title:    fmt.Sprintf("the service stood still %s, for up to %s", times(groups(stalled)), report.Duration(worst)),
		Evidence: []string{"at " + secondsList(stalled, width), "p90 of a usual second: " + report.Duration(normal)},
		Advice:   "All requests wait at once: a garbage collection, a lock, a checkpoint, a throttled CPU (container limit), or an autoscaler. Compare these seconds with the service's own metrics.",
	}
	if period, ok := periodic(stalled, width); ok {
		f.Evidence = append(f.Evidence, "about every "+report.Duration(period))
		f.Advice = "It comes with a period: " + f.Advice + " Look first for what runs that often."
	}
	return f, len(stalled) > 0 && 4*len(stalled) <= len(cells)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// groups counts runs of neighbouring cells.
func groups(at []int) int {
	n := 0
	for i := range at {
		if i == 0 || at[i] != at[i-1]+1 {
			n++
		}
	}
	return n
}

// periodic is the distance between stalls, if they are about equally far apart.
func periodic(at []int, width time.Duration) (time.Duration, bool) {
	var starts []int
	for i := range at {
		if i == 0 || at[i] != at[i-1]+1 {
			starts = append(starts, at[i])
		}
	}
	if len(starts) < 3 {
		return 0, false
	}
	mean := float64(starts[len(starts)-1]-starts[0]) / float64(len(starts)-1)
	for i := 1; i < len(starts); i++ {
		if math.Abs(float64(starts[i]-starts[i-1])-mean) > max(0.2*mean, 1) {
			return 0, false
		}
	}
	return time.Duration(mean * float64(width)), mean >= 2
}

func secondsList(at []int, width time.Duration) string {
	var list []string
	for i, k := range at {
		if i == 6 {
			list = append(list, fmt.Sprintf("and %d more", len(at)-i))
			break
		}
		list = append(list, report.Significant((time.Duration(k)*width).Seconds())+" s")
	}
	return join(list)
}

// queueing: waiting for a connection is most of the response time.
func queueing(v *view) (report.Finding, bool) {
	response, service := v.latency(.99), v.rec.Service.Quantile(.99)
	waiting := v.rec.SendLag.Quantile(.99) - v.rec.Pacing.Quantile(.99)
	return report.Finding{
		Rule: "queueing", Severity: report.Warning,
		Title: "requests waited longer for a connection than for their answer",
		Evidence: []string{
			fmt.Sprintf("p99 from the intended moment %s, of the request itself %s", report.Duration(response), report.Duration(service)),
			fmt.Sprintf("connections: %s, limit %s", report.Count(v.rec.Connections.Peak), report.Count(v.Run.Connections)),
		},
		Advice: "The users of a busy service feel this wait. If the service has room, allow more connections (--max-connections); if not, it needs more workers or shorter requests: requests in flight = rate × time of each.",
	}, !v.Run.Closed() && response > 10*time.Millisecond && float64(response) > 2*float64(service) && waiting > response/4
}

// slowTail: the seed's own advice, with the reason that the figures give.
func slowTail(v *view) (report.Finding, bool) {
	p99, p50 := v.latency(.99), v.latency(.5)
	f := report.Finding{
		Rule: "p99-above-goal", Severity: report.Warning,
		Title: fmt.Sprintf("P99 latency (%s) exceeds %s target", milliseconds(p99), milliseconds(v.goal)),
		Evidence: []string{fmt.Sprintf("p50 %s, p95 %s, p99 %s, p99.9 %s",
			report.Duration(p50), report.Duration(v.latency(.95)), report.Duration(p99), report.Duration(v.latency(.999)))},
	}
	switch {
	case p50 > v.goal/2:
		f.Advice = "Consider: query optimization, caching, or horizontal scaling; most requests are slow, not only some, so profile an ordinary one."
	case float64(p99) > 5*float64(p50):
		f.Advice = "Consider: connection pooling, query optimization, or horizontal scaling; the median is fine, so look at what the slow ones share: a lock, a missing index for some rows, a cold cache, a garbage collection."
	default:
		f.Advice = "Consider: connection pooling, query optimization, or horizontal scaling."
	}
	return f, v.rec.Latency.Count() >= 20 && p99 > v.goal
}

func milliseconds(d time.Duration) string {
	return report.Significant(float64(d)/1e6) + "ms"
}

// bimodal: two kinds of requests behind one URL.
func bimodal(v *view) (report.Finding, bool) {
	low, high, part, ok := modes(v.rec.Service)
	between := time.Duration(math.Sqrt(float64(low) * float64(high)))
	ok = ok && v.throughout(1-part/2, between) && !v.parted(between)
	return report.Finding{
		Rule: "bimodal", Severity: report.Notice,
		Title: fmt.Sprintf("there are two kinds of answers: around %s and around %s", report.Duration(low), report.Duration(high)),
		Evidence: []string{fmt.Sprintf("the slower kind is %s of the requests, %s times as slow",
			report.Percent(part, 1), report.Significant(float64(high)/float64(low)))},
		Advice: "A cache hit and a miss, two versions or zones behind a load balancer, a slow replica, or two code paths: percentiles of the mixture describe neither. Test them apart.",
	}, ok
}

// parted says that some targets are mostly faster than d and others slower: the
// kinds are the targets, which have rows of their own.
func (v *view) parted(d time.Duration) bool {
	faster, slower := false, false
	for k := range v.rec.Targets {
		if t := &v.rec.Targets[k]; t.Count() > 0 {
			faster = faster || t.Quantile(.5) < d
			slower = slower || t.Quantile(.5) > d
		}
	}
	return faster && slower
}

// throughout says that in most cells the quantile q lies above d: slow answers
// that come all at the same time are a stall, not a kind of their own.
func (v *view) throughout(q float64, d time.Duration) bool {
	cells, _ := v.cells()
	n := 0
	for _, c := range cells {
		if c.Quantile(q) > d {
			n++
		}
	}
	return 2*n > len(cells)
}

// modes looks for two humps in the distribution on a logarithmic scale, each at
// least 5 % of the requests and three times apart, with a valley between them
// that is under a fifth of the lower hump.
func modes(h *record.Histogram) (low, high time.Duration, part float64, ok bool) {
	const perOctave = 3
	var bins [64 * perOctave]float64
	total := float64(h.Count())
	if total < 200 {
		return 0, 0, 0, false
	}
	for b := range h.Buckets() {
		middle := float64(b.From+b.To)/2 + 1
		bins[min(int(math.Log2(middle)*perOctave), len(bins)-1)] += float64(b.Count) / total
	}
	smooth := make([]float64, len(bins))
	for i := range bins {
		left, right := bins[max(i-1, 0)], bins[min(i+1, len(bins)-1)]
		smooth[i] = (left + 2*bins[i] + right) / 4
	}
	first := 0
	for i, s := range smooth {
		if s > smooth[first] {
			first = i
		}
	}
	for i := range smooth { // the second hump: the best one beyond a valley
		if abs(i-first) < 5 { // 3.2 times
			continue
		}
		a, b := min(i, first), max(i, first)
		valley := slices.Min(smooth[a : b+1])
		if valley > smooth[i]/5 || smooth[i] < 0.01 {
			continue
		}
		cut := a + slices.Index(smooth[a:b+1], valley)
		slow := 0.0
		for _, s := range bins[cut+1:] {
			slow += s
		}
		if slow < 0.05 || slow > 0.95 {
			continue
		}
		if !ok || smooth[i] > part {
			low, high = binTime(a, perOctave), binTime(b, perOctave)
			part, ok = slow, true
		}
	}
	return low, high, part, ok
}

func binTime(bin, perOctave int) time.Duration {
	return time.Duration(math.Exp2((float64(bin) + 0.5) / float64(perOctave)))
}

func abs(n int) int { return max(n, -n) }

// slowStart: the first second was slower than the rest.
func slowStart(v *view) (report.Finding, bool) {
	if !v.steady() || v.Run.Warmup > 0 {
		return report.Finding{}, false
	}
	cells, _ := v.cells()
	first, rest := cells[0].Quantile(.5), medianOf(cells[2:])
	return report.Finding{
		Rule: "slow-start", Severity: report.Notice,
		Title:    "the first second was slower than the rest",
		Evidence: []string{fmt.Sprintf("median of the first second %s, of the others %s", report.Duration(first), report.Duration(rest))},
		Advice:   "Cold caches, a just-in-time compiler or connections being opened: after a deployment users meet it too. --warmup 5 leaves it out of the figures.",
	}, float64(first) > 3*float64(rest) && first-rest > time.Millisecond
}
