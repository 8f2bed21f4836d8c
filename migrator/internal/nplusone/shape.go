package nplusone

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// shape is a statement as a loop sees it.
type shape struct {
	statement *workload.Statement
	lookups   []lookup // what it looks up by one key: it may be a child
	returns   []int    // tables whose rows it may return: it may be a parent
	single    bool     // it returns one row at most: no parent of a loop
}

// lookup is a table that is read by one value of a key.
type lookup struct {
	table   int
	columns []string
	typed   bool // another value says what table the key is of: subject_type
}

// read looks at a statement; nil is one that takes no part in loops.
func (s *Schema) read(st *workload.Statement) *shape {
	text, _ := workload.Shortened(st.SQL)
	parsed, err := pgsql.Parse(text)
	if err != nil || len(parsed) != 1 || pgsql.Verb(parsed[0].Node) != "select" {
		return nil
	}
	sh := &shape{statement: st}
	batch := false
	for _, use := range pgsql.Uses(parsed[0].Node, pgsql.Schema{Columns: s.columns}) {
		t := s.find(use.Schema, use.Table)
		if t < 0 {
			continue
		}
		sh.returns = append(sh.returns, t)
		one, many := fixed(use, text)
		for _, c := range many {
			batch = batch || s.referring(t, c)
		}
		sh.lookups = append(sh.lookups, s.lookups(t, one)...)
	}
	if batch {
		sh.lookups = nil // it looks up many at once, as it should
	}
	if len(sh.returns) == 0 {
		return nil
	}
	sh.single = len(sh.returns) == 1 && slices.ContainsFunc(sh.lookups, func(l lookup) bool { return s.key(l.table, l.columns) })
	return sh
}

// fixed are the columns that one value each is given for, and those that lists of
// values are.
func fixed(use *pgsql.Use, sql string) (one, many []string) {
	for i := range use.Predicates {
		p := &use.Predicates[i]
		if p.Column == "" || !p.Constant || p.Or != 0 || p.Outer {
			continue
		}
		switch p.Class {
		case pgsql.Equal:
			one = append(one, p.Column)
		case pgsql.In:
			// PostgreSQL 18 writes a list of any length as ($1 /*, ... */).
			if l, ok := p.Value.(*pgsql.List); ok && len(l.Items) == 1 && !strings.Contains(sql, "/*, ... */") {
				one = append(one, p.Column)
			} else {
				many = append(many, p.Column)
			}
		}
	}
	return one, many
}

// lookups are the keys and references of a table that all have their values.
func (s *Schema) lookups(table int, one []string) []lookup {
	var found []lookup
	has := func(columns []string) bool {
		for _, c := range columns {
			if !contains(one, c) {
				return false
			}
		}
		return len(columns) > 0
	}
	add := func(columns []string) {
		for _, l := range found {
			if same(l.columns, columns) {
				return
			}
		}
		typed := len(columns) == 1 && contains(one, s.companion(table, columns[0]))
		found = append(found, lookup{table, columns, typed})
	}
	for _, f := range s.ForeignKeys {
		if f.From == table && has(f.FromColumns) {
			add(f.FromColumns)
		}
	}
	for _, k := range s.Tables[table].Keys {
		if has(k) {
			add(k)
		}
	}
	for _, c := range one {
		if namesID(c) {
			add([]string{c})
		}
	}
	return found
}

// referring says whether a column is a key, or refers to one.
func (s *Schema) referring(table int, column string) bool {
	for _, f := range s.ForeignKeys {
		if f.From == table && contains(f.FromColumns, column) {
			return true
		}
	}
	for _, k := range s.Tables[table].Keys {
		if contains(k, column) {
			return true
		}
	}
	return namesID(column)
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
