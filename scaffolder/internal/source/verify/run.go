package verify

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

//go:embed boot
var boot embed.FS

// Options say what is started.
type Options struct {
	Root    string // directory of the package
	Entry   string // absolute path of the file that the program starts from
	Fastify bool   // an exported function with parameters is a plugin of Fastify
	// Timeout bounds the start. The process is ended some seconds behind it.
	Timeout time.Duration
	Environ []string
}

// Boot is what came of starting.
type Boot struct {
	// Outcome is "listening", "ended" or "idle"; "stopped" or "timeout" where it did not
	// start as a whole.
	Outcome string
	// Listened says that a server was told to listen.
	Listened  bool
	Endpoints []Endpoint
	Notes     []Note
	Node      string
	// Unclear are paths that no path of OpenAPI stands for.
	Unclear []string
}

// Note is something that happened while the application started.
type Note struct {
	Kind string // "failure": an error; "network", "program", "client": what was stubbed
	Text string
}

// Endpoint is one method on one path.
type Endpoint struct {
	Method string // upper case; "ALL": every method
	Path   string // as OpenAPI writes it
	At     syntax.Position
	// Package is the one that registered it; "" for the project's own.
	Package string
}

// ErrNode says that node could not be run.
var ErrNode = errors.New("node cannot be run")

// Failure is a start that gave no list.
type Failure struct{ Reason string }

func (f *Failure) Error() string { return f.Reason }

// Run starts the application, and waits until it has started or the time is over.
func Run(ctx context.Context, o Options) (*Boot, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, ErrNode
	}
	dir, err := os.MkdirTemp("", "scaffolder-boot-*")
	if err != nil {
		return nil, fmt.Errorf("making room for the start: %w", err)
	}
	defer os.RemoveAll(dir)
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, fmt.Errorf("making room for the start: %w", err)
	}
	if err := os.CopyFS(dir, boot); err != nil {
		return nil, fmt.Errorf("making room for the start: %w", err)
	}
	out := filepath.Join(dir, "out.json")
	args, translate := translator(o)
	settings, err := json.Marshal(map[string]any{
		"root": o.Root, "entry": o.Entry, "out": out, "timeout": o.Timeout.Milliseconds(), "translate": translate, "fastify": o.Fastify,
	})
	if err != nil {
		return nil, fmt.Errorf("writing the settings of the start: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, o.Timeout+5*time.Second)
	defer cancel()
	args = append([]string{"--require", filepath.Join(dir, "boot", "preload.cjs")}, args...)
	//nolint:gosec // node and the project's entry are what the user asked to run
	cmd := exec.CommandContext(limited, node, append(args, o.Entry)...)
	cmd.Dir = o.Root
	cmd.Env = append(environment(o), "SCAFFOLDER_BOOT="+string(settings))
	var said tail
	cmd.Stderr = &said
	cmd.WaitDelay = time.Second
	runErr := cmd.Run()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("starting the application: %w", ctx.Err())
	}
	data, err := os.ReadFile(out)
	switch {
	case err == nil:
		return listed(data)
	case limited.Err() != nil:
		return nil, &Failure{fmt.Sprintf("it did not start within %s, and did not let anything else run", o.Timeout)}
	case runErr != nil:
		return nil, &Failure{said.reason()}
	}
	return nil, &Failure{"it ended and left no list of its routes"}
}

// translator is how node reads TypeScript: by the project's tsx, by our hooks with the
// project's compiler, or by itself. Where decorators need the types, tsx does not do.
func translator(o Options) (args []string, ours bool) {
	if tsx := inModules(o.Root, "tsx/dist/loader.mjs"); tsx != "" && !needsTypes(o.Root) {
		return []string{"--import", "file://" + filepath.ToSlash(tsx)}, false
	}
	return nil, true
}

func needsTypes(root string) bool {
	data, err := os.ReadFile(filepath.Join(root, "tsconfig.json"))
	return err == nil && bytes.Contains(data, []byte("emitDecoratorMetadata"))
}

// inModules looks for a file of a package in the node_modules of a directory and of
// those around it.
func inModules(dir, name string) string {
	for {
		path := filepath.Join(dir, "node_modules", filepath.FromSlash(name))
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path
		}
		if filepath.Dir(dir) == dir {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

// environment is that of the tool, and what an example of the project's environment
// gives beside it where the project has no .env: programs refuse to start without.
func environment(o Options) []string {
	have := map[string]bool{}
	for _, line := range o.Environ {
		key, _, _ := strings.Cut(line, "=")
		have[key] = true
	}
	out := append([]string{"FASTIFY_AUTOLOAD_TYPESCRIPT=1"}, o.Environ...) // or it refuses to load what our hooks read
	if !have["NODE_ENV"] {
		out = append(out, "NODE_ENV=development")
		have["NODE_ENV"] = true
	}
	if _, err := os.Stat(filepath.Join(o.Root, ".env")); err == nil {
		return out
	}
	for _, name := range []string{".env.example", ".env.sample", ".env.template", ".env.dist", ".example.env"} {
		data, err := os.ReadFile(filepath.Join(o.Root, name))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
			key = strings.TrimSpace(key)
			if !ok || have[key] || key == "" || strings.HasPrefix(key, "#") {
				continue
			}
			have[key] = true
			out = append(out, key+"="+unquoted(value))
		}
		break
	}
	return out
}

func unquoted(value string) string {
	value = strings.TrimSpace(value)
	for _, quote := range []string{`"`, "'", "`"} {
		if rest, ok := strings.CutPrefix(value, quote); ok {
			if inner, _, ok := strings.Cut(rest, quote); ok {
				return inner
			}
		}
	}
	value, _, _ = strings.Cut(value, " #")
	return strings.TrimSpace(value)
}

// tail keeps the end of what was written to it.
type tail struct{ data []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p...)
	if n := len(t.data) - 8192; n > 0 {
		t.data = append([]byte(nil), t.data[n:]...)
	}
	return len(p), nil
}

// reason is the line that says what went wrong.
func (t *tail) reason() string {
	last := "node ended with an error"
	for line := range strings.Lines(string(t.data)) {
		line = strings.TrimSpace(line)
		if strings.Contains(line, "Error") && !strings.HasPrefix(line, "at ") {
			return line
		}
		if line != "" && !strings.HasPrefix(line, "Node.js v") {
			last = line
		}
	}
	return last
}
