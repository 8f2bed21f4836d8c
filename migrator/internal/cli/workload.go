package cli

import (
	"errors"
	"io"
	"os"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/problem"
)

// turnOn says how to have statements counted where they are not, also on managed
// services; "" for any other error.
func turnOn(err error) string {
	const library = "have the server load pg_stat_statements (shared_preload_libraries, and a restart; managed services have it in their settings)"
	switch {
	case errors.Is(err, workload.ErrNotInstalled):
		return "run CREATE EXTENSION pg_stat_statements, and " + library + ", or give --log or --queries"
	case errors.Is(err, workload.ErrNotLoaded):
		return library + ", or give --log or --queries"
	}
	return ""
}

// statistics reads pg_stat_statements.
func statistics(s *session, db *pgdb.DB) (*workload.Workload, error) {
	w, err := workload.FromStatistics(s.ctx, db)
	if hint := turnOn(err); hint != "" {
		return nil, problem.Wrap(err, hint, "%v", err)
	}
	return w, err
}

// ofQueries is how people are told that a workload comes from a file of queries.
const ofQueries = "the queries of"

// fromFile reads a workload from a file, or from standard input for -.
func fromFile(s *session, path, what string, read func(io.Reader, string) (*workload.Workload, error)) (*workload.Workload, error) {
	in, name := s.In, what+" of standard input"
	if what == ofQueries {
		name = what + " standard input"
	}
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, problem.Wrap(err, "check the path", "cannot read %s: %v", path, reason(err))
		}
		defer f.Close()
		in, name = f, what+" "+path
	}
	w, err := read(in, name)
	var calls *workload.CallsError
	if errors.As(err, &calls) {
		return nil, problem.Wrap(err, "write a whole number, as in -- calls: 1200", "%s:%d: %v", shownPath(path), calls.Line, err)
	}
	if errors.Is(err, workload.ErrNoStatements) && what == ofQueries {
		return nil, problem.Wrap(err, "write SQL statements into it, each ended by a semicolon", "%s holds no statements", shownPath(path))
	}
	if errors.Is(err, workload.ErrNoStatements) {
		return nil, problem.Wrap(err, "log statements with log_min_duration_statement = 0, or with auto_explain", "%s holds no statements", name)
	}
	return w, err
}

// shownPath is a path as messages have it.
func shownPath(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}
