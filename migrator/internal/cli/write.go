package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2/maybe"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/shared/problem"
)

// writeFile writes a file whole or not at all, and makes its folder.
func writeFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return problem.Wrap(err, "check the path and its permissions", "cannot make the folder %s: %v", filepath.Dir(path), reason(err))
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return problem.New("name a file", "%s is a folder", path)
	}
	mode := os.FileMode(0o644)
	if shown(text) != text { // there is a password in it
		mode = 0o600
		os.Chmod(path, mode) // a file that is there keeps its own
	}
	if err := maybe.WriteFile(path, []byte(text), mode); err != nil {
		return problem.Wrap(err, "check the path and its permissions", "cannot write %s: %v", path, reason(err))
	}
	return nil
}

// runnerNote says what else a runner wants, to run the files.
func (d *comparison) runnerNote() {
	switch apart := slices.ContainsFunc(d.result.Up.Segments, func(s plan.Segment) bool { return !s.Transactional }); {
	case d.Output == "" || d.Output == "-":
	case d.Files == string(migfile.Atlas):
		fmt.Fprintln(d.session.Err, "note: run atlas migrate hash; Atlas has no rollback files")
	case d.Files == string(migfile.Flyway) && apart:
		fmt.Fprintln(d.session.Err, "note: set flyway.postgresql.transactional.lock=false, or CONCURRENTLY waits for Flyway's own lock for ever")
	}
}

// reason is the cause of a file error, without the path that is said already.
func reason(err error) error {
	if e, ok := err.(*os.PathError); ok {
		return e.Err
	}
	return err
}
