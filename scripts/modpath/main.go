// Command modpath gives the modules another path, in every file that names it:
//
//	go run ./scripts/modpath github.com/acme/backend-tools
//	scripts/tidy
//
// The path is a decision that an owner may change on publication, and once
// published never again.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/module"

	"github.com/seniorbackend/tools/scripts/house"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: modpath NEW-PATH   (the modules become NEW-PATH/shared and so on)")
		os.Exit(2)
	}
	w, err := house.Find()
	if err == nil {
		err = rewrite(w, os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "modpath:", err)
		os.Exit(2)
	}
}

// rewrite replaces the modules' path in every file of the work tree.
func rewrite(w house.Workspace, path string) error {
	if err := module.CheckPath(path); err != nil {
		return err
	}
	files, err := w.Files()
	if err != nil {
		return err
	}
	for _, f := range files {
		name := filepath.Join(w.Root, f)
		info, err := os.Lstat(name)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			continue
		}
		old, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		renamed := bytes.ReplaceAll(old, []byte(w.Path), []byte(path))
		if bytes.Equal(old, renamed) {
			continue
		}
		if err := os.WriteFile(name, renamed, info.Mode().Perm()); err != nil {
			return err
		}
	}
	return nil
}
