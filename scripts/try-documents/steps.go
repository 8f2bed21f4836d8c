package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

const npmFiles = "scaffolder/internal/e2e/testdata/npm"

// prepare builds the scaffolder and installs what generated servers need.
func (t *trial) prepare(ctx context.Context) error {
	root, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		return fmt.Errorf("this is no checkout: %w", err)
	}
	top := strings.TrimSpace(string(root))
	if t.work == "" {
		if t.work, err = os.MkdirTemp("", "try-documents-"); err != nil {
			return err
		}
	}
	if t.work, err = filepath.Abs(t.work); err != nil {
		return err
	}
	if err := os.MkdirAll(t.work, 0o755); err != nil {
		return err
	}
	t.tool = filepath.Join(t.work, "scaffolder")
	if out, err := command(ctx, top, "go", "build", "-o", t.tool, "./scaffolder"); err != nil {
		return fmt.Errorf("building the scaffolder: %w\n%s", err, out)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	t.packages = filepath.Join(cache, "seniorbackend-tools", "try-documents")
	if err := os.MkdirAll(t.packages, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(top, npmFiles, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(t.packages, name), data, 0o644); err != nil {
			return err
		}
	}
	if out, err := command(ctx, t.packages, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"); err != nil {
		return fmt.Errorf("installing packages: %w\n%s", err, out)
	}
	return nil
}

func command(ctx context.Context, dir, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	c.WaitDelay = time.Second
	out, err := c.CombinedOutput()
	return string(out), err
}

// placed is an error of the scaffolder that names a place in the document.
var placed = regexp.MustCompile(`(?m)^(error: )?[^ ]+:\d+:\d+: (error: )?`)

// try takes one document through all steps. What went well is removed.
func (t *trial) try(ctx context.Context, document, framework string) result {
	r := result{document: document, framework: framework}
	if info, err := os.Stat(document); err == nil {
		r.size = info.Size()
	}
	project := filepath.Join(t.work, strings.Trim(regexp.MustCompile(`[^\w.-]+`).ReplaceAllString(document, "-"), "-."))
	out, err := t.generate(ctx, &r, project)
	switch {
	case err != nil && placed.MatchString(out):
		r.step, r.said = refused, lastLines(out, 3)
		return r
	case err != nil:
		r.step, r.said = "generate", err.Error()+"\n"+lastLines(out, 5)
		return r
	}
	_ = os.Symlink(filepath.Join(t.packages, "node_modules"), filepath.Join(project, "node_modules"))
	if out, err := t.compile(ctx, project); err != nil {
		r.step, r.said = "compile", err.Error()+"\n"+lastLines(out, 5)
		return r
	}
	if out, err := test(ctx, project); err != nil {
		r.step, r.said = "test", err.Error()+"\n"+out
		return r
	}
	if err := start(ctx, project); err != nil {
		r.step, r.said = "start", err.Error()
		return r
	}
	_ = os.RemoveAll(project)
	return r
}

// stricter are settings that the projects do not have, and their users may.
const stricter = `{"extends": "./tsconfig.json", "compilerOptions": {
	"noPropertyAccessFromIndexSignature": true, "noImplicitReturns": true, "noUnusedLocals": true, "noUnusedParameters": true,
	"allowUnreachableCode": false, "erasableSyntaxOnly": true, "verbatimModuleSyntax": true, "isolatedDeclarations": true, "declaration": true}}`

// compile builds a project with each of the compilers.
func (t *trial) compile(ctx context.Context, project string) (string, error) {
	config := "tsconfig.json"
	if t.strict {
		config = "tsconfig.strict.json"
		if err := os.WriteFile(filepath.Join(project, config), []byte(stricter), 0o644); err != nil {
			return "", err
		}
	}
	for _, compiler := range t.compilers {
		if out, err := command(ctx, project, "node", "node_modules/"+compiler+"/bin/tsc", "--project", config); err != nil {
			return out, fmt.Errorf("%s: %w", compiler, err)
		}
	}
	return "", nil
}

// test runs what `npm test` runs behind the build, and gives what failed.
func test(ctx context.Context, project string) (string, error) {
	files, err := filepath.Glob(filepath.Join(project, "dist/contract/*.test.js"))
	if err != nil || len(files) == 0 {
		return "", errors.Join(err, errors.New("the project has no tests"))
	}
	out, err := command(ctx, project, "node", append([]string{"--test", "--test-reporter=tap"}, files...)...)
	var failed []string
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "not ok ") || strings.HasPrefix(line, "error: ") {
			failed = append(failed, line)
		}
	}
	return strings.Join(failed[:min(len(failed), 8)], "\n"), err
}

// generate runs the scaffolder, and notes what it cost.
func (t *trial) generate(ctx context.Context, r *result, project string) (string, error) {
	args := append([]string{"generate", r.document, "--framework", r.framework, "--output", project}, t.flags...)
	c := exec.CommandContext(ctx, t.tool, args...)
	c.WaitDelay = time.Second
	out, err := c.CombinedOutput()
	if s := c.ProcessState; s != nil {
		r.cpu = s.UserTime() + s.SystemTime()
		if usage, ok := s.SysUsage().(*syscall.Rusage); ok {
			r.memory = int64(usage.Maxrss) << 10 // kilobytes, on Linux
		}
	}
	return string(out), err
}

// start asks a server whether it lives, and has it end in peace.
func start(ctx context.Context, project string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	log, err := os.CreateTemp("", "try-documents-log-")
	if err != nil {
		return err
	}
	defer os.Remove(log.Name())
	defer log.Close()
	c := exec.CommandContext(ctx, "node", "dist/server.js")
	c.Dir, c.Stdout, c.Stderr = project, log, log
	c.Env = append(os.Environ(), "PORT="+port, "NODE_ENV=development", "LOG_LEVEL=error")
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	if err := awaitAnswer("http://127.0.0.1:"+port+"/health", ended); err != nil {
		_ = c.Process.Kill()
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%w\n%s", err, lastLines(string(text), 5))
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(time.Minute):
		_ = c.Process.Kill()
		return fmt.Errorf("it does not stop")
	}
}

func awaitAnswer(url string, ended <-chan error) error {
	for range 1200 {
		select {
		case err := <-ended:
			return fmt.Errorf("it ended: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
		if response, err := http.Get(url); err == nil {
			response.Body.Close()
			return nil
		}
	}
	return fmt.Errorf("it does not listen")
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
