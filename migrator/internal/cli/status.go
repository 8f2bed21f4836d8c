package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/runner"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type statusCmd struct {
	directory
	where
	ExitCode bool `help:"Exit with 1 when something is pending, changed, missing, out of order or half done."`
	form
}

// Help is shown after the flags.
func (statusCmd) Help() string {
	return `Examples:
  migrator status migrations --connection $DATABASE_URL
  migrator status migrations --connection $DATABASE_URL --exit-code --format json`
}

// Run says what is applied and what is not.
func (c *statusCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *statusCmd) run(s *session) error {
	dir, err := c.read(s)
	if err != nil {
		return err
	}
	return c.connected(s, func(db *pgdb.DB) error {
		status, err := runner.Ask(s.ctx, db, dir, c.History)
		if err != nil {
			return db.Explain(err)
		}
		r := statusReport(db, dir, status)
		if err := s.write(r, c.Format); err != nil {
			return err
		}
		if c.ExitCode && r.Verdict.Status != report.Pass {
			return problem.New("", "%s", r.Verdict.Text).Exit(problem.Failed)
		}
		return nil
	})
}

func statusReport(db *pgdb.DB, dir *migdir.Dir, status *runner.Status) *report.Report {
	r := &report.Report{Schema: "migrator.status", Version: 1, Title: "Status of Migrations", Head: head(db, dir)}
	data := statusData{Directory: dir.Path, Files: string(dir.Format), Migrations: []statusOne{}}
	table := report.Table{Columns: []report.Column{{Title: "Migration"}, {Title: "State"}, {Title: "When"}}}
	for _, row := range status.Rows {
		word := rowWord(row)
		when := ""
		if row.State != history.Absent {
			when = entryWords(row.Entry)
		}
		table.Rows = append(table.Rows, report.Row(row.Name, word, when))
		data.Migrations = append(data.Migrations, statusOneOf(row))
		if f := rowFinding(row, word); f != nil {
			r.Findings = append(r.Findings, *f)
		}
	}
	r.Data = data
	r.Sections = []report.Section{{Heading: "Migrations", Note: report.Count(len(status.Rows)), Blocks: []report.Block{table}}}
	r.Verdict = statusVerdict(status)
	return r
}

// rowWord is the state of a migration in a word or two.
func rowWord(r runner.Row) string {
	switch {
	case r.Missing():
		return r.State.String() + ", file missing"
	case r.Ahead:
		return "applied by the other runner"
	case r.Behind:
		return "taken back by the other runner"
	case r.Covered:
		return "covered by a later one"
	case r.Changed && r.Migration.Repeatable:
		return "pending (changed)"
	case r.Changed:
		return "applied, then changed"
	case r.State == history.HalfApplied:
		return fmt.Sprintf("half applied (%d of %d)", r.Entry.Done, r.Entry.Statements)
	case r.State == history.HalfReverted:
		return fmt.Sprintf("half rolled back (%d of %d)", r.Entry.Done, r.Entry.Statements)
	case r.Late:
		return "pending, out of order"
	case r.State == history.Absent:
		return "pending"
	}
	return "applied"
}

func rowFinding(r runner.Row, word string) *report.Finding {
	f := &report.Finding{Severity: report.Warning, Title: r.Name + " is " + word}
	if r.Migration != nil {
		f.At = report.Position{File: r.Migration.Path}
	}
	switch {
	case r.Missing():
		f.Rule, f.Title = "missing", r.Name+" was applied, and its file is not there"
	case r.Changed && !r.Migration.Repeatable:
		f.Rule = "changed"
	case r.Ahead, r.Behind:
		f.Rule = "other-runner"
	case r.Late:
		f.Rule = "out-of-order"
	case r.State == history.HalfApplied || r.State == history.HalfReverted:
		f.Rule = "half-done"
	case r.Migration.Wrong != nil && r.Pending():
		f.Rule, f.Title = "unreadable", message(r.Migration.Wrong)
	default:
		return nil
	}
	return f
}

func statusVerdict(s *runner.Status) report.Verdict {
	if s.Unadopted() {
		return report.Verdict{Status: report.Warn, Word: "NOT TAKEN OVER", Text: fmt.Sprintf("%s has applied migrations here; migrator adopt %s takes its history over", s.Foreign.Runner, s.Dir.Path)}
	}
	var parts []string
	for _, p := range []struct {
		word  string
		holds func(runner.Row) bool
	}{
		{"pending", runner.Row.Pending},
		{"changed", func(r runner.Row) bool { return r.Changed && !r.Migration.Repeatable }},
		{"missing", runner.Row.Missing},
		{"changed by the other runner", func(r runner.Row) bool { return r.Ahead || r.Behind }},
		{"out of order", func(r runner.Row) bool { return r.Late }},
		{"half done", func(r runner.Row) bool { return r.State == history.HalfApplied || r.State == history.HalfReverted }},
	} {
		if n := s.Count(p.holds); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", report.Count(n), p.word))
		}
	}
	applied := s.Count(func(r runner.Row) bool { return r.State == history.Applied })
	if len(parts) == 0 {
		return report.Verdict{Status: report.Pass, Word: "UP TO DATE", Text: report.Count(applied) + " applied"}
	}
	return report.Verdict{Status: report.Warn, Word: "NOT UP TO DATE", Text: report.Count(applied) + " applied, " + strings.Join(parts, ", ")}
}

// statusData is the status for programs.
type statusData struct {
	Directory  string      `json:"directory"`
	Files      string      `json:"files"`
	Migrations []statusOne `json:"migrations"`
}

type statusOne struct {
	Name       string  `json:"name"`
	Version    string  `json:"version"`
	State      string  `json:"state"` // applied, pending, covered, half-applied, half-rolled-back
	Changed    bool    `json:"changed"`
	Missing    bool    `json:"missing"`
	OutOfOrder bool    `json:"out_of_order"`
	Ahead      bool    `json:"applied_by_other_runner"`
	Behind     bool    `json:"taken_back_by_other_runner"`
	Repeatable bool    `json:"repeatable"`
	Origin     string  `json:"origin,omitempty"`
	Done       int     `json:"done_statements,omitempty"`
	Started    *string `json:"started"`
}

func statusOneOf(r runner.Row) statusOne {
	d := statusOne{Name: r.Name, Version: r.Version, Changed: r.Changed, Missing: r.Missing(), OutOfOrder: r.Late, Ahead: r.Ahead, Behind: r.Behind}
	d.State = map[history.State]string{history.Absent: "pending", history.Applied: "applied", history.HalfApplied: "half-applied", history.HalfReverted: "half-rolled-back"}[r.State]
	if r.Covered {
		d.State = "covered"
	}
	if r.Migration != nil {
		d.Repeatable = r.Migration.Repeatable
	}
	if r.Entry != nil && r.State != history.Absent {
		at := r.Entry.Started.UTC().Format(time.RFC3339)
		d.Started, d.Origin, d.Done = &at, string(r.Entry.Origin), r.Entry.Done
	}
	return d
}
