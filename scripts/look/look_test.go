package look_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestReportsInABrowser makes real reports, those with findings and failures too.
// LOOK_PICTURES=DIR keeps the pages there, with pictures of them.
func TestReportsInABrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: scripts/test installs it")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if kept := os.Getenv("LOOK_PICTURES"); kept != "" {
		dir = kept
	}
	pages := reports(t, root, dir)
	npm := t.TempDir()
	for _, file := range []string{"package.json", "package-lock.json", "look.mjs"} {
		data, err := os.ReadFile(filepath.Join("npm", file))
		if err == nil {
			err = os.WriteFile(filepath.Join(npm, file), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	command(t, npm, nil, "npm", "ci", "--ignore-scripts", "--loglevel=error")
	out := command(t, npm, []string{"CHROMIUM=" + chromium}, "node", append([]string{"look.mjs"}, pages...)...)
	var wrong []struct{ Page, View, What string }
	if err := json.Unmarshal([]byte(out), &wrong); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, w := range wrong {
		t.Errorf("%s, %s: %s", filepath.Base(w.Page), w.View, w.What)
	}
}

// reports runs the three tools and returns the pages.
func reports(t *testing.T, root, dir string) []string {
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Duration(n.Add(1)%20) * time.Millisecond)
		if n.Load()%50 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	command(t, root, []string{"CGO_ENABLED=0"}, "go", "build", "-o", dir+string(filepath.Separator), "./scaffolder", "./migrator", "./loadtester")
	schema := filepath.Join(root, "docs", "example", "schema")
	lint := filepath.Join(dir, "up.sql")
	if err := os.WriteFile(lint, []byte("ALTER TABLE orders ADD COLUMN total bigint DEFAULT random();\nCREATE INDEX ON orders (total);\nDROP TABLE books CASCADE;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var pages []string
	for name, args := range map[string][]string{
		"run":      {"loadtester", server.URL + "/books", "--rate", "200", "--duration", "2", "--slo", "p99<5ms,errors<1%"},
		"compare":  {"loadtester", "compare", server.URL + "/a", server.URL + "/b", "--rate", "100", "--duration", "1"},
		"capacity": {"loadtester", "capacity", server.URL, "--slo", "p99<100ms", "--from", "50", "--max", "100", "--step", "1"},
		"check":    {"loadtester", "check", server.URL + "/books", "--expect-status", "201"},
		"diff":     {"migrator", "diff", "--from", filepath.Join(schema, "v1.sql"), "--to", filepath.Join(schema, "v2.sql")},
		"lint":     {"migrator", "lint", lint},
		"generate": {"scaffolder", "generate", filepath.Join(root, "docs", "example", "openapi.yaml"), "--framework", "koa", "--output", filepath.Join(dir, "server")},
		"error":    {"scaffolder", "generate", filepath.Join(dir, "none.yaml"), "--framework", "koa", "--output", filepath.Join(dir, "server")},
	} {
		page := filepath.Join(dir, name+".html")
		run := exec.Command(filepath.Join(dir, args[0]), append(args[1:], "--quiet", "--report", "html="+page)...)
		if out, err := run.CombinedOutput(); err != nil && run.ProcessState.ExitCode() < 0 {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
		if _, err := os.Stat(page); err != nil {
			t.Fatalf("%s: no page", strings.Join(args, " "))
		}
		pages = append(pages, page)
	}
	return pages
}

// command runs a program and returns its output.
func command(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	run := exec.CommandContext(t.Context(), name, args...)
	run.Dir, run.Env = dir, append(os.Environ(), env...)
	out, err := run.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			out = append(out, exit.Stderr...)
		}
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}
