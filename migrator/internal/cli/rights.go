package cli

import (
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/shared/report"
)

// sayRights says in a line what the migration takes of privileges, and what gets
// another owner: a schema that says nothing of them means that there are none.
func (d *comparison) sayRights() {
	from, to := d.states[0].Catalog, d.states[1].Catalog
	o := d.options()
	var revoked, given []string
	for _, c := range d.result.Up.Changes {
		id := c.ID
		if c.To.Kind != "" {
			id = c.To
		}
		old, now := from.Objects[c.ID], to.Objects[id]
		if old == nil || now == nil {
			continue
		}
		for _, g := range old.Grants {
			if !o.NoGrants && g.Grantee != old.Owner && !slices.ContainsFunc(now.Grants, func(n catalog.Grant) bool { return n.Grantee == g.Grantee && n.Privilege == g.Privilege }) {
				revoked = append(revoked, fmt.Sprintf("%s of %s on %s", g.Privilege, g.Grantee, id))
			}
		}
		if !o.NoOwners && old.Owner != now.Owner && now.Owner != "" {
			given = append(given, fmt.Sprintf("%s goes from %s to %s", id, old.Owner, now.Owner))
		}
	}
	if len(revoked) > 0 {
		tell(d.session.Err, "note: %s revoked: %s; --no-privileges leaves privileges alone", report.Plural(len(revoked), "privilege is", "privileges are"), some(revoked))
	}
	if len(given) > 0 {
		tell(d.session.Err, "note: %s another owner: %s; --no-owners leaves owners alone", report.Plural(len(given), "object gets", "objects get"), some(given))
	}
}

// some names the first of many.
func some(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	return fmt.Sprintf("%s, and %d more", all[0], len(all)-1)
}
