package migdir

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"

	"ariga.io/atlas/sql/migrate"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
)

// atlas are the files of an Atlas directory, as Atlas lists them, with the
// hashes of atlas.sum held against them.
func (r *reader) atlas() error {
	d, err := migrate.NewLocalDir(r.dir.Path)
	if err != nil {
		return problem.Wrap(err, "", "%s cannot be read: %v", r.dir.Path, err)
	}
	if err := migrate.Validate(d); err != nil {
		return r.badSum(err)
	}
	files, err := d.Files()
	if err != nil {
		return problem.Wrap(err, "", "%s cannot be read: %v", r.dir.Path, err)
	}
	sum, err := d.Checksum()
	if err != nil {
		return problem.Wrap(err, "", "%s cannot be read: %v", r.dir.Path, err)
	}
	for _, f := range files {
		m := &Migration{Version: f.Version(), Title: f.Desc(), Name: f.Name(), Path: r.path(f.Name())}
		if m.Hash, err = sum.SumByName(f.Name()); err != nil {
			return problem.Wrap(err, "", "atlas.sum does not know %s", f.Name())
		}
		if c, ok := f.(migrate.CheckpointFile); ok {
			m.Covers = c.IsCheckpoint()
		}
		m.Up, m.Wrong = r.file(f.Name())
		if delimiter.Match(f.Bytes()) {
			m.Wrong = problem.New("end statements with semicolons", "its statements have a delimiter of their own, which migrator does not know").In(m.Path, 0, 0)
		}
		r.dir.Migrations = append(r.dir.Migrations, m)
	}
	return nil
}

var delimiter = regexp.MustCompile(`(?m)^-- atlas:delimiter\b`)

// badSum says which file is not what atlas.sum says.
func (r *reader) badSum(err error) error {
	hint := "look at what was changed; atlas migrate hash (or migrator check --hash) writes it anew"
	var c *migrate.ChecksumError
	switch {
	case errors.As(err, &c):
		return problem.Wrap(err, hint, "%s was %s since atlas.sum was written", c.File, c.Reason).In(r.path(sumFile), c.Line, 0)
	case errors.Is(err, migrate.ErrChecksumNotFound):
		return problem.Wrap(err, "write it with atlas migrate hash, or migrator check --hash", "%s has no atlas.sum", r.dir.Path)
	}
	return problem.Wrap(err, hint, "atlas.sum cannot be read: %v", err)
}

// Signed says that the files of a directory are what its atlas.sum says; one without
// any files is, too.
func Signed(path string) bool {
	d, err := migrate.NewLocalDir(path)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	files, err := d.Files()
	return err == nil && (migrate.Validate(d) == nil || len(files) == 0)
}

// Sign writes atlas.sum anew.
func Sign(path string) error {
	d, err := migrate.NewLocalDir(path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	sum, err := d.Checksum()
	if err != nil {
		return fmt.Errorf("hashing %s: %w", path, err)
	}
	if err := migrate.WriteSumFile(d, sum); err != nil {
		return problem.Wrap(err, "check the permissions", "cannot write %s in %s", sumFile, path)
	}
	return nil
}

// IsAtlas says that a format has atlas.sum.
func IsAtlas(f migfile.Format) bool { return f == migfile.Atlas }
