package nplusone

import (
	"slices"
	"strings"
)

// Table is what has to be known of a table.
type Table struct {
	Schema, Name string
	Columns      []string
	Keys         [][]string // primary and unique keys
}

// ForeignKey is a reference between two tables, by their place in Schema.Tables.
type ForeignKey struct {
	From, To               int
	FromColumns, ToColumns []string
}

// Schema is the tables of a database and how they refer to each other.
type Schema struct {
	Tables      []Table
	ForeignKeys []ForeignKey

	byName map[string][]int
}

// find is the table of that name; the schema may be "", and is then the first
// that has it, as observe orders them (the search path). -1 is unknown.
func (s *Schema) find(schema, table string) int {
	if s.byName == nil {
		s.byName = map[string][]int{}
		for i, t := range s.Tables {
			s.byName[t.Name] = append(s.byName[t.Name], i)
		}
	}
	for _, i := range s.byName[table] {
		if schema == "" || s.Tables[i].Schema == schema {
			return i
		}
	}
	return -1
}

// columns are the columns of a table, for pgsql.
func (s *Schema) columns(schema, table string) []string {
	if i := s.find(schema, table); i >= 0 {
		return s.Tables[i].Columns
	}
	return nil
}

// key says whether these columns are a primary or unique key of a table.
func (s *Schema) key(table int, columns []string) bool {
	return slices.ContainsFunc(s.Tables[table].Keys, func(k []string) bool { return same(k, columns) })
}

// same says whether two lists hold the same names.
func same(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(c string) bool { return !slices.Contains(b, c) })
}

// Kind is how a child's key is found in its parent's rows.
type Kind string

const (
	// HasMany: the child's column refers to the parent.
	HasMany Kind = "has many"
	// BelongsTo: a column of the parent refers to the child's key.
	BelongsTo Kind = "belongs to"
	// Reload: the child reads the parent's rows again, one by one, by their key:
	// alone, or with what it joins to them.
	Reload Kind = "same row"
	// Sibling: columns of both refer to the same table.
	Sibling Kind = "same parent"
)

// Link is how the rows of two statements belong together.
type Link struct {
	Kind          Kind
	Child, Parent int      // tables
	Columns       []string // of the child, which the lookup is by
	Named         bool     // by the names of columns only: there is no foreign key
}

// links are the ways from a lookup by columns of a child table to rows of a parent
// table, the surest first.
func (s *Schema) links(l lookup, parent int) []Link {
	child, columns := l.table, l.columns
	var found []Link
	add := func(k Kind, named bool) {
		found = append(found, Link{Kind: k, Child: child, Parent: parent, Columns: columns, Named: named})
	}
	var refers []ForeignKey // of the child, by these columns
	for _, f := range s.ForeignKeys {
		if f.From == child && same(f.FromColumns, columns) {
			refers = append(refers, f)
			if f.To == parent {
				add(HasMany, false)
			}
		}
		if f.From == parent && f.To == child && same(f.ToColumns, columns) {
			add(BelongsTo, false)
		}
	}
	if len(found) > 0 {
		return found
	}
	for _, f := range s.ForeignKeys {
		for _, r := range refers {
			if f.From == parent && f.To == r.To && parent != child {
				add(Sibling, false)
			}
		}
	}
	if len(columns) == 1 && len(refers) == 0 && len(found) == 0 {
		if refersByName(columns[0], s.Tables[parent].Name) || l.typed && parent != child {
			add(HasMany, true)
		} else if s.key(child, columns) && !s.refers(parent, child) && namesID(columns[0]) && slices.ContainsFunc(s.Tables[parent].Columns, func(c string) bool { return refersByName(c, s.Tables[child].Name) }) {
			add(BelongsTo, true)
		}
	}
	return found
}

// refers says whether a table has a foreign key to another: how they belong together
// is known then, and names say no more.
func (s *Schema) refers(from, to int) bool {
	return slices.ContainsFunc(s.ForeignKeys, func(f ForeignKey) bool { return f.From == from && f.To == to })
}

// namesID says whether a column is named as an identifier is.
func namesID(column string) bool { return strings.HasSuffix(strings.ToLower(column), "id") }

// companion is the column that says which table a reference without a foreign key
// leads to: subject_type beside subject_id; "" where there is none.
func (s *Schema) companion(table int, column string) string {
	stem := strings.ToLower(column)
	if !namesID(stem) {
		return ""
	}
	stem = strings.TrimSuffix(strings.TrimSuffix(stem, "id"), "_")
	for _, c := range s.Tables[table].Columns {
		if l := strings.ToLower(c); stem != "" && (l == stem+"_type" || l == stem+"type") {
			return c
		}
	}
	return ""
}

// refersByName says whether a column is named as one that refers to a table:
// user_id, userId or users_id for users.
func refersByName(column, table string) bool {
	c := strings.ToLower(strings.ReplaceAll(column, "_", ""))
	stem, ok := strings.CutSuffix(c, "id")
	if !ok || stem == "" {
		return false
	}
	t := strings.ToLower(strings.ReplaceAll(table, "_", ""))
	return stem == t || stem+"s" == t || stem+"es" == t || strings.HasSuffix(stem, "y") && strings.TrimSuffix(stem, "y")+"ies" == t
}
