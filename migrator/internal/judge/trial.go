package judge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/diff"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
)

// Pair is what is judged: two schemas, and rows to be there from the start.
type Pair struct {
	Old, New string
	Rows     string // SQL that runs after Old, or ""
	Keep     string // queries whose answers must be the same after up and after down
	Prove    bool   // run the proof that diff makes, too
	Accepted *Plans // what was judged good before: the same plans are not run again
	Options  plan.Options
}

// Plans are the texts of both files; "" is nothing to do.
type Plans struct{ Up, Down string }

// Verdict is what became of one direction.
type Verdict string

// The verdicts, from good to bad.
const (
	Equal   Verdict = "equal"
	Named   Verdict = "named"   // equal but for kinds that are not managed, which the plan names
	NoPlan  Verdict = "no plan" // the planner gave up, and said so
	Fails   Verdict = "fails"   // a statement failed
	Residue Verdict = "residue" // it ran, and the catalog still sees differences
	Lost    Verdict = "lost"    // it ran, and rows that should be there are not
	Silent  Verdict = "silent"  // the catalog sees none, and pg_dump does: the worst
	Refused Verdict = "refused" // it is equal, and the proof that diff makes of it fails
)

// Way is one direction.
type Way struct {
	Verdict Verdict
	Reason  []string // what is wrong, a line each
	SQL     string   // the file's text, "" when there is nothing to do
	Plan    *plan.Plan
	Took    time.Duration // to plan it
}

// Outcome is what became of a pair.
type Outcome struct {
	Up, Down Way
	// Same says that pg_dump sees no difference between the two schemas: the
	// plan must be empty.
	Same bool
	Read time.Duration // of both catalogs
	// Of the changes of kinds that Atlas models: how many, and how many of them
	// Atlas sees; and what Atlas alone finds different.
	Modelled, Seen, Doubts int
}

// Good says whether everything is as it should be.
func (o *Outcome) Good() bool {
	return o.Up.Verdict.good() && o.Down.Verdict.good() && !(o.Same && o.Up.SQL+o.Down.SQL != "")
}

func (v Verdict) good() bool { return v == Equal || v == Named }

// state is one schema as both judges see it.
type state struct {
	catalog *catalog.Catalog
	dump    Dump
	kept    string
}

// Try judges a pair, up and then down in one database. An error means that a
// schema does not load.
func (s *Server) Try(ctx context.Context, p Pair) (*Outcome, error) {
	db, err := s.Database(ctx, p.Old+"\n;"+p.Rows)
	if err != nil {
		return nil, fmt.Errorf("old: %w", err)
	}
	defer func() { db.Release(ctx) }()
	wanted, err := s.Database(ctx, p.New)
	if err != nil {
		return nil, fmt.Errorf("new: %w", err)
	}
	defer wanted.Release(ctx)

	start := time.Now()
	from, err := look(ctx, db)
	if err != nil {
		return nil, err
	}
	to, err := look(ctx, wanted)
	if err != nil {
		return nil, err
	}
	o := &Outcome{Read: time.Since(start)}
	o.agreement(from.catalog, to.catalog)
	if o.accepted(from.catalog, to.catalog, p) {
		return o, nil
	}
	if from.dump, err = db.Dump(ctx); err != nil {
		return nil, err
	}
	if to.dump, err = wanted.Dump(ctx); err != nil {
		return nil, err
	}
	if from.kept, err = db.Query(ctx, p.Keep); err != nil {
		return nil, err
	}
	to.kept = from.kept
	o.Same = len(from.dump.Diff(to.dump)) == 0
	if !s.Dumps() {
		o.Same = len(catalog.Compare(from.catalog, to.catalog, catalog.Ignore{})) == 0
	}
	o.Up = s.way(ctx, db, "up", from, to, p)
	if o.Up.Verdict == NoPlan || o.Up.Verdict == Fails {
		// Down is judged on its own then.
		again, err := s.Database(ctx, p.New)
		if err != nil {
			return nil, err
		}
		db.Release(ctx)
		db = again
		p.Keep, to.kept, from.kept = "", "", ""
	}
	o.Down = s.way(ctx, db, "down", to, from, p)
	return o, s.prove(ctx, p, o, from.catalog, to.catalog)
}

// accepted plans both ways, and says whether that gave what was judged before.
func (o *Outcome) accepted(from, to *catalog.Catalog, p Pair) bool {
	if p.Accepted == nil {
		return false
	}
	up, down := planned("up", from, to, p.Options), planned("down", to, from, p.Options)
	if up.Verdict != "" || down.Verdict != "" || (Plans{up.SQL, down.SQL}) != *p.Accepted {
		return false
	}
	up.Verdict, down.Verdict = Equal, Equal
	o.Up, o.Down = up, down
	return true
}

// planned plans one direction; there is a verdict only where there is no plan.
func planned(name string, from, to *catalog.Catalog, options plan.Options) (w Way) {
	start := time.Now()
	var err error
	if w.Plan, err = plan.Migrate(from, to, options); err != nil {
		w.Verdict, w.Reason = NoPlan, []string{err.Error()}
		return w
	}
	w.Took = time.Since(start)
	if !w.Plan.Empty() {
		w.SQL = migfile.SQL(migfile.Header{Title: name}, w.Plan)
	}
	return w
}

// prove runs the proof of both plans where they hold: what is right must not be
// refused.
func (s *Server) prove(ctx context.Context, p Pair, o *Outcome, from, to *catalog.Catalog) error {
	if !p.Prove || !o.Good() || o.Up.Plan.Empty() && o.Down.Plan.Empty() {
		return nil
	}
	db, err := s.Database(ctx, p.Old+"\n;"+p.Rows)
	if err != nil {
		return err
	}
	defer db.Release(ctx)
	r := &proof.Result{Up: o.Up.Plan, Down: o.Down.Plan}
	err = proof.On(s.scratch).Prove(ctx, r, &proof.State{Catalog: from, DB: db.DB}, &proof.State{Catalog: to}, p.Options)
	var f *proof.Failure
	switch {
	case errors.As(err, &f) && f.Direction == proof.Down:
		o.Down.Verdict, o.Down.Reason = Refused, []string{f.Error()}
	case err != nil:
		o.Up.Verdict, o.Up.Reason = Refused, []string{err.Error()}
	case r.Repaired > 0:
		o.Up.Verdict, o.Up.Reason = Refused, []string{"a plan that needed no repair was repaired"}
	}
	return nil
}

// agreement counts where the two that look for changes agree.
func (o *Outcome) agreement(from, to *catalog.Catalog) {
	changes, doubts := diff.Find(from, to, catalog.Ignore{})
	o.Doubts = len(doubts)
	for _, c := range changes {
		if c.Modelled() {
			o.Modelled++
			if c.Atlas != "" {
				o.Seen++
			}
		}
	}
}

func look(ctx context.Context, db *Database) (*state, error) {
	c, err := catalog.Read(ctx, db.DB.DB, catalog.Options{})
	if err != nil {
		return nil, fmt.Errorf("reading the catalog: %w", err)
	}
	return &state{catalog: c}, nil
}

// way plans, runs and judges one direction.
func (s *Server) way(ctx context.Context, db *Database, name string, from, to *state, p Pair) (w Way) {
	if w = planned(name, from.catalog, to.catalog, p.Options); w.Verdict != "" {
		return w
	}
	if w.SQL != "" {
		if err := db.Run(ctx, w.SQL); err != nil {
			w.Verdict, w.Reason = Fails, []string{err.Error()}
			return w
		}
	}
	got, err := look(ctx, db)
	if err == nil {
		got.dump, err = db.Dump(ctx)
	}
	if err != nil {
		w.Verdict, w.Reason = Fails, []string{err.Error()}
		return w
	}
	w.Verdict = Equal
	if differs := got.dump.Diff(to.dump); len(differs) > 0 {
		w.Verdict, w.Reason = Silent, differs
		if !slices.ContainsFunc(differs, func(d string) bool { return !named(w.Plan.Unmanaged, d) }) {
			w.Verdict = Named
		}
	}
	if residue := catalog.Compare(got.catalog, to.catalog, catalog.Ignore{}); len(residue) > 0 {
		w.Verdict, w.Reason = Residue, nil
		for _, d := range residue {
			w.Reason = append(w.Reason, d.String())
		}
	}
	if w.Verdict == Equal && p.Keep != "" {
		kept, err := db.Query(ctx, p.Keep)
		if err != nil {
			kept = err.Error()
		}
		if kept != to.kept {
			w.Verdict, w.Reason = Lost, []string{"had " + oneLine(to.kept), "has " + oneLine(kept)}
		}
	}
	return w
}

// named says whether an object of a dump is of a kind that the plan leaves out
// by name.
func named(unmanaged []catalog.ID, object string) bool {
	m := kind.FindStringSubmatch(object)
	return m != nil && slices.ContainsFunc(unmanaged, func(id catalog.ID) bool {
		return strings.EqualFold(string(id.Kind), m[1]) ||
			id.Kind == catalog.KindExtensionDependency && strings.HasPrefix(id.Name, strings.ToLower(m[1]))
	})
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
