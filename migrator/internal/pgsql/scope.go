package pgsql

import (
	"slices"
	"strings"
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

func (t source) names() []string {
	if t.use != nil {
		return t.columns
	}
	names := make([]string, len(t.outputs))
	for i, o := range t.outputs {
		names[i] = o.name
	}
	return names
}

// column finds a column among items of FROM: by schema.table.column, of which
// the first two may be "". Without knowledge of the tables' columns an
// unqualified name is that of the only table.
func column(items []source, schema, table, name string) *Column {
	var unknown []*Use
	for _, t := range items {
		if table != "" && (t.name != table || schema != "" && t.schema != schema) {
			continue
		}
		switch {
		case table == "" && t.name == name && t.columns == nil:
			return nil // its whole row
		case t.use == nil:
			for _, o := range t.outputs {
				if o.name == name && o.from != nil {
					return &Column{o.from.Use, o.from.Name}
				}
			}
		case slices.Contains(t.columns, name):
			return &Column{t.use, name}
		case t.columns == nil:
			unknown = append(unknown, t.use)
		}
	}
	if len(unknown) == 1 && (table != "" || len(items) == 1) {
		return &Column{unknown[0], name}
	}
	return nil
}

// lookUp finds what a column reference means here or in the queries around.
func (s *scope) lookUp(c *ColumnRef) *Column {
	name, star := c.Name()
	if star {
		return nil
	}
	var parts []string
	for _, f := range c.Fields {
		if p, ok := f.(*String); ok {
			parts = append(parts, p.Sval)
		}
	}
	schema, table := "", ""
	if len(parts) > 1 {
		table = parts[len(parts)-2]
	}
	if len(parts) > 2 {
		schema = parts[len(parts)-3]
	}
	for at := s; at != nil; at = at.outer {
		if found := column(at.tables, schema, table, name); found != nil {
			return found
		}
		if table != "" && slices.ContainsFunc(at.tables, func(t source) bool { return t.name == table }) {
			return nil // it is there, and the column is none of a table
		}
	}
	return nil
}

// reads notes that a column is read.
func (u *Use) reads(name string) {
	if !slices.Contains(u.Columns, name) {
		u.Columns = append(u.Columns, name)
	}
}

func (s *scope) readAll(nodes []Node) {
	for _, n := range nodes {
		s.read(n)
	}
}

// read notes every column beneath n, and goes into queries in expressions.
func (s *scope) read(n Node) {
	Walk(n, func(n Node) bool {
		switch x := n.(type) {
		case *ColumnRef:
			s.column(x)
		case *SubLink:
			s.subquery(x, place{outer: true})
			return false
		case *SelectStmt:
			s.r.statement(x, s)
			return false
		}
		return true
	})
}

func (s *scope) column(x *ColumnRef) {
	if _, star := x.Name(); star {
		s.star(x)
		return
	}
	if c := s.lookUp(x); c != nil {
		c.Use.reads(c.Name)
		return
	}
	// A table's name alone is its whole row.
	name, _ := x.Name()
	for at := s; at != nil && len(x.Fields) == 1; at = at.outer {
		for _, t := range at.tables {
			if t.name == name {
				t.readWhole()
				return
			}
		}
	}
}

// star is * or t.*.
func (s *scope) star(x *ColumnRef) {
	table := ""
	if len(x.Fields) > 1 {
		if name, ok := x.Fields[len(x.Fields)-2].(*String); ok {
			table = name.Sval
		}
	}
	for at := s; at != nil; at = at.outer {
		found := false
		for _, t := range at.tables {
			if table == "" || t.name == table {
				t.readWhole()
				found = true
			}
		}
		if found || table == "" {
			return
		}
	}
}

func (t source) readWhole() {
	if t.use != nil {
		t.use.Whole = true
	}
	for _, o := range t.outputs {
		if o.from != nil {
			o.from.Use.reads(o.from.Name)
		}
	}
}

// targets reads SELECT's list and notes what it passes on.
func (s *scope) targets(list []Node) {
	for _, n := range list {
		t, ok := n.(*ResTarget)
		if !ok {
			continue
		}
		s.read(t.Val)
		ref, ok := t.Val.(*ColumnRef)
		if !ok {
			s.outputs = append(s.outputs, output{name: outputName(t)})
			continue
		}
		if name, star := ref.Name(); !star {
			if t.Name != "" {
				name = t.Name
			}
			s.outputs = append(s.outputs, output{name, s.lookUp(ref)})
			continue
		}
		s.outputs = append(s.outputs, s.all(ref)...)
	}
}

func outputName(t *ResTarget) string {
	if t.Name != "" {
		return t.Name
	}
	if f, ok := t.Val.(*FuncCall); ok && len(f.Funcname) > 0 {
		if name, ok := f.Funcname[len(f.Funcname)-1].(*String); ok {
			return strings.ToLower(name.Sval)
		}
	}
	return ""
}

// all are the columns that a star passes on, as far as they are known.
func (s *scope) all(star *ColumnRef) []output {
	var list []output
	for _, t := range s.tables {
		if len(star.Fields) > 1 {
			if name, ok := star.Fields[len(star.Fields)-2].(*String); !ok || name.Sval != t.name {
				continue
			}
		}
		if t.use == nil {
			list = append(list, t.outputs...)
			continue
		}
		for _, c := range t.columns {
			list = append(list, output{c, &Column{t.use, c}})
		}
	}
	return list
}

// union is what a set operation passes on: a column of its left side stands for
// both, and the right side's is reached by its own query's conditions.
func union(left, right *scope) []output {
	if left == nil {
		return nil
	}
	list := slices.Clone(left.outputs)
	for i := range list {
		if right == nil || i >= len(right.outputs) || right.outputs[i].from == nil {
			list[i].from = nil
		}
	}
	return list
}

func (s *scope) sets(target *Use, list []*ResTarget) {
	for _, t := range list {
		if !slices.Contains(target.Sets, t.Name) {
			target.Sets = append(target.Sets, t.Name)
		}
		s.read(t.Val)
	}
}

func (s *scope) returning(list []Node) *scope {
	s.targets(list)
	return s
}
