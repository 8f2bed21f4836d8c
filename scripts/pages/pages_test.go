package pages

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/scripts/house"
)

// A place is a folder with the files of docs/example, the three tools on PATH,
// a server that was generated from the example's document, and perhaps one that
// answers anything.
type place struct {
	root, dir, bin, url, any string
}

// run executes a script in the place, with a database that holds the example's
// first schema. Each command is shown before it runs.
func (p place) run(t *testing.T, name, script string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name+".sh")
	if err := os.WriteFile(file, []byte("set -euo pipefail\n"+script), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, "migrator"), "scratch", "--load", "schema/v1.sql", "--", "bash", file)
	cmd.Dir, cmd.WaitDelay = p.dir, 5*time.Second
	cmd.Env = append(os.Environ(), "PATH="+p.bin+":"+os.Getenv("PATH"), "ROOT="+p.root, "URL="+p.url, "ANY="+p.any, "TOKEN=t", "NO_COLOR=1",
		"LOADTESTER_ALLOW_GENERATOR_LIMITED=true", "LOADTESTER_MAX=60", "LOADTESTER_STEP=1s")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s\n%s", name, err, script, tail(out))
	}
}

// tail is the end of what a command printed.
func tail(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

var block = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// TestPages does what the pages say, in one place.
func TestPages(t *testing.T) {
	p := newPlace(t)
	t.Run("in order", func(t *testing.T) { inOrder(t, p) })
	t.Run("every command", func(t *testing.T) { everyCommand(t, p) })
}

// inOrder runs every block of pages that are read from top to bottom.
func inOrder(t *testing.T, p place) {
	for _, name := range []string{"pipelines", "api-design-patterns", "database-optimization-guide", "backend-security-practices"} {
		t.Run(name, func(t *testing.T) {
			page, err := os.ReadFile(filepath.Join(p.root, "docs", name+".md"))
			if err != nil {
				t.Fatal(err)
			}
			var script strings.Builder
			blocks := block.FindAllSubmatch(page, -1)
			for i, b := range blocks {
				fmt.Fprintf(&script, "echo 'block %d' >&2\n%s", i+1, b[1])
			}
			if len(blocks) < 3 {
				t.Fatalf("the page has %d blocks only", len(blocks))
			}
			p.run(t, name, script.String())
		})
	}
}

// The workflows end with what they prove.
func TestWorkflows(t *testing.T) {
	w, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	// database-optimization is scripts/tune, which .ci/run runs by itself.
	for _, name := range []string{"api-design", "security-hardening"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, filepath.Join(w.Root, "docs", "workflows", name+".sh"), t.TempDir())
			cmd.WaitDelay = 5 * time.Second
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "\nProved: ") {
				t.Errorf("%v\n%s", err, tail(out))
			}
		})
	}
}

// newPlace builds the tools and starts the server of the example.
func newPlace(t *testing.T) place {
	t.Helper()
	w, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	p := place{root: w.Root, dir: t.TempDir(), bin: t.TempDir()}
	for _, tool := range house.Tools() {
		command(t, w.Root, nil, "go", "build", "-o", filepath.Join(p.bin, tool), w.Path+"/"+tool)
	}
	if err := os.CopyFS(p.dir, os.DirFS(filepath.Join(w.Root, "docs", "example"))); err != nil {
		t.Fatal(err)
	}
	command(t, p.dir, nil, filepath.Join(p.bin, "scaffolder"), "generate", "openapi.yaml", "--framework", "express", "--output", "server")
	server := filepath.Join(p.dir, "server")
	command(t, server, nil, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error")
	command(t, server, nil, "npm", "run", "--silent", "build")
	p.url = serve(t, server)
	return p
}

func command(t *testing.T, dir string, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, tail(out))
	}
}

// serve starts the generated server and returns its address once it answers.
func serve(t *testing.T, dir string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	cmd := exec.Command("node", "dist/server.js")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOST=127.0.0.1", fmt.Sprintf("PORT=%d", port), "RATE_LIMIT_MAX=1000000", "LOG_LEVEL=error")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	for range 300 {
		if response, err := http.Get(url + "/books"); err == nil {
			response.Body.Close()
			return url
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("the server does not answer: %s", log.String())
	return ""
}

var update = flag.Bool("update", false, "rewrite the pages that are made from the code")

// The references of flags are what the tools say of themselves.
func TestReferences(t *testing.T) {
	w, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range house.Tools() {
		program := filepath.Join(t.TempDir(), tool)
		command(t, w.Root, nil, "go", "build", "-o", program, w.Path+"/"+tool)
		got, err := exec.Command(program, "reference").Output()
		if err != nil {
			t.Fatal(err)
		}
		page := filepath.Join(w.Root, "docs", tool, "reference.md")
		if *update {
			if err := os.WriteFile(page, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(page); err != nil || !bytes.Equal(got, want) {
			t.Errorf("docs/%s/reference.md is not what %s says (%v): go test ./pages -run References -update", tool, tool, err)
		}
	}
}
