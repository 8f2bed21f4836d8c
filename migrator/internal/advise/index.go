package advise

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Index is an index that might be made.
type Index struct {
	Table   *Table
	Method  string // btree, gin, brin
	Keys    []Key
	Include []string // columns that only ride along
	// Conditions are those of a partial index, all of which hold for its rows.
	Conditions []string

	id string // once it is known
}

// Key is one key of an index.
type Key struct {
	Column string // or "", and Expr
	Expr   string // an expression as SQL
	Desc   bool
	Nulls  string // "", FIRST or LAST where it is not the default of the direction
	Class  string // an operator class, "" is the default
}

// SQL is the key as CREATE INDEX takes it and pg_get_indexdef prints it.
func (k Key) SQL() string {
	text := catalog.Quote(k.Column)
	if k.Column == "" {
		text = k.Expr
		if !isCall(text) {
			text = "(" + text + ")"
		}
	}
	if k.Class != "" {
		text += " " + k.Class
	}
	if k.Desc {
		text += " DESC"
	}
	if k.Nulls == "FIRST" && !k.Desc || k.Nulls == "LAST" && k.Desc {
		text += " NULLS " + k.Nulls
	}
	return text
}

// isCall says whether an expression is a lone function call, which needs no
// parentheses.
func isCall(text string) bool {
	open := strings.IndexByte(text, '(')
	if open <= 0 || !strings.HasSuffix(text, ")") || strings.ContainsAny(text[:open], " :'+-*/<>=|") {
		return false
	}
	depth := 0
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 && i < len(text)-1 {
				return false
			}
		case '\'':
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				return false
			}
			i += 1 + end
		}
	}
	return true
}

// Where is the predicate of a partial index; "" of one that holds all rows.
func (i *Index) Where() string { return strings.Join(i.Conditions, " AND ") }

// Partial says whether it holds a part of the rows only.
func (i *Index) Partial() bool { return len(i.Conditions) > 0 }

// ID tells the index from others.
func (i *Index) ID() string {
	if i.id != "" {
		return i.id
	}
	return i.Definition("", false)
}

// Definition is CREATE INDEX for it, without a name when that is "".
func (i *Index) Definition(name string, concurrently bool) string {
	return i.On(catalog.Quote(i.Table.Schema)+"."+catalog.Quote(i.Table.Name), name, concurrently)
}

// On is CREATE INDEX for it on a table of another name, such as a partition.
func (i *Index) On(table, name string, concurrently bool) string {
	var b strings.Builder
	b.WriteString("CREATE INDEX ")
	if concurrently {
		b.WriteString("CONCURRENTLY ")
	}
	if name != "" {
		b.WriteString(catalog.Quote(name) + " ")
	}
	b.WriteString("ON " + table)
	if i.Method != "btree" {
		b.WriteString(" USING " + i.Method)
	}
	keys := make([]string, len(i.Keys))
	for n, k := range i.Keys {
		keys[n] = k.SQL()
	}
	b.WriteString(" (" + strings.Join(keys, ", ") + ")")
	if len(i.Include) > 0 {
		quoted := make([]string, len(i.Include))
		for n, c := range i.Include {
			quoted[n] = catalog.Quote(c)
		}
		b.WriteString(" INCLUDE (" + strings.Join(quoted, ", ") + ")")
	}
	if where := i.Where(); where != "" {
		b.WriteString(" WHERE " + where)
	}
	return b.String()
}

// Columns are the keys' columns and the included ones; expressions are left out.
func (i *Index) Columns() []string {
	var all []string
	for _, k := range i.Keys {
		if k.Column != "" {
			all = append(all, k.Column)
		}
	}
	return append(all, i.Include...)
}

// touches says whether writing a column changes the index: it is a key, rides
// along, or its expression or predicate names it.
func (i *Index) touches(column string) bool {
	if slices.Contains(i.Columns(), column) {
		return true
	}
	name := catalog.Quote(column)
	for _, k := range i.Keys {
		if mentions(k.Expr, name) {
			return true
		}
	}
	return mentions(i.Where(), name)
}

// mentions says whether an expression has a name as a word of its own.
func mentions(text, name string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(name)
		if (at == 0 || !wordByte(text[at-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		from = at + 1
	}
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// Name is what the index would be called: table_columns_idx, as PostgreSQL names
// indexes, within 63 bytes, and none of those taken.
func (i *Index) Name(taken map[string]bool) string {
	parts := []string{i.Table.Name}
	for _, k := range i.Keys {
		if k.Column != "" {
			parts = append(parts, k.Column)
		} else if open := strings.IndexByte(k.Expr, '('); open > 0 && isCall(k.Expr) {
			parts = append(parts, k.Expr[:open])
		} else {
			parts = append(parts, "expr")
		}
	}
	base := strings.Join(parts, "_")
	for n := 0; ; n++ {
		tail := "_idx"
		if n > 0 {
			tail += strconv.Itoa(n)
		}
		const longest = 63
		name := cut(base, longest-len(tail)) + tail
		if !taken[name] {
			return name
		}
	}
}

// cut shortens a name to a number of bytes, at the border of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
