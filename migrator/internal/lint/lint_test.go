package lint

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write docs/migrator/lint-rules.md and what is found in bodies")

func rulesOf(text string) []string {
	var names []string
	for _, d := range New(Options{}).Text(text).Findings {
		names = append(names, d.Name)
	}
	return names
}

// Each rule has a migration that it finds and one that it does not; what it
// suggests instead parses, and the rule does not find it.
func TestRules(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/rules.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{}
	for _, f := range archive.Files {
		cases[f.Name] = string(f.Data)
	}
	for _, r := range Rules() {
		bad, good := cases[r.Name+"/bad.sql"], cases[r.Name+"/good.sql"]
		if bad == "" || good == "" {
			t.Errorf("%s has no cases", r.Name)
			continue
		}
		if got := rulesOf(bad); !slices.Contains(got, r.Name) {
			t.Errorf("%s does not find\n%s(found: %s)", r.Name, bad, got)
		}
		got := rulesOf(good)
		if slices.Contains(got, r.Name) || r.Name != "syntax-error" && slices.Contains(got, "syntax-error") {
			t.Errorf("%s finds %s in\n%s", r.Name, got, good)
		}
		for _, d := range New(Options{}).Text(bad).Findings {
			if d.Name != r.Name || d.Rewrite == "" || strings.HasPrefix(d.Name, "renaming") {
				continue
			}
			if again := rulesOf(alone + d.Script()); slices.Contains(again, r.Name) || slices.Contains(again, "syntax-error") {
				t.Errorf("%s suggests what is found again (%s):\n%s", r.Name, again, d.Rewrite)
			}
		}
		fixed, n := Fixed(bad, New(Options{}).Text(bad).Findings)
		if n > 0 && (slices.Contains(rulesOf(fixed), r.Name) || slices.Contains(rulesOf(fixed), "syntax-error")) {
			t.Errorf("%s is there after --fix:\n%s", r.Name, fixed)
		}
		delete(cases, r.Name+"/bad.sql")
		delete(cases, r.Name+"/good.sql")
	}
	for name := range cases {
		t.Errorf("%s is of no rule", name)
	}
}

// Places are those of the file, whatever stands before: marks, comments, letters of
// more than a byte, a statement that does not parse.
func TestPlaces(t *testing.T) {
	text := "-- +goose Up\n-- ä\nSELECT 'é' FROM FROM;\nALTER TABLE ü ADD CONSTRAINT c CHECK (a > 0);\n-- +goose Down\nDROP TABLE t;\n"
	var got []string
	for _, d := range New(Options{}).Text(text).Findings {
		got = append(got, fmt.Sprintf("%s %.5s", d.Name, text[d.Offset:]))
	}
	if want := "syntax-error FROM; | require-lock-timeout ALTER | require-statement-timeout ALTER | constraint-missing-not-valid CONST"; strings.Join(got, " | ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, " | "), want)
	}
}

// The size of a table decides how bad a rewrite is.
func TestSizes(t *testing.T) {
	for bytes, want := range map[int64]Severity{8192: Notice, 1 << 30: Warning, 1 << 40: Error} {
		j := New(Options{Size: func(_, name string) (Size, bool) { return Size{10, bytes}, name == "t" }})
		d := j.Text("CREATE INDEX i ON t (a)").Findings[0]
		if d.Severity != want || d.Hazards[0].Bytes != bytes {
			t.Errorf("%d bytes: %+v", bytes, d)
		}
	}
}

func TestPage(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "migrator", "lint-rules.md")
	if *update {
		writeFile(t, path, Page())
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != Page() {
		t.Errorf("%s is not what the rules say (go test ./internal/lint -run Page -update): %v", path, err)
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func FuzzText(f *testing.F) {
	New(Options{}).Text("SELECT 1") // the parser starts before anybody counts how long an input takes
	f.Add("ALTER TABLE t ADD CONSTRAINT c CHECK ((a > 0), DROP b")
	f.Add("drop table \"a")
	f.Add("-- migrator:ignore x\nDROP TABLE a.b.c.d; ALTER TABLE t ALTER c TYPE x.y.z[](1)")
	f.Add("DO $$ DECLARE v text := 'x'; BEGIN v := v || '%'; EXECUTE format(v || '%1$I %', 'a'); END $$; SELECT f({{ a }}, ${b})")
	f.Fuzz(func(t *testing.T, sql string) {
		r := New(Options{}).Text(sql)
		Fixed(sql, r.Findings)
	})
}

func BenchmarkThousandStatements(b *testing.B) {
	text := strings.Repeat("ALTER TABLE t ADD COLUMN a bigint NOT NULL DEFAULT 0;\nCREATE INDEX CONCURRENTLY i ON t (a, b);\n", 500)
	for b.Loop() {
		New(Options{}).Text(text)
	}
}
