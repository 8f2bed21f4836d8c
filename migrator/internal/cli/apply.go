package cli

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
	"github.com/seniorbackend/tools/shared/terminal"
)

type applyCmd struct {
	File        string     `arg:"" help:"The migration file (or - for standard input)."`
	Connection  string     `required:"" env:"MIGRATOR_CONNECTION,DATABASE_URL" placeholder:"DSN" help:"The database."`
	DryRun      dryRunMode `help:"Try it and report locks, rewrites, rows and times: in a transaction that is rolled back, or, where the file holds what PostgreSQL refuses there, on a scratch copy of the schema. --dry-run=scratch takes the copy always."`
	Scratch     string     `default:"auto" placeholder:"WHERE" help:"Where the scratch copy is: auto, local, server, embedded, or a connection string (default: auto)."`
	LockWait    seconds    `default:"60" placeholder:"TIME" help:"How long to wait for another migration to end (default: 60 s)."`
	LockTimeout seconds    `default:"2" placeholder:"TIME" help:"How long a statement waits for a lock, where the file does not say (default: 2 s)."`
	Tries       int        `default:"10" help:"How often a lock is tried for (default: 10)."`
	Format      string     `default:"text" enum:"text,json,markdown,html,junit,github" help:"Form of the report (${enum})."`
}

// Help is shown after the flags.
func (applyCmd) Help() string {
	return `Examples:
  migrator apply migrations/20260110093000_add_user_indexes.sql --connection $DATABASE_URL --dry-run
  migrator apply migrations/20260110093000_add_user_indexes.sql --connection $DATABASE_URL`
}

// Run applies a file, or tries it.
func (c *applyCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *applyCmd) run(s *session) error {
	if c.Tries < 1 {
		return problem.New("give --tries 1 or more", "--tries %d: a lock must be tried for at least once", c.Tries)
	}
	f, err := migfile.Read(c.File, s.In)
	if err != nil {
		return err
	}
	db, err := pgdb.Connect(s.ctx, c.Connection)
	if err != nil {
		return err
	}
	defer db.Close()
	o := apply.Options{
		LockWait: time.Duration(c.LockWait), LockTimeout: time.Duration(c.LockTimeout), Tries: c.Tries, Tool: s.info.Short(),
		Say: func(format string, args ...any) { tell(s.Err, format, args...) },
	}
	var r *report.Report
	var failed error
	if c.DryRun != "" {
		r, failed, err = c.dryRun(s, db, f, o)
	} else {
		r, err = applied(s, db, f, o)
	}
	if err != nil {
		return err
	}
	r.Tool = s.info.Short()
	r.Head = [][]report.Fact{{{Label: "Database", Value: db.Target.String()}}, {{Label: "File", Value: f.Path}}}
	if err := report.Write(s.Out, r, report.Format(c.Format), report.Options{Width: terminal.Width(s.Out), Color: s.Color(s.Out, s.noColor)}); err != nil {
		return err
	}
	return failed
}

// applied runs the file.
func applied(s *session, db *pgdb.DB, f *migfile.File, o apply.Options) (*report.Report, error) {
	out, err := apply.Apply(s.ctx, db, f, o)
	if err != nil {
		return nil, err
	}
	r := &report.Report{Schema: "migrator.apply", Version: 1, Title: "Migration", Data: applyDataOf(out)}
	if out.Already {
		what := "applied"
		if out.Entry.Name != apply.NameOf(f) || out.Entry.Undoes != "" {
			what = "rolled back"
		}
		r.Verdict = report.Verdict{Status: report.Pass, Word: "NOTHING TO DO", Text: fmt.Sprintf("it was %s on %s by %s",
			what, out.Entry.Started.UTC().Format("2006-01-02 15:04:05 MST"), out.Entry.By)}
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
