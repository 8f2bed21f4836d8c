package judge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
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
	// dumper is a pg_dump that is not older than the server; "" where this
	// machine has none, and then the catalog is the only judge.
	dumper string

	mu   sync.Mutex
	free []*Database
	made int
}

// Open starts a server of our own, of the major version that the environment
// variable MIGRATOR_TEST_POSTGRES names; without it, of this machine's programs.
func Open(ctx context.Context) (*Server, error) {
	if major := os.Getenv("MIGRATOR_TEST_POSTGRES"); major != "" {
		return OpenMode(ctx, scratch.Embedded+":"+major)
	}
	return OpenMode(ctx, scratch.Local)
}

// OpenLarge starts a server of this machine's programs that holds whatever comes.
func OpenLarge(ctx context.Context) (*Server, error) {
	return open(ctx, scratch.Options{Mode: scratch.Local, Large: true})
}

// OpenMode starts a server in one of the modes of package scratch.
func OpenMode(ctx context.Context, mode string) (*Server, error) {
	return open(ctx, scratch.Options{Mode: mode})
}

func open(ctx context.Context, o scratch.Options) (*Server, error) {
	o.Log, o.Trusted = os.Stderr, true
	inner, err := scratch.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &Server{scratch: inner}
	if s.admin, err = inner.Database(ctx); err != nil {
		return nil, errors.Join(err, inner.Close())
	}
	s.dumper = dumper(ctx, s.Major())
	for _, role := range Roles {
		if _, err := s.admin.ExecContext(ctx, "CREATE ROLE "+pgdb.QuoteIdent(role)); err != nil {
			return nil, errors.Join(err, inner.Close())
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

// Dumps tells whether pg_dump judges, too.
func (s *Server) Dumps() bool { return s.dumper != "" }

// Dump is the schema as pg_dump writes it; nil where there is no pg_dump for
// this server.
func (d *Database) Dump(ctx context.Context) (Dump, error) {
	if !d.server.Dumps() {
		return nil, nil
	}
	text, err := d.server.program(ctx, "", d.server.dumper, "--schema-only", "-d", d.Target.URL())
	if err != nil {
		return nil, err
	}
	return ParseDump(text), nil
}

// clients are where the client programs lie that are not in PATH.
const clients = "/usr/lib/postgresql/*/bin/"

var dumpVersion = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// dumper finds the oldest pg_dump that reads a server of a major version.
func dumper(ctx context.Context, major int) string {
	found, _ := filepath.Glob(clients + "pg_dump")
	if path, err := exec.LookPath("pg_dump"); err == nil {
		found = append(found, path)
	}
	best, bestMajor := "", 0
	for _, path := range found {
		out, err := exec.CommandContext(ctx, path, "--version").Output()
		m := dumpVersion.FindSubmatch(out)
		if err != nil || m == nil {
			continue
		}
		if n, _ := strconv.Atoi(string(m[1])); n >= major && (best == "" || n < bestMajor) {
			best, bestMajor = path, n
		}
	}
	return best
}

// program runs a client program, of the server's version where that is there.
func (s *Server) program(ctx context.Context, stdin, name string, args ...string) (string, error) {
	path := name
	if same := filepath.Join(strings.Replace(clients, "*", strconv.Itoa(s.Major()), 1), name); !filepath.IsAbs(name) {
		if _, err := os.Stat(same); err == nil {
			path = same
		}
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "PGOPTIONS=-c client_min_messages=warning")
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %s", filepath.Base(name), strings.TrimSpace(firstError(errs.String(), err)))
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
