package contract

import (
	"net/url"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/input"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/security"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// contractCall is a request, as the test sends it.
type contractCall struct {
	method   string
	base     string
	segments operation.Path
	path     map[string]string // placeholder -> encoded text
	query    []callValue
	headers  []callValue
	cookies  []callValue
	body     ts.Doc // members of the Call; nil: none
	json     any    // the JSON value of the body, for changes
	jsonOf   *api.Schema
	textOf   *api.Schema // of a body that is a text, where it is judged
	security ts.Doc
}

// callValue is a name with an encoded text; parameter is where it comes from, nil where
// the path of the document says it.
type callValue struct {
	name, text string
	parameter  *api.Parameter
}

// validCall makes a request that the document allows, or says why it cannot.
func (c *contract) validCall(op *operation.Operation) (contractCall, string) {
	call := contractCall{method: op.API.Method, base: c.base, segments: op.Path, path: map[string]string{}}
	for _, parameter := range op.API.Parameters {
		if input.IsReservedHeader(parameter) {
			continue
		}
		v, ok := c.sampleOf(parameter)
		if ok {
			ok = call.add(parameter, v)
		}
		if !ok && (parameter.Required || parameter.In == api.InPath) {
			return call, "No value was found for the parameter " + ts.LineComment(ts.Quote(parameter.Name))
		}
	}
	if op.API.Body != nil && len(op.API.Body.Content) > 0 {
		if !call.addBody(op.API.Body) && op.API.Body.Required {
			return call, "No value was found for the body"
		}
	}
	if c.database {
		call.keepKeys(op.API)
	}
	call.meet(op.Path)
	if wantsCredentials(op) {
		call.security = ts.Cat(ts.Text("security: "), security.FirstRequirement(op.API))
	}
	return call, ""
}

// keepKeys makes the keys in the path those of the body: to replace a row does not rename
// it, and the columns of a body may have rules that a path has not.
func (c *contractCall) keepKeys(op *api.Operation) {
	row, ok := c.json.(*sample.Object)
	if !ok {
		return
	}
	for _, parameter := range op.Parameters {
		if parameter.In != api.InPath || !row.Has(parameter.Name) {
			continue
		}
		if text, ok := pathText(parameter, row.Values[parameter.Name]); ok && text != "" {
			c.path[parameter.Name] = text
		}
	}
}

// meet adds what tells the operation from others on its path.
func (c *contractCall) meet(path operation.Path) {
	for _, condition := range path.Conditions() {
		met := func(v callValue) bool {
			return strings.EqualFold(v.name, condition.Name) && (condition.AnyValue || v.text == condition.Value)
		}
		if slices.ContainsFunc(c.headers, met) || slices.ContainsFunc(c.query, met) {
			continue
		}
		c.query = append(c.query, callValue{name: url.QueryEscape(condition.Name), text: url.QueryEscape(condition.Value)})
	}
}

// sampled is a value for a parameter, which many operations may have.
type sampled struct {
	value any
	ok    bool
}

func (c *contract) sampleOf(parameter *api.Parameter) (any, bool) {
	out, known := c.samples[parameter]
	if !known {
		out.value, out.ok = sampleOf(parameter)
		c.samples[parameter] = out
	}
	return out.value, out.ok
}

func sampleOf(parameter *api.Parameter) (any, bool) {
	var examples []api.Value
	if parameter.Example != "" {
		examples = append(examples, parameter.Example)
	}
	if parameter.Content != nil {
		for _, e := range parameter.Content.Examples {
			examples = append(examples, e.Value)
		}
		return sample.From(parameter.ValueSchema(), examples, sample.Request)
	}
	return sample.ForForm(parameter.ValueSchema(), examples, sample.Request)
}

// add puts a parameter's value in its place.
func (c *contractCall) add(parameter *api.Parameter, v any) bool {
	switch parameter.In {
	case api.InPath:
		text, ok := pathText(parameter, v)
		c.path[parameter.Name] = text
		return ok && text != ""
	case api.InQuery, api.InQueryString:
		pairs, ok := queryPairs(parameter, v)
		for _, pair := range pairs {
			c.query = append(c.query, callValue{pair[0], pair[1], parameter})
		}
		return ok && len(pairs) > 0
	case api.InHeader:
		text, ok := headerValue(parameter, v)
		if ok {
			c.headers = append(c.headers, callValue{input.KeyOf(parameter), text, parameter})
		}
		return ok
	case api.InCookie:
		pairs, ok := queryPairs(parameter, v)
		for _, pair := range pairs {
			c.cookies = append(c.cookies, callValue{pair[0], pair[1], parameter})
		}
		return ok && len(pairs) > 0
	}
	return false
}

// url is the path below the base path, and the query string.
func (c contractCall) url() string {
	var b strings.Builder
	b.WriteString(c.base)
	for _, segment := range c.segments.Segments {
		b.WriteByte('/')
		for _, piece := range segment {
			if piece.Text != "" {
				b.WriteString(operation.EncodePath(piece.Text))
			} else {
				b.WriteString(c.path[piece.Name])
			}
		}
	}
	for i, pair := range c.query {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(pair.name + "=" + pair.text)
	}
	return b.String()
}

// doc is the request as an object literal.
func (c contractCall) doc() ts.Doc {
	members := []ts.Doc{ts.Text("method: " + ts.Quote(c.method)), c.pathDoc()}
	if headers := c.headersDoc(); headers != nil {
		members = append(members, headers)
	}
	if c.body != nil {
		members = append(members, c.body)
	}
	if c.security != nil {
		members = append(members, c.security)
	}
	return ts.Expanded(members...)
}

func (c contractCall) pathDoc() ts.Doc { return stringMember("path", c.url()) }

func (c contractCall) headersDoc() ts.Doc {
	var rows []ts.Doc
	for _, h := range c.headers {
		rows = append(rows, stringMember(ts.PropertyKey(h.name), h.text))
	}
	if len(c.cookies) > 0 {
		var pairs []string
		for _, cookie := range c.cookies {
			pairs = append(pairs, cookie.name+"="+cookie.text)
		}
		rows = append(rows, stringMember("cookie", strings.Join(pairs, "; ")))
	}
	if len(rows) == 0 {
		return nil
	}
	return ts.Cat(ts.Text("headers: "), ts.Expanded(rows...))
}

// stringMember is a property with a text that may be too long for its line.
func stringMember(key, text string) ts.Doc { return declare.MemberDoc(key, text) }
