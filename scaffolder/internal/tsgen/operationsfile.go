package tsgen

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/answer"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/complete"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/failure"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/input"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/security"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// operationsFile is operations.ts: a constant for each operation, with all that the
// run-time modules know of it.
type operationsFile struct {
	imports  *ts.File
	names    *ts.Names
	failures *failure.Forms
	body     strings.Builder
}

const limitModule = "./middleware/ratelimit.js"

func newOperationsFile(ops []*operation.Operation, failures *failure.Forms) *operationsFile {
	f := &operationsFile{names: ts.NewNames(), failures: failures}
	f.imports = ts.NewFile(
		ts.Module{Path: failure.Module, As: "errorForms"},
		ts.Module{Path: complete.Module}, ts.Module{Path: "./middleware/exchange.js", Types: true},
		ts.Module{Path: complete.PlansModule, As: "plans"}, ts.Module{Path: limitModule}, ts.Module{Path: input.ParametersModule},
		ts.Module{Path: input.ValidatorsModule, As: "validators"}, ts.Module{Path: "./types/api.js", As: "api", Types: true},
	)
	if len(ops) > 0 {
		f.imports.Use("./middleware/exchange.js", "Operation")
		f.imports.Use("./types/api.js", "")
	}
	for _, op := range ops {
		f.names.Unique(op.Symbol)
	}
	return f
}

// write adds the constants, and gives what types/api.ts has to declare for them.
func (f *operationsFile) write(ops []*operation.Operation, in *input.Inputs, a *answer.Answers) string {
	var aliases, requests, responses strings.Builder
	for _, op := range ops {
		f.constant(op, in, a, &aliases, &requests)
		responses.WriteString(a.Outputs(op))
	}
	return aliases.String() + requests.String() + responses.String()
}

func (f *operationsFile) constant(op *operation.Operation, inputs *input.Inputs, a *answer.Answers, aliases, requests *strings.Builder) {
	head := "export const " + op.Symbol + ": Operation<api." + op.RequestType + "> ="
	depth := 0
	if ts.Columns(head+" {") > ts.Width {
		head, depth = head+"\n ", 1
	}
	in := inputs.Of(op, depth+1)
	aliases.WriteString(in.Alias)
	requests.WriteString(in.RequestType)
	f.body.WriteString(in.Tables + "\n" + op.Comment() + head + " {\n")
	member := func(name string, value ts.Doc) {
		if value != nil {
			f.body.WriteString(ts.Pad(depth+1) + ts.Render(ts.Cat(ts.Text(name+": "), value, ts.Text(",")), depth+1) + "\n")
		}
	}
	member("id", ts.Text(ts.Quote(op.API.ID)))
	if op.IsVariant() {
		member("when", op.WhenDoc())
	}
	member("security", security.Requirements(op.API))
	member("body", in.Body)
	member("produces", a.Produces(op))
	member("types", a.MediaTypes(op))
	member("errors", f.failures.Table(op, func(name string) string { return f.imports.Use(failure.Module, name) }))
	member("answers", a.Table(op))
	if r := op.API.RateLimit; r != nil {
		member("rateLimit", ts.Text(fmt.Sprintf("%s(%d, %d)", f.imports.Use(limitModule, "createLimiter"), r.Limit, r.Seconds)))
	}
	f.body.WriteString(in.Read + ts.Pad(depth) + "};\n")
}

func (f *operationsFile) text() string {
	if f.body.Len() == 0 {
		return ts.EmptyModule
	}
	return f.imports.Imports() + f.body.String()
}
