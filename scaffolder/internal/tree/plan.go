package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// Action is what a run does to a file.
type Action string

const (
	Create Action = "create"
	Update Action = "update" // a tool-owned file is written anew
	Append Action = "append" // stubs go to the end of a user-owned file
	Edit   Action = "edit"   // a user-owned file is changed, because its user asked for it
	Remove Action = "remove" // a tool-owned file that is not generated any more
	Keep   Action = "keep"   // nothing is written
)

// Change is what happens to one file.
type Change struct {
	Path   string // relative to the output directory, with slashes
	Owner  Owner
	Action Action
	Before []byte // nil: the file is not there
	After  []byte // nil: the file is removed, or stays away
	// Appended are the symbols of the stubs that are appended.
	Appended []string
	record   bool
}

// Orphan is something that the user owns and that no operation needs any more.
// It is told and never touched.
type Orphan struct {
	Path   string
	Symbol string // "" is the whole file
}

// Plan is what a run would do. Nothing has been written yet.
type Plan struct {
	Changes []Change // in the order of the files, removals last
	Orphans []Orphan
	// Edited are the tool-owned files that somebody else wrote or edited.
	// Write refuses them unless the plan was made with force.
	Edited []string

	dir    string
	edits  map[string][]byte
	before *manifest
	after  *manifest
	force  bool
}

// Make compares files with what stands in the directory dir, which need not
// exist. With force, tool-owned files are written even where they were edited,
// and user-owned ones that their user deleted come back.
func Make(dir string, files []File, force bool) (*Plan, error) {
	return MakeEdited(dir, files, nil, force)
}

// MakeEdited is Make after user-owned files got other contents, by path; nil removes one.
func MakeEdited(dir string, files []File, edits map[string][]byte, force bool) (*Plan, error) {
	if err := check(files); err != nil {
		return nil, err
	}
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	if root != nil {
		defer root.Close()
	}
	before, err := readManifest(root)
	if err != nil {
		return nil, err
	}
	p := &Plan{dir: dir, edits: edits, before: before, force: force, after: &manifest{Schema: before.Schema, Version: manifestVersion, Memory: before.Memory}}
	for _, f := range files {
		if err := p.file(root, f); err != nil {
			return nil, err
		}
	}
	if err := p.leftovers(root, files); err != nil {
		return nil, err
	}
	if err := p.otherEdits(root); err != nil {
		return nil, err
	}
	slices.SortFunc(p.after.Files, func(a, b entry) int { return strings.Compare(a.Path, b.Path) })
	return p, nil
}

// openRoot opens the output directory; nil where it does not exist yet.
func openRoot(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return nil, problem.Wrap(err, "--output names a directory", "%s is a file, not a directory", dir)
		}
		return nil, problem.Wrap(err, "", "cannot open the directory %s: %v", dir, cause(err))
	}
	return root, nil
}

// check refuses paths that do not stay inside of the output directory, and two
// files that would be one on a file system that takes A for a.
func check(files []File) error {
	seen := map[string]string{}
	for _, f := range files {
		if !fs.ValidPath(f.Path) || !filepath.IsLocal(filepath.FromSlash(f.Path)) || strings.ContainsFunc(f.Path, unprintable) || !IsPortable(f.Path) {
			return fmt.Errorf("refusing to write %q: the path leaves the output directory, or no file system takes it", f.Path)
		}
		folded := strings.ToLower(f.Path)
		if other, ok := seen[folded]; ok {
			return fmt.Errorf("refusing to write %q beside %q: many file systems take them for the same file", f.Path, other)
		}
		seen[folded] = f.Path
	}
	return nil
}

func unprintable(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }

func (p *Plan) file(root *os.Root, f File) error {
	before, err := read(root, f.Path)
	if err != nil {
		return err
	}
	known := p.before.find(f.Path)
	if f.Owner == Tool {
		p.toolFile(f, before, known)
	} else {
		p.userFile(f, before, known)
	}
	return nil
}

func (p *Plan) toolFile(f File, before []byte, known *entry) {
	p.after.Files = append(p.after.Files, entry{Path: f.Path, Owner: Tool, SHA256: hash(f.Content)})
	c := Change{Path: f.Path, Owner: Tool, Action: Update, Before: before, After: f.Content, record: f.Record}
	switch {
	case before == nil:
		c.Action = Create
	case bytes.Equal(before, f.Content):
		c.Action = Keep
	case known == nil || known.Owner != Tool || known.SHA256 != hash(before):
		p.Edited = append(p.Edited, f.Path)
	}
	p.Changes = append(p.Changes, c)
}

func (p *Plan) userFile(f File, before []byte, known *entry) {
	c := Change{Path: f.Path, Owner: User, Action: Keep, Before: before, After: before}
	e := entry{Path: f.Path, Owner: User, SHA256: hash(f.Content), Symbols: symbols(f.Stubs)}
	if text, isEdited := p.edits[f.Path]; isEdited {
		c.Action, c.After = Edit, text
		if text == nil { // what was in it went elsewhere, and something new belongs there
			c.After = f.Content
		}
		if before == nil {
			c.Action = Create
		}
	}
	switch {
	case c.After == nil && known != nil && len(f.Stubs) == 0 && !p.force:
		// Its user deleted it, and nothing needs it.
		e.SHA256 = known.SHA256
	case c.After == nil:
		c.Action, c.After = Create, f.Content
	default:
		p.appendStubs(&c, f, known)
		if known != nil {
			e.SHA256 = known.SHA256
			e.Symbols = append(e.Symbols, p.orphans(f, c.After, known)...)
		}
	}
	p.after.Files = append(p.after.Files, e)
	p.Changes = append(p.Changes, c)
}

// appendStubs adds the stubs that the file neither has nor was offered before.
func (p *Plan) appendStubs(c *Change, f File, known *entry) {
	have := identifiers(string(c.After))
	var added strings.Builder
	var imports []string
	for _, stub := range f.Stubs {
		if have[stub.Symbol] || known != nil && slices.Contains(known.Symbols, stub.Symbol) {
			continue
		}
		added.WriteString("\n" + stub.Text)
		imports = append(imports, stub.Imports...)
		c.Appended = append(c.Appended, stub.Symbol)
	}
	if added.Len() == 0 {
		return
	}
	text := string(c.After)
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if c.Action == Keep {
		c.Action = Append
	}
	c.After = []byte(withImports(text, imports) + added.String())
}

// withImports puts the import lines that a text lacks below its last import, or at
// its beginning.
func withImports(text string, imports []string) string {
	for _, line := range imports {
		if strings.Contains("\n"+text, "\n"+line+"\n") {
			continue
		}
		at := 0
		if all := lastImport.FindAllStringIndex(text, -1); len(all) > 0 {
			at = all[len(all)-1][1]
		}
		text = text[:at] + line + "\n" + text[at:]
	}
	return text
}

// lastImport matches the line that ends an import declaration.
var lastImport = regexp.MustCompile(`(?m)^(import .*|\}) from ['"].*['"];?[ \t]*\n`)

// orphans lists the symbols that were offered once, are still in the file, and
// belong to no operation any more.
func (p *Plan) orphans(f File, text []byte, known *entry) []string {
	var out []string
	have := identifiers(string(text))
	for _, symbol := range known.Symbols {
		if have[symbol] && !slices.ContainsFunc(f.Stubs, func(s Stub) bool { return s.Symbol == symbol }) {
			out = append(out, symbol)
			p.Orphans = append(p.Orphans, Orphan{f.Path, symbol})
		}
	}
	return out
}

// leftovers looks at the files that are in the manifest and not generated any
// more: the tool's own go, the user's stay.
func (p *Plan) leftovers(root *os.Root, files []File) error {
	for _, known := range p.before.Files {
		if slices.ContainsFunc(files, func(f File) bool { return f.Path == known.Path }) {
			continue
		}
		before, err := read(root, known.Path)
		if err != nil {
			return err
		}
		text, isEdited := p.edits[known.Path]
		switch {
		case before == nil:
		case known.Owner == User && isEdited && text == nil: // what was in it went elsewhere
			p.Changes = append(p.Changes, Change{Path: known.Path, Owner: User, Action: Remove, Before: before})
		case known.Owner == User:
			p.after.Files = append(p.after.Files, known)
			p.Orphans = append(p.Orphans, Orphan{Path: known.Path})
		default:
			if hash(before) != known.SHA256 {
				p.Edited = append(p.Edited, known.Path)
			}
			p.Changes = append(p.Changes, Change{Path: known.Path, Owner: Tool, Action: Remove, Before: before})
		}
	}
	return nil
}

// otherEdits are those of files that nothing is generated for.
func (p *Plan) otherEdits(root *os.Root) error {
	for _, path := range slices.Sorted(maps.Keys(p.edits)) {
		if slices.ContainsFunc(p.Changes, func(c Change) bool { return c.Path == path }) {
			continue
		}
		before, err := read(root, path)
		if err != nil {
			return err
		}
		c := Change{Path: path, Owner: User, Action: Edit, Before: before, After: p.edits[path]}
		if c.After == nil {
			c.Action = Remove
		}
		p.Changes = append(p.Changes, c)
	}
	return nil
}

// Drift says that the directory is not as a run would leave it, but for records.
func (p *Plan) Drift() bool {
	if len(p.Edited) > 0 {
		return true
	}
	return slices.ContainsFunc(p.Changes, func(c Change) bool { return c.Action != Keep && !(c.record && c.Action == Update) })
}

// Count is how many files an action happens to.
func (p *Plan) Count(a Action) int {
	n := 0
	for _, c := range p.Changes {
		if c.Action == a {
			n++
		}
	}
	return n
}

// read is the content of a file, nil where it does not exist.
func read(root *os.Root, path string) ([]byte, error) {
	if root == nil {
		return nil, nil
	}
	data, err := root.ReadFile(filepath.FromSlash(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, problem.Wrap(err, "nothing is read or written outside of the output directory, symbolic links included", "cannot read %s: %v", path, cause(err))
	}
	if data == nil {
		data = []byte{}
	}
	return data, nil
}

func symbols(stubs []Stub) []string {
	var out []string
	for _, s := range stubs {
		out = append(out, s.Symbol)
	}
	return out
}

func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
