package compare

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/shared/problem"
)

// Condition is a change that fails a comparison: "p99>+10%".
type Condition struct {
	text     string
	metric   metric
	more     bool    // fails when the change is above the bound, else below
	bound    float64 // relative, or a difference of shares; seconds when absolute
	absolute bool    // of a latency: "p99>+5ms"
}

const conditionHint = "write p99>+10%, p50>+5ms, throughput<-5% or errors>+0.5%; metrics are mean, p50, p90, p95, p99, p99.9, throughput, errors"

// ParseConditions reads the list of --fail-if. The change is B's against A's; a
// share of errors changes in percentage points.
func ParseConditions(text string) ([]Condition, error) {
	var list []Condition
	for _, part := range strings.Split(text, ",") {
		c, err := parseCondition(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func parseCondition(text string) (Condition, error) {
	i := strings.IndexAny(text, "<>")
	if i < 0 {
		return Condition{}, problem.New(conditionHint, "the condition %q has no < or >", text)
	}
	m, ok := find(strings.TrimSpace(text[:i]))
	if !ok {
		return Condition{}, problem.New(conditionHint, "the condition %q has an unknown metric", text)
	}
	c := Condition{text: text, metric: m, more: text[i] == '>'}
	bound := strings.TrimSpace(strings.TrimPrefix(text[i+1:], "="))
	if number, ok := strings.CutSuffix(bound, "%"); ok {
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return Condition{}, problem.New(conditionHint, "the condition %q has no number", text)
		}
		c.bound = v / 100
		return c, nil
	}
	d, err := time.ParseDuration(bound)
	if err != nil || m.kind != latency {
		return Condition{}, problem.New(conditionHint, "the condition %q has no change such as +10%%", text)
	}
	c.bound, c.absolute = d.Seconds(), true
	return c, nil
}

// Check judges the conditions. One fails when the change is beyond the bound and
// the interval leaves out "no change": a figure that chance can explain fails
// nothing.
func (c *Comparison) Check(list []Condition) []expect.Check {
	checks := make([]expect.Check, len(list))
	for i, cond := range list {
		checks[i] = c.check(cond)
	}
	return checks
}

func (c *Comparison) check(cond Condition) expect.Check {
	var d Difference
	for _, x := range c.Differences {
		if x.Metric == cond.metric.key {
			d = x
		}
	}
	m := cond.metric
	change, bound := d.Change, m.writeChange(cond.bound)
	if cond.absolute {
		change = d.B - d.A
		bound = fmt.Sprintf("%+g ms", cond.bound*1e3)
	}
	beyond := change > cond.bound
	words := "not above "
	if !cond.more {
		beyond, words = change < cond.bound, "not below "
	}
	shown := d.shown()
	out := expect.Check{
		Name: cond.text, Want: words + bound,
		Got:  fmt.Sprintf("%s (%s)", m.writeChange(d.Change), d.interval()),
		Pass: !(beyond && shown),
	}
	if cond.absolute {
		out.Got = fmt.Sprintf("%+.3g ms, %s", change*1e3, out.Got)
	}
	switch {
	case d.Verdict == Unknown:
		out.Got, out.Note = m.writeChange(d.Change), d.Note
		if beyond {
			out.Pass = false
		}
	case beyond && !shown:
		out.Note = "chance can explain it"
	}
	return out
}
