package spec

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi/index"

	"github.com/seniorbackend/tools/shared/problem"
)

// resolver finds what a $ref points at, in the same file or in another one
// below the root directory.
type resolver struct {
	root    *os.Root // nil: only one file, from stdin
	rootDir string   // as the user would write it
	limit   int64
	bytes   int64            // of all files that were read
	files   map[string]*file // by path
	found   map[string]node  // by file and reference
	dynamic bool             // some file may have a $dynamicRef
}

func newResolver(in Input, o Options) (*resolver, *file, error) {
	r := &resolver{limit: o.limit(), files: map[string]*file{}, found: map[string]node{}}
	first := &file{name: in.Name}
	switch {
	case in.Name != "-":
		if err := r.open(first, o.Root); err != nil {
			return nil, nil, err
		}
	default:
		first.name, first.path = "stdin", "stdin"
		if o.Root != "" {
			if err := r.open(nil, o.Root); err != nil {
				return nil, nil, err
			}
		}
	}
	root, err := parse(first.name, in.Data)
	if err != nil {
		r.close()
		return nil, nil, err
	}
	first.root, first.addressed, first.data = root, isAddressed(in.Data), in.Data
	r.bytes += int64(len(in.Data))
	r.dynamic = isDynamic(in.Data)
	r.files[first.path] = first
	return r, first, nil
}

// open opens the root directory: dir, or that of the first file.
func (r *resolver) open(first *file, dir string) error {
	r.rootDir = dir
	if dir == "" {
		r.rootDir = filepath.Dir(first.name)
	}
	root, err := os.OpenRoot(r.rootDir)
	if err != nil {
		return problem.Wrap(err, "--root names a directory that holds the document", "cannot open the directory %s: %v", r.rootDir, cause(err))
	}
	r.root = root
	if first == nil {
		return nil
	}
	rel, err := relative(r.rootDir, first.name)
	if err != nil || !filepath.IsLocal(rel) {
		r.close()
		return problem.New("--root names a directory that holds the document", "%s does not lie in %s", first.name, r.rootDir)
	}
	first.path = filepath.ToSlash(rel)
	return nil
}

func relative(dir, name string) (string, error) {
	absDir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	absName, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return filepath.Rel(absDir, absName)
}

func (r *resolver) close() {
	if r.root != nil {
		_ = r.root.Close()
	}
}

// texts are the files that were read, the first one first and the others by path.
func (r *resolver) texts(first *file) []File {
	out := []File{{first.path, first.data}}
	for _, path := range slices.Sorted(maps.Keys(r.files)) {
		if f := r.files[path]; f != first {
			out = append(out, File{path, f.data})
		}
	}
	return out
}

// resolve is what ref, which stands at from, points at.
func (r *resolver) resolve(from node, ref string) (node, error) {
	key := from.f.path + "\x00" + from.f.resources().base[from.y] + "\x00" + ref
	if n, ok := r.found[key]; ok {
		return n, nil
	}
	n, err := r.lookup(from, ref)
	if err != nil {
		return node{}, err
	}
	r.found[key] = n
	return n, nil
}

func (r *resolver) lookup(from node, ref string) (node, error) {
	if y, inside := from.f.within(from.y, ref); inside {
		if y == nil {
			return node{}, r.dangling(from, ref, from.f)
		}
		return node{f: from.f}.wrap(y), nil
	}
	target, fragment, _ := strings.Cut(ref, "#")
	f, err := r.file(from, ref, target)
	if err != nil {
		return node{}, err
	}
	if y, _ := f.within(f.root, "#"+fragment); y != nil {
		return node{f: f}.wrap(y), nil
	}
	return node{}, r.dangling(from, ref, f)
}

// pointed is what a JSON pointer means, counted from root.
func pointed(root *yaml.Node, pointer, name string) *yaml.Node {
	document := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{root}}
	if found := index.FindComponent(context.Background(), document, "#"+pointer, name, nil); found != nil {
		return found.Node
	}
	return nil
}

// errNothing is a reference to what is not in the file that it names.
var errNothing = errors.New("it points at nothing")

func (r *resolver) dangling(from node, ref string, in *file) error {
	hint := "check the spelling"
	if in != from.f {
		hint = "check the spelling, and that " + in.name + " defines it"
	}
	if near := nearest(in, ref); near != "" {
		hint = "did you mean " + near + "?"
	}
	why := ""
	if _, fragment, _ := strings.Cut(ref, "#"); !strings.HasPrefix(fragment, "/") {
		why = ": no schema has the $anchor " + fragment
	}
	return at(problem.Wrap(errNothing, hint, "$ref %q points at nothing%s", short(ref), why), from)
}

// file loads the file that a reference names, relative to the file it is in.
func (r *resolver) file(from node, ref, target string) (*file, error) {
	if beside, ok := from.f.local(target); ok && beside != "" {
		target = beside
	}
	if strings.Contains(target, "://") {
		return nil, at(problem.New("download the file, and point $ref at the copy", "$ref %q points to the network, which is never read", short(ref)), from)
	}
	if u, err := url.PathUnescape(target); err == nil {
		target = u
	}
	if r.root == nil {
		return nil, at(problem.New("give the document as a file, or say with --root where its files are", "$ref %q points to another file, and the document came from stdin", short(ref)), from)
	}
	rel := path.Join(path.Dir(from.f.path), filepath.ToSlash(target))
	if path.IsAbs(target) || !filepath.IsLocal(filepath.FromSlash(rel)) {
		return nil, r.outside(from, ref)
	}
	if f, ok := r.files[rel]; ok {
		return f, nil
	}
	f, err := r.load(rel)
	if err != nil {
		var p *problem.Problem
		switch {
		case errors.As(err, &p):
			return nil, err
		case errors.Is(err, fs.ErrNotExist):
			return nil, at(problem.Wrap(err, "a path in a $ref is relative to the file that it stands in", "$ref %q points at a file that does not exist: %s", short(ref), filepath.Join(r.rootDir, rel)), from)
		case strings.Contains(err.Error(), "escapes"): // os.Root has no sentinel for a symbolic link that leaves it
			return nil, r.outside(from, ref)
		}
		return nil, at(problem.Wrap(err, "", "$ref %q cannot be read: %v", short(ref), cause(err)), from)
	}
	r.files[rel] = f
	return f, nil
}

func (r *resolver) outside(from node, ref string) error {
	return at(problem.New("allow it with --root DIR, a directory that holds all files of the document",
		"$ref %q points outside %s", short(ref), r.rootDir), from)
}

func (r *resolver) load(rel string) (*file, error) {
	opened, err := r.root.Open(filepath.FromSlash(rel))
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	name := filepath.Join(r.rootDir, filepath.FromSlash(rel))
	if info, err := opened.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	data, err := readLimited(opened, r.limit, name)
	if err != nil {
		return nil, err
	}
	root, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	r.bytes += int64(len(data))
	r.dynamic = r.dynamic || isDynamic(data)
	return &file{name: name, path: rel, root: root, addressed: isAddressed(data), data: data}, nil
}

// at gives a problem the place of a node.
func at(p *problem.Problem, n node) *problem.Problem {
	where := n.at()
	return p.In(where.File, where.Line, where.Column)
}
