package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
)

// contractCall is a request, as the test sends it.
type contractCall struct {
	method   string
	base     string
	segments routePath
	path     map[string]string // placeholder -> encoded text
	query    []callValue
	headers  []callValue
	cookies  []callValue
	body     doc // members of the Call; nil: none
	json     any // the JSON value of the body, for changes
	jsonOf   *api.Schema
	security doc
}

// callValue is a name with an encoded text; parameter is where it comes from.
type callValue struct {
	name, text string
	parameter  *api.Parameter
}

// validCall makes a request that the document allows, or says why it cannot.
func (p *project) validCall(op *operation) (contractCall, string) {
	c := contractCall{method: op.api.Method, base: p.api.BasePath, segments: op.path, path: map[string]string{}}
	for _, parameter := range op.api.Parameters {
		if isReservedHeader(parameter) {
			continue
		}
		v, ok := sampleOf(parameter)
		if ok {
			ok = c.add(parameter, v)
		}
		if !ok && (parameter.Required || parameter.In == api.InPath) {
			return c, "No value was found for the parameter " + lineComment(quote(parameter.Name))
		}
	}
	if op.api.Body != nil && len(op.api.Body.Content) > 0 {
		if !c.addBody(op.api.Body) && op.api.Body.Required {
			return c, "No value was found for the body"
		}
	}
	if wantsCredentials(op) {
		c.security = p.securityDoc(op)
	}
	return c, ""
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
		return sample.From(parameterSchema(parameter), examples, sample.Request)
	}
	return sample.ForForm(parameterSchema(parameter), examples, sample.Request)
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
			c.headers = append(c.headers, callValue{keyOf(parameter), text, parameter})
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
	for _, segment := range c.segments.segments {
		b.WriteByte('/')
		for _, piece := range segment {
			if piece.text != "" {
				b.WriteString(encodePath(piece.text))
			} else {
				b.WriteString(c.path[piece.name])
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
func (c contractCall) doc() doc {
	members := []doc{docText("method: " + quote(c.method)), c.pathDoc()}
	if headers := c.headersDoc(); headers != nil {
		members = append(members, headers)
	}
	if c.body != nil {
		members = append(members, c.body)
	}
	if c.security != nil {
		members = append(members, c.security)
	}
	return expanded(members...)
}

func (c contractCall) pathDoc() doc { return stringMember("path", c.url()) }

func (c contractCall) headersDoc() doc {
	var rows []doc
	for _, h := range c.headers {
		rows = append(rows, stringMember(propertyKey(h.name), h.text))
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
	return cat(docText("headers: "), expanded(rows...))
}

// stringMember is a property with a text that may be too long for its line.
func stringMember(key, text string) doc { return memberDoc(key, text) }
