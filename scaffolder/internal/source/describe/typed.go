package describe

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// typed takes what the types of a handler's parameters say of parts that no schema
// judges: Request<Params, Answer, Body, Query> of Express, FastifyRequest<{Body: …}>,
// and Response<Answer>.
func (d *describer) typed(op *api.Operation, c *chain, judged map[handler.Part]bool) {
	if d.Types == nil {
		return
	}
	d.typedParts(op, c, judged)
	for _, l := range c.links {
		for _, f := range l.facts.Answering {
			d.typedResult(op, f)
		}
		for _, f := range l.facts.Functions {
			if f.Module == nil {
				continue
			}
			for _, p := range f.Parameters {
				if t, ok := p.Type.(*syntax.TypeReference); ok {
					d.typedParameter(op, t, f, judged)
				}
			}
		}
	}
}

// typedParts takes the types that the parts of the request, or values in the body, are
// said to have: req.body as T, or create(req.body) where create takes a T.
func (d *describer) typedParts(op *api.Operation, c *chain, judged map[handler.Part]bool) {
	for _, in := range []handler.Part{handler.Body, handler.Query, handler.Params} {
		n := c.merged(in)
		if n == nil || judged[in] {
			continue
		}
		if d.typedNode(op, in, n, nil) && in == handler.Body {
			continue
		}
		for _, child := range n.Children {
			d.typedNode(op, in, child, []string{child.Name})
		}
	}
}

// typedNode takes the first type of a value that says something, and says whether there
// is one.
func (d *describer) typedNode(op *api.Operation, in handler.Part, n *handler.Node, path []string) bool {
	for _, t := range n.Types {
		s := d.Types.Type(t.Type, t.Module)
		if s == nil || !says(s) {
			continue
		}
		at := eval.Place{File: t.Module.File, Span: t.Type.Range()}
		d.judge(op, schema.Check{In: in, Path: path, Schema: s, Required: in == handler.Body && path == nil, Library: "type", At: at})
		return true
	}
	return false
}

func (d *describer) typedParameter(op *api.Operation, t *syntax.TypeReference, f *eval.Function, judged map[handler.Part]bool) {
	name := lastName(t.Name)
	at := eval.Place{File: f.Module.File, Span: t.Span}
	part := func(in handler.Part, typ syntax.Type) {
		if s := d.Types.Type(typ, f.Module); s != nil && !judged[in] && says(s) {
			d.judge(op, schema.Check{In: in, Schema: s, Required: in == handler.Body, Library: "type", At: at})
		}
	}
	switch {
	case name == "FastifyRequest" && len(t.Arguments) > 0:
		if generics, ok := t.Arguments[0].(*syntax.ObjectType); ok {
			for _, m := range generics.Members {
				if field, ok := m.(*syntax.Field); ok {
					key, _ := syntax.KeyName(field.Key)
					if in, ok := fastifyParts[key]; ok {
						part(in, field.Type)
					}
				}
			}
		}
	case strings.HasSuffix(name, "Request") && len(t.Arguments) > 1:
		for i, in := range []handler.Part{handler.Params, "", handler.Body, handler.Query} {
			if i < len(t.Arguments) && in != "" {
				part(in, t.Arguments[i])
			}
		}
		d.typedAnswer(op, t.Arguments[1], f, at)
	case name == "Response" && len(t.Arguments) > 0:
		d.typedAnswer(op, t.Arguments[0], f, at)
	}
}

var fastifyParts = map[string]handler.Part{"Body": handler.Body, "Querystring": handler.Query, "Params": handler.Params, "Headers": handler.Headers}

// says whether a type says more than that something is an object.
func says(s *api.Schema) bool {
	t := s.Target()
	return t != nil && (len(t.Properties) > 0 || len(t.AllOf) > 0 || len(t.AnyOf) > 0 || t.HasEnum || t.Is(api.Array))
}

// typedAnswer takes the type of a successful answer, where one in JSON is sent.
func (d *describer) typedAnswer(op *api.Operation, t syntax.Type, f *eval.Function, at eval.Place) {
	s := d.Types.Type(t, f.Module)
	if s == nil || !says(s) {
		return
	}
	for _, r := range op.Responses {
		if !strings.HasPrefix(r.Status, "2") {
			continue
		}
		for _, m := range r.Content {
			if m.Type == "application/json" {
				m.Schema = s
				d.fact(op, "status "+r.Status, "type", at)
			}
		}
	}
}

func lastName(e syntax.Expression) string {
	switch x := e.(type) {
	case *syntax.Identifier:
		return x.Name
	case *syntax.MemberExpression:
		return lastName(x.Property)
	}
	return ""
}

// typedResult takes the type that a method says its result has, where what is sent is not
// known better.
func (d *describer) typedResult(op *api.Operation, f *eval.Function) {
	n, ok := f.Node.(*syntax.Function)
	if !ok || n.ReturnType == nil {
		return
	}
	t := n.ReturnType
	if ref, ok := t.(*syntax.TypeReference); ok && lastName(ref.Name) == "Promise" && len(ref.Arguments) == 1 {
		t = ref.Arguments[0]
	}
	known := slices.ContainsFunc(op.Responses, func(r *api.Response) bool {
		return strings.HasPrefix(r.Status, "2") && slices.ContainsFunc(r.Content, func(m *api.Media) bool { return !m.Schema.IsAny() })
	})
	if !known {
		d.typedAnswer(op, t, f, eval.Place{File: f.Module.File, Span: t.Range()})
	}
}
