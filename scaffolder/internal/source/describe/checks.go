package describe

import (
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
)

// judged is what schemas say of the request of an endpoint.
type judged struct {
	whole  map[handler.Part][]schema.Check // of a part as a whole
	fields map[handler.Part][]schema.Check // of a value in it
}

// judged collects the checks of all handlers, and of the options of the route.
func (d *describer) judged(e *route.Endpoint, c *chain) judged {
	j := judged{whole: map[handler.Part][]schema.Check{}, fields: map[handler.Part][]schema.Check{}}
	seen := map[*eval.Term]bool{}
	take := func(t *eval.Term) {
		if seen[t] {
			return
		}
		seen[t] = true
		for _, check := range d.schemas.Checks(t) {
			if len(check.Path) == 0 {
				j.whole[check.In] = append(j.whole[check.In], check)
			} else {
				j.fields[check.In] = append(j.fields[check.In], check)
			}
		}
	}
	for _, l := range c.links {
		for _, one := range eval.Alternatives(l.step.Handler) {
			if t, ok := one.(*eval.Term); ok {
				take(t)
			}
		}
		for _, t := range l.facts.Calls {
			take(t)
		}
		for _, check := range l.facts.Checks {
			take(check.Term)
		}
	}
	if o := e.Layer.Options; o != nil {
		d.declared(e, o, &j)
	}
	return j
}

// declared takes the schemas that a route is registered with: schema of Fastify,
// validate of koa-joi-router.
func (d *describer) declared(e *route.Endpoint, options eval.Value, j *judged) {
	for _, name := range []string{"schema", "validate"} {
		s, ok := d.Ev.GetMember(options, name, e.At).(*eval.Object)
		if !ok {
			continue
		}
		for _, key := range s.Keys() {
			part := map[string]handler.Part{
				"body": handler.Body, "querystring": handler.Query, "query": handler.Query, "params": handler.Params, "headers": handler.Headers, "header": handler.Headers,
			}[key]
			if part == "" {
				continue
			}
			if read := d.schemas.Schema(d.Ev.GetMember(s, key, e.At)); read != nil {
				j.whole[part] = append(j.whole[part], schema.Check{In: part, Schema: read, Required: true, Library: "the route's schema", At: e.At})
			}
		}
	}
}

// properties are the members that the checks of a part name, with whether they must be
// there.
func (j judged) properties(p handler.Part) (list []member, found bool) {
	for _, check := range j.whole[p] {
		found = true
		collect(check.Schema, check, &list, 0)
	}
	for _, check := range j.fields[p] {
		if len(check.Path) == 1 {
			found = true
			add(&list, member{check.Path[0], check.Schema, check.Required, check})
		}
	}
	return list, found
}

type member struct {
	name     string
	schema   *api.Schema
	required bool
	check    schema.Check
}

func add(list *[]member, m member) {
	for _, have := range *list {
		if have.name == m.name {
			return
		}
	}
	*list = append(*list, m)
}

func collect(s *api.Schema, check schema.Check, list *[]member, depth int) {
	s = s.Target()
	if s == nil || depth > 8 {
		return
	}
	for _, p := range s.Properties {
		add(list, member{p.Name, p.Schema, s.Requires(p.Name), check})
	}
	for _, inner := range s.AllOf {
		collect(inner, check, list, depth+1)
	}
	if s.Ref != nil {
		collect(s.Ref, check, list, depth+1)
	}
}

// bodySchema is the schema of the body by the checks; nil where none judges it.
func (j judged) bodySchema(n *handler.Node) *api.Schema {
	var all []*api.Schema
	for _, check := range j.whole[handler.Body] {
		same := false
		for _, have := range all {
			same = same || equal(have, check.Schema)
		}
		if !same {
			all = append(all, check.Schema)
		}
	}
	switch {
	case len(all) == 1 && len(j.fields[handler.Body]) == 0:
		return all[0]
	case len(all) > 1:
		return &api.Schema{AllOf: all}
	case len(j.fields[handler.Body]) == 0:
		return nil
	}
	s := &api.Schema{Types: []api.Type{api.Object}}
	if len(all) == 1 {
		s = all[0]
	} else if n != nil {
		s = used(n, false)
		s.Types = []api.Type{api.Object}
	}
	for _, check := range j.fields[handler.Body] {
		put(s, check.Path, check)
	}
	return s
}

// put sets the schema of a value in an object schema.
func put(s *api.Schema, path []string, check schema.Check) {
	name := path[0]
	if name == "*" || name == "[]" {
		s.Types = []api.Type{api.Array}
		if s.Items == nil {
			s.Items = &api.Schema{}
		}
		if len(path) > 1 {
			put(s.Items, path[1:], check)
		} else {
			s.Items = check.Schema
		}
		return
	}
	if len(s.Types) == 0 {
		s.Types = []api.Type{api.Object}
	}
	var p *api.Property
	for _, have := range s.Properties {
		if have.Name == name {
			p = have
		}
	}
	if p == nil {
		p = &api.Property{Name: name, Schema: &api.Schema{}}
		s.Properties = append(s.Properties, p)
	}
	if len(path) > 1 {
		inner := *p.Schema
		put(&inner, path[1:], check)
		p.Schema = &inner
		return
	}
	p.Schema = check.Schema
	if check.Required && !s.Requires(name) {
		s.Required = append(s.Required, name)
	}
}

// checkedParameters adds the parameters that schemas name; those that only use names
// come after them.
func (d *describer) checkedParameters(op *api.Operation, j judged) {
	for _, in := range []struct {
		part handler.Part
		in   api.In
	}{{handler.Params, api.InPath}, {handler.Query, api.InQuery}, {handler.Headers, api.InHeader}, {handler.Cookies, api.InCookie}} {
		list, _ := j.properties(in.part)
		for _, m := range list {
			d.checkedParameter(op, in.in, m)
		}
	}
}

func (d *describer) checkedParameter(op *api.Operation, in api.In, m member) {
	name := m.name
	if in == api.InHeader {
		name = strings.ToLower(name)
		if isPlumbing(name) {
			return
		}
	}
	for _, p := range op.Parameters {
		if p.Name == name && p.In == in {
			p.Schema, p.Required = m.schema, p.Required || m.required
			p.Description = m.schema.Description
			d.fact(op, string(in)+" parameter "+name, m.check.Library, m.check.At)
			return
		}
	}
	if in == api.InPath {
		return // the path has no such parameter
	}
	p := &api.Parameter{Name: name, In: in, Required: m.required, Schema: m.schema, Style: api.StyleForm, Explode: true}
	if in == api.InHeader {
		p.Style, p.Explode = api.StyleSimple, false
	}
	if t := m.schema.Target(); t != nil && t.Is(api.Object) && in == api.InQuery {
		p.Style = api.StyleDeepObject
	}
	op.Parameters = append(op.Parameters, p)
	d.fact(op, string(in)+" parameter "+name, m.check.Library, m.check.At)
}

// declaredAnswers adds the answers that a route of Fastify declares.
func (d *describer) declaredAnswers(op *api.Operation, e *route.Endpoint) {
	if e.Layer.Options == nil {
		return
	}
	s, ok := d.Ev.GetMember(e.Layer.Options, "schema", e.At).(*eval.Object)
	if !ok {
		return
	}
	d.texts(op, s, e)
	answers, ok := d.Ev.GetMember(s, "response", e.At).(*eval.Object)
	if !ok {
		return
	}
	for _, status := range answers.Keys() {
		v := d.Ev.GetMember(answers, status, e.At)
		read := d.schemas.Schema(v)
		r := d.answer(op, strings.ToUpper(status))
		if s, ok := d.Ev.GetMember(v, "description", e.At).(eval.String); ok {
			r.Description = string(s)
		}
		d.fact(op, "status "+r.Status, "the route's schema", e.At)
		if t := read.Target(); read == nil || t != nil && len(t.Types) == 1 && t.Types[0] == api.Null {
			continue
		}
		r.Content = []*api.Media{{Type: "application/json", Schema: read}}
	}
}

// answer is the response of a status, made where it is not there.
func (d *describer) answer(op *api.Operation, status string) *api.Response {
	at := len(op.Responses)
	for i, r := range op.Responses {
		if r.Status == status {
			return r
		}
		if r.Status > status && i < at {
			at = i
		}
	}
	r := &api.Response{Status: status, Description: status}
	if n, err := strconv.Atoi(status); err == nil {
		r.Description = statusText(n)
	}
	op.Responses = append(op.Responses[:at], append([]*api.Response{r}, op.Responses[at:]...)...)
	return r
}

// texts takes summary, description, tags, operationId and deprecated of a route's schema.
func (d *describer) texts(op *api.Operation, s *eval.Object, e *route.Endpoint) {
	text := func(name string) string {
		v, _ := d.Ev.GetMember(s, name, e.At).(eval.String)
		return string(v)
	}
	op.Summary, op.Description = text("summary"), text("description")
	op.ID = text("operationId")
	if truth, ok := eval.Truth(d.Ev.GetMember(s, "deprecated", e.At)); ok {
		op.Deprecated = truth
	}
	if list, ok := d.Ev.GetMember(s, "tags", e.At).(*eval.Array); ok {
		for _, t := range list.Elements {
			if name, ok := t.(eval.String); ok {
				op.Tags = append(op.Tags, string(name))
			}
		}
	}
}
