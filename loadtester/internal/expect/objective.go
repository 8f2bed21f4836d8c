package expect

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// Objective is a service level objective: conditions that all have to hold.
type Objective struct {
	text       string
	Conditions []Condition
}

// Condition is one comparison: "p99<200ms".
type Condition struct {
	Text   string
	Metric string // as written, in lower case
	Op     string // "<" "<=" ">" ">="
	Bound  float64
	unit   unit
	read   func(*result.Result) (value float64, ok bool)
}

// unit is what a condition's numbers are.
type unit int

const (
	seconds unit = iota
	share        // 0 to 1, written in percent
	count
	perSecond
)

const objectiveHint = "write conditions such as p99<200ms,errors<1%,rate>=990; metrics are p50 to p99.99, mean, min, max, service.p99, lag.p99, errors, success, rate, throughput, shortfall, status.429"

// ParseObjective reads "p99<200ms,errors<1%,rate>=990". Quantiles are of the
// response time, from the intended moment of sending; service.p99 is of the time
// from the first byte sent. errors, success, shortfall and status.N are shares
// with a % sign and counts without one.
func ParseObjective(text string) (*Objective, error) {
	o := &Objective{text: text}
	for _, part := range strings.Split(text, ",") {
		c, err := parseCondition(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		o.Conditions = append(o.Conditions, c)
	}
	return o, nil
}

func (o *Objective) String() string { return o.text }

// Latency is the lowest upper bound that the objective sets for a metric of the
// response time, such as p99; 0: it sets none.
func (o *Objective) Latency(metric string) time.Duration {
	lowest := time.Duration(0)
	for _, c := range o.Conditions {
		if bound := time.Duration(c.Bound * 1e9); c.Metric == metric && c.Op[0] == '<' && (lowest == 0 || bound < lowest) {
			lowest = bound
		}
	}
	return lowest
}

// Bound is an upper bound on a response time.
type Bound struct {
	Text string // "p99<200ms"
	At   time.Duration
}

// Bounds are the upper bounds that the objective sets for response times.
func (o *Objective) Bounds() []Bound {
	var list []Bound
	for _, c := range o.Conditions {
		if c.unit == seconds && c.Op[0] == '<' && !strings.HasPrefix(c.Metric, "lag.") && !strings.HasPrefix(c.Metric, "service.") {
			list = append(list, Bound{c.Text, time.Duration(c.Bound * 1e9)})
		}
	}
	return list
}

// OfCells says that the objective can be judged by a part of a run's seconds:
// they know response times and shares of failures, and no counts of a whole run.
func (o *Objective) OfCells() bool {
	for _, c := range o.Conditions {
		switch {
		case strings.HasPrefix(c.Metric, "service."), strings.HasPrefix(c.Metric, "lag."), strings.HasPrefix(c.Metric, "status."), c.Metric == "shortfall", c.unit == count:
			return false
		}
	}
	return true
}

func parseCondition(text string) (Condition, error) {
	i := strings.IndexAny(text, "<>=")
	if i < 0 {
		return Condition{}, problem.New(objectiveHint, "the objective %q has no comparison", text)
	}
	c := Condition{Text: text, Metric: strings.ToLower(strings.TrimSpace(text[:i])), Op: text[i : i+1]}
	rest := text[i+1:]
	if strings.HasPrefix(rest, "=") {
		c.Op, rest = c.Op+"=", rest[1:]
	}
	if c.Op[0] == '=' {
		return Condition{}, problem.New("use <, <=, > or >=", "the objective %q compares with =", text)
	}
	bound := strings.TrimSpace(rest)
	if err := c.choose(strings.HasSuffix(bound, "%")); err != nil {
		return Condition{}, err
	}
	var err error
	if c.Bound, err = parseBound(bound, c.unit); err != nil {
		return Condition{}, problem.New(objectiveHint, "the objective %q: %s", text, err)
	}
	return c, nil
}

// choose finds how the metric is read and what its unit is.
func (c *Condition) choose(percent bool) error {
	counted := func(n func(*result.Result) int64, of func(*result.Result) int64) {
		c.unit = count
		c.read = func(r *result.Result) (float64, bool) { return float64(n(r)), true }
		if percent {
			c.unit = share
			c.read = func(r *result.Result) (float64, bool) {
				whole := of(r)
				return float64(n(r)) / float64(max(whole, 1)), whole > 0
			}
		}
	}
	sent := func(r *result.Result) int64 { return r.Record.Succeeded + r.Record.Failed }
	name := c.Metric
	switch name {
	case "errors", "error", "failures", "failed":
		counted(func(r *result.Result) int64 { return r.Record.Failed }, sent)
		return nil
	case "success", "ok":
		counted(func(r *result.Result) int64 { return r.Record.Succeeded }, sent)
		return nil
	case "shortfall":
		counted(func(r *result.Result) int64 { return r.Record.Shortfall },
			func(r *result.Result) int64 { return r.Record.Shortfall + r.Record.Sent })
		return nil
	case "sent", "requests":
		counted(func(r *result.Result) int64 { return r.Record.Sent }, sent)
		return nil
	case "rate":
		c.unit = perSecond
		c.read = func(r *result.Result) (float64, bool) { return r.AchievedRate(), true }
		return nil
	case "throughput":
		c.unit = perSecond
		c.read = func(r *result.Result) (float64, bool) { return r.Throughput(), true }
		return nil
	}
	if digits, ok := strings.CutPrefix(name, "status."); ok {
		statuses, err := ParseStatuses(digits)
		if err != nil {
			return err
		}
		counted(func(r *result.Result) (n int64) {
			for status, k := range r.Record.Statuses {
				if statuses.Has(status) {
					n += k
				}
			}
			return n
		}, sent)
		return nil
	}
	read, ok := duration(name)
	if !ok {
		return problem.New(objectiveHint, "the objective %q has the unknown metric %q", c.Text, name)
	}
	c.unit, c.read = seconds, read
	return nil
}

// duration reads a time: [service.|lag.] then pNN, mean, min or max.
func duration(name string) (func(*result.Result) (float64, bool), bool) {
	of := func(r *result.Result) histogram { return r.Record.Latency }
	if rest, ok := strings.CutPrefix(name, "service."); ok {
		name, of = rest, func(r *result.Result) histogram { return r.Record.Service }
	} else if rest, ok := strings.CutPrefix(name, "lag."); ok {
		name, of = rest, func(r *result.Result) histogram { return r.Record.SendLag }
	} else {
		name = strings.TrimPrefix(name, "latency.")
	}
	var read func(histogram) time.Duration
	switch name {
	case "mean", "avg", "average":
		read = histogram.Mean
	case "min":
		read = histogram.Min
	case "max":
		read = histogram.Max
	case "median":
		read = func(h histogram) time.Duration { return h.Quantile(0.5) }
	default:
		digits, ok := strings.CutPrefix(name, "p")
		q, err := strconv.ParseFloat(digits, 64)
		if !ok || err != nil || !(q > 0 && q <= 100) {
			return nil, false
		}
		read = func(h histogram) time.Duration { return h.Quantile(q / 100) }
	}
	return func(r *result.Result) (float64, bool) {
		h := of(r)
		return read(h).Seconds(), h.Count() > 0
	}, true
}

type histogram interface {
	Count() int64
	Mean() time.Duration
	Min() time.Duration
	Max() time.Duration
	Quantile(float64) time.Duration
}

func parseBound(text string, u unit) (float64, error) {
	number := text
	switch u {
	case seconds:
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return 0, fmt.Errorf("%q is not a time such as 200ms", text)
		}
		return d.Seconds(), nil
	case share:
		number = strings.TrimSuffix(text, "%")
	case perSecond:
		number = strings.TrimSuffix(text, "/s")
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	if u == share {
		v /= 100
	}
	return v, nil
}

// Judge checks every condition.
func (o *Objective) Judge(r *result.Result) []Check {
	checks := make([]Check, len(o.Conditions))
	for i := range o.Conditions {
		checks[i] = o.Conditions[i].Judge(r)
	}
	return checks
}

// Keeps says whether r keeps the whole objective.
func (o *Objective) Keeps(r *result.Result) bool { return Failed(o.Judge(r)) == 0 }

// Judge checks the condition. A figure that does not exist (no answer came)
// fails it.
func (c *Condition) Judge(r *result.Result) Check {
	words := map[string]string{"<": "below ", "<=": "at most ", ">": "above ", ">=": "at least "}
	check := Check{Name: c.Text, Want: words[c.Op] + c.write(c.Bound)}
	v, ok := c.read(r)
	if !ok {
		check.Got = "nothing was measured"
		return check
	}
	check.Got, check.Pass = c.write(v), c.holds(v)
	return check
}

func (c *Condition) holds(v float64) bool {
	switch c.Op {
	case "<":
		return v < c.Bound
	case "<=":
		return v <= c.Bound
	case ">":
		return v > c.Bound
	}
	return v >= c.Bound
}

func (c *Condition) write(v float64) string {
	switch c.unit {
	case seconds:
		return report.Duration(time.Duration(math.Round(v * 1e9)))
	case share:
		return report.Significant(100*v) + "%"
	case perSecond:
		return report.Significant(v) + "/s"
	}
	return report.Count(int64(v))
}
