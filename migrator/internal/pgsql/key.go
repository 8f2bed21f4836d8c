package pgsql

import "slices"

// keys notes ORDER BY, GROUP BY and DISTINCT at the tables that they are of.
func (s *scope) keys(x *SelectStmt) {
	group := slices.Clone(x.GroupClause)
	if len(group) == 0 && len(x.DistinctClause) > 0 {
		group = distinct(x)
	}
	for i, k := range group {
		if _, position := k.(*AConst); position {
			group[i] = s.byName(x, k)
		}
	}
	grouped := s.sameTable(group, nil)
	for use, keys := range grouped.keys {
		use.Group, use.GroupWhole = keys, grouped.whole
	}
	order := make([]Node, len(x.SortClause))
	for i, k := range x.SortClause {
		order[i] = s.byName(x, k.Node)
	}
	ordered := s.sameTable(order, x.SortClause)
	for use, keys := range ordered.keys {
		use.Order, use.OrderWhole = keys, ordered.whole
	}
	if x.LimitCount == nil {
		return
	}
	for _, t := range s.tables {
		if t.use != nil {
			t.use.Limit = true
		}
	}
	for use := range ordered.keys {
		use.Limit = true // also through a query in FROM
	}
}

// distinct are the keys of DISTINCT, or of DISTINCT ON.
func distinct(x *SelectStmt) []Node {
	var keys []Node
	for _, d := range x.DistinctClause {
		if d != nil {
			keys = append(keys, d)
		}
	}
	if len(keys) > 0 {
		return keys
	}
	for _, n := range x.TargetList {
		if t, ok := n.(*ResTarget); ok {
			keys = append(keys, t.Val)
		}
	}
	return keys
}

// byName is what ORDER BY 1 or ORDER BY name means: an expression of the list.
func (s *scope) byName(x *SelectStmt, n Node) Node {
	switch k := n.(type) {
	case *AConst:
		if k.Ival != nil && k.Ival.Ival >= 1 && k.Ival.Ival <= len(x.TargetList) {
			if t, ok := x.TargetList[k.Ival.Ival-1].(*ResTarget); ok {
				return t.Val
			}
		}
	case *ColumnRef:
		name, star := k.Name()
		if star || len(k.Fields) != 1 {
			return n
		}
		for _, e := range x.TargetList {
			if t, ok := e.(*ResTarget); ok && t.Name == name {
				return t.Val
			}
		}
	}
	return n
}

// run is the leading keys that are of one table.
type run struct {
	keys  map[*Use][]Key
	whole bool // they are all keys
}

// sameTable finds the leading keys that are of one table.
func (s *scope) sameTable(nodes []Node, sort []*SortBy) run {
	found := run{keys: map[*Use][]Key{}}
	var use *Use
	var keys []Key
	for i, n := range nodes {
		o := s.operand(n)
		if o.use == nil || use != nil && o.use != use {
			break
		}
		use = o.use
		k := Key{Expr: o.expr}
		if o.column != nil {
			k.Column = o.column.Name
		}
		if sort != nil {
			k.Desc = sort[i].SortbyDir == "SORTBY_DESC"
			switch sort[i].SortbyNulls {
			case "SORTBY_NULLS_FIRST":
				k.Nulls = "FIRST"
			case "SORTBY_NULLS_LAST":
				k.Nulls = "LAST"
			}
		}
		keys = append(keys, k)
	}
	if use != nil {
		found.keys[use], found.whole = keys, len(keys) == len(nodes)
	}
	return found
}
