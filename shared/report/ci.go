package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"
)

// writeJUnit writes one suite: each check is a case, so is the verdict, and so is
// each finding. What failed is named once: by its check or its finding, or else by the
// verdict. A finding that is an error fails its case where the report has failed;
// warnings and notices pass and are told in its output.
func writeJUnit(w io.Writer, r *Report) error {
	suite := junit.Testsuite{Name: xmlText(r.Title), Time: strconv.FormatFloat(r.Elapsed.Seconds(), 'f', -1, 64)}
	for _, check := range r.Checks {
		c := junit.Testcase{Name: xmlText(check.Name), Classname: xmlText(r.Schema)}
		if text := checkText(check); check.Pass {
			c.SystemOut = &junit.Output{Data: xmlText(text)}
		} else {
			c.Failure = &junit.Result{Message: xmlText(text), Type: "expectation"}
		}
		suite.AddTestcase(c)
	}
	if r.Verdict.Word != "" {
		c := junit.Testcase{Name: "verdict", Classname: xmlText(r.Schema)}
		if r.Verdict.Status == Fail && !named(r) {
			c.Failure = &junit.Result{Message: xmlText(r.Verdict.Word + ": " + r.Verdict.Text), Type: xmlText(r.Verdict.Word)}
		} else {
			c.SystemOut = &junit.Output{Data: xmlText(r.Verdict.Word + ": " + r.Verdict.Text)}
		}
		suite.AddTestcase(c)
	}
	for _, f := range r.Findings {
		c := junit.Testcase{Name: xmlText(f.Title), Classname: xmlText(r.Schema + "." + f.Rule)}
		if f.Severity == Error && r.Verdict.Status == Fail {
			c.Failure = &junit.Result{Message: xmlText(f.Title), Type: xmlText(f.Rule), Data: xmlText(findingText(f))}
		} else {
			c.SystemOut = &junit.Output{Data: xmlText(f.Severity.String() + ": " + findingText(f))}
		}
		suite.AddTestcase(c)
	}
	suites := junit.Testsuites{Name: xmlText(r.Tool)}
	suites.AddSuite(suite)
	return suites.WriteXML(w)
}

func checkText(c Check) string {
	return fmt.Sprintf("%s: wanted %s, got %s", c.Name, c.Want, c.Got)
}

// named says whether a check or a finding says what failed.
func named(r *Report) bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool { return !c.Pass }) ||
		slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == Error })
}

// xmlText leaves out what XML 1.0 cannot hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r >= ' ' && r != 0xFFFE && r != 0xFFFF {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func findingText(f Finding) string {
	lines := []string{f.Title}
	if at := f.At.String(); at != "" {
		lines[0] = at + ": " + f.Title
	}
	lines = append(lines, f.Evidence...)
	for _, s := range []string{f.Advice, f.Command} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

// writeGitHub writes workflow commands, which GitHub shows as annotations.
func writeGitHub(w io.Writer, r *Report) error {
	var b strings.Builder
	if r.Verdict.Word != "" {
		level := [...]string{Neutral: "notice", Pass: "notice", Warn: "warning", Fail: "error"}[r.Verdict.Status]
		annotation(&b, level, Position{}, r.Title, r.Verdict.Word+": "+r.Verdict.Text)
	}
	for _, c := range r.Checks {
		if !c.Pass {
			annotation(&b, "error", Position{}, c.Name, checkText(c))
		}
	}
	for _, f := range r.Findings {
		annotation(&b, f.Severity.String(), f.At, f.Rule, findingText(f))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func annotation(b *strings.Builder, level string, at Position, title, message string) {
	message = plainLines(message)
	var properties []string
	add := func(name, value string) {
		properties = append(properties, name+"="+githubProperty.Replace(plainLines(value)))
	}
	if at.File != "" {
		add("file", at.File)
	}
	if at.Line > 0 {
		add("line", fmt.Sprint(at.Line))
	}
	if at.Column > 0 {
		add("col", fmt.Sprint(at.Column))
	}
	if title != "" {
		add("title", title)
	}
	fmt.Fprintf(b, "::%s %s::%s\n", level, strings.Join(properties, ","), githubData.Replace(message))
}
