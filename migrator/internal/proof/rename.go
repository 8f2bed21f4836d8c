package proof

import (
	"context"
	"fmt"
	"slices"

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
	steps, err := plan.Renames(from.Catalog, renames)
	if err != nil {
		return nil, err
	}
	if from.DB == nil {
		if err := b.rebuild(ctx, from, o); err != nil {
			return nil, err
		}
	}
	renamed, err := b.renamed(ctx, from, steps, o)
	if err != nil {
		return nil, err
	}
	if more := plan.Followers(renamed, to.Catalog, steps); len(more) > 0 {
		follow, err := plan.Renames(renamed, more)
		if err != nil {
			return nil, err
		}
		if renamed, err = b.renamed(ctx, from, follow, o); err != nil {
			return nil, err
		}
		steps = append(steps, follow...)
	}
	var there, back []plan.Statement
	for _, s := range steps {
		there, back = append(there, s.There), append(back, s.Back)
	}
	slices.Reverse(back)
	if err := runStatements(ctx, from.DB, back); err != nil {
		return nil, err
	}
	r, err := Plan(renamed, to.Catalog, o)
	if err != nil {
		return nil, err
	}
	r.Up.Segments = append([]plan.Segment{{Transactional: true, Statements: there}}, r.Up.Segments...)
	r.Down.Segments = append(r.Down.Segments, plan.Segment{Transactional: true, Statements: back})
	r.Up.Changes = append(renameChanges(steps, false), r.Up.Changes...)
	slices.Reverse(steps)
	r.Down.Changes = append(r.Down.Changes, renameChanges(steps, true)...)
	return r, nil
}

// renamed is what a state is once the steps were run.
func (b *Bench) renamed(ctx context.Context, from *State, steps []plan.RenameStep, o plan.Options) (*catalog.Catalog, error) {
	var there []plan.Statement
	for _, s := range steps {
		there = append(there, s.There)
	}
	if err := runStatements(ctx, from.DB, there); err != nil {
		return nil, err
	}
	c, err := selected(ctx, from.DB, o)
	if err != nil {
		return nil, err
	}
	c.Sizes = from.Catalog.Sizes
	return c, nil
}

func renameChanges(steps []plan.RenameStep, back bool) []plan.Change {
	var all []plan.Change
	for _, s := range steps {
		from, to := s.Old, s.New
		if back {
			from, to = to, from
		}
		c := plan.Change{Action: plan.Rename, ID: from, To: to, Label: s.Label, NewLabel: s.NewLabel}
		if back {
			c.Label, c.NewLabel = c.NewLabel, c.Label
		}
		if from != to {
			c.Because = "to " + to.Path()
		}
		all = append(all, c)
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
