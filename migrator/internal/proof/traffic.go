package proof

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/traffic"
)

const (
	// TrafficRows is how many rows each table gets that a plan touches.
	TrafficRows = 100_000
	busyTables  = 8 // so many get that many rows, and clients
)

// Traffic is both ways beside clients.
type Traffic struct {
	Up, Down *traffic.Outcome // Down is nil where there is no way back
	Tables   int              // that were filled
	Quiet    int              // tables that the plan touches, and that had neither rows nor clients: too many
}

// TrafficFailure is a way that fails beside clients, though it holds alone.
type TrafficFailure struct {
	Direction Direction
	Err       error    // the statement that failed, or nil
	Reasons   []string // what clients met, what lapsed
}

// Error says what happened first.
func (f *TrafficFailure) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("beside traffic the %s migration fails: %v", f.Direction, f.Err)
	}
	return fmt.Sprintf("beside traffic the %s migration: %s", f.Direction, f.Reasons[0])
}

func (f *TrafficFailure) Unwrap() error { return f.Err }

// Traffic runs both plans in a copy with many rows, beside clients. An Outcome
// that fails is a TrafficFailure, and the Traffic is returned all the same.
func (b *Bench) Traffic(ctx context.Context, r *Result, before, after *State, rows int, o plan.Options) (*Traffic, error) {
	from, to := before.Catalog, after.Catalog
	db, err := b.Copy(ctx, before.base())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := b.makeRoles(ctx, db, to.Roles); err != nil {
		return nil, err
	}
	t := &Traffic{}
	filled, err := t.prepare(ctx, db, r.Up, from, to, rows)
	if err != nil {
		return nil, err
	}
	if t.Up, err = b.beside(ctx, db, Up, r.Up, from, to, filled, o); err != nil || r.noWayBack {
		return t, err
	}
	for i, id := range filled { // under their new names
		filled[i] = renamer(r.Up)(id)
	}
	t.Down, err = b.beside(ctx, db, Down, r.Down, to, from, filled, o)
	return t, err
}

// prepare fills the tables that a plan touches, and names them.
func (t *Traffic) prepare(ctx context.Context, db *pgdb.DB, p *plan.Plan, from, to *catalog.Catalog, rows int) ([]catalog.ID, error) {
	touched := touchedTables(p, from)
	t.Quiet = max(0, len(touched)-busyTables)
	touched = touched[:min(len(touched), busyTables)]
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	run := db.Runner(conn)
	return touched, withWanted(ctx, run, wanted(from, to), func() error {
		tables, err := seedTables(ctx, conn)
		if err != nil {
			return err
		}
		if err := seed(ctx, conn, run, tables); err != nil {
			return err
		}
		if _, err := run.ExecContext(ctx, quiet); err == nil {
			defer run.ExecContext(ctx, loud)
		}
		types, err := readTypes(ctx, conn)
		if err != nil {
			return err
		}
		s := &seeder{ctx: ctx, conn: conn, types: types, tables: map[uint32]*seedTable{}, random: rand.New(rand.NewPCG(1, 1))}
		for _, st := range tables {
			s.tables[st.OID] = st
		}
		for _, st := range tables {
			st.sqlName = pgdb.QuoteIdent(st.Schema) + "." + pgdb.QuoteIdent(st.Name)
			if !busy(st, touched) {
				continue
			}
			t.Tables++
			if err := s.fill(run, st, rows); err != nil {
				return err
			}
		}
		_, err = run.ExecContext(ctx, "ANALYZE")
		return err
	})
}

// busy tells whether a table is among those, or a part of one.
func busy(t *seedTable, among []catalog.ID) bool {
	for _, n := range append([]seedName{{t.Schema, t.Name}}, t.Above...) {
		if slices.ContainsFunc(among, func(id catalog.ID) bool { return id.Schema == n.Schema && id.Name == n.Name }) {
			return true
		}
	}
	return false
}

// beside runs one way beside clients.
func (b *Bench) beside(ctx context.Context, db *pgdb.DB, d Direction, p *plan.Plan, from, to *catalog.Catalog, tables []catalog.ID, o plan.Options) (*traffic.Outcome, error) {
	f, err := migfile.Parse(string(d)+".sql", migfile.SQL(migfile.Header{Title: string(d)}, p))
	if err != nil {
		return nil, err
	}
	names := renamer(p)
	out, err := traffic.Run(ctx, db, traffic.Options{
		File: f, From: from, To: to, Names: names, Clients: clients(tables, from, to, names),
		Look: func(ctx context.Context) (*catalog.Catalog, error) { return selected(ctx, db, o) },
	})
	if err != nil {
		var refused *traffic.StatementError
		if ctx.Err() == nil && errors.As(err, &refused) && pgdb.AsError(err) != nil {
			err = &TrafficFailure{Direction: d, Err: err}
		}
		return out, err
	}
	if why := slices.Concat(out.Failed, unsaid(out.Lapses, p)); len(why) > 0 {
		return out, &TrafficFailure{Direction: d, Reasons: why}
	}
	return out, nil
}

// unsaid are the lapses that no hazard of the plan speaks of.
func unsaid(lapses []traffic.Lapse, p *plan.Plan) []string {
	var all []string
	var said []catalog.ID
	for _, s := range p.Segments {
		for _, st := range s.Statements {
			if slices.ContainsFunc(st.Hazards, func(h lint.Hazard) bool { return h.Kind == lint.Correctness || h.Kind == lint.IndexBuild }) {
				said = append(said, st.Object)
			}
		}
	}
	for _, l := range lapses {
		if slices.ContainsFunc(said, func(id catalog.ID) bool {
			return id == l.ID || id.Sub == "" && id.Schema == l.ID.Schema && id.Name == l.ID.Name // what it is part of
		}) {
			continue
		}
		all = append(all, fmt.Sprintf("%s is not there for a while after %s", l.What, strings.Join(strings.Fields(l.After), " ")))
	}
	return all
}

// renamer brings the identities before a plan to those after it.
func renamer(p *plan.Plan) traffic.Names {
	return func(id catalog.ID) catalog.ID {
		for _, c := range p.Changes {
			if c.Action != plan.Rename || c.Label != c.NewLabel {
				continue
			}
			switch {
			case c.ID == id:
				id = c.To
			case c.ID.Kind == catalog.KindSchema && c.ID.Name == id.Schema:
				id.Schema = c.To.Name
			case c.ID.Sub == "" && c.ID.Schema == id.Schema && c.ID.Name == id.Name && id.Sub != "" && c.ID.Kind != catalog.KindIndex:
				id.Schema, id.Name = c.To.Schema, c.To.Name
			case c.ID.Kind == catalog.KindColumn && id.Kind == catalog.KindDefault && c.ID.Schema == id.Schema && c.ID.Name == id.Name && c.ID.Sub == id.Sub:
				id.Schema, id.Name, id.Sub = c.To.Schema, c.To.Name, c.To.Sub
			}
		}
		return id
	}
}

// touchedTables are the tables of the schema before that a plan has to do with:
// what changes of them, of what they reference or are referenced by, and of
// their types.
func touchedTables(p *plan.Plan, from *catalog.Catalog) []catalog.ID {
	named := map[catalog.ID]bool{}
	for _, c := range p.Changes {
		named[c.ID] = true
		if o := from.Objects[c.ID]; o != nil {
			for n := range o.Needs() {
				named[n] = true
			}
		}
	}
	for _, s := range p.Segments {
		for _, st := range s.Statements {
			named[st.Object] = true
		}
	}
	touched := map[catalog.ID]bool{}
	mark := func(schema, name string) {
		id := catalog.ID{Kind: catalog.KindTable, Schema: schema, Name: name}
		if o := from.Objects[id]; o != nil && catalog.As[*catalog.Table](o).Server == "" {
			touched[id] = true
		}
	}
	for id := range named {
		mark(id.Schema, id.Name)
		if o := from.Objects[id]; o != nil {
			if parent, ok := from.Parent(id); ok {
				mark(parent.Schema, parent.Name)
			}
			if d, ok := o.Detail.(*catalog.Constraint); ok {
				mark(d.References.Schema, d.References.Name)
			}
		}
	}
	for _, id := range from.Order {
		if from.Objects[id].NeedsAny(func(n catalog.ID) bool { return named[n] }) {
			mark(id.Schema, id.Name)
		}
	}
	var all []catalog.ID
	for _, id := range from.Order {
		if touched[id] {
			all = append(all, id)
		}
	}
	return all
}
