package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
)

// operation is an operation with the names that its code has.
type operation struct {
	api    *api.Operation
	path   routePath
	Symbol string // listUsers
	Type   string // ListUsers, the beginning of its types' names
	File   string // users: routes/users.ts
	Module string // users: what routes/_register.ts calls that file

	RequestType, ResponseType string
}

// planOperations names what is generated for each operation that can be routed.
func planOperations(a *api.API, o Options) []*operation {
	out := map[*api.Operation]bool{}
	for _, d := range dropped(a) {
		out[d.operation] = true
	}
	symbols := newNames("routes", "route", "send", "run", "fallback", "createRouter", "queryOf", "requestIdOf")
	modules := newNames("routes", "route", "send", "run", "fallback", "notFound", "handlers", "operations")
	byFile := map[string]string{}
	var ops []*operation
	for _, op := range a.Operations {
		if out[op] {
			continue
		}
		n := &operation{api: op, path: parsePath(op.Path), Symbol: symbols.unique(limit(camel(op.ID)))}
		n.File = fileOf(op, o)
		if byFile[n.File] == "" {
			byFile[n.File] = modules.unique(camel(n.File + " routes"))
		}
		n.Module = byFile[n.File]
		ops = append(ops, n)
	}
	return ops
}

// fileOf is the name of the file in routes/ that an operation's handler is in.
func fileOf(op *api.Operation, o Options) string {
	name := ""
	if o.RoutesBy != "path" && len(op.Tags) > 0 {
		name = kebab(op.Tags[0])
	}
	for _, segment := range strings.Split(op.Path, "/") {
		if name == "" && !strings.Contains(segment, "{") {
			name = kebab(segment)
		}
	}
	switch {
	case name == "":
		return "root"
	case tree.IsDevice(name):
		return name + "-routes"
	}
	return limit(name)
}

// comment says what the operation is for.
func (o *operation) comment() string {
	head := o.api.Summary
	if head == "" {
		head, _, _ = strings.Cut(o.api.Description, "\n")
	}
	return comment(0, head, "`"+o.api.Method+" "+o.api.Path+"`", deprecated(o.api.Deprecated))
}

// mediaKind is how a body of a media type is read and written.
func mediaKind(mediaType string) string {
	t, _, _ := strings.Cut(mediaType, ";")
	t = strings.TrimSpace(t)
	switch {
	case t == "application/json" || strings.HasSuffix(t, "+json") || t == "*/*" || t == "application/*" || t == "text/json":
		return "json"
	case t == "application/x-www-form-urlencoded":
		return "form"
	case t == "multipart/form-data":
		return "multipart"
	case strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+xml") || t == "application/xml" ||
		t == "application/x-ndjson" || t == "application/jsonl" || t == "application/yaml" || t == "application/graphql":
		return "text"
	}
	return "binary"
}
