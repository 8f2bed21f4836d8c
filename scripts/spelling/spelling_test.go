package spelling_test

import (
	"errors"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSpelling has cspell read every page, and the comments of every Go file.
func TestSpelling(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, file := range []string{"package.json", "package-lock.json", "cspell.json", "words.txt"} {
		data, err := os.ReadFile(filepath.Join("npm", file))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, file), data)
	}
	run(t, dir, "npm", "ci", "--ignore-scripts", "--loglevel=error")
	files := 0
	for _, name := range strings.Split(strings.TrimSpace(run(t, root, "git", "ls-files", "*.md", "*.go")), "\n") {
		if strings.Contains(name, "testdata/") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".go") {
			text = comments(text)
		}
		write(t, filepath.Join(dir, "text", name), text)
		files++
	}
	if files < 500 {
		t.Fatalf("only %d files were found", files)
	}
	spell := exec.CommandContext(t.Context(), filepath.Join(dir, "node_modules", ".bin", "cspell"), "lint", "--no-progress", "--no-summary", "--relative", "--dot", "text/**")
	spell.Dir = dir
	out, err := spell.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err != nil {
		t.Errorf("mend them, put names of code in backquotes, or add words to scripts/spelling/npm/words.txt:\n%s", strings.ReplaceAll(string(out), "text/", ""))
	}
}

// comments is a Go file with nothing but its comments, each where it stood.
func comments(text []byte) []byte {
	var s scanner.Scanner
	set := token.NewFileSet()
	file := set.AddFile("", set.Base(), len(text))
	s.Init(file, text, nil, scanner.ScanComments)
	kept := make([]byte, len(text))
	for i, b := range text {
		if kept[i] = ' '; b == '\n' {
			kept[i] = b
		}
	}
	for {
		at, kind, literal := s.Scan()
		switch {
		case kind == token.EOF:
			return kept
		case kind == token.COMMENT && !strings.HasPrefix(literal, "//go:") && !strings.HasPrefix(literal, "//nolint"):
			copy(kept[file.Offset(at):], literal)
		}
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = os.WriteFile(name, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir, c.Stderr = dir, os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}
