package spec

import (
	"net/url"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// document reads everything.
func (r *reader) document(doc node) {
	r.known(doc, "the document", documentKeys)
	r.duplicates(doc)
	info := r.under(doc, "info")
	r.api.Title = info.string("title")
	r.api.Version = info.string("version")
	r.api.Description = info.string("description")
	if info.isMap() {
		r.known(info, "info", infoKeys)
	}
	r.api.Servers = r.servers(r.under(doc, "servers"))
	if len(r.api.Servers) > 0 {
		r.api.BasePath = BasePath(r.api.Servers[0].URL)
	}
	for _, t := range r.under(doc, "tags").items() {
		r.api.Tags = append(r.api.Tags, api.Tag{Name: t.string("name"), Description: t.string("description")})
	}
	r.limit = r.rateLimit(doc)

	components := r.under(doc, "components")
	if components.ok() && r.want(components, components.isMap(), "components", "a mapping") {
		r.known(components, "components", componentKeys)
	}
	for _, p := range r.under(components, "schemas").pairs() {
		r.component(p.name, p.value)
	}
	for _, p := range r.under(components, "securitySchemes").pairs() {
		r.securityScheme(p)
	}
	r.security = r.requirements(doc.raw("security"))
	r.paths(doc)
	r.webhooks(r.under(doc, "webhooks"))
	r.readNamed()
	r.finish()
}

// servers reads a list of servers, with the variables' defaults in the URLs.
func (r *reader) servers(n node) []api.Server {
	var out []api.Server
	for _, s := range n.items() {
		address := s.string("url")
		for _, v := range s.get("variables").pairs() {
			address = strings.ReplaceAll(address, "{"+v.name+"}", v.value.string("default"))
		}
		out = append(out, api.Server{URL: address, Description: s.string("description")})
	}
	return out
}

// BasePath is the path of a server's URL, as it stands in a request: escaped,
// without a slash at its end. Generators may put it into code, so nothing but
// what an URL may hold is left in it, and no quote.
func BasePath(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		_, address, _ = strings.Cut(rest, "/") // the host may hold {variables}, which no URL may
	}
	u, err := url.Parse("/" + strings.TrimLeft(address, "/"))
	if err != nil || strings.ContainsAny(u.Path, "{}") {
		return ""
	}
	p := strings.Trim((&url.URL{Path: u.Path}).EscapedPath(), "/")
	if p == "" {
		return ""
	}
	return "/" + strings.NewReplacer("'", "%27", "*", "%2A").Replace(p)
}

func (r *reader) webhooks(n node) {
	for _, p := range n.pairs() {
		r.api.Webhooks = append(r.api.Webhooks, r.outgoing(p, "webhook")...)
	}
}

// outgoing reads requests that the server sends: of a webhook or a callback.
func (r *reader) outgoing(p pair, what string) []*api.Operation {
	item := r.follow(p.value)
	if !item.isMap() {
		return nil
	}
	var out []*api.Operation
	for _, m := range methods(item) {
		op := r.operation(p.name, item, m)
		if op == nil {
			continue
		}
		op.Security, op.RateLimit = nil, nil // the receiver's, not ours
		if !op.Named {
			op.ID = what + " " + p.name + " " + strings.ToLower(m.name)
		}
		out = append(out, op)
	}
	return out
}

var documentKeys = []string{"openapi", "$self", "info", "jsonSchemaDialect", "servers", "paths", "webhooks", "components", "security", "tags", "externalDocs"}

var infoKeys = []string{"title", "summary", "description", "termsOfService", "contact", "license", "version"}

var componentKeys = []string{"schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems", "mediaTypes"}
