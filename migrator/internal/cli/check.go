package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/runner"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type checkCmd struct {
	directory
	NoProof bool   `help:"Do not run the files in a scratch database."`
	Hash    bool   `help:"Write atlas.sum anew first."`
	Scratch string `default:"auto" placeholder:"WHERE" help:"Where the files are run: auto, local, embedded, or a connection string (default: auto)."`
	form
}

// Help is shown after the flags.
func (checkCmd) Help() string {
	return `Names and numbers are looked at; then, in a scratch database, all files are run
from nothing, taken back one by one, and run again. Exit code 1 says that something
is wrong.

Examples:
  migrator check migrations
  migrator check db/migrations --files goose --format github`
}

// Run checks a directory.
func (c *checkCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *checkCmd) run(s *session) error {
	if c.Hash {
		if err := migdir.Sign(c.Dir); err != nil {
			return err
		}
	}
	dir, err := c.read(s)
	if err != nil {
		return err
	}
	findings := runner.CheckNames(dir)
	where := ""
	if !c.NoProof && len(dir.Migrations) > 0 {
		var proved []runner.Finding
		if proved, where, err = c.prove(s, dir); err != nil {
			return err
		}
		findings = append(findings, proved...)
	}
	slices.SortStableFunc(findings, func(a, b runner.Finding) int { // the worst first
		switch {
		case a.Minor == b.Minor:
			return 0
		case a.Minor:
			return 1
		}
		return -1
	})
	r := checkReport(dir, findings, where)
	if err := s.write(r, c.Format); err != nil {
		return err
	}
	if r.Verdict.Status == report.Fail {
		return problem.New("", "%s: %s", dir.Path, r.Verdict.Text).Exit(problem.Failed)
	}
	return nil
}

func (c *checkCmd) prove(s *session, dir *migdir.Dir) (findings []runner.Finding, where string, err error) {
	said := s.working("running " + dir.Path + " in a scratch database")
	defer said.end()
	bench, err := proof.NewBench(s.ctx, nil, scratch.Options{Mode: c.Scratch, Log: said})
	if err != nil {
		return nil, "", err
	}
	defer bench.Close()
	findings, err = runner.Prove(s.ctx, bench, dir, func(format string, args ...any) { tell(said, "note: "+format, args...) })
	return findings, bench.Server.String(), err
}

func checkReport(dir *migdir.Dir, findings []runner.Finding, where string) *report.Report {
	r := &report.Report{Schema: "migrator.check", Version: 1, Title: "Check of Migrations", Head: head(nil, dir)}
	data := checkData{Directory: dir.Path, Files: string(dir.Format), Migrations: len(dir.Migrations), Proved: where != "", Findings: []checkFinding{}}
	wrong := 0
	for _, f := range findings {
		severity := report.Error
		if f.Minor {
			severity = report.Notice
		} else {
			wrong++
		}
		found := report.Finding{Rule: f.Rule, Severity: severity, Title: f.Text, At: placeOf(f)}
		for _, d := range f.Left {
			found.Evidence = append(found.Evidence, escaped(shownDifference(d).String()))
		}
		r.Findings = append(r.Findings, found)
		data.Findings = append(data.Findings, checkFinding{f.Rule, nameOf(f), f.Text, f.Minor, found.Evidence})
	}
	r.Data = data
	text := report.Plural(len(dir.Migrations), "migration", "migrations")
	if where != "" {
		text += ", run from nothing, back as far as they have ways back, and forward again on " + where
	}
	r.Verdict = report.Verdict{Status: report.Pass, Word: "GOOD", Text: text}
	if wrong > 0 {
		r.Verdict = report.Verdict{Status: report.Fail, Word: "WRONG", Text: fmt.Sprintf("%s in %s", report.Plural(wrong, "fault", "faults"), report.Plural(len(dir.Migrations), "migration", "migrations"))}
	}
	return r
}

func nameOf(f runner.Finding) string {
	if f.Migration == nil {
		return ""
	}
	return f.Migration.Name
}

// placeOf is where in a file a finding is.
func placeOf(f runner.Finding) report.Position {
	var p *problem.Problem
	switch {
	case errors.As(f.Err, &p) && p.File != "":
		return report.Position{File: p.File, Line: p.Line}
	case f.Migration != nil:
		return report.Position{File: f.Migration.Path}
	}
	return report.Position{}
}

// checkData is the check for programs.
type checkData struct {
	Directory  string         `json:"directory"`
	Files      string         `json:"files"`
	Migrations int            `json:"migrations"`
	Proved     bool           `json:"run_in_scratch"`
	Findings   []checkFinding `json:"faults"`
}

type checkFinding struct {
	Rule      string   `json:"rule"`
	Migration string   `json:"migration"`
	Text      string   `json:"text"`
	Minor     bool     `json:"minor"`
	Evidence  []string `json:"evidence,omitempty"`
}
