package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
)

// outputs writes the types of what an operation may answer: an interface for
// each status and media type, and their union.
func (p *project) outputs(op *operation) string {
	var b strings.Builder
	var names []string
	for _, r := range op.responses() {
		media := r.Content
		if len(media) == 0 {
			media = []*api.Media{nil}
		}
		for _, m := range media {
			name := p.decls.names.unique(op.Type + statusWord(r.Status) + mediaWord(m, len(media)))
			names = append(names, name)
			b.WriteString(p.outputType(op, name, r, m, len(media) > 1))
		}
	}
	union := texpr{members: names}
	b.WriteString("\n" + comment(0, "What "+op.Symbol+" may answer."))
	b.WriteString(render(union.layout("export type "+op.ResponseType+" =", ";"), 0) + "\n")
	return b.String()
}

// responses are those of the document, and a plain 200 where it has only errors.
func (o *operation) responses() []*api.Response {
	for _, r := range o.api.Responses {
		if !strings.HasPrefix(r.Status, "4") && !strings.HasPrefix(r.Status, "5") {
			return o.api.Responses
		}
	}
	return append(o.api.Responses[:len(o.api.Responses):len(o.api.Responses)], &api.Response{Status: "200"})
}

func statusWord(status string) string {
	if status == "default" {
		return "Default"
	}
	return strings.ToUpper(status)
}

func mediaWord(m *api.Media, n int) string {
	if m == nil || n == 1 {
		return ""
	}
	_, sub, _ := strings.Cut(m.Type, "/")
	return pascal(strings.ReplaceAll(sub, "*", "Any"))
}

func (p *project) outputType(op *operation, name string, r *api.Response, m *api.Media, several bool) string {
	var b strings.Builder
	b.WriteString("\n" + comment(0, r.Description))
	b.WriteString("export interface " + name + " {\n")
	b.WriteString("  status: " + p.statusType(op, r.Status) + ";\n")
	if m != nil && strings.Contains(m.Type, "*") {
		b.WriteString("  contentType?: string;\n")
	} else if several {
		b.WriteString("  contentType: " + quote(m.Type) + ";\n")
	}
	b.WriteString(p.headersMember(name, r))
	if m == nil {
		b.WriteString("  body?: undefined;\n")
	} else {
		b.WriteString("  " + render(p.bodyType(m, name+"Body").layout("body:", ";"), 1) + "\n")
	}
	return b.String() + "}\n"
}

func (p *project) headersMember(name string, r *api.Response) string {
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
	d := p.decls.add(schema, response, name+"Headers")
	mark := "?"
	if required {
		mark = ""
	}
	return "  headers" + mark + ": " + d.Name + ";\n"
}

func (p *project) bodyType(m *api.Media, hint string) texpr {
	switch mediaKind(m.Type) {
	case "json":
		return p.types.use(m.Schema, response, hint)
	case "text", "form":
		p.uses["Readable"] = true
		return atom("string").or("Readable")
	}
	p.uses["Readable"] = true
	return atom("Uint8Array").or("Readable")
}

// statusType is a literal, or the statuses of a range that no literal names.
func (p *project) statusType(op *operation, status string) string {
	var named []string
	for _, r := range op.responses() {
		if strings.Trim(r.Status, "0123456789") == "" {
			named = append(named, r.Status)
		}
	}
	rest := func(all string) string {
		p.uses[all] = true
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
func (p *project) example(op *operation) (doc, bool) {
	r := op.success()
	status := "200"
	switch {
	case strings.Trim(r.Status, "0123456789") == "":
		status = r.Status
	case strings.HasSuffix(r.Status, "XX"):
		status = r.Status[:1] + "00"
	}
	members := []doc{docText("status: " + status)}
	var body doc
	if len(r.Content) > 0 {
		m := preferred(r.Content)
		if len(r.Content) > 1 || strings.Contains(m.Type, "*") {
			members = append(members, docText("contentType: "+quote(exampleType(m))))
		}
		value, ok := p.exampleBody(m)
		if !ok {
			return nil, false
		}
		body = value
	}
	headers, ok := p.exampleHeaders(r)
	if !ok {
		return nil, false
	}
	if headers != nil {
		members = append(members, cat(docText("headers: "), headers))
	}
	if body != nil {
		members = append(members, cat(docText("body: "), body))
	}
	if len(members) < 2 {
		return object(members...), true
	}
	return expanded(members...), true
}

// exampleType is a media type that an answer can have: no range.
func exampleType(m *api.Media) string {
	if !strings.Contains(m.Type, "*") {
		return m.Type
	}
	main, _, _ := strings.Cut(m.Type, "/")
	switch {
	case mediaKind(m.Type) == "json":
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

func (p *project) exampleHeaders(r *api.Response) (doc, bool) {
	var members []doc
	for _, h := range r.Headers {
		if !h.Required || strings.EqualFold(h.Name, "content-type") {
			continue
		}
		v, ok := sample.From(h.Schema, []api.Value{h.Example}, sample.Response)
		if !ok {
			return nil, false
		}
		members = append(members, memberDoc(propertyKey(strings.ToLower(h.Name)), p.types.int64.handled(v, h.Schema)))
	}
	if len(members) == 0 {
		return nil, true
	}
	return expanded(members...), true
}

func preferred(content []*api.Media) *api.Media {
	for _, m := range content {
		if mediaKind(m.Type) == "json" {
			return m
		}
	}
	return content[0]
}

func (p *project) exampleBody(m *api.Media) (doc, bool) {
	var values []api.Value
	for _, e := range m.Examples {
		values = append(values, e.Value)
	}
	switch mediaKind(m.Type) {
	case "json":
		if m.Schema == nil && len(values) == 0 {
			return docText("{}"), true
		}
		v, ok := sample.From(m.Schema, values, sample.Response)
		return parsedDoc(p.types.int64.handled(v, m.Schema)), ok
	case "text", "form":
		for _, v := range values {
			if kindOf(v) == api.String {
				return docText(quote(stringOf(v))), true
			}
		}
		return docText("'text'"), true
	}
	return docText("Buffer.from('bytes')"), true
}

// success is the response that a fresh handler gives: the first 2xx, a default,
// a 3xx, or what there is.
func (o *operation) success() *api.Response {
	all := o.responses()
	for _, want := range []string{"2", "d", "3", "1"} {
		for _, r := range all {
			if strings.HasPrefix(r.Status, want) {
				return r
			}
		}
	}
	return all[0]
}
