package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type newCmd struct {
	Name string `arg:"" help:"What the migration does, in a few words."`
	directory
	form
}

// Help is shown after the flags.
func (newCmd) Help() string {
	return `The files are named as the directory's others are: with the next number, or the
time.

Examples:
  migrator new add_user_indexes
  migrator new "add user indexes" db/migrations --files goose`
}

// Run writes the files of a new migration.
func (c *newCmd) Run(s *session) error {
	name := migfile.FileName(c.Name)
	if name == "" {
		return problem.New("use letters and digits", "%q makes no name of a file", c.Name)
	}
	dir := &migdir.Dir{Path: c.Dir, Format: migfile.Format(c.Files)}
	if _, err := os.Stat(c.Dir); !errors.Is(err, fs.ErrNotExist) {
		if dir, err = c.perhapsEmpty(s); err != nil {
			return err
		}
	}
	if dir.Format == migdir.Auto {
		dir.Format = migfile.Single
	}
	files := dir.New(name, time.Now())
	for i, f := range files {
		files[i].Name = filepath.Join(c.Dir, f.Name)
		if _, err := os.Stat(files[i].Name); err == nil {
			return problem.New("give it another name", "%s is there already", files[i].Name)
		}
	}
	written, err := writeFiles(files)
	if err != nil {
		return err
	}
	if migdir.IsAtlas(dir.Format) {
		if err := migdir.Sign(c.Dir); err != nil {
			return err
		}
	}
	r := &report.Report{Schema: "migrator.new", Version: 1, Title: "New Migration"}
	data := newData{Files: []string{}}
	list := report.Facts{}
	for _, f := range written {
		data.Files = append(data.Files, f.Path)
		list = append(list, report.Fact{Label: f.Kind, Value: f.Path})
	}
	r.Data = data
	r.Sections = []report.Section{{Heading: "Written", Blocks: []report.Block{list}}}
	return s.write(r, c.Format)
}

// newData are the files that were written, for programs.
type newData struct {
	Files []string `json:"files"`
}
