package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// What the bodies of DO and of called routines do is judged where it stands or is
// called, and what cannot be told is said. Each case is a migration and what is found.
func TestBodies(t *testing.T) {
	const path = "testdata/bodies.txtar"
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		name, ok := strings.CutSuffix(f.Name, "/migration.sql")
		if !ok {
			continue
		}
		text := string(f.Data)
		var b strings.Builder
		r := New(Options{}).File("1.sql", text)
		for _, d := range r.Findings {
			if strings.HasPrefix(d.Name, "require-lock") || strings.HasPrefix(d.Name, "require-statement") {
				continue
			}
			line := strings.Count(text[:d.Offset], "\n") + 1
			fmt.Fprintf(&b, "%d %.12q %s: %s\n", line, text[d.Offset:], d.Name, d.Message)
		}
		fmt.Fprintf(&b, "not called: %d\n", r.Bodies)
		if fixed, n := Fixed(text, r.Findings); n > 0 || fixed != text {
			t.Errorf("%s: a body is mended:\n%s", name, fixed)
		}
		if *update {
			archive.Files[i+1].Data = []byte(b.String())
		} else if want := string(archive.Files[i+1].Data); b.String() != want {
			t.Errorf("%s:\n%swant\n%s", name, b.String(), want)
		}
	}
	if *update {
		writeFile(t, path, string(txtar.Format(archive)))
	}
}
