package handler

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Handler is the function that answers an operation in a fresh project: a stub with
// an example of the document, or a text that somebody has written for it. It stands
// in a file of the user's, and is written once.
type Handler struct {
	// Argument is the function's parameter, as code: "request", "{ params, body }";
	// "": it takes none.
	Argument string
	// Body are its statements, indented by two spaces, each line with its break. Where
	// lines depend on how deep they stand, Lines gives them instead.
	Body  string
	Lines func(depth int) string
	// Imports are what its file has to import for it, beside the type of handlers.
	Imports []Import
	Returns ts.Doc // in place of Body: what it returns
	// Works says that it answers as the document says: the contract test asks it.
	Works bool
}

// Import is what a handler uses of a module.
type Import struct {
	Path  string // as the file in routes/ sees it: "../data/books.js"
	Names []string
	As    string // the module as a whole: import * as answers from …
	Types bool   // they are types only
}

// Handlers gives the handler of an operation; ok is false where it has none, and a
// stub is written. nil: stubs are written for all.
type Handlers func(op *operation.Operation) (h Handler, ok bool)

// ImportLines are the import declarations that the handler needs.
func (h Handler) ImportLines() []string {
	var out []string
	for _, i := range h.Imports {
		f := ts.NewFile(ts.Module{Path: i.Path, As: i.As, Types: i.Types})
		for _, name := range i.Names {
			f.Use(i.Path, name)
		}
		out = append(out, strings.TrimSuffix(f.Imports(), "\n"))
	}
	return out
}

// Declaration is a handler as its file exports it.
func (h Handler) Declaration(op *operation.Operation) string {
	head := "export const " + op.Symbol + ": Handlers[" + ts.Quote(op.Symbol) + "] ="
	start := " async (" + h.Argument + ") => {"
	depth := 0
	switch isLong := ts.Columns(head+start) > ts.Width; {
	case ts.Columns(head+" async (") > ts.Width: // all of it below
		head, depth = head+"\n ", 1
	case isLong && h.Argument != "": // each parameter on a line of its own
		start = " async (\n  " + strings.ReplaceAll(h.Argument, "}, ", "},\n  ") + ",\n) => {"
	case isLong:
		head, depth = head+"\n ", 1
	}
	return "\n" + op.Comment() + head + start + "\n" + h.body(depth+1) + ts.Pad(depth) + "};\n"
}

func (h Handler) body(depth int) string {
	switch {
	case h.Returns != nil:
		return ts.Pad(depth) + "return " + ts.Render(h.Returns, depth) + ";\n"
	case h.Lines != nil:
		return h.Lines(depth)
	case depth > 1:
		return ts.IndentLines(h.Body)
	}
	return h.Body
}
