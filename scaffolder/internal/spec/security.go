package spec

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func (r *reader) securityScheme(p pair) {
	n := r.follow(p.value)
	if !n.ok() || !r.want(n, n.isMap(), "a security scheme", "a mapping") {
		return
	}
	s := &api.SecurityScheme{
		Name:         p.name,
		Type:         api.SchemeType(n.string("type")),
		Description:  n.string("description"),
		Deprecated:   n.bool("deprecated", false),
		Scheme:       strings.ToLower(n.string("scheme")),
		BearerFormat: n.string("bearerFormat"),
		OpenIDURL:    n.string("openIdConnectUrl"),
		At:           p.key.at(),
	}
	switch s.Type {
	case api.SchemeAPIKey:
		s.In, s.KeyName = api.In(n.string("in")), n.string("name")
		if s.KeyName == "" || s.In != api.InHeader && s.In != api.InQuery && s.In != api.InCookie {
			r.fail(n, "give it a name, and in: header, query or cookie", "the API key %q does not say where it stands", short(p.name))
		}
	case api.SchemeHTTP:
		if s.Scheme == "" {
			r.fail(n, "write for example scheme: bearer", "the security scheme %q has no scheme", short(p.name))
		}
	case api.SchemeOAuth2:
		s.Flows = flows(n.get("flows"))
	case api.SchemeOpenID, api.SchemeMutualTLS:
	case "basic": // Swagger 2.0
		r.warn(n, "old-keyword", "write type: http, scheme: basic", "the type basic is of Swagger 2.0")
		s.Type, s.Scheme = api.SchemeHTTP, "basic"
	default:
		r.fail(n, "a type is one of apiKey, http, oauth2, openIdConnect, mutualTLS", "the security scheme %q has the unknown type %q", short(p.name), short(string(s.Type)))
	}
	r.api.Security = append(r.api.Security, s)
}

func flows(n node) []api.Flow {
	var out []api.Flow
	for _, p := range n.pairs() {
		if strings.HasPrefix(p.name, "x-") {
			continue
		}
		f := api.Flow{
			Kind:             p.name,
			AuthorizationURL: p.value.string("authorizationUrl"),
			TokenURL:         p.value.string("tokenUrl"),
			RefreshURL:       p.value.string("refreshUrl"),
		}
		for _, s := range p.value.get("scopes").pairs() {
			f.Scopes = append(f.Scopes, api.Scope{Name: s.name, Description: s.value.text()})
		}
		out = append(out, f)
	}
	return out
}

// requirements reads a list of alternatives. A scheme that is not defined is a
// problem, never passed over: the operation would stand open.
func (r *reader) requirements(n node) []api.Requirement {
	if !n.ok() || n.isNull() || !r.want(n, n.isSequence(), "security", "a list") {
		return nil
	}
	var out []api.Requirement
	for _, alternative := range n.items() {
		requirement := api.Requirement{}
		for _, p := range alternative.pairs() {
			scheme := r.scheme(p.name)
			if scheme == nil {
				r.fail(p.key, "define it under components.securitySchemes", "the security scheme %q is not defined", short(p.name))
				continue
			}
			requirement = append(requirement, api.Use{Scheme: scheme, Scopes: texts(p.value)})
		}
		out = append(out, requirement)
	}
	return out
}

func (r *reader) scheme(name string) *api.SecurityScheme {
	for _, s := range r.api.Security {
		if s.Name == name {
			return s
		}
	}
	return nil
}
