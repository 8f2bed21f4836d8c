package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/shared/report"
)

// mostOfARule is how many notices of one rule are printed one by one.
const mostOfARule = 5

// printNotices writes one line a notice, warnings first, in the form that
// editors jump to: file:line:column: warning: message.
func printNotices(w io.Writer, notices []api.Notice) {
	printMost(w, notices, mostOfARule, "--format json lists all")
}

// printMost prints so many of each rule; all says how to see the others.
func printMost(w io.Writer, notices []api.Notice, most int, all string) {
	for _, warning := range []bool{true, false} {
		count := map[string]int{}
		var rules []string
		for _, n := range notices {
			if n.Warning != warning {
				continue
			}
			if count[n.Rule]++; count[n.Rule] == 1 {
				rules = append(rules, n.Rule)
			}
			if count[n.Rule] <= most {
				fmt.Fprintln(w, noticeLine(n))
			}
		}
		for _, rule := range rules {
			if more := count[rule] - most; more > 0 {
				fmt.Fprintf(w, "%s: %d more of %s (%s)\n", level(warning), more, rule, all)
			}
		}
	}
}

func noticeLine(n api.Notice) string {
	line := place(n.At) + level(n.Warning) + ": " + n.Message
	if n.Hint != "" {
		line += " (" + n.Hint + ")"
	}
	return strings.Map(printable, line)
}

// printable takes control characters out: a message quotes the document.
func printable(r rune) rune {
	if r < ' ' || r >= 0x7f && r < 0xa0 {
		return ' '
	}
	return r
}

func place(p api.Position) string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File + ": "
	}
	return fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Column)
}

func level(warning bool) string {
	if warning {
		return "warning"
	}
	return "notice"
}

func finding(n api.Notice) report.Finding {
	f := report.Finding{
		Rule: n.Rule, Severity: report.Notice, Title: n.Message, Advice: n.Hint,
		At: report.Position{File: n.At.File, Line: n.At.Line, Column: n.At.Column},
	}
	if n.Warning {
		f.Severity = report.Warning
	}
	return f
}
