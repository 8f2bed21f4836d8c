package migfile

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Index is what CREATE or DROP INDEX CONCURRENTLY is about. Names stand as in
// the statement, with their quotes.
type Index struct {
	Drop   bool
	Name   string // of the index; a dropped one with its schema
	Schema string // of the table, where the statement says it
	Table  string
}

// ConcurrentIndex reads the names of CREATE [UNIQUE] INDEX CONCURRENTLY and
// DROP INDEX CONCURRENTLY. Name is empty for every other statement.
func ConcurrentIndex(sql string) Index {
	t := words(sql)
	switch {
	case t.take("drop", "index", "concurrently"):
		t.skip("if", "exists")
		return Index{Drop: true, Name: t.name()}
	case t.take("create", "index", "concurrently"), t.take("create", "unique", "index", "concurrently"):
		t.skip("if", "not", "exists")
		i := Index{Name: t.name()}
		if !t.take("on") {
			return Index{}
		}
		t.skip("only")
		i.Table = t.name()
		if schema, table, ok := cutName(i.Table); ok {
			i.Schema, i.Table = schema, table
		}
		return i
	}
	return Index{}
}

// Reindex is what REINDEX … CONCURRENTLY is about.
type Reindex struct {
	Kind string // index, table, schema, database, system
	Name string // as in the statement; "" is the present database
}

// ConcurrentReindex reads it; Kind is empty for every other statement.
func ConcurrentReindex(sql string) Reindex {
	t := words(sql)
	if !t.take("reindex") {
		return Reindex{}
	}
	concurrently := false
	if t.take("(") {
		for len(*t) > 0 && !t.take(")") {
			if t.take("concurrently") {
				concurrently = !(t.take("false") || t.take("off") || t.take("0"))
				continue
			}
			*t = (*t)[1:]
		}
	}
	if len(*t) == 0 {
		return Reindex{}
	}
	r := Reindex{Kind: strings.ToLower((*t)[0])}
	*t = (*t)[1:]
	if !t.take("concurrently") && !concurrently {
		return Reindex{}
	}
	r.Name = t.name()
	return r
}

// tokens are a statement's tokens without white space and comments.
type tokens []string

func words(sql string) *tokens {
	var all tokens
	s := sqltext.NewScanner(sql)
	for {
		t, ok := s.Next()
		if !ok {
			return &all
		}
		if t.Kind != sqltext.Space && t.Kind != sqltext.Comment {
			all = append(all, sql[t.From:t.To])
		}
	}
}

// take passes over words if they come next.
func (t *tokens) take(words ...string) bool {
	if len(*t) < len(words) {
		return false
	}
	for i, w := range words {
		if !strings.EqualFold((*t)[i], w) {
			return false
		}
	}
	*t = (*t)[len(words):]
	return true
}

func (t *tokens) skip(words ...string) { t.take(words...) }

// name is a name with its schema, if it has one.
func (t *tokens) name() string {
	if len(*t) == 0 {
		return ""
	}
	name := (*t)[0]
	*t = (*t)[1:]
	for len(*t) > 1 && (*t)[0] == "." {
		name += "." + (*t)[1]
		*t = (*t)[2:]
	}
	return name
}

// cutName parts schema.table; a point within quotes parts nothing.
func cutName(name string) (schema, table string, ok bool) {
	quoted := false
	for i := range len(name) {
		switch {
		case name[i] == '"':
			quoted = !quoted
		case name[i] == '.' && !quoted:
			return name[:i], name[i+1:], true
		}
	}
	return "", name, false
}
