package proof

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

// State is a schema on one side of a migration.
type State struct {
	Catalog *catalog.Catalog
	// Whole is the catalog with what is left out of Catalog, where a filter leaves
	// something out; else nil.
	Whole *catalog.Catalog
	// DB is a scratch database that holds the state and may be used up, or nil
	// where the state was read from a database in use.
	DB *pgdb.DB
	// Loaded is what loading its files had to say; nil for a database.
	Loaded *schemafile.Loaded

	left map[catalog.ID]bool // what a copy must not hold: it wants an extension that is not there
	also []catalog.ID        // what a copy holds besides: the wanted state stands on it
}

// Select leaves out of the state what a filter does, and says what that is.
func (s *State) Select(f catalog.Filter) []catalog.ID {
	kept, left := s.Catalog.Select(f)
	s.left = f.Left
	if len(left) > 0 && s.Whole == nil {
		s.Whole = s.Catalog
	}
	s.Catalog = kept
	return left
}

// Leave leaves objects out of the state.
func (s *State) Leave(ids ...catalog.ID) {
	whole := s.Whole
	if whole == nil {
		whole = s.Catalog
	}
	s.Whole, s.Catalog = whole, s.Catalog.Without(ids...)
}

// needs is what the objects that are looked at need of those that are not.
func (s *State) needs() []catalog.ID {
	if s.Whole == nil {
		return nil
	}
	var all []catalog.ID
	for _, o := range s.Catalog.Objects {
		for id := range o.Needs() {
			if s.Catalog.Objects[id] == nil {
				all = append(all, id)
			}
		}
	}
	return all
}

// base is what a copy of the state has to hold, so that all of Catalog can be
// there.
func (s *State) base() *catalog.Catalog {
	if s.Whole == nil {
		return s.Catalog
	}
	return s.Whole.Around(s.Catalog, s.also).Except(s.left)
}

// Bench is a scratch server, with the roles of the live database in it.
type Bench struct {
	Server scratch.Server
	// Foreign: the scratch server is of another major version than the live
	// database, and may print the same thing otherwise.
	Foreign bool
	// Lacking are the extensions of the live database that the scratch server does
	// not have, OtherVersion those that it has in other versions.
	Lacking, OtherVersion []string
	// Lenient: files may ask for extensions that the server does not have.
	Lenient bool
	// Variables are psql's, for the files.
	Variables map[string]string
	// AnyRole: owners and privileges are not compared, so that files may name
	// roles that the live database does not have.
	AnyRole bool

	home  *Home // or nil
	made  map[string]bool
	spare *pgdb.DB // a database that was made to ask it, not given out yet
	mu    sync.Mutex
}

// NewBench opens a scratch server. home is the database that the work is about,
// or nil.
func NewBench(ctx context.Context, home *Home, o scratch.Options) (*Bench, error) {
	b := &Bench{home: home, made: map[string]bool{}}
	if home != nil {
		o.Target = home.db
		o.Large = o.Large || home.relations >= largeHome
	}
	if err := b.open(ctx, o); err != nil {
		return nil, err
	}
	return b, nil
}

// On is a bench on a scratch server that is open already.
func On(server scratch.Server) *Bench { return &Bench{Server: server, made: map[string]bool{}} }

// open opens the server, and looks whether it has the extensions of the live
// database.
func (b *Bench) open(ctx context.Context, o scratch.Options) (err error) {
	if b.Server, err = scratch.Open(ctx, o); err != nil || b.home == nil || !b.Server.Owned() {
		return err
	}
	fail := func(err error) error { return errors.Join(err, b.Server.Close()) }
	if b.spare, err = b.Server.Database(ctx); err != nil {
		return fail(err)
	}
	b.Foreign = b.spare.Major() != b.home.db.Major()
	if o.Log != nil && b.Foreign {
		fmt.Fprintf(o.Log, "warning: the scratch server is PostgreSQL %d, the database %d: the proof may differ from what happens there\n", b.spare.Major(), b.home.db.Major())
	}
	if err := b.extensions(ctx); err != nil {
		return fail(err)
	}
	return nil
}

// Close removes all scratch databases.
func (b *Bench) Close() error { return b.Server.Close() }

// Database is a new scratch database. On a server of our own it is used as the
// role that the live database was reached with: what it makes belongs to it.
func (b *Bench) Database(ctx context.Context) (*pgdb.DB, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	db, err := b.spare, error(nil)
	b.spare = nil
	if db == nil {
		db, err = b.Server.Database(ctx)
	}
	if err != nil || !b.Server.Owned() || b.home == nil {
		return db, err
	}
	role := b.home.user
	if role == db.Target.User() {
		return db, nil
	}
	b.made[role] = true
	return b.Server.As(ctx, db, role)
}

// read reads what a scratch database holds, as it was written.
func read(ctx context.Context, db *pgdb.DB) (*catalog.Catalog, error) {
	o := catalog.Options{}
	if db.Guard != nil {
		o.Before = db.Guard.Thaw
	}
	c, err := catalog.Read(ctx, db.DB, o)
	if err == nil && db.StandsFor != "" {
		c.Stand(db.Target.User(), db.StandsFor)
	}
	return c, err
}

// Copy is a scratch database with the schema of a database in use, and none of
// its rows.
func (b *Bench) Copy(ctx context.Context, c *catalog.Catalog) (*pgdb.DB, error) {
	s := &State{Catalog: c}
	err := b.rebuild(ctx, s, plan.Options{})
	return s.DB, err
}

// After is the state of a database in use once statements have been run on it,
// made in a copy. The first one that fails is the error.
func (b *Bench) After(ctx context.Context, c *catalog.Catalog, statements []string) (*State, error) {
	db, err := b.Copy(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
	}
	after, err := read(ctx, db)
	if err != nil {
		return nil, err
	}
	return &State{Catalog: after, DB: db}, nil
}

// makeRoles makes the roles that a schema names, where that is ours to do.
func (b *Bench) makeRoles(ctx context.Context, db *pgdb.DB, names []string) error {
	if !b.Server.Owned() {
		return nil
	}
	made := false
	for _, name := range names {
		if b.made[name] || name == db.Target.User() || name == "public" || name == "" {
			continue
		}
		_, err := db.ExecContext(ctx, "CREATE ROLE "+pgdb.QuoteIdent(name))
		if code := pgdb.Code(err); err != nil && code != "42710" && code != "42939" {
			return err
		}
		b.made[name], made = true, true
	}
	if !made || db.Guard == nil {
		return nil
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return db.Guard.Adopt(ctx, conn)
}

// Load makes a State of files.
func (b *Bench) Load(ctx context.Context, files []schemafile.File) (*State, error) {
	db, err := b.Database(ctx)
	if err != nil {
		return nil, err
	}
	return b.load(ctx, db, files)
}

// LoadUpon makes a State of files that stand on what another has.
func (b *Bench) LoadUpon(ctx context.Context, files []schemafile.File, other *catalog.Catalog) (*State, error) {
	db, err := b.Copy(ctx, other)
	if err != nil {
		return nil, err
	}
	return b.load(ctx, db, files)
}

func (b *Bench) load(ctx context.Context, db *pgdb.DB, files []schemafile.File) (*State, error) {
	var known []string
	if b.home != nil && !b.AnyRole {
		known = b.home.roles
	}
	loaded, err := schemafile.Load(ctx, db, files, schemafile.Options{Owned: b.Server.Owned(), KnownRoles: known, Lenient: b.Lenient, Variables: b.Variables})
	if err != nil {
		return nil, err
	}
	for _, r := range loaded.Roles {
		if known == nil && !b.AnyRole {
			loaded.Notes = append(loaded.Notes, fmt.Sprintf("the role %s is named by the files; it is taken to exist", r))
		}
	}
	c, err := read(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, id := range c.Order {
		if e, ok := c.Objects[id].Detail.(*catalog.Extension); ok && e.Version == e.Default && !slices.Contains(loaded.Versioned, id.Name) {
			e.AnyVersion = true
		}
	}
	return &State{Catalog: c, DB: db, Loaded: loaded}, nil
}

// extensions finds out which of the live database's extensions the scratch server
// cannot give, or not in their versions.
func (b *Bench) extensions(ctx context.Context) error {
	if len(b.home.extensions) == 0 {
		return nil
	}
	there, err := column(ctx, b.spare.DB, "SELECT name || ' ' || version FROM pg_catalog.pg_available_extension_versions")
	if err != nil {
		return err
	}
	for _, wanted := range b.home.extensions {
		name, _, _ := strings.Cut(wanted, " ")
		switch {
		case slices.Contains(there, wanted):
		case slices.ContainsFunc(there, func(t string) bool { return strings.HasPrefix(t, name+" ") }):
			b.OtherVersion = append(b.OtherVersion, name)
		default:
			b.Lacking = append(b.Lacking, name)
		}
	}
	return nil
}

// column is the rows of a query of one column.
func column(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []string{}
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		found = append(found, s)
	}
	return found, errors.Join(rows.Err(), rows.Close())
}
