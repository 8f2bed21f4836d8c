package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/shared/report"
)

// mayStandOn tells whether files did not load for want of something that the other
// side may have in what --schema and --exclude leave out: a foreign key to a table
// that a provider manages, say. That side is a database; files have what they need
// themselves.
func (d *comparison) mayStandOn(other int, err error) bool {
	if d.only().Empty() || []*side{d.from, d.to}[other].db == nil {
		return false
	}
	switch pgdb.Code(err) {
	case pgdb.UndefinedTable, pgdb.UndefinedObject, "3F000", "42883":
		return true
	}
	return false
}

// upon loads the files of a side in a copy of what the other, a database, has of
// what is left out. Where that does not help, either, the first error stands.
func (d *comparison) upon(ctx context.Context, i int, first error) (*proof.State, error) {
	files, other := []*side{d.from, d.to}[i], d.states[1-i]
	if other == nil || d.bench == nil {
		return nil, first
	}
	aside := other.Catalog.Aside(d.only())
	state, err := d.bench.LoadUpon(ctx, files.files, aside)
	if err != nil {
		return nil, first
	}
	var schemas []string
	for _, id := range aside.Order {
		if id.Kind == catalog.KindSchema && d.only().Leaves(id) {
			schemas = append(schemas, id.Name)
		}
	}
	files.notes = append(files.notes, fmt.Sprintf("%s stands on what was left out: it was loaded beside a copy of that (%s; %s)", files,
		strings.Join(schemas, ", "), report.Plural(len(aside.Order)-1, "object", "objects")))
	return state, nil
}
