package limiter

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/shared/report"
)

// Checks judges the limiter. What could not be seen is not judged, and its Note
// says so.
func (m *Model) Checks() []expect.Check {
	checks := []expect.Check{m.refuses(), m.letsThrough(), m.noServerErrors()}
	if m.Kind == None {
		return checks
	}
	checks = append(checks, m.says())
	if m.Kind == Everything {
		return checks
	}
	checks = append(checks, m.keepsLimit(), m.countsDown(), m.recovers())
	return checks
}

func (m *Model) refuses() expect.Check {
	return expect.Check{
		Name: "limits the rate", Want: "some requests are refused with 429",
		Got:  of(m.Refused, m.Answers) + " were",
		Pass: m.Refused > 0,
	}
}

func (m *Model) letsThrough() expect.Check {
	c := expect.Check{
		Name: "lets requests through", Want: "some before the first refusal",
		Got:  report.Plural(m.Burst, "request", "requests") + " before the first refusal",
		Pass: m.Allowed > 0,
	}
	switch {
	case m.Kind == None:
		c.Got = of(m.Allowed, m.Answers)
	case m.Burst == 0 && m.Allowed > 0:
		c.Note = "the window was used up before the run"
	}
	return c
}

func (m *Model) noServerErrors() expect.Check {
	c := expect.Check{Name: "no server errors", Want: "no 5xx, no broken connection", Got: "none", Pass: m.Failed == 0 && m.Broken == 0}
	if !c.Pass {
		c.Got = fmt.Sprintf("%s answered 5xx, %s without an answer", report.Count(m.Failed), report.Count(m.Broken))
		if m.Nginx > 0 {
			c.Note = fmt.Sprintf("%s are nginx's 503, with which limit_req and limit_conn refuse: limit_req_status 429 says what they mean", report.Count(m.Nginx))
		}
	}
	return c
}

// says: a client has to learn when to come back.
func (m *Model) says() expect.Check {
	return expect.Check{
		Name: "says when to come back", Want: "each 429 has Retry-After or a RateLimit reset",
		Got:  fmt.Sprintf("%s have one, %s have Retry-After", of(m.Waits, m.Refused), report.Count(m.RetryAfter)),
		Pass: m.Waits == m.Refused,
	}
}

// allowance is the most that the advertised limit lets through in the time of
// the load, wherever its windows begin.
func (m *Model) allowance() float64 {
	return float64(m.SaidLimit) * (m.Length.Seconds()/m.SaidWindow.Seconds() + 1)
}

// keepsLimit: the advertised limit is what is let through.
func (m *Model) keepsLimit() expect.Check {
	c := expect.Check{Name: "keeps its limit", Want: "what its headers say", Got: m.describe(), Pass: true}
	if m.SaidLimit < 0 {
		c.Note = "no header says a limit"
		c.Want = "a limit"
		return c
	}
	c.Want = report.Count(m.SaidLimit)
	if m.SaidWindow > 0 {
		c.Want += " in " + report.Duration(m.SaidWindow)
	}
	// One window's worth, and what may flow in while the first burst goes on.
	most := float64(m.SaidLimit)*1.02 + 1
	if m.Kind == FixedWindow {
		c.Pass = float64(max(m.Limit, m.Burst)) <= most
	} else {
		c.Pass = float64(m.Burst) <= most
	}
	if !c.Pass {
		c.Note = "more than the limit went through: are several processes counting apart?"
	}
	if m.SaidWindow > 0 && m.Rate > 0 && m.Kind != OneWindow && m.Kind != Extending {
		if said := float64(m.SaidLimit) / m.SaidWindow.Seconds(); m.Rate > 1.15*said && float64(m.Allowed) > 1.02*m.allowance()+1 {
			c.Pass = false
			c.Note = fmt.Sprintf("in the long run %s/s went through, %s/s are allowed", report.Significant(m.Rate), report.Significant(said))
		}
	}
	return c
}

// describe is the limiter in words.
func (m *Model) describe() string {
	switch m.Kind {
	case None:
		return "no limit seen"
	case Everything:
		return "nothing let through"
	case OneWindow:
		if m.Window > 0 {
			return fmt.Sprintf("%s, then nothing to the end of the run", report.Count(m.Allowed))
		}
		return fmt.Sprintf("%s, then nothing: the window is longer than the run", report.Count(m.Allowed))
	case Extending:
		return fmt.Sprintf("%s, then nothing: each refused request begins the window of %s anew", report.Count(m.Allowed), report.Duration(m.Window))
	case Queue:
		return fmt.Sprintf("a burst of %s, then %s/s out of a queue, after a wait of %s", report.Count(m.Burst), report.Significant(m.Rate), report.Duration(m.Wait))
	case FixedWindow:
		return fmt.Sprintf("%s in each window of %s", report.Count(m.Limit), report.Duration(m.Window))
	}
	return fmt.Sprintf("a burst of %s, then %s/s", report.Count(m.Burst), report.Significant(m.Rate))
}

// countsDown: the remaining requests go down to 0.
func (m *Model) countsDown() expect.Check {
	c := expect.Check{Name: "counts down", Want: "remaining goes down with each request", Pass: true}
	switch {
	case m.RemainingSaid == 0:
		c.Got, c.Note = "no header says what remains", "not judged"
		return c
	case m.RemainingSaid < 3:
		c.Got, c.Note = "too few answers", "not judged"
		return c
	}
	c.Got = fmt.Sprintf("from %s to %s, %s values in %s answers", report.Count(m.RemainingFirst), report.Count(m.RemainingLast), report.Count(m.RemainingSteps), report.Count(m.RemainingSaid))
	c.Pass = 10*m.RemainingSteps >= 9*m.RemainingSaid || (m.Kind == Refill || m.Kind == Queue) && 2*m.RemainingSteps >= m.RemainingSaid
	if near := m.SaidLimit/10 + 2; c.Pass && m.RemainingLast > near {
		c.Pass, c.Note = false, "requests were refused while some remained"
	}
	return c
}

// recovers: who stays away as long as asked is let in again.
func (m *Model) recovers() expect.Check {
	c := expect.Check{Name: "lets in again", Want: "after the time it asked for", Pass: true}
	if m.LongestAsk > 0 || m.Waits > 0 {
		c.Want = "within " + report.Duration(max(m.LongestAsk, time.Second)) + ", as it asked"
	}
	switch {
	case !m.Tried:
		c.Got, c.Note = "not tried: it asked for "+report.Duration(m.LongestAsk), "--rate-limit-wait allows more"
	case m.Recovery < 0:
		c.Pass, c.Got = false, "still refused after "+report.Duration(m.GaveUp)
	default:
		c.Got = "after " + report.Duration(m.Recovery)
		// Headers are in whole seconds, and a clock may be up to one behind.
		c.Pass = m.Waits == 0 || m.Recovery <= m.LongestAsk+2*time.Second
	}
	return c
}

func of(n, whole int64) string {
	return fmt.Sprintf("%s of %s (%s)", report.Count(n), report.Count(whole), report.Percent(float64(n), float64(whole)))
}
