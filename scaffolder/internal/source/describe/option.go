package describe

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
)

// options takes what the schema of a Fastify route says: the parts of the request, the
// answers, and the words of @fastify/swagger.
func (d *describer) options(op *api.Operation, e *route.Endpoint, judged map[handler.Part]bool) {
	if d.Schemas == nil || e.Layer == nil || e.Layer.Options == nil {
		return
	}
	d.joiRouter(op, e, judged)
	given, ok := d.Ev.GetMember(e.Layer.Options, "schema", e.At).(*eval.Object)
	if !ok {
		return
	}
	for _, part := range []struct {
		name string
		in   handler.Part
	}{{"body", handler.Body}, {"querystring", handler.Query}, {"query", handler.Query}, {"params", handler.Params}, {"headers", handler.Headers}} {
		v := given.Get(part.name)
		if v == nil {
			continue
		}
		s := d.Schemas.Schema(v)
		if s == nil {
			s = d.properties(v)
		}
		if s == nil {
			continue
		}
		judged[part.in] = true
		d.judge(op, schema.Check{In: part.in, Schema: s, Required: true, Library: "Fastify schema", At: e.At})
	}
	d.words(op, given)
	if answers, ok := given.Get("response").(*eval.Object); ok {
		d.declaredAnswers(op, e, answers)
	}
}

// properties is an object whose properties are schemas, as Fastify also takes it.
func (d *describer) properties(v eval.Value) *api.Schema {
	o, ok := v.(*eval.Object)
	if !ok || o.Host != nil || len(o.Keys()) == 0 {
		return nil
	}
	s := &api.Schema{Types: []api.Type{api.Object}}
	for _, k := range o.Keys() {
		inner := d.Schemas.Schema(o.Get(k))
		if inner == nil {
			return nil
		}
		set(s, k, inner, false)
	}
	return s
}

// words are what documents say and no validator judges.
func (d *describer) words(op *api.Operation, given *eval.Object) {
	for _, k := range given.Keys() {
		v := given.Get(k)
		text, _ := v.(eval.String)
		switch k {
		case "summary":
			op.Summary = string(text)
		case "description":
			op.Description = string(text)
		case "deprecated":
			op.Deprecated = v == eval.Value(eval.Bool(true))
		case "operationId":
			if text != "" && !d.ids[string(text)] {
				delete(d.ids, op.ID)
				op.ID, op.Named = string(text), true
				d.ids[op.ID] = true
			}
		case "tags":
			list, ok := v.(*eval.Array)
			if !ok {
				continue
			}
			op.Tags = nil
			for _, t := range list.Elements {
				if name, ok := t.(eval.String); ok {
					op.Tags = append(op.Tags, string(name))
				}
			}
		}
	}
}

// declaredAnswers takes the schemas of answers, by status.
func (d *describer) declaredAnswers(op *api.Operation, e *route.Endpoint, answers *eval.Object) {
	for _, k := range answers.Keys() {
		status := strings.ToUpper(k)
		v := answers.Get(k)
		s := d.Schemas.Schema(v)
		if o, ok := v.(*eval.Object); ok && s == nil {
			s = d.contentOf(o)
		}
		d.declaredAnswer(op, status, s, e.At, "Fastify schema")
	}
}

// declaredAnswer takes the schema of the answers of a status; nil where only the status is
// declared.
func (d *describer) declaredAnswer(op *api.Operation, status string, s *api.Schema, at eval.Place, from string) {
	var r *api.Response
	for _, have := range op.Responses {
		if have.Status == status {
			r = have
		}
	}
	if r == nil {
		r = &api.Response{Status: status, Description: statusText(status)}
		op.Responses = append(op.Responses, r)
	}
	if s == nil {
		return
	}
	if s.Description != "" {
		r.Description = s.Description
	}
	d.fact(op, "status "+status, from, at)
	if n := s.Target(); n != nil && len(n.Types) == 1 && n.Types[0] == api.Null {
		r.Content = nil
		return
	}
	r.Content = []*api.Media{{Type: "application/json", Schema: s, At: position(at)}}
}

// contentOf is the schema of an answer that is given by media type.
func (d *describer) contentOf(o *eval.Object) *api.Schema {
	content, ok := o.Get("content").(*eval.Object)
	if !ok {
		return nil
	}
	for _, media := range content.Keys() {
		if one, ok := content.Get(media).(*eval.Object); ok {
			return d.Schemas.Schema(one.Get("schema"))
		}
	}
	return nil
}

func statusText(status string) string {
	if n, err := strconv.Atoi(status); err == nil && http.StatusText(n) != "" {
		return http.StatusText(n)
	}
	return "Status " + status
}
