package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

// TestDatabaseInput: databases that are odd, or that do not let one in, are served as
// far as they can be, and what cannot is said.
func TestDatabaseInput(t *testing.T) {
	server := pgtest.Start(t)
	made := func(t *testing.T, url string, want int, flags ...string) (out, dir string) {
		dir = filepath.Join(t.TempDir(), "server")
		return scaffold(t, want, append([]string{"database", url, "-o", dir, "--framework", "koa"}, flags...)...), dir
	}
	t.Run("no tables", func(t *testing.T) {
		out, dir := made(t, server.Database("CREATE TYPE mood AS ENUM ('ok')"), 2)
		contains(t, out, "has no tables", "hint: ")
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Error("something was written")
		}
	})
	t.Run("no rights", func(t *testing.T) {
		url := server.Database(`CREATE TABLE mine (id int PRIMARY KEY, name text); CREATE TABLE theirs (id int PRIMARY KEY);
			CREATE TABLE half (id int PRIMARY KEY, shown text, hidden text); CREATE SCHEMA closed; CREATE TABLE closed.books (id int PRIMARY KEY);
			CREATE ROLE clerk LOGIN; GRANT SELECT, INSERT ON mine TO clerk; GRANT SELECT (id, shown) ON half TO clerk; GRANT SELECT ON closed.books TO clerk`)
		out, dir := made(t, strings.Replace(url, "postgres@", "clerk@", 1), 0)
		contains(t, out, "theirs", "hidden", "closed.books", "createMine")
		for _, wrong := range []string{"listTheirs", "listClosedBooks", "updateMine", "createHalf"} {
			if strings.Contains(out, wrong) {
				t.Errorf("%s is not allowed, and was made:\n%s", wrong, out)
			}
		}
		half, err := os.ReadFile(filepath.Join(dir, "src/data/half.ts"))
		if err != nil {
			t.Fatal(err)
		}
		if contains(t, string(half), "shown"); strings.Contains(string(half), "hidden") {
			t.Error("a column that may not be read is read")
		}
	})
	t.Run("1600 columns", func(t *testing.T) {
		columns := make([]string, 1600)
		for i := range columns {
			columns[i] = fmt.Sprintf("c%d int", i)
		}
		out, dir := made(t, server.Database("CREATE TABLE wide ("+strings.Join(columns, ", ")+")"), 0)
		contains(t, out, "listWide", "createWide")
		table, err := os.ReadFile(filepath.Join(dir, "src/data/wide.ts"))
		if err != nil {
			t.Fatal(err)
		}
		contains(t, string(table), "'c0'", "'c1599'")
	})
	t.Run("names", func(t *testing.T) {
		out, _ := made(t, server.Database(`CREATE TABLE "constructor" ("__proto__" int PRIMARY KEY, "class" text); CREATE TABLE "__proto__" (id int PRIMARY KEY);
			CREATE TABLE "class" (id int PRIMARY KEY); CREATE TABLE "a/b {c}" ("x/y" int PRIMARY KEY); CREATE TABLE "…" (id int PRIMARY KEY); CREATE TABLE "tool" (id int PRIMARY KEY); CREATE TABLE "Tool" (id int PRIMARY KEY)`), 0)
		if n := strings.Count(out, "(create"); n != 7 {
			t.Errorf("%d of 7 tables can be written:\n%s", n, out)
		}
	})
	t.Run("circles and no keys", func(t *testing.T) {
		out, _ := made(t, server.Database(`CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);
			ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE TABLE loose (x int, y text); CREATE TABLE bare ()`), 0)
		contains(t, out, "createLoose", "createA", "createB")
		for _, wrong := range []string{"updateLoose", "deleteLoose"} {
			if strings.Contains(out, wrong) {
				t.Errorf("%s was made for a table without a key", wrong)
			}
		}
	})
	t.Run("no such database", func(t *testing.T) {
		url := server.Database("")
		out, _ := made(t, strings.Replace(url[:strings.LastIndex(url, "/")], "postgres@", "postgres:pass.word@", 1)+"/nowhere", 2)
		if contains(t, out, "nowhere", "hint: "); strings.Contains(out, "pass.word") {
			t.Errorf("the password is told:\n%s", out)
		}
	})
}
