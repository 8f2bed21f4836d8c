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
	role string    // loads what comes, and may nothing else; made for the run
	pass string    // its password
	// before is the server's fingerprint, where the caller's own role loads.
	before string

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
		s.Close() //nolint:contextcheck // it has a limit of its own: ctx may have ended
		return nil, err
	}
	return s, nil
}

func (s *remote) prepare(ctx context.Context) error {
	var may, mayRoles, standby bool
	var role string
	err := s.home.QueryRowContext(ctx, `SELECT rolcreatedb OR rolsuper, rolcreaterole OR rolsuper, rolname, pg_catalog.pg_is_in_recovery()
		FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) current_user`).Scan(&may, &mayRoles, &role, &standby)
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
	if err := s.removeStale(ctx); err != nil {
		return err
	}
	if mayRoles {
		return s.makeRole(ctx, role)
	}
	// The caller's own can make no role either, and no database from within a
	// schema: statements that would are left out, and DO cannot. What it can do to
	// itself is looked for at the end.
	s.before, err = s.fingerprint(ctx)
	return err
}

// fingerprint is what roles and databases of the server are, but for scratch
// databases. Passwords are not seen.
func (s *remote) fingerprint(ctx context.Context) (sum string, err error) {
	err = s.home.QueryRowContext(ctx, `SELECT pg_catalog.md5(pg_catalog.concat(
		(SELECT pg_catalog.string_agg(r::text, ';' ORDER BY r.oid) FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^migrator_scratch_'),
		(SELECT pg_catalog.string_agg(pg_catalog.concat_ws(',', d.datname, d.datdba, d.datacl, d.datconnlimit, d.datallowconn), ';' ORDER BY d.oid)
			FROM pg_catalog.pg_database d WHERE d.datname !~ '^migrator_scratch_'),
		(SELECT pg_catalog.string_agg(c::text, ';' ORDER BY c.setdatabase, c.setrole) FROM pg_catalog.pg_db_role_setting c
			WHERE c.setdatabase NOT IN (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname ~ '^migrator_scratch_'))))`).Scan(&sum)
	if err != nil {
		return "", fmt.Errorf("asking what roles and databases there are: %w", err)
	}
	return sum, nil
}

// changed tells whether a schema did something to the server, where the role that
// loaded it could.
func (s *remote) changed(ctx context.Context) error {
	if s.before == "" {
		return nil
	}
	if after, err := s.fingerprint(ctx); err != nil || after == s.before {
		return err
	}
	return problem.New(`look at \drds, \l and \du of the server; grant the role CREATEROLE, and schemas are loaded by a role of their own`,
		"a role, a database or a setting of %s was changed while the schema was loaded", s.home.Target)
}

// makeRole makes the role of the run: it owns its databases, and can make no
// roles, databases or tablespaces, nor set anything for others.
func (s *remote) makeRole(ctx context.Context, caller string) error {
	s.role, s.pass = fmt.Sprintf("%s%d", remotePrefix, s.run), rand.Text()
	for _, statement := range []string{
		"CREATE ROLE " + s.role + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD " + pgdb.QuoteLiteral(s.pass),
		"GRANT " + s.role + " TO " + pgdb.QuoteIdent(caller),
	} {
		if _, err := s.home.ExecContext(ctx, statement); err != nil {
			return problem.Wrap(err, "use --scratch local, or another server", "cannot make a role for the scratch databases on %s: %v", s.home.Target, err)
		}
	}
	return nil
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
	if err := rows.Err(); err != nil {
		return err
	}
	return s.removeStaleRoles(ctx)
}

// removeStaleRoles drops roles of such runs.
func (s *remote) removeStaleRoles(ctx context.Context) error {
	rows, err := s.home.QueryContext(ctx, `SELECT rolname FROM pg_catalog.pg_roles
		WHERE rolname ~ '^migrator_scratch_[0-9]+$' AND pg_catalog.pg_has_role(oid, 'USAGE')
		AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory'
			AND l.classid::bigint = `+fmt.Sprint(lockClass)+` AND l.objid::text = split_part(rolname, '_', 3))`)
	if err != nil {
		return fmt.Errorf("looking for roles left behind: %w", err)
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
		s.home.ExecContext(ctx, "DROP ROLE IF EXISTS "+pgdb.QuoteIdent(name))
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
	_, err = s.home.ExecContext(ctx, "CREATE DATABASE "+name+s.owner()+" TEMPLATE template0"+like)
	if err != nil {
		message := err.Error()
		if e := pgdb.AsError(err); e != nil {
			message = e.Message
		}
		return nil, problem.Wrap(err, "use --scratch local, or another server", "cannot make a scratch database on %s: %s", s.home.Target, message)
	}
	db, err := s.login(ctx, name)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.dbs = append(s.dbs, db)
	s.mu.Unlock()
	return db, nil
}

func (s *remote) owner() string {
	if s.role == "" {
		return ""
	}
	return " OWNER " + s.role
}

// login connects as the role that loads schemas.
func (s *remote) login(ctx context.Context, name string) (*pgdb.DB, error) {
	target := s.home.Target.With(name)
	if s.role == "" {
		return pgdb.Open(ctx, target)
	}
	db, err := pgdb.Open(ctx, target.Login(s.role, s.pass))
	if err != nil {
		return nil, problem.Wrap(err, "let roles of this server log in with a password (pg_hba.conf), or use --scratch local",
			"the role made for the scratch databases cannot log in: %v", err)
	}
	db.StandsFor = s.home.Target.User()
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

// Gives implements Server.
func (s *remote) Gives() bool { return s.role == "" }

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
	if err := s.changed(ctx); err != nil {
		failed = append(failed, err)
	}
	if s.role != "" {
		if _, err := s.home.ExecContext(ctx, "DROP ROLE IF EXISTS "+s.role); err != nil {
			failed = append(failed, problem.Wrap(err, "DROP ROLE "+s.role, "cannot remove the role %s: %v", s.role, err))
		}
	}
	if s.hold != nil {
		s.hold.Close()
	}
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
