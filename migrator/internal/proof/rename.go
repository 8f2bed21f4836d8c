package proof

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// PlanRenamed makes both plans where something is renamed. The renames are run
// in a scratch copy of the present schema first: PostgreSQL itself then says how
// everything else reads under the new names, and the rest is planned from there.
func (b *Bench) PlanRenamed(ctx context.Context, from, to *State, renames []plan.Renaming, o plan.Options) (*Result, error) {
	if len(renames) == 0 {
		return Plan(from.Catalog, to.Catalog, o)
	}
	// What is part of something else goes first, while that has its old name.
	renames = slices.Clone(renames)
	slices.SortStableFunc(renames, func(x, y plan.Renaming) int {
		return strings.Count(y.From, ".") - strings.Count(x.From, ".")
	})
	there, err := plan.Renames(from.Catalog, renames)
	if err != nil {
		return nil, err
	}
	if from.DB == nil {
		if err := b.rebuild(ctx, from, o); err != nil {
			return nil, err
		}
	}
	if err := runStatements(ctx, from.DB, there); err != nil {
		return nil, err
	}
	renamed, err := catalog.Read(ctx, from.DB.DB, catalog.Options{})
	if err != nil {
		return nil, err
	}
	renamed.Sizes = from.Catalog.Sizes
	back, err := plan.Renames(renamed, reversed(renames))
	if err != nil {
		return nil, err
	}
	if err := runStatements(ctx, from.DB, back); err != nil {
		return nil, err
	}
	r, err := Plan(renamed, to.Catalog, o)
	if err != nil {
		return nil, err
	}
	for _, all := range [][]plan.Statement{there, back} {
		for i := range all {
			all[i].LockTimeout, all[i].StatementTimeout = 2*time.Second, 30*time.Second
		}
	}
	r.Up.Segments = append([]plan.Segment{{Transactional: true, Statements: there}}, r.Up.Segments...)
	r.Down.Segments = append(r.Down.Segments, plan.Segment{Transactional: true, Statements: back})
	r.Up.Changes = append(renameChanges(there), r.Up.Changes...)
	r.Down.Changes = append(r.Down.Changes, renameChanges(back)...)
	return r, nil
}

// reversed are the renames that take renames back.
func reversed(renames []plan.Renaming) []plan.Renaming {
	var all []plan.Renaming
	for _, r := range renames {
		all = append(all, plan.Renaming{From: newPath(renames, r), To: last(r.From)})
	}
	return all
}

// newPath is how a renamed thing is called once all renames are done: what it
// is part of may have a new name too.
func newPath(renames []plan.Renaming, r plan.Renaming) string {
	path := strings.TrimSuffix(r.From, last(r.From))
	for _, of := range renames {
		if of.From+"." == path {
			path = newPath(renames, of) + "."
		}
	}
	return path + last(r.To)
}

func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func renameChanges(statements []plan.Statement) []plan.Change {
	var all []plan.Change
	for _, st := range statements {
		all = append(all, plan.Change{Action: plan.Rename, ID: st.Object})
	}
	return all
}

func runStatements(ctx context.Context, db *pgdb.DB, statements []plan.Statement) error {
	for _, st := range statements {
		if _, err := db.ExecContext(ctx, st.SQL); err != nil {
			return fmt.Errorf("%s: %w", st.SQL, err)
		}
	}
	return nil
}
