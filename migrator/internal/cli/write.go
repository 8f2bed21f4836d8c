package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2/maybe"

	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/shared/pending"
	"github.com/seniorbackend/tools/shared/problem"
)

// writeFile writes a file whole or not at all, and makes its folder.
func writeFile(path, text string) error {
	if err := pending.Named(path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return problem.Wrap(err, "check the path and its permissions", "cannot make the folder %s: %v", filepath.Dir(path), reason(err))
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return problem.New("name a file", "%s is a folder", path)
	}
	if err == nil && !info.Mode().IsRegular() { // /dev/null, a pipe: a file must not take its place
		return into(path, text)
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

// into writes to what is no plain file.
func into(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return problem.Wrap(err, "check the path and its permissions", "cannot write %s: %v", path, reason(err))
	}
	return nil
}

// writtenFile is a file that was written.
type writtenFile struct {
	Kind string // migration or rollback
	Path string
}

// writeChange writes the files of a change into a folder, in a runner's format.
func writeChange(dir string, format migfile.Format, change migfile.Change) ([]writtenFile, error) {
	files := migfile.Files(format, change)
	for i := range files {
		files[i].Name = filepath.Join(dir, files[i].Name)
	}
	signed := migdir.IsAtlas(format) && migdir.Signed(dir)
	written, err := writeFiles(files)
	if err != nil || !signed {
		return written, err
	}
	return written, migdir.Sign(dir)
}

// writeFiles writes those that have a name.
func writeFiles(files []migfile.Output) (written []writtenFile, err error) {
	for _, f := range files {
		if f.Name == "" {
			continue
		}
		if err := writeFile(f.Name, f.Text); err != nil {
			return written, err
		}
		written = append(written, writtenFile{f.Kind, f.Name})
	}
	return written, nil
}

// proofLine says in a file how it was proved.
func proofLine(r *proof.Result, way proof.Direction) string {
	switch {
	case r.Proved && len(r.Irreversible) > 0 && way == proof.Up:
		return "proved on " + r.Server + ": it gives the wanted schema; its rollback does not undo all of it"
	case r.Proved && len(r.Irreversible) > 0:
		return "run on " + r.Server + ": it undoes the migration as far as that can be done"
	case r.Proved && way == proof.Up:
		return "proved on " + r.Server + ": it gives the wanted schema, and its rollback gives the present one back"
	case r.Proved:
		return "proved on " + r.Server + ": it gives the schema before the migration back"
	case r.Server != "":
		return "NOT PROVED: it was run on " + r.Server + ", on a copy that differs from the database"
	}
	return "NOT PROVED (--no-proof)"
}

// runnerNote says what else a runner wants, to run the files.
func (d *comparison) runnerNote() {
	switch apart := slices.ContainsFunc(d.result.Up.Segments, func(s plan.Segment) bool { return !s.Transactional }); {
	case d.Output == "" || d.Output == "-":
	case d.Files == string(migfile.Atlas):
		if !migdir.Signed(d.Output) {
			fmt.Fprintln(d.session.Err, "note: atlas.sum is not of these files: look at what was changed, then run atlas migrate hash")
		}
		fmt.Fprintln(d.session.Err, "note: Atlas has no rollback files")
	case d.Files == string(migfile.Flyway) && apart:
		fmt.Fprintln(d.session.Err, "note: set flyway.postgresql.transactional.lock=false, or CONCURRENTLY waits for Flyway's own lock for ever")
	}
}

// reason is the cause of a file error, without the path that is said already.
func reason(err error) error {
	var e *os.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
