package openapi

import (
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func (w *writer) operation(op *api.Operation) object {
	o := newObject()
	if op.Named {
		o.text("operationId", op.ID)
	}
	o.text("summary", op.Summary).text("description", op.Description).
		texts("tags", op.Tags).flag("deprecated", op.Deprecated).
		object("x-rate-limit", rateLimit(op.RateLimit)).
		object("x-confidence", confidence(op.Confidence))
	if !sameSecurity(op.Security, w.security) {
		if len(op.Security) == 0 {
			none := sequence()
			none.Style = yaml.FlowStyle
			o.set("security", none)
		}
		o.list("security", requirements(op.Security))
	}
	var parameters []*yaml.Node
	for _, p := range op.Parameters {
		parameters = append(parameters, w.parameters.use(p, func() *yaml.Node { return w.parameter(p).node }))
	}
	o.list("parameters", parameters)
	if op.Body != nil {
		o.set("requestBody", newObject().text("description", op.Body.Description).flag("required", op.Body.Required).
			set("content", w.content(op.Body.Content).node).node)
	}
	o.object("responses", w.responses(op.Responses))
	o.object("callbacks", w.callbacks(op.Callbacks))
	return o
}

func confidence(list []api.Confidence) object {
	o := newObject()
	for _, c := range list {
		o.text(c.What, c.Level)
	}
	return o
}

// callbacks gives names to the requests that the server sends: the one in the ID
// of an operation that had no name of its own, or its ID.
func (w *writer) callbacks(list []*api.Operation) object {
	out := newObject()
	var order []string
	byName := map[string][]*api.Operation{}
	for _, op := range list {
		name := op.ID
		if before, _, found := strings.Cut(op.ID, " "+op.Path+" "); found && !op.Named {
			name = before
		}
		if byName[name] == nil {
			order = append(order, name)
		}
		byName[name] = append(byName[name], op)
	}
	for _, name := range order {
		out.object(name, w.paths(byName[name]))
	}
	return out
}

func (w *writer) parameter(p *api.Parameter) object {
	w.newer = w.newer || p.In == api.InQueryString || p.Style == api.StyleCookie
	o := newObject().text("name", p.Name).text("in", string(p.In)).text("description", p.Description).
		flag("required", p.Required).flag("deprecated", p.Deprecated).
		flag("allowReserved", p.AllowReserved).flag("allowEmptyValue", p.AllowEmpty)
	if p.Content == nil {
		style := defaultStyle(p.In)
		if p.Style != style {
			o.text("style", string(p.Style))
		}
		o.explode(p.Explode, explodes(p.Style))
		o.set("schema", w.schema(p.Schema))
	} else {
		o.set("content", w.content([]*api.Media{p.Content}).node)
	}
	return o.value("example", p.Example)
}

// explode is said where it is not what the style implies.
func (o object) explode(is, implied bool) {
	switch {
	case is == implied:
	case is:
		o.set("explode", literal("true"))
	default:
		o.set("explode", literal("false"))
	}
}

func defaultStyle(in api.In) api.Style {
	switch in {
	case api.InQuery, api.InCookie:
		return api.StyleForm
	case api.InQueryString:
		return ""
	}
	return api.StyleSimple
}

func explodes(s api.Style) bool {
	return s == api.StyleForm || s == api.StyleCookie || s == api.StyleDeepObject
}

func (w *writer) content(list []*api.Media) object {
	out := newObject()
	for _, m := range list {
		out.set(m.Type, w.media(m).node)
	}
	return out
}

func (w *writer) media(m *api.Media) object {
	w.newer = w.newer || m.ItemSchema != nil
	o := newObject().set("schema", w.schema(m.Schema)).set("itemSchema", w.schema(m.ItemSchema))
	named := newObject()
	for _, e := range m.Examples {
		if e.Name == "" {
			o.value("example", e.Value)
			continue
		}
		named.object(e.Name, newObject().text("summary", e.Summary).value("value", e.Value))
	}
	o.object("examples", named)
	encoding := newObject()
	for _, e := range m.Encoding {
		one := newObject().text("contentType", strings.Join(e.ContentTypes, ", ")).
			object("headers", w.headers(e.Headers)).text("style", string(e.Style))
		one.explode(e.Explode, e.Style == "" || e.Style == api.StyleForm)
		encoding.set(e.Property, one.flag("allowReserved", e.AllowReserved).node)
	}
	return o.object("encoding", encoding)
}

func (w *writer) responses(list []*api.Response) object {
	out := newObject()
	for _, r := range list {
		out.set(r.Status, w.answers.use(r, func() *yaml.Node { return w.response(r).node }))
	}
	return out
}

func (w *writer) response(r *api.Response) object {
	return newObject().set("description", text(r.Description)).
		object("headers", w.headers(r.Headers)).object("content", w.content(r.Content))
}

func (w *writer) headers(list []*api.Header) object {
	out := newObject()
	for _, h := range list {
		o := newObject().text("description", h.Description).flag("required", h.Required).
			flag("deprecated", h.Deprecated).flag("explode", h.Explode).set("schema", w.schema(h.Schema))
		if h.Content != nil {
			o.set("content", w.content([]*api.Media{h.Content}).node)
		}
		out.set(h.Name, o.value("example", h.Example).node)
	}
	return out
}
