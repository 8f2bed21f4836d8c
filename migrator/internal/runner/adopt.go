package runner

import (
	"context"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
)

// Takeover says how a database is taken over.
type Takeover struct {
	Baseline string // everything up to this version is there; "" asks the other runner's history
	Missing  bool   // versions whose files are missing do not matter
	Tool     string
}

// Adopted is one migration that was taken over.
type Adopted struct {
	Migration *migdir.Migration
	At        time.Time
}

// Adopt writes into the history what another runner, or somebody, has done. It
// runs nothing of the files.
func Adopt(ctx context.Context, s *apply.Session, dir *migdir.Dir, t Takeover) (adopted []Adopted, err error) {
	status, err := Read(ctx, s, dir)
	if err != nil {
		return nil, err
	}
	origin := history.Baseline
	if t.Baseline != "" {
		adopted, err = status.baseline(t.Baseline)
	} else {
		origin = history.Adopted + history.Origin(dir.Format)
		adopted, err = status.adoptable(t)
	}
	if err != nil {
		return nil, err
	}
	return adopted, s.Record(ctx, func() error {
		for _, a := range adopted {
			if err := add(ctx, s, a, origin, t.Tool); err != nil {
				return err
			}
		}
		return nil
	})
}

func add(ctx context.Context, s *apply.Session, a Adopted, origin history.Origin, tool string) error {
	row := history.Row{Name: a.Migration.Name, Version: a.Migration.Version, Origin: origin, Started: a.At, At: &a.At, Finished: true, Tool: tool}
	if f := a.Migration.Up; f != nil {
		row.SHA256, row.Statements, row.Done, row.DoneSHA256 = f.SHA256, f.Statements(), f.Statements(), f.Prefix(f.Statements())
		row.Content = s.Kept(f)
	}
	return s.History.Add(ctx, row)
}

// baseline are all migrations up to a version.
func (s *Status) baseline(upto string) ([]Adopted, error) {
	m, err := s.Dir.Wanted(upto)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	var all []Adopted
	for _, r := range s.Rows[:slices.Index(s.Dir.Migrations, m)+1] {
		switch {
		case r.State == history.Applied:
			continue
		case r.State != history.Absent:
			return nil, problem.New("say what is there with migrator resolve", "%s is %s", r.Name, r.State)
		case !r.Covered:
			all = append(all, Adopted{r.Migration, now})
		}
	}
	return all, nil
}

// adoptable are the migrations that the other runner's history names.
func (s *Status) adoptable(t Takeover) ([]Adopted, error) {
	f := s.Foreign
	if s.Dir.Format == migfile.Single {
		return nil, problem.New("say up to which version the schema is there: --baseline VERSION", "%s has migrator's own files: there is no other history to take over", s.Dir.Path)
	}
	if f == nil {
		return nil, problem.New("say with --files whose they are, or up to which version the schema is there: --baseline VERSION",
			"the database has no history of %s", s.Dir.Format)
	}
	var all []Adopted
	for _, v := range f.Done {
		if v.Failed {
			return nil, failed(f, v)
		}
		found := s.named(v)
		if !s.has(v, found) && !v.Baseline && !t.Missing && !s.passed(v) {
			return nil, problem.New("restore the file, or give --allow-missing", "%s has applied version %s, and its file is not in %s", f.Runner, word(v), s.Dir.Path)
		}
		for _, i := range found {
			r := s.Rows[i]
			if r.State == history.Applied || slices.ContainsFunc(all, func(a Adopted) bool { return a.Migration == r.Migration }) {
				continue
			}
			if changed(v, r.Migration) {
				return nil, problem.New("restore the file; or run it where it has changed, and give Flyway's repair", "%s was changed after Flyway applied it", r.Migration.Path)
			}
			at := v.At
			if at.IsZero() {
				at = time.Now()
			}
			all = append(all, Adopted{r.Migration, at})
		}
	}
	return all, nil
}

// has says that the very version is among the migrations that were found for it.
func (s *Status) has(v history.Version, found []int) bool {
	return slices.ContainsFunc(found, func(i int) bool { return !s.Foreign.Upto || s.Dir.Compare(s.Dir.Migrations[i].Version, v.Version) == 0 })
}

func failed(f *history.Foreign, v history.Version) error {
	hint := "put right what is there, and let its own runner say so first"
	if f.Runner == migfile.GolangMigrate {
		hint = "look at what is there, put it right, and say so with migrate force VERSION"
	}
	return problem.New(hint, "%s has left version %s half done (%s)", f.Runner, word(v), f.Table)
}

func word(v history.Version) string {
	if v.Version == "" {
		return v.Script
	}
	return v.Version
}

// named are the places of the migrations that a row of the other history is about.
func (s *Status) named(v history.Version) []int {
	var all []int
	for i, m := range s.Dir.Migrations {
		same := false
		switch {
		case s.Foreign.Runner == migfile.Liquibase:
			file, id, _ := strings.Cut(v.Script, "::")
			same = sameChangeset(file, id, m.Name)
		case v.Version == "":
			same = m.Repeatable && filepath.Base(v.Script) == path.Base(m.Name)
		case m.Repeatable:
		default:
			n := s.Dir.Compare(m.Version, v.Version)
			same = n == 0 || n < 0 && (s.Foreign.Upto || v.Baseline)
		}
		if same {
			all = append(all, i)
		}
	}
	return all
}

// sameChangeset says that a changeset of Liquibase's history is one of ours: it knows
// files by other paths.
func sameChangeset(file, id, name string) bool {
	ours, of, _ := strings.Cut(name, "::")
	return path.Base(file) == path.Base(ours) && id == of
}

// passed says that a version is a changeset that is not asked for here.
func (s *Status) passed(v history.Version) bool {
	file, id, _ := strings.Cut(v.Script, "::")
	return slices.ContainsFunc(s.Dir.Passed, func(name string) bool { return sameChangeset(file, id, name) })
}

// changed says that Flyway has applied another text. A repeatable one is run again
// then.
func changed(v history.Version, m *migdir.Migration) bool {
	return v.Checksum != nil && m.Up != nil && !m.Repeatable && !v.Baseline && *v.Checksum != migdir.FlywayChecksum(m.Up.Raw)
}

func contextEnded(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
