package failure

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Module is errors.ts, as operations.ts imports it.
const Module = "./errors.js"

const (
	errorsModule = "./middleware/errors.js"
	apiModule    = "./types/api.js"
)

// imported are the names that errors.ts may import.
var imported = []string{"api", "byField", "causesOf", "errorBody", "lineOf", "titleOf"}

// variables are names within the functions of errors.ts.
var variables = []string{"error", "field", "message", "requestId"}

// Text is errors.ts below its head: what it imports, and a constant for each form.
func (f *Forms) Text(t *declare.Types) (imports, forms string) {
	onlyTypes := f.Main != nil && !slices.ContainsFunc(f.list, func(form *Form) bool { return len(form.written.uses) > 0 })
	file := ts.NewFile(ts.Module{Path: errorsModule, Types: onlyTypes}, ts.Module{Path: apiModule, As: "api", Types: true})
	if onlyTypes {
		file.Use(errorsModule, "ErrorForm")
	} else {
		file.UseType(errorsModule, "ErrorForm")
	}
	var b strings.Builder
	for _, form := range f.list {
		b.WriteString("\n" + ts.Comment(0, form.place+form.more()+"."+form.written.open()))
		typeName := ""
		if name := form.typeName(t); name != "" {
			typeName = "<" + file.Use(apiModule, name) + ">"
		}
		for _, name := range form.written.uses {
			file.Use(errorsModule, name)
		}
		b.WriteString(ts.Render(ts.Cat(ts.Text("export const "+form.Name+": ErrorForm"+typeName+" = "), form.doc(), ts.Text(";")), 0) + "\n")
	}
	b.WriteString("\n" + ts.Comment(0, "All errors that the document gives no other form."))
	if f.Main != nil {
		b.WriteString("export const defaultForm: ErrorForm = " + f.Main.Name + ";\n")
	} else {
		file.Use(errorsModule, "errorBody")
		b.WriteString("export const defaultForm: ErrorForm = { contentType: 'application/json', body: errorBody };\n")
	}
	return file.Imports(), b.String()
}

func (f *Form) more() string {
	if f.count > 1 {
		return ", and others"
	}
	return ""
}

func (f *Form) typeName(t *declare.Types) string {
	switch {
	case f.Schema == nil || f.Schema.IsAny():
		return ""
	case f.Schema.Name != "" || declare.DeservesName(f.Schema):
		return t.Of(f.Schema, declare.Response, f.Hint).Name
	}
	return ""
}

func (f *Form) doc() ts.Doc {
	arguments := "(error)"
	switch {
	case f.written.asksID:
		arguments = "(error, requestId)"
	case len(f.written.uses) == 0 && !f.written.says:
		arguments = "()"
	}
	return ts.Expanded(
		ts.Text("contentType: "+ts.Quote(f.MediaType)),
		ts.Cat(ts.Text("body: "+arguments+" => ("), f.written.doc, ts.Text(")")),
	)
}
