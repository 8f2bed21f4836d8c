// Package inspect writes a whole schema as clean SQL: the plan from an empty
// database to what a catalog holds. Loaded, the text gives the same catalog, and
// the same text again.
package inspect

import (
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// Options say what is left out.
type Options struct {
	NoOwners, NoPrivileges bool
	Only                   catalog.Filter
}

// SQL is the schema of a catalog, and what of it is not managed and left out.
func SQL(h migfile.Header, c *catalog.Catalog, o Options) (text string, unmanaged []catalog.ID, err error) {
	empty, _ := template(c).Select(o.Only)
	c, _ = c.Select(o.Only)
	p, err := plan.Migrate(empty, c, plan.Options{Offline: true, NoOwners: o.NoOwners, NoGrants: o.NoPrivileges})
	if err != nil {
		return "", nil, err
	}
	return migfile.Schema(h, p), p.Unmanaged, nil
}

// template is what a new database holds that belongs to the catalog's role.
func template(c *catalog.Catalog) *catalog.Catalog {
	empty := catalog.Empty(c.Version)
	empty.Role = c.Role // what it makes belongs to it without a word
	plpgsql := catalog.ID{Kind: catalog.KindExtension, Name: "plpgsql"}
	if o := c.Objects[plpgsql]; o != nil {
		empty.Objects[plpgsql], empty.Order = o, append(empty.Order, plpgsql)
	}
	return empty
}
