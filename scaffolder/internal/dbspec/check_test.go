package dbspec_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/seniorbackend/tools/scaffolder/internal/dbspec"
	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
	"github.com/seniorbackend/tools/scaffolder/internal/restapi"
)

// checks are conditions on a column x of a type. Those of which something becomes a
// keyword are marked: otherwise a test that finds nothing would pass.
var checks = []struct {
	kind, condition string
	kept            bool
}{
	{"int", "x > 0 AND x <= 99", true}, {"int", "x BETWEEN -5 AND 5", true}, {"int", "5 > x", true}, {"int", "x IN (1, 2, 30)", true}, {"int", "x = ANY (ARRAY[1, NULL])", false},
	{"int", "x <> 0", false}, {"int", "x > 0 OR x < -10", false}, {"int", "x % 2 = 0", false}, {"int", "NOT x > 3", false}, {"int8", "x >= 9007199254740993", true}, {"int2", "x > 1.5", true},
	{"float8", "x >= 0.1", true}, {"float8", "x < 'Infinity'", false}, {"float8", "x::numeric >= 0.1", false}, {"float4", "x >= 0.1", false}, {"numeric", "x >= 0", false},
	{"text", "length(x) > 2", true}, {"text", "char_length(x) BETWEEN 2 AND 4", true}, {"text", "char_length(trim(x)) > 2", false}, {"text", "x <> ''", true}, {"text", "x IN ('a', 'b''c', 'é')", true},
	{"text", "x = 'a' OR x IS NULL", true}, {"int", "x IS NULL OR x > 3 AND x < 9", true}, {"text", "x = 'a' OR length(x) > 3", false}, {"text", "lower(x) = x", false}, {"varchar(5)", "x IN ('a', 'bb')", true}, {"varchar", "length(x) >= 1", true}, {"char(3)", "length(x) <= 1", false}, {"char(3)", "x IN ('a', 'b')", false},
	{"text", "x ~ '^[a-c]+$'", true}, {"text", `x ~ '^a.c$'`, true}, {"text", `x ~ '^\d+$'`, false}, {"text", `x ~ 'a{2,3}'`, true}, {"text", `x ~ '^(ab|[^b])\.?$'`, true}, {"text", "x ~* '^a'", false}, {"text", `x ~ '[[:alpha:]]'`, false},
	{"text", `x ~ '^[]a]+$'`, true}, {"text", `x ~ '^[a\-c]$'`, true}, {"text", "x LIKE 'a%'", true}, {"text", `x LIKE 'a\%_'`, true}, {"text", "x ILIKE 'a%'", false}, {"text", "x COLLATE \"C\" > 'a'", false}, {"text", `x ~ '(a+)+$'`, false},
	{"text", "upper(x) IN ('A', 'BB', 'A.C')", true}, {"text", "lower(x) = 'ab' OR x IS NULL", true}, {"varchar(4)", "upper(x) = 'SS'", true}, {"text", "lower(x) = 'é'", false}, {"text", "upper(x) = 'a'", false},
	{"char(3)", "upper(x) IN ('A', 'BC ')", true}, {"text", "lower(x) = 'ki'", true},
	{"int", "x > 0 AND (x < 5 OR x > 10) AND x < 50", true}, {"int", "x IS NOT NULL AND x > 3", true}, {"int", "CASE WHEN x > 3 THEN true ELSE false END", false},
}

// TestSchemasAreNeverStricterThanConstraints holds values against both: what the
// server takes, the schema takes. Each condition stands on a column and in a domain.
func TestSchemasAreNeverStricterThanConstraints(t *testing.T) {
	server := pgtest.Start(t)
	var sql strings.Builder
	for i, c := range checks {
		fmt.Fprintf(&sql, "CREATE TABLE c%d (x %s CHECK (%s));\n", i, c.kind, c.condition)
		fmt.Fprintf(&sql, "CREATE DOMAIN d%d AS %s CHECK (%s);\nCREATE TABLE dt%d (x d%d);\n", i, c.kind, strings.NewReplacer("x ", "VALUE ", "(x)", "(VALUE)", "x:", "VALUE:", "> x", "> VALUE", "= x", "= VALUE").Replace(c.condition), i, i)
	}
	url := server.Database(sql.String())
	db, err := dbspec.Read(t.Context(), url, dbspec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	service := restapi.Make(db, restapi.Options{})
	document, err := openapi.JSON(service.API)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(string(document)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", parsed); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	refusedByBoth := 0
	for i, c := range checks {
		for _, table := range []string{"c", "dt"} {
			name := fmt.Sprintf("%s%d", table, i)
			schema, err := compiler.Compile("openapi.json#/components/schemas/" + inputOf(t, service, name))
			if err != nil {
				t.Fatal(err)
			}
			values := valuesFor(random, c.kind, c.condition)
			taken := insert(server, url, name, values)
			stricter, looser := 0, 0
			for k, v := range values {
				fits := schema.Validate(map[string]any{"x": decode(t, v)}) == nil
				switch {
				case taken[k] && !fits:
					t.Errorf("%s CHECK (%s): the server takes %s, the schema does not", c.kind, c.condition, v)
				case !taken[k] && !fits:
					stricter++
				case !taken[k]:
					looser++
				}
			}
			refusedByBoth += stricter
			if c.kept && stricter == 0 && looser > 0 {
				t.Errorf("%s CHECK (%s): the schema refuses nothing", c.kind, c.condition)
			}
		}
	}
	if refusedByBoth < 100 {
		t.Errorf("only %d values were refused: the test shows little", refusedByBoth)
	}
}

// TestExamplesFitConstraints: where a sample would be refused, the schema has an example
// that the server takes.
func TestExamplesFitConstraints(t *testing.T) {
	server := pgtest.Start(t)
	conditions := []struct{ kind, condition string }{
		{"numeric(8,2)", "x >= 6.50 AND x <= 200.00"}, {"numeric", "x > 0 AND x < 1"}, {"numeric", "x < -3 OR x > 100"}, {"numeric", "x IS NULL OR NOT x > 1"},
		{"date", "x >= '2030-01-01' AND x < '2031-01-01'"}, {"char(2)", "x IN ('ab', 'cd') AND x <> 'ab'"}, {"text", "x > 'x' AND x <= 'yz'"}, {"text", "upper(x) = 'ÉTÉ'"},
		{"date", "x >= '1930-01-01' AND x <= now() - interval '18 years'"}, {"numeric DEFAULT 0", "x > 0"},
	}
	var sql strings.Builder
	for i, c := range conditions {
		fmt.Fprintf(&sql, "CREATE TABLE e%d (x %s CHECK (%s));\n", i, c.kind, c.condition)
	}
	sql.WriteString("CREATE TABLE none (a numeric CHECK (a > 1), b text CHECK (b <> 'b'), c date CHECK (c > '2000-01-01'), d numeric CHECK (d > e), e numeric);\n")
	url := server.Database(sql.String())
	db, err := dbspec.Read(t.Context(), url, dbspec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range restapi.Make(db, restapi.Options{}).API.Schemas {
		for _, p := range table.Properties {
			if table.Name == "None" && len(p.Schema.Examples) > 0 {
				t.Errorf("%s of none has the example %s", p.Name, p.Schema.Examples)
			}
			var i int
			if _, err := fmt.Sscanf(table.Name, "E%dInput", &i); err != nil || p.Name != "x" {
				continue
			}
			if len(p.Schema.Examples) != 1 {
				t.Errorf("%s: no example", conditions[i].condition)
				continue
			}
			example, err := strconv.Unquote(string(p.Schema.Examples[0]))
			if err != nil {
				t.Fatal(err)
			}
			server.Run(url, fmt.Sprintf("INSERT INTO e%d VALUES ('%s')", i, example))
			conditions[i].kind = ""
		}
	}
	for _, c := range conditions {
		if c.kind != "" {
			t.Errorf("%s was not looked at", c.condition)
		}
	}
}

func inputOf(t *testing.T, s *restapi.Service, table string) string {
	t.Helper()
	for _, r := range s.Resources {
		if r.Table.Name == table {
			return r.Input
		}
	}
	t.Fatalf("no table %s", table)
	return ""
}

// valuesFor are JSON values around what a condition speaks of.
func valuesFor(random *rand.Rand, kind, condition string) []string {
	out := []string{"null"}
	if !strings.Contains(kind, "char") && kind != "text" {
		out = append(out, "-11", "-6", "-5", "-1", "0", "1", "2", "3", "4", "5", "6", "10", "11", "30", "50", "99", "100")
		switch kind {
		case "int8":
			out = append(out, "9007199254740992", "9007199254740993", "9007199254740994")
		case "float8", "float4":
			out = append(out, "0.1", "0.09999999999999999", "0.1000000001", "0.099999999", `"NaN"`, `"Infinity"`)
		case "numeric":
			for i, n := range out[1:] {
				out[i+1] = `"` + n + `"`
			}
		}
		return out
	}
	alphabet := []string{"a", "b", "c", "é", " ", ".", "]", "-", "%", "\n", "1", "'", "😀", "A"}
	for range 150 {
		var b strings.Builder
		for range random.IntN(6) {
			b.WriteString(alphabet[random.IntN(len(alphabet))])
		}
		out = append(out, marshal(b.String()))
	}
	return append(out, marshal("b'c"), marshal("bb"), marshal("a%x"), marshal("aa"), marshal("a  "), marshal("abc"), marshal("12"),
		marshal("aB"), marshal("AB"), marshal("b"), marshal("bC"), marshal("bc "), marshal("Bb"), marshal("a.C"), marshal("ss"), marshal("ß"), marshal("ſs"), marshal("\u212ai"), marshal("ki"), marshal("KI"), marshal("kı"), marshal("kİ"))
}

func marshal(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always encodes
	}
	return string(data)
}

func decode(t *testing.T, v string) any {
	t.Helper()
	out, err := jsonschema.UnmarshalJSON(strings.NewReader(v))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// insert says which values a table takes.
func insert(server *pgtest.Server, url, table string, values []string) []bool {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE FUNCTION pg_temp.try(v jsonb) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO %s SELECT (v #>> '{}')::%s; RETURN true; EXCEPTION WHEN OTHERS THEN RETURN false; END $$;\n", table, "text::"+castOf(table))
	for _, v := range values {
		fmt.Fprintf(&b, "SELECT pg_temp.try('%s');\n", strings.ReplaceAll(v, "'", "''"))
	}
	var out []bool
	for line := range strings.Lines(server.Run(url, b.String())) {
		out = append(out, strings.TrimSpace(line) == "t")
	}
	return out
}

// castOf is a type that a text becomes on its way into the column, as a parameter does.
func castOf(table string) string {
	var i int
	if _, err := fmt.Sscanf(strings.TrimLeft(table, "cdt"), "%d", &i); err != nil {
		panic(err)
	}
	kind, _, _ := strings.Cut(checks[i].kind, "(")
	if kind == "char" {
		kind = "bpchar"
	}
	return kind
}
