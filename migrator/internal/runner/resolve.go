package runner

import (
	"context"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
)

// As is what a person says of a migration.
type As string

// What can be said.
const (
	AsApplied    As = "applied"     // all of it is there
	AsAbsent     As = "absent"      // nothing of it is there
	AsRolledBack As = "rolled-back" // it was there, and was taken back
)

// Resolve writes into the history what a person says of a file: the way out for one
// that cannot go on. With statements > 0 its first statements are there, and apply
// goes on behind them. It runs nothing.
func Resolve(ctx context.Context, s *apply.Session, f *migfile.File, as As, statements int, tool string) error {
	state, last := history.About(s.Entries(), f.Name)
	switch {
	case statements > f.Statements():
		return problem.New("", "%s has %s, not %d", f.Name, plural(f.Statements(), "statement"), statements)
	case as == AsRolledBack && last == nil:
		return problem.New("say --as absent", "the history knows nothing of %s", f.Name)
	case as == AsApplied && state == history.Applied && last.SHA256 == f.SHA256, as != AsApplied && state == history.Absent:
		return problem.New("", "the history says so already: %s is %s", f.Name, state)
	}
	now := time.Now()
	row := history.Row{Name: f.Name, Origin: history.Resolved, SHA256: f.SHA256, Statements: f.Statements(), Started: now, Finished: true, At: &now, Tool: tool}
	if last != nil {
		row.Version = last.Version
	}
	switch {
	case as != AsApplied:
		row.Name, row.Undoes, row.DoneSHA256 = f.Name+" ("+string(as)+")", f.Name, f.Prefix(0)
	case statements > 0:
		row.Done, row.DoneSHA256, row.Finished, row.At = statements, f.Prefix(statements), statements == f.Statements(), nil
	default:
		row.Done, row.DoneSHA256 = f.Statements(), f.Prefix(f.Statements())
	}
	return s.Record(ctx, func() error {
		return s.History.Add(ctx, row)
	})
}
