package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/report"
)

func numbered(n int, word string) string { return report.Plural(n, word, word+"s") }

// report prints what was found.
func (l *linted) report() error {
	return l.session.publishTo(l.Output, l.Format, rendered(l.model()))
}

func (l *linted) model() *report.Report {
	r := &report.Report{Schema: "migrator.lint", Version: 1, Tool: l.session.info.Short(), Title: "Migration Lint", FindingsTitle: "Findings"}
	n := [3]int{}
	for _, d := range l.findings {
		n[d.Severity]++
		r.Findings = append(r.Findings, l.finding(d))
	}
	r.Verdict = report.Verdict{Status: report.Pass, Word: "CLEAN", Text: fmt.Sprintf("%s in %s", numbered(l.statements, "statement"), numbered(len(l.files), "file"))}
	if len(l.findings) > 0 {
		r.Verdict.Word, r.Verdict.Status = "FINDINGS", report.Warn
		r.Verdict.Text = fmt.Sprintf("%s, %s, %s; %s", numbered(n[lint.Error], "error"), numbered(n[lint.Warning], "warning"), numbered(n[lint.Notice], "notice"), r.Verdict.Text)
	}
	if l.failing() > 0 {
		r.Verdict.Status = report.Fail
	}
	if l.fixed > 0 {
		r.Verdict.Text += fmt.Sprintf("; %s fixed", report.Count(l.fixed))
	}
	say := func(label, value string) { r.Method = append(r.Method, report.Fact{Label: label, Value: value}) }
	if text := l.lockWords(); text != "" {
		say("Locks", text)
	}
	if l.bodies > 0 {
		say("Not looked into", report.Plural(l.bodies, "function body", "function bodies")+" (they do not run when they are made)")
	}
	if l.ignored > 0 {
		say("Ignored", numbered(l.ignored, "finding")+", by comments")
	}
	for _, note := range l.notes {
		say("Left out", note)
	}
	r.Data = lintData{Files: l.files, Statements: l.statements, Ignored: l.ignored, Fixed: l.fixed, Bodies: l.bodies, Locks: l.locks, Places: l.places()}
	return r
}

func (l *linted) finding(d placed) report.Finding {
	line, column := sqltext.Position(d.text, d.Offset)
	f := report.Finding{Rule: d.Name, Severity: report.Severity(d.Severity), Title: d.Name + ": " + d.Message, At: report.Position{File: d.file, Line: line, Column: column}}
	if d.SQL != "" { // a finding may be about the whole file
		f.Evidence = append(f.Evidence, brief(d.SQL))
	}
	for _, h := range d.Hazards {
		text := string(h.Kind) + ": " + h.Message
		if h.Rows >= 0 {
			text += fmt.Sprintf(" (%s, %s)", report.Plural(h.Rows, "row", "rows"), report.Bytes(uint64(max(h.Bytes, 0))))
		}
		f.Evidence = append(f.Evidence, text)
	}
	f.Advice = d.Why
	if d.Instead != "" {
		f.Advice += " Instead: " + d.Instead + "."
	}
	if d.Rewrite != "" {
		f.Command, f.Language = shown(d.Script()), "sql"
	}
	return f
}

// lintData is the lint for programs.
type lintData struct {
	Files      []string    `json:"files"`
	Statements int         `json:"statements"`
	Bodies     int         `json:"function_bodies_not_judged"`
	Ignored    int         `json:"ignored"`
	Fixed      int         `json:"fixed"`
	Locks      []lintLock  `json:"locks"`
	Places     []lintPlace `json:"places"`
}

// lintLock is a lock that a statement asks for on a table in use.
type lintLock struct {
	File  string    `json:"file"`
	Line  int       `json:"line"`
	Table string    `json:"table"`
	Stops lint.Kind `json:"stops"`
}

// lock notes the locks of a file, once for each statement and table.
func (l *linted) lock(f schemafile.File, r lint.Result) {
	for _, k := range r.Locks {
		line, _ := sqltext.Position(f.Text, k.Offset)
		now := lintLock{f.Name, line, k.Table, k.Stops}
		if !slices.Contains(l.locks[max(0, len(l.locks)-8):], now) {
			l.locks = append(l.locks, now)
		}
	}
}

// lockWords are the tables in use whose readers or writers wait for a lock.
func (l *linted) lockWords() string {
	var names []string
	for _, k := range l.locks {
		if k.Stops == lint.BlocksReads && !slices.Contains(names, k.Table) {
			names = append(names, k.Table)
		}
	}
	const most = 5
	switch n := len(names); {
	case n == 0:
		return ""
	case n > most:
		names = append(names[:most], report.Count(n-most)+" more")
	}
	return "reads and writes wait on " + strings.Join(names, ", ")
}

// lintPlace is a finding, beside the report's own list, with its kinds of hazard.
type lintPlace struct {
	Rule    string      `json:"rule"`
	File    string      `json:"file"`
	Line    int         `json:"line"`
	Column  int         `json:"column"`
	Table   string      `json:"table,omitempty"`
	Hazards []lint.Kind `json:"hazards"`
	Fixable bool        `json:"fixable"`
}

func (l *linted) places() []lintPlace {
	all := []lintPlace{}
	for _, d := range l.findings {
		line, column := sqltext.Position(d.text, d.Offset)
		p := lintPlace{d.Name, d.file, line, column, d.Table, []lint.Kind{}, len(d.Fix) > 0}
		for _, h := range d.Hazards {
			p.Hazards = append(p.Hazards, h.Kind)
		}
		all = append(all, p)
	}
	return all
}
