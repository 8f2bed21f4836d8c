package e2e

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
)

var treeOf = flag.String("tree-of", "", "judge the parser on the source files in this directory instead")

// TestTreesAreWhatTypeScriptMakes parses every source file of the packages that the
// tests install, and asks the TypeScript compiler about the same files: both accept or
// refuse a file, and where both accept it the trees are the same in calls, arguments,
// names, values of strings, and in the place of every expression, statement and type.
func TestTreesAreWhatTypeScriptMakes(t *testing.T) {
	npm := packages(t)
	root := filepath.Join(npm, "node_modules")
	if *treeOf != "" {
		root = *treeOf
	}
	files := sources(t, root)
	if len(files) < 3000 && *treeOf == "" {
		t.Fatalf("only %d source files", len(files))
	}
	compareTrees(t, npm, files)
}

// TestOddTreesAreWhatTypeScriptMakes is the same for corners of the languages that few
// packages have.
func TestOddTreesAreWhatTypeScriptMakes(t *testing.T) {
	npm := packages(t)
	odd, err := txtar.ParseFile(filepath.Join("testdata", "judge", "odd.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files []string
	for _, f := range odd.Files {
		name := filepath.Join(dir, f.Name)
		write(t, name, f.Data)
		files = append(files, name)
	}
	compareTrees(t, npm, files)
}

// compareTrees parses the files on both sides, and reports where they disagree.
func compareTrees(t *testing.T, npm string, files []string) {
	t.Helper()
	compiler := filepath.Join(npm, "node_modules", "typescript")
	judged := judge(t, compiler, files, false)
	alike, refused, size := 0, 0, 0
	var spent time.Duration
	var differ []string
	for _, name := range files {
		theirs := judged[name]
		if theirs.Crashed != "" {
			t.Logf("%s: the compiler crashed: %s", name, theirs.Crashed)
			continue
		}
		source := string(read(t, name))
		start := time.Now()
		file, problems := parse.File(name, source)
		spent += time.Since(start)
		size += len(source)
		switch {
		case len(problems) > 0 && theirs.Errors > 0:
			refused++
			t.Logf("%s:%d: both refuse it: %s; %s", name, theirs.First.Line, problems[0].Message, theirs.First.Text)
		case len(problems) > 0:
			t.Errorf("%s: %s: TypeScript accepts it", file.Position(problems[0].Start), problems[0].Message)
		case theirs.Errors > 0:
			t.Errorf("%s:%d: TypeScript refuses it: %s", name, theirs.First.Line, theirs.First.Text)
		case hash(outline(file)) != theirs.Hash:
			differ = append(differ, name)
		default:
			alike++
		}
	}
	for name, theirs := range judge(t, compiler, differ[:min(len(differ), 50)], true) {
		if name == "" {
			continue
		}
		file, _ := parse.File(name, string(read(t, name)))
		t.Errorf("%s: %s", name, firstDifference(outline(file), theirs.Lines))
	}
	if len(differ) > 50 {
		t.Errorf("%d files more differ", len(differ)-50)
	}
	t.Logf("%d files alike, %d refused by both, of %d", alike, refused, len(files))
	theirs := time.Duration(judged[""].Spent * float64(time.Millisecond))
	t.Logf("%.1f MB parsed in %v, by TypeScript in %v: %.1f times as fast", float64(size)/1e6, spent, theirs, float64(theirs)/float64(spent))
}

// sources are the files below root that are TypeScript or JavaScript, in valid UTF-8.
func sources(t *testing.T, root string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		switch filepath.Ext(name) {
		case ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs":
			if utf8.Valid(read(t, name)) {
				files = append(files, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A judgement is what testdata/judge/tree.mjs says of a file.
type judgement struct {
	Name    string
	Crashed string
	Errors  int
	First   struct {
		Line int
		Text string
	}
	Hash  string
	Lines []string
	Spent float64 // of the last line: milliseconds of parsing
}

func judge(t *testing.T, compiler string, files []string, detail bool) map[string]judgement {
	t.Helper()
	if len(files) == 0 {
		return nil
	}
	args := []string{filepath.Join("testdata", "judge", "tree.mjs"), compiler}
	if detail {
		args = append(args, "--detail")
	}
	c := exec.CommandContext(t.Context(), "node", args...)
	c.Stdin = strings.NewReader(strings.Join(files, "\n"))
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, os.Stderr
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	result := map[string]judgement{}
	lines := bufio.NewReader(&out)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			break
		}
		var j judgement
		if err := json.Unmarshal(line, &j); err != nil {
			t.Fatal(err)
		}
		result[j.Name] = j
	}
	return result
}

func hash(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// firstDifference is the first line, by place, that only one side has.
func firstDifference(ours, theirs []string) string {
	has := func(lines []string) map[string]bool {
		m := map[string]bool{}
		for _, line := range lines {
			m[line] = true
		}
		return m
	}
	us, them := has(ours), has(theirs)
	var only []string
	for _, line := range ours {
		if !them[line] {
			only = append(only, line+" (ours only)")
		}
	}
	for _, line := range theirs {
		if !us[line] {
			only = append(only, line+" (TypeScript's only)")
		}
	}
	if len(only) == 0 {
		return "the same lines, not as often"
	}
	at := func(line string) (n int) {
		_, rest, _ := strings.Cut(line, " ")
		fmt.Sscanf(rest, "%d", &n)
		return n
	}
	slices.SortStableFunc(only, func(a, b string) int { return at(a) - at(b) })
	return strings.Join(only[:min(4, len(only))], "; ") + fmt.Sprintf(" … %d lines", len(only))
}
