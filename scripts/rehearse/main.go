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

	"github.com/seniorbackend/tools/scripts/goproxy"
	"github.com/seniorbackend/tools/scripts/house"
)

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
	w, err := house.Find()
	if err != nil {
		return err
	}
	if !each {
		return rehearse(w.Root, command, "")
	}
	var dirs []string
	for _, m := range goproxy.Modules() {
		dirs = append(dirs, filepath.Join(w.Root, m))
	}
	return rehearse(w.Root, command, dirs...)
}

// rehearse runs the command in each of dirs with the modules of the work tree
// at root published.
func rehearse(root string, command []string, dirs ...string) error {
	published, err := goproxy.Publish(root, nil)
	if err != nil {
		return err
	}
	defer published.Close()
	for _, dir := range dirs {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir, cmd.Env = dir, published.Env
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s in %q: %w", strings.Join(command, " "), filepath.Base(dir), err)
		}
	}
	return nil
}
