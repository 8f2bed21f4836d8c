package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/shared/problem"
)

// Range says which of the pending migrations, or of those that are applied.
type Range struct {
	To    string // a version or a name; "" is the end
	Steps int    // how many; 0 is no limit
}

// Up says how a directory is applied.
type Up struct {
	Range
	Late    bool // what is out of order is applied, too
	Missing bool // applied migrations whose files are missing do not matter
	Accept  bool // files that were changed are taken as they are
}

// Done is one migration that was run.
type Done struct {
	Row     Row
	Outcome *apply.Outcome
}

// Read reads what the database knows of a directory, in a session.
func Read(ctx context.Context, s *apply.Session, dir *migdir.Dir) (*Status, error) {
	foreign, err := history.FindForeign(ctx, s.Conn(), dir.Format)
	if err != nil {
		return nil, err
	}
	return Look(dir, s.Entries(), foreign), nil
}

// Pending are the places of the rows that are to be run, in order. What stands in
// the way is an error.
func (s *Status) Pending(up Up) ([]int, error) {
	if s.Unadopted() {
		n := len(s.Foreign.Done)
		return nil, problem.New(fmt.Sprintf("migrator adopt %s takes its history over", s.Dir.Path),
			"%s has applied migrations to this database (%s in %s), and migrator knows of none", s.Foreign.Runner, plural(n, "row"), s.Foreign.Table)
	}
	if err := s.refuse(up); err != nil {
		return nil, err
	}
	end := len(s.Rows)
	if up.To != "" {
		m, err := s.Dir.Wanted(up.To)
		if err != nil {
			return nil, err
		}
		end = slices.Index(s.Dir.Migrations, m) + 1
	}
	var pending []int
	for i, r := range s.Rows[:end] {
		if !r.Pending() || up.To != "" && r.Migration.Repeatable && r.Name != up.To {
			continue
		}
		if r.Migration.Wrong != nil {
			return nil, r.Migration.Wrong
		}
		pending = append(pending, i)
	}
	if up.Steps > 0 && len(pending) > up.Steps {
		pending = pending[:up.Steps]
	}
	return pending, nil
}

// refuse finds what must be settled before anything is run.
func (s *Status) refuse(up Up) error {
	for _, r := range s.Rows {
		switch {
		case r.State == history.HalfReverted:
			return problem.New("go on with migrator rollback, or say what is there with migrator resolve", "the rollback of %s was cut off after %d of %d statements", r.Name, r.Entry.Done, r.Entry.Statements)
		case r.Ahead:
			return problem.New("migrator adopt "+s.Dir.Path+" takes that over", "%s has applied %s since its history was taken over", s.Foreign.Runner, r.Name)
		case r.Behind:
			return problem.New("say so with migrator resolve "+r.Migration.Path+" --as rolled-back", "the history of %s does not have %s any more: it seems to have taken it back", s.Foreign.Runner, r.Name)
		case r.Missing() && r.State == history.HalfApplied:
			return problem.New("restore the file, or say what is there with migrator resolve", "%s was cut off after %d of %d statements, and its file is not in %s", r.Name, r.Entry.Done, r.Entry.Statements, s.Dir.Path)
		case r.Missing() && !up.Missing:
			return problem.New("restore the file, or give --allow-missing", "%s was applied on %s, and its file is not in %s", r.Name, day(r), s.Dir.Path)
		case r.Late && !up.Late:
			return problem.New("give it a later version, or apply it with --out-of-order", "%s is pending, though later ones are applied: %s", r.Name, s.laterThan(r))
		case r.Changed && !up.Accept && !r.Migration.Repeatable:
			return &apply.Changed{File: r.Migration.Up, Entry: r.Entry}
		}
	}
	return nil
}

func (s *Status) laterThan(late Row) string {
	var names []string
	after := false
	for _, r := range s.Rows {
		if after && r.State == history.Applied && r.Migration != nil && !r.Migration.Repeatable {
			names = append(names, r.Name)
		}
		after = after || r.Name == late.Name
	}
	if len(names) > 3 {
		names = append(names[:2], fmt.Sprintf("%d more", len(names)-2))
	}
	return strings.Join(names, ", ")
}

// Apply runs what is pending. On an error, done is what was run before it.
func Apply(ctx context.Context, s *apply.Session, dir *migdir.Dir, up Up) (done []Done, err error) {
	status, err := Read(ctx, s, dir)
	if err != nil {
		return nil, err
	}
	pending, err := status.Pending(up)
	if err != nil {
		return nil, err
	}
	if up.Accept {
		if err := accept(ctx, s, status); err != nil {
			return nil, err
		}
	}
	for _, at := range pending {
		r := &status.Rows[at]
		out, err := s.Run(ctx, apply.Job{File: r.Migration.Up, Version: r.Version, Beside: status.beside(at, false), Again: r.Migration.Repeatable})
		if err != nil {
			return done, err
		}
		r.State, r.Entry, r.Changed = history.Applied, out.Entry, false
		done = append(done, Done{*r, out})
	}
	return done, nil
}

// accept takes every changed file as it is.
func accept(ctx context.Context, s *apply.Session, status *Status) error {
	for _, r := range status.Rows {
		if r.Changed && !r.Migration.Repeatable {
			if err := s.Accept(ctx, r.Migration.Up, r.Entry); err != nil {
				return err
			}
			s.Say("%s was changed after it was applied; it is taken as it is now", r.Name)
		}
	}
	return nil
}

func day(r Row) string { return r.Entry.Started.UTC().Format("2006-01-02") }

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
