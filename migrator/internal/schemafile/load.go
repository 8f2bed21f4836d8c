package schemafile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// batch is how many statements go to the server at once.
const batch = 200

// Load runs files in a scratch database. Statements that need something that
// comes later are tried again until nothing moves any more, so files may come
// in any order.
func Load(ctx context.Context, db *pgdb.DB, files []File, o Options) (*Loaded, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	l := &loader{db: db, conn: conn, runner: db.Runner(conn), options: o, loaded: &Loaded{}}
	included := included(files)
	for i := range files {
		if included[absolute(files[i].Name)] {
			continue // it comes where another file names it
		}
		l.psql = psql{variables: maps.Clone(o.Variables)}
		if err := l.script(ctx, &files[i], 0); err != nil {
			return nil, err
		}
	}
	if err := l.retry(ctx); err != nil {
		return nil, l.forWant(err)
	}
	// The session's settings must not reach whoever uses the connection next.
	if _, err := conn.ExecContext(ctx, "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL"); err != nil {
		return nil, err
	}
	return l.loaded, nil
}

type loader struct {
	db      *pgdb.DB
	conn    *sql.Conn
	runner  *pgdb.Runner // on conn
	options Options
	loaded  *Loaded
	psql    psql
	waiting []attempt // what needs something that is not there yet
}

// attempt is a statement that failed, and the setting that it ran with.
type attempt struct {
	statement
	searchPath string
	err        error
}

// settings of a loading session: bodies of functions are checked by nobody, as
// pg_dump has it, since what they use may come later.
const settings = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET check_function_bodies = off; SET client_min_messages = warning; SET statement_timeout = 0; SET lock_timeout = 0"

// together sends statements in one go, which is one transaction; when something in
// it fails, it runs them one by one.
func (l *loader) together(ctx context.Context, sts []statement) error {
	if len(sts) > 1 && len(l.waiting) == 0 {
		var b strings.Builder
		for _, s := range sts {
			b.WriteString(s.SQL)
			b.WriteString(";\n")
		}
		l.db.Notices()
		if _, err := l.conn.ExecContext(ctx, b.String()); err == nil {
			return l.grants(ctx, sts)
		} else if pgdb.AsError(err) == nil {
			return err
		}
	}
	for _, s := range sts {
		err := l.one(ctx, s)
		switch {
		case err == nil:
		case mayComeLater(err):
			var path string
			if e := l.conn.QueryRowContext(ctx, "SELECT pg_catalog.current_setting('search_path')").Scan(&path); e != nil {
				return e
			}
			l.waiting = append(l.waiting, attempt{s, path, err})
		default:
			return s.problem(err)
		}
	}
	return nil
}

// one runs a statement. A role that is only named is made where that is ours
// to do.
func (l *loader) one(ctx context.Context, s statement) error {
	for range 10 {
		err := l.exec(ctx, s)
		if err == nil {
			return l.adopt(ctx, s)
		}
		e := pgdb.AsError(err)
		if e == nil {
			return err
		}
		if isThere(s, e) || l.withoutExtension(s, err) {
			return nil
		}
		if e.Code == pgdb.InsufficientRights {
			return l.lacking(ctx, s, err)
		}
		m := missingRole.FindStringSubmatch(e.Message)
		if e.Code != pgdb.UndefinedObject || m == nil || !l.mayMake(m[1]) {
			return err
		}
		if _, err := l.conn.ExecContext(ctx, "CREATE ROLE "+pgdb.QuoteIdent(m[1])); err != nil {
			return err
		}
		l.loaded.Roles = append(l.loaded.Roles, m[1])
		if l.db.Guard != nil {
			if err := l.db.Guard.Adopt(ctx, l.conn); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("%s: too many roles are missing", short(s.SQL))
}

// adopt makes the loader a member of a role that s has made: what is given to that
// role is referenced and altered by later statements, as a dump's owner does.
func (l *loader) adopt(ctx context.Context, s statement) error {
	w := append(sqltext.Words(s.SQL, 2), "", "")
	if l.db.Guard == nil || w[0] != "create" && w[0] != "do" || w[0] == "create" && w[1] != "role" && w[1] != "user" && w[1] != "group" {
		return nil
	}
	return l.db.Guard.Adopt(ctx, l.conn)
}

var missingRole = regexp.MustCompile(`^role "(.*)" does not exist$`)

func (l *loader) mayMake(role string) bool {
	return l.options.Owned && (l.options.KnownRoles == nil || slices.Contains(l.options.KnownRoles, role))
}

// isThere says whether a statement failed because what it makes is in every
// new database, or because its role was made already.
func isThere(s statement, e *pgdb.Error) bool {
	words := strings.Join(sqltext.Words(s.SQL, 3), " ")
	switch e.Code {
	case "42P06":
		return words == "create schema public"
	case "42710":
		return words == "create extension plpgsql" || strings.HasPrefix(words, "create role") || strings.HasPrefix(words, "create user")
	}
	return false
}

// mayComeLater says whether an error can go away when more is there.
func mayComeLater(err error) bool {
	switch pgdb.Code(err) {
	case pgdb.UndefinedTable, pgdb.UndefinedObject, pgdb.ForeignKeyViolation, "42703", "42883", "3F000", "42830", "42P17", "42804", "42846", "42809", "2BP01", "42P10":
		return true
	}
	return false
}

// retry runs what waits until nothing moves any more.
func (l *loader) retry(ctx context.Context) error {
	for len(l.waiting) > 0 {
		var still []attempt
		for _, a := range l.waiting {
			if _, err := l.conn.ExecContext(ctx, "SELECT pg_catalog.set_config('search_path', "+pgdb.QuoteLiteral(a.searchPath)+", false)"); err != nil {
				return err
			}
			a.err = l.one(ctx, a.statement)
			switch {
			case a.err == nil:
			case mayComeLater(a.err):
				still = append(still, a)
			default:
				return a.problem(a.err)
			}
		}
		if len(still) == len(l.waiting) {
			wrong, err := l.leave(ctx, still)
			if err == nil && len(wrong) > 0 {
				err = l.unresolved(wrong)
			}
			return err
		}
		l.waiting = still
	}
	return nil
}

// hintOf is the hint of an error that a statement's own error takes over.
func hintOf(err error) string {
	if p := (*problem.Problem)(nil); errors.As(err, &p) {
		return p.Hint
	}
	return ""
}

// includedPath is where \i and \ir find a file: beside the one that names it, or,
// for what psql was started elsewhere for, in the working folder.
func includedPath(by *File, argument string) string {
	if filepath.IsAbs(argument) {
		return argument
	}
	beside := filepath.Join(filepath.Dir(by.Name), argument)
	if _, err := os.Stat(beside); err != nil {
		if _, err := os.Stat(argument); err == nil {
			return argument
		}
	}
	return beside
}

// include reads a file that this one names, of its own folder or the one that it
// was given.
func (f *File) include(argument string) (File, error) {
	root := f.root
	if root == "" {
		root = filepath.Dir(f.Name)
	}
	return readWithin(root, includedPath(f, argument))
}

// included are the files that others name with \i: a folder that is loaded as a
// whole has them, too.
func included(files []File) map[string]bool {
	found := map[string]bool{}
	for i := range files {
		if len(files) == 1 || !strings.Contains(files[i].Text, `\i`) {
			continue
		}
		for _, st := range sqltext.Split(files[i].Text) {
			switch name, argument, _ := strings.Cut(st.Meta, " "); name {
			case `\i`, `\include`, `\ir`, `\include_relative`:
				found[absolute(includedPath(&files[i], strings.Trim(strings.TrimSpace(argument), `'"`)))] = true
			}
		}
	}
	return found
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

func (l *loader) note(s statement, text string) {
	l.loaded.Notes = append(l.loaded.Notes, fmt.Sprintf("%s:%d: %s", s.file.Name, s.Line, text))
}
