package cli

import (
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/runner"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type resolveCmd struct {
	File      string `arg:"" help:"The migration file; of a changeset of Liquibase FILE::author:id."`
	Directory string `placeholder:"DIR" env:"-" help:"The directory of migrations, where the file lies in a folder below it (default: the folder of the file)."`
	where
	As   string `required:"" env:"-" placeholder:"STATE" enum:"applied,absent,rolled-back" help:"What is true of it: applied, absent (nothing of it is there), rolled-back."`
	Done int    `env:"-" placeholder:"N" help:"With --as applied: only its first N statements are there; apply goes on behind them."`
	reading
	patience
	form
}

// Help is shown after the flags.
func (resolveCmd) Help() string {
	return `The way out for a file that cannot go on: after you have put the database right by
hand, say what is there. Nothing of the file is run.

  applied      all of it is there: it counts as applied
  absent       nothing of it is there: it is pending again
  rolled-back  it was there, and you took it back: it is pending again

Examples:
  migrator resolve migrations/7_index.sql --as absent --connection $DATABASE_URL
  migrator resolve migrations/7_index.sql --as applied --done 2 --connection $DATABASE_URL`
}

// Run writes down what is true.
func (c *resolveCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *resolveCmd) run(s *session) error {
	if c.Done < 0 || c.Done > 0 && c.As != string(runner.AsApplied) {
		return problem.New("write --as applied --done N", "--done %d goes with --as applied", c.Done)
	}
	f, err := c.file(s)
	if err != nil {
		return err
	}
	return c.writing(s, "writing the history", c.patience, asTheyAre, func(u undertaking) error {
		if err := runner.Resolve(s.ctx, u.open, f, runner.As(c.As), c.Done, s.info.Short()); err != nil {
			return u.db.Explain(err)
		}
		u.said.end()
		return s.write(c.report(u.db, f), c.Format)
	})
}

func (c *resolveCmd) report(db *pgdb.DB, f *migfile.File) *report.Report {
	r := &report.Report{Schema: "migrator.resolve", Version: 1, Title: "Resolved", Head: [][]report.Fact{{{Label: "Database", Value: db.Target.String()}}, {{Label: "File", Value: f.Path}}},
		Data: resolveData{f.Name, c.As, c.Done}}
	text := map[runner.As]string{
		runner.AsApplied: "the history says that all of it is applied", runner.AsAbsent: "the history says that nothing of it is there: it is pending",
		runner.AsRolledBack: "the history says that it was taken back: it is pending",
	}[runner.As(c.As)]
	if c.Done > 0 {
		text = "the history says that its first " + report.Plural(c.Done, "statement is", "statements are") + " applied: apply goes on behind"
	}
	r.Verdict = report.Verdict{Status: report.Pass, Word: "RESOLVED", Text: text}
	return r
}

// file is the migration as its directory calls it.
func (c *resolveCmd) file(s *session) (*migfile.File, error) {
	if !strings.Contains(c.File, "::") && c.Directory == "" {
		f, err := c.one(s, c.File)
		if err != nil || c.Files == string(migdir.Auto) && f.Undoes == "" {
			return f, err
		}
	}
	root := c.Directory
	if root == "" {
		root = filepath.Dir(c.File)
	}
	ask, err := c.ask()
	if err != nil {
		return nil, err
	}
	dir, err := migdir.Read(root, migfile.Format(c.Files), ask)
	if err != nil {
		return nil, err
	}
	name, err := filepath.Rel(root, c.File)
	if err != nil {
		return nil, problem.Wrap(err, "give a file below the directory", "%s does not lie in %s", c.File, root)
	}
	m, err := dir.Wanted(filepath.ToSlash(name))
	if err != nil {
		return nil, err
	}
	return m.Up, m.Wrong
}

// resolveData is what was said, for programs.
type resolveData struct {
	Name string `json:"name"`
	As   string `json:"as"`
	Done int    `json:"done_statements,omitempty"`
}
