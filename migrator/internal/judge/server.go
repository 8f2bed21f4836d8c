package judge

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

// Roles are there on every Server, for the schemas to name.
var Roles = [...]string{"app_owner", "app_reader", "app_writer", "App Admin"}

// Server is a scratch server with the client programs beside it.
type Server struct {
	scratch scratch.Server
	admin   *pgdb.DB

	mu   sync.Mutex
	free []*Database
	made int
}

// Open starts a server of our own.
func Open(ctx context.Context) (*Server, error) {
	inner, err := scratch.Open(ctx, scratch.Options{Mode: scratch.Local, Log: os.Stderr})
	if err != nil {
		return nil, err
	}
	s := &Server{scratch: inner}
	if s.admin, err = inner.Database(ctx); err != nil {
		return nil, fmt.Errorf("%w (%v)", err, inner.Close())
	}
	for _, role := range Roles {
		if _, err := s.admin.ExecContext(ctx, "CREATE ROLE "+pgdb.QuoteIdent(role)); err != nil {
			return nil, fmt.Errorf("%w (%v)", err, inner.Close())
		}
	}
	return s, nil
}

// Close stops the server.
func (s *Server) Close() error { return s.scratch.Close() }

// String says what server it is.
func (s *Server) String() string { return s.scratch.String() }

// Major is the server's major version.
func (s *Server) Major() int { return s.admin.Major() }

// Database is one database of the server.
type Database struct {
	*pgdb.DB
	server *Server
}

// Run runs a script with psql, which stops at the first error.
func (d *Database) Run(ctx context.Context, script string) error {
	_, err := d.server.program(ctx, script, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=default", "-d", d.Target.URL())
	return err
}

// Query runs queries with psql, and gives the rows as it prints them.
func (d *Database) Query(ctx context.Context, queries string) (string, error) {
	return d.server.program(ctx, queries, "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", d.Target.URL())
}

// Dump is the schema as pg_dump writes it.
func (d *Database) Dump(ctx context.Context) (Dump, error) {
	text, err := d.server.program(ctx, "", "pg_dump", "--schema-only", "-d", d.Target.URL())
	if err != nil {
		return nil, err
	}
	return ParseDump(text), nil
}

// program runs a client program of the server's version.
func (s *Server) program(ctx context.Context, stdin, name string, args ...string) (string, error) {
	path := filepath.Join(fmt.Sprintf("/usr/lib/postgresql/%d/bin", s.Major()), name)
	if _, err := os.Stat(path); err != nil {
		path = name
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "PGOPTIONS=-c client_min_messages=warning")
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %s", name, strings.TrimSpace(firstError(errs.String(), err)))
	}
	return out.String(), nil
}

func firstError(text string, err error) string {
	for line := range strings.SplitSeq(text, "\n") {
		if i := strings.Index(line, "ERROR:"); i >= 0 {
			// The details name what stands in the way.
			_, rest, _ := strings.Cut(text, line)
			return line[i:] + strings.TrimRight(rest, "\n")
		}
	}
	if text != "" {
		return text
	}
	return err.Error()
}
