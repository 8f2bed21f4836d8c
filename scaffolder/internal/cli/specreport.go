package cli

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/reconcile"
	"github.com/seniorbackend/tools/scaffolder/internal/source/verify"
	"github.com/seniorbackend/tools/shared/report"
)

// specData is the JSON form of a report of --report; --format is the document's.
type specData struct {
	Entry      string   `json:"entry"`
	Operations []string `json:"operations"`
	Differs    int      `json:"differences"`
}

// reportForms are those of --report.
func (c *specCmd) reportForms() []string {
	var forms []string
	for _, f := range report.Formats() {
		forms = append(forms, string(f))
	}
	return forms
}

// report writes the files of --report: what differs, and what was said of the reading.
func (c *specCmd) report(s *session, entry string, operations []*api.Operation, differs []report.Finding) error {
	data := specData{Entry: entry, Operations: []string{}, Differs: len(differs)}
	for _, op := range operations {
		data.Operations = append(data.Operations, op.Method+" "+op.Path)
	}
	r := &report.Report{
		Schema: "scaffolder.spec", Version: 1, Tool: s.info.Short(), Title: "OpenAPI From Code", FindingsTitle: "Findings",
		Head:     [][]report.Fact{{{Label: "Entry", Value: entry}}},
		Verdict:  report.Verdict{Status: report.Pass, Word: "READ", Text: report.Plural(len(operations), "operation", "operations")},
		Findings: differs,
		Data:     data,
	}
	switch {
	case len(differs) > 0:
		r.Verdict = report.Verdict{Status: report.Fail, Word: "DRIFT", Text: report.Plural(len(differs), "difference", "differences")}
	case c.Check != "":
		r.Verdict.Word, r.Verdict.Text = "MATCHES", fmt.Sprintf("%s is what the code says: %s", c.Check, r.Verdict.Text)
	case c.Verify:
		r.Verdict.Word = "VERIFIED"
	}
	for _, n := range c.said {
		f := report.Finding{Rule: n.Rule, Severity: report.Notice, Title: n.Message, Advice: n.Hint, At: report.Position{File: n.At.File, Line: n.At.Line, Column: n.At.Column}}
		if n.Warning {
			f.Severity = report.Warning
		}
		r.Findings = append(r.Findings, f)
	}
	return s.writeReports(rendered(r))
}

// drifted are the differences of a document as findings.
func drifted(list []reconcile.Difference) []report.Finding {
	var out []report.Finding
	for _, d := range list {
		out = append(out, report.Finding{Rule: "drift", Severity: report.Error, Title: d.What, At: report.Position{File: d.At.File, Line: d.At.Line, Column: d.At.Column}})
	}
	return out
}

// misread are the endpoints that are mounted otherwise than was read.
func misread(compared verify.Comparison) []report.Finding {
	var out []report.Finding
	add := func(rule, what string, list []verify.Endpoint) {
		for _, e := range list {
			out = append(out, report.Finding{
				Rule: rule, Severity: report.Error, Title: e.Method + " " + strings.Map(printable, e.Path) + " " + what,
				At: report.Position{File: e.At.File, Line: e.At.Line, Column: e.At.Column},
			})
		}
	}
	add("not-read", "is mounted and was not read", compared.NotRead)
	add("not-mounted", "was read and is not mounted", compared.NotMounted)
	return out
}
