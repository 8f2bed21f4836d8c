package plan

import (
	"slices"
	"sort"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// extras are the owner, comment and privileges of a new object.
func (p *planner) extras(o *catalog.Object) []step {
	var steps []step
	if o.Owner != "" && ownable(o.ID.Kind) && !p.opts.NoOwners && o.Owner != p.from.Role {
		steps = append(steps, owner(o))
	}
	if o.Comment != "" {
		steps = append(steps, comment(o, o.Comment))
	}
	if !p.opts.NoGrants {
		maker := p.from.Role
		if p.opts.NoOwners {
			maker = o.Owner
		}
		steps = append(steps, p.grants(o, renamed(p.initial(o.ID.Kind, o.ID, maker), maker, o.Owner), o.Grants)...)
	}
	return steps
}

// changed are the steps for owner, comment and privileges of an object that stays.
func (p *planner) changed(s *state) []step {
	var steps []step
	if s.differs(catalog.FieldOwner) && !p.followsTable(s) {
		steps = append(steps, newOwner(s.new))
	}
	if s.differs(catalog.FieldComment) {
		steps = append(steps, comment(s.new, s.new.Comment))
	}
	if !p.grantsApart(s) && (s.differs(catalog.FieldGrants) || s.regrant || s.differs(catalog.FieldOwner) && !p.opts.NoGrants) {
		had := renamed(p.keptGrants(s), s.old.Owner, s.new.Owner)
		steps = append(steps, p.grants(s.new, had, s.new.Grants)...)
	}
	return steps
}

// grantsApart tells whether a column's privileges are set when those of its
// table are: a REVOKE on the table takes the column's along.
func (p *planner) grantsApart(s *state) bool {
	if _, ok := detailOf[*catalog.Column](s.new); !ok || !s.altered() || !s.differs(catalog.FieldGrants) && !s.regrant {
		return false
	}
	t := p.at(table(p.to, s.id))
	return t.altered() && t.differs(catalog.FieldGrants) && !p.opts.NoGrants
}

// followsTable: an owned sequence changes its owner with its table, and
// PostgreSQL refuses to do it alone.
func (p *planner) followsTable(s *state) bool {
	q, ok := s.oldSequence()
	if !ok || q.OwnedBy.Kind == "" {
		return false
	}
	now, _ := detailOf[*catalog.Sequence](s.new)
	return now != nil && now.OwnedBy == q.OwnedBy && !p.at(q.OwnedBy).gone
}

func (s *state) oldSequence() (*catalog.Sequence, bool) { return detailOf[*catalog.Sequence](s.old) }

// renamed gives the privileges of one role to another, as ALTER … OWNER does.
func renamed(grants []catalog.Grant, from, to string) []catalog.Grant {
	if from == to {
		return grants
	}
	var out []catalog.Grant
	for _, g := range grants {
		if g.Grantee == from {
			g.Grantee = to
		}
		if g.Grantor == from || g.Grantor == to {
			g.Grantor = ""
		}
		if !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// defaultTypes are pg_default_acl's letters.
func defaultType(k catalog.Kind) string {
	switch k {
	case catalog.KindTable, catalog.KindView, catalog.KindMaterializedView, catalog.KindForeignTable:
		return "r"
	case catalog.KindSequence:
		return "S"
	case catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate:
		return "f"
	case catalog.KindType, catalog.KindDomain:
		return "T"
	case catalog.KindSchema:
		return "n"
	}
	return ""
}

// initial are the privileges that an object has when it was just created by a
// role: the role's default privileges in the old database, which are still in
// force while the plan runs (they are changed last).
func (p *planner) initial(k catalog.Kind, id catalog.ID, role string) []catalog.Grant {
	grants := catalog.BuiltinGrants(k, role, p.from.Version)
	letter := defaultType(k)
	if letter == "" {
		return grants
	}
	if d := p.from.Objects[catalog.ID{Kind: catalog.KindDefaultPrivileges, Name: role, Sub: letter}]; d != nil {
		grants = slices.Clone(d.Grants)
	}
	if id.Schema != "" {
		if d := p.from.Objects[catalog.ID{Kind: catalog.KindDefaultPrivileges, Schema: id.Schema, Name: role, Sub: letter}]; d != nil && !p.at(catalog.ID{Kind: catalog.KindSchema, Name: id.Schema}).gone {
			grants = append(slices.Clone(grants), d.Grants...)
		}
	}
	return grants
}

// grants brings privileges from had to want.
func (p *planner) grants(o *catalog.Object, had, want []catalog.Grant) []step {
	target, columns := grantTarget(o), ""
	if o.ID.Kind == catalog.KindColumn {
		columns = " (" + catalog.Quote(o.ID.Sub) + ")"
	}
	var steps []step
	for _, g := range grantChanges(had, want) {
		st := do(o.ID, "%s ON %s %s %s%s", g.verb(columns), target, g.preposition(), catalog.Role(g.grantee), g.suffix())
		if g.revoke {
			st = st.danger(lint.Permissions, "%s loses %s on %s", g.grantee, strings.Join(g.privileges, ", "), o.ID.Path())
		} else {
			st = st.danger(lint.Permissions, "%s gains %s on %s", g.grantee, strings.Join(g.privileges, ", "), o.ID.Path())
		}
		if g.grantor != "" {
			steps = append(steps, say(o.ID, "SET ROLE "+catalog.Quote(g.grantor)), st, say(o.ID, "RESET ROLE"))
			continue
		}
		steps = append(steps, st)
	}
	return steps
}

// systemGrants brings privileges on what an extension or PostgreSQL brought in
// line, unless that goes with its extension.
func (p *planner) systemGrants(o *catalog.Object, had, want []catalog.Grant) []step {
	for extension := range o.Needs() {
		if p.at(extension).gone && p.at(extension).new == nil {
			return nil
		}
	}
	owner := catalog.As[*catalog.SystemGrants](o).Owner
	return p.grants(o, renamed(had, "", owner), renamed(want, "", owner))
}

// grantChange is one GRANT or REVOKE.
type grantChange struct {
	revoke     bool
	onlyOption bool // only the right to grant on
	grantable  bool
	grantee    string
	grantor    string // "" is the owner
	privileges []string
}

func (g grantChange) verb(columns string) string {
	privileges := make([]string, len(g.privileges))
	for i, s := range g.privileges {
		privileges[i] = s + columns
	}
	list := strings.Join(privileges, ", ")
	switch {
	case g.onlyOption:
		return "REVOKE GRANT OPTION FOR " + list
	case g.revoke:
		return "REVOKE " + list
	}
	return "GRANT " + list
}

func (g grantChange) preposition() string {
	if g.revoke {
		return "FROM"
	}
	return "TO"
}

func (g grantChange) suffix() string {
	if g.grantable {
		return " WITH GRANT OPTION"
	}
	return ""
}

// grantChanges compares two sets of privileges: revokes first.
func grantChanges(had, want []catalog.Grant) []grantChange {
	type key struct {
		grantee, grantor    string
		revoke, option, wgo bool
	}
	sets := map[key][]string{}
	level := func(gs []catalog.Grant, g catalog.Grant) int {
		n := 0
		for _, x := range gs {
			if x.Grantee == g.Grantee && x.Privilege == g.Privilege && x.Grantor == g.Grantor {
				n = max(n, 1)
				if x.Grantable {
					n = 2
				}
			}
		}
		return n
	}
	all := append(slices.Clone(had), want...)
	for i, g := range all {
		if slices.ContainsFunc(all[:i], func(x catalog.Grant) bool {
			return x.Grantee == g.Grantee && x.Privilege == g.Privilege && x.Grantor == g.Grantor
		}) {
			continue
		}
		k := key{grantee: g.Grantee, grantor: g.Grantor}
		switch a, b := level(had, g), level(want, g); {
		case a == b:
			continue
		case b == 0:
			k.revoke = true
		case a == 2 && b == 1:
			k.revoke, k.option = true, true
		default:
			k.wgo = b == 2
		}
		sets[k] = append(sets[k], g.Privilege)
	}
	var changes []grantChange
	for k, privileges := range sets {
		sort.Strings(privileges)
		changes = append(changes, grantChange{k.revoke, k.option, k.wgo, k.grantee, k.grantor, privileges})
	}
	slices.SortFunc(changes, func(a, b grantChange) int {
		if a.revoke != b.revoke {
			if a.revoke {
				return -1
			}
			return 1
		}
		if (a.grantor == "") != (b.grantor == "") {
			// What the owner gives on comes first, and is taken back last.
			if (a.grantor == "") != a.revoke {
				return -1
			}
			return 1
		}
		return strings.Compare(a.grantee+strings.Join(a.privileges, " "), b.grantee+strings.Join(b.privileges, " "))
	})
	return changes
}

// defaultPrivileges brings ALTER DEFAULT PRIVILEGES in line.
func (p *planner) defaultPrivileges(old, now *catalog.Object) []step {
	o := now
	if o == nil {
		o = old
	}
	d := catalog.As[*catalog.DefaultPrivileges](o)
	names := map[string]string{"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES", "n": "SCHEMAS", "L": "LARGE OBJECTS"}
	kinds := map[string]catalog.Kind{"r": catalog.KindTable, "S": catalog.KindSequence, "f": catalog.KindFunction, "T": catalog.KindType, "n": catalog.KindSchema, "L": catalog.KindLargeObject}
	head := "ALTER DEFAULT PRIVILEGES FOR ROLE " + catalog.Quote(d.Role)
	var base []catalog.Grant // an entry for a schema adds; one for all replaces the built-in
	if d.Schema != "" {
		head += " IN SCHEMA " + catalog.Quote(d.Schema)
	} else {
		base = catalog.BuiltinGrants(kinds[d.Type], d.Role, p.from.Version)
	}
	had, want := base, base
	if old != nil {
		had = old.Grants
	}
	if now != nil {
		want = now.Grants
	}
	var steps []step
	for _, g := range grantChanges(had, want) {
		steps = append(steps, do(o.ID, "%s %s ON %s %s %s%s", head, g.verb(""), names[d.Type], g.preposition(), catalog.Role(g.grantee), g.suffix()).
			danger(lint.Permissions, "what new objects of %s allow changes", d.Role))
	}
	return steps
}
