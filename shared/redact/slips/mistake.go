package slips

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Mistake is a command line with a secret where it does not belong, or where it
// belongs and something else is wrong. SECRET stands for it, DIR for a folder of its
// own; a Driver knows more names.
type Mistake struct {
	Args  string            // words are separated by one blank; _ is a blank within a word
	Files map[string]string // by their names in DIR
	Env   string            // NAME=VALUE
}

// Name is a mistake's as that of a test.
func (m Mistake) Name() string { return strings.ReplaceAll(m.Args, "/", "|") }

// Driver makes mistakes of one tool.
type Driver struct {
	Dir    string                       // for this mistake alone; the tool runs there
	Names  []string                     // more names and what they stand for, one after the other
	Files  map[string]string            // that each mistake has
	Setenv func(name, value string)     // for the time of this mistake
	Run    func(args []string) string   // gives all that the tool wrote
	More   func(args []string) []string // what is said besides; nil: nothing
	Own    func(path string) bool       // files that the tool changes for the user, who wrote the secret there; nil: none
}

// reportForms are those of reports: one run writes all of them.
var reportForms = []string{"json", "html", "markdown", "text", "junit", "github"}

// Leaks makes m twice, as it stands and with reports in every form, and lists where the
// secret is shown: in output, in files and their names, in the command lines of programs
// that the tool starts.
func (d Driver) Leaks(m Mistake) ([]string, error) {
	put := strings.NewReplacer(append([]string{"SECRET", Canary, "DIR", d.Dir}, d.Names...)...)
	given, err := d.layOut(m, put)
	if err != nil {
		return nil, err
	}
	if name, value, ok := strings.Cut(m.Env, "="); ok {
		d.Setenv(name, put.Replace(value))
	}
	var args []string
	for _, word := range strings.Split(m.Args, " ") {
		args = append(args, put.Replace(strings.ReplaceAll(word, "_", " ")))
	}
	if d.More != nil {
		args = d.More(args)
	}
	reported := slices.Clone(args)
	for _, form := range reportForms {
		reported = append(reported, "--report", form+"="+filepath.Join(d.Dir, "report."+form))
	}
	var leaks []string
	for _, args := range [][]string{args, reported} {
		children := watch()
		output := d.Run(args)
		leaks = append(leaks, children()...)
		if Shown(output, Canary) {
			leaks = append(leaks, fmt.Sprintf("%s\n%s", args, output))
		}
	}
	written, err := d.written(given)
	return append(leaks, written...), err
}

// layOut writes the files of a mistake.
func (d Driver) layOut(m Mistake, put *strings.Replacer) (given map[string]bool, err error) {
	files := maps.Clone(d.Files)
	if files == nil {
		files = map[string]string{}
	}
	maps.Copy(files, m.Files)
	given = map[string]bool{}
	for name, text := range files {
		path := filepath.Join(d.Dir, name)
		given[path] = true
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, []byte(put.Replace(text)), 0o600); err != nil {
			return nil, err
		}
	}
	return given, nil
}

// written are the files that show the secret and are not given, with their names.
func (d Driver) written(given map[string]bool) (leaks []string, err error) {
	err = filepath.WalkDir(d.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || given[path] || d.Own != nil && d.Own(path) {
			return err
		}
		var text []byte
		if !entry.IsDir() {
			if text, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		if Shown(path[len(d.Dir):]+string(text), Canary) {
			leaks = append(leaks, fmt.Sprintf("%s\n%.300s", path, text))
		}
		return nil
	})
	return leaks, err
}
