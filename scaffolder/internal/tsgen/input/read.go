package input

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/check"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/complete"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// What operations.ts imports to read requests.
const (
	ParametersModule = "./middleware/parameters.js"
	ValidatorsModule = "./middleware/validators.js"
)

// Inputs write how operations read their requests: types, tables of parameters, and
// the functions that read, check and complete.
type Inputs struct {
	Types     *declare.Types
	Checks    *check.Checks
	Plans     *complete.Plans
	File      *ts.File  // operations.ts
	Constants *ts.Names // of that file
	// KeepsDigits says that numbers keep all of their digits where a body may be anything.
	KeepsDigits bool
}

// input is what an operation reads.
type input struct {
	Alias       string // of types/api.ts: a union of bodies, or ""
	RequestType string // of types/api.ts
	Tables      string // constants of operations.ts
	Body        ts.Doc // how the body is read; nil: there is none
	Read        string // the member `read` of the operation, indented by depth
}

func (in *Inputs) complete() string { return in.File.Use(complete.Module, "complete") }

func (in *Inputs) plan(name string) string { return in.File.Use(complete.PlansModule, name) }

func (in *Inputs) validator(name string) string { return in.File.Use(ValidatorsModule, name) }

// Of is the input of an operation; its function read is indented by depth levels.
func (in *Inputs) Of(op *operation.Operation, depth int) input {
	var out input
	var members, tables strings.Builder
	var parts []readPart
	groups, body := in.inputGroups(op), in.body(op)
	for _, g := range groups {
		members.WriteString("  " + g.name + ": " + g.decl.Name + ";\n")
		tables.WriteString(in.tableConst(op, g))
		var arguments []ts.Doc
		for _, s := range append(g.source, g.table) {
			arguments = append(arguments, ts.Text(s))
		}
		parts = append(parts, readPart{
			name:   g.name,
			left:   "const " + g.name + " =",
			value:  ts.Call(in.File.Use(ParametersModule, g.read), arguments...),
			check:  ts.Call(in.validator(in.Checks.ForDecl(g.decl)), ts.Text(g.name), ts.Text("''"), ts.Text("issues")),
			judged: true,
			done:   in.completedGroup(g),
		})
	}
	if body != nil {
		members.WriteString(body.members)
		out.Alias = body.alias
		parts = append(parts, body.parts...)
		out.Body = body.spec
	}
	head := "\n" + ts.Comment(0, "What "+op.Symbol+" is asked.")
	if members.Len() == 0 {
		out.RequestType = head + ts.Render(ts.Record(ts.Atom("never")).Layout("export type "+op.RequestType+" =", ";"), 0) + "\n"
	} else {
		out.RequestType = head + "export interface " + op.RequestType + " {\n" + members.String() + "}\n"
	}
	out.Tables = tables.String()
	out.Read = readFunction(parts, depth)
	return out
}

// readPart is one part of a request on its way into the handler's argument.
type readPart struct {
	name   string
	left   string // what it is read into; "" where another part reads it
	value  ts.Doc
	check  ts.Doc // nil where everything passes
	judged bool   // the check tells issues
	done   ts.Doc // what the handler gets of it; nil: as it is
}

// readFunction is the member `read`: all parts are read, then all are checked, so
// that a client hears of everything that is wrong.
func readFunction(parts []readPart, depth int) string {
	if len(parts) == 0 {
		return ts.Pad(depth) + "read: () => ({}),\n"
	}
	var b strings.Builder
	arguments := "source"
	for _, part := range parts {
		if part.check != nil && part.judged {
			arguments = "source, issues"
		}
	}
	b.WriteString(ts.Pad(depth) + "read: (" + arguments + ") => {\n")
	var conditions, names []ts.Doc
	for _, part := range parts {
		if part.done != nil {
			names = append(names, ts.Cat(ts.Text(part.name+": "), part.done))
		} else {
			names = append(names, ts.Text(part.name))
		}
		if part.left != "" {
			b.WriteString(ts.Pad(depth+1) + ts.Assign(part.left, part.value, depth+1) + "\n")
		}
	}
	for _, part := range parts {
		if part.check != nil {
			flag := "is" + ts.Pascal(part.name)
			b.WriteString(ts.Pad(depth+1) + ts.Assign("const "+flag+" =", part.check, depth+1) + "\n")
			conditions = append(conditions, ts.Text(flag))
		}
	}
	result := ts.Object(names...)
	if len(conditions) > 0 {
		test := ts.Join(ts.Text(" && "), conditions)
		result = ts.Group(test, ts.Indent(ts.Line, ts.Text("? "), ts.Indent(result), ts.Line, ts.Text(": undefined")))
	}
	b.WriteString(ts.Pad(depth+1) + ts.Render(ts.Cat(ts.Text("return "), result, ts.Text(";")), depth+1) + "\n")
	b.WriteString(ts.Pad(depth) + "},\n")
	return b.String()
}
