// Package expect is what a run had to fulfil: wanted statuses, objectives on
// latency, errors and rate (SLO), wanted bodies, and a rate limiter that works.
//
// Each kind is parsed from the command line, and judged on a result.Result (or,
// for bodies and the limiter, on what the engine saw), and gives Checks. A run
// with a missed Check exits with 1.
package expect

import "github.com/seniorbackend/tools/shared/report"

// Check is one expectation and what came of it.
type Check struct {
	Name string `json:"name"` // as the user wrote it: "p99<200ms"
	Want string `json:"want"` // "below 200 ms"
	Got  string `json:"got"`  // "423 ms"
	Pass bool   `json:"pass"`
	Note string `json:"note,omitempty"` // what the figure does not show
}

// Failed counts the missed checks.
func Failed(checks []Check) int {
	n := 0
	for _, c := range checks {
		if !c.Pass {
			n++
		}
	}
	return n
}

// Report is the checks as a report names them.
func Report(checks []Check) []report.Check {
	var list []report.Check
	for _, c := range checks {
		list = append(list, report.Check{Name: c.Name, Want: c.Want, Got: c.Got, Pass: c.Pass})
	}
	return list
}

// Table shows checks in a report.
func Table(checks []Check) report.Table {
	t := report.Table{Columns: []report.Column{{Title: "Expectation"}, {Title: "Wanted"}, {Title: "Got"}, {Title: "Verdict"}}}
	for _, c := range checks {
		word, status := "PASS", report.Pass
		if !c.Pass {
			word, status = "FAIL", report.Fail
		}
		row := report.Row(c.Name, c.Want, c.Got)
		t.Rows = append(t.Rows, append(row, report.Cell{Text: word, Status: status}))
	}
	return t
}
