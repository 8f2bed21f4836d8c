package openapi

import (
	"slices"
	"strconv"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// writer is what is known of the whole document while its parts are written.
type writer struct {
	// security is what the document asks of every operation that does not say
	// otherwise.
	security []api.Requirement
	// newer says that something needs OpenAPI 3.2.
	newer bool
	// parameters and answers are those that several operations share.
	parameters *components[*api.Parameter]
	answers    *components[*api.Response]
}

func document(a *api.API) *yaml.Node {
	w := &writer{security: sharedSecurity(a)}
	w.share(a.Shared)
	body := newObject()
	body.list("servers", servers(a))
	body.list("tags", tags(a))
	body.list("security", requirements(w.security))
	paths := w.paths(a.Operations)
	body.set("paths", paths.node)
	body.object("webhooks", w.paths(a.Webhooks))
	body.object("components", newObject().
		object("schemas", w.schemas(a)).
		object("parameters", w.parameters.nodes).
		object("responses", w.answers.nodes).
		object("securitySchemes", w.schemes(a)))

	version := "3.1.1"
	if w.newer {
		version = "3.2.0"
	}
	info := newObject().set("title", text(a.Title)).text("description", a.Description).set("version", text(a.Version))
	doc := newObject().text("openapi", version).object("info", info)
	doc.node.Content = append(doc.node.Content, body.node.Content...)
	return doc.node
}

// servers are those of the model. BasePath alone is one, too.
func servers(a *api.API) []*yaml.Node {
	list := a.Servers
	if len(list) == 0 && a.BasePath != "" {
		list = []api.Server{{URL: a.BasePath}}
	}
	var out []*yaml.Node
	for _, s := range list {
		out = append(out, newObject().set("url", text(s.URL)).text("description", s.Description).node)
	}
	return out
}

func tags(a *api.API) []*yaml.Node {
	var out []*yaml.Node
	for _, t := range a.Tags {
		out = append(out, newObject().set("name", text(t.Name)).text("description", t.Description).node)
	}
	return out
}

// paths groups operations by their paths, in the order in which paths come first.
func (w *writer) paths(operations []*api.Operation) object {
	out := newObject()
	items := map[string]object{}
	further := map[string]object{}
	for _, op := range operations {
		item, there := items[op.Path]
		if !there {
			item = newObject()
			items[op.Path] = item
			out.set(op.Path, item.node)
		}
		if method, known := methods[op.Method]; known {
			w.newer = w.newer || op.Method == "QUERY"
			item.set(method, w.operation(op).node)
			continue
		}
		w.newer = true
		if _, there := further[op.Path]; !there {
			further[op.Path] = newObject()
			item.set("additionalOperations", further[op.Path].node)
		}
		further[op.Path].set(op.Method, w.operation(op).node)
	}
	return out
}

// methods are those that have a key of their own in a path item.
var methods = map[string]string{
	"GET": "get", "PUT": "put", "POST": "post", "DELETE": "delete", "OPTIONS": "options",
	"HEAD": "head", "PATCH": "patch", "TRACE": "trace", "QUERY": "query",
}

// sharedSecurity is what all operations ask for alike; nil where they differ.
func sharedSecurity(a *api.API) []api.Requirement {
	if len(a.Operations) == 0 {
		return nil
	}
	first := a.Operations[0].Security
	for _, op := range a.Operations {
		if !sameSecurity(op.Security, first) {
			return nil
		}
	}
	return first
}

func sameSecurity(a, b []api.Requirement) bool {
	return slices.EqualFunc(a, b, func(x, y api.Requirement) bool {
		return slices.EqualFunc(x, y, func(u, v api.Use) bool {
			return u.Scheme == v.Scheme && slices.Equal(u.Scopes, v.Scopes)
		})
	})
}

func requirements(list []api.Requirement) []*yaml.Node {
	var out []*yaml.Node
	for _, r := range list {
		one := newObject()
		for _, use := range r {
			scopes := sequence()
			scopes.Style = yaml.FlowStyle
			for _, s := range use.Scopes {
				scopes.Content = append(scopes.Content, oneLine(s))
			}
			one.set(use.Scheme.Name, scopes)
		}
		if one.empty() {
			one.node.Style = yaml.FlowStyle
		}
		out = append(out, one.node)
	}
	return out
}

func (w *writer) schemes(a *api.API) object {
	out := newObject()
	for _, s := range a.Security {
		w.newer = w.newer || s.Deprecated
		one := newObject().text("type", string(s.Type)).text("description", s.Description).
			text("in", string(s.In)).text("name", s.KeyName).
			text("scheme", s.Scheme).text("bearerFormat", s.BearerFormat).
			text("openIdConnectUrl", s.OpenIDURL).flag("deprecated", s.Deprecated)
		if s.Type == api.SchemeOAuth2 {
			one.set("flows", flows(s).node)
		}
		out.set(s.Name, one.node)
	}
	return out
}

func flows(s *api.SecurityScheme) object {
	out := newObject()
	for _, f := range s.Flows {
		scopes := newObject()
		for _, scope := range f.Scopes {
			scopes.set(scope.Name, text(scope.Description))
		}
		out.set(f.Kind, newObject().text("authorizationUrl", f.AuthorizationURL).text("tokenUrl", f.TokenURL).
			text("refreshUrl", f.RefreshURL).set("scopes", scopes.node).node)
	}
	return out
}

func rateLimit(l *api.RateLimit) object {
	out := newObject()
	if l != nil {
		out.set("limit", literal(strconv.Itoa(l.Limit))).set("window", literal(strconv.Itoa(l.Seconds)))
	}
	return out
}
