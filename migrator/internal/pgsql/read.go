package pgsql

import (
	"slices"
	"strings"
)

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
