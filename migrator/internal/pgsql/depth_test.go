package pgsql

import (
	"strings"
	"testing"

	"github.com/wasilibs/go-pgquery/parser"
)

// Each kind of nesting is taken where people may write it, refused where it would
// break the parser, and never half read.
func TestDepth(t *testing.T) {
	const after = "SELECT a, b FROM c WHERE d = 1"
	sure, err := asked(after, parser.ParseToJSON)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, head, open, middle, shut, tail string
		fine, most                           int // levels that are taken, that are not
		node                                 string
	}{
		{"calls", "SELECT ", "f(", "1", ")", "", 150, 250, "FuncCall"},
		{"queries", "", "SELECT (", "SELECT 1", ")", "", 60, 100, "SelectStmt"},
		{"tables", "", "SELECT * FROM (", "SELECT 1", ") AS x", "", 60, 150, "SelectStmt"},
		{"sums", "SELECT 1", "+1", "", "", "", 250, 400, "A_Expr"},
		{"texts", "SELECT 'a'", " || 'b'", "", "", "", 250, 400, "A_Expr"},
		{"operators with a schema", "SELECT 1", " OPERATOR(pg_catalog.+) 1", "", "", "", 200, 400, "A_Expr"},
		{"signs", "SELECT 1 ", "+", "1", "", "", 250, 400, "A_Expr"},
		{"NOT", "SELECT ", "NOT ", "a", "", "", 250, 400, "BoolExpr"},
		{"casts", "SELECT 1", "::int", "", "", "", 300, 450, "TypeCast"},
		{"a column called set", "SELECT 1", "+set", "", "", "", 250, 400, "A_Expr"},
		{"UNION", "SELECT 1", " UNION ALL SELECT 1", "", "", "", 400, 600, ""},
		{"JOIN", "SELECT 1 FROM a", " JOIN b ON true", "", "", "", 200, 300, "JoinExpr"},
		{"arrays", "SELECT ARRAY", "[", "1", "]", "", 150, 250, "A_ArrayExpr"},
		{"CASE", "SELECT ", "CASE WHEN a AND b THEN ", "1", " END", "", 120, 200, "CaseExpr"},
		{"AND in OR", "SELECT ", "(a AND (b OR ", "c", "))", "", 80, 120, ""},
		{"a deep sum's first part", "SELECT " + strings.Repeat("f(", 100) + "1" + strings.Repeat(")", 100), "+1", "", "", "", 100, 200, "A_Expr"},
	} {
		of := func(n int) string {
			return c.head + strings.Repeat(c.open, n) + c.middle + strings.Repeat(c.shut, n) + c.tail
		}
		if _, err := ParseOne(of(c.most)); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
			t.Errorf("%s: %d levels: %v", c.name, c.most, err)
		}
		tree, err := asked(of(c.fine), parser.ParseToJSON)
		if err != nil {
			t.Errorf("%s: %d levels: %v", c.name, c.fine, err)
			continue
		}
		if found := strings.Count(tree, `"`+c.node+`"`); c.node != "" && found < c.fine {
			t.Errorf("%s: %d of %d levels were read", c.name, found, c.fine)
		}
		if again, err := asked(after, parser.ParseToJSON); err != nil || again != sure {
			t.Fatalf("%s: what is asked next is answered with %v, %v", c.name, again, err)
		}
	}
	// What is long and flat is no matter.
	for _, long := range []string{
		"SELECT a" + strings.Repeat(" AND a = 1 OR b + 1 > 2", 3000),
		"INSERT INTO t VALUES (1, f(2) + 3)" + strings.Repeat(", (1, f(2) + 3)", 3000),
		"SELECT 1 IN (1" + strings.Repeat(", 1 + 1", 3000) + ")",
		strings.Repeat("SELECT f(1) + 2; ", 3000),
		"SELECT '" + strings.Repeat("((((", 3000) + "' /* " + strings.Repeat("((((", 3000) + " */",
	} {
		if _, err := Parse(long); err != nil {
			t.Errorf("%.40s…: %v", long, err)
		}
	}
}

// Blocks of PL/pgSQL break the parser much earlier.
func TestDepthOfBodies(t *testing.T) {
	for _, c := range []struct{ open, shut string }{
		{"IF a THEN ", " END IF;"}, {"LOOP ", " END LOOP;"}, {"BEGIN ", " END;"}, {"CASE a WHEN 1 THEN ", " END CASE;"},
		{"IF a THEN DROP TABLE IF EXISTS b; ELSE ", " END IF;"}, {"FOR i IN 1..2 LOOP IF a THEN ", " END IF; END LOOP;"},
	} {
		of := func(n int) string {
			return "DO $x$ BEGIN " + strings.Repeat(c.open, n) + "PERFORM 1;" + strings.Repeat(c.shut, n) + " END $x$"
		}
		if _, err := Bodies(of(60)); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
			t.Errorf("%s: 60 levels: %v", c.open, err)
		}
		if list, err := Bodies(of(10)); err != nil || len(list) == 0 {
			t.Errorf("%s: 10 levels: %v, %v", c.open, list, err)
		}
	}
	flat := "DO $$ BEGIN " + strings.Repeat("IF a THEN DROP TABLE IF EXISTS b; ELSIF c THEN PERFORM CASE WHEN a THEN 1 END; END IF; ", 500) + "END $$"
	if list, err := Bodies(flat); err != nil || len(list) < 1000 {
		t.Errorf("a long body: %d statements, %v", len(list), err)
	}
}
