package pgsql

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/wasilibs/go-pgquery/parser"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata give")

func TestUses(t *testing.T) {
	const file = "testdata/uses.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	query := ""
	for i, f := range archive.Files {
		name, kind, _ := strings.Cut(f.Name, ".")
		if kind == "sql" {
			query = string(f.Data)
			continue
		}
		got := usesOf(t, name, query)
		if *update {
			archive.Files[i].Data = []byte(got)
		} else if got != string(f.Data) {
			t.Errorf("%s: %sgot:\n%swant:\n%s", name, query, got, f.Data)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func usesOf(t *testing.T, name, text string) string {
	t.Helper()
	columns, views := map[string][]string{}, map[string]*SelectStmt{}
	for line := range strings.Lines(text) {
		head, rest, ok := strings.Cut(strings.TrimPrefix(line, "-- "), ": ")
		if !ok || !strings.HasPrefix(line, "-- ") {
			continue
		}
		if view, ok := strings.CutPrefix(head, "view "); ok {
			n, err := ParseOne(rest)
			if err != nil {
				t.Fatal(err)
			}
			views[view] = n.(*SelectStmt)
			continue
		}
		columns[head] = strings.Fields(rest)
	}
	n, err := ParseOne(text)
	if err != nil {
		t.Fatal(name, err)
	}
	var b strings.Builder
	for _, u := range Uses(n, Schema{
		Columns: func(_, table string) []string { return columns[table] },
		View:    func(_, table string) *SelectStmt { return views[table] },
	}) {
		writeUse(&b, u)
	}
	return b.String()
}

func writeUse(b *strings.Builder, u *Use) {
	fmt.Fprintf(b, "%s %s.%s as %s, level %d", u.Verb, u.Schema, u.Table, u.Alias, u.Level)
	for word, is := range map[string]bool{" target": u.Target} {
		if is {
			b.WriteString(word)
		}
	}
	if u.Limit {
		b.WriteString(" limit")
	}
	fmt.Fprintf(b, "\n  reads %s", strings.Join(u.Columns, " "))
	if u.Whole {
		b.WriteString(" *")
	}
	b.WriteByte('\n')
	if len(u.Sets) > 0 {
		fmt.Fprintf(b, "  sets %s\n", strings.Join(u.Sets, " "))
	}
	for _, p := range u.Predicates {
		text, ok := Text(p.Expr)
		if !ok {
			text = fmt.Sprintf("%T", p.Expr)
		}
		fmt.Fprintf(b, "  %s: %s %s", p.Class, text, p.Op)
		if p.Constant {
			b.WriteString(" constant")
		}
		if p.Join != nil {
			fmt.Fprintf(b, " %s.%s", p.Join.Use.Alias, p.Join.Name)
		}
		if p.Or > 0 {
			fmt.Fprintf(b, " or %d.%d", p.Or, p.Branch)
		}
		if p.Outer {
			b.WriteString(" outer")
		}
		b.WriteByte('\n')
	}
	writeKeys(b, "order", u.Order, u.OrderWhole)
	writeKeys(b, "group", u.Group, u.GroupWhole)
}

func writeKeys(b *strings.Builder, word string, keys []Key, whole bool) {
	if len(keys) == 0 {
		return
	}
	b.WriteString("  " + word)
	for _, k := range keys {
		text, _ := Text(k.Expr)
		b.WriteString(" " + text)
		if k.Desc {
			b.WriteString(" desc")
		}
		if k.Nulls != "" {
			b.WriteString(" nulls " + k.Nulls)
		}
	}
	if !whole {
		b.WriteString(" …")
	}
	b.WriteByte('\n')
}

// TestNothingOfAKnownNodeIsLost reads the trees of all cases as plain JSON: each
// field of a node that has a struct must have its place in it.
func TestNothingOfAKnownNodeIsLost(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/uses.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]map[string]bool{}
	for kind, typ := range byKind() {
		fields[kind] = map[string]bool{}
		for i := range typ.NumField() {
			fields[kind][typ.Field(i).Tag.Get("pg")] = true
		}
	}
	var look func(v any)
	look = func(v any) {
		switch x := v.(type) {
		case []any:
			for _, e := range x {
				look(e)
			}
		case map[string]any:
			for name, inner := range x {
				if m, ok := inner.(map[string]any); ok && fields[name] != nil {
					for field := range m {
						if !fields[name][field] {
							t.Errorf("%s has no place for %s", name, field)
						}
					}
				}
				look(inner)
			}
		}
	}
	seen := 0
	for _, f := range archive.Files {
		if !strings.HasSuffix(f.Name, ".sql") {
			continue
		}
		tree, err := parser.ParseToJSON(string(f.Data))
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal([]byte(tree), &v); err != nil {
			t.Fatal(err)
		}
		look(v)
		seen++
	}
	if seen < 20 {
		t.Error("only", seen, "statements")
	}
}

func TestTextsOfExpressionsParseBack(t *testing.T) {
	for _, text := range []string{
		"lower(email)", "(a + 1) * b", "a::date", `"Odd name" || 'it''s'`, "COALESCE(a, 0)", "(body ->> 'k')::int", "NOT deleted",
		"a IS NULL AND b IS NOT NULL", "state IN ('a', 'b')", "a = 1 OR NOT (b)", "date_trunc('day', at)", "to_tsvector('english'::regconfig, body)",
		"x::varchar(20)", "a IS TRUE", "a LIKE 'x%'", "a COLLATE \"C\"", `e = E'a\\b'`, "a IS NOT DISTINCT FROM 1", "-a", "a = ANY (ARRAY[1, 2])",
	} {
		once := textOf(t, text)
		if again := textOf(t, once); again != once {
			t.Errorf("%s is printed %s, and that as %s", text, once, again)
		}
	}
	for _, text := range []string{"count(*)", "(SELECT 1)", "$1", "sum(a) OVER ()", "sum(DISTINCT a)"} {
		n, err := ParseOne("SELECT " + text)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := Text(n.(*SelectStmt).TargetList[0].(*ResTarget).Val); ok {
			t.Errorf("%s is printed %s, and no index holds it", text, got)
		}
	}
}

func textOf(t *testing.T, text string) string {
	t.Helper()
	n, err := ParseOne("SELECT " + text)
	if err != nil {
		t.Fatal(text, err)
	}
	sql, ok := Text(n.(*SelectStmt).TargetList[0].(*ResTarget).Val)
	if !ok {
		t.Error(text, "has no text")
	}
	return sql
}

func TestErrors(t *testing.T) {
	for text, position := range map[string]int{"SELECT 1 FROM a b c": 19, "SELEC 1": 1, "SELECT '\x00'": 9, strings.Repeat("(", 200000): 0} {
		_, err := Parse(text)
		var e *Error
		if !errors.As(err, &e) || position > 0 && e.Position != position {
			t.Errorf("%.30s: %#v", text, err)
		}
	}
	if _, err := ParseOne("SELECT 1; SELECT 2"); err == nil {
		t.Error("two statements are one")
	}
	if n, err := ParseOne("SELECT 1"); err != nil || n == nil {
		t.Error("the parser does not go on after an error:", err)
	}
}

func isVacuum(n Node) bool { _, ok := n.(*VacuumStmt); return ok }

func TestPlacesOfStatements(t *testing.T) {
	text := "-- a\nSELECT 1;\n/* b */ VACUUM t ; SELECT 'x'"
	statements, err := Parse(text)
	if err != nil || len(statements) != 3 {
		t.Fatal(statements, err)
	}
	if s := statements[1]; strings.TrimSpace(text[s.From:s.To]) != "/* b */ VACUUM t" || !isVacuum(s.Node) {
		t.Errorf("%+v", s)
	}
}

func TestFingerprintsAreOfTheShape(t *testing.T) {
	same := []string{"SELECT a FROM t WHERE b IN (1,2,3)", "select a\nfrom t where b in ($1)", "SELECT a FROM t WHERE b IN ('x')"}
	first, err := Fingerprint(same[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range same {
		if f, err := Fingerprint(s); err != nil || f != first {
			t.Error(s, f, err)
		}
	}
	if f, _ := Fingerprint("SELECT a FROM t WHERE c IN (1)"); f == first {
		t.Error("another column, the same fingerprint")
	}
	if n, err := Normalize("SELECT a FROM t WHERE b = 'secret' LIMIT 3"); err != nil || n != "SELECT a FROM t WHERE b = $1 LIMIT $2" {
		t.Error(n, err)
	}
}

// FuzzUses: whatever parses is looked through without a panic, and no use is
// found twice for one mention of a table.
func FuzzUses(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/uses.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		if strings.HasSuffix(file.Name, ".sql") {
			f.Add(string(file.Data))
		}
	}
	f.Fuzz(func(t *testing.T, sql string) {
		statements, err := Parse(sql)
		if err != nil {
			return
		}
		for _, s := range statements {
			if uses, tables := Uses(s.Node, Schema{}), Tables(s.Node); len(uses) > len(tables) {
				t.Errorf("%d uses of %d tables: %s", len(uses), len(tables), sql)
			}
			Walk(s.Node, func(n Node) bool { Text(n); return true })
		}
	})
}
