package report

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// The forms for CI name each check, and what failed once.
func TestChecksInFormsForCI(t *testing.T) {
	r := &Report{
		Schema: "loadtester.run", Title: "Load Test Results", Elapsed: 1500 * time.Millisecond,
		Verdict:  Verdict{Status: Fail, Word: "FAILED", Text: "1 of 2 missed"},
		Checks:   []Check{{"p99<1s", "below 1 s", "20 ms", true}, {"errors<1%", "below 1 %", "40 %", false}},
		Findings: []Finding{{Rule: "slow", Title: "It is slow", Severity: Error}},
	}
	form := func(f Format) string {
		var b bytes.Buffer
		if err := Write(&b, r, f, Options{}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	xml := form(JUnit)
	for _, want := range []string{`time="1.5`, `<testcase name="p99&lt;1s"`, `<testcase name="errors&lt;1%"`, `message="errors&lt;1%: wanted below 1 %, got 40 %" type="expectation"`, `failures="2"`} {
		if !strings.Contains(xml, want) {
			t.Errorf("JUnit lacks %s:\n%s", want, xml)
		}
	}
	if got := form(GitHub); !strings.Contains(got, "::error title=errors<1%25::errors<1%25: wanted below 1 %25, got 40 %25") {
		t.Errorf("GitHub:\n%s", got)
	}
	r.Verdict.Status, r.Checks[1].Pass = Pass, true
	if xml := form(JUnit); !strings.Contains(xml, `tests="4" `) || strings.Contains(xml, "<failure") {
		t.Errorf("a report that has passed has failures:\n%s", xml)
	}
}
