package proof

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// withRows runs the plan as it will be written, on tables with a few rows, and
// looks whether they survive. A statement that our rows stop is marked with a
// hazard, and the run goes on without rows.
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
	var before sample
	if w.direction != rebuilt {
		tables, err := seedTables(ctx, conn)
		if err != nil {
			return err
		}
		tables = relevant(tables, w.plan)
		if err := seed(ctx, conn, run, tables); err != nil {
			return err
		}
		if before, err = take(ctx, conn, tables, nil, w.plan); err != nil {
			return err
		}
	}
	at, err := apply.Execute(ctx, run, f, apply.Place{})
	for tries := 0; err != nil && len(before) > 0 && aboutRows(err) && tries < f.Statements(); tries++ {
		w.mark(err)
		if e := clear(ctx, conn, run, f, at); e != nil {
			return err
		}
		before = nil
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
	tables, err := seedTables(ctx, conn)
	if err != nil {
		return err
	}
	after, err := take(ctx, conn, tables, before, w.plan)
	if err != nil {
		return err
	}
	if lost := before.lost(after, w.plan); len(lost) > 0 {
		return &Failure{Direction: w.direction, Plan: w.plan, Lost: lost}
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
	if class == "22023" { // an option that cannot have that value
		return false
	}
	return class == "XX000" || strings.HasPrefix(class, "22") || strings.HasPrefix(class, "23")
}

// clear empties all tables, and takes away what a failed statement outside of a
// transaction left.
func clear(ctx context.Context, conn *sql.Conn, run *pgdb.Runner, f *migfile.File, at apply.Place) error {
	tables, err := seedTables(ctx, conn)
	if err != nil || len(tables) == 0 {
		return err
	}
	var names []string
	for _, t := range tables {
		names = append(names, pgdb.QuoteIdent(t.Schema)+"."+pgdb.QuoteIdent(t.Name))
	}
	if _, err := run.ExecContext(ctx, quiet); err == nil { // else nobody's triggers are told to keep still
		defer run.ExecContext(ctx, loud)
	}
	if _, err := conn.ExecContext(ctx, "SET lock_timeout = 0; SET statement_timeout = 0; TRUNCATE "+strings.Join(names, ", ")+" CASCADE"); err != nil {
		return err
	}
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
	_, err = conn.ExecContext(ctx, "DROP INDEX IF EXISTS "+name)
	return err
}

// mark gives the plan's statement that failed a hazard, unless it has one that
// says so.
func (w *way) mark(err error) {
	var failed *apply.StatementError
	if !errors.As(err, &failed) {
		return
	}
	e := pgdb.AsError(err)
	for i, s := range w.plan.Segments {
		for j, st := range s.Statements {
			if st.SQL != failed.SQL {
				continue
			}
			for _, h := range st.Hazards {
				if h.Kind == lint.MayFail {
					return
				}
			}
			w.plan.Segments[i].Statements[j].Hazards = append(st.Hazards, lint.Hazard{
				Kind: lint.MayFail, Rows: -1, Bytes: -1,
				Message: fmt.Sprintf("it failed on rows that were made up for the proof: %s", e.Message),
			})
			return
		}
	}
}
