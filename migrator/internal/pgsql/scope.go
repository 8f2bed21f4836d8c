package pgsql

import (
	"slices"
)

// scope is one query: what its names mean.
type scope struct {
	r       *resolver
	verb    string
	level   int
	outer   *scope
	with    map[string]*scope // the queries of WITH, nil while they are read
	tables  []source
	outputs []output // what the query passes on, for those that read from it
}

// source is one item of FROM: a table, or a query whose columns are traced.
type source struct {
	name    string
	schema  string
	use     *Use     // or nil
	outputs []output // of a query
	columns []string // known columns of a table; nil: unknown
}

// output is one column that a query gives: from is where it comes from
// unchanged, or nil.
type output struct {
	name string
	from *Column
}

func (r *resolver) enter(verb string, outer *scope, with *WithClause) *scope {
	s := &scope{r: r, verb: verb, level: r.levels, outer: outer}
	r.levels++
	if with != nil {
		s.with = map[string]*scope{}
		for _, c := range with.Ctes {
			s.with[c.Ctename] = nil // a recursive query may name itself
			if inner := r.statement(c.Ctequery, s); inner != nil {
				inner.rename(c.Aliascolnames)
				s.with[c.Ctename] = inner
			}
		}
	}
	return s
}

// rename gives outputs the names of an alias's list.
func (s *scope) rename(names []Node) {
	for i, n := range names {
		if name, ok := n.(*String); ok && i < len(s.outputs) {
			s.outputs[i].name = name.Sval
		}
	}
}

// common is the query of WITH that a name means here.
func (s *scope) common(name string) (q *scope, ok bool) {
	for at := s; at != nil; at = at.outer {
		if q, ok = at.with[name]; ok {
			return q, true
		}
	}
	return nil, false
}

func (s *scope) target(t *RangeVar) *Use {
	use := s.table(t)
	use.Target = true
	return use
}

// table adds a use of a real table.
func (s *scope) table(t *RangeVar) *Use {
	use := &Use{Schema: t.Schemaname, Table: t.Relname, Alias: t.Relname, Verb: s.verb, Level: s.level}
	if t.Alias != nil {
		use.Alias = t.Alias.Aliasname
	}
	s.r.uses = append(s.r.uses, use)
	item := source{name: use.Alias, use: use}
	if t.Alias == nil {
		item.schema = t.Schemaname
	}
	if s.r.schema.Columns != nil {
		item.columns = s.r.schema.Columns(t.Schemaname, t.Relname)
	}
	if t.Alias != nil && len(t.Alias.Colnames) > 0 && item.columns != nil {
		item = aliased(item, t.Alias.Colnames)
	}
	s.tables = append(s.tables, item)
	return use
}

// aliased is a table whose columns go by other names.
func aliased(item source, names []Node) source {
	for i, c := range item.columns {
		name := c
		if i < len(names) {
			if s, ok := names[i].(*String); ok {
				name = s.Sval
			}
		}
		item.outputs = append(item.outputs, output{name, &Column{item.use, c}})
	}
	item.use, item.columns = nil, nil
	return item
}

func (s *scope) from(items []Node) {
	for _, item := range items {
		s.item(item)
	}
}

// item reads one item of FROM.
func (s *scope) item(n Node) {
	switch x := n.(type) {
	case *RangeVar:
		s.named(x)
	case *RangeSubselect:
		s.query(x.Subquery, x.Alias)
	case *JoinExpr:
		s.join(x)
	case *RangeTableSample:
		s.item(x.Relation)
	case *RangeFunction:
		s.readAll(x.Functions)
		if x.Alias != nil {
			s.tables = append(s.tables, source{name: x.Alias.Aliasname})
		} else {
			s.tables = append(s.tables, source{})
		}
	}
}

// named is a table, a query of WITH, or a view.
func (s *scope) named(x *RangeVar) {
	name := x.Relname
	if x.Alias != nil {
		name = x.Alias.Aliasname
	}
	if q, ok := s.common(x.Relname); ok && x.Schemaname == "" {
		item := source{name: name}
		if q != nil {
			item.outputs = q.outputs
		}
		s.tables = append(s.tables, item)
		return
	}
	const deepest = 16 // views in views
	if s.r.schema.View != nil && s.r.depth < deepest {
		if view := s.r.schema.View(x.Schemaname, x.Relname); view != nil {
			s.r.depth++
			s.query(view, &Alias{Aliasname: name})
			s.r.depth--
			return
		}
	}
	s.table(x)
}

func (s *scope) query(n Node, alias *Alias) {
	item := source{}
	outer := s
	inner := s.r.statement(n, outer)
	if alias != nil {
		item.name = alias.Aliasname
		if inner != nil {
			inner.rename(alias.Colnames)
		}
	}
	if inner != nil {
		item.outputs = inner.outputs
	}
	s.tables = append(s.tables, item)
}

func (s *scope) join(x *JoinExpr) {
	left := len(s.tables)
	s.item(x.Larg)
	right := len(s.tables)
	s.item(x.Rarg)
	at := place{outer: x.Jointype == "JOIN_FULL"}
	s.condition(x.Quals, at)
	names := x.UsingClause
	if x.IsNatural {
		names = shared(s.tables[left:right], s.tables[right:])
	}
	for _, n := range names {
		name, ok := n.(*String)
		if !ok {
			continue
		}
		a, b := column(s.tables[left:right], "", "", name.Sval), column(s.tables[right:], "", "", name.Sval)
		s.joined(a, b, at)
	}
}

// joined is USING or NATURAL: two columns of one name.
func (s *scope) joined(a, b *Column, at place) {
	if a == nil || b == nil {
		return
	}
	a.Use.reads(a.Name)
	b.Use.reads(b.Name)
	s.compare(Equal, "=", operand{column: a, expr: plain(a.Name)}, operand{column: b, expr: plain(b.Name)}, at)
}

func plain(name string) Node { return &ColumnRef{Fields: []Node{&String{Sval: name}}} }

// shared are the columns of a NATURAL join, as far as they are known.
func shared(left, right []source) []Node {
	var both []Node
	for _, item := range left {
		for _, name := range item.names() {
			if slices.ContainsFunc(right, func(r source) bool { return slices.Contains(r.names(), name) }) {
				both = append(both, &String{Sval: name})
			}
		}
	}
	return both
}
