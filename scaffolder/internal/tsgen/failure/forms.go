package failure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Form is one way in which errors are written.
type Form struct {
	Name      string // the constant of errors.ts
	MediaType string
	Schema    *api.Schema
	Hint      string // the name of its type, where the schema has none

	written written
	count   int             // of the places that declare it
	status  map[string]bool // that they are for
	place   string          // the first of them
	at      *api.Media
}

// Forms are those of a server.
type Forms struct {
	Main     *Form // of all errors that the document gives no other; nil: the tool's own
	list     []*Form
	bySchema map[formKey]*Form
	known    map[*api.Media]*Form // nil: the tool's own form fits, or none can be written
	lost     []*Form              // those that cannot be written
	names    *ts.Names
}

// Plan finds the forms that operations declare.
func Plan(ops []*operation.Operation, int64 declare.Int64Form) *Forms {
	f := &Forms{bySchema: map[formKey]*Form{}, known: map[*api.Media]*Form{}, names: ts.NewNames()}
	for _, taken := range imported {
		f.names.Unique(taken)
	}
	f.names.Unique("defaultForm")
	for _, op := range ops {
		for _, r := range op.Responses() {
			if isError(op, r) {
				f.add(op, r, int64)
			}
		}
	}
	for _, form := range f.list {
		if form.written.says && form.isGeneral() && (f.Main == nil || form.isBetterThan(f.Main)) {
			f.Main = form
		}
	}
	return f
}

// isGeneral says that a form is for more than one case, such as 408 or 422 alone.
func (f *Form) isGeneral() bool {
	return len(f.status) > 1 || f.status["default"] || f.status["4XX"] || f.status["5XX"] || f.status["400"]
}

// isBetterThan says which of two forms is rather that of all errors: one whose values are
// all known, and then the one that more places declare.
func (f *Form) isBetterThan(other *Form) bool {
	if known, its := len(f.written.chosen) == 0, len(other.written.chosen) == 0; known != its {
		return known
	}
	return f.count > other.count
}

func isError(op *operation.Operation, r *api.Response) bool {
	return strings.HasPrefix(r.Status, "4") || strings.HasPrefix(r.Status, "5") || r.Status == "default" && op.Success() != r
}

// jsonOf is the media type in which an error is written: problem+json before others.
func jsonOf(r *api.Response) *api.Media {
	var found *api.Media
	for _, m := range r.Content {
		if m.Kind() == api.JSON && (found == nil || isProblem(m)) {
			found = m
		}
	}
	return found
}

func isProblem(m *api.Media) bool { return strings.HasPrefix(m.Type, "application/problem+json") }

// add counts a declaration. Two are one form where they write the same.
func (f *Forms) add(op *operation.Operation, r *api.Response, int64 declare.Int64Form) {
	m := jsonOf(r)
	if m == nil {
		return
	}
	key := formKey{concrete(m.Type), target(m.Schema)}
	form, there := f.bySchema[key]
	if !there {
		form = f.form(op, r, m, int64)
		f.bySchema[key] = form
	}
	f.known[m] = form
	if form != nil {
		form.count++
		form.status[r.Status] = true
	}
}

type formKey struct {
	mediaType string
	schema    *api.Schema
}

func (f *Forms) form(op *operation.Operation, r *api.Response, m *api.Media, int64 declare.Int64Form) *Form {
	if !isProblem(m) && (m.Schema.IsAny() || fitsOwn(m.Schema)) {
		return nil
	}
	form := &Form{
		MediaType: concrete(m.Type), Schema: target(m.Schema), at: m, status: map[string]bool{},
		Hint:  op.Type + operation.StatusWord(r.Status) + operation.MediaWord(m, len(r.Content)) + "Body",
		place: r.Status + " of " + op.API.Method + " " + op.API.Path,
	}
	var ok bool
	if form.written, ok = write(form.Schema, isProblem(m), int64); !ok {
		f.lost = append(f.lost, form)
		return nil
	}
	for _, have := range f.list { // inline schemas that are the same
		if have.MediaType == form.MediaType && form.isInline() && ts.Flat(have.written.doc) == ts.Flat(form.written.doc) {
			return have
		}
	}
	form.Name = f.names.Unique(form.constant())
	f.list = append(f.list, form)
	return form
}

func (f *Form) isInline() bool { return f.Schema != nil && f.Schema.Name == "" }

// constant is the name that a form would have in errors.ts.
func (f *Form) constant() string {
	name := f.Hint
	switch {
	case f.Schema.IsAny():
		name = "problem"
	case !f.isInline():
		name = f.Schema.Name
	}
	if name = ts.Camel(ts.Limit(name)); slices.Contains(variables, name) {
		name += "Form"
	}
	return name
}

func target(s *api.Schema) *api.Schema {
	if s.IsRef() {
		return s.Ref
	}
	return s
}

// concrete is a media type that an answer can have.
func concrete(mediaType string) string {
	t, _, _ := strings.Cut(mediaType, ";")
	if t = strings.TrimSpace(t); strings.Contains(t, "*") {
		return "application/json"
	}
	return t
}

// fitsOwn says that the tool's own form is one that a schema means: it allows it, and
// names its property error or none at all.
func fitsOwn(s *api.Schema) bool {
	for _, e := range examples {
		if !sample.Valid(s, e.own(), sample.Response) {
			return false
		}
	}
	named := false
	for _, each := range append([]*api.Schema{s}, slices.Concat(target(s).OneOf, target(s).AnyOf)...) {
		for _, p := range propertiesOf(each) {
			if p.Name == "error" {
				return true
			}
			named = true
		}
	}
	return !named
}

// Any says that there is a form that is not the tool's own.
func (f *Forms) Any() bool { return len(f.list) > 0 }

// Several says that there are more than one.
func (f *Forms) Several() bool { return len(f.list) > 1 }

// Of is the form of an operation's errors with a status: that of the status, of its
// range, of default, or the main one; nil is the tool's own.
func (f *Forms) Of(op *operation.Operation, status int) *Form {
	text := strconv.Itoa(status)
	for _, key := range []string{text, text[:1] + "XX", "default"} {
		for _, r := range op.Responses() {
			if r.Status == key && isError(op, r) {
				return f.declared(r)
			}
		}
	}
	return f.Main
}

func (f *Forms) declared(r *api.Response) *Form {
	if m := jsonOf(r); m != nil && f.known[m] != nil {
		return f.known[m]
	}
	return f.Main
}

// Table is the member `errors` of an operation; nil where all have the main form.
func (f *Forms) Table(op *operation.Operation, use func(name string) string) ts.Doc {
	var keys, names []string
	differ := false
	for _, r := range op.Responses() {
		if !isError(op, r) {
			continue
		}
		form, name := f.declared(r), "defaultForm"
		if form != nil {
			name = form.Name
		}
		differ = differ || form != f.Main
		keys, names = append(keys, ts.PropertyKey(r.Status)), append(names, name)
	}
	if !differ {
		return nil
	}
	var rows []ts.Doc
	for i, key := range keys {
		rows = append(rows, ts.Text(key+": "+use(names[i])))
	}
	return ts.Object(rows...)
}

// Notices are the declared forms that errors do not have, and the values of others that
// the user must choose.
func (f *Forms) Notices() []api.Notice {
	var out []api.Notice
	if len(f.lost) > 0 {
		others := ""
		switch n := len(f.lost) - 1; {
		case n == 1:
			others = ", nor of another"
		case n > 1:
			others = fmt.Sprintf(", nor of %d others", n)
		}
		out = append(out, api.Notice{
			Rule: "error-form", Warning: true, At: f.lost[0].at.At,
			Message: "errors do not take the form of " + f.lost[0].place + others + ": it was not understood what says what in it",
			Hint:    "properties with names such as message, code, status and errors are understood",
		})
	}
	for _, form := range f.list {
		if len(form.written.chosen) > 0 {
			out = append(out, api.Notice{
				Rule: "error-value", Warning: true, At: form.at.At,
				Message: "errors in the form of " + form.place + " have an example as " + strings.Join(form.written.chosen, ", "),
				Hint:    "say in " + form.Name + " of errors.ts what it shall be",
			})
		}
	}
	return out
}
