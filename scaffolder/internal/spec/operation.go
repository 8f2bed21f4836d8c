package spec

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/inflect"
)

// operation reads one operation of a path item; nil says that it cannot be.
func (r *reader) operation(path string, item node, m pair) *api.Operation {
	n := r.follow(m.value)
	if !n.ok() || !r.want(n, n.isMap(), "an operation", "a mapping") {
		return nil
	}
	r.known(n, "this operation", operationKeys)
	id := n.string("operationId")
	op := &api.Operation{
		ID:          id,
		Named:       id != "",
		Method:      m.name,
		Path:        path,
		Summary:     first(n.string("summary"), item.string("summary")),
		Description: first(n.string("description"), item.string("description")),
		Tags:        n.strings("tags"),
		Deprecated:  n.bool("deprecated", false),
		RateLimit:   r.rateLimit(n, item),
		At:          m.key.at(),
	}
	if op.Named {
		op.At = n.get("operationId").at()
	} else {
		op.ID = inflect.OperationName(op.Method, path)
	}
	op.Parameters = r.mergedParameters(r.under(item, "parameters"), r.under(n, "parameters"))
	op.Body = r.body(n.get("requestBody"))
	op.Responses = r.responses(r.under(n, "responses"))
	op.Security = r.security
	if own := n.raw("security"); own.ok() {
		op.Security = r.requirements(own)
	}
	for _, p := range r.under(n, "callbacks").pairs() {
		for _, expression := range r.follow(p.value).pairs() {
			if !strings.HasPrefix(expression.name, "x-") {
				op.Callbacks = append(op.Callbacks, r.outgoing(expression, p.name)...)
			}
		}
	}
	if s := n.get("servers"); s.ok() {
		r.leftOut(s, "path-servers", "servers of a single operation are not looked at")
	}
	return op
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// rateLimit reads x-rate-limit of the first node that has one, in any of the
// forms 100, "100/15m" and {limit: 100, window: 15m}; a number alone is for
// each minute. Without one it is the whole document's.
func (r *reader) rateLimit(from ...node) *api.RateLimit {
	for _, n := range from {
		v := n.get("x-rate-limit")
		if !v.ok() {
			continue
		}
		limit, window := v.text(), "60"
		if v.isMap() {
			limit = first(v.string("limit"), v.string("max"), v.string("requests"))
			window = first(v.string("window"), v.string("period"), v.string("seconds"), "60")
		} else if count, per, ok := strings.Cut(limit, "/"); ok {
			limit, window = strings.TrimSpace(count), strings.TrimSpace(per)
		}
		requests, err := strconv.Atoi(limit)
		seconds := windowSeconds(window)
		if err != nil || requests < 1 || seconds < 1 {
			r.warn(v, "rate-limit", `write 100, "100/15m" or {limit: 100, window: 15m}`, "x-rate-limit is not understood, so it is not looked at")
			return r.limit
		}
		return &api.RateLimit{Limit: requests, Seconds: seconds}
	}
	return r.limit
}

// windowSeconds reads 60, 90s, 15m, 1h, second, minute, hour and day.
func windowSeconds(s string) int {
	switch strings.TrimSuffix(strings.ToLower(s), "s") {
	case "", "second", "sec":
		return 1
	case "m", "min", "minute":
		return 60
	case "h", "hour":
		return 3600
	case "d", "day":
		return 86400
	}
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0
	}
	return int(d.Seconds())
}

// mergedParameters merges those of the path item and of the operation.
func (r *reader) mergedParameters(shared, own node) []*api.Parameter {
	type key struct {
		in   api.In
		name string
	}
	place := map[key]int{}
	var out []*api.Parameter
	for level, list := range []node{shared, own} {
		if !r.want(list, list.isSequence(), "parameters", "a list") {
			continue
		}
		levelSeen := map[key]bool{}
		for _, item := range list.items() {
			p := r.parameter(item)
			if p == nil {
				continue
			}
			k := key{p.In, p.Name}
			if p.In == api.InHeader {
				k.name = strings.ToLower(p.Name)
			}
			if levelSeen[k] {
				r.warn(item, "parameter-twice", "take one of them out", "the %s parameter %q is given twice; the first one counts", p.In, short(p.Name))
				continue
			}
			levelSeen[k] = true
			if i, ok := place[k]; ok && level == 1 {
				out[i] = p
				continue
			}
			place[k] = len(out)
			out = append(out, p)
		}
	}
	return out
}

func (r *reader) parameter(n node) *api.Parameter {
	origin := n
	if n = r.follow(n); !n.ok() || !r.want(n, n.isMap(), "a parameter", "a mapping") {
		return nil
	}
	if known, ok := r.parameters[n.y]; ok {
		return known
	}
	p := r.readParameter(n, origin)
	r.parameters[n.y] = p
	return p
}

func (r *reader) readParameter(n, origin node) *api.Parameter {
	r.known(n, "this parameter", parameterKeys)
	p := &api.Parameter{
		Name:          n.string("name"),
		In:            api.In(n.string("in")),
		Description:   n.string("description"),
		Required:      n.bool("required", false),
		Deprecated:    n.bool("deprecated", false),
		AllowReserved: n.bool("allowReserved", false),
		AllowEmpty:    n.bool("allowEmptyValue", false),
		At:            origin.at(),
	}
	if !r.placed(n, p) {
		return nil
	}
	p.Style, p.Explode = r.style(n, p.In)
	p.Example = firstExample(n, r)
	if content := r.under(n, "content"); content.ok() {
		if media := r.content(content); len(media) > 0 {
			p.Content, p.Style = media[0], ""
			return p
		}
	}
	p.Schema = r.schema(n.get("schema"), 0)
	if p.Schema == nil {
		p.Schema = &api.Schema{At: p.At}
		if n.get("type").ok() { // Swagger 2.0 had the type beside the name
			r.warn(n.get("type"), "old-keyword", "put type and the like under schema", "the type of a parameter stands in its schema since OpenAPI 3")
			r.fill(p.Schema, without(n, parameterOnlyKeys), 1)
		}
	}
	return p
}

// placed checks where a parameter stands; false leaves it out.
func (r *reader) placed(n node, p *api.Parameter) bool {
	if p.Name == "" && p.In != api.InQueryString {
		r.fail(n, "give it a name", "a parameter has no name")
		return false
	}
	switch p.In {
	case api.InPath:
		if !p.Required {
			r.warn(n, "path-required", "write required: true", "the path parameter %q is required, although the document does not say so", short(p.Name))
		}
		p.Required = true
	case api.InQuery, api.InCookie:
	case api.InQueryString:
		if p.Name == "" { // it has a name by the letter, and no use for it
			p.Name = "querystring"
		}
	case api.InHeader:
		switch strings.ToLower(p.Name) {
		case "accept", "content-type", "authorization":
			r.leftOut(n, "reserved-header", "the header parameter %s is not looked at: content and security say it", p.Name)
			return false
		}
	case "body", "formData":
		r.fail(n.get("in"), "write requestBody instead", "parameters in: %s are of Swagger 2.0", p.In)
		return false
	default:
		r.fail(n, "in is one of path, query, header, cookie, querystring", "the parameter %q is in %q", short(p.Name), short(string(p.In)))
		return false
	}
	return true
}

// style is how a parameter is written, with the defaults of its place.
func (r *reader) style(n node, in api.In) (api.Style, bool) {
	style := api.Style(n.string("style"))
	allowed := map[api.In][]api.Style{
		api.InPath:   {api.StyleSimple, api.StyleLabel, api.StyleMatrix},
		api.InQuery:  {api.StyleForm, api.StyleSpaceDelimited, api.StylePipeDelimited, api.StyleDeepObject},
		api.InHeader: {api.StyleSimple},
		api.InCookie: {api.StyleForm, api.StyleCookie},
	}[in]
	if len(allowed) == 0 {
		return "", false
	}
	found := allowed[0]
	for _, a := range allowed {
		if a == style {
			found = a
		}
	}
	if style != "" && found != style {
		r.warn(n.get("style"), "style", "", "the style %q is not one for a %s parameter; it is taken for %s", short(string(style)), in, found)
	}
	explodes := found == api.StyleForm || found == api.StyleCookie || found == api.StyleDeepObject
	return found, n.bool("explode", explodes)
}

// firstExample is the example that is shown with a parameter or a header.
func firstExample(n node, r *reader) api.Value {
	if v := n.raw("example"); v.ok() {
		return jsonValue(v)
	}
	for _, p := range r.under(n, "examples").pairs() {
		if v := r.follow(p.value).raw("value"); v.ok() {
			return jsonValue(v)
		}
	}
	return ""
}

// quoted is s as a JSON string.
func quoted(s string) api.Value {
	b, err := json.Marshal(s)
	if err != nil { // a string always encodes
		return ""
	}
	return api.Value(b)
}

var operationKeys = []string{"tags", "summary", "description", "externalDocs", "operationId", "parameters", "requestBody", "responses", "callbacks", "deprecated", "security", "servers"}

var parameterOnlyKeys = []string{"name", "in", "description", "required", "deprecated", "allowEmptyValue", "style", "explode", "allowReserved", "collectionFormat"}

var parameterKeys = []string{"name", "in", "description", "required", "deprecated", "allowEmptyValue", "style", "explode", "allowReserved", "schema", "content", "example", "examples"}
