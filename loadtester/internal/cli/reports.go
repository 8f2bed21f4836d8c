package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/shared/pending"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
	"github.com/seniorbackend/tools/shared/terminal"
)

// This file prints reports and writes those of --report FORM=FILE beside them. A run
// that fails before it has a report gives the forms for CI one that says why. The
// other tools have the same file.

// reportFile is one --report FORM=FILE.
type reportFile struct {
	form string
	path string
	file *pending.File
}

// UnmarshalText reads FORM=FILE.
func (r *reportFile) UnmarshalText(text []byte) error {
	var found bool
	if r.form, r.path, found = strings.Cut(string(text), "="); !found || r.form == "" || r.path == "" {
		return problem.New("write --report junit=checks.xml", "--report takes FORM=FILE, not %q", text)
	}
	return nil
}

// openReports makes the files, so that a wrong path is said before the work. What
// was not written at the end is discarded.
func openReports(files []reportFile, forms []string, command string) (err error) {
	for i := range files {
		r := &files[i]
		if len(forms) == 0 {
			return problem.New("leave --report out", "%s makes no report", command)
		}
		if !slices.Contains(forms, r.form) {
			return problem.New("the forms are "+strings.Join(forms, ", "), "--report: unknown form %q", r.form)
		}
		if r.path == "-" {
			return problem.New("use --format "+r.form, "--report writes files; standard output has the form of --format")
		}
		if r.file, err = openReport(r.path); err != nil {
			return err
		}
	}
	return nil
}

// openReport makes a report's file, and the folder that it goes to.
func openReport(path string) (*pending.File, error) {
	if err := pending.Named(path); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, problem.Wrap(err, "check the path and its permissions", "cannot make the folder %s", filepath.Dir(path))
	}
	return pending.Open(path)
}

// reportForms are the forms in which a command can report: what its --format takes,
// or what it says itself.
func reportForms(selected *kong.Node) []string {
	if own, ok := selected.Target.Addr().Interface().(interface{ reportForms() []string }); ok {
		return own.reportForms()
	}
	for _, f := range selected.Flags {
		if f.Name == "format" {
			return valuesOf(f)
		}
	}
	return nil
}

// reportsIn says whether --report asks for the form.
//
//lint:ignore U1000 not every tool needs it
func (s *session) reportsIn(form report.Format) bool {
	return slices.ContainsFunc(s.reports, func(r reportFile) bool { return r.form == string(form) })
}

// render writes a report in one form.
type render func(w io.Writer, form string, o report.Options) error

// rendered is a report whose model is the same in every form.
func rendered(r *report.Report) render {
	return func(w io.Writer, form string, o report.Options) error {
		return report.Write(w, r, report.Format(form), o)
	}
}

// publish prints a report on w, and writes the files of --report.
func (s *session) publish(w io.Writer, form string, r render) error {
	if w == s.Err {
		w = s.stderr // also with --quiet: it was asked for
	}
	err := r(w, form, report.Options{Width: terminal.Width(w), Color: s.Color(w, s.noColor), Now: time.Now()})
	if wrote := s.writeReports(r); err == nil {
		err = wrote
	}
	return err
}

// publishTo is publish into a file, where one is named.
//
//lint:ignore U1000 not every tool needs it
func (s *session) publishTo(path, form string, r render) error {
	if path == "" || path == "-" {
		return s.publish(s.Out, form, r)
	}
	file, err := openReport(path)
	if err != nil {
		return err
	}
	defer file.Discard()
	return s.publishIn(file, form, r)
}

// publishIn is publish into a file that was opened before.
//
//lint:ignore U1000 not every tool needs it
func (s *session) publishIn(file *pending.File, form string, r render) error {
	var text bytes.Buffer
	err := r(&text, form, report.Options{Width: 80, Now: time.Now()})
	if err == nil {
		err = file.Commit(text.Bytes())
	}
	if wrote := s.writeReports(r); err == nil {
		err = wrote
	}
	return err
}

// writeReports writes the files of --report.
func (s *session) writeReports(r render) error {
	s.reported = true
	var errs []error
	for i := range s.reports {
		f := &s.reports[i]
		var text bytes.Buffer
		if err := r(&text, f.form, report.Options{Width: 80, Now: time.Now()}); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", f.path, err))
			continue
		}
		if err := f.file.Commit(text.Bytes()); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// reportFailure gives CI a report where the run has none: why it failed, and where.
func (s *session) reportFailure(command, form string, failure error) error {
	if s.reported {
		return nil
	}
	r := &report.Report{
		Schema: s.info.Tool + ".error", Version: 1, Tool: s.info.Short(), Title: command,
		Verdict:  report.Verdict{Status: report.Fail, Word: "ERROR", Text: "it could not run"},
		Findings: s.failures(failure),
	}
	if problem.ExitCode(failure) == problem.Failed {
		r.Verdict.Word, r.Verdict.Text = "FAILED", "it found what it was to look for"
	}
	if len(r.Findings) > 0 {
		r.Verdict.Text = r.Findings[0].Title
	}
	if s.ctx.Err() != nil {
		r.Verdict.Word, r.Verdict.Text, r.Findings = "INTERRUPTED", "it was stopped before it had a report", nil
	}
	if form == string(report.JUnit) || form == string(report.GitHub) {
		if err := rendered(r)(s.Out, form, report.Options{}); err != nil {
			return err
		}
	}
	return s.writeReports(func(w io.Writer, form string, o report.Options) error {
		if !slices.Contains(report.Formats(), report.Format(form)) && form != string(report.SARIF) {
			return nil // another tool's form: it has no word for this
		}
		return report.Write(w, r, report.Format(form), o)
	})
}

// failures are the errors of a run as findings, without their secrets.
func (s *session) failures(err error) []report.Finding {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var list []report.Finding
		for _, e := range joined.Unwrap() {
			list = append(list, s.failures(e)...)
		}
		return list
	}
	f := report.Finding{Rule: "error", Severity: report.Error, Title: s.secrets.Hide(err.Error())}
	var p *problem.Problem
	if errors.As(err, &p) {
		f.At = report.Position{File: p.File, Line: p.Line, Column: p.Column}
		f.Advice = s.secrets.Hide(p.Hint)
		if p.File != "" {
			f.Title = s.secrets.Hide(p.Message)
		}
	}
	return []report.Finding{f}
}
