package proof

import (
	"context"
	"database/sql"
	"regexp"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Build is a scratch database that migration files are run in, one after the
// other.
type Build struct {
	bench *Bench
	db    *pgdb.DB
	conn  *sql.Conn
}

// Build begins with a database without anything in it, or with a copy of the schema
// of a database in use, and with the roles that the live server has.
func (b *Bench) Build(ctx context.Context, of *catalog.Catalog) (*Build, error) {
	var db *pgdb.DB
	var err error
	if of == nil {
		db, err = b.Database(ctx)
	} else {
		db, err = b.Copy(ctx, of)
	}
	if err != nil {
		return nil, err
	}
	if b.home != nil {
		if err := b.makeRoles(ctx, db, b.home.roles); err != nil {
			return nil, err
		}
	}
	conn, err := db.Conn(ctx)
	return &Build{bench: b, db: db, conn: conn}, err
}

// Close gives the connection back; the bench removes the database.
func (b *Build) Close() { b.conn.Close() }

// Run runs a file from a place on. Roles that it names, and that no live server
// has been asked for, are made.
func (b *Build) Run(ctx context.Context, f *migfile.File, at apply.Place) error {
	if _, err := b.conn.ExecContext(ctx, "RESET ALL"); err != nil {
		return err
	}
	run := b.db.Runner(b.conn)
	for {
		var err error
		if at, err = apply.Execute(ctx, run, f, at); err == nil || !b.makes(ctx, err) {
			return err
		}
	}
}

// Exec runs one statement.
func (b *Build) Exec(ctx context.Context, run *pgdb.Runner, sql string) error {
	_, err := run.ExecContext(ctx, sql)
	return err
}

// Runner runs statements one by one.
func (b *Build) Runner() *pgdb.Runner { return b.db.Runner(b.conn) }

var unknownRole = regexp.MustCompile(`^role "(.*)" does not exist$`)

// makes makes the role that a statement wanted.
func (b *Build) makes(ctx context.Context, err error) bool {
	e := pgdb.AsError(err)
	if e == nil || e.Code != pgdb.UndefinedObject {
		return false
	}
	m := unknownRole.FindStringSubmatch(e.Message)
	if m == nil || b.bench.made[m[1]] || !b.bench.Server.Owned() {
		return false
	}
	return b.bench.makeRoles(ctx, b.db, []string{m[1]}) == nil && b.bench.made[m[1]]
}

// Catalog is what the database holds now, without the tables in which runners
// write down what they did.
func (b *Build) Catalog(ctx context.Context) (*catalog.Catalog, error) {
	c, err := read(ctx, b.db)
	if err == nil {
		WithoutRunners(c)
	}
	return c, err
}

// WithoutRunners takes the tables of migration runners out of a catalog.
func WithoutRunners(c *catalog.Catalog) {
	for _, id := range catalog.Runners(c) {
		c.Forget(id)
	}
	c.Forget(catalog.ID{Kind: catalog.KindSchema, Name: "atlas_schema_revisions"}) // Atlas's table has one of its own
}
