package plan

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Where several indexes of a table would do for a foreign key or for a partition's
// index, PostgreSQL takes the oldest. What is made anew is made in the order of
// age, so that it takes the same.

// olderLike are the indexes and keys of a table that are made anew like the given
// one, and were there before it.
func (p *planner) olderLike(o *catalog.Object) []catalog.ID {
	kind, ok := likeness(o)
	if !ok {
		return nil
	}
	if t := tableOf(p.at(kind.table).new); !p.opts.Offline && (t == nil || !t.Partitioned() && t.Bound == "") {
		return nil // a copy has to be like the database; a migration has to find its indexes when it attaches
	}
	var older []catalog.ID
	for _, id := range p.newParts.of(kind.table) {
		other := p.to.Objects[id]
		if k, ok := likeness(other); ok && k.like(kind) && other.Age < o.Age && p.at(id).made() && !p.keptTo(o, other) {
			older = append(older, id)
		}
	}
	return older
}

// indexKind is by what an index, or that of a key, is like others of its table.
type indexKind struct {
	table catalog.ID
	text  string
	key   string // the columns, sorted, of one that is unique
}

func (k indexKind) like(other indexKind) bool {
	return k.text == other.text || k.key != "" && k.key == other.key
}

func likeness(o *catalog.Object) (k indexKind, ok bool) {
	definition := ""
	if d, ok := detailOf[*catalog.Index](o); ok {
		k.table, definition = d.Table, d.Definition
	} else if d, ok := detailOf[*catalog.Constraint](o); ok {
		k.table, definition = d.Table, d.Index
	}
	k.text = catalog.Likeness(definition)
	if isUnique(o) {
		_, columns, _ := strings.Cut(k.text, "(")
		columns, _, _ = strings.Cut(columns, ")")
		names := strings.Split(columns, ", ")
		slices.Sort(names)
		k.key = strings.Join(names, ", ")
	}
	return k, k.text != ""
}

// keptTo tells whether foreign keys keep to a unique constraint though an older index
// would do, so that it has to come first: a primary key is found in another way.
func (p *planner) keptTo(o, older *catalog.Object) bool {
	key, ok := detailOf[*catalog.Constraint](o)
	if !ok || key.Type != "u" || !isUnique(older) {
		return false
	}
	for _, id := range p.to.Order {
		if d, ok := detailOf[*catalog.Constraint](p.to.Objects[id]); ok && d.Type == "f" && d.References == key.Table && needs(p.to.Objects[id], o.ID) {
			return true
		}
	}
	return false
}

func isUnique(o *catalog.Object) bool {
	if d, ok := detailOf[*catalog.Index](o); ok {
		return d.Unique
	}
	d, ok := detailOf[*catalog.Constraint](o)
	return ok && d.Index != "" && d.Type != "x"
}

// foreignKey is the definition of a foreign key. One that is to keep to the primary
// key where another unique index is like that names no columns: then PostgreSQL takes
// no other.
func (p *planner) foreignKey(o *catalog.Object, d *catalog.Constraint) string {
	text := faithful(d.Definition)
	for need := range o.Needs() {
		key, ok := detailOf[*catalog.Constraint](p.to.Objects[need])
		if !ok || key.Type != "p" || key.Table != d.References {
			continue
		}
		kind, _ := likeness(p.to.Objects[need])
		for _, id := range p.newParts.of(d.References) {
			if other, ok := likeness(p.to.Objects[id]); ok && id != need && other.key == kind.key {
				return withoutColumns(text, d.References, key.Columns)
			}
		}
	}
	return text
}

// withoutColumns leaves the columns out that a foreign key references.
func withoutColumns(text string, table catalog.ID, columns []string) string {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = catalog.Quote(c)
	}
	references := " REFERENCES " + table.SQL()
	return strings.Replace(text, references+"("+strings.Join(quoted, ", ")+")", references, 1)
}
