package spec

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/inflect"
)

// paths reads the operations of the document.
func (r *reader) paths(doc node) {
	paths := r.under(doc, "paths")
	if !paths.ok() {
		if !doc.get("webhooks").ok() && !doc.get("components").ok() {
			r.fail(doc, "add paths, even if they are empty: paths: {}", "the document has no paths")
		}
		return
	}
	if !r.want(paths, paths.isMap(), "paths", "a mapping of paths to operations") {
		return
	}
	for _, p := range paths.pairs() {
		if strings.HasPrefix(p.name, "x-") {
			continue
		}
		if !strings.HasPrefix(p.name, "/") {
			r.bend(p.key, "path-slash", "write /"+short(p.name), "the path %q does not start with a slash", short(p.name))
		}
		item := r.follow(p.value)
		if !item.ok() || item.isNull() || !r.want(item, item.isMap(), "a path", "a mapping of methods to operations") {
			continue
		}
		r.pathItem(p, item)
	}
	r.uniqueIDs()
	r.collisions()
}

func (r *reader) pathItem(p pair, item node) {
	r.known(item, "this path", pathKeys(item))
	if s := item.get("servers"); s.ok() {
		r.leftOut(s, "path-servers", "servers of a single path are not looked at")
	}
	found := methods(item)
	for _, m := range found {
		if op := r.operation(p.name, item, m); op != nil {
			r.templates(op, m.key)
			r.api.Operations = append(r.api.Operations, op)
		}
	}
}

var httpMethods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// methods lists the operations of a path item; the names are methods in upper
// case.
func methods(item node) []pair {
	var out []pair
	for _, p := range item.pairs() {
		switch {
		case slices.Contains(httpMethods, p.name) && p.value.isMap():
			p.name = strings.ToUpper(p.name)
			out = append(out, p)
		case p.name == "additionalOperations": // 3.2
			out = append(out, p.value.pairs()...)
		}
	}
	return out
}

func pathKeys(node) []string {
	return append([]string{"summary", "description", "servers", "parameters", "additionalOperations"}, httpMethods...)
}

// uniqueIDs makes every operation's ID unique.
func (r *reader) uniqueIDs() {
	first := map[string]*api.Operation{}
	for _, op := range r.api.Operations {
		if op.Named {
			if other, ok := first[op.ID]; ok {
				r.bendAt(op.At, "operation-id", "give each operation an operationId of its own",
					"operationId %q is taken already, by %s %s on line %d", short(op.ID), other.Method, short(other.Path), other.At.Line)
				op.Named = false
				op.ID = inflect.OperationName(op.Method, op.Path)
				continue
			}
			first[op.ID] = op
		}
	}
	taken := map[string]bool{}
	for id := range first {
		taken[id] = true
	}
	for _, op := range r.api.Operations {
		if op.Named {
			continue
		}
		id := op.ID
		for i := 2; taken[op.ID]; i++ {
			op.ID = id + strings.Repeat("_", i-1)
		}
		taken[op.ID] = true
	}
}

// collisions finds paths that differ in the names of their parameters only.
func (r *reader) collisions() {
	first := map[string]*api.Operation{}
	for _, op := range r.api.Operations {
		key := op.Method + " " + shape(op.Path)
		other, taken := first[key]
		if !taken {
			first[key] = op
			continue
		}
		r.bendAt(op.At, "path-collision", "the first one would always answer; make them one path, or let them differ in more than a name",
			"%s %s is the same as %s, on line %d", op.Method, short(op.Path), short(other.Path), other.At.Line)
	}
}

// shape is the path with all parameters' names taken out.
func shape(path string) string {
	for _, name := range templateNames(path) {
		path = strings.Replace(path, "{"+name+"}", "{}", 1)
	}
	return path
}
