package expect

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// Statuses is a set of wanted statuses.
type Statuses struct {
	text string
	has  [1000]bool
}

// ParseStatuses reads "400", "2xx,404" or "200-204,304".
func ParseStatuses(text string) (*Statuses, error) {
	const hint = "write 400, 2xx, 200-204 or several of them: 2xx,404"
	s := &Statuses{text: text}
	for _, part := range strings.Split(text, ",") {
		part = strings.ToLower(strings.TrimSpace(part))
		from, to := part, part
		if class, ok := strings.CutSuffix(part, "xx"); ok {
			from, to = class+"00", class+"99"
		} else if a, b, ok := strings.Cut(part, "-"); ok {
			from, to = a, b
		}
		low, err1 := strconv.Atoi(from)
		high, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || low < 100 || high > 999 || low > high {
			return nil, problem.New(hint, "the status %q is not valid", part)
		}
		for status := low; status <= high; status++ {
			s.has[status] = true
		}
	}
	return s, nil
}

// Has says whether a status is wanted.
func (s *Statuses) Has(status int) bool { return status >= 0 && status < len(s.has) && s.has[status] }

func (s *Statuses) String() string { return s.text }

// Judge checks that every answer had a wanted status, and that there was one.
func (s *Statuses) Judge(r *result.Result) Check {
	c := Check{Name: "status " + s.text, Want: "every status one of " + s.text}
	type count struct {
		status int
		n      int64
	}
	var other []count
	var wanted, unwanted int64
	for status, n := range r.Record.Statuses {
		switch {
		case n == 0:
		case s.Has(status):
			wanted += n
		default:
			unwanted += n
			other = append(other, count{status, n})
		}
	}
	sort.Slice(other, func(i, j int) bool { return other[i].n > other[j].n })
	var failed int64
	for class, n := range r.Record.Errors {
		if !record.Class(class).Answered() { // those have a status
			failed += n
		}
	}
	c.Pass = wanted > 0 && unwanted == 0 && failed == 0
	switch {
	case wanted+unwanted == 0:
		c.Got = "no answer"
	case unwanted > 0:
		var list []string
		for _, o := range other[:min(3, len(other))] {
			list = append(list, fmt.Sprintf("%d (%s)", o.status, report.Count(o.n)))
		}
		c.Got = fmt.Sprintf("%s others: %s", report.Count(unwanted), strings.Join(list, ", "))
	case failed > 0:
		c.Got = report.Plural(failed, "request", "requests") + " without an answer"
	default:
		c.Got = "all " + report.Count(wanted)
	}
	return c
}
