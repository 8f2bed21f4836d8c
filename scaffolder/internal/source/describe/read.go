package describe

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// merged is what all handlers of an endpoint read of one part of the request.
func (c *chain) merged(p handler.Part) *handler.Node {
	var out *handler.Node
	for _, l := range c.links {
		if p == handler.Query && c.prepares(l) {
			continue
		}
		if n := l.facts.Parts[p]; n != nil {
			if out == nil {
				out = &handler.Node{Name: n.Name, At: n.At}
			}
			merge(out, n)
		}
	}
	return out
}

// prepares says whether a handler only gets the query ready for routes that want it, and
// this one does not: it stands before all of them, refuses nothing, and neither the query
// nor what it puts on the request is read by the route's own handlers.
func (c *chain) prepares(l link) bool {
	if l.step.Own || !l.facts.Next || len(l.facts.Checks) > 0 || len(l.facts.Throws) > 0 || len(l.facts.Sends) > 0 {
		return false
	}
	for _, own := range c.links {
		if !own.step.Own {
			continue
		}
		if own.facts.Reads(handler.Query) {
			return false
		}
		for name := range l.facts.Sets {
			if _, read := own.facts.Properties[name]; read {
				return false
			}
		}
	}
	return true
}

func merge(into, from *handler.Node) {
	into.Number, into.Integer = into.Number || from.Number, into.Integer || from.Integer
	into.Boolean, into.Text = into.Boolean || from.Boolean, into.Text || from.Text
	into.List, into.Whole, into.Date = into.List || from.List, into.Whole || from.Whole, into.Date || from.Date
	into.Needed = into.Needed || from.Needed
	into.Mixed = into.Mixed || from.Mixed
	into.Given = append(slices.Clone(into.Given), from.Given...)
	into.Defaults = append(append([]eval.Value{}, into.Defaults...), from.Defaults...)
	into.Types = append(append([]handler.TypeAt{}, into.Types...), from.Types...)
	into.Equals = append(append([]eval.Value{}, into.Equals...), from.Equals...)
	if from.Items != nil {
		if into.Items == nil {
			into.Items = &handler.Node{Name: "[]", At: from.Items.At}
		}
		merge(into.Items, from.Items)
	}
	for _, c := range from.Children {
		merge(into.Child(c.Name, c.At), c)
	}
}

// used is the schema that the use of a value tells: text says that it comes as text, as
// all parts but the body do.
func used(n *handler.Node, text bool) *api.Schema {
	s := &api.Schema{}
	switch {
	case len(n.Children) > 0:
		s.Types = []api.Type{api.Object}
		for _, c := range n.Children {
			s.Properties = append(s.Properties, &api.Property{Name: c.Name, Schema: used(c, text)})
			if c.Needed {
				s.Required = append(s.Required, c.Name)
			}
		}
		return s
	case n.List:
		s.Types = []api.Type{api.Array}
		s.Items = &api.Schema{}
		if n.Items != nil {
			s.Items = used(n.Items, text)
		}
		return s
	case n.Integer:
		s.Types = []api.Type{api.Integer}
	case n.Boolean && !n.Number && (!text || !n.Text || onlyTruths(n)):
		s.Types = []api.Type{api.Boolean}
	case n.Number:
		s.Types = []api.Type{api.Numeric}
	case n.Text || text:
		s.Types = []api.Type{api.String}
	}
	if n.Number && !n.Integer && wholeDefaults(n) {
		s.Types = []api.Type{api.Integer}
	}
	if onlyTruths(n) && text {
		s.Types = []api.Type{api.Boolean}
	}
	if d := defaultOf(n, s); d != "" {
		s.Default = d
	}
	return s
}

// onlyTruths says that a text is compared with "true" and "false" and nothing else.
func onlyTruths(n *handler.Node) bool {
	for _, v := range n.Equals {
		if v != eval.String("true") && v != eval.String("false") {
			return false
		}
	}
	return len(n.Equals) > 0
}

func wholeDefaults(n *handler.Node) bool {
	for _, v := range n.Defaults {
		if f, ok := v.(eval.Number); ok && float64(f) != float64(int64(f)) {
			return false
		}
	}
	return len(n.Defaults) > 0
}

// defaultOf is the one default that is taken, as JSON.
func defaultOf(n *handler.Node, s *api.Schema) api.Value {
	if len(n.Defaults) != 1 || len(s.Types) != 1 {
		return ""
	}
	switch v := n.Defaults[0].(type) {
	case eval.Number:
		if s.Types[0] == api.Integer || s.Types[0] == api.Numeric {
			return api.Value(eval.ToText(v))
		}
	case eval.String:
		if s.Types[0] == api.String {
			return api.Value(strconv.Quote(string(v)))
		}
		if _, err := strconv.ParseFloat(string(v), 64); err == nil && s.Types[0] != api.Boolean {
			return api.Value(v)
		}
	case eval.Bool:
		if s.Types[0] == api.Boolean {
			return api.Value(eval.ToText(v))
		}
	}
	return ""
}

// parameters adds what the handlers read of query, headers and cookies, and types those
// of the path.
func (d *describer) parameters(op *api.Operation, c *chain) {
	if n := c.merged(handler.Params); n != nil {
		for _, child := range n.Children {
			for _, p := range op.Parameters {
				if p.Name == child.Name && p.Schema.Pattern == "" {
					if s := used(child, true); len(s.Types) == 1 && s.Types[0] != api.Object && s.Types[0] != api.Array {
						p.Schema = &api.Schema{Types: s.Types}
					}
				}
			}
		}
	}
	if n := c.merged(handler.Query); n != nil {
		body := c.merged(handler.Body)
		for _, child := range n.Children {
			if child.Mixed && (inPath(op, child.Name) || takesBody(op.Method) && mixes(body, child.Name)) {
				continue
			}
			d.parameter(op, child, api.InQuery)
		}
	}
	if n := c.merged(handler.Headers); n != nil {
		for _, child := range n.Children {
			if !isPlumbing(child.Name) {
				d.parameter(op, child, api.InHeader)
			}
		}
	}
	if n := c.merged(handler.Cookies); n != nil {
		for _, child := range n.Children {
			if !isCredential(child.Name) || c.answering(child.Name) {
				d.parameter(op, child, api.InCookie)
			}
		}
	}
}

// isCredential says whether a cookie is one that tells who somebody is: what middleware
// reads of it is for security to say, as of the header authorization.
func isCredential(cookie string) bool {
	name := strings.ToLower(cookie)
	for _, word := range []string{"token", "jwt", "session", "auth", "connect.sid", "csrf"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return name == "sid"
}

// answering says whether the handler that answers reads a cookie itself.
func (c *chain) answering(cookie string) bool {
	if len(c.links) == 0 {
		return false
	}
	last := c.links[len(c.links)-1]
	n := last.facts.Parts[handler.Cookies]
	return last.step.Own && n != nil && slices.ContainsFunc(n.Children, func(child *handler.Node) bool { return child.Name == cookie })
}

// isPlumbing says whether a header is one that documents do not list: OpenAPI leaves
// out some, others are between the machines.
func isPlumbing(name string) bool {
	switch name {
	case "accept", "content-type", "authorization", "user-agent", "host", "cookie", "origin", "referer", "referrer", "connection",
		"content-length", "accept-encoding", "accept-language", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
		"x-real-ip", "upgrade", "cf-connecting-ip", "x-requested-with", "forwarded", "via", "range", "if-none-match",
		"if-modified-since", "x-forwarded-port", "x-forwarded-prefix", "x-client-ip", "cache-control", "pragma", "dnt", "priority", "traceparent",
		"tracestate", "baggage", "access-control-request-method", "access-control-request-headers", "transfer-encoding":
		return true
	}
	return strings.HasPrefix(name, "sec-") || strings.HasPrefix(name, "cf-")
}

func (d *describer) parameter(op *api.Operation, n *handler.Node, in api.In) {
	for _, p := range op.Parameters {
		if p.Name == n.Name && p.In == in {
			return
		}
	}
	p := &api.Parameter{Name: n.Name, In: in, Style: api.StyleForm, Explode: true, Schema: used(n, true), Required: n.Needed}
	if in == api.InHeader {
		p.Style, p.Explode = api.StyleSimple, false
	}
	if p.Schema.Is(api.Object) {
		p.Style = api.StyleDeepObject
		if in != api.InQuery {
			p.Schema = &api.Schema{Types: []api.Type{api.String}}
			p.Style = api.StyleForm
			if in == api.InHeader {
				p.Style = api.StyleSimple
			}
		}
	}
	op.Parameters = append(op.Parameters, p)
	d.fact(op, string(in)+" parameter "+n.Name, "use", n.At)
}

// takesBody says whether callers send a body with requests of a method.
func takesBody(method string) bool { return method == "POST" || method == "PUT" || method == "PATCH" }

// mixes says whether a part has a value of a name that was read from several at once.
func mixes(n *handler.Node, name string) bool {
	return n != nil && slices.ContainsFunc(n.Children, func(c *handler.Node) bool { return c.Mixed && c.Name == name })
}

func inPath(op *api.Operation, name string) bool {
	return slices.ContainsFunc(op.Parameters, func(p *api.Parameter) bool { return p.In == api.InPath && p.Name == name })
}

// body adds what the handlers read of the body.
func (d *describer) body(op *api.Operation, c *chain) {
	n := c.merged(handler.Body)
	files := d.files(c)
	if op.Method == "GET" || op.Method == "HEAD" {
		return // frameworks read no body there
	}
	if n != nil {
		query := c.merged(handler.Query)
		n.Children = slices.DeleteFunc(n.Children, func(child *handler.Node) bool {
			return child.Mixed && (inPath(op, child.Name) || !takesBody(op.Method) && mixes(query, child.Name))
		})
	}
	if n == nil && len(files) == 0 || op.Method == "DELETE" && len(files) == 0 && len(n.Children) == 0 && !n.List {
		return // what is passed on as a whole there is mostly nothing
	}
	s := &api.Schema{Types: []api.Type{api.Object}}
	at := op.At
	if n != nil {
		if s = used(n, false); len(s.Types) == 0 && n.Whole {
			s = &api.Schema{}
		}
		if len(s.Types) == 0 && !n.Whole && len(n.Children) == 0 {
			s = &api.Schema{}
		}
		s = d.stored(op, s, c)
		d.fact(op, "body", "use", n.At)
		for _, child := range n.Children {
			d.fact(op, "body field "+child.Name, "use", child.At)
		}
	}
	media := "application/json"
	if len(files) > 0 {
		media = "multipart/form-data"
		if len(s.Types) == 0 {
			s.Types = []api.Type{api.Object}
		}
		for _, f := range files {
			file := &api.Schema{Types: []api.Type{api.String}, ContentMediaType: "application/octet-stream"}
			if f.many {
				file = &api.Schema{Types: []api.Type{api.Array}, Items: file}
			}
			s.Properties = append(s.Properties, &api.Property{Name: f.name, Schema: file})
			d.fact(op, "file "+f.name, "multipart middleware", f.at)
		}
	}
	op.Body = &api.Body{Content: []*api.Media{{Type: media, Schema: s, At: at}}, Required: len(s.Required) > 0, At: at}
}
