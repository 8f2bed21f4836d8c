package proof

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// Direction is one of the two ways.
type Direction string

// The directions.
const (
	Up   Direction = "up"
	Down Direction = "down"

	rebuilt Direction = "rebuild" // the present schema, from nothing
)

// Result is the two plans, and what became of their proof.
type Result struct {
	Up, Down *plan.Plan
	// Proved says that both were run and gave what they should.
	Proved bool
	// Server is where they were run.
	Server string
	// Repaired counts the statements that a repair pass added.
	Repaired int
}

// Failure is a migration that does not do what it should.
type Failure struct {
	Direction Direction
	Plan      *plan.Plan
	// Err is the statement that failed, or nil.
	Err error
	// Residue is what is left to do when all statements ran.
	Residue []catalog.Difference
	// Lost is what was in the tables before and is not there any more, without
	// a data-loss hazard that says so.
	Lost []string
}

// Error says what failed.
func (f *Failure) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("the %s migration fails: %v", f.Direction, f.Err)
	}
	if len(f.Lost) > 0 {
		return fmt.Sprintf("the %s migration loses %s without saying so", f.Direction, f.Lost[0])
	}
	return fmt.Sprintf("the %s migration leaves %d differences", f.Direction, len(f.Residue))
}

func (f *Failure) Unwrap() error { return f.Err }

// Plan makes both plans without proving them.
func Plan(from, to *catalog.Catalog, o plan.Options) (*Result, error) {
	up, err := plan.Migrate(from, to, o)
	if err != nil {
		return nil, fmt.Errorf("planning the migration: %w", err)
	}
	down, err := plan.Migrate(to, from, o)
	if err != nil {
		return nil, fmt.Errorf("planning the rollback: %w", err)
	}
	down.Notes = append(down.Notes, gone(up)...)
	return &Result{Up: up, Down: down}, nil
}

// gone says in the rollback what the migration took that no rollback brings
// back: rows and values. Their places come back, empty.
func gone(up *plan.Plan) []string {
	var notes []string
	for _, segment := range up.Segments {
		for _, st := range segment.Statements {
			for _, h := range st.Hazards {
				if note := "this does not bring back what the migration took: " + h.Message; h.Kind == lint.DataLoss && !slices.Contains(notes, note) {
					notes = append(notes, note)
				}
			}
		}
	}
	return notes
}

// Prove runs both plans in a scratch database, starting from the side that is
// there already. It repairs a plan once when something is left over.
func (b *Bench) Prove(ctx context.Context, r *Result, from, to *State, o plan.Options) error {
	ways := []way{{Up, r.Up, from, to}, {Down, r.Down, to, from}}
	switch {
	case from.DB != nil:
	case to.DB != nil:
		ways[0], ways[1] = ways[1], ways[0]
	default:
		if err := b.rebuild(ctx, from, o); err != nil {
			return err
		}
	}
	db := ways[0].from.DB
	ways[0].from.DB = nil // used up
	for _, w := range ways {
		if err := b.makeRoles(ctx, db, w.to.Catalog.Roles); err != nil {
			return err
		}
		repaired, err := w.run(ctx, db, o)
		if err != nil {
			return err
		}
		r.Repaired += repaired
	}
	r.Proved, r.Server = true, b.Server.String()
	return nil
}

// way is one direction of the proof.
type way struct {
	direction Direction
	plan      *plan.Plan
	from, to  *State
}

// run runs the plan as it will be written, and compares. The plan grows by what
// a repair needs.
func (w way) run(ctx context.Context, db *pgdb.DB, o plan.Options) (repaired int, err error) {
	if err := w.withRows(ctx, db); err != nil {
		var f *Failure
		if errors.As(err, &f) {
			return 0, err
		}
		return 0, w.failed(ctx, err, nil)
	}
	got, err := read(ctx, db)
	if err != nil {
		return 0, err
	}
	residue := catalog.Compare(got, w.to.Catalog, ignore(o))
	if len(residue) == 0 {
		return 0, nil
	}
	rest, err := plan.Migrate(got, w.to.Catalog, o)
	if err != nil || rest.Empty() {
		return 0, w.failed(ctx, nil, residue)
	}
	if err := runPlan(ctx, db, string(w.direction), rest); err != nil {
		return 0, w.failed(ctx, nil, residue)
	}
	if got, err = read(ctx, db); err != nil {
		return 0, err
	}
	if residue = catalog.Compare(got, w.to.Catalog, ignore(o)); len(residue) > 0 {
		return 0, w.failed(ctx, nil, residue)
	}
	for _, s := range rest.Segments {
		repaired += len(s.Statements)
	}
	w.plan.Segments = append(w.plan.Segments, rest.Segments...)
	return repaired, nil
}

func (w way) failed(ctx context.Context, err error, residue []catalog.Difference) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &Failure{Direction: w.direction, Plan: w.plan, Err: err, Residue: residue}
}

// runPlan runs a plan through its text, as apply will.
func runPlan(ctx context.Context, db *pgdb.DB, name string, p *plan.Plan) error {
	f, err := migfile.Parse(name+".sql", migfile.SQL(migfile.Header{Title: name}, p))
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = apply.Execute(ctx, db.Runner(conn), f, apply.Place{})
	return err
}

// ErrRebuild: a live database's schema could not be made again in scratch.
var ErrRebuild = errors.New("the present schema cannot be built in a scratch database")

// rebuild makes a scratch database that holds a live database's schema.
func (b *Bench) rebuild(ctx context.Context, s *State, o plan.Options) error {
	db, err := b.Database(ctx)
	if err != nil {
		return err
	}
	empty, err := read(ctx, db)
	if err != nil {
		return err
	}
	if err := b.makeRoles(ctx, db, s.Catalog.Roles); err != nil {
		return err
	}
	o.Offline = true
	p, err := plan.Migrate(empty, s.Catalog, o)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRebuild, err)
	}
	w := way{rebuilt, p, &State{Catalog: empty}, s}
	if _, err := w.run(ctx, db, o); err != nil {
		return fmt.Errorf("%w: %w", ErrRebuild, err)
	}
	s.DB = db
	return nil
}

func ignore(o plan.Options) catalog.Ignore {
	return catalog.Ignore{Owners: o.NoOwners, Grants: o.NoGrants}
}
