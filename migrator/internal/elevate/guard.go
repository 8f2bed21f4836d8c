package elevate

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Guard runs statements of schemas on a server that Setup made ready.
type Guard struct {
	Token Token
	// raised tells that something was made with a superuser's rights, in one of
	// the server's databases: only then can anything be out of use.
	raised atomic.Bool
	// options tells that a role was given a grant option, in one of the server's
	// databases. Whoever is a member of that role and of an owner's would then grant
	// and revoke as either; a superuser does it as the owner.
	options atomic.Bool
}

// Alone implements pgdb.Guard. Privileges are tried with the rest: who has them
// to give is seen by the server's warnings.
func (g *Guard) Alone(query string) bool {
	p := parse(query)
	k := judge(p)
	return k.way != plain && !k.grant && !k.owner || authorization(p) != ""
}

// Exec implements pgdb.Guard.
func (g *Guard) Exec(ctx context.Context, db *pgdb.DB, conn *sql.Conn, inside bool, query string) (sql.Result, error) {
	s := &session{ctx: ctx, guard: g, db: db, conn: conn, inside: inside}
	p := parse(query)
	if other := authorization(p); other != "" {
		return conn.ExecContext(ctx, other)
	}
	k := judge(p)
	if k.replication && db.Major() >= 15 { // where the right to a setting can be given
		k.way = plain
	}
	switch k.way {
	case raised:
		return s.together(ctx, func() (sql.Result, error) { return s.raised(query, k) })
	case attempt:
		return s.together(ctx, func() (sql.Result, error) { return s.attempt(query, k) })
	case leakproof:
		i := p.find("leakproof")
		return s.together(ctx, func() (sql.Result, error) {
			result, err := conn.ExecContext(ctx, p.without(i, i+1))
			if err == nil {
				err = s.call("SELECT pg_migrator.leakproof($1)", string(g.Token))
			}
			return result, err
		})
	case wrapper:
		return s.together(ctx, func() (sql.Result, error) { return s.wrapper(p) })
	case extension:
		return s.together(ctx, func() (sql.Result, error) { return s.extension(p) })
	}
	result, err := conn.ExecContext(ctx, query)
	if !inside && aboutMembers(err) {
		if err := g.Adopt(ctx, conn); err != nil {
			return nil, err
		}
		return conn.ExecContext(ctx, query)
	}
	return result, err
}

// Adopt implements pgdb.Guard.
func (g *Guard) Adopt(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "SELECT pg_migrator.adopt($1)", string(g.Token))
	return err
}

// Enrol makes a role one that loads schemas, and logs in.
func (g *Guard) Enrol(ctx context.Context, db *pgdb.DB, role string) error {
	_, err := db.ExecContext(ctx, "SELECT pg_migrator.enrol($1, $2)", string(g.Token), role)
	return err
}

// Trust makes the role of a connection a superuser for good: where all that is
// run is our own.
func (g *Guard) Trust(ctx context.Context, db *pgdb.DB) error {
	_, err := db.ExecContext(ctx, "SELECT pg_migrator.raise($1, pg_catalog.current_schemas(true), true)", string(g.Token))
	return err
}

// Thaw implements pgdb.Guard.
func (g *Guard) Thaw(ctx context.Context, tx *sql.Tx) error {
	if !g.raised.Load() {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_migrator.thaw($1)", string(g.Token))
	return err
}

// session is one statement's way through.
type session struct {
	ctx    context.Context
	guard  *Guard
	db     *pgdb.DB
	conn   *sql.Conn
	inside bool
}

func (s *session) call(query string, args ...any) error {
	_, err := s.conn.ExecContext(s.ctx, query, args...)
	return err
}

// together runs what takes more than one statement in one transaction.
func (s *session) together(ctx context.Context, run func() (sql.Result, error)) (sql.Result, error) {
	if s.inside {
		return run()
	}
	if err := s.call("BEGIN"); err != nil {
		return nil, err
	}
	result, err := run()
	if err == nil {
		err = s.call("COMMIT")
	}
	if err != nil {
		s.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return result, err
}

// single runs a text that must be one statement: the server refuses to prepare
// more.
func (s *session) single(query string) (sql.Result, error) {
	prepared, err := s.conn.PrepareContext(s.ctx, query)
	if err != nil {
		return nil, err
	}
	defer prepared.Close()
	return prepared.ExecContext(s.ctx)
}

// raised runs a statement between raise and lower.
func (s *session) raised(query string, k kind) (sql.Result, error) {
	s.guard.raised.Store(true)
	var bodies string
	err := s.conn.QueryRowContext(s.ctx, "SELECT pg_migrator.raise($1, pg_catalog.current_schemas(true), $2)",
		string(s.guard.Token), !k.validators).Scan(&bodies)
	if err != nil {
		return nil, err
	}
	result, err := s.single(query)
	if err != nil {
		return nil, err
	}
	return result, s.call("SELECT pg_migrator.lower($1, $2, $3)", string(s.guard.Token), bodies, k.grant || k.moves)
}

// attempt runs a statement as it is, and raised when it was refused.
func (s *session) attempt(query string, k kind) (sql.Result, error) {
	if err := s.call("SAVEPOINT migrator"); err != nil {
		return nil, err
	}
	s.db.Notices()
	if k.grant && s.guard.options.Load() {
		return s.released(s.grant(query, k))
	}
	result, err := s.conn.ExecContext(s.ctx, query)
	if s.refused(err, k) {
		result, err = s.again(query, k, err)
	}
	if k.option && err == nil {
		s.guard.options.Store(true)
	}
	return s.released(result, err)
}

func (s *session) released(result sql.Result, err error) (sql.Result, error) {
	if err == nil {
		err = s.call("RELEASE SAVEPOINT migrator")
	}
	return result, err
}

// again runs a statement that was refused with the rights that it lacked.
func (s *session) again(query string, k kind, refusal error) (sql.Result, error) {
	if err := s.call("ROLLBACK TO SAVEPOINT migrator"); err != nil {
		return nil, err
	}
	switch {
	case k.owner && aboutMembers(refusal):
		if err := s.guard.Adopt(s.ctx, s.conn); err != nil {
			return nil, err
		}
		result, err := s.conn.ExecContext(s.ctx, query)
		if s.refused(err, k) && !aboutMembers(err) {
			return s.again(query, k, err)
		}
		return result, err
	case k.grant:
		return s.grant(query, k)
	}
	return s.raised(query, k)
}

// refused tells whether a statement failed for want of rights that we lend.
func (s *session) refused(err error, k kind) bool {
	if k.grant && err == nil {
		for _, n := range s.db.Notices() {
			if n.Code == "01006" || n.Code == "01007" { // not revoked, not granted
				return true
			}
		}
	}
	e := pgdb.AsError(err)
	switch {
	case e == nil || e.Code != pgdb.InsufficientRights:
		return false
	case k.owner: // it is ours to give, and the new owner may not make it where it is
		return aboutMembers(err) || slices.ContainsFunc([]string{"schema", "database", "foreign-data wrapper"}, func(place string) bool {
			return strings.HasPrefix(e.Message, "permission denied for "+place)
		})
	}
	return true
}

// grant gives a privilege on what the superuser owns. One that would be a way out
// takes effect only where the catalog is read.
func (s *session) grant(query string, k kind) (sql.Result, error) {
	result, err := s.raised(query, k)
	if err != nil {
		return nil, err
	}
	var harmless bool
	if err := s.conn.QueryRowContext(s.ctx, "SELECT pg_migrator.harmless($1)", string(s.guard.Token)).Scan(&harmless); err != nil || harmless {
		return result, err
	}
	if err := s.call("ROLLBACK TO SAVEPOINT migrator"); err != nil {
		return nil, err
	}
	return result, s.call("SELECT pg_migrator.defer($1, $2, pg_catalog.current_setting('search_path'))", string(s.guard.Token), query)
}

// wrapper makes a foreign-data wrapper without its validator, which would be
// called for the options, and then gives it one.
func (s *session) wrapper(p phrase) (sql.Result, error) {
	i := p.find("validator")
	if i < 0 || p.tokens[i-1].word == "no" || i+1 >= len(p.tokens) {
		return s.raised(p.sql, kind{})
	}
	end := p.qualified(i + 1)
	result, err := s.raised(p.without(i, end), kind{})
	if err != nil {
		return nil, err
	}
	name := p.text(p.tokens[4])
	_, err = s.raised("ALTER FOREIGN DATA WRAPPER "+name+" VALIDATOR "+p.sql[p.tokens[i+1].From:p.tokens[end-1].To], kind{validators: true})
	return result, err
}

// extension has the superuser make an extension.
func (s *session) extension(p phrase) (sql.Result, error) {
	i := 2
	if l := p.language(); l > 0 {
		i = l + 1
	}
	if p.at(i, "if", "not", "exists") {
		i += 3
	}
	name := p.name(i)
	if name == "" {
		return s.conn.ExecContext(s.ctx, p.sql) // the server says what is wrong with it
	}
	var there bool
	if err := s.conn.QueryRowContext(s.ctx, "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) $1)", name).Scan(&there); err != nil {
		return nil, err
	}
	if there {
		return s.conn.ExecContext(s.ctx, p.sql)
	}
	var home, version sql.NullString
	if j := p.find("schema"); j > i {
		home = sql.NullString{String: p.name(j + 1), Valid: true}
	} else if err := s.conn.QueryRowContext(s.ctx, "SELECT pg_catalog.current_schema()").Scan(&home); err != nil {
		return nil, err
	}
	if j := p.find("version"); j > i {
		version = sql.NullString{String: p.name(j + 1), Valid: true}
	}
	if !home.Valid {
		return s.conn.ExecContext(s.ctx, p.sql)
	}
	return s.conn.ExecContext(s.ctx, "SELECT pg_migrator.extension($1, $2, $3, $4, $5)",
		string(s.guard.Token), name, home.String, version, p.find("cascade") > i)
}

// aboutMembers tells whether a role that was made lately is missing among those
// that ours belongs to.
func aboutMembers(err error) bool {
	e := pgdb.AsError(err)
	if e == nil || e.Code != pgdb.InsufficientRights || errors.Is(err, context.Canceled) {
		return false
	}
	for _, m := range []string{"must be member of role", "must be able to SET ROLE", "permission denied to set role", "must have admin option", "must be owner"} {
		if strings.HasPrefix(e.Message, m) {
			return true
		}
	}
	return false
}

// authorization is SET SESSION AUTHORIZATION, which only a superuser may, as what
// it comes to here: SET ROLE.
func authorization(p phrase) string {
	if p.begins("reset", "session", "authorization") {
		return "RESET ROLE"
	}
	i := p.find("session", "authorization")
	if i < 1 || !p.begins("set") || len(p.tokens) <= i+2 {
		return ""
	}
	local := ""
	if p.at(1, "local") {
		local = "LOCAL "
	}
	if p.at(i+2, "default") {
		return "SET " + local + "ROLE NONE"
	}
	return "SET " + local + "ROLE " + p.text(p.tokens[i+2])
}
