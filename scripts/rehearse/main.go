// Command rehearse runs a command as if our modules were published: with
// GOWORK=off and a module proxy that serves this work tree's modules.
//
//	go run ./scripts/rehearse go mod tidy            # in a module's folder
//	go run ./scripts/rehearse go get example.com/m@v1.2.3
//	go run ./scripts/rehearse -each go build ./...   # in every module
//
// It is needed because go mod tidy and go get never read go.work, and because a
// wrong go.sum for the shared module shows in a GOWORK=off build only: that
// build is what a release makes.
//
// The modules are taken from the work tree, uncommitted changes included, in
// the versions that the go.mod files ask for.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// modules lists the published modules, each a folder of the repository.
var modules = []string{"shared", "scaffolder", "migrator", "loadtester"}

// rehearsed is the version that each module has in the rehearsal: the one that
// the tools' go.mod files ask of shared.
const rehearsed = "v0.1.0"

func main() {
	each := flag.Bool("each", false, "run the command in the folder of every module")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: rehearse [-each] COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	if err := run(*each, flag.Args()); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			os.Exit(exit.ExitCode())
		}
		fmt.Fprintln(os.Stderr, "rehearse:", err)
		os.Exit(2)
	}
}

func run(each bool, command []string) error {
	root, err := output("", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	if !each {
		return rehearse(root, command, "")
	}
	dirs := make([]string, len(modules))
	for i, m := range modules {
		dirs[i] = filepath.Join(root, m)
	}
	return rehearse(root, command, dirs...)
}

// rehearse runs the command in each of dirs with the modules of the work tree
// at root published.
func rehearse(root string, command []string, dirs ...string) error {
	path, err := modulePath(root)
	if err != nil {
		return err
	}
	unlock, err := cleanCache(path)
	if err != nil {
		return err
	}
	defer unlock()

	proxy, err := os.MkdirTemp("", "rehearse-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(proxy)
	if err := fill(proxy, root, path); err != nil {
		return err
	}
	usual, err := output("", "go", "env", "GOPROXY")
	if err != nil {
		return err
	}
	// Go remembers what a version's folder held (goindex), as no version ever
	// changes; ours do, from rehearsal to rehearsal.
	env := append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0", "GODEBUG=goindex=0",
		"GOPROXY=file://"+filepath.ToSlash(proxy)+","+usual, "GONOSUMDB="+path, "GONOPROXY=", "GOPRIVATE=")
	for _, dir := range dirs {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir, cmd.Env = dir, env
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s in %q: %w", strings.Join(command, " "), filepath.Base(dir), err)
		}
	}
	return nil
}

// output runs a command and returns what it printed, trimmed.
func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
