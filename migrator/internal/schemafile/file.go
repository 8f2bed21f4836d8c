package schemafile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// File is one .sql text with the name that errors are reported under.
type File struct {
	Name string
	Text string
	root string // the folder that it may include files of; "" is its own
}

// Within lets files include others of a folder, and of all below it.
func Within(files []File, root string) {
	for i := range files {
		files[i].root = root
	}
}

// Stdin is the path that means standard input.
const Stdin = "-"

// maxSize bounds one file: a dump with data belongs in pg_restore.
const maxSize = 1 << 30

// Read reads a .sql file, all .sql files of a folder and its folders (in the
// order of their names), or standard input. Notes say what was left out.
func Read(path string, stdin io.Reader) (files []File, notes []string, err error) {
	if path == Stdin {
		if stdin == nil {
			return nil, nil, problem.New("", "there is no standard input to read")
		}
		text, err := io.ReadAll(io.LimitReader(stdin, maxSize))
		if err != nil {
			return nil, nil, problem.Wrap(err, "", "cannot read standard input: %v", err)
		}
		f, err := newFile("<stdin>", text)
		return []File{f}, nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	if !info.IsDir() {
		f, err := readFile(path)
		return []File{f}, nil, err
	}
	return readFolder(path)
}

func readFolder(folder string) (files []File, notes []string, err error) {
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return unreadable(path, err)
		}
		name := d.Name()
		if d.IsDir() {
			if strings.HasPrefix(name, ".") && path != folder {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.EqualFold(filepath.Ext(name), ".sql") || strings.HasPrefix(name, ".") {
			return nil
		}
		if rollbackName.MatchString(name) {
			notes = append(notes, path+" is a rollback and was left out")
			return nil
		}
		if d.Type()&^(fs.ModeSymlink) != 0 {
			notes = append(notes, path+" is no file and was left out")
			return nil
		}
		f, err := readWithin(folder, path)
		files = append(files, f)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if len(files) == 0 {
		return nil, nil, problem.New("a schema folder holds files that end in .sql", "no .sql file in %s", folder)
	}
	return files, notes, nil
}

// rollbackName are the files that take a migration back, in the ways of the
// usual runners.
var rollbackName = regexp.MustCompile(`(?i)(\.down|_rollback|\.rollback|\.undo)\.sql$|^U[0-9][0-9._]*__.*\.sql$`)

func readFile(path string) (File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return File{}, unreadable(path, err)
	}
	return newFile(path, text)
}

// readWithin reads a file of a folder. Links do not lead out of it, and what is
// no plain file is not waited for.
func readWithin(folder, path string) (File, error) {
	outside := problem.New("name the folder that they share: --root DIR", "%s is outside of %s", path, folder)
	relative, err := filepath.Rel(absolute(folder), absolute(path))
	if err != nil || !filepath.IsLocal(relative) {
		return File{}, outside
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return File{}, unreadable(folder, err)
	}
	defer root.Close()
	info, err := root.Stat(relative)
	switch {
	case err != nil && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)):
		return File{}, unreadable(path, err)
	case err != nil: // a link that leads out is no error of a kind of its own
		return File{}, outside
	case !info.Mode().IsRegular():
		return File{}, problem.New("", "%s is no file", path)
	}
	text, err := root.ReadFile(relative)
	if err != nil {
		return File{}, unreadable(path, err)
	}
	f, err := newFile(path, text)
	f.root = folder
	return f, err
}

func newFile(name string, text []byte) (File, error) {
	s := strings.TrimPrefix(string(text), "\ufeff")
	if !utf8.ValidString(s) {
		line := 1
		for rest := s; rest != ""; {
			r, n := utf8.DecodeRuneInString(rest)
			if r == utf8.RuneError && n == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			rest = rest[n:]
		}
		return File{}, problem.New("save it as UTF-8, e.g. iconv -f LATIN1 -t UTF-8", "it is not UTF-8 text").In(name, line, 0)
	}
	if i := strings.IndexByte(s, 0); i >= 0 {
		return File{}, problem.New("a custom-format dump becomes SQL with pg_restore -f schema.sql", "it is not SQL text").In(name, strings.Count(s[:i], "\n")+1, 0)
	}
	return File{Name: name, Text: sqltext.Forward(s)}, nil
}

func unreadable(path string, err error) error {
	var p *problem.Problem
	switch {
	case errors.As(err, &p):
		return err
	case errors.Is(err, fs.ErrNotExist):
		if scheme, _, ok := strings.Cut(path, "://"); ok {
			return problem.Wrap(err, "a connection string begins with postgres://", "%s:// is not known: only PostgreSQL is", scheme)
		}
		return problem.Wrap(err, "give a .sql file, a folder of them, or a connection string", "%s does not exist", path)
	case errors.Is(err, fs.ErrPermission):
		return problem.Wrap(err, "check its permissions", "%s cannot be read: permission denied", path)
	}
	cause := err
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		cause = pathError.Err // the path is said already
	}
	return problem.Wrap(err, "", "%s cannot be read: %v", path, cause)
}
