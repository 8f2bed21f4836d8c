package advise

import (
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Query is a statement of the workload that tables are read or written by.
type Query struct {
	Statement *workload.Statement
	// SQL is what is planned: a run with its constants where the workload has
	// one, else the statement with its parameters.
	SQL string
	// Cut: its long lists are cut in SQL.
	Cut      bool
	Node     pgsql.Node
	Verb     string
	Mentions []Mention
	// Before is its plan as things are.
	Before *Plan

	bundle []*Index // what its plan uses when it may have everything
	best   float64  // its cost then
	floor  float64  // its cost with all of the pool
	now    float64  // its cost with the chosen indexes, as last asked
	weight float64  // milliseconds of all its calls, as things are
}

// Mention is one use of a known table.
type Mention struct {
	*pgsql.Use
	Table *Table
}

// Refused is a statement that was left out, and why.
type Refused struct {
	Statement *workload.Statement
	Reason    string
	Rights    bool // the role lacks a privilege
}

// parsed is a statement with its tree.
type parsed struct {
	statement *workload.Statement
	sql       string
	node      pgsql.Node
	cut       bool
}

// parse parses all statements that read or write tables.
func parse(w *workload.Workload) (list []parsed, refused []Refused) {
	for _, s := range w.Statements {
		sql := s.SQL
		if len(s.Samples) > 0 {
			sql = s.Samples[0]
		}
		sql, cut := workload.Shortened(sql)
		if len(s.Samples) == 0 {
			sql = pgsql.Repaired(sql)
		}
		node, err := pgsql.ParseOne(sql)
		if err != nil {
			refused = append(refused, Refused{Statement: s, Reason: err.Error()})
			continue
		}
		if pgsql.Verb(node) == "" {
			continue // SET, BEGIN, CREATE …
		}
		list = append(list, parsed{s, sql, inner(node), cut})
	}
	return list, refused
}

// inner is the statement inside of EXPLAIN and its like.
func inner(n pgsql.Node) pgsql.Node {
	switch x := n.(type) {
	case *pgsql.ExplainStmt:
		return inner(x.Query)
	case *pgsql.PrepareStmt:
		return inner(x.Query)
	case *pgsql.DeclareCursorStmt:
		return inner(x.Query)
	}
	return n
}

// Name is the name of a relation, as a statement has it.
type Name struct{ Schema, Name string }

// names are the relations that statements mention.
func names(list []parsed) []Name {
	var all []Name
	seen := map[Name]bool{}
	for _, p := range list {
		for _, t := range pgsql.Tables(p.node) {
			n := Name{t.Schemaname, t.Relname}
			if !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	return all
}

// costUnit is about what a unit of planner cost takes, for workloads without
// times: a page of 8 kB from memory with a hundred rows looked at.
const costUnit = 0.004 // milliseconds

// resolve finds out what each statement does with which tables.
func resolve(list []parsed, facts *Facts) (queries []*Query) {
	views := map[string]*pgsql.SelectStmt{}
	schema := pgsql.Schema{
		Columns: func(schema, table string) []string {
			t := facts.Find(schema, table)
			if t == nil {
				return nil
			}
			columns := make([]string, len(t.Columns))
			for i, c := range t.Columns {
				columns[i] = c.Name
			}
			return columns
		},
		View: func(schema, table string) *pgsql.SelectStmt {
			t := facts.Find(schema, table)
			if t == nil || t.Kind != View || t.View == "" {
				return nil
			}
			v, known := views[t.String()]
			if !known {
				if n, err := pgsql.ParseOne(t.View); err == nil {
					v, _ = n.(*pgsql.SelectStmt)
				}
				views[t.String()] = v
			}
			return v
		},
	}
	for _, p := range list {
		q := &Query{Statement: p.statement, SQL: p.sql, Cut: p.cut, Node: p.node, Verb: pgsql.Verb(p.node)}
		for _, u := range pgsql.Uses(p.node, schema) {
			if t := facts.Find(u.Schema, u.Table); t != nil {
				q.Mentions = append(q.Mentions, Mention{u, t})
			}
		}
		if len(q.Mentions) > 0 {
			queries = append(queries, q)
		}
	}
	return queries
}

// milliseconds is what all calls of a query took, or would take by its cost.
func (q *Query) milliseconds(timed bool) float64 {
	if timed {
		return float64(q.Statement.Exec) / float64(time.Millisecond)
	}
	return float64(max(q.Statement.Calls, 1)) * q.Before.Cost * costUnit
}

// Literal says whether the query has its constants.
func (q *Query) Literal() bool { return len(q.Parameters()) == 0 }

// Parameters are the numbers of its parameters, each once, in order.
func (q *Query) Parameters() []int {
	var all []int
	pgsql.Walk(q.Node, func(n pgsql.Node) bool {
		if p, ok := n.(*pgsql.ParamRef); ok && !slices.Contains(all, p.Number) {
			all = append(all, p.Number)
		}
		return true
	})
	slices.Sort(all)
	return all
}
