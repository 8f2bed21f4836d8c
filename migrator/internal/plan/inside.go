package plan

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// checkedInside replaces a domain that gets a check, or NOT NULL, while columns
// hold it in arrays or rows: PostgreSQL looks into neither.
func (p *planner) checkedInside(s *state) bool {
	domain := catalog.ID{Kind: catalog.KindDomain, Schema: s.id.Schema, Name: s.id.Name}
	switch {
	case s.new == nil:
		return false
	case s.id.Kind == catalog.KindDomain:
		if d, ok := detailOf[*catalog.Domain](s.new); !ok || s.old == nil || !s.differs(catalog.FieldNotNull) || !d.NotNull {
			return false
		}
	case s.id.Kind == catalog.KindDomainConstraint:
		old, had := detailOf[*catalog.Constraint](s.old)
		if now, ok := detailOf[*catalog.Constraint](s.new); !ok || !now.Validated || had && old.Validated {
			return false
		}
	default:
		return false
	}
	d := p.at(domain)
	if d.old == nil || d.new == nil || d.gone || !p.heldInside(domain) {
		return false
	}
	p.drop(d, "arrays or rows of it are in use, which PostgreSQL cannot check in place")
	return true
}

// heldInside tells whether a column holds a domain in an array or a row.
func (p *planner) heldInside(of catalog.ID) bool {
	return slices.ContainsFunc(p.users.of(of), func(user catalog.ID) bool {
		switch d := p.at(user).old.Detail.(type) {
		case *catalog.Column:
			return d.Type != of.SQL()
		case *catalog.Attribute:
			return true
		case *catalog.Domain, *catalog.Range:
			_, array := element(typeText(d))
			return array || p.heldInside(user)
		}
		return false
	})
}

// typeText is what a domain or range stands on.
func typeText(d catalog.Detail) string {
	switch d := d.(type) {
	case *catalog.Domain:
		return d.Type
	case *catalog.Range:
		return d.Subtype
	}
	return ""
}
