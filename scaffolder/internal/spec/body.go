package spec

import (
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func (r *reader) body(n node) *api.Body {
	origin := n
	if n = r.follow(n); !n.ok() || !r.want(n, n.isMap(), "requestBody", "a mapping") {
		return nil
	}
	r.known(n, "this requestBody", []string{"description", "content", "required"})
	return &api.Body{
		Description: n.string("description"),
		Required:    n.bool("required", false),
		Content:     r.content(r.under(n, "content")),
		At:          origin.at(),
	}
}

// content reads a mapping of media types. One that many operations share (a
// component) is read once, and shared in the model as well.
func (r *reader) content(n node) []*api.Media {
	if !r.want(n, n.isMap(), "content", "a mapping of media types") {
		return nil
	}
	if known, ok := r.contents[n.y]; ok {
		return known
	}
	out := r.readContent(n)
	r.contents[n.y] = out
	return out
}

func (r *reader) readContent(n node) []*api.Media {
	var out []*api.Media
	seen := map[string]bool{}
	for _, p := range n.pairs() {
		name := strings.ToLower(strings.TrimSpace(p.name))
		if !strings.Contains(name, "/") {
			r.warn(p.key, "media-type", "write for example application/json", "%q is no media type; it is not looked at", short(p.name))
			continue
		}
		if seen[name] {
			continue
		}
		seen[name] = true
		v := r.follow(p.value)
		m := &api.Media{Type: name, At: p.key.at()}
		if v.isMap() {
			r.known(v, "this media type", mediaKeys)
			r.media(m, v)
		}
		out = append(out, m)
	}
	return out
}

func (r *reader) media(m *api.Media, n node) {
	m.Schema = r.schema(n.get("schema"), 0)
	m.ItemSchema = r.schema(n.get("itemSchema"), 0)
	if v := n.raw("example"); v.ok() {
		m.Examples = append(m.Examples, api.Example{Value: jsonValue(v)})
	}
	for _, p := range r.under(n, "examples").pairs() {
		example := r.follow(p.value)
		value := example.raw("value")
		if !value.ok() {
			value = example.raw("dataValue") // 3.2
		}
		if value.ok() {
			m.Examples = append(m.Examples, api.Example{Name: p.name, Summary: example.string("summary"), Value: jsonValue(value)})
		} else if outside := example.get("externalValue"); outside.ok() {
			r.leftOut(outside, "external-example", "an example in another file is not looked at")
		}
	}
	for _, p := range n.get("encoding").pairs() {
		m.Encoding = append(m.Encoding, r.encoding(p, m.Kind() == api.Form))
	}
}

// encoding is that of one property. Each of style, explode and allowReserved means that
// it is written in a style. In OpenAPI 3.0 that is so in forms alone; names such as a[b]
// in other bodies can mean nothing else, though.
func (r *reader) encoding(p pair, isForm bool) *api.Encoding {
	n := p.value
	e := &api.Encoding{
		Property:      p.name,
		Headers:       r.headers(r.under(n, "headers")),
		Style:         api.Style(n.string("style")),
		AllowReserved: n.bool("allowReserved", false),
	}
	for _, t := range strings.Split(n.string("contentType"), ",") {
		if t = strings.ToLower(strings.TrimSpace(t)); t != "" {
			e.ContentTypes = append(e.ContentTypes, t)
		}
	}
	if n.raw("style").ok() || n.raw("explode").ok() || n.raw("allowReserved").ok() {
		if r.minor == 0 && !isForm && e.Style != api.StyleDeepObject {
			r.warn(p.key, "encoding-style", "write openapi: 3.1.0 where a part shall be written in a style",
				"style, explode and allowReserved of %q are not looked at: OpenAPI 3.0 has them for application/x-www-form-urlencoded alone", short(p.name))
			e.Style, e.Explode, e.AllowReserved = "", true, false
			return e
		}
		if e.Style == "" {
			e.Style = api.StyleForm
		}
	}
	e.Explode = n.bool("explode", e.Style == "" || e.Style == api.StyleForm)
	return e
}

var statusPattern = regexp.MustCompile(`^([1-5][0-9][0-9]|[1-5]XX|default)$`)

func (r *reader) responses(n node) []*api.Response {
	if !r.want(n, n.isMap(), "responses", "a mapping of statuses to responses") {
		return nil
	}
	var out []*api.Response
	for _, p := range n.pairs() {
		if strings.HasPrefix(p.name, "x-") {
			continue
		}
		status := p.name
		if status != "default" {
			status = strings.ToUpper(status)
		}
		if !statusPattern.MatchString(status) {
			r.warn(p.key, "status", "a status is like 200, 4XX or default", "%q is no status; the response is not looked at", short(p.name))
			continue
		}
		v := r.follow(p.value)
		if !v.isMap() {
			if v.isNull() { // `204:` with nothing behind it
				out = append(out, &api.Response{Status: status, At: p.key.at()})
			}
			continue
		}
		one := r.response(v)
		one.Status, one.At = status, p.key.at()
		out = append(out, &one)
	}
	return out
}

// response is what all that refer to a response share.
func (r *reader) response(v node) api.Response {
	out, known := r.answers[v.y]
	if !known {
		r.known(v, "this response", responseKeys)
		out = api.Response{
			Description: first(v.string("description"), v.string("summary")),
			Headers:     r.headers(r.under(v, "headers")),
			Content:     r.content(r.under(v, "content")),
		}
		r.answers[v.y] = out
	}
	return out
}

func (r *reader) headers(n node) []*api.Header {
	var out []*api.Header
	for _, p := range n.pairs() {
		if strings.EqualFold(p.name, "content-type") { // content says it
			continue
		}
		v := r.follow(p.value)
		if !v.isMap() {
			continue
		}
		h := &api.Header{
			Name:        p.name,
			Description: v.string("description"),
			Required:    v.bool("required", false),
			Deprecated:  v.bool("deprecated", false),
			Explode:     v.bool("explode", false),
			Schema:      r.schema(v.get("schema"), 0),
			Example:     firstExample(v, r),
		}
		if media := r.content(r.under(v, "content")); len(media) > 0 && h.Schema == nil {
			h.Content = media[0]
		}
		if h.Schema == nil && h.Content == nil {
			h.Schema = &api.Schema{At: v.at()}
		}
		out = append(out, h)
	}
	return out
}

var mediaKeys = []string{"schema", "itemSchema", "example", "examples", "encoding", "prefixEncoding", "itemEncoding"}

var responseKeys = []string{"summary", "description", "headers", "content", "links"}
