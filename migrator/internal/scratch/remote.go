package scratch

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// remote makes temporary databases on a server that somebody else runs.
type remote struct {
	home *pgdb.DB  // the database that was named
	hold *sql.Conn // holds the lock that says that we live
	run  int32     // number of this run: part of the databases' names

	mu    sync.Mutex
	names []string
	dbs   []*pgdb.DB
}

const (
	// remotePrefix begins the names of temporary databases; the number of the
	// run and of the database follow.
	remotePrefix = "migrator_scratch_"
	// lockClass is the first half of the advisory lock's key ("migr").
	lockClass = 0x6d696772
	// closeLimit is how long removing may take after the work was interrupted.
	closeLimit = 30 * time.Second
)

// openRemote connects and makes sure that databases can be made.
func openRemote(ctx context.Context, t *pgdb.Target) (Server, error) {
	home, err := pgdb.Open(ctx, t)
	if err != nil {
		return nil, err
	}
	s := &remote{home: home}
	if err := s.prepare(ctx); err != nil {
		home.Close()
		return nil, err
	}
	return s, nil
}

func (s *remote) prepare(ctx context.Context) error {
	var may, standby bool
	var role string
	err := s.home.QueryRowContext(ctx, `SELECT rolcreatedb OR rolsuper, rolname, pg_catalog.pg_is_in_recovery()
		FROM pg_catalog.pg_roles WHERE rolname = current_user`).Scan(&may, &role, &standby)
	if err != nil {
		return fmt.Errorf("asking for the role's rights: %w", err)
	}
	if standby {
		return problem.New("give --scratch the connection string of a server that can be written, or use --scratch local",
			"%s is a read-only replica: no scratch database can be made there", s.home.Target)
	}
	if !may {
		return problem.New(fmt.Sprintf("ALTER ROLE %s CREATEDB, or use --scratch local", pgdb.QuoteIdent(role)),
			"the role %s may not create databases", role)
	}
	var b [4]byte
	rand.Read(b[:])
	s.run = int32(binary.BigEndian.Uint32(b[:]) &^ (1 << 31))
	if s.hold, err = s.home.Conn(ctx); err != nil {
		return err
	}
	if _, err := s.hold.ExecContext(ctx, fmt.Sprintf("SELECT pg_catalog.pg_advisory_lock(%d, %d)", lockClass, s.run)); err != nil {
		return fmt.Errorf("taking the scratch lock: %w", err)
	}
	return s.removeStale(ctx)
}

// removeStale drops databases of runs that are over: nobody holds their lock.
func (s *remote) removeStale(ctx context.Context) error {
	rows, err := s.home.QueryContext(ctx, `SELECT datname FROM pg_catalog.pg_database d
		WHERE datname LIKE 'migrator\_scratch\_%' AND pg_catalog.pg_has_role(datdba, 'USAGE')
		AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory'
			AND l.classid::bigint = `+fmt.Sprint(lockClass)+` AND l.objid::text = split_part(datname, '_', 3))`)
	if err != nil {
		return fmt.Errorf("looking for scratch databases left behind: %w", err)
	}
	defer rows.Close()
	var left []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		left = append(left, name)
	}
	for _, name := range left {
		s.drop(ctx, name) // somebody else may be doing the same
	}
	return rows.Err()
}

// Database implements Server. It is made as the named database was: encoding
// and collation decide what a schema means.
func (s *remote) Database(ctx context.Context) (*pgdb.DB, error) {
	like, err := s.likeHome(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	name := fmt.Sprintf("%s%d_%d", remotePrefix, s.run, len(s.names)+1)
	s.names = append(s.names, name)
	s.mu.Unlock()
	_, err = s.home.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"+like)
	if err != nil {
		message := err.Error()
		if e := pgdb.AsError(err); e != nil {
			message = e.Message
		}
		return nil, problem.Wrap(err, "use --scratch local, or another server", "cannot make a scratch database on %s: %s", s.home.Target, message)
	}
	db, err := pgdb.Open(ctx, s.home.Target.With(name))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.dbs = append(s.dbs, db)
	s.mu.Unlock()
	return db, nil
}

// likeHome are the options of CREATE DATABASE that repeat the named one's.
func (s *remote) likeHome(ctx context.Context) (string, error) {
	provider, locale := "'c'", "NULL::text"
	switch major := s.home.Major(); {
	case major >= 17:
		provider, locale = "datlocprovider", "datlocale"
	case major >= 15:
		provider, locale = "datlocprovider", "daticulocale"
	}
	var encoding, collate, ctype, kind string
	var name sql.NullString
	err := s.home.QueryRowContext(ctx, "SELECT pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype, "+provider+"::text, "+locale+
		" FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()").Scan(&encoding, &collate, &ctype, &kind, &name)
	if err != nil {
		return "", fmt.Errorf("asking for the database's locale: %w", err)
	}
	q := pgdb.QuoteLiteral
	like := " ENCODING " + q(encoding) + " LC_COLLATE " + q(collate) + " LC_CTYPE " + q(ctype)
	switch {
	case kind == "i" && name.Valid:
		like += " LOCALE_PROVIDER icu ICU_LOCALE " + q(name.String)
	case kind == "b" && name.Valid:
		like += " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + q(name.String)
	}
	return like, nil
}

// As implements Server: the roles of a server that is not ours are what they are.
func (s *remote) As(_ context.Context, db *pgdb.DB, _ string) (*pgdb.DB, error) { return db, nil }

// URL implements Server.
func (s *remote) URL(db *pgdb.DB) (string, error) { return db.Target.URL(), nil }

// Owned implements Server.
func (s *remote) Owned() bool { return false }

// String implements Server.
func (s *remote) String() string {
	return fmt.Sprintf("PostgreSQL %s (temporary databases on %s)", versionText(s.home.Version), s.home.Target.Address())
}

// Close implements Server.
func (s *remote) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	for _, db := range s.dbs {
		db.Close()
	}
	var failed []error
	var wait sync.WaitGroup
	var mu sync.Mutex
	for _, name := range s.names {
		wait.Go(func() {
			if err := s.drop(ctx, name); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			}
		})
	}
	wait.Wait()
	s.hold.Close()
	s.home.Close()
	return errors.Join(failed...)
}

// drop removes a database, and whoever is still in it.
func (s *remote) drop(ctx context.Context, name string) error {
	if !strings.HasPrefix(name, remotePrefix) {
		return fmt.Errorf("%s is no scratch database", name)
	}
	_, err := s.home.ExecContext(ctx, "DROP DATABASE IF EXISTS "+pgdb.QuoteIdent(name)+" WITH (FORCE)")
	if err != nil {
		return problem.Wrap(err, "DROP DATABASE "+name, "cannot remove the scratch database %s: %v", name, err)
	}
	return nil
}
