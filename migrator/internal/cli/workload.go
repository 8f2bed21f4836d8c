package cli

import (
	"errors"
	"io"
	"os"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/problem"
)

// statistics reads pg_stat_statements, and says how to turn it on where it is not.
func statistics(s *session, db *pgdb.DB) (*workload.Workload, error) {
	w, err := workload.FromStatistics(s.ctx, db)
	const restart = "shared_preload_libraries = 'pg_stat_statements' in the server's configuration and a restart (managed services have a switch for it)"
	switch {
	case errors.Is(err, workload.ErrNotInstalled):
		return nil, problem.Wrap(err, "run CREATE EXTENSION pg_stat_statements, with "+restart+"; or give --log or --queries", "there is no workload: %v", err)
	case errors.Is(err, workload.ErrNotLoaded):
		return nil, problem.Wrap(err, restart+" turn it on; or give --log or --queries", "there is no workload: %v", err)
	}
	return w, err
}

// fromFile reads a workload from a file, or from standard input for -.
func fromFile(s *session, path, what string, read func(io.Reader, string) (*workload.Workload, error)) (*workload.Workload, error) {
	in, name := s.In, what+" of standard input"
	if what == "the queries of" {
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
	if errors.Is(err, workload.ErrNoStatements) {
		return nil, problem.Wrap(err, "log statements with log_min_duration_statement = 0, or with auto_explain", "%s holds no statements", name)
	}
	return w, err
}
