package pgsql

import "slices"

// Class is how a predicate narrows what is read.
type Class string

// The classes.
const (
	Equal   Class = "equal"    // =, also a bare boolean column and IS TRUE
	In      Class = "in"       // IN (…), = ANY (…)
	IsNull  Class = "null"     // IS NULL
	NotNull Class = "not null" // IS NOT NULL
	Range   Class = "range"    // <, <=, >, >=, BETWEEN
	Match   Class = "match"    // LIKE, ILIKE, ~, SIMILAR TO and their negations
	Unequal Class = "unequal"  // <>, NOT IN, IS DISTINCT FROM
	Sign    Class = "operator" // any other operator: @>, &&, @@ …
)

// Use is one mention of a table in FROM (or as the target of a write), and what
// the statement does with it there. Columns of views, of queries in FROM and of
// WITH are traced to the tables beneath where they are passed on unchanged.
type Use struct {
	Schema string // as written; "" when the search path decides
	Table  string
	Alias  string // the name that it goes by in the statement
	Verb   string // of the query that mentions it: select, insert, update, delete, merge
	Target bool   // it is what the verb writes
	Level  int    // number of the query in the statement that mentions it, from 0 for the outermost

	Columns    []string // read anywhere in the statement
	Whole      bool     // all columns are read: * or a whole row
	Sets       []string // written by UPDATE, MERGE or ON CONFLICT; all of INSERT's
	Predicates []Predicate
	// Order and Group are the leading keys of the query's ORDER BY and GROUP BY
	// (or DISTINCT) that are of this table. Whole: all of them are.
	Order, Group           []Key
	OrderWhole, GroupWhole bool
	Limit                  bool // the query stops after a number of rows
}

// Key is one key of ORDER BY or GROUP BY.
type Key struct {
	Column string // or "", and Expr
	Expr   Node
	Desc   bool
	Nulls  string // "", FIRST or LAST, as written
}

// Predicate is one comparison of a table's column, or of an expression over its
// columns, with something else.
type Predicate struct {
	Class  Class
	Column string // or "", and Expr
	Expr   Node   // *ColumnRef, or an expression over columns of this table only
	Op     string // as written: "=", "<", "LIKE", "@>"; "" for null tests
	Value  Node   // the other side; of BETWEEN and IN a *List; nil for null tests
	// Constant: the other side holds no column: constants, parameters,
	// functions of them.
	Constant bool
	// Join is the column of another use that it is compared with, or nil.
	Join *Column
	// Or is the number of the disjunction that it stands in, from 1, and Branch
	// that of its arm; 0 when it must hold for every row of the result.
	Or, Branch int
	Outer      bool // from the ON of an outer join or beneath NOT: it does not narrow the result
}

// Column is a column of a use.
type Column struct {
	Use  *Use
	Name string
}

// Schema tells what tables and views hold. Either function may be nil or give
// nil for what it does not know. The schema is "" where the statement names none.
type Schema struct {
	Columns func(schema, table string) []string
	View    func(schema, table string) *SelectStmt
}

// EqualColumns are the columns that every row of the result has fixed by
// constants or parameters, with =, IN or = ANY, in the order of their predicates.
func (u *Use) EqualColumns() []string {
	return u.columnsOf(func(p *Predicate) bool { return (p.Class == Equal || p.Class == In) && p.Constant })
}

// RangeColumns are the columns that are bounded by constants or parameters.
func (u *Use) RangeColumns() []string {
	return u.columnsOf(func(p *Predicate) bool { return p.Class == Range && p.Constant })
}

func (u *Use) columnsOf(fits func(*Predicate) bool) []string {
	var names []string
	for i := range u.Predicates {
		p := &u.Predicates[i]
		if p.Column != "" && p.Or == 0 && !p.Outer && fits(p) && !slices.Contains(names, p.Column) {
			names = append(names, p.Column)
		}
	}
	return names
}

// Uses lists what a statement does with which tables: SELECT, INSERT, UPDATE,
// DELETE, MERGE, and those inside of EXPLAIN, PREPARE, DECLARE and CREATE TABLE
// AS. Any other statement has none.
func Uses(n Node, schema Schema) []*Use {
	r := &resolver{schema: schema}
	r.statement(n, nil)
	return r.uses
}

// resolver collects the uses of a statement.
type resolver struct {
	schema Schema
	uses   []*Use
	levels int
	ors    int
	depth  int // of views in views
}

// Verb is what a statement does, in one word: select, insert, update, delete,
// merge, or "" for anything else.
func Verb(n Node) string {
	switch x := n.(type) {
	case *SelectStmt:
		return "select"
	case *InsertStmt:
		return "insert"
	case *UpdateStmt:
		return "update"
	case *DeleteStmt:
		return "delete"
	case *MergeStmt:
		return "merge"
	case *ExplainStmt:
		return Verb(x.Query)
	case *PrepareStmt:
		return Verb(x.Query)
	case *DeclareCursorStmt:
		return Verb(x.Query)
	case *CreateTableAsStmt:
		return Verb(x.Query)
	}
	return ""
}

func (r *resolver) statement(n Node, outer *scope) *scope {
	switch x := n.(type) {
	case *SelectStmt:
		return r.query(x, outer)
	case *InsertStmt:
		return r.insert(x, outer)
	case *UpdateStmt:
		s := r.enter("update", outer, x.WithClause)
		target := s.target(x.Relation)
		s.from(x.FromClause)
		s.sets(target, x.TargetList)
		s.condition(x.WhereClause, place{})
		return s.returning(x.ReturningList)
	case *DeleteStmt:
		s := r.enter("delete", outer, x.WithClause)
		s.target(x.Relation)
		s.from(x.UsingClause)
		s.condition(x.WhereClause, place{})
		return s.returning(x.ReturningList)
	case *MergeStmt:
		return r.merge(x, outer)
	case *ExplainStmt:
		return r.statement(x.Query, outer)
	case *PrepareStmt:
		return r.statement(x.Query, outer)
	case *DeclareCursorStmt:
		return r.statement(x.Query, outer)
	case *CreateTableAsStmt:
		return r.statement(x.Query, outer)
	}
	return nil
}

func (r *resolver) insert(x *InsertStmt, outer *scope) *scope {
	s := r.enter("insert", outer, x.WithClause)
	if x.SelectStmt != nil {
		r.statement(x.SelectStmt, s)
	}
	target := s.target(x.Relation)
	for _, c := range x.Cols {
		target.Sets = append(target.Sets, c.Name)
	}
	if x.OnConflictClause != nil {
		s.tables = append(s.tables, source{name: "excluded"})
		s.sets(target, x.OnConflictClause.TargetList)
		s.condition(x.OnConflictClause.WhereClause, place{outer: true})
	}
	return s.returning(x.ReturningList)
}

func (r *resolver) merge(x *MergeStmt, outer *scope) *scope {
	s := r.enter("merge", outer, x.WithClause)
	target := s.target(x.Relation)
	s.item(x.SourceRelation)
	s.condition(x.JoinCondition, place{})
	for _, w := range x.MergeWhenClauses {
		s.read(w.Condition)
		if w.CommandType == "CMD_UPDATE" {
			s.sets(target, w.TargetList)
		}
		s.readAll(w.Values)
	}
	return s.returning(x.ReturningList)
}

// query is SELECT, VALUES or a set operation. The scope that it gives back says
// which columns it passes on.
func (r *resolver) query(x *SelectStmt, outer *scope) *scope {
	if x == nil {
		return nil
	}
	s := r.enter("select", outer, x.WithClause)
	if x.Op != "" && x.Op != "SETOP_NONE" {
		left, right := r.query(x.Larg, s), r.query(x.Rarg, s)
		s.outputs = union(left, right)
		return s
	}
	s.from(x.FromClause)
	s.condition(x.WhereClause, place{})
	s.targets(x.TargetList)
	s.readAll(x.GroupClause)
	s.read(x.HavingClause)
	s.readAll(x.WindowClause)
	s.readAll(x.ValuesLists)
	for _, k := range x.SortClause {
		s.read(k.Node)
	}
	s.read(x.LimitCount)
	s.read(x.LimitOffset)
	s.keys(x)
	return s
}

// Tables are the relations that a statement names, those of WITH left out.
func Tables(n Node) []*RangeVar {
	var tables []*RangeVar
	common := map[string]bool{}
	Walk(n, func(n Node) bool {
		switch x := n.(type) {
		case *CommonTableExpr:
			common[x.Ctename] = true
		case *RangeVar:
			tables = append(tables, x)
		}
		return true
	})
	return slices.DeleteFunc(tables, func(t *RangeVar) bool { return t.Schemaname == "" && common[t.Relname] })
}
