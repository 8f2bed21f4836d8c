package answer

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/complete"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Answers write what operations may answer: types, examples, tables.
type Answers struct {
	Types *declare.Types
	Plans *complete.Plans // how answers get the form that is sent
	File  *ts.File        // operations.ts
	// Planned says that some answer has such a plan: it becomes so as tables are written.
	Planned bool
	// Typed says that some operation has another media type for another status, likewise.
	Typed bool
}

// Outputs writes the types of what an operation may answer: an interface for
// each status and media type, and their union.
func (a *Answers) Outputs(op *operation.Operation) string {
	var b strings.Builder
	var names []string
	for _, r := range op.Responses() {
		media := r.Content
		if len(media) == 0 {
			media = []*api.Media{nil}
		}
		for _, m := range media {
			name := a.Types.Unique(op.Type + operation.StatusWord(r.Status) + operation.MediaWord(m, len(media)))
			names = append(names, name)
			b.WriteString(a.outputType(op, name, r, m, len(media) > 1))
		}
	}
	union := ts.OneOf(names)
	b.WriteString("\n" + ts.Comment(0, "What "+op.Symbol+" may answer."))
	b.WriteString(ts.Render(union.Layout("export type "+op.ResponseType+" =", ";"), 0) + "\n")
	return b.String()
}

func (a *Answers) outputType(op *operation.Operation, name string, r *api.Response, m *api.Media, several bool) string {
	var b strings.Builder
	b.WriteString("\n" + ts.Comment(0, r.Description))
	b.WriteString("export interface " + name + " {\n")
	b.WriteString("  status: " + a.statusType(op, r.Status) + ";\n")
	if m != nil && strings.Contains(m.Type, "*") {
		b.WriteString("  contentType?: string;\n")
	} else if several {
		b.WriteString("  contentType: " + ts.Quote(m.Type) + ";\n")
	}
	b.WriteString(a.headersMember(name, r))
	if m == nil {
		b.WriteString("  body?: undefined;\n")
	} else {
		b.WriteString("  " + ts.Render(a.bodyType(m, name+"Body").Layout("body:", ";"), 1) + "\n")
	}
	return b.String() + "}\n"
}

func (a *Answers) headersMember(name string, r *api.Response) string {
	schema := &api.Schema{Types: []api.Type{api.Object}, AdditionalProperties: &api.Schema{}}
	required := false
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, "content-type") {
			continue
		}
		value := h.Schema
		if value == nil {
			value = &api.Schema{Types: []api.Type{api.String}}
		}
		key := strings.ToLower(h.Name)
		if schema.Property(key) != nil {
			continue
		}
		schema.Properties = append(schema.Properties, &api.Property{Name: key, Schema: value})
		if h.Required {
			schema.Required = append(schema.Required, key)
			required = true
		}
	}
	if len(schema.Properties) == 0 {
		return "  headers?: { [name: string]: string };\n"
	}
	d := a.Types.Add(schema, declare.Response, name+"Headers")
	mark := "?"
	if required {
		mark = ""
	}
	return "  headers" + mark + ": " + d.Name + ";\n"
}

func (a *Answers) bodyType(m *api.Media, hint string) ts.Type {
	if m.IsSequence() {
		item := a.Types.Use(m.ItemSchema, declare.Response, hint+"Item").Text()
		return ts.Atom("AsyncIterable<"+item+">").Or("Iterable<"+item+">", "string", a.Types.Stream())
	}
	switch m.Kind() {
	case api.JSON:
		return a.Types.Use(m.Schema, declare.Response, hint)
	case api.PlainText, api.Form:
		return ts.Atom("string").Or(a.Types.Stream())
	}
	return ts.Atom("Uint8Array").Or(a.Types.Stream())
}

// statusType is a literal, or the statuses of a range that no literal names.
func (a *Answers) statusType(op *operation.Operation, status string) string {
	var named []string
	for _, r := range op.Responses() {
		if strings.Trim(r.Status, "0123456789") == "" {
			named = append(named, r.Status)
		}
	}
	rest := func(all string) string {
		all = a.Types.Status(all)
		if len(named) == 0 {
			return all
		}
		return "Exclude<" + all + ", " + strings.Join(named, " | ") + ">"
	}
	switch {
	case status == "default":
		return rest("HttpStatus")
	case strings.HasSuffix(status, "XX"):
		return rest("Status" + status)
	}
	return status
}

// example is what a fresh handler answers: the first success of the document.
func (a *Answers) example(op *operation.Operation) (ts.Doc, bool) {
	r := op.Success()
	status := "200"
	switch {
	case strings.Trim(r.Status, "0123456789") == "":
		status = r.Status
	case strings.HasSuffix(r.Status, "XX"):
		status = r.Status[:1] + "00"
	}
	members := []ts.Doc{ts.Text("status: " + status)}
	var body ts.Doc
	if len(r.Content) > 0 {
		m := preferred(r.Content)
		if len(r.Content) > 1 || strings.Contains(m.Type, "*") {
			members = append(members, ts.Text("contentType: "+ts.Quote(exampleType(m))))
		}
		value, ok := a.exampleBody(m)
		if !ok {
			return nil, false
		}
		body = value
	}
	headers, ok := a.exampleHeaders(r)
	if !ok {
		return nil, false
	}
	if headers != nil {
		members = append(members, ts.Cat(ts.Text("headers: "), headers))
	}
	if body != nil {
		members = append(members, ts.Cat(ts.Text("body: "), body))
	}
	if len(members) < 2 {
		return ts.Object(members...), true
	}
	return ts.Expanded(members...), true
}

// exampleType is a media type that an answer can have: no range.
func exampleType(m *api.Media) string {
	if !strings.Contains(m.Type, "*") {
		return m.Type
	}
	main, _, _ := strings.Cut(m.Type, "/")
	switch {
	case m.Kind() == api.JSON:
		return "application/json"
	case main == "text":
		return "text/plain"
	case main == "image":
		return "image/png"
	case main == "audio" || main == "video":
		return main + "/mp4"
	}
	return "application/octet-stream"
}

func (a *Answers) exampleHeaders(r *api.Response) (ts.Doc, bool) {
	var members []ts.Doc
	for _, h := range r.Headers {
		if !h.Required || strings.EqualFold(h.Name, "content-type") {
			continue
		}
		v, ok := sample.From(h.Schema, []api.Value{h.Example}, sample.Response)
		if !ok {
			return nil, false
		}
		members = append(members, declare.MemberDoc(ts.PropertyKey(strings.ToLower(h.Name)), a.Types.Int64.Handled(v, h.Schema)))
	}
	if len(members) == 0 {
		return nil, true
	}
	return ts.Expanded(members...), true
}

func preferred(content []*api.Media) *api.Media {
	for _, m := range content {
		if m.Kind() == api.JSON {
			return m
		}
	}
	return content[0]
}

func (a *Answers) exampleBody(m *api.Media) (ts.Doc, bool) {
	var values []api.Value
	for _, e := range m.Examples {
		values = append(values, e.Value)
	}
	if m.IsSequence() {
		v, ok := sample.From(m.ItemSchema, nil, sample.Response)
		return ts.List(declare.ParsedDoc(a.Types.Int64.Handled(v, m.ItemSchema))), ok
	}
	switch m.Kind() {
	case api.JSON:
		if m.Schema == nil && len(values) == 0 {
			return ts.Text("{}"), true
		}
		v, ok := sample.From(m.Schema, values, sample.Response)
		return declare.ParsedDoc(a.Types.Int64.Handled(v, m.Schema)), ok
	case api.PlainText, api.Form:
		for _, v := range values {
			if v.Type() == api.String {
				return ts.Text(ts.Quote(v.Text())), true
			}
		}
		return ts.Text("'text'"), true
	}
	return ts.Text("Buffer.from('bytes')"), true
}

// Table is how answers are brought into the form that is sent; nil where
// they are sent as they are.
func (a *Answers) Table(op *operation.Operation) ts.Doc {
	var rows []ts.Doc
	some := false
	for _, r := range op.Responses() {
		for _, m := range r.Content {
			schema := m.Schema
			if m.IsSequence() { // a plan for each item
				schema = m.ItemSchema
			} else if m.Kind() != api.JSON || schema == nil {
				continue
			}
			row := []ts.Doc{ts.Text(ts.Quote(r.Status)), ts.Text(ts.Quote(m.Type))}
			if name := a.Plans.Of(schema, op.Type+operation.StatusWord(r.Status)+operation.MediaWord(m, len(r.Content))+"Answer"); name != "" {
				row = append(row, ts.Text(a.File.Use(complete.PlansModule, name)))
				some = true
			}
			rows = append(rows, ts.List(row...))
		}
	}
	if !some {
		return nil
	}
	a.Planned = true
	return ts.RowList(rows)
}

// MediaTypes are the types of answers by status, for handlers that do not say it because
// their status has one; nil where all have the first one of Produces.
func (a *Answers) MediaTypes(op *operation.Operation) ts.Doc {
	var rows []ts.Doc
	usual, differ := usualType(op), false
	for _, r := range op.Responses() {
		if len(r.Content) != 1 || strings.Contains(r.Content[0].Type, "*") {
			continue
		}
		differ = differ || r.Content[0].Type != usual
		rows = append(rows, ts.List(ts.Text(ts.Quote(r.Status)), ts.Text(ts.Quote(r.Content[0].Type))))
	}
	if !differ {
		return nil
	}
	a.Typed = true
	return ts.RowList(rows)
}

// usualType is what the server takes where nobody says a media type. Without one it is
// JSON, unless a body is a text.
func usualType(op *operation.Operation) string {
	for _, r := range op.Responses() {
		for _, m := range r.Content {
			if !isError(r) && !strings.Contains(m.Type, "*") {
				return m.Type
			}
		}
	}
	return "application/json"
}

func isError(r *api.Response) bool {
	return strings.HasPrefix(r.Status, "4") || strings.HasPrefix(r.Status, "5")
}

// Produces is the list of media types of what is no error.
func (a *Answers) Produces(op *operation.Operation) ts.Doc {
	var items []ts.Doc
	seen := map[string]bool{}
	for _, r := range op.Responses() {
		if isError(r) {
			continue
		}
		for _, m := range r.Content {
			if !seen[m.Type] {
				seen[m.Type] = true
				items = append(items, ts.Text(ts.Quote(m.Type)))
			}
		}
	}
	return ts.List(items...)
}

// Stub is the handler that answers with an example of the document.
func (a *Answers) Stub(op *operation.Operation) handler.Handler {
	example, ok := a.example(op)
	if !ok {
		return handler.Handler{Body: "  throw new Error('the document has no example for this answer: write it here');\n"}
	}
	return handler.Handler{Returns: example, Works: true}
}
