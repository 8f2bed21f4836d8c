package restapi

import (
	"fmt"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

// security lets callers act as one of the roles that a token names.
func (m *maker) security() {
	if len(m.options.Roles) == 0 {
		return
	}
	token := &api.SecurityScheme{Name: "token", Type: api.SchemeHTTP, Scheme: "bearer", BearerFormat: "JWT",
		Description: "The claim role is the role of the database that the request acts as."}
	m.service.API.Security = append(m.service.API.Security, token)
	m.access = []api.Requirement{{{Scheme: token}}}
}

// errors makes the schema of every answer that is no success.
func (m *maker) errors() {
	str := func() *api.Schema { return &api.Schema{Types: []api.Type{api.String}} }
	detail := object(property("field", str()), property("message", str()))
	constraint := str()
	constraint.Description = "The CHECK constraint that the value breaks."
	detail.Properties = append(detail.Properties, property("constraint", constraint))
	problem := object(property("code", str()), property("message", str()), property("details", &api.Schema{Types: []api.Type{api.Array}, Items: detail}))
	m.forms["Error"] = m.named(m.names.unique("Error"), object(property("error", problem), property("meta", object(property("requestId", str())))))
}

func property(name string, s *api.Schema) *api.Property { return &api.Property{Name: name, Schema: s} }

// object is an object that has all of its properties.
func object(properties ...*api.Property) *api.Schema {
	s := &api.Schema{Types: []api.Type{api.Object}, Properties: properties, RequiresBothWays: true}
	for _, p := range properties {
		s.Required = append(s.Required, p.Name)
	}
	return s
}

// operations adds those of a resource.
func (m *maker) operations(r *Resource) {
	m.service.API.Tags = append(m.service.API.Tags, api.Tag{Name: r.Name, Description: r.Table.Comment})
	many, one := pascal(r.Name), r.Row
	add := func(a Action, method, path, verb, name, summary string) *api.Operation {
		a.Resource = r
		op := &api.Operation{
			ID: m.operationID(verb, name), Named: true, Method: method, Path: path, Summary: summary, Tags: []string{r.Name}, Security: m.access,
		}
		m.service.API.Operations = append(m.service.API.Operations, op)
		m.service.Actions[op.ID] = &a
		return op
	}
	list := add(Action{Verb: List}, "GET", r.Path, "list", many, "List rows of "+r.Table.Name)
	m.list(r, list)
	if r.Input != "" {
		m.create(r, add(Action{Verb: Create}, "POST", r.Path, "create", one, "Insert a row into "+r.Table.Name))
		if m.options.Bulk {
			m.bulk(r, add(Action{Verb: Bulk}, "POST", r.Path+"/bulk", "create", many+"InBulk", "Insert many rows into "+r.Table.Name+", or none"))
		}
	}
	if len(r.Key) == 0 {
		return
	}
	path := m.itemPath(r)
	m.get(r, add(Action{Verb: Get}, "GET", path, "get", one, "Get a row of "+r.Table.Name))
	if r.Input != "" && r.Patch != "" {
		m.write(r, add(Action{Verb: Replace}, "PUT", path, "replace", one, "Replace a row of "+r.Table.Name), r.Input)
	}
	if r.Patch != "" {
		m.write(r, add(Action{Verb: Update}, "PATCH", path, "update", one, "Change a row of "+r.Table.Name), r.Patch)
	}
	if r.SoftDelete != nil || r.Table.CanDelete {
		op := add(Action{Verb: Delete}, "DELETE", path, "delete", one, "Delete a row of "+r.Table.Name)
		op.Parameters = append(m.keyParameters(r), m.ifMatch())
		op.Responses = []*api.Response{{Status: "204", Description: "It is gone"}}
		m.failures(op, "400", "404", "409", "412")
	}
	m.nested(r, path, add)
}

// nested adds lists of the rows that refer to a row of r.
func (m *maker) nested(r *Resource, path string, add func(Action, string, string, string, string, string) *api.Operation) {
	for _, child := range m.service.Resources {
		var through []*relation.ForeignKey
		for _, f := range child.Table.ForeignKeys {
			if f.Table == r.Table && sameColumns(f.Targets, r.Table.Key) {
				through = append(through, f)
			}
		}
		for _, f := range through {
			segment, name := child.Name, pascal(child.Name)
			if len(through) > 1 {
				by := nameOfKey(child, f)
				segment, name = segment+"-by-"+kebab(by), name+"By"+pascal(by)
			}
			op := add(Action{Verb: Nested, Parent: r, Through: f}, "GET", path+"/"+segment, "list", name+"Of"+r.Row,
				fmt.Sprintf("List rows of %s that refer to one of %s", child.Table.Name, r.Table.Name))
			op.Tags = []string{child.Name}
			m.service.Actions[op.ID].Resource = child
			op.Parameters = m.keyParameters(r)
			m.list(child, op)
		}
	}
}

func nameOfKey(r *Resource, f *relation.ForeignKey) string {
	for _, e := range r.Expands {
		if e.Key == f {
			return e.Name
		}
	}
	return f.Name
}

func sameColumns(a, b []*relation.Column) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		found := false
		for _, y := range b {
			found = found || x == y
		}
		if !found {
			return false
		}
	}
	return true
}

func (m *maker) operationID(verb, name string) string { return m.names.unique(verb + name) }

func (m *maker) itemPath(r *Resource) string {
	path := r.Path
	for _, f := range r.Key {
		path += "/{" + f.Name + "}"
	}
	return path
}

func (m *maker) keyParameters(r *Resource) []*api.Parameter {
	var out []*api.Parameter
	for _, f := range r.Key {
		out = append(out, m.parameter(r.Row+".key."+f.Name, func() *api.Parameter {
			return &api.Parameter{Name: f.Name, In: api.InPath, Required: true, Style: api.StyleSimple, Schema: m.schemaOf(f.Column.Type), Description: f.Column.Comment}
		}))
	}
	return out
}

func jsonBody(s *api.Schema) []*api.Media { return []*api.Media{{Type: "application/json", Schema: s}} }

// answer is a success in the envelope that all share.
func (m *maker) answer(status, description string, data *api.Schema) *api.Response {
	meta := m.form("Meta", func() *api.Schema {
		return object(property("requestId", &api.Schema{Types: []api.Type{api.String}}))
	})
	return &api.Response{Status: status, Description: description, Content: jsonBody(object(property("data", data), property("meta", meta)))}
}

// page is a success with rows, and where the next ones are.
func (m *maker) page(r *Resource) *api.Response {
	return m.response(r.Row+"Page", func() *api.Response { return m.newPage(r) })
}

func (m *maker) newPage(r *Resource) *api.Response {
	meta := m.form("PageMeta", func() *api.Schema {
		s := object(property("requestId", &api.Schema{Types: []api.Type{api.String}}))
		s.Properties = append(s.Properties, property("next", &api.Schema{Types: []api.Type{api.String}, Description: "The path of the next page; not there on the last one."}))
		return s
	})
	rows := &api.Schema{Types: []api.Type{api.Array}, Items: m.ref(r.View)}
	return &api.Response{
		Status: "200", Description: "A page of rows", Content: jsonBody(object(property("data", rows), property("meta", meta))),
		Headers: []*api.Header{header("Link", "The next page, with rel=next", false)},
	}
}

func (m *maker) ref(name string) *api.Schema { return &api.Schema{Ref: m.schemas[name]} }

var failureTexts = map[string]string{
	"400": "The request is not valid", "401": "Credentials are missing or wrong", "403": "The caller may not do that", "404": "There is no such row",
	"409": "It is in conflict with another row", "412": "The row is not as If-Match says", "422": "A row that it refers to does not exist",
	"503": "The database cannot answer now",
}

func (m *maker) failures(op *api.Operation, statuses ...string) {
	all := append(statuses, "403", "503")
	if len(m.access) > 0 {
		all = append(all, "401")
	}
	for _, status := range []string{"400", "401", "403", "404", "409", "412", "422", "503"} {
		for _, s := range all {
			if s == status {
				op.Responses = append(op.Responses, m.response("Failure"+status, func() *api.Response {
					return &api.Response{Status: status, Description: failureTexts[status], Content: jsonBody(&api.Schema{Ref: m.forms["Error"]})}
				}))
			}
		}
	}
}

func header(name, description string, required bool) *api.Header {
	return &api.Header{Name: name, Description: description, Required: required, Schema: &api.Schema{Types: []api.Type{api.String}}}
}

func (m *maker) list(r *Resource, op *api.Operation) {
	op.Parameters = append(op.Parameters, m.listParameters(r)...)
	op.Responses = []*api.Response{m.page(r)}
	if len(op.Parameters) > 0 && op.Parameters[0].In == api.InPath {
		m.failures(op, "400", "404")
		return
	}
	m.failures(op, "400")
}

func (m *maker) create(r *Resource, op *api.Operation) {
	op.Body = &api.Body{Required: true, Content: jsonBody(m.ref(r.Input))}
	ok := m.answer("201", "The row", m.ref(r.Row))
	if len(r.Key) > 0 {
		ok.Headers = []*api.Header{header("Location", "Where the row is", true), header("ETag", "The state of the row", true)}
	}
	op.Responses = []*api.Response{ok}
	m.failures(op, "400", "409", "422")
}

// most is how many rows a bulk insert takes.
const most = "1000"

func (m *maker) bulk(r *Resource, op *api.Operation) {
	op.Body = &api.Body{Required: true, Content: jsonBody(&api.Schema{Types: []api.Type{api.Array}, MinItems: "1", MaxItems: most, Items: m.ref(r.Input)})}
	op.Responses = []*api.Response{m.answer("201", "The rows", &api.Schema{Types: []api.Type{api.Array}, Items: m.ref(r.Row)})}
	m.failures(op, "400", "409", "422")
}

func (m *maker) get(r *Resource, op *api.Operation) {
	op.Parameters = append(m.keyParameters(r), m.shapeParameters(r)...)
	op.Parameters = append(op.Parameters, m.parameter("IfNoneMatch", func() *api.Parameter {
		return &api.Parameter{Name: "If-None-Match", In: api.InHeader, Style: api.StyleSimple,
			Description: "Answer 304 where the row is still in this state.", Schema: &api.Schema{Types: []api.Type{api.String}}}
	}))
	ok := m.answer("200", "The row", m.ref(r.View))
	ok.Headers = []*api.Header{header("ETag", "The state of the row; not there with fields or expand", false)}
	op.Responses = []*api.Response{ok, {Status: "304", Description: "The row is as If-None-Match says", Headers: []*api.Header{header("ETag", "The state of the row", false)}}}
	m.failures(op, "400", "404")
}

func (m *maker) write(r *Resource, op *api.Operation, body string) {
	op.Parameters = append(m.keyParameters(r), m.ifMatch())
	content := jsonBody(m.ref(body))
	if op.Method == "PATCH" {
		content = append(content, &api.Media{Type: "application/merge-patch+json", Schema: m.ref(body)})
	}
	op.Body = &api.Body{Required: true, Content: content}
	ok := m.answer("200", "The row as it is now", m.ref(r.Row))
	ok.Headers = []*api.Header{header("ETag", "The state of the row", true)}
	op.Responses = []*api.Response{ok}
	m.failures(op, "400", "404", "409", "412", "422")
}

func (m *maker) ifMatch() *api.Parameter {
	return m.parameter("IfMatch", func() *api.Parameter {
		return &api.Parameter{Name: "If-Match", In: api.InHeader, Style: api.StyleSimple,
			Description: "Do it only where the row is still in this state.", Schema: &api.Schema{Types: []api.Type{api.String}}}
	})
}
