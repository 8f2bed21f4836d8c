package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
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
func (d *side) state(ctx context.Context, bench func() (*proof.Bench, error), say func(string)) (*proof.State, error) {
	if d.db == nil {
		b, err := bench()
		if err != nil {
			return nil, err
		}
		return b.Load(ctx, d.files)
	}
	c, err := readCatalog(ctx, d.db, say, blockerLimit)
	if err != nil {
		return nil, fmt.Errorf("reading the schema of %s: %w", d, err)
	}
	return &proof.State{Catalog: c}, nil
}

// tell says what reading and loading left out.
func (d *side) tell(s *session, state *proof.State) {
	for _, n := range d.notes {
		tell(s.Err, "note: %s", n)
	}
	if state.Loaded == nil {
		return
	}
	for _, n := range state.Loaded.Notes {
		tell(s.Err, "note: %s", n)
	}
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

// only is what --schema and --exclude leave to be looked at.
func (c *diffCmd) only() catalog.Filter {
	return catalog.Filter{Schemas: c.Schema, Exclude: c.Exclude}
}

// filter leaves out what is not looked at, and says so.
func (d *comparison) filter() {
	for i, side := range []*side{d.from, d.to} {
		if left := d.states[i].Select(d.only()); len(left) > 0 {
			side.notes = append(side.notes, leftOut(left)+" of "+side.String())
		}
	}
}

// leftOut says what a filter left out: how many objects, and where.
func leftOut(left []catalog.ID) string {
	var places []string
	for _, id := range left {
		place := id.Schema
		if id.Kind == catalog.KindSchema || place == "" {
			place = id.Name
		}
		if !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	more := ""
	if n := len(places) - 5; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
		places = places[:5]
	}
	return fmt.Sprintf("%s left out by --schema and --exclude (%s%s)", report.Plural(len(left), "object was", "objects were"), strings.Join(places, ", "), more)
}

// halfDetached stops where a partition's DETACH CONCURRENTLY was cut off: the
// catalog says that it is a partition, and most commands refuse it.
func (d *comparison) halfDetached() error {
	for i, side := range []*side{d.from, d.to} {
		c := d.states[i].Catalog
		for _, id := range c.HalfDetached {
			o := c.Objects[id]
			if o == nil {
				continue // left out
			}
			parent := "its parent"
			if t := catalog.As[*catalog.Table](o); len(t.Inherits) > 0 {
				parent = t.Inherits[0].SQL()
			}
			return problem.New(fmt.Sprintf("finish it first: ALTER TABLE %s DETACH PARTITION %s FINALIZE", parent, id.SQL()),
				"%s: partition %s is half detached (DETACH CONCURRENTLY was cut off)", side, id.Path())
		}
	}
	return nil
}
