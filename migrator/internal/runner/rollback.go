package runner

import (
	"context"
	"errors"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/shared/problem"
)

// Reverting are the places of the rows that a rollback takes back, the newest
// first. What stands in the way is an error, before anything is taken back.
func (s *Status) Reverting(r Range) ([]int, error) {
	from := 0
	if r.To != "" && r.To != "0" {
		m, err := s.Dir.Wanted(r.To)
		if err != nil {
			return nil, err
		}
		from = slices.Index(s.Dir.Migrations, m) + 1
	}
	var places []int
	for i := len(s.Rows) - 1; i >= from; i-- {
		row := s.Rows[i]
		if row.State == history.Absent || row.Missing() || row.Migration.Repeatable {
			continue
		}
		places = append(places, i)
	}
	if r.Steps > 0 && len(places) > r.Steps {
		places = places[:r.Steps]
	}
	for _, i := range places {
		if err := s.revertible(s.Rows[i]); err != nil {
			return nil, err
		}
	}
	return places, s.skipsMissing(r, places)
}

// skipsMissing refuses a rollback that would pass over a migration whose file is
// missing: it was applied after one that is taken back.
func (s *Status) skipsMissing(r Range, places []int) error {
	bound := ""
	switch {
	case r.To != "" && r.To != "0":
		bound = s.Dir.Find(r.To).Version
	case len(places) > 0 && r.Steps > 0:
		bound = s.Rows[places[len(places)-1]].Version
	}
	for _, row := range s.Rows {
		if row.Missing() && (bound == "" || s.Dir.Compare(row.Version, bound) > 0) {
			return problem.New("restore it, with its way back", "%s was applied on %s, and its file is not in %s", row.Name, day(row), s.Dir.Path)
		}
	}
	return nil
}

func (s *Status) revertible(r Row) error {
	switch {
	case r.Behind:
		return problem.New("say so with migrator resolve "+r.Migration.Path+" --as rolled-back", "the history of %s does not have %s any more: it seems to have taken it back", s.Foreign.Runner, r.Name)
	case r.Migration.WrongBack != nil:
		return r.Migration.WrongBack
	case r.Migration.Down == nil:
		return problem.New("write a migration that takes it back, and apply that", "%s has no way back", r.Name)
	case r.Entry.Origin == history.Baseline:
		return problem.New("give --to a later version", "%s belongs to the baseline: it was there before the history", r.Name)
	}
	return nil
}

// Partly takes back a migration of which only the first statements were applied.
type Partly func(ctx context.Context, m *migdir.Migration, e *history.Entry) (*apply.Outcome, error)

// Rollback takes back what was applied, the newest first. On an error, done is
// what was taken back before it.
func Rollback(ctx context.Context, s *apply.Session, dir *migdir.Dir, r Range, partly Partly) (done []Done, err error) {
	status, err := Read(ctx, s, dir)
	if err != nil {
		return nil, err
	}
	places, err := status.Reverting(r)
	if err != nil {
		return nil, err
	}
	for _, at := range places {
		row := &status.Rows[at]
		if row.Changed {
			s.Say("%s was changed after it was applied; its way back is run as it is now", row.Name)
		}
		out, err := s.Run(ctx, apply.Job{File: row.Migration.Down, Version: row.Version, Beside: status.beside(at, true)})
		var half *apply.HalfDone
		if errors.As(err, &half) {
			out, err = partly(ctx, row.Migration, half.Entry)
		}
		if err != nil {
			return done, err
		}
		row.State = history.Absent
		done = append(done, Done{*row, out})
	}
	return done, nil
}
