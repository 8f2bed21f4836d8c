package proof

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/diff"
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
	// Irreversible says what the rollback does not undo, in sentences.
	Irreversible []string
	noWayBack    bool // Down only says so
	// Refused says why rows of the schema's files stop the migration, which went on
	// without them.
	Refused []string
	// Uncovered are properties in which the copy that the migration was proved
	// on differs from the database, so that the proof says nothing of them.
	Uncovered []catalog.Difference
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
	// Doubts are objects that Atlas's differ still finds different, though the
	// catalogs are equal.
	Doubts []catalog.ID
}

// Error says what failed.
func (f *Failure) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("the %s migration fails: %v", f.Direction, f.Err)
	}
	if len(f.Lost) > 0 {
		return fmt.Sprintf("the %s migration loses %s without saying so", f.Direction, f.Lost[0])
	}
	if len(f.Doubts) > 0 {
		return fmt.Sprintf("after the %s migration the two judges disagree: Atlas's differ finds %s different, PostgreSQL's own text of it is the same", f.Direction, f.Doubts[0])
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
	r := &Result{Up: up}
	if r.Down, err = plan.Migrate(to, from, o.WayBack()); err != nil {
		r.Down, r.noWayBack = plan.Refusal(fmt.Sprintf("this migration has no rollback: %v", err)), true
		r.irreversible(fmt.Sprintf("there is no rollback: %v", err))
	}
	r.Down.Notes = append(r.Down.Notes, gone(up)...)
	return r, nil
}

// irreversible notes what the rollback does not undo.
func (r *Result) irreversible(why string) {
	if !slices.Contains(r.Irreversible, why) {
		r.Irreversible = append(r.Irreversible, why)
		r.Down.Notes = append(r.Down.Notes, "not undone: "+why)
	}
}

// gone says in the rollback what the migration took that no rollback brings
// back: rows and values. Their places come back, empty.
func gone(up *plan.Plan) []string {
	var notes []string
	for _, segment := range up.Segments {
		for _, st := range segment.Statements {
			for _, id := range st.Told {
				notes = append(notes, "the values of "+id.Path()+" were converted as told; this converts them back as PostgreSQL does")
			}
			for _, h := range st.Hazards {
				if note := "this does not bring back what the migration took: " + h.Message; h.Kind == lint.DataLoss && !slices.Contains(notes, note) {
					notes = append(notes, note)
				}
			}
		}
	}
	return notes
}

// Prove runs both plans in scratch databases: up, and then down from where up
// has come to. It repairs a plan once when something is left over. A rollback
// that PostgreSQL refuses in part withholds nothing: r then says what it does not
// undo.
//
// Where the present state is a database in use and the wanted one is there in
// scratch, down and then up come first, which needs no copy of the database. That
// counts when the states that come out are like those that went in, also in what
// Compare does not look at.
func (b *Bench) Prove(ctx context.Context, r *Result, from, to *State, o plan.Options) error {
	if from.DB == nil && to.DB != nil {
		if proved, err := b.backwards(ctx, r, from, to, o); proved || err != nil {
			return err
		}
	}
	if from.DB == nil {
		from.also = to.needs()
		if err := b.rebuild(ctx, from, o); err != nil {
			return err
		}
		copied, err := selected(ctx, from.DB, o)
		if err != nil {
			return err
		}
		r.Uncovered = catalog.Unlike(from.Catalog, copied)
	}
	db := from.DB
	from.DB = nil // used up
	up := way{direction: Up, plan: r.Up, from: from, to: to}
	if _, err := b.run(ctx, r, &up, db, o); err != nil {
		return err
	}
	r.Refused = up.refused
	if r.noWayBack {
		r.Proved, r.Server = true, b.Server.String()
		return nil
	}
	down := way{direction: Down, plan: r.Down, from: to, to: from, lenient: true, own: up.own}
	if _, err := b.run(ctx, r, &down, db, o); err != nil {
		return err
	}
	for _, left := range down.left {
		r.irreversible(left)
	}
	r.Proved, r.Server = !r.touchesUncovered(), b.Server.String()
	return nil
}

// backwards proves down and then up in the database that holds the wanted state.
// What it finds wrong is for Prove to find in order; it changes no plan then.
func (b *Bench) backwards(ctx context.Context, r *Result, from, to *State, o plan.Options) (bool, error) {
	if len(r.Irreversible) > 0 {
		return false, nil
	}
	trial := Result{Up: r.Up.Clone(), Down: r.Down.Clone()}
	db := to.DB
	to.DB = nil // used up
	var own map[uint32]bool
	for _, w := range []way{{direction: Down, plan: trial.Down, from: to, to: from}, {direction: Up, plan: trial.Up, from: from, to: to}} {
		w.own = own
		got, err := b.run(ctx, &trial, &w, db, o)
		var f *Failure
		if errors.As(err, &f) {
			return false, nil
		}
		if err != nil || len(catalog.Unlike(w.to.Catalog, got)) > 0 {
			return false, err
		}
		own = w.own
	}
	r.Up, r.Down, r.Repaired = trial.Up, trial.Down, trial.Repaired
	r.Proved, r.Server = true, b.Server.String()
	return true, nil
}

// touchesUncovered tells whether the plan has to do with what the proof does not
// cover.
func (r *Result) touchesUncovered() bool {
	return slices.ContainsFunc(r.Uncovered, func(d catalog.Difference) bool {
		return slices.ContainsFunc(r.Up.Changes, func(c plan.Change) bool { return c.ID.Schema == d.ID.Schema && c.ID.Name == d.ID.Name })
	})
}

// way is one direction of the proof.
type way struct {
	direction Direction
	plan      *plan.Plan
	from, to  *State
	lenient   bool     // what PostgreSQL refuses is left out of the plan
	left      []string // and said here
	// own are the tables that held rows before any were made up; nil is not known yet.
	own     map[uint32]bool
	refused []string // why rows of the schema's files stop it
}

// run makes the roles that a way needs and runs it.
func (b *Bench) run(ctx context.Context, r *Result, w *way, db *pgdb.DB, o plan.Options) (*catalog.Catalog, error) {
	if err := b.makeRoles(ctx, db, w.to.Catalog.Roles); err != nil {
		return nil, err
	}
	got, repaired, err := w.run(ctx, db, o)
	r.Repaired += repaired
	return got, err
}

// run runs the plan as it will be written, and compares. The plan grows by what
// a repair needs.
func (w *way) run(ctx context.Context, db *pgdb.DB, o plan.Options) (got *catalog.Catalog, repaired int, err error) {
	if err := w.withRows(ctx, db); err != nil {
		var f *Failure
		if errors.As(err, &f) {
			return nil, 0, err
		}
		return nil, 0, w.failed(ctx, err, nil)
	}
	if got, err = selected(ctx, db, o); err != nil {
		return nil, 0, err
	}
	residue := catalog.Compare(got, w.to.Catalog, ignore(o))
	if len(residue) == 0 {
		return got, 0, w.second(got, o)
	}
	again, rest, err := w.repair(ctx, db, got, o)
	if err == nil {
		for _, s := range rest.Segments {
			repaired += len(s.Statements)
		}
		w.plan.Segments = append(w.plan.Segments, rest.Segments...)
		w.left = nil // another way was found
		return again, repaired, w.second(again, o)
	}
	if len(w.left) > 0 {
		for _, d := range residue {
			w.left = append(w.left, d.String())
		}
		return got, 0, nil
	}
	return nil, 0, w.failed(ctx, nil, residue)
}

// second asks the second judge: Atlas's differ must find nothing left of what it
// models, either.
func (w *way) second(got *catalog.Catalog, o plan.Options) error {
	if w.direction == rebuilt {
		return nil
	}
	if _, doubts := diff.Find(got, w.to.Catalog, ignore(o)); len(doubts) > 0 {
		return &Failure{Direction: w.direction, Plan: w.plan, Doubts: doubts}
	}
	return nil
}

// errResidue: a repair did not bring the wanted state about.
var errResidue = errors.New("differences are left")

// repair plans and runs what is left to do.
func (w *way) repair(ctx context.Context, db *pgdb.DB, got *catalog.Catalog, o plan.Options) (*catalog.Catalog, *plan.Plan, error) {
	rest, err := plan.Migrate(got, w.to.Catalog, o.WayBack())
	if err != nil {
		return nil, nil, err
	}
	if rest.Empty() {
		return nil, nil, errResidue
	}
	if err := runPlan(ctx, db, string(w.direction), rest); err != nil {
		return nil, nil, err
	}
	again, err := selected(ctx, db, o)
	if err == nil && len(catalog.Compare(again, w.to.Catalog, ignore(o))) > 0 {
		err = errResidue
	}
	return again, rest, err
}

func (w *way) failed(ctx context.Context, err error, residue []catalog.Difference) error {
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
	o.Offline, o.Only = true, catalog.Filter{}
	base := &State{Catalog: s.base()}
	p, err := plan.Migrate(empty, base.Catalog, o)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRebuild, err)
	}
	w := way{direction: rebuilt, plan: p, from: &State{Catalog: empty}, to: base}
	if _, _, err := w.run(ctx, db, o); err != nil {
		return fmt.Errorf("%w: %w", ErrRebuild, err)
	}
	s.DB = db
	return nil
}

// selected reads what a scratch database holds of what is looked at.
func selected(ctx context.Context, db *pgdb.DB, o plan.Options) (*catalog.Catalog, error) {
	c, err := read(ctx, db)
	if err != nil {
		return nil, err
	}
	kept, _ := c.Select(o.Only)
	return kept, nil
}

func ignore(o plan.Options) catalog.Ignore {
	return catalog.Ignore{Owners: o.NoOwners, Grants: o.NoGrants}
}
