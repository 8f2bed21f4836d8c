package advise

import (
	"slices"
	"strings"
)

// Facts are what is known of the tables and views that a workload names.
type Facts struct {
	Tables []*Table
	// Path is the search path, for names without a schema.
	Path []string
	// Taken are the names of all relations in the tables' schemas.
	Taken map[string][]string
	// Extensions that are installed: pg_trgm, btree_gin …
	Extensions []string
}

// Table is one relation and its statistics.
type Table struct {
	Schema, Name string
	Kind         Kind
	Rows         float64 // -1: never analyzed
	Pages        float64 // of 8 kB
	Columns      []*Column
	Indexes      []*Existing
	// Partitions are the leaves of a partitioned table; Rows and Pages of it are
	// theirs together.
	Partitions []*Table
	Writes     Writes
	View       string // of a view: its query
	// FromExtension: an extension made it, and its indexes are not ours to make.
	FromExtension bool
}

// Kind is the kind of a relation, as pg_class.relkind has it.
type Kind string

// The kinds.
const (
	Plain        Kind = "r"
	Partitioned  Kind = "p"
	Foreign      Kind = "f"
	View         Kind = "v"
	Materialized Kind = "m"
	Temporary    Kind = "t" // relpersistence, not relkind
)

// Indexable says whether an index may be proposed for it.
func (t *Table) Indexable() bool {
	return (t.Kind == Plain || t.Kind == Partitioned || t.Kind == Materialized) && !t.FromExtension
}

// String is the qualified name, without quotes.
func (t *Table) String() string { return t.Schema + "." + t.Name }

// Column is the column of that name, or nil.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Column is one column and its statistics.
type Column struct {
	Name, Type  string  // format_type: "character varying(20)"
	Width       float64 // bytes, on average
	NullFrac    float64
	Distinct    float64 // number of distinct values; 0: unknown
	Correlation float64 // of its order and that of the rows on disk
	TopFrac     float64 // how frequent the most common value is
	NotNull     bool
	Ordered     bool   // its type has a default btree operator class
	Pattern     string // the operator class for LIKE 'a%', where the collation asks for one
	Family      string // typcategory: S text, A array, U other …
	Common      []Common
}

// Common is one of the most common values, as text.
type Common struct {
	Value string
	Frac  float64
}

// Writes are the rows written since the statistics were reset.
type Writes struct{ Inserted, Updated, HotUpdated, Deleted float64 }

// Existing is an index that is there.
type Existing struct {
	Name                   string
	Method                 string
	Keys                   []string // as pg_get_indexdef prints them: quoted columns, expressions, DESC …
	Include                []string
	Predicate              string
	Unique, Primary, Valid bool
	Constraint             bool // a constraint stands on it
	Bytes                  int64
	Scans                  int64
	Definition             string
}

// Find is the relation that a name means: by the search path when schema is "",
// and, when nothing on the path has it, the only one of that name.
func (f *Facts) Find(schema, name string) *Table {
	var found []*Table
	for _, t := range f.Tables {
		if t.Name == name && (schema == "" || t.Schema == schema) {
			found = append(found, t)
		}
	}
	if schema == "" {
		for _, s := range f.Path {
			for _, t := range found {
				if t.Schema == s {
					return t
				}
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

// Has says whether an extension is installed.
func (f *Facts) Has(extension string) bool { return slices.Contains(f.Extensions, extension) }

// covers says whether an existing index does what a wanted one would: it is valid
// and not partial, and the wanted keys are its first ones, or it is unique and its
// keys are the first of the wanted ones.
func (e *Existing) covers(i *Index) bool {
	if !e.Valid || e.Method != i.Method || e.Predicate != "" && e.Predicate != i.Where() {
		return false
	}
	if e.Unique && e.Predicate == "" && len(i.Keys) >= len(e.Keys) && e.begins(i) {
		return true // a key with a payload: what it saves is one visit to the table
	}
	if len(i.Include) > 0 && !e.holds(i.Include) {
		return false
	}
	if len(i.Keys) > len(e.Keys) {
		return false
	}
	for n, k := range i.Keys {
		if e.Keys[n] != k.SQL() {
			return false
		}
	}
	return true
}

// begins says whether the index's keys are the first ones of i, in any order.
func (e *Existing) begins(i *Index) bool {
	for _, k := range i.Keys[:len(e.Keys)] {
		if !slices.Contains(e.Keys, k.SQL()) {
			return false
		}
	}
	return true
}

// holds says whether all columns are in the index, as key or included.
func (e *Existing) holds(columns []string) bool {
	for _, c := range columns {
		if !slices.Contains(e.Include, c) && !slices.ContainsFunc(e.Keys, func(k string) bool { return strings.TrimSuffix(k, " DESC") == c }) {
			return false
		}
	}
	return true
}
