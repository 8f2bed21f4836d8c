package migdir

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
)

// Dir is a directory of migrations.
type Dir struct {
	Path   string
	Format migfile.Format
	// Migrations are in the order in which they are applied. Repeatable ones are at
	// the end.
	Migrations []*Migration
	// Notes say what was left out, and why.
	Notes []string
	// Passed are the names of migrations that are not asked for here, though another
	// database may have them: changesets of other contexts and labels.
	Passed []string
}

// Migration is one version: a file, a pair of files, or a part of a file.
type Migration struct {
	Version    string // "" of a repeatable one
	Title      string
	Name       string // in the history
	Path       string // of the file that leads forward
	Up         *migfile.File
	Down       *migfile.File // nil: it cannot be taken back
	Hash       string        // Atlas's, of atlas.sum
	Repeatable bool          // run again whenever it was changed
	// Covers: it stands for all migrations before it, on an empty database.
	Covers bool
	// Wrong is why it cannot be run; WrongBack the same of its way back.
	Wrong, WrongBack error
}

// Ask is what is asked of a directory besides its files.
type Ask struct {
	Values   migfile.Values
	Contexts []string // Liquibase's: changesets of these, and those of none; empty is all
	Labels   string   // Liquibase's label filter; "" is all
}

// Auto lets Read find out whose files they are.
const Auto migfile.Format = "auto"

// Read reads a directory. Files that cannot be run are there with the reason: it
// matters only where they are to be run.
func Read(path string, format migfile.Format, ask Ask) (*Dir, error) {
	names, err := list(path)
	if err != nil {
		return nil, err
	}
	r := &reader{dir: &Dir{Path: path, Format: format}, names: names, texts: map[string]string{}, ask: ask}
	if err := r.read(); err != nil {
		return nil, err
	}
	if format == Auto {
		if r.dir.Format, err = r.detect(); err != nil {
			return nil, err
		}
	}
	if err := r.migrations(); err != nil {
		return nil, err
	}
	return r.dir, r.dir.settle()
}

// list are the paths of all files below a directory, hidden ones aside, in order.
func list(path string) ([]string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, problem.Wrap(err, "give the path of a directory of migrations", "%s does not exist", path)
	case err != nil:
		return nil, problem.Wrap(err, "check its permissions", "%s cannot be read", path)
	case !info.IsDir():
		return nil, problem.New("give the directory that it lies in", "%s is no directory", path)
	}
	var names []string
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p != path && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
		case !e.IsDir():
			name, _ := filepath.Rel(path, p)
			names = append(names, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		return nil, problem.Wrap(err, "check its permissions", "%s cannot be read", path)
	}
	return names, nil
}

// settle puts the migrations in order, and refuses two of one version. Changesets
// stand in the order of their files.
func (d *Dir) settle() error {
	if d.Format != migfile.Liquibase {
		slices.SortStableFunc(d.Migrations, d.compare)
	}
	seen := map[string]*Migration{}
	for i, m := range d.Migrations {
		if other := seen[m.Name]; other != nil {
			return problem.New("give one of them another name", "%s and %s have the same name in the history: %s", other.Path, m.Path, m.Name)
		}
		seen[m.Name] = m
		if i == 0 || m.Repeatable || d.Format == migfile.Liquibase {
			continue
		}
		if before := d.Migrations[i-1]; d.Compare(before.Version, m.Version) == 0 && before.Covers == m.Covers {
			return problem.New("give one of them another version", "%s and %s have the same version %s", before.Path, m.Path, m.Version)
		}
	}
	return nil
}

func (d *Dir) compare(a, b *Migration) int {
	if a.Repeatable != b.Repeatable {
		return map[bool]int{true: 1, false: -1}[a.Repeatable]
	}
	if a.Repeatable {
		return cmp.Compare(a.Title, b.Title)
	}
	return cmp.Or(d.Compare(a.Version, b.Version), cmp.Compare(a.Name, b.Name))
}

// Find is the migration of a version or of a name; nil where there is none.
func (d *Dir) Find(word string) *Migration {
	for _, m := range d.Migrations {
		if m.Name == word || filepath.Base(m.Path) == word || word != "" && !m.Repeatable && d.Compare(m.Version, word) == 0 {
			return m
		}
	}
	return nil
}

// Wanted is Find with an error that says what there is.
func (d *Dir) Wanted(word string) (*Migration, error) {
	m := d.Find(word)
	if m == nil {
		hint := "the directory has no migration"
		if n := len(d.Migrations); n > 0 {
			hint = fmt.Sprintf("the directory goes from %s to %s", d.Migrations[0].Name, d.Migrations[n-1].Name)
		}
		return nil, problem.New(hint, "%s has no version %s", d.Path, word)
	}
	return m, nil
}
