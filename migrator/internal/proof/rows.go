package proof

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// withRows runs the plan as it will be written, on tables with rows, those of the
// schema's files and a few that are made up, and looks whether they survive. A
// statement that rows stop is marked with a hazard, and the run goes on without
// them.
func (w *way) withRows(ctx context.Context, db *pgdb.DB) error {
	if w.plan.Empty() {
		return nil
	}
	f, err := migfile.Parse(string(w.direction)+".sql", migfile.SQL(migfile.Header{Title: string(w.direction)}, w.plan))
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	run := db.Runner(conn)
	before, err := w.rowsBefore(ctx, conn, run)
	if err != nil {
		return err
	}
	at, err := apply.Execute(ctx, run, f, apply.Place{})
	for tries := 0; err != nil && len(before) > 0 && aboutRows(err) && tries < f.Statements(); tries++ {
		table := w.stopped(err, before)
		w.mark(err, w.own[table])
		if w.own[table] {
			if e := w.alsoRefused(ctx, conn, err); e != nil {
				return e
			}
		}
		left, e := clear(ctx, conn, run, f, at, before, table)
		if e != nil {
			return err
		}
		before = left
		at, err = apply.Execute(ctx, run, f, at)
	}
	for w.lenient && err != nil && w.leaveOut(err) {
		if f, at, err = w.resume(f, at); err != nil {
			return err
		}
		at, err = apply.Execute(ctx, run, f, at)
	}
	if err != nil || len(before) == 0 {
		return err
	}
	return w.survived(ctx, conn, before)
}

// rowsBefore fills the empty tables and reads what all of them hold.
func (w *way) rowsBefore(ctx context.Context, conn *sql.Conn, run *pgdb.Runner) (sample, error) {
	if w.direction == rebuilt {
		return nil, nil
	}
	tables, err := seedTables(ctx, conn)
	if err != nil {
		return nil, err
	}
	tables = relevant(tables, w.plan)
	if w.own == nil {
		if w.own, err = filled(ctx, conn, tables); err != nil {
			return nil, err
		}
	}
	if err := seed(ctx, conn, run, tables); err != nil {
		return nil, err
	}
	return take(ctx, conn, tables, nil, w.plan, sampleLimit)
}

// survived looks for the rows afterwards.
func (w *way) survived(ctx context.Context, conn *sql.Conn, before sample) error {
	tables, err := seedTables(ctx, conn)
	if err != nil {
		return err
	}
	for _, limit := range []int{sampleLimit + 1, searchLimit} {
		after, err := take(ctx, conn, tables, before, w.plan, limit)
		if err != nil {
			return err
		}
		lost, unsure := before.lost(after, w.plan)
		if len(lost) > 0 {
			return &Failure{Direction: w.direction, Plan: w.plan, Lost: lost}
		}
		if len(unsure) == 0 {
			return nil
		}
		before = before.only(unsure)
	}
	for _, old := range before {
		w.plan.Notes = append(w.plan.Notes, fmt.Sprintf("the proof does not compare the rows of %s.%s, which are more than %d", old.names[0].Schema, old.names[0].Name, searchLimit))
	}
	return nil
}

// aboutRows says whether an error is about values: a constraint that they break,
// a type that they do not fit. Types of extensions say that as an internal error.
func aboutRows(err error) bool {
	class := pgdb.Code(err)
	if class == "42601" { // of a text search vector that is made of a text
		return strings.HasPrefix(pgdb.AsError(err).Message, "syntax error in ts")
	}
	if class == "22023" { // an option that cannot have that value, or JSON that is no number or truth value
		return strings.HasPrefix(pgdb.AsError(err).Message, "cannot cast jsonb")
	}
	return class == "XX000" || strings.HasPrefix(class, "22") || strings.HasPrefix(class, "23")
}

// stopped is the table whose rows stop a statement, as far as the server or the
// plan says; 0 where that is none of those that were read.
func (w *way) stopped(err error, before sample) uint32 {
	e, name := pgdb.AsError(err), seedName{}
	if st := w.failing(err); st != nil {
		name = seedName{st.Object.Schema, st.Object.Name}
	}
	if e.Table != "" {
		name = seedName{e.Schema, e.Table}
	}
	for oid, t := range before {
		if t.names[0] == name {
			return oid
		}
	}
	return 0
}

// clear empties a table and those that reference it, or all where that is not
// known, and takes away what a failed statement outside of a transaction left. It
// gives what is left of the rows.
func clear(ctx context.Context, conn *sql.Conn, run *pgdb.Runner, f *migfile.File, at apply.Place, before sample, table uint32) (sample, error) {
	tables, err := seedTables(ctx, conn)
	if err != nil || len(tables) == 0 {
		return nil, err
	}
	var names []string
	there := 0
	for _, t := range tables {
		if before[t.OID] != nil {
			there++
		}
		if table == 0 || t.OID == table {
			names = append(names, pgdb.QuoteIdent(t.Schema)+"."+pgdb.QuoteIdent(t.Name))
		}
	}
	if table != 0 && there < len(before) { // whose rows are in others by now, nobody knows which go along
		return clear(ctx, conn, run, f, at, before, 0)
	}
	if _, err := run.ExecContext(ctx, quiet); err == nil { // else nobody's triggers are told to keep still
		defer run.ExecContext(ctx, loud)
	}
	if _, err := conn.ExecContext(ctx, "SET lock_timeout = 0; SET statement_timeout = 0; TRUNCATE "+strings.Join(names, ", ")+" CASCADE"); err != nil {
		return nil, err
	}
	var left sample
	if table != 0 {
		holds, err := filled(ctx, conn, tables)
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			if before[t.OID] != nil && !holds[t.OID] {
				delete(before, t.OID)
			}
		}
		left = before
	}
	return left, dropLeftover(ctx, conn, f, at)
}

// dropLeftover drops the index that a failed CREATE INDEX CONCURRENTLY leaves.
func dropLeftover(ctx context.Context, conn *sql.Conn, f *migfile.File, at apply.Place) error {
	segment := f.Segments[at.Segment]
	if segment.Transactional {
		return nil
	}
	index := migfile.ConcurrentIndex(segment.Statements[at.Statement].SQL)
	if index.Name == "" || index.Drop {
		return nil
	}
	name := index.Name
	if index.Schema != "" {
		name = index.Schema + "." + name
	}
	_, err := conn.ExecContext(ctx, "DROP INDEX IF EXISTS "+name)
	return err
}

// failing is the plan's statement that failed, or nil.
func (w *way) failing(err error) *plan.Statement {
	var failed *apply.StatementError
	if !errors.As(err, &failed) {
		return nil
	}
	for i := range w.plan.Segments {
		for j := range w.plan.Segments[i].Statements {
			if st := &w.plan.Segments[i].Statements[j]; st.SQL == failed.SQL {
				return st
			}
		}
	}
	return nil
}

// alsoRefused tries the other constraints that are still to be validated, before the
// rows that stop one of them go.
func (w *way) alsoRefused(ctx context.Context, conn *sql.Conn, err error) error {
	failing := w.failing(err)
	for _, s := range w.plan.Segments {
		for i := range s.Statements {
			st := &s.Statements[i]
			if st == failing || !st.Patient || st.Object.Kind != catalog.KindConstraint {
				continue
			}
			if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
				return err
			}
			_, refusal := conn.ExecContext(ctx, st.SQL)
			if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil {
				return err
			}
			if pgdb.AsError(refusal) != nil && aboutRows(refusal) {
				w.say(st, refusal)
			}
		}
	}
	return nil
}

// say gives a statement the hazard that rows of the schema's files stop it.
func (w *way) say(st *plan.Statement, err error) {
	message, _ := pgdb.AsError(err).Explain()
	message = "it fails on rows of the schema's files: " + message
	if slices.Contains(w.refused, message) {
		return
	}
	w.refused = append(w.refused, message)
	st.Hazards = append(st.Hazards, lint.Hazard{Kind: lint.MayFail, Rows: -1, Bytes: -1, Message: message})
}

// mark gives the plan's statement that failed a hazard. That made-up rows stop it is
// said unless it has one that says so; that rows of the schema's own files do,
// always.
func (w *way) mark(err error, own bool) {
	st := w.failing(err)
	if st == nil {
		return
	}
	if own {
		w.say(st, err)
		return
	}
	if slices.ContainsFunc(st.Hazards, func(h lint.Hazard) bool { return h.Kind == lint.MayFail }) {
		return
	}
	message := "it failed on rows that were made up for the proof: " + pgdb.AsError(err).Message
	st.Hazards = append(st.Hazards, lint.Hazard{Kind: lint.MayFail, Rows: -1, Bytes: -1, Message: message})
}
