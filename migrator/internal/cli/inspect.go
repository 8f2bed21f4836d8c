package cli

import (
	"fmt"
	"io"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/inspect"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/shared/problem"
)

type inspectCmd struct {
	Schema       string            `arg:"" help:"A connection string, a .sql file, a folder of them, or - for standard input."`
	Output       string            `short:"o" placeholder:"FILE" help:"Write to this file instead of standard output."`
	Variable     map[string]string `short:"v" mapsep:"none" placeholder:"NAME=VALUE" help:"Set a variable of psql for schema files (:name, :'name'); again for more."`
	Root         string            `placeholder:"DIR" help:"Let \\i and \\ir in schema files read files of this folder (default: the folder of the file)."`
	Only         []string          `name:"schema" placeholder:"GLOB" help:"Print only schemas that match, as app or tenant_*; again for more."`
	Exclude      []string          `placeholder:"GLOB" help:"Leave out schemas that match, objects of schemas (public.tmp_*), and extensions and the like by name; again for more."`
	NoOwners     bool              `help:"Leave owners out."`
	NoPrivileges bool              `help:"Leave privileges (GRANT) out."`
	Scratch      string            `default:"auto" placeholder:"WHERE" help:"Where files are loaded: auto, local, server, embedded, or a connection string (default: auto)."`
}

// Help is shown after the flags.
func (inspectCmd) Help() string {
	return `The SQL loads into an empty database and gives the same schema there.

Examples:
  migrator inspect $DATABASE_URL > schema.sql
  migrator inspect schema/ --no-owners
  migrator inspect $DATABASE_URL --exclude 'auth*' --exclude 'public.tmp_*'`
}

// Run prints a schema as SQL.
func (c *inspectCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *inspectCmd) run(s *session) error {
	only := catalog.Filter{Schemas: c.Only, Exclude: c.Exclude}
	if err := only.Check(); err != nil {
		return problem.New("write app, tenant_* or public.tmp_*", "--schema or --exclude: %v", err)
	}
	d, err := openSide(s, c.Schema, c.Root)
	if err != nil {
		return err
	}
	defer d.close()
	state, err := c.read(s, d, d.large())
	if !d.large() && outgrown(err) {
		state, err = c.read(s, d, true)
	}
	if err != nil {
		return err
	}
	d.tell(s, state)
	if _, left := state.Catalog.Select(only); len(left) > 0 {
		tell(s.Err, "note: %s", leftOut(left))
	}
	for _, id := range hidden(state.Catalog) {
		tell(s.Err, "warning: %s", hiddenNote(id, "it is printed without them"))
	}
	header := migfile.Header{Title: fmt.Sprintf("the schema of %s (PostgreSQL %d), by %s", d, state.Catalog.Version/10000, s.info.Short())}
	text, unmanaged, err := inspect.SQL(header, state.Catalog, inspect.Options{NoOwners: c.NoOwners, NoPrivileges: c.NoPrivileges, Only: only})
	if err != nil {
		return fmt.Errorf("writing the schema of %s: %w", d, err)
	}
	for _, id := range unmanaged {
		tell(s.Err, "warning: %s is not managed and was left out", id)
	}
	if c.Output == "" || c.Output == "-" {
		_, err = io.WriteString(s.Out, text)
		return err
	}
	return writeFile(c.Output, text)
}

// read reads the schema; files are loaded into a scratch database.
func (c *inspectCmd) read(s *session, d *side, large bool) (_ *proof.State, err error) {
	said := s.working("reading " + d.String())
	defer said.end()
	var bench *proof.Bench
	if d.db == nil {
		if bench, err = proof.NewBench(s.ctx, nil, scratch.Options{Mode: c.Scratch, Log: said, Large: large}); err != nil {
			return nil, err
		}
		defer bench.Close()
		bench.Variables = c.Variable
	}
	return d.state(s.ctx, func() (*proof.Bench, error) { return bench, nil }, func(text string) { tell(said, "note: %s", text) })
}
