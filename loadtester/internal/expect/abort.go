package expect

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// Abort ends a run early: when a condition holds over its stretch of time, as
// when the server has died.
type Abort struct {
	conditions []*abortCondition
}

// abortCondition is "errors>50%/5s".
type abortCondition struct {
	text    string
	metric  string
	q       float64 // of a latency; 0: the mean, 1: the largest
	bound   float64 // a share, a count, or seconds
	percent bool
	window  time.Duration

	slots  []slot // oldest first
	length time.Duration
}

// slot is a part of the window.
type slot struct {
	cell   record.Cell
	length time.Duration
}

const (
	abortHint = "write errors>50%/5s, errors>100/10s or p99>2s/10s: a metric (errors, p50 to p99.99, mean, max), a bound, and the time over which it is beyond it"
	// slots of a window: it moves on by a twentieth.
	slots = 20
	// fewestEnded is how many requests have to have ended for a share to mean
	// something.
	fewestEnded = 10
)

// ParseAbort reads the list of --abort-on.
func ParseAbort(text string) (*Abort, error) {
	a := &Abort{}
	for _, part := range strings.Split(text, ",") {
		c, err := parseAbortCondition(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		a.conditions = append(a.conditions, c)
	}
	return a, nil
}

func parseAbortCondition(text string) (*abortCondition, error) {
	wrong := func(what string) error { return problem.New(abortHint, "--abort-on %q %s", text, what) }
	rest, window, ok := strings.Cut(text, "/")
	if !ok {
		return nil, wrong("has no /TIME")
	}
	metric, bound, ok := strings.Cut(rest, ">")
	if !ok {
		return nil, wrong("has no >")
	}
	c := &abortCondition{text: text, metric: strings.ToLower(strings.TrimSpace(metric))}
	var err error
	if c.window, err = time.ParseDuration(strings.TrimSpace(window)); err != nil || c.window < time.Second || c.window > time.Hour {
		return nil, wrong("has no time between 1s and 1h after the /")
	}
	bound = strings.TrimSpace(strings.TrimPrefix(bound, "="))
	if c.metric == "errors" {
		number, percent := strings.CutSuffix(bound, "%")
		c.percent = percent
		if c.bound, err = strconv.ParseFloat(strings.TrimSpace(number), 64); err != nil || !(c.bound >= 0) || math.IsInf(c.bound, 0) {
			return nil, wrong("has no number after the >")
		}
		if percent {
			c.bound /= 100
		}
		return c, nil
	}
	switch digits, isQuantile := strings.CutPrefix(c.metric, "p"); {
	case c.metric == "mean":
	case c.metric == "max":
		c.q = 1
	case isQuantile:
		q, err := strconv.ParseFloat(digits, 64)
		if err != nil || !(q > 0 && q < 100) {
			return nil, wrong("has an unknown metric")
		}
		c.q = q / 100
	default:
		return nil, wrong("has an unknown metric")
	}
	d, err := time.ParseDuration(bound)
	if err != nil || d <= 0 {
		return nil, wrong("has no time such as 2s after the >")
	}
	c.bound = d.Seconds()
	return c, nil
}

// Look adds what ended in the last stretch of a run. reason is why the run should
// end; empty: it should not.
func (a *Abort) Look(ended *record.Cell, length time.Duration) (reason string) {
	for _, c := range a.conditions {
		c.add(ended, length)
		if got, beyond := c.judge(); beyond && reason == "" {
			reason = fmt.Sprintf("%s: %s in %s", c.text, got, c.length.Round(100*time.Millisecond))
		}
	}
	return reason
}

// add moves the window on.
func (c *abortCondition) add(ended *record.Cell, length time.Duration) {
	if n := len(c.slots); n == 0 || c.slots[n-1].length >= c.window/slots {
		c.slots = append(c.slots, slot{})
	}
	last := &c.slots[len(c.slots)-1]
	last.cell.Add(ended)
	last.length += length
	c.length += length
	for len(c.slots) > 1 && c.length-c.slots[0].length >= c.window {
		c.length -= c.slots[0].length
		c.slots = append(c.slots[:0], c.slots[1:]...)
	}
}

// judge says what the window holds, and whether that is beyond the bound.
func (c *abortCondition) judge() (got string, beyond bool) {
	if c.length < c.window {
		return "", false
	}
	var sum record.Cell
	for i := range c.slots {
		sum.Add(&c.slots[i].cell)
	}
	ended := sum.Succeeded + sum.Failed
	if c.metric == "errors" {
		if c.percent {
			return report.Percent(float64(sum.Failed), float64(ended)), ended >= fewestEnded && float64(sum.Failed) > c.bound*float64(ended)
		}
		return report.Count(sum.Failed), float64(sum.Failed) > c.bound
	}
	d := sum.Mean()
	switch {
	case c.q == 1:
		d = sum.Max()
	case c.q > 0:
		d = sum.Quantile(c.q)
	}
	return report.Duration(d), ended >= fewestEnded && d.Seconds() > c.bound
}
