package describe

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// security adds what the guards before the handler ask for. Each guard must be met; a
// guard that takes one of several schemes gives alternatives.
func (d *describer) security(op *api.Operation, c *chain) {
	var all api.Requirement
	optional := true // every guard may as well be none
	for _, l := range c.links {
		alternatives := eval.Alternatives(l.step.Handler)
		for _, one := range alternatives {
			f := l.facts
			if len(alternatives) > 1 {
				f = d.Reader.Read(one, l.framework)
			}
			kind := d.guard(one, f)
			if kind == "" {
				continue
			}
			optional = optional && len(alternatives) > 1 && d.anyOpen(alternatives, l.framework)
			scheme := d.scheme(kind, l)
			if !slices.ContainsFunc(all, func(u api.Use) bool { return u.Scheme == scheme }) {
				all = append(all, api.Use{Scheme: scheme})
				d.fact(op, "security "+scheme.Name, "guard", l.step.At)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	op.Security = []api.Requirement{all}
	if optional {
		op.Security = append(op.Security, api.Requirement{})
	}
	if !slices.ContainsFunc(op.Responses, func(r *api.Response) bool { return r.Status == "401" }) {
		i := slices.IndexFunc(op.Responses, func(r *api.Response) bool { return r.Status > "401" })
		if i < 0 {
			i = len(op.Responses)
		}
		op.Responses = slices.Insert(op.Responses, i, &api.Response{Status: "401", Description: "Unauthorized"})
	}
}

// anyOpen says whether one of several handlers asks for nothing.
func (d *describer) anyOpen(alternatives []eval.Value, framework string) bool {
	return slices.ContainsFunc(alternatives, func(v eval.Value) bool {
		return d.guard(v, d.Reader.Read(v, framework)) == ""
	})
}

// guard is the kind of credentials that a handler asks for: "bearer", "basic", "cookie",
// "key:Header-Name"; "" where it asks for none. Packages are known by what they are; a
// function of the project is one where it reads credentials and refuses with 401, or
// checks a token.
func (d *describer) guard(h eval.Value, f *handler.Facts) string {
	if t, ok := h.(*eval.Term); ok {
		if kind := packageGuard(t); kind != "" {
			return kind
		}
	}
	if kind := d.digest(f).guard; kind != "" {
		return kind
	}
	refuses := false
	for _, s := range f.Sends {
		refuses = refuses || s.Status == 401 || s.Status == 403
	}
	for _, t := range f.Throws {
		status := handler.ThrownStatus(d.Ev, t.Value)
		refuses = refuses || status == 401 || status == 403
	}
	if !refuses {
		return ""
	}
	for _, name := range []string{"isAuthenticated", "isUnauthenticated", "session", "user"} {
		if _, ok := f.Properties[name]; ok && f.Next {
			if name == "user" {
				continue // who is asked for may do it: no credentials are read here
			}
			return "cookie"
		}
	}
	if n := f.Parts[handler.Headers]; n != nil {
		for _, c := range n.Children {
			switch {
			case c.Name == "authorization":
				if comparesWith(c, "basic") {
					return "basic"
				}
				return "bearer"
			case strings.Contains(c.Name, "api-key") || strings.Contains(c.Name, "apikey") || strings.Contains(c.Name, "token") || strings.Contains(c.Name, "secret"):
				return "key:" + c.Name
			}
		}
	}
	if n := f.Parts[handler.Cookies]; n != nil && len(n.Children) > 0 {
		return "cookie:" + n.Children[0].Name
	}
	return ""
}

func comparesWith(n *handler.Node, word string) bool {
	for _, v := range n.Equals {
		if s, ok := v.(eval.String); ok && strings.Contains(strings.ToLower(string(s)), word) {
			return true
		}
	}
	return false
}

// packageGuard knows the packages that guard.
func packageGuard(t *eval.Term) string {
	if t.Kind != eval.Called && t.Kind != eval.Member {
		return ""
	}
	module := t.Root()
	last := calledName(t)
	switch module {
	case "passport", "koa-passport", "@fastify/passport":
		if t.Kind == eval.Called && last == "authenticate" && len(t.Args) > 0 {
			return strategy(t.Args[0])
		}
	case "express-jwt", "express-oauth2-jwt-bearer", "koa-jwt", "express-bearer-token":
		return "bearer"
	case "jsonwebtoken", "jose":
		if t.Kind == eval.Called && (last == "verify" || last == "jwtVerify") {
			return "bearer"
		}
	case "express-basic-auth", "koa-basic-auth", "basic-auth":
		return "basic"
	case "express-openid-connect", "connect-ensure-login":
		return "cookie"
	}
	if module == "" && t.Kind == eval.Called {
		if of, ok := t.Of.(*eval.Term); ok && of.Name == "request.jwtVerify" {
			return "bearer"
		}
	}
	return ""
}

// calledName is the property that a term is, or was called by: authenticate of
// passport.authenticate('jwt').
func calledName(t *eval.Term) string {
	for at := t; ; {
		if at.Kind == eval.Member {
			return at.Name
		}
		of, ok := at.Of.(*eval.Term)
		if !ok || at.Kind != eval.Called && at.Kind != eval.Made {
			return ""
		}
		at = of
	}
}

// strategy is what a strategy of passport asks for; signing in is no guard.
func strategy(v eval.Value) string {
	list := []eval.Value{v}
	if a, ok := v.(*eval.Array); ok {
		list = a.Elements
	}
	for _, one := range list {
		name := strings.ToLower(eval.ToText(one))
		switch {
		case strings.Contains(name, "jwt") || strings.Contains(name, "bearer"):
			return "bearer"
		case strings.Contains(name, "basic"):
			return "basic"
		case strings.Contains(name, "apikey") || strings.Contains(name, "api-key"):
			return "key:x-api-key"
		case strings.Contains(name, "session"):
			return "cookie"
		}
	}
	return ""
}

// scheme is the document's scheme of a kind.
func (d *describer) scheme(kind string, l link) *api.SecurityScheme {
	for _, s := range d.api.Security {
		if s.Description == kind {
			return s
		}
	}
	kindOf, name, _ := strings.Cut(kind, ":")
	s := &api.SecurityScheme{Description: kind}
	switch kindOf {
	case "bearer":
		s.Name, s.Type, s.Scheme = "bearerAuth", api.SchemeHTTP, "bearer"
	case "basic":
		s.Name, s.Type, s.Scheme = "basicAuth", api.SchemeHTTP, "basic"
	case "key":
		s.Name, s.Type, s.In, s.KeyName = "apiKey", api.SchemeAPIKey, api.InHeader, name
	default:
		if name == "" {
			name = "connect.sid"
		}
		s.Name, s.Type, s.In, s.KeyName = "cookieAuth", api.SchemeAPIKey, api.InCookie, name
	}
	for n := 2; slices.ContainsFunc(d.api.Security, func(have *api.SecurityScheme) bool { return have.Name == s.Name }); n++ {
		s.Name = strings.TrimRight(s.Name, "0123456789") + string(rune('0'+n))
	}
	d.api.Security = append(d.api.Security, s)
	return s
}
