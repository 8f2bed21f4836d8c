package openapi

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/loadtester/internal/target/openapi/schema"
)

// values are what goes into a request.
type values struct {
	parameters map[*parameter]any
	body       any
	hasBody    bool
	rawBody    string // in place of the body's own text, where it is not ""
	noBody     bool   // nothing in its place, but with its Content-Type
}

func (v values) clone() values {
	v.parameters = maps.Clone(v.parameters)
	return v
}

// values are valid ones, with the user's own set.
func (o *operation) values(set map[string]string, used map[string]bool) (values, error) {
	v := values{parameters: map[*parameter]any{}}
	for i := range o.parameters {
		p := &o.parameters[i]
		if text, ok := set[p.name]; ok {
			used[p.name] = true
			v.parameters[p] = text
			continue
		}
		if p.ignored() || !p.required && (p.deprecated || p.in == "cookie") {
			continue
		}
		value, ok := schema.From(p.schema, p.examples)
		if ok && p.in == "path" && plainText(value) == "" {
			ok = false
		}
		if ok {
			v.parameters[p] = value
		} else if p.required {
			return v, fmt.Errorf("no value fits its parameter %s", p.name)
		}
	}
	if o.body == nil {
		return v, nil
	}
	value, ok := schema.From(o.body.schema, o.body.examples)
	if ok {
		_, _, err := o.body.encode(value)
		ok = err == nil
	}
	switch {
	case ok:
		v.body, v.hasBody = o.body.set(value, set, used), true
	case o.body.required:
		return v, fmt.Errorf("no value fits its body of %s", essence(o.body.media))
	}
	return v, nil
}

// ignored are header parameters that mean nothing in OpenAPI: other parts of the
// document describe them.
func (p *parameter) ignored() bool {
	switch strings.ToLower(p.name) {
	case "accept", "content-type", "authorization":
		return p.in == "header"
	}
	return false
}

// set puts the user's own values into a body: --set email=… and --set address.city=….
func (b *body) set(v any, set map[string]string, used map[string]bool) any {
	for name, text := range set {
		if changed, ok := schema.Set(b.schema, v, strings.Split(name, "."), text); ok {
			used[name] = true
			v = changed
		}
	}
	return v
}

// request is one without a host.
type request struct {
	path   string // with the query
	header []target.Field
	body   []byte
}

// encode writes values as a request.
func (o *operation) encode(v values) (request, error) {
	r := request{path: o.path}
	var query, cookies []string
	for i := range o.parameters {
		p := &o.parameters[i]
		value, ok := v.parameters[p]
		if !ok {
			continue
		}
		switch p.in {
		case "path":
			r.path = strings.ReplaceAll(r.path, "{"+p.name+"}", p.text(value))
		case "query":
			query = append(query, p.query(value)...)
		case "header":
			r.header = append(r.header, target.Field{Name: p.name, Value: p.text(value)})
		case "cookie":
			cookies = append(cookies, p.name+"="+p.text(value))
		}
	}
	if outside := strings.NewReplacer("{{", "", "}}", "").Replace(r.path); strings.ContainsAny(outside, "{}") {
		return r, errors.New("its path has a place that no parameter describes")
	}
	if len(query) > 0 {
		r.path += "?" + strings.Join(query, "&")
	}
	if len(cookies) > 0 {
		r.header = append(r.header, target.Field{Name: "Cookie", Value: strings.Join(cookies, "; ")})
	}
	if !v.hasBody {
		return r, nil
	}
	body, contentType, err := o.body.encode(v.body)
	if err != nil {
		return r, err
	}
	if v.rawBody != "" {
		body = []byte(v.rawBody)
	}
	if v.noBody {
		body = nil
	}
	r.body = body
	r.header = append(r.header, target.Field{Name: "Content-Type", Value: contentType})
	return r, nil
}
