package cli

import (
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/runner"
	"github.com/seniorbackend/tools/shared/report"
)

type adoptCmd struct {
	directory
	where
	Baseline     string `env:"-" placeholder:"VERSION" help:"The schema is there up to this version: write that down, and ask no other history."`
	AllowMissing bool   `help:"Leave out versions whose files are not in the directory."`
	patience
	form
}

// Help is shown after the flags.
func (adoptCmd) Help() string {
	return `The history of golang-migrate, goose, flyway, liquibase, dbmate or Atlas in the
database is taken over; no file is run. Its table is kept in step by apply and
rollback from then on, so that the other runner can go on, too.

Examples:
  migrator adopt migrations --connection $DATABASE_URL
  migrator adopt migrations --connection $DATABASE_URL --baseline 20260110093000`
}

// Run takes a history over.
func (c *adoptCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *adoptCmd) run(s *session) error {
	dir, err := c.read(s)
	if err != nil {
		return err
	}
	return c.writing(s, "reading the history", c.patience, asTheyAre, func(u undertaking) error {
		adopted, err := runner.Adopt(s.ctx, u.open, dir, runner.Takeover{Baseline: c.Baseline, Missing: c.AllowMissing, Tool: s.info.Short()})
		if err != nil {
			return u.db.Explain(err)
		}
		status, err := runner.Read(s.ctx, u.open, dir)
		if err != nil {
			return u.db.Explain(err)
		}
		u.said.end()
		return s.write(adoptedReport(u.db, dir, status, adopted), c.Format)
	})
}

func adoptedReport(db *pgdb.DB, dir *migdir.Dir, status *runner.Status, adopted []runner.Adopted) *report.Report {
	r := &report.Report{Schema: "migrator.adopt", Version: 1, Title: "Takeover", Head: head(db, dir)}
	data := adoptData{Directory: dir.Path, Files: string(dir.Format), Adopted: []string{}, Pending: status.Count(runner.Row.Pending)}
	table := report.Table{Columns: []report.Column{{Title: "Migration"}, {Title: "Applied"}}}
	for _, a := range adopted {
		data.Adopted = append(data.Adopted, a.Migration.Name)
		table.Rows = append(table.Rows, report.Row(a.Migration.Name, entryWords(&history.Entry{Started: a.At})))
	}
	r.Data = data
	r.Verdict = report.Verdict{Status: report.Pass, Word: "ADOPTED", Text: fmt.Sprintf("%s taken over, %s pending", report.Plural(len(adopted), "migration", "migrations"), report.Count(data.Pending))}
	if len(adopted) == 0 {
		r.Verdict.Word = "NOTHING TO DO"
	} else {
		r.Sections = []report.Section{{Heading: "Taken Over", Note: report.Count(len(adopted)), Blocks: []report.Block{table}}}
	}
	return r
}

// adoptData is what was taken over, for programs.
type adoptData struct {
	Directory string   `json:"directory"`
	Files     string   `json:"files"`
	Adopted   []string `json:"adopted"`
	Pending   int      `json:"pending"`
}
