package plan

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Candidate is something that goes and something that comes, much alike: it may
// be a rename. Nobody should guess that in silence.
type Candidate struct {
	Renaming
	Kind string // "column", "enum value"
}

// Candidates are what looks like a rename, and is not among those that were
// asked for already: tables that share most of their columns, columns of one
// type on one table, and whatever else is the same but for its name.
func Candidates(from, to *catalog.Catalog, said []Renaming) []Candidate {
	m := newMatcher(from, to, said)
	var found []Candidate
	for _, old := range from.Order {
		if from.Objects[old] != nil {
			found = append(found, m.labels(old)...)
		}
		if m.goes(old) {
			if now, ok := m.match(old); ok {
				found = append(found, Candidate{Renaming{old.Path(), now.Path()}, string(old.Kind)})
			}
		}
	}
	return found
}

// matcher finds what an object may have become.
type matcher struct {
	from, to *catalog.Catalog
	tables   map[catalog.ID]catalog.ID // that are said to be renamed, with their new names
	renamed  map[catalog.ID]bool
	labelled map[string]bool     // enum values that are said to be renamed
	taken    map[catalog.ID]bool // new objects, by old ones
}

func newMatcher(from, to *catalog.Catalog, said []Renaming) *matcher {
	m := &matcher{from: from, to: to, tables: map[catalog.ID]catalog.ID{}, renamed: map[catalog.ID]bool{}, labelled: map[string]bool{}, taken: map[catalog.ID]bool{}}
	for _, r := range said {
		t, ok := named(from, strings.Join(nameParts(r.From), "."))
		if !ok {
			continue
		}
		if t.label != "" {
			m.labelled[t.id.Path()+"."+t.label] = true
			continue
		}
		m.renamed[t.id] = true
		parts := nameParts(r.To)
		next := t.id
		next.Name = parts[len(parts)-1]
		if schema := movesTo(t.id, parts); schema != "" {
			next.Schema = schema
		}
		if t.id.Sub == "" {
			m.tables[t.id] = next
			m.taken[next] = true
		} else {
			next.Name, next.Sub = m.holder(t.id).Name, next.Name
			m.taken[next] = true
		}
	}
	return m
}

// holder is what the relation of a part is called in the new database.
func (m *matcher) holder(part catalog.ID) catalog.ID {
	if parent, ok := m.from.Parent(part); ok {
		if now, ok := m.tables[parent]; ok {
			return now
		}
		return parent
	}
	return part
}

// goes says that an object is in the old database only, and asks to be matched.
func (m *matcher) goes(old catalog.ID) bool {
	switch old.Kind {
	case catalog.KindTable, catalog.KindColumn, catalog.KindConstraint, catalog.KindIndex, catalog.KindType, catalog.KindDomain, catalog.KindView,
		catalog.KindMaterializedView, catalog.KindFunction, catalog.KindProcedure, catalog.KindSequence:
	default:
		return false
	}
	if m.renamed[old] || m.to.Objects[m.now(old)] != nil {
		return false
	}
	parent, isPart := m.from.Parent(old)
	return !isPart || m.to.Objects[m.holder(old)] != nil && parent.Kind != catalog.KindView
}

// now is the identity that an object has when only what it is part of was renamed.
func (m *matcher) now(old catalog.ID) catalog.ID {
	if old.Sub != "" && !isRoutine(old.Kind) {
		holder := m.holder(old)
		old.Schema, old.Name = holder.Schema, holder.Name
	}
	return old
}

func (m *matcher) match(old catalog.ID) (catalog.ID, bool) {
	had := m.from.Objects[old]
	here := m.now(old)
	for _, now := range m.to.Order {
		if now.Kind != old.Kind || now.Schema != here.Schema || m.from.Objects[now] != nil || m.taken[now] {
			continue
		}
		if m.alike(had, m.to.Objects[now], here) {
			m.taken[now] = true
			return now, true
		}
	}
	return catalog.ID{}, false
}

// alike compares two objects of a kind; here is the old one's place in the new
// database.
func (m *matcher) alike(had, has *catalog.Object, here catalog.ID) bool {
	switch had.ID.Kind {
	case catalog.KindTable:
		return sameColumns(m.from, m.to, had.ID, has.ID)
	case catalog.KindColumn:
		return has.ID.Name == here.Name && sameColumn(had, has) && (related(had.ID.Sub, has.ID.Sub) || m.only(had, has))
	case catalog.KindConstraint:
		return has.ID.Name == here.Name && nameless(had, had.ID.Sub) == nameless(has, has.ID.Sub)
	case catalog.KindIndex:
		a, _ := m.from.Parent(had.ID)
		if now, ok := m.tables[a]; ok {
			a = now
		}
		b, _ := m.to.Parent(has.ID)
		return a == b && nameless(had, had.ID.Name) == nameless(has, has.ID.Name)
	}
	return had.ID.Sub == has.ID.Sub && nameless(had, had.ID.Name) == nameless(has, has.ID.Name)
}

// related tells whether two names have much in common: one holds the other, or
// they begin alike.
func related(a, b string) bool {
	if strings.Contains(a, b) || strings.Contains(b, a) {
		return true
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= 4
}

// only tells whether no other column of its type goes from the old table, and no
// other comes to the new one.
func (m *matcher) only(had, has *catalog.Object) bool {
	for _, o := range m.from.Parts(table(m.from, had.ID), catalog.KindColumn) {
		if o != had && m.goes(o.ID) && sameColumn(o, has) {
			return false
		}
	}
	for _, o := range m.to.Parts(table(m.to, has.ID), catalog.KindColumn) {
		if o != has && m.from.Objects[o.ID] == nil && !m.taken[o.ID] && sameColumn(had, o) {
			return false
		}
	}
	return true
}

// nameless is what an object is, without its own name.
func nameless(o *catalog.Object, name string) string {
	text, err := json.Marshal(o.Detail)
	if err != nil {
		return name
	}
	return regexp.MustCompile(`\b`+regexp.QuoteMeta(name)+`\b`).ReplaceAllLiteralString(string(text), "?")
}

// labels are the values of an enum that may have been renamed: one is gone and
// another stands in its place.
func (m *matcher) labels(id catalog.ID) []Candidate {
	had, ok := m.from.Objects[id].Detail.(*catalog.Enum)
	now := m.to.Objects[id]
	if !ok || now == nil {
		return nil
	}
	has, ok := now.Detail.(*catalog.Enum)
	if !ok || len(had.Labels) != len(has.Labels) {
		return nil
	}
	var found []Candidate
	for i, l := range had.Labels {
		if l == has.Labels[i] {
			continue
		}
		if slices.Contains(has.Labels, l) || slices.Contains(had.Labels, has.Labels[i]) {
			return nil // they only changed places
		}
		if !m.labelled[id.Path()+"."+l] {
			found = append(found, Candidate{Renaming{id.Path() + "." + quoteLabel(l), quoteLabel(has.Labels[i])}, "enum value"})
		}
	}
	return found
}

// quoteLabel writes a value so that it stays one name.
func quoteLabel(l string) string {
	if strings.ContainsAny(l, `. "=()`) {
		return catalog.Quote(l)
	}
	return l
}

func sameColumn(a, b *catalog.Object) bool {
	x, ok := a.Detail.(*catalog.Column)
	y, ok2 := b.Detail.(*catalog.Column)
	return ok && ok2 && x.Type == y.Type && x.Generated == y.Generated
}

// sameColumns tells whether two tables share at least three quarters of their columns.
func sameColumns(from, to *catalog.Catalog, old, now catalog.ID) bool {
	shared, all := 0, 0
	for _, o := range from.Parts(old, catalog.KindColumn) {
		all++
		other := to.Objects[catalog.ID{Kind: catalog.KindColumn, Schema: now.Schema, Name: now.Name, Sub: o.ID.Sub}]
		if other != nil && sameColumn(o, other) {
			shared++
		}
	}
	return all > 0 && shared*4 >= all*3
}

// Followers are the keys, checks, indexes and sequences of renamed tables that
// differ in nothing but their names: users_pkey follows users to accounts_pkey.
// renamed is the old database once the steps were run.
func Followers(renamed, to *catalog.Catalog, steps []RenameStep) []Renaming {
	type place struct{ schema, name string }
	touched := map[place]bool{}
	for _, s := range steps {
		touched[place{s.Old.Schema, s.Old.Name}] = true
		touched[place{s.New.Schema, s.New.Name}] = true
	}
	m := newMatcher(renamed, to, nil)
	var found []Renaming
	for _, old := range renamed.Order {
		var of catalog.ID
		switch d := renamed.Objects[old].Detail.(type) {
		case *catalog.Constraint:
			of = d.Table
		case *catalog.Index:
			of = d.Table
		case *catalog.Sequence:
			of = d.OwnedBy
		}
		if of.Name == "" || !touched[place{of.Schema, of.Name}] || !m.goes(old) {
			continue
		}
		if now, ok := m.match(old); ok {
			name := now.Name
			if old.Sub != "" {
				name = now.Sub
			}
			found = append(found, Renaming{quotedPath(old), catalog.Quote(name)})
		}
	}
	return found
}

// quotedPath is a path whose names may hold points.
func quotedPath(id catalog.ID) string {
	path := catalog.Quote(id.Name)
	if id.Schema != "" {
		path = catalog.Quote(id.Schema) + "." + path
	}
	if id.Sub != "" {
		path += "." + catalog.Quote(id.Sub)
	}
	return path
}
