package limiter

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/shared/report"
)

// Section shows what was learnt.
func (m *Model) Section() report.Section {
	facts := report.Facts{
		{Label: "Behaviour", Value: m.describe()},
		{Label: "Kind", Value: string(m.Kind)},
		{Label: "Refused with 429", Value: of(m.Refused, m.Answers)},
	}
	if m.Rate > 0 {
		facts = append(facts, report.Fact{Label: "Let through in the long run", Value: report.Significant(m.Rate) + "/s"})
	}
	said := "nothing"
	if m.SaidLimit >= 0 {
		said = report.Plural(m.SaidLimit, "request", "requests")
		if m.SaidWindow > 0 {
			said += " in " + report.Duration(m.SaidWindow)
		}
	}
	facts = append(facts,
		report.Fact{Label: "Headers say", Value: said},
		report.Fact{Label: "With RateLimit headers", Value: of(m.Headers, m.Answers)},
		report.Fact{Label: "Refusals with Retry-After", Value: of(m.RetryAfter, m.Refused)})
	if m.Tried {
		again := fmt.Sprintf("not within %s", report.Duration(m.GaveUp))
		if m.Recovery >= 0 {
			again = "after " + report.Duration(m.Recovery)
		}
		facts = append(facts, report.Fact{Label: "Let in again", Value: again})
	}
	return report.Section{Heading: "Rate limiter", Blocks: []report.Block{facts}}
}

// Data is the JSON form. What is unknown is null.
type Data struct {
	Kind           string   `json:"kind"`
	Allowed        int64    `json:"allowed"`
	Refused        int64    `json:"refused"`
	ServerErrors   int64    `json:"server_errors"`
	Broken         int64    `json:"broken"`
	Burst          int64    `json:"burst"`
	Limit          *int64   `json:"limit"`
	WindowS        *float64 `json:"window_s"`
	RatePerSecond  *float64 `json:"rate_per_second"`
	SaidLimit      *int64   `json:"said_limit"`
	SaidWindowS    *float64 `json:"said_window_s"`
	WithHeaders    int64    `json:"answers_with_headers"`
	WithRetryAfter int64    `json:"refusals_with_retry_after"`
	RecoveryS      *float64 `json:"recovery_s"`
}

// Data fills it.
func (m *Model) Data() *Data {
	d := &Data{
		Kind: string(m.Kind), Allowed: m.Allowed, Refused: m.Refused, ServerErrors: m.Failed, Broken: m.Broken, Burst: m.Burst,
		WithHeaders: m.Headers, WithRetryAfter: m.RetryAfter,
	}
	if m.Limit > 0 {
		d.Limit = &m.Limit
	}
	if m.Rate > 0 {
		d.RatePerSecond = &m.Rate
	}
	if m.SaidLimit >= 0 {
		d.SaidLimit = &m.SaidLimit
	}
	d.WindowS, d.SaidWindowS = inSeconds(m.Window), inSeconds(m.SaidWindow)
	if m.Recovery >= 0 {
		d.RecoveryS = inSeconds(m.Recovery)
	}
	return d
}

func inSeconds(d time.Duration) *float64 {
	if d <= 0 {
		return nil
	}
	s := d.Seconds()
	return &s
}
