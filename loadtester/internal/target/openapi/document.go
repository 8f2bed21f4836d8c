package openapi

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi/datamodel"
	"github.com/pb33f/libopenapi/index"

	"github.com/seniorbackend/tools/shared/problem"
)

// file is one file of a document.
type file struct {
	name string // for messages
	path string // slash-separated, from the document's directory
	root *yaml.Node
}

// document finds what references point at.
type document struct {
	dir   *os.Root // nil: the document came from standard input
	files map[string]*file
	found map[string]node
}

// largest bounds one file.
const largest = 64 << 20

// open reads the first file.
func open(data []byte, name string) (*document, node, error) {
	d := &document{files: map[string]*file{}, found: map[string]node{}}
	if len(data) > largest {
		return nil, node{}, problem.New("a document has at most 64 MiB", "it is too large: %d MiB", len(data)>>20).In(name, 0, 0)
	}
	f, err := parse(data, name)
	if err != nil {
		return nil, node{}, err
	}
	if dir, err := os.OpenRoot(filepath.Dir(name)); err == nil && name != "-" {
		d.dir = dir
	}
	f.path = filepath.Base(name)
	d.files[f.path] = f
	root := node{f.root, f}
	switch version := root.string("openapi"); {
	case strings.HasPrefix(version, "3."):
	case root.string("swagger") != "":
		return nil, node{}, problem.New("convert it to OpenAPI 3, for example with swagger2openapi", "it is Swagger %s", root.string("swagger")).In(name, 0, 0)
	default:
		return nil, node{}, problem.New("it begins with a line such as openapi: 3.1.0", "it is not an OpenAPI document").In(name, 0, 0)
	}
	return d, root, nil
}

func (d *document) close() {
	if d.dir != nil {
		_ = d.dir.Close()
	}
}

// parse reads a file's nodes.
func parse(data []byte, name string) (*file, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, problem.New("a document begins with a line such as openapi: 3.1.0", "it is empty").In(name, 0, 0)
	}
	info, err := datamodel.ExtractSpecInfoWithConfig(bytes.TrimPrefix(data, []byte("\ufeff")), &datamodel.DocumentConfiguration{
		BypassDocumentCheck: true, SkipJSONConversion: true,
	})
	if err == nil && info.RootNode != nil && len(info.RootNode.Content) == 1 && info.RootNode.Content[0].Kind == yaml.MappingNode {
		root := info.RootNode.Content[0]
		if expanding(root) {
			return nil, problem.New("write the values out, or use $ref", "its YAML aliases stand for more values than can be read").In(name, 0, 0)
		}
		return &file{name: name, root: root}, nil
	}
	text, line := "it holds no mapping of keys to values", 0
	if err != nil {
		text = strings.TrimPrefix(err.Error(), "yaml: ")
		if m := regexp.MustCompile(`line (\d+)`).FindStringSubmatch(text); m != nil {
			line, _ = strconv.Atoi(m[1])
		}
	}
	return nil, problem.New("check indentation, quotes and brackets; a document begins with a line such as openapi: 3.1.0", "it is not an OpenAPI document: %s", text).In(name, line, 0)
}

// follow is what stands at n, or what its $ref points at.
func (d *document) follow(n node) (node, error) {
	for range 32 {
		ref := n.string("$ref")
		if ref == "" {
			return n, nil
		}
		to, err := d.resolve(n, ref)
		if err != nil {
			return node{}, err
		}
		n = to
	}
	return node{}, place(problem.New("", "the references form a circle"), n)
}

// resolve finds what ref, which stands at from, points at.
func (d *document) resolve(from node, ref string) (node, error) {
	key := from.f.path + "\x00" + ref
	if n, ok := d.found[key]; ok {
		return n, nil
	}
	target, fragment, _ := strings.Cut(ref, "#")
	f := from.f
	if target != "" {
		var err error
		if f, err = d.file(from, ref, target); err != nil {
			return node{}, err
		}
	}
	n := node{f.root, f}
	if fragment != "" {
		whole := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{f.root}}
		found := index.FindComponent(context.Background(), whole, "#"+fragment, f.name, nil)
		if found == nil || found.Node == nil {
			return node{}, place(problem.New("check the spelling", "$ref %q points at nothing", ref), from)
		}
		n = n.at(found.Node)
	}
	d.found[key] = n
	return n, nil
}

// file reads another file of the document.
func (d *document) file(from node, ref, target string) (*file, error) {
	if strings.Contains(target, "://") {
		return nil, place(problem.New("download the file, and point $ref at the copy", "$ref %q points to the network, which is never read", ref), from)
	}
	if u, err := url.PathUnescape(target); err == nil {
		target = u
	}
	rel := path.Join(path.Dir(from.f.path), filepath.ToSlash(target))
	if f, ok := d.files[rel]; ok {
		return f, nil
	}
	if d.dir == nil || path.IsAbs(target) || !filepath.IsLocal(filepath.FromSlash(rel)) {
		return nil, place(problem.New("put all files of the document below the first one's directory", "$ref %q points outside the document's directory", ref), from)
	}
	info, err := d.dir.Stat(filepath.FromSlash(rel))
	if err == nil && info.Size() > largest {
		return nil, place(problem.New("a document has at most 64 MiB", "$ref %q points at a file that is too large", ref), from)
	}
	data, err := d.dir.ReadFile(filepath.FromSlash(rel))
	if err != nil {
		return nil, place(problem.Wrap(err, "a path in a $ref is relative to the file that it stands in", "$ref %q points at a file that cannot be read: %s", ref, rel), from)
	}
	f, err := parse(data, filepath.Join(filepath.Dir(from.f.name), filepath.FromSlash(target)))
	if err != nil {
		return nil, err
	}
	f.path = rel
	d.files[rel] = f
	return f, nil
}

// place gives a problem the node's place.
func place(p *problem.Problem, n node) error {
	if n.y == nil || n.f == nil {
		return p
	}
	return p.In(n.f.name, n.y.Line, n.y.Column)
}
