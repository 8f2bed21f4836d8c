package spec

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/shared/problem"
)

// Read understands a document. Its error is a *problem.Problem, or several
// joined ones, in the order of the document.
func Read(in Input, o Options) (*api.API, error) {
	d, err := ReadDocument(in, o)
	if err != nil {
		return nil, err
	}
	return d.API, nil
}

// Document is a document with the files that it consists of.
type Document struct {
	API *api.API
	// Files are those that were read: the first is the document, the others are where
	// its references lead.
	Files []File
}

// File is the text of one file.
type File struct {
	Path string // below Options.Root, with slashes
	Data []byte
}

// ReadDocument is Read for who wants to know the files, too.
func ReadDocument(in Input, o Options) (*Document, error) {
	files, first, err := newResolver(in, o)
	if err != nil {
		return nil, err
	}
	defer files.close()
	r := &reader{
		files:   files,
		options: o,
		api:     &api.API{Source: in.Name},
		schemas: newSchemas(),

		contents:   map[*yaml.Node][]*api.Media{},
		parameters: map[*yaml.Node]*api.Parameter{},
		answers:    map[*yaml.Node]api.Response{},
	}
	doc := node{first.root, first}
	if r.minor, err = version(doc); err != nil {
		return nil, err
	}
	r.document(doc)
	if len(r.problems) > 0 {
		return nil, r.failure()
	}
	return &Document{r.api, files.texts(first)}, nil
}

// reader holds what is known of a document while it is read.
type reader struct {
	files   *resolver
	options Options
	minor   int // of the version: 0, 1, 2
	api     *api.API
	schemas *schemas
	binds   bindings // where it reads

	contents   map[*yaml.Node][]*api.Media   // read already
	parameters map[*yaml.Node]*api.Parameter // read already
	answers    map[*yaml.Node]api.Response   // these, too, but for status and position

	problems []*problem.Problem
	seen     map[string]bool // problems and notices, by text
	security []api.Requirement
	limit    *api.RateLimit // of the whole document
}

// version checks that the document is OpenAPI 3 and gives the minor version.
func version(doc node) (int, error) {
	if !doc.isMap() {
		return 0, at(problem.New("an OpenAPI document starts with a line such as openapi: 3.1.0", "this is not an OpenAPI document: it holds %s", doc.kind()), doc)
	}
	if v := doc.get("swagger"); v.ok() {
		return 0, at(problem.New("convert it to OpenAPI 3 first, for example with: npx swagger2openapi FILE",
			"Swagger %s is not supported, only OpenAPI 3.0, 3.1 and 3.2", short(v.text())), v)
	}
	v := doc.get("openapi")
	if !v.ok() {
		return 0, at(problem.New("an OpenAPI document starts with a line such as openapi: 3.1.0", "this is not an OpenAPI document: it has no key openapi"), doc)
	}
	var minor int
	if n, err := fmt.Sscanf(v.text(), "3.%d", &minor); err != nil || n != 1 || minor < 0 || minor > 2 {
		return 0, at(problem.New("OpenAPI 3.0, 3.1 and 3.2 are supported", "unknown version of OpenAPI: %s", short(v.text())), v)
	}
	return minor, nil
}

// fail records a problem at n. The document is read on, so that all of its
// problems are told at once.
func (r *reader) fail(n node, hint, format string, args ...any) {
	r.failWith(at(problem.New(hint, format, args...), n))
}

// failWith is fail for an error that has its place already.
func (r *reader) failWith(err error) {
	var p *problem.Problem
	if !errors.As(err, &p) {
		p = problem.Wrap(err, "", "%v", err)
	}
	if r.once(p.Error()) {
		r.problems = append(r.problems, p)
	}
}

// bend is fail where the document is read strictly, and a warning where it is
// not.
func (r *reader) bend(n node, rule, hint, format string, args ...any) {
	if r.options.Lenient {
		r.warn(n, rule, hint, format, args...)
		return
	}
	if hint != "" {
		hint += "; "
	}
	r.fail(n, hint+"--lenient goes on with a warning", format, args...)
}

// warn records something that is most likely a mistake.
func (r *reader) warn(n node, rule, hint, format string, args ...any) {
	r.note(api.Notice{Rule: rule, Warning: true, Message: fmt.Sprintf(format, args...), Hint: hint, At: n.at()})
}

// leftOut records something that is not used.
func (r *reader) leftOut(n node, rule, format string, args ...any) {
	r.note(api.Notice{Rule: rule, Message: fmt.Sprintf(format, args...), At: n.at()})
}

func (r *reader) note(n api.Notice) {
	if r.once(fmt.Sprint(n.Rule, n.At, n.Message)) {
		r.api.Notices = append(r.api.Notices, n)
	}
}

func (r *reader) once(key string) bool {
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	was := r.seen[key]
	r.seen[key] = true
	return !was
}

// mostProblems is how many problems are told; behind them their number is.
const mostProblems = 20

func (r *reader) failure() error {
	slices.SortStableFunc(r.problems, func(a, b *problem.Problem) int {
		return comparePositions(api.Position{File: a.File, Line: a.Line, Column: a.Column}, api.Position{File: b.File, Line: b.Line, Column: b.Column})
	})
	told := make([]error, 0, mostProblems+1)
	for i, p := range r.problems {
		if i == mostProblems {
			told = append(told, problem.New("", "%d more problems", len(r.problems)-i))
			break
		}
		told = append(told, p)
	}
	if len(told) == 1 {
		return told[0]
	}
	return errors.Join(told...)
}

// follow is the node that n stands for: n itself, or what its $ref points at
// (a path item, parameter, response, …; schemas are followed by name instead).
// The zero node says that a problem was recorded.
func (r *reader) follow(n node) node {
	for range 50 {
		ref := n.ref()
		if ref == "" {
			return n
		}
		target, err := r.files.resolve(n, ref)
		if err != nil {
			r.failWith(err)
			return node{}
		}
		n = target
	}
	r.fail(n, "point one of them at a definition", "these references only point at each other")
	return node{}
}

// under is the value of a key, wherever its $ref leads. The specification allows
// a $ref in some of these places only; documents of many files have it in all.
func (r *reader) under(n node, key string) node { return r.follow(n.get(key)) }

// known warns of keys that the specification does not have at this place.
func (r *reader) known(n node, what string, keys []string) {
	for _, p := range n.pairs() {
		if len(p.name) >= 2 && p.name[0] == 'x' && p.name[1] == '-' || slices.Contains(keys, p.name) || p.name == "$ref" {
			continue
		}
		hint := ""
		if near := similar(p.name, keys); near != "" {
			hint = "did you mean " + near + "?"
		}
		r.warn(p.key, "unknown-key", hint, "unknown key %q in %s is not looked at", short(p.name), what)
	}
}

// fits is want for a keyword of a schema: one that does not fit is passed over
// with a warning, for schemas from programs are full of them.
func (r *reader) fits(n node, isRight bool, what, should string) bool {
	if n.ok() && !isRight {
		r.warn(n, "bad-value", "", "%s is %s; it must be %s, so it is not looked at", what, n.kind(), should)
		return false
	}
	return n.ok()
}

// want checks that n, where it is there, is as it should be.
func (r *reader) want(n node, isRight bool, what, should string) bool {
	if n.ok() && !isRight {
		r.fail(n, "", "%s is %s; it must be %s", what, n.kind(), should)
		return false
	}
	return n.ok()
}
