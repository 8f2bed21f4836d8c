package cli

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/runner"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// directory applies what is pending of a directory.
func (c *applyCmd) directory(s *session) error {
	dir, err := (&directory{Dir: c.File, reading: c.reading}).read(s)
	if err != nil {
		return err
	}
	if c.DryRun != "" {
		return c.connected(s, func(db *pgdb.DB) error { return c.tryDirectory(s, db, dir) })
	}
	return c.writing(s, "applying "+dir.Path, c.patience, c.as, func(u undertaking) error {
		// The run waits for one answer after the other: a second thread that is woken for
		// each of them costs more than it does.
		threads := runtime.GOMAXPROCS(1)
		done, err := runner.Apply(s.ctx, u.open, dir, c.up())
		runtime.GOMAXPROCS(threads)
		u.said.end()
		if err := s.changed(u.open, err); err != nil && len(done) == 0 {
			return err
		}
		return errors.Join(s.write(appliedReport(u.db, dir, done, err), c.Format), err)
	})
}

// as are the options of a directory: its changed files are accepted before.
func (c *applyCmd) as(o *apply.Options) { o.AnySchema = c.AnySchema }

func (c *applyCmd) up() runner.Up {
	return runner.Up{Range: runner.Range{To: c.To, Steps: c.Steps}, Late: c.OutOfOrder, Missing: c.AllowMissing, Accept: c.AcceptChanged}
}

// tryDirectory tries what is pending, all of it.
func (c *applyCmd) tryDirectory(s *session, db *pgdb.DB, dir *migdir.Dir) error {
	said := s.working("trying " + dir.Path)
	defer said.end()
	o := c.options(s, db, c.patience, said)
	c.as(&o)
	status, err := runner.Ask(s.ctx, db, dir, c.History)
	if err != nil {
		return db.Explain(err)
	}
	pending, err := status.Pending(c.up())
	if err != nil {
		return err
	}
	var files []*migfile.File
	for _, at := range pending {
		r := status.Rows[at]
		f := r.Migration.Up
		if r.State == history.HalfApplied {
			f = f.From(r.Entry.Done)
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return s.write(appliedReport(db, dir, nil, nil), c.Format)
	}
	r, failed, err := c.dryRun(s, db, files, o)
	if err != nil {
		return db.Explain(err)
	}
	r.Head = head(db, dir)
	return errors.Join(s.write(r, c.Format), failed)
}

func appliedReport(db *pgdb.DB, dir *migdir.Dir, done []runner.Done, err error) *report.Report {
	r := &report.Report{Schema: "migrator.apply-directory", Version: 1, Title: "Migrations", Head: head(db, dir), Data: runDataOf(dir, done)}
	text := report.Plural(len(done), "migration", "migrations") + " applied"
	switch {
	case err != nil:
		r.Verdict = report.Verdict{Status: report.Fail, Word: "STOPPED", Text: text + ", then: " + err.Error()}
	case len(done) == 0:
		r.Verdict = report.Verdict{Status: report.Pass, Word: "NOTHING TO DO", Text: "nothing is pending"}
	default:
		r.Verdict = report.Verdict{Status: report.Pass, Word: "APPLIED", Text: text}
	}
	if len(done) > 0 {
		r.Sections = []report.Section{{Heading: "Applied", Note: report.Count(len(done)), Blocks: []report.Block{doneTable(done)}}}
	}
	return r
}

// changed shows what was changed in a file after it was applied, and says it as an
// error.
func (s *session) changed(open *apply.Session, err error) error {
	var c *apply.Changed
	if !errors.As(err, &c) {
		return err
	}
	before, readErr := open.History.Content(s.ctx, c.Entry.ID)
	if readErr != nil {
		return readErr
	}
	hint := "restore the file and write the change as a new migration; --accept-changed takes it as it is"
	if before == "" {
		hint += " (the text that was applied was not kept)"
	} else if shown := difference(before, shown(c.File.Source), c.File.Path); shown != "" {
		fmt.Fprint(s.Err, shown)
	}
	return problem.Wrap(err, hint, "%s", c.Error())
}
