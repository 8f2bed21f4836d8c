package cases

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/migrator/internal/judge"
)

var update = flag.Bool("update", false, "rewrite the up.sql and down.sql of the cases")

// TestCases runs every case up and down on a real server. Its log ends with a
// table of those that fail.
func TestCases(t *testing.T) {
	server, err := judge.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	all := &tally{total: len(paths)}
	t.Cleanup(func() {
		all.print(t)
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.ToSlash(strings.TrimPrefix(path, "testdata/")), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &testCase{name: name, path: path, archive: read(t, path)}
			c.run(t, server, all)
		})
	}
}

type testCase struct {
	name, path string
	archive    *txtar.Archive
}

func read(t *testing.T, path string) *txtar.Archive {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (c *testCase) file(name string) string {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func (c *testCase) run(t *testing.T, server *judge.Server, all *tally) {
	ctx := context.WithoutCancel(t.Context())
	out, err := server.Try(ctx, judge.Pair{
		Old: c.file("old.sql"), New: c.file("new.sql"), Rows: c.file("rows.sql"), Keep: c.file("keep.sql"),
	})
	if err != nil {
		all.fails(c.name, "load", err.Error())
		t.Fatal(err)
	}
	all.add(out)
	known := strings.Contains(string(c.archive.Comment), "\nKnown: ")
	wrong := func(kind, reason, text string) {
		all.fails(c.name, kind, reason)
		if !known {
			t.Errorf("%s\n%s", kind, text)
		}
	}
	for _, w := range []struct {
		name string
		judge.Way
	}{{"up", out.Up}, {"down", out.Down}} {
		if w.Verdict != judge.Equal && w.Verdict != judge.Named {
			wrong(w.name+" "+string(w.Verdict), w.Reason[0], strings.Join(w.Reason, "\n")+"\n"+w.SQL)
		} else if out.Same && w.SQL != "" {
			wrong(w.name+" not empty", w.SQL, w.SQL)
		}
	}
	if known && out.Good() {
		t.Errorf("%s holds now: its line \"Known:\" can go", c.path)
	}
	if !t.Failed() {
		c.golden(t, "up.sql", out.Up.SQL)
		c.golden(t, "down.sql", out.Down.SQL)
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(c.path, txtar.Format(c.archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// golden compares what was planned with what the case says, or rewrites that.
func (c *testCase) golden(t *testing.T, name, got string) {
	want := c.file(name)
	if got == want {
		return
	}
	if !*update {
		t.Errorf("%s is not as in %s (go test ./internal/cases -update rewrites it); got:\n%s", name, c.path, got)
		return
	}
	c.archive.Files = slices.DeleteFunc(c.archive.Files, func(f txtar.File) bool { return f.Name == name })
	if got != "" {
		c.archive.Files = append(c.archive.Files, txtar.File{Name: name, Data: []byte(got)})
	}
}
