package spec

import (
	"errors"
	"path"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/shared/problem"
)

// schemas gives names to the schemas that are referred to.
type schemas struct {
	named   map[schemaKey]*api.Schema
	missing map[string]*api.Schema // by file and reference: components that are not there yet
	taken   map[string]bool
	queue   []queued            // named, but not read yet
	dynamic map[*yaml.Node]bool // whether they hold a $dynamicRef, as far as that was asked

	count  int                 // schemas read, named or not
	active map[*yaml.Node]bool // being read: an alias back to one never ends
}

// schemaKey: a schema is one for each set of bindings.
type schemaKey struct {
	y     *yaml.Node
	bound string
}

// tooMany ends the reading of a document that YAML aliases blow up: a few lines
// can stand for more schemas than there is memory. The limit is far above what
// fits into its text (13 MB of a real document hold some 60,000). It is told once.
func (r *reader) tooMany(n node) bool {
	most := 50_000 + int(r.files.bytes/8)
	if r.schemas.count == most+1 {
		r.fail(n, "name what the aliases share under components.schemas, and refer to it", "YAML aliases make more than %d schemas of this document", most)
		r.schemas.count++
	}
	return r.schemas.count > most
}

type queued struct {
	schema *api.Schema
	at     node
	bound  bindings
}

func newSchemas() *schemas {
	return &schemas{
		named: map[schemaKey]*api.Schema{}, missing: map[string]*api.Schema{}, taken: map[string]bool{},
		active: map[*yaml.Node]bool{}, dynamic: map[*yaml.Node]bool{},
	}
}

// component registers a member of components.schemas under its own name.
func (r *reader) component(name string, n node) {
	r.name(n, r.schemas.unique(name))
}

// refer is the named schema that ref, standing at from, points at; nil says
// that a problem was recorded.
func (r *reader) refer(from node, ref string) *api.Schema {
	n, err := r.files.resolve(from, ref)
	if errors.Is(err, errNothing) && strings.Contains(ref, "#/components/schemas/") {
		return r.notYet(from, ref, err)
	}
	if err != nil {
		r.failWith(err)
		return nil
	}
	return r.referTo(n, from, ref)
}

// notYet is a component that nobody has written yet: read leniently it is any
// value, under its name, so that a document can grow from its operations.
func (r *reader) notYet(from node, ref string, err error) *api.Schema {
	var p *problem.Problem
	if !r.options.Lenient || !errors.As(err, &p) {
		if errors.As(err, &p) && p.Hint == "check the spelling" {
			p.Hint += ", or write it; --lenient takes it as any value until then"
		}
		r.failWith(err)
		return nil
	}
	key := from.f.path + "\x00" + ref
	if s, ok := r.schemas.missing[key]; ok {
		return s
	}
	r.warn(from, "missing-schema", p.Hint, "$ref %q points at nothing, and is taken as any value", short(ref))
	s := &api.Schema{Name: r.schemas.unique(nameOf(ref, from.f)), At: from.at()}
	r.schemas.missing[key] = s
	r.api.Schemas = append(r.api.Schemas, s)
	return s
}

// referDynamic is refer for a $dynamicRef.
func (r *reader) referDynamic(from node, ref string) *api.Schema {
	n, err := r.dynamic(from, ref)
	if err != nil {
		r.failWith(err)
		return nil
	}
	return r.referTo(n, from, ref)
}

func (r *reader) referTo(n, from node, ref string) *api.Schema {
	if s, ok := r.schemas.named[schemaKey{n.y, r.boundIn(n).key}]; ok {
		return s
	}
	if !n.isMap() && !isBoolean(n) {
		r.fail(from, "", "$ref %q points at %s, which is no schema", short(ref), n.kind())
		return nil
	}
	return r.name(n, r.schemas.unique(nameOf(ref, n.f)))
}

func (r *reader) name(n node, name string) *api.Schema {
	s := &api.Schema{Name: name, At: n.at()}
	bound := r.boundIn(n)
	r.schemas.named[schemaKey{n.y, bound.key}] = s
	r.api.Schemas = append(r.api.Schemas, s)
	r.schemas.queue = append(r.schemas.queue, queued{s, n, bound})
	return s
}

// readNamed reads the schemas that have been named, and those that they name.
func (r *reader) readNamed() {
	for len(r.schemas.queue) > 0 {
		next := r.schemas.queue[0]
		r.schemas.queue = r.schemas.queue[1:]
		r.binds = next.bound
		r.fill(next.schema, next.at, 0)
	}
}

// unique is name, or name with the first number that makes it new. Names that
// differ in case only are told apart by their numbers too: some generators
// write one file a name.
func (s *schemas) unique(name string) string {
	candidate := name
	for i := 2; s.taken[candidate]; i++ {
		candidate = name + strconv.Itoa(i)
	}
	s.taken[candidate] = true
	return candidate
}

// nameOf makes a name from a reference: the last segment that says something.
func nameOf(ref string, in *file) string {
	file, fragment, _ := strings.Cut(ref, "#")
	segments := strings.Split(strings.Trim(fragment, "/"), "/")
	var parts []string
	for i := len(segments) - 1; i >= 0; i-- {
		segment := unescapePointer(segments[i])
		if generic[segment] || segment == "" {
			continue
		}
		if _, err := strconv.Atoi(segment); err == nil && i > 0 {
			continue
		}
		parts = append([]string{segment}, parts...)
		if i == 0 || named[segments[i-1]] {
			break
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, "_")
	}
	if file == "" {
		file = in.path
	}
	base := path.Base(file)
	return strings.TrimSuffix(base, path.Ext(base))
}

// named are the keys of mappings whose keys name something.
var named = map[string]bool{
	"schemas": true, "$defs": true, "definitions": true, "parameters": true,
	"responses": true, "requestBodies": true, "headers": true, "pathItems": true, "paths": true,
}

// generic are the segments of a pointer that tell nothing of the schema.
var generic = map[string]bool{
	"components": true, "schemas": true, "schema": true, "properties": true,
	"items": true, "content": true, "allOf": true, "oneOf": true, "anyOf": true,
	"$defs": true, "definitions": true, "paths": true, "responses": true,
	"parameters": true, "headers": true, "requestBody": true, "requestBodies": true,
	"additionalProperties": true, "application~1json": true, "application/json": true,
}

func isBoolean(n node) bool { return n.isScalar() && n.y.ShortTag() == "!!bool" }
