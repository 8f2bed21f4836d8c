package advise

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// Indexes of other kinds than a plain btree: partial ones, and those of GIN and
// BRIN.

// partial tries indexes of a part of the table: where the query names the part
// by a condition that is always the same.
func (mk *maker) partial() {
	where := mk.m.conditions()
	fixed := map[string]bool{}
	share := 1.0
	for i := range mk.m.Predicates {
		p := &mk.m.Predicates[i]
		if _, part, ok := mk.m.always(p); ok {
			fixed[p.Column] = true
			share *= part
		}
	}
	if len(where) == 0 || share > rareShare {
		return
	}
	for _, i := range slices.Clone(mk.found) {
		keys := slices.DeleteFunc(slices.Clone(i.Keys), func(k Key) bool { return fixed[k.Column] })
		if len(keys) > 0 && i.Method == "btree" && len(i.Include) == 0 {
			mk.add(&Index{Table: i.Table, Method: i.Method, Keys: keys, Conditions: where})
		}
	}
	// Nothing else is asked for: the rows of the part, in the order of the key.
	for _, e := range mk.m.Table.Indexes {
		if e.Primary && len(e.Keys) == 1 {
			mk.add(&Index{Table: mk.m.Table, Method: "btree", Keys: []Key{{Column: unquoted(e.Keys[0])}}, Conditions: where})
		}
	}
}

func unquoted(key string) string {
	if inner, ok := strings.CutPrefix(key, `"`); ok {
		return strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`)
	}
	return key
}

// conditions are the mention's predicates that are the same in every run, sorted.
func (m Mention) conditions() []string {
	var where []string
	for i := range m.Predicates {
		if text, _, ok := m.always(&m.Predicates[i]); ok {
			where = append(where, text)
		}
	}
	slices.Sort(where)
	return slices.Compact(where)
}

// Implies says whether the rows that the mention reads are all in a partial
// index, as far as its conditions are among the mention's own.
func (m Mention) Implies(i *Index) bool {
	own := m.conditions()
	for _, c := range i.Conditions {
		if !slices.Contains(own, c) {
			return false
		}
	}
	return true
}

// always is a predicate that is the same in every run of the statement, as SQL,
// and the share of the rows for which it holds.
func (m Mention) always(p *pgsql.Predicate) (text string, share float64, ok bool) {
	c := m.Table.Column(p.Column)
	if c == nil || p.Or != 0 || p.Outer || !p.Constant {
		return "", 0, false
	}
	name := catalog.Quote(c.Name)
	switch p.Class {
	case pgsql.IsNull:
		return name + " IS NULL", c.NullFrac, true
	case pgsql.NotNull:
		return name + " IS NOT NULL", 1 - c.NullFrac, true
	case pgsql.Equal:
		value, known := constant(p.Value)
		if !known {
			return "", 0, false
		}
		for _, v := range c.Common {
			if v.Value != value && !(c.Type == "boolean" && value[:1] == v.Value) {
				continue
			}
			switch {
			case c.Type == "boolean" && value == "true":
				return name, v.Frac, true
			case c.Type == "boolean":
				return "NOT " + name, v.Frac, true
			case c.Distinct > 0 && c.Distinct <= fewStates:
				return name + " = " + catalog.Literal(value), v.Frac, true
			}
		}
	}
	return "", 0, false
}

// fewStates is how many values a column has that is taken for a state, like
// queued and done: a constant of it in a query is part of the program.
const fewStates = 20

func constant(n pgsql.Node) (value string, ok bool) {
	switch x := n.(type) {
	case *pgsql.AConst:
		return x.Text()
	case *pgsql.TypeCast:
		return constant(x.Arg)
	}
	return "", false
}

// prefix is the key for LIKE 'a%': an index of its own operator class where the
// collation is not C.
func (mk *maker) prefix(p *pgsql.Predicate, k Key) (Key, bool) {
	text, ok := constant(p.Value)
	if !ok || p.Op != "LIKE" || text == "" || text[0] == '%' || text[0] == '_' {
		return k, false
	}
	if c := mk.m.Table.Column(p.Column); c != nil {
		k.Class = c.Pattern
	}
	return k, true
}

// others tries GIN for the operators that it serves, and BRIN for large tables
// that lie on disk in the order of a column.
func (mk *maker) others() {
	for i := range mk.m.Predicates {
		p := &mk.m.Predicates[i]
		if p.Outer || !p.Constant {
			continue
		}
		if class, ok := mk.gin(p); ok {
			key := Key{Column: p.Column, Class: class}
			if p.Column == "" {
				text, ok := pgsql.Text(p.Expr)
				if !ok {
					continue
				}
				key.Expr = text
			}
			mk.add(&Index{Table: mk.m.Table, Method: "gin", Keys: []Key{key}})
		}
		const large, orderly = 100_000, 0.99 // pages; correlation
		if c := mk.m.Table.Column(p.Column); c != nil && p.Class == pgsql.Range && mk.m.Table.Pages > large && (c.Correlation > orderly || c.Correlation < -orderly) {
			mk.add(&Index{Table: mk.m.Table, Method: "brin", Keys: []Key{{Column: p.Column}}})
		}
	}
}

// gin is the operator class with which GIN serves a predicate; "" is the type's
// default.
func (mk *maker) gin(p *pgsql.Predicate) (class string, ok bool) {
	typ := ""
	if c := mk.m.Table.Column(p.Column); c != nil {
		typ = c.Type
	} else if p.Column == "" {
		typ = typeOf(p.Expr)
	}
	switch {
	case p.Class == pgsql.Match:
		pattern, known := constant(p.Value)
		anchored := known && p.Op == "LIKE" && pattern != "" && pattern[0] != '%'
		if !mk.facts.Has("pg_trgm") || anchored || strings.HasPrefix(p.Op, "NOT") || strings.HasPrefix(p.Op, "!") {
			return "", false
		}
		return "gin_trgm_ops", typ == "text" || strings.HasPrefix(typ, "character varying")
	case p.Class != pgsql.Sign:
		return "", false
	case typ == "jsonb":
		if p.Op == "@>" || p.Op == "@?" || p.Op == "@@" {
			return "jsonb_path_ops", true
		}
		return "", p.Op == "?" || p.Op == "?|" || p.Op == "?&"
	case typ == "tsvector":
		return "", p.Op == "@@"
	case strings.HasSuffix(typ, "[]"):
		return "", p.Op == "@>" || p.Op == "&&" || p.Op == "<@"
	}
	return "", false
}

// typeOf is the type of the few expressions that GIN is asked for.
func typeOf(n pgsql.Node) string {
	switch x := n.(type) {
	case *pgsql.FuncCall:
		if name, ok := x.Funcname[len(x.Funcname)-1].(*pgsql.String); ok {
			switch name.Sval {
			case "to_tsvector", "setweight":
				return "tsvector"
			case "lower", "upper":
				return "text"
			}
		}
	case *pgsql.AExpr:
		if name, ok := x.Name[len(x.Name)-1].(*pgsql.String); ok {
			switch name.Sval {
			case "->", "#>":
				return "jsonb"
			case "->>", "#>>":
				return "text"
			}
		}
	case *pgsql.TypeCast:
		if name, ok := x.TypeName.Names[len(x.TypeName.Names)-1].(*pgsql.String); ok {
			return name.Sval
		}
	}
	return ""
}
