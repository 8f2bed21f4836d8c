package cli

import (
	"context"
	"errors"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/runner"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type rollbackCmd struct {
	directory
	where
	Steps     int    `env:"-" placeholder:"N" help:"How many migrations to take back (default: 1, or all with --to)."`
	To        string `env:"-" placeholder:"VERSION" help:"Take back everything after this version; 0 takes back all."`
	AnySchema bool   `help:"Run a way back also where the schema is not what it was planned for."`
	Scratch   string `default:"auto" placeholder:"WHERE" help:"Where it is tried what of a half-applied file must be taken back: auto, local, server, embedded, or a connection string (default: auto)."`
	patience
	form
}

// Help is shown after the flags.
func (rollbackCmd) Help() string {
	return `Examples:
  migrator rollback migrations --connection $DATABASE_URL
  migrator rollback migrations --connection $DATABASE_URL --to 20260110093000`
}

// Run takes back migrations.
func (c *rollbackCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *rollbackCmd) run(s *session) error {
	if c.Steps < 0 {
		return problem.New("give --steps 1 or more", "--steps %d takes nothing back", c.Steps)
	}
	dir, err := c.read(s)
	if err != nil {
		return err
	}
	r := runner.Range{To: c.To, Steps: c.Steps}
	if r.To == "" && r.Steps == 0 {
		r.Steps = 1
	}
	return c.writing(s, "taking back "+dir.Path, c.patience, func(o *apply.Options) { o.AnySchema = c.AnySchema }, func(u undertaking) error {
		done, err := runner.Rollback(s.ctx, u.open, dir, r, func(ctx context.Context, m *migdir.Migration, e *history.Entry) (*apply.Outcome, error) {
			return takeBack(ctx, s, u, c.Scratch, m.Up, m.Down, e)
		})
		u.said.end()
		if err := s.changed(u.open, err); err != nil && len(done) == 0 {
			return err
		}
		return errors.Join(s.write(rolledBackReport(u.db, dir, done, err), c.Format), err)
	})
}

// takeBack takes back of a migration what of it was applied. What that is, is tried
// in scratch.
func takeBack(ctx context.Context, s *session, u undertaking, where string, up, back *migfile.File, e *history.Entry) (*apply.Outcome, error) {
	if up.Prefix(e.Done) != e.DoneSHA256 {
		return nil, problem.New("restore them", "%s was cut off after %d statements, and these were changed since", e.Name, e.Done)
	}
	tell(u.said, "only %d of %d statements of %s were applied; trying in scratch what takes back just these", e.Done, e.Statements, e.Name)
	if err := u.open.Clear(ctx, up, e.Done); err != nil {
		return nil, err
	}
	live, err := catalog.Read(ctx, u.db.DB, catalog.Options{})
	if err != nil {
		return nil, err
	}
	proof.WithoutRunners(live)
	home, err := proof.Ask(ctx, u.db)
	if err != nil {
		return nil, err
	}
	bench, err := proof.NewBench(ctx, home, scratch.Options{Mode: where, Log: u.said})
	if err != nil {
		return nil, err
	}
	defer bench.Close()
	passed, err := runner.Passed(ctx, bench, live, up, back, e.Done)
	if err != nil {
		return nil, err
	}
	if len(passed) > 0 {
		tell(u.said, "%s of %s: what they take back was never applied", report.Plural(len(passed), "statement is passed over", "statements are passed over"), back.Path)
	}
	return u.open.Run(ctx, apply.Job{File: back, Version: e.Version, Partly: true, Skipped: passed})
}

func rolledBackReport(db *pgdb.DB, dir *migdir.Dir, done []runner.Done, err error) *report.Report {
	r := &report.Report{Schema: "migrator.rollback", Version: 1, Title: "Rollback", Head: head(db, dir), Data: runDataOf(dir, done)}
	text := report.Plural(len(done), "migration", "migrations") + " taken back"
	switch {
	case err != nil:
		r.Verdict = report.Verdict{Status: report.Fail, Word: "STOPPED", Text: text + ", then: " + err.Error()}
	case len(done) == 0:
		r.Verdict = report.Verdict{Status: report.Pass, Word: "NOTHING TO DO", Text: "nothing is applied"}
	default:
		r.Verdict = report.Verdict{Status: report.Pass, Word: "ROLLED BACK", Text: text}
	}
	if len(done) > 0 {
		r.Sections = []report.Section{{Heading: "Taken Back", Note: report.Count(len(done)), Blocks: []report.Block{doneTable(done)}}}
	}
	return r
}
