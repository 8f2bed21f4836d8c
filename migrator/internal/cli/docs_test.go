package cli

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/redact"
)

var update = flag.Bool("update", false, "write what the tool prints into the documentation")

// The console blocks of docs/migrator are run, in order, page by page, in a
// folder with the example's schema files and a database that holds v1.sql. What
// stands beneath a command is what it prints.
func TestDocumentation(t *testing.T) {
	docs, err := filepath.Abs(filepath.Join("..", "..", "..", "docs"))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(docs, "migrator", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	ran := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "```console") {
			continue
		}
		old, err := os.ReadFile(filepath.Join(docs, "example", "schema", "v1.sql"))
		if err != nil {
			t.Fatal(err)
		}
		dsn, _ := database(t, string(old))
		t.Chdir(t.TempDir())
		if err := os.CopyFS("schema", os.DirFS(filepath.Join(docs, "example", "schema"))); err != nil {
			t.Fatal(err)
		}
		got := consoleBlock.ReplaceAllStringFunc(string(text), func(block string) string {
			ran++
			return runBlock(t, block, dsn)
		})
		if got == string(text) {
			continue
		}
		if *update {
			if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s is not what the tool prints (go test ./internal/cli -run Documentation -update):\n%s", page, got)
	}
	if ran == 0 {
		t.Error("no example was run")
	}
}

var consoleBlock = regexp.MustCompile("(?s)```console\n.*?```")

// runBlock runs the commands of a block and writes what they print beneath them.
func runBlock(t *testing.T, block, dsn string) string {
	var b strings.Builder
	b.WriteString("```console\n")
	for line := range strings.Lines(block) {
		command, ok := strings.CutPrefix(line, "$ migrator ")
		if !ok {
			continue
		}
		b.WriteString(line)
		command, quiet := strings.CutSuffix(strings.TrimSpace(command), " > /dev/null")
		var args []string
		for _, word := range strings.Fields(command) {
			word = strings.ReplaceAll(word, "$DATABASE_URL", dsn)
			if found, _ := filepath.Glob(word); len(found) > 0 {
				args = append(args, found...)
				continue
			}
			args = append(args, word)
		}
		r := run(t, args...)
		if quiet {
			r.out = ""
		}
		b.WriteString(steady(r.out+r.errors, dsn))
	}
	return b.String() + "```"
}

// steady replaces what differs from run to run.
func steady(out, dsn string) string {
	out = strings.ReplaceAll(out, redact.DSN(dsn), "postgres://app:***@db/shop")
	for _, r := range []struct{ pattern, with string }{
		{`\b20\d{12}_`, "20260110093000_"},
		{`PostgreSQL \d+\.\d+`, "PostgreSQL 15.18"},
		{`\d+(\.\d+)? (µs|ms|s)\b`, "12 ms"},
		{`(?m)^.* … 12 ms\n`, ""}, // what a busy machine takes ten seconds for
		{`([^\s]) {2,}\|`, "$1 |"},
		{`20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC`, "2026-01-10 09:31:00 UTC"},
	} {
		out = regexp.MustCompile(r.pattern).ReplaceAllString(out, r.with)
	}
	return out
}
