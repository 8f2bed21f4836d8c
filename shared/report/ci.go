package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"
)

// writeJUnit writes one suite: the verdict is a case, and so is each finding.
// An error fails its case; warnings and notices pass and are told in its output.
func writeJUnit(w io.Writer, r *Report) error {
	suite := junit.Testsuite{Name: xmlText(r.Title), Time: "0"} // an empty time is no number
	if r.Verdict.Word != "" {
		c := junit.Testcase{Name: "verdict", Classname: xmlText(r.Schema)}
		if r.Verdict.Status == Fail {
			c.Failure = &junit.Result{Message: xmlText(r.Verdict.Word + ": " + r.Verdict.Text), Type: xmlText(r.Verdict.Word)}
		} else {
			c.SystemOut = &junit.Output{Data: xmlText(r.Verdict.Word + ": " + r.Verdict.Text)}
		}
		suite.AddTestcase(c)
	}
	for _, f := range r.Findings {
		c := junit.Testcase{Name: xmlText(f.Title), Classname: xmlText(r.Schema + "." + f.Rule)}
		if f.Severity == Error {
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
