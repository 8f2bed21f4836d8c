package pgsql

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wasilibs/go-pgquery/parser"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Inner is a statement within a body of PL/pgSQL.
type Inner struct {
	// SQL is the statement; its variables stand there as names. Of EXECUTE it is the
	// expression that makes the statement; of COMMIT and ROLLBACK it is empty.
	SQL     string
	Dynamic bool   // EXECUTE
	Target  string // the variable that gets the value of SELECT SQL; "" for a statement
	Line    int    // of the body, from 1; 0 is unknown
}

// Bodies are the statements of a DO, or of a CREATE FUNCTION or PROCEDURE in
// PL/pgSQL, in the order of their lines: also those of branches that may not be taken.
func Bodies(sql string) ([]Inner, error) {
	s := sqltext.NewScanner(sql)
	for t, ok := s.Next(); ok; t, ok = s.Next() {
		if t.Kind != sqltext.String {
			continue
		}
		if err := tooDeep(sql[t.From+1:t.To], true); err != nil {
			return nil, err
		}
	}
	tree, err := asked(sql, parser.ParsePlPgSqlToJSON)
	if err != nil {
		return nil, err
	}
	var functions any
	if err := json.Unmarshal([]byte(tree), &functions); err != nil {
		return nil, fmt.Errorf("reading the tree of the body: %w", err)
	}
	var r bodyReader
	r.read(functions, "", 0)
	slices.SortStableFunc(r.found, func(a, b Inner) int { return a.Line - b.Line })
	return r.found, nil
}

type bodyReader struct{ found []Inner }

// read goes through the tree: kind and line are those of the statement around.
func (r *bodyReader) read(v any, kind string, line int) {
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			r.read(e, kind, line)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(x)) {
			inner, _ := x[name].(map[string]any)
			switch {
			case name == "PLpgSQL_var" && inner != nil:
				r.variable(inner)
			case inner == nil:
				r.read(x[name], kind, line)
			case name == "PLpgSQL_expr":
				r.expression(inner, kind, line)
			case strings.HasPrefix(name, "PLpgSQL_stmt_"):
				n, _ := inner["lineno"].(float64)
				kind := strings.TrimPrefix(name, "PLpgSQL_stmt_")
				if kind == "commit" || kind == "rollback" {
					r.found = append(r.found, Inner{Line: int(n)})
				}
				r.read(inner, kind, int(n))
			case name == "dynquery":
				r.read(inner, "dynexecute", line)
			default:
				r.read(inner, kind, line)
			}
		}
	}
}

// How PL/pgSQL parses the text of an expression (RawParseMode).
const (
	wholeStatement = 0
	expression     = 2
)

func (r *bodyReader) expression(e map[string]any, kind string, line int) {
	sql, _ := e["query"].(string)
	mode, _ := e["parseMode"].(float64)
	dynamic := strings.HasPrefix(kind, "dyn")
	target := ""
	switch {
	case dynamic || mode == wholeStatement:
	case mode == expression:
		sql = "SELECT " + sql
	default: // an assignment
		before, after, ok := strings.Cut(sql, "=")
		if !ok {
			return
		}
		target, sql = strings.ToLower(strings.TrimRight(before, " :")), "SELECT "+after
	}
	r.found = append(r.found, Inner{SQL: sql, Dynamic: dynamic, Target: target, Line: line})
}

// variable is what a declaration gives a variable.
func (r *bodyReader) variable(v map[string]any) {
	before := len(r.found)
	line, _ := v["lineno"].(float64)
	r.read(v["default_val"], "", int(line))
	for i := range r.found[before:] {
		r.found[before+i].Target, _ = v["refname"].(string)
	}
	r.read(v["cursor_explicit_expr"], "", int(line))
}
