package operation

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Operation is an operation with the names that its code has.
type Operation struct {
	API    *api.Operation
	Path   Path
	Symbol string // listUsers
	Type   string // ListUsers, the beginning of its types' names
	File   string // users: routes/users.ts
	Module string // users: what routes/_register.ts calls that file

	firstID string // the ID when it got its symbol

	RequestType, ResponseType string // set by nameTypes

	// Variants are all operations on its route, itself among them: those that ask for
	// more first, otherwise in the document's order.
	Variants []*Operation
}

// planOperations names what is generated for each operation that can be routed.
// routesBy says what its file is named after: "path" (its first segment), or its tag.
// One that is known has the name and the file that it got first, whatever stands
// around it now; a new one never gets a name that another operation had.
func Plan(a *api.API, routesBy string, known []Known) []*Operation {
	out := map[*api.Operation]bool{}
	for _, d := range Dropped(a) {
		out[d.Operation] = true
	}
	before := recognize(a, known)
	symbols := newSymbols()
	for _, k := range known {
		symbols.Take(k.Symbol)
	}
	modules := ts.NewNames("routes", "route", "send", "run", "fallback", "notFound", "handlers", "defaultHandlers", "operations")
	byFile := map[string]string{}
	var ops []*Operation
	for _, op := range a.Operations {
		if out[op] {
			continue
		}
		n := &Operation{API: op, Path: ParsePath(op.Path), File: fileOf(op, routesBy)}
		if k, ok := before[op]; ok {
			n.Symbol, n.File, n.firstID = k.Symbol, k.File, k.ID
		} else {
			n.Symbol, n.firstID = symbols.Unique(ts.Limit(ts.Camel(op.ID))), op.ID
		}
		if byFile[n.File] == "" {
			byFile[n.File] = modules.Unique(ts.Camel(n.File + " routes"))
		}
		n.Module = byFile[n.File]
		ops = append(ops, n)
	}
	groupRoutes(ops)
	return ops
}

// newSymbols are the names of operations. A constant of operations.ts may hide nothing
// that the file imports.
func newSymbols() *ts.Names {
	return ts.NewNames("api", "complete", "createLimiter", "errorForms", "fromCookies", "fromHeaders", "fromPath", "fromQuery", "fromRawPath", "plans", "validators",
		"routes", "route", "send", "run", "fallback", "createRouter", "queryOf", "requestIdOf")
}

// NameTypes names each operation's own types; unique gives names of types/api.ts.
func NameTypes(ops []*Operation, unique func(string) string) {
	for _, op := range ops {
		op.Type = ts.Pascal(op.Symbol)
		op.RequestType = unique(op.Type + "Request")
		op.ResponseType = unique(op.Type + "Response")
	}
}

// fileOf is the name of the file in routes/ that an operation's handler is in.
func fileOf(op *api.Operation, routesBy string) string {
	name := ""
	if routesBy != "path" && len(op.Tags) > 0 {
		name = ts.Kebab(op.Tags[0])
	}
	for _, segment := range strings.Split(op.Path, "/") {
		if name == "" && !strings.Contains(segment, "{") {
			name = ts.Kebab(segment)
		}
	}
	switch {
	case name == "":
		return "root"
	case tree.IsDevice(name):
		return name + "-routes"
	}
	return ts.Limit(name)
}

// Comment says what the operation is for.
func (o *Operation) Comment() string {
	head := o.API.Summary
	if head == "" {
		head, _, _ = strings.Cut(o.API.Description, "\n")
	}
	return ts.Comment(0, head, "`"+o.API.Method+" "+o.API.Path+"`", ts.Deprecated(o.API.Deprecated))
}

// Responses are those of the document, and a plain 200 where it has only errors.
func (o *Operation) Responses() []*api.Response {
	for _, r := range o.API.Responses {
		if !strings.HasPrefix(r.Status, "4") && !strings.HasPrefix(r.Status, "5") {
			return o.API.Responses
		}
	}
	return append(o.API.Responses[:len(o.API.Responses):len(o.API.Responses)], &api.Response{Status: "200"})
}

func StatusWord(status string) string {
	if status == "default" {
		return "Default"
	}
	return strings.ToUpper(status)
}

func MediaWord(m *api.Media, n int) string {
	if m == nil || n == 1 {
		return ""
	}
	_, sub, _ := strings.Cut(m.Type, "/")
	return ts.Pascal(strings.ReplaceAll(sub, "*", "Any"))
}

// Success is the response that a fresh handler gives: the first 2xx, a default,
// a 3xx, or what there is.
func (o *Operation) Success() *api.Response {
	all := o.Responses()
	for _, want := range []string{"2", "d", "3", "1"} {
		for _, r := range all {
			if strings.HasPrefix(r.Status, want) {
				return r
			}
		}
	}
	return all[0]
}
