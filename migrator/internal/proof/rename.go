package proof

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// PlanRenamed makes both plans where something is renamed, or an extension has
// another schema. That is run in a scratch copy of the present schema first:
// PostgreSQL itself then says how everything else reads under the new names, and the
// rest is planned from there. Without a bench extensions are not moved first.
func (b *Bench) PlanRenamed(ctx context.Context, from, to *State, renames []plan.Renaming, o plan.Options) (*Result, error) {
	if b == nil || len(renames) == 0 && len(plan.Moves(from.Catalog, to.Catalog)) == 0 {
		return Plan(from.Catalog, to.Catalog, o)
	}
	steps, err := plan.Renames(from.Catalog, renames)
	if err != nil {
		return nil, err
	}
	uncovered, err := b.copied(ctx, from, to, o)
	if err != nil {
		return nil, err
	}
	p := prelude{bench: b, from: from, o: o, now: from.Catalog}
	if err := p.rename(ctx, steps); err != nil {
		return nil, err
	}
	if more := plan.Followers(p.now, to.Catalog, steps); len(more) > 0 {
		follow, err := plan.Renames(p.now, more)
		if err != nil {
			return nil, err
		}
		if err := p.rename(ctx, follow); err != nil {
			return nil, err
		}
	}
	for _, m := range plan.Moves(p.now, to.Catalog) {
		if err := p.move(ctx, m); err != nil {
			return nil, err
		}
	}
	r, err := p.plan(ctx, to)
	if err == nil {
		r.Uncovered = uncovered
	}
	return r, err
}

// copied makes the copy of a live database where there is none, and says in what it
// differs.
func (b *Bench) copied(ctx context.Context, from, to *State, o plan.Options) ([]catalog.Difference, error) {
	if from.DB != nil {
		return nil, nil
	}
	from.also = to.needs()
	if err := b.rebuild(ctx, from, o); err != nil {
		return nil, err
	}
	got, err := selected(ctx, from.DB, o)
	if err != nil {
		return nil, err
	}
	return catalog.Unlike(from.Catalog, got), nil
}

// prelude is what runs before all that is planned: it grows step by step, and each
// step is run in the scratch copy.
type prelude struct {
	bench       *Bench
	from        *State
	o           plan.Options
	now         *catalog.Catalog // what the copy is after the steps
	there, back []plan.Statement // the ways back in the order of the steps
	up, down    []plan.Change
}

// run runs statements in the copy, and looks what it is then.
func (p *prelude) run(ctx context.Context, there, back []plan.Statement) error {
	if err := runStatements(ctx, p.from.DB, there); err != nil {
		return err
	}
	c, err := selected(ctx, p.from.DB, p.o)
	if err != nil {
		return err
	}
	c.Sizes = p.from.Catalog.Sizes
	p.now, p.there, p.back = c, append(p.there, there...), append(p.back, back...)
	return nil
}

func (p *prelude) rename(ctx context.Context, steps []plan.RenameStep) error {
	if len(steps) == 0 {
		return nil
	}
	var there, back []plan.Statement
	for _, s := range steps {
		there, back = append(there, s.There), append(back, s.Back)
	}
	p.up = append(p.up, renameChanges(steps, false)...)
	p.down = append(p.down, renameChanges(steps, true)...)
	return p.run(ctx, there, back)
}

// move moves an extension. Where PostgreSQL refuses that, because of what is there
// already, it is left to the plan.
func (p *prelude) move(ctx context.Context, m plan.Move) error {
	back := slices.Clone(m.Back)
	slices.Reverse(back)
	err := p.run(ctx, m.There, back)
	var failed *statementError
	if errors.As(err, &failed) && pgdb.AsError(err) != nil {
		return runStatements(ctx, p.from.DB, m.Back[len(m.Back)-failed.place:])
	}
	change := m.Change
	change.Fields = slices.Clone(change.Fields)
	change.Fields[0].Old, change.Fields[0].New = change.Fields[0].New, change.Fields[0].Old
	p.up, p.down = append(p.up, m.Change), append(p.down, change)
	return err
}

// plan plans what is left to do, takes the copy back, and puts all together.
func (p *prelude) plan(ctx context.Context, to *State) (*Result, error) {
	slices.Reverse(p.back)
	slices.Reverse(p.down)
	if err := runStatements(ctx, p.from.DB, p.back); err != nil {
		return nil, err
	}
	r, err := Plan(p.now, to.Catalog, p.o)
	if err != nil || len(p.there) == 0 {
		return r, err
	}
	r.Up.Segments = append([]plan.Segment{{Transactional: true, Statements: p.there}}, r.Up.Segments...)
	r.Down.Segments = append(r.Down.Segments, plan.Segment{Transactional: true, Statements: p.back})
	r.Up.Changes = append(p.up, r.Up.Changes...)
	r.Down.Changes = append(r.Down.Changes, p.down...)
	return r, nil
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

// statementError is a statement that failed, and how many had run before it.
type statementError struct {
	place int
	sql   string
	err   error
}

func (e *statementError) Error() string { return fmt.Sprintf("%s: %v", e.sql, e.err) }
func (e *statementError) Unwrap() error { return e.err }

func runStatements(ctx context.Context, db *pgdb.DB, statements []plan.Statement) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	run := db.Runner(conn)
	for i, st := range statements {
		if _, err := run.ExecContext(ctx, st.SQL); err != nil {
			return &statementError{i, st.SQL, err}
		}
	}
	return nil
}
