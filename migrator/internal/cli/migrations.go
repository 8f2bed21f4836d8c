package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/runner"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
	"github.com/seniorbackend/tools/shared/report"
)

// directory is a directory of migrations on the command line.
type directory struct {
	Dir string `arg:"" optional:"" default:"migrations" help:"The directory of migrations (default: migrations)."`
	reading
}

// read reads it, and says what was left out. A directory without migrations is
// another one than was meant.
func (d *directory) read(s *session) (*migdir.Dir, error) {
	dir, err := d.perhapsEmpty(s)
	if err == nil && len(dir.Migrations) == 0 {
		return nil, problem.New("check the path, and whose files they are (--files); migrator new begins a migration", "there is no migration in %s", d.Dir)
	}
	return dir, err
}

func (d *directory) perhapsEmpty(s *session) (*migdir.Dir, error) {
	ask, err := d.ask()
	if err != nil {
		return nil, err
	}
	dir, err := migdir.Read(d.Dir, migfile.Format(d.Files), ask)
	if err != nil {
		return nil, err
	}
	for _, n := range dir.Notes {
		tell(s.Err, "note: %s", n)
	}
	return dir, nil
}

// where is the database whose history counts.
type where struct {
	Connection string `required:"" env:"MIGRATOR_CONNECTION,DATABASE_URL" placeholder:"DSN" help:"The database."`
	History    string `placeholder:"NAME" help:"Which history, where several services share a database: files of the same name do not meet."`
}

// form is how a report is printed.
type form struct {
	Format string `short:"f" default:"text" enum:"text,json,markdown,html,junit,github" help:"Form of the report (${enum})."`
}

// patience is how long others are waited for.
type patience struct {
	LockWait    seconds `default:"60" placeholder:"TIME" help:"How long to wait for another migration to end (default: 60 s)."`
	LockTimeout seconds `default:"2" placeholder:"TIME" help:"How long a statement waits for a lock, where the file does not say (default: 2 s)."`
	Tries       int     `default:"10" help:"How often a lock is tried for (default: 10)."`
}

// endLimit is how long what is open may take to close after ^C.
const endLimit = 1500 * time.Millisecond

// connect opens the database for a run that a person may end.
func (w *where) connect(s *session) (*pgdb.DB, error) {
	return pgdb.ConnectWithin(s.ctx, w.Connection, endLimit)
}

// connected does something with the database.
func (w *where) connected(s *session, do func(db *pgdb.DB) error) error {
	db, err := w.connect(s)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}

// undertaking is a database whose history may be written, while a command does it.
type undertaking struct {
	db   *pgdb.DB
	open *apply.Session // has the lock of migrations
	said *progress
}

// writing opens the database for a command that writes its history, as options say,
// and says what is being done.
func (w *where) writing(s *session, what string, p patience, as func(*apply.Options), do func(undertaking) error) error {
	return w.connected(s, func(db *pgdb.DB) error {
		said := s.working(what)
		defer said.end()
		o := w.options(s, db, p, said)
		as(&o)
		open, err := apply.Open(s.ctx, db, o)
		if err != nil {
			return err
		}
		defer open.Close(s.ctx)
		return do(undertaking{db, open, said})
	})
}

// asTheyAre changes no option.
func asTheyAre(*apply.Options) {}

// maxHeard bounds the notices of a server that are shown.
const maxHeard = 50

// options are those of a run; what is said goes past the line of progress.
func (w *where) options(s *session, db *pgdb.DB, p patience, said *progress) apply.Options {
	heard := 0
	db.Hear(func(e *pgdb.Error) {
		switch heard++; {
		case heard <= maxHeard:
			tell(said, "%s: %s", strings.ToLower(e.Severity), redact.Text(shown(e.Message)))
		case heard == maxHeard+1:
			tell(said, "note: the server says more; that is not shown")
		}
	})
	return apply.Options{
		LockWait: time.Duration(p.LockWait), LockTimeout: time.Duration(p.LockTimeout), Tries: p.Tries, History: w.History, Tool: s.info.Short(), Keep: shown,
		Say:      func(format string, args ...any) { tell(said, format, args...) },
		Progress: said.about,
	}
}

// write prints a report.
func (s *session) write(r *report.Report, format string) error {
	r.Tool = s.info.Short()
	return s.publish(s.Out, format, rendered(r))
}

// head says what a report is about.
func head(db *pgdb.DB, dir *migdir.Dir) [][]report.Fact {
	about := []report.Fact{{Label: "Directory", Value: fmt.Sprintf("%s (%s, %s)", dir.Path, filesOf(dir.Format), report.Plural(len(dir.Migrations), "migration", "migrations"))}}
	if db == nil {
		return [][]report.Fact{about}
	}
	return [][]report.Fact{{{Label: "Database", Value: db.Target.String()}}, about}
}

func filesOf(f migfile.Format) string {
	if f == migfile.Single {
		return "own files"
	}
	return string(f)
}

// entryWords say what the history knows of a migration.
func entryWords(e *history.Entry) string {
	if e == nil {
		return ""
	}
	text := e.Started.UTC().Format("2006-01-02 15:04:05 MST")
	if e.Origin != history.Ran {
		text += ", " + string(e.Origin)
	}
	return text
}

// doneRows are the rows of what was run.
func doneTable(done []runner.Done) report.Table {
	t := report.Table{Columns: []report.Column{{Title: "Migration"}, {Title: "Statements", Right: true}, {Title: "Time", Right: true}}}
	for _, d := range done {
		statements := ""
		if d.Outcome.Entry != nil {
			statements = report.Count(d.Outcome.Entry.Statements)
		}
		t.Rows = append(t.Rows, report.Row(d.Row.Name, statements, report.Duration(d.Outcome.Took)))
	}
	return t
}

// runData is what was run, for programs.
type runData struct {
	Directory string    `json:"directory"`
	Files     string    `json:"files"`
	Done      []doneOne `json:"done"`
}

type doneOne struct {
	Name       string  `json:"name"`
	Version    string  `json:"version"`
	Statements int     `json:"statements"`
	Resumed    int     `json:"resumed_statements"`
	LockTries  int     `json:"lock_retries"`
	Seconds    float64 `json:"duration_seconds"`
}

func runDataOf(dir *migdir.Dir, done []runner.Done) runData {
	d := runData{Directory: dir.Path, Files: string(dir.Format), Done: []doneOne{}}
	for _, one := range done {
		o := doneOne{Name: one.Row.Name, Version: one.Row.Version, Resumed: one.Outcome.Resumed, LockTries: one.Outcome.Tries, Seconds: one.Outcome.Took.Seconds()}
		if one.Outcome.Entry != nil {
			o.Statements = one.Outcome.Entry.Statements
		}
		d.Done = append(d.Done, o)
	}
	return d
}
