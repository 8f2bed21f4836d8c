package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
)

// side is one side of a diff as it was named: a database, or files.
type side struct {
	word  string
	db    *pgdb.DB          // a database, connected
	files []schemafile.File // or files
	notes []string
}

// openSide connects to a database or reads files; it loads nothing yet. Files
// include others of the folder root, or of their own where that is "".
func openSide(s *session, word, root string) (*side, error) {
	d := &side{word: word}
	var err error
	if pgdb.IsDSN(word) {
		d.db, err = pgdb.ConnectWithin(s.ctx, word, endLimit)
		return d, err
	}
	d.files, d.notes, err = schemafile.Read(word, s.In)
	if root != "" {
		schemafile.Within(d.files, root)
	}
	return d, err
}

func (d *side) close() {
	if d != nil && d.db != nil {
		d.db.Close()
	}
}

// String is the side as it may be printed.
func (d *side) String() string {
	switch {
	case d.db != nil:
		return d.db.Target.String()
	case d.word == schemafile.Stdin:
		return "standard input"
	}
	return filepath.ToSlash(d.word)
}

// largeText is from how many bytes of SQL on a scratch server is kept out of
// memory: a thousand tables or so.
const largeText = 128 << 10

// large says whether the side's files may make a large database.
func (d *side) large() bool {
	bytes := 0
	for _, f := range d.files {
		bytes += len(f.Text)
	}
	return bytes >= largeText
}

// state reads what the side holds; files are loaded on the bench, as soon as it
// is there.
func (d *side) state(ctx context.Context, bench func() (*proof.Bench, error)) (*proof.State, error) {
	if d.db == nil {
		b, err := bench()
		if err != nil {
			return nil, err
		}
		return b.Load(ctx, d.files)
	}
	c, err := catalog.Read(ctx, d.db.DB, catalog.Options{Sizes: true})
	if err != nil {
		return nil, fmt.Errorf("reading the schema of %s: %w", d, err)
	}
	return &proof.State{Catalog: c}, nil
}

// forgetRunners leaves other migration tools' tables in a database alone: the
// files of its schema seldom have them, and nobody wants them dropped.
func (d *comparison) forgetRunners() {
	for i, side := range []*side{d.from, d.to} {
		other := d.states[1-i].Catalog
		if side.db == nil {
			continue
		}
		for _, id := range catalog.Runners(d.states[i].Catalog) {
			if other.Objects[id] == nil {
				d.states[i].Catalog.Forget(id)
				side.notes = append(side.notes, id.Path()+" is a migration runner's own table and was left out")
			}
		}
	}
}
