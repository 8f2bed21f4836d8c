package openapi

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target/openapi/schema"
)

// operation is one method of one path.
type operation struct {
	method, path string
	id           string
	server       string // of its own; "" is the document's
	parameters   []parameter
	body         *body
	secured      []string // the schemes that it asks for
}

// name is the operation in reports.
func (o *operation) name() string {
	if o.id != "" {
		return o.id
	}
	return o.method + " " + o.path
}

// parameter is one place of a request that the document describes.
type parameter struct {
	name, in   string
	style      string
	explode    bool
	reserved   bool // allowReserved
	required   bool
	deprecated bool
	json       bool // its content is JSON
	schema     *schema.Schema
	examples   []any
}

// body is what an operation takes, in the media type that is sent.
type body struct {
	required bool
	media    string
	schema   *schema.Schema
	examples []any
	types    map[string]string // content types of a multipart form's parts
}

// methods are those of a path item, in the order of reading and writing.
var methods = [...]string{"get", "head", "post", "put", "patch", "delete", "options", "trace", "query"}

// operations reads all of a document.
func (r *reader) operations(root node) ([]*operation, error) {
	var list []*operation
	security := root.get("security")
	for _, p := range root.get("paths").pairs() {
		item, err := r.doc.follow(p.value)
		if err != nil {
			return nil, err
		}
		for _, method := range methods {
			n := item.get(method)
			if !n.isMap() {
				continue
			}
			o := &operation{method: strings.ToUpper(method), path: p.name, id: n.string("operationId"), server: firstServer(n, item)}
			if o.parameters, err = r.parameters(n, item); err != nil {
				return nil, err
			}
			if o.body, err = r.body(n); err != nil {
				return nil, err
			}
			own := security
			if of := n.get("security"); of.ok() {
				own = of
			}
			o.secured = schemes(own)
			list = append(list, o)
		}
	}
	return list, nil
}

// schemes are the names of what a security requirement asks for; none where it
// may be left out.
func schemes(security node) []string {
	var names []string
	for _, alternative := range security.items() {
		if len(alternative.pairs()) == 0 {
			return nil
		}
		for _, p := range alternative.pairs() {
			if !slices.Contains(names, p.name) {
				names = append(names, p.name)
			}
		}
	}
	return names
}

// firstServer is the URL of the first server that one of the nodes names, with
// its variables' defaults.
func firstServer(nodes ...node) string {
	for _, n := range nodes {
		servers := n.get("servers").items()
		if len(servers) == 0 {
			continue
		}
		address := servers[0].string("url")
		for _, v := range servers[0].get("variables").pairs() {
			address = strings.ReplaceAll(address, "{"+v.name+"}", v.value.string("default"))
		}
		return address
	}
	return ""
}

// parameters are those of an operation and, where it has none of the same name
// and place, of its path.
func (r *reader) parameters(nodes ...node) ([]parameter, error) {
	var list []parameter
	for _, n := range nodes {
		for _, item := range n.get("parameters").items() {
			p, err := r.parameter(item)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(list, func(q parameter) bool { return q.name == p.name && q.in == p.in }) {
				list = append(list, p)
			}
		}
	}
	return list, nil
}

func (r *reader) parameter(n node) (p parameter, err error) {
	if n, err = r.doc.follow(n); err != nil {
		return p, err
	}
	p = parameter{
		name: n.string("name"), in: n.string("in"), style: n.string("style"), reserved: n.bool("allowReserved", false),
		required: n.bool("required", false) || n.string("in") == "path", deprecated: n.bool("deprecated", false),
	}
	if p.style == "" {
		p.style = map[string]string{"path": "simple", "header": "simple", "query": "form", "cookie": "form"}[p.in]
	}
	p.explode = n.bool("explode", p.style == "form")
	of := n
	for _, c := range n.get("content").pairs() {
		p.json, of = isJSON(c.name), c.value
		break
	}
	if p.schema, err = r.schema(of.get("schema")); err != nil {
		return p, err
	}
	p.examples, err = r.examples(of)
	return p, err
}

// examples are those of a parameter or of a media type.
func (r *reader) examples(n node) ([]any, error) {
	var list []any
	if e := n.get("example"); e.ok() {
		list = append(list, e.value())
	}
	for _, p := range n.get("examples").pairs() {
		e, err := r.doc.follow(p.value)
		if err != nil {
			return nil, err
		}
		for _, key := range []string{"value", "dataValue"} {
			if v := e.get(key); v.ok() {
				list = append(list, v.value())
			}
		}
	}
	return list, nil
}

// body reads what an operation takes, nil where that is nothing.
func (r *reader) body(operation node) (*body, error) {
	n, err := r.doc.follow(operation.get("requestBody"))
	if err != nil || !n.isMap() {
		return nil, err
	}
	b := &body{required: n.bool("required", false), types: map[string]string{}}
	best := 99
	var content node
	for _, p := range n.get("content").pairs() {
		if k := rank(p.name); k < best {
			best, b.media, content = k, p.name, p.value
		}
	}
	if strings.Contains(b.media, "*") {
		b.media = "application/json"
	}
	if content, err = r.doc.follow(content); err != nil {
		return nil, err
	}
	if b.schema, err = r.schema(content.get("schema")); err != nil {
		return nil, err
	}
	for _, p := range content.get("encoding").pairs() {
		if t := p.value.string("contentType"); t != "" {
			first, _, _ := strings.Cut(t, ",")
			b.types[p.name] = strings.TrimSpace(first)
		}
	}
	b.examples, err = r.examples(content)
	return b, err
}

// rank orders media types by how well a request can be made in them.
func rank(media string) int {
	switch media = essence(media); {
	case media == "application/json":
		return 0
	case isJSON(media):
		return 1
	case media == "*/*", media == "application/*":
		return 2
	case media == formType:
		return 3
	case media == "multipart/form-data":
		return 4
	case strings.HasPrefix(media, "text/"):
		return 5
	}
	return 6
}

const formType = "application/x-www-form-urlencoded"

// essence is a media type without its parameters.
func essence(media string) string {
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	return strings.TrimSpace(media)
}

func isJSON(media string) bool {
	media = essence(media)
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
