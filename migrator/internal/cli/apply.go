package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type applyCmd struct {
	File string `arg:"" help:"The migration file (or - for standard input), or a directory of them."`
	where
	To            string `env:"-" placeholder:"VERSION" help:"Of a directory: apply up to this version."`
	Steps         int    `env:"-" placeholder:"N" help:"Of a directory: apply so many migrations (default: all)."`
	OutOfOrder    bool   `help:"Of a directory: apply what is pending before migrations that are applied, too."`
	AllowMissing  bool   `help:"Of a directory: go on where files of applied migrations are missing."`
	AcceptChanged bool   `help:"Take a file that was changed after it was applied as it is now."`
	AnySchema     bool   `help:"Apply a file also where the schema is not what it was planned for."`
	reading
	DryRun  dryRunMode `help:"Try it and report locks, rewrites, rows and times: in a transaction that is rolled back, or, where the file holds what PostgreSQL refuses there, on a scratch copy of the schema. --dry-run=scratch takes the copy always."`
	Scratch string     `default:"auto" placeholder:"WHERE" help:"Where the scratch copy is: auto, local, server, embedded, or a connection string (default: auto)."`
	patience
	form
}

// Help is shown after the flags.
func (applyCmd) Help() string {
	return `Examples:
  migrator apply migrations --connection $DATABASE_URL
  migrator apply migrations --connection $DATABASE_URL --to 20260110093000
  migrator apply migrations/20260110093000_add_user_indexes.sql --connection $DATABASE_URL --dry-run
  migrator apply migrations/20260110093000_add_user_indexes.sql --connection $DATABASE_URL`
}

// Run applies a file or a directory, or tries it.
func (c *applyCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *applyCmd) run(s *session) error {
	if c.Tries < 1 {
		return problem.New("give --tries 1 or more", "--tries %d: a lock must be tried for at least once", c.Tries)
	}
	if c.Steps < 0 {
		return problem.New("give --steps 1 or more", "--steps %d applies nothing", c.Steps)
	}
	if info, err := os.Stat(c.File); err == nil && info.IsDir() {
		return c.directory(s)
	}
	if c.To != "" || c.Steps > 0 || c.OutOfOrder || c.AllowMissing {
		return problem.New("give the directory that the file lies in", "--to, --steps, --out-of-order and --allow-missing are for a directory")
	}
	f, err := c.one(s, c.File)
	if err != nil {
		return err
	}
	as := func(o *apply.Options) { o.Accept, o.AnySchema = c.AcceptChanged, c.AnySchema }
	if c.DryRun != "" {
		return c.connected(s, func(db *pgdb.DB) error { return c.tryFile(s, db, f, as) })
	}
	return c.writing(s, "applying "+f.Path, c.patience, as, func(u undertaking) error {
		r, err := c.applied(s, u, f)
		u.said.end()
		if err != nil {
			return err
		}
		return c.writeFor(s, r, u.db, f)
	})
}

// tryFile tries one file.
func (c *applyCmd) tryFile(s *session, db *pgdb.DB, f *migfile.File, as func(*apply.Options)) error {
	said := s.working("trying " + f.Path)
	defer said.end()
	o := c.options(s, db, c.patience, said)
	as(&o)
	r, failed, err := c.dryRun(s, db, []*migfile.File{f}, o)
	said.end()
	if err != nil {
		return err
	}
	return errors.Join(c.writeFor(s, r, db, f), failed)
}

func (c *applyCmd) writeFor(s *session, r *report.Report, db *pgdb.DB, f *migfile.File) error {
	r.Head = [][]report.Fact{{{Label: "Database", Value: db.Target.String()}}, {{Label: "File", Value: f.Path}}}
	return s.write(r, c.Format)
}

// once runs the file. A rollback of a file of which only a part was applied takes
// back that part.
func (c *applyCmd) once(s *session, u undertaking, f *migfile.File) (*apply.Outcome, error) {
	out, err := u.open.Run(s.ctx, apply.Job{File: f})
	var half *apply.HalfDone
	if !errors.As(err, &half) {
		return out, s.changed(u.open, err)
	}
	up, err := c.one(s, filepath.Join(filepath.Dir(f.Path), f.Undoes))
	if err != nil {
		return nil, err
	}
	return takeBack(s.ctx, s, u, c.Scratch, up, f, half.Entry)
}

// applied runs the file.
func (c *applyCmd) applied(s *session, u undertaking, f *migfile.File) (*report.Report, error) {
	out, err := c.once(s, u, f)
	if err != nil {
		return nil, err
	}
	r := &report.Report{Schema: "migrator.apply", Version: 1, Title: "Migration", Data: applyDataOf(out)}
	if out.Already {
		what := "applied"
		if out.Entry.Undoes != "" {
			what = "rolled back"
		}
		text := fmt.Sprintf("it was %s on %s by %s", what, out.Entry.Started.UTC().Format("2006-01-02 15:04:05 MST"), out.Entry.By)
		if out.Entry.Origin != history.Ran {
			text += " (" + string(out.Entry.Origin) + ")"
		}
		r.Verdict = report.Verdict{Status: report.Pass, Word: "NOTHING TO DO", Text: text}
		if out.Accepted {
			r.Verdict.Word = "ACCEPTED"
		}
		return r, nil
	}
	text := fmt.Sprintf("%s in %s", report.Plural(f.Commands(), "statement", "statements"), report.Duration(out.Took))
	if out.Resumed > 0 {
		text += fmt.Sprintf(", %s of them by an earlier run", report.Count(out.Resumed))
	}
	if out.Tries > 0 {
		text += fmt.Sprintf(", after waiting for locks %s", report.Plural(out.Tries, "time", "times"))
	}
	r.Verdict = report.Verdict{Status: report.Pass, Word: "APPLIED", Text: text}
	return r, nil
}

// applyData is the outcome for programs.
type applyData struct {
	Name       string  `json:"name"`
	SHA256     string  `json:"sha256"`
	Already    bool    `json:"already_applied"`
	Statements int     `json:"statements"`
	Resumed    int     `json:"resumed_statements"`
	LockTries  int     `json:"lock_retries"`
	Seconds    float64 `json:"duration_seconds"`
	Started    string  `json:"started"`
}

func applyDataOf(o *apply.Outcome) applyData {
	d := applyData{Already: o.Already, Resumed: o.Resumed, LockTries: o.Tries, Seconds: o.Took.Seconds()}
	if e := o.Entry; e != nil {
		d.Name, d.SHA256, d.Statements, d.Started = e.Name, e.SHA256, e.Statements, e.Started.UTC().Format(time.RFC3339)
	}
	return d
}
