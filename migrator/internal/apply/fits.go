package apply

import (
	"context"
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// Unlike are the objects of a database that are not what a file was planned for, in
// words. Files without a word about that fit everywhere.
func Unlike(ctx context.Context, db *pgdb.DB, f *migfile.File) ([]string, error) {
	if len(f.Planned.Objects) == 0 || f.Planned.Major != db.Major() {
		return nil, nil
	}
	c, err := catalog.Read(ctx, db.DB, catalog.Options{})
	if err != nil {
		return nil, fmt.Errorf("reading the schema of %s: %w", db.Target, err)
	}
	roots := map[string]catalog.ID{}
	for _, id := range c.Order {
		if c.Root(id) == id {
			roots[id.String()] = id
		}
	}
	var unlike []string
	for _, o := range f.Planned.Objects {
		id, there := roots[o.Name]
		switch is := c.Fingerprint(id); {
		case !there && o.Fingerprint != catalog.NotThere:
			unlike = append(unlike, o.Name+" is not there")
		case there && o.Fingerprint == catalog.NotThere:
			unlike = append(unlike, o.Name+" is there already")
		case there && is != o.Fingerprint:
			unlike = append(unlike, o.Name+" differs")
		}
	}
	return unlike, nil
}

// fits refuses a file that was planned for another schema.
func (r *run) fits(ctx context.Context) error {
	if r.options.AnySchema || r.id != 0 || r.job.Partly {
		return nil
	}
	unlike, err := Unlike(ctx, r.db, r.file)
	if err != nil || len(unlike) == 0 {
		return err
	}
	if len(unlike) > 4 {
		unlike = append(unlike[:3], fmt.Sprintf("and %d more", len(unlike)-3))
	}
	return problem.New("plan it anew with migrator diff, or give --any-schema where you know better",
		"the database is not what the file was planned for: %s", strings.Join(unlike, ", ")).In(r.file.Path, 0, 0)
}
