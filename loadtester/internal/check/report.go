package check

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/shared/report"
)

// The words of the verdict.
const (
	Passed = "PASSED"
	Failed = "FAILED"
)

// Schema is the name of the JSON form.
const Schema = "loadtester.check"

// What of a body is shown to people.
const (
	shownBytes = 2000
	shownLines = 40
)

// NewReport makes the report.
func NewReport(w *Walk, tool string) *report.Report {
	r := &report.Report{
		Schema: Schema, Version: 1, Tool: tool, Title: "Check",
		Verdict: verdict(w), Data: newData(w), Elapsed: w.Run.Elapsed,
		Method: []report.Fact{{Label: "Path", Value: w.Run.Path}, {Label: "Load", Value: "none: each request was sent once, after the answer to the one before"}},
	}
	for k, s := range w.Steps {
		r.Sections = append(r.Sections, section(k+1, &s))
		for _, e := range s.Expected {
			r.Checks = append(r.Checks, report.Check{Name: fmt.Sprintf("%d %s: %s", k+1, s.Name, e.Name), Want: e.Want, Got: e.Got, Pass: e.Pass})
		}
	}
	if len(w.Missing) > 0 {
		r.Sections = append(r.Sections, report.Section{Heading: "Not sent", Blocks: []report.Block{report.List{Items: w.Missing}}})
	}
	return r
}

func verdict(w *Walk) report.Verdict {
	failed, all := w.Failed()
	text := report.Plural(len(w.Steps), "request", "requests") + " sent"
	if len(w.Missing) > 0 && len(w.Steps) > 0 {
		text += fmt.Sprintf(", the walk ended at %s with %s to come", w.Steps[len(w.Steps)-1].Name, report.Plural(len(w.Missing), "step", "steps"))
	}
	if failed > 0 || len(w.Steps) == 0 {
		return report.Verdict{Status: report.Fail, Word: Failed, Text: fmt.Sprintf("%s; %d of %s missed", text, failed, report.Plural(all, "expectation", "expectations"))}
	}
	return report.Verdict{Status: report.Pass, Word: Passed, Text: fmt.Sprintf("%s; %s met", text, report.Plural(all, "expectation", "expectations"))}
}

// section shows one request.
func section(number int, s *Step) report.Section {
	text := written("> ", &s.Request)
	if s.Answer != nil {
		text += written("< ", s.Answer)
	}
	facts := report.Facts{{Label: "Time", Value: report.Duration(s.Took)}}
	for _, v := range s.Saved {
		if v.Found {
			facts = append(facts, report.Fact{Label: "Saved " + v.Name, Value: fmt.Sprintf("%s from %s", clip(v.Value, 100), v.From)})
		}
	}
	for _, e := range s.Expected {
		word := "PASS"
		if !e.Pass {
			word = "FAIL"
		}
		facts = append(facts, report.Fact{Label: "Expected " + e.Name, Value: fmt.Sprintf("%s, wanted %s, got %s", word, e.Want, e.Got)})
	}
	return report.Section{Heading: fmt.Sprintf("Request %d", number), Note: s.Name, Blocks: []report.Block{report.Code{Language: "http", Text: text}, facts}}
}

// written is a message as curl -v shows it.
func written(mark string, m *Message) string {
	if m.Line == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(mark + m.Line + "\n")
	for _, f := range m.Header {
		b.WriteString(mark + f.Name + ": " + f.Value + "\n")
	}
	switch {
	case m.Body.Binary:
		fmt.Fprintf(&b, "%s\n%s(binary, %s)\n", mark, mark, report.Plural(m.Body.Bytes, "byte", "bytes"))
	case m.Body.Text != "":
		text := clip(m.Body.Text, shownBytes)
		list := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
		cut := m.Body.Cut || len(text) < len(m.Body.Text) || len(list) > shownLines
		b.WriteString(mark + "\n")
		for _, line := range list[:min(len(list), shownLines)] {
			b.WriteString(mark + strings.TrimRight(line, "\r") + "\n")
		}
		if cut {
			fmt.Fprintf(&b, "%s… of %s; --format json has more\n", mark, report.Plural(m.Body.Bytes, "byte", "bytes"))
		}
	}
	return b.String()
}

// clip keeps the first n bytes of s, in whole characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
