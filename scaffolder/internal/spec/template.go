package spec

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// templates compares the {names} in the path with the path parameters.
func (r *reader) templates(op *api.Operation, n node) {
	r.apart(op, n)
	names, behind := pathAndBehind(op.Path)
	declared := map[string]bool{}
	kept := op.Parameters[:0]
	for _, p := range op.Parameters {
		if p.In == api.InPath && !slices.Contains(names, p.Name) && slices.Contains(behind, p.Name) {
			p = r.asQuery(p, op)
		}
		switch {
		case p.In == api.InPath && !slices.Contains(names, p.Name):
			r.bendAt(p.At, "path-parameter", "write it into the path as {"+short(p.Name)+"}, or take it out",
				"the path %q has no place for its parameter %q", short(op.Path), short(p.Name))
			continue
		case p.In == api.InPath, p.In == api.InQuery && slices.Contains(behind, p.Name):
			declared[p.Name] = true
		}
		kept = append(kept, p)
	}
	op.Parameters = kept
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			r.bend(n, "path-parameter", "give each a name of its own", "the path %q has {%s} twice", short(op.Path), short(name))
			continue
		}
		if declared[name] {
			continue
		}
		r.bend(n, "path-parameter", "declare it under parameters with in: path", "the parameter {%s} of the path %q is not declared", short(name), short(op.Path))
		op.Parameters = append(op.Parameters, &api.Parameter{
			Name: name, In: api.InPath, Required: true, Style: api.StyleSimple,
			Schema: &api.Schema{Types: []api.Type{api.String}}, At: n.at(),
		})
	}
	for _, name := range behind {
		if !declared[name] {
			r.warn(n, "path-query", "declare it under parameters with in: query, and take it out of the path",
				"a path has no query string: {%s} of %q is not declared, and handlers do not see it", short(name), short(op.Path))
		}
	}
}

// asQuery is a path parameter whose place is behind a question mark.
func (r *reader) asQuery(p *api.Parameter, op *api.Operation) *api.Parameter {
	r.note(api.Notice{
		Rule: "path-query", Warning: true, At: p.At, Hint: "write in: query, and take it out of the path",
		Message: "a path has no query string: " + short(p.Name) + " of " + short(op.Path) + " is taken for a query parameter",
	})
	out := *p // others may refer to it
	out.In, out.Style, out.Explode = api.InQuery, api.StyleForm, true
	return &out
}

// apart leaves out what follows another parameter without a text between them:
// nobody can tell where one ends.
func (r *reader) apart(op *api.Operation, n node) {
	for {
		i := strings.Index(op.Path, "}{")
		if i < 0 {
			return
		}
		end := strings.IndexByte(op.Path[i+1:], '}')
		if end < 0 {
			return
		}
		name := op.Path[i+2 : i+1+end]
		r.warn(n, "path-parameter", "write a text between them, such as a slash or a dot",
			"{%s} follows another parameter in the path %q: it is left out, and the one before has the text of both", short(name), short(op.Path))
		op.Path = op.Path[:i+1] + op.Path[i+end+2:]
		op.Parameters = slices.DeleteFunc(op.Parameters, func(p *api.Parameter) bool {
			return p.In == api.InPath && p.Name == name
		})
	}
}

// pathAndBehind lists what stands in braces in a path, and behind its question
// mark or number sign.
func pathAndBehind(path string) (names, behind []string) {
	i := strings.IndexAny(path, "?#")
	if i < 0 {
		return templateNames(path), nil
	}
	return templateNames(path[:i]), templateNames(path[i:])
}

// templateNames lists what stands in braces in a path.
func templateNames(path string) []string {
	var names []string
	for {
		open := strings.IndexByte(path, '{')
		if open < 0 {
			return names
		}
		end := strings.IndexByte(path[open:], '}')
		if end < 0 {
			return names
		}
		names = append(names, path[open+1:open+end])
		path = path[open+end+1:]
	}
}
