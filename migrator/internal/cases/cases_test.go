package cases

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/migrator/internal/judge"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

var (
	update = flag.Bool("update", false, "rewrite the up.sql and down.sql of the cases")
	folder = flag.String("folder", "testdata", "the folder of the cases (KIND/NAME.txtar in it); only plans of testdata are compared with what is written there")
	prove  = flag.Bool("prove", false, "prove all cases with made-up rows as diff does, not only those of tables, types and partitions")
	every  = flag.Int("every", 4, "of the cases whose plans are word for word those that were judged before, run and judge one in so many")
)

// proved are the kinds whose rows are in the greatest danger.
var proved = [...]string{"partition/", "table/", "type/", "version/"}

// goldenMajor is the version whose plans the cases hold; a case that needs a
// newer one holds that one's.
const goldenMajor = 15

// TestCases plans every case up and down on a real server, of this machine's
// version or of MIGRATOR_TEST_POSTGRES, and runs and judges what was planned:
// all of it with -every 1; without it what is planned otherwise than it was, and
// a part of the rest. Its log ends with a table of those that fail. Cases that
// need a newer server are left to TestVersions.
func TestCases(t *testing.T) {
	server, err := judge.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	runCases(t, server, func(c *testCase) bool { return c.since <= server.Major() })
}

// TestVersions runs, on every other version, the cases that came with it and a
// few that hold something of everything.
func TestVersions(t *testing.T) {
	if os.Getenv("MIGRATOR_TEST_POSTGRES") != "" {
		return // TestCases runs them all on that version
	}
	smoke := map[string]bool{"same/everything": true, "tangle/partition-tree-with-all": true, "privileges/all-kinds": true, "column/identity-options": true}
	for _, major := range []int{13, 14, 16, 17, 18} {
		t.Run(strconv.Itoa(major), func(t *testing.T) {
			server, err := judge.OpenMode(t.Context(), scratch.Embedded+":"+strconv.Itoa(major))
			if err != nil {
				t.Fatal(err)
			}
			runCases(t, server, func(c *testCase) bool { return c.since == major || smoke[c.name] && c.since <= major })
		})
	}
}

// runCases runs those that are chosen, and closes the server after the last.
func runCases(t *testing.T, server *judge.Server, chosen func(*testCase) bool) {
	paths, err := filepath.Glob(filepath.Join(*folder, "*", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	all := &tally{}
	t.Cleanup(func() {
		all.print(t)
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	for i, path := range paths {
		name := strings.TrimSuffix(filepath.ToSlash(strings.TrimPrefix(path, *folder+"/")), ".txtar")
		c := &testCase{name: name, path: path, archive: read(t, path)}
		c.since, c.until = c.major(t, "Since"), c.major(t, "Until")
		if !chosen(c) || c.until > 0 && server.Major() > c.until {
			continue
		}
		all.total++
		c.again = i%*every == 0 || *update || *folder != "testdata" || server.Major() != goldenMajor || c.since > goldenMajor
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.run(t, server, all)
		})
	}
}

type testCase struct {
	name, path   string
	archive      *txtar.Archive
	again        bool // run and judge it even when its plans are those that were judged before
	since, until int  // the first and the last major version that it is about; 0 is any
}

var versionLine = regexp.MustCompile(`(?m)^(Since|Until): (\d+)$`)

// major reads a line "Since: 16" of the comment.
func (c *testCase) major(t *testing.T, word string) int {
	t.Helper()
	for _, m := range versionLine.FindAllStringSubmatch(string(c.archive.Comment), -1) {
		if m[1] == word {
			n, err := strconv.Atoi(m[2])
			if err != nil {
				t.Fatal(c.path, err)
			}
			return n
		}
	}
	return 0
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
	known := strings.Contains(string(c.archive.Comment), "\nKnown: ")
	pair := judge.Pair{
		Old: c.file("old.sql"), New: c.file("new.sql"), Rows: c.file("rows.sql"), Keep: c.file("keep.sql"),
		Prove: *prove || slices.ContainsFunc(proved[:], func(kind string) bool { return strings.HasPrefix(c.name, kind) }),
	}
	if !c.again && !known {
		pair.Accepted = &judge.Plans{Up: c.file("up.sql"), Down: c.file("down.sql")}
	}
	out, err := server.Try(ctx, pair)
	if err != nil {
		all.fails(c.name, "load", err.Error())
		t.Fatal(err)
	}
	all.add(out)
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
	if !t.Failed() && *folder == "testdata" && server.Major() == max(goldenMajor, c.since) {
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
