package expect

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// Judge checks that every body was as wanted, and that there was one.
func (b *Body) Judge(r *result.Result) Check {
	return everyAnswer(r, record.UnexpectedBody, Check{Name: "body " + b.text, Want: "every body " + b.Wanted()})
}

// Wanted says what a body has to do, behind the word body: "holds ok".
func (b *Body) Wanted() string {
	switch {
	case b.pattern != nil:
		return "matches " + b.text
	case b.exact:
		return "is " + b.text[1:]
	}
	return "holds " + b.text
}

// Longest checks that no response was longer than a limit in bytes.
func Longest(limit int64, r *result.Result) Check {
	return everyAnswer(r, record.TooLarge, Check{Name: fmt.Sprintf("max-body %d", limit), Want: fmt.Sprintf("no response above %s", report.Plural(limit, "byte", "bytes"))})
}

// everyAnswer fails c where answers missed it, or there were none.
func everyAnswer(r *result.Result, missed record.Class, c Check) Check {
	n := r.Record.Errors[missed]
	all := r.Record.Answered
	if !missed.Answered() {
		all += n
	}
	c.Pass = n == 0 && all > 0
	switch {
	case all == 0:
		c.Got = "no answer"
	case n > 0:
		c.Got = fmt.Sprintf("%s of %s did not", report.Count(n), report.Count(all))
	default:
		c.Got = "all " + report.Count(all)
	}
	return c
}

// Walks checks that the steps of a chain were answered as their expect and save
// say. A run without a chain has no such check, and ok is false.
func Walks(r *result.Result) (c Check, ok bool) {
	w := &r.Record.Walks
	if !w.Any() {
		return c, false
	}
	missed := r.Record.Errors[record.UnwantedStatus] + r.Record.Errors[record.NothingSaved]
	early := w.Early()
	c = Check{Name: "steps", Want: "each answer has the status and the values that its step asks for"}
	switch {
	case missed > 0:
		c.Got = fmt.Sprintf("%s of %s ended early: %s", report.Count(early), report.Plural(early+w.Whole, "walk", "walks"), strings.Join(EndedAt(r), ", "))
	case w.Whole == 0 && early > 0: // its last steps were never judged
		c.Got = fmt.Sprintf("no walk came to its end: %s ended early by other failures", report.Count(early))
	default:
		c.Pass = true
		c.Got = report.Plural(w.Whole, "walk", "walks") + " whole"
		if early > 0 {
			c.Got += fmt.Sprintf(", %s ended early by other failures", report.Count(early))
		}
	}
	return c, true
}

// Redirects checks that none of those that --follow follows led to another server
// or round in a circle. A run without such a one has no such check, and ok is false.
func Redirects(r *result.Result) (c Check, ok bool) {
	loops, foreign := r.Record.Errors[record.RedirectLoop], r.Record.Errors[record.ForeignRedirect]
	if loops+foreign == 0 {
		return c, false
	}
	var got []string
	if foreign > 0 {
		got = append(got, report.Count(foreign)+" led to another server, which was not asked")
	}
	if loops > 0 {
		got = append(got, report.Count(loops)+" did not end after 10")
	}
	return Check{Name: "redirects", Want: "each redirect leads to an answer of the same server", Got: strings.Join(got, ", ")}, true
}

// EndedAt says where the walks of a run ended early: "POST /login (5)".
func EndedAt(r *result.Result) []string {
	var places []string
	for step, n := range r.Record.Walks.Ended {
		if n == 0 {
			continue
		}
		name := fmt.Sprintf("step %d", step+1)
		if step < len(r.Run.Names) {
			name = r.Run.Names[step]
		}
		places = append(places, fmt.Sprintf("%s (%s)", name, report.Count(n)))
	}
	return places
}
