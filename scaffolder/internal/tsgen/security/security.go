package security

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Schemes are the security schemes of an API.
type Schemes struct {
	All       []*api.SecurityScheme
	variables map[*api.SecurityScheme]string // what holds the keys of each
}

func New(all []*api.SecurityScheme) *Schemes {
	return &Schemes{All: all, variables: keyVariables(all)}
}

// Variable is the environment variable with the keys of a scheme; "": it has none.
func (s *Schemes) Variable(scheme *api.SecurityScheme) string { return s.variables[scheme] }

func (s *Schemes) HasKeys() bool { return len(s.variables) > 0 }

func (s *Schemes) HasTokens() bool {
	return slices.ContainsFunc(s.All, func(each *api.SecurityScheme) bool { return each.IsToken() })
}

// schemeTypes is the table of security schemes, and the type of their names.
func (s *Schemes) Types() string {
	if len(s.All) == 0 {
		return "export type SchemeName = never;\n\nconst schemes: Readonly<Record<string, Scheme>> = {};"
	}
	var members []ts.Doc
	var names []string
	for _, each := range s.All {
		kind, name := schemeKind(each)
		row := []ts.Doc{ts.Text("kind: " + ts.Quote(kind)), ts.Text("name: " + ts.Quote(name))}
		members = append(members, ts.Cat(ts.Text(ts.PropertyKey(each.Name)+": "), ts.Object(row...)))
		names = append(names, ts.Quote(each.Name))
	}
	return ts.Render(ts.OneOf(names).Layout("export type SchemeName =", ";"), 0) + "\n\n" +
		ts.Render(ts.Cat(ts.Text("const schemes: Readonly<Record<SchemeName, Scheme>> = "), ts.Expanded(members...), ts.Text(";")), 0)
}

func schemeKind(s *api.SecurityScheme) (kind, name string) {
	switch {
	case s.IsToken():
		return "bearer", "bearer"
	case s.Type == api.SchemeHTTP && s.Scheme == "basic":
		return "basic", "basic"
	case s.Type == api.SchemeHTTP:
		return "http", s.Scheme
	case s.Type == api.SchemeMutualTLS:
		return "mutualTLS", ""
	case s.In == api.InCookie || s.In == api.InQuery:
		return string(s.In), s.KeyName
	}
	return "header", strings.ToLower(s.KeyName)
}

// variableName is a name in the letters that every shell takes.
func variableName(name string) string {
	plain := strings.Trim(ts.Kebab(ts.Plain(name)), "-")
	if plain == "" || plain[0] >= '0' && plain[0] <= '9' {
		plain = "key-" + plain
	}
	return strings.ToUpper(strings.ReplaceAll(strings.Trim(plain, "-"), "-", "_"))
}

// keyVariables are the environment variables with the keys of each scheme: no two
// schemes share one, or the keys of one would open the other.
func keyVariables(schemes []*api.SecurityScheme) map[*api.SecurityScheme]string {
	out := map[*api.SecurityScheme]string{}
	used := ts.NewNames()
	for _, s := range schemes {
		if !s.IsToken() && s.Type != api.SchemeMutualTLS {
			out[s] = used.Unique(variableName(s.Name)) + "_KEYS"
		}
	}
	return out
}

func (s *Schemes) Authenticators() string {
	var members []ts.Doc
	for _, each := range s.All {
		key := ts.Text(ts.PropertyKey(each.Name) + ": ")
		switch {
		case each.IsToken():
			members = append(members, ts.Cat(key, ts.Text("verifyToken")))
		case each.Type == api.SchemeMutualTLS:
			members = append(members, ts.Cat(key, ts.Text("() => ({ subject: 'certificate', scopes: ['*'] })")))
		default:
			verify := ts.Call("verifyKey", ts.Text("credentials"), ts.Text(ts.Quote(s.variables[each])))
			members = append(members, ts.Cat(key, ts.Text("(credentials) =>"), ts.Group(ts.Indent(ts.Line, verify))))
		}
	}
	return ts.Render(ts.Expanded(members...), 0)
}

// TestKeys are the statements that give each variable a key which tests show.
func (s *Schemes) TestKeys() string {
	var b strings.Builder
	for _, each := range s.All {
		if name := s.variables[each]; name != "" {
			left := ts.Text("process.env[" + ts.Quote(name) + "] =")
			b.WriteString("\n" + ts.Render(ts.Cat(left, ts.Group(ts.Indent(ts.Line, ts.Text("'test-user:test-key'"))), ts.Text(";")), 0))
		}
	}
	return b.String()
}

// Configured are the variables without which a server in production does not start.
func (s *Schemes) Configured() string {
	var items []ts.Doc
	for _, each := range s.All {
		if name := s.variables[each]; name != "" {
			items = append(items, ts.Text(ts.Quote(name)))
		}
	}
	return ts.Render(ts.Cat(ts.Text("const keyVariables: readonly string[] = "), ts.List(items...), ts.Text(";")), 0)
}

// credentialPlaces is the table of where each security scheme wants its secret.
func (s *Schemes) Places() string {
	var rows []ts.Doc
	for _, each := range s.All {
		kind, name := schemeKind(each)
		rows = append(rows, ts.Cat(ts.Text(ts.PropertyKey(each.Name)+": "), ts.Object(ts.Text("kind: "+ts.Quote(kind)), ts.Text("name: "+ts.Quote(name)))))
	}
	return ts.Render(ts.Cat(ts.Text("const places: Readonly<Record<SchemeName, Place>> = "), ts.Expanded(rows...), ts.Text(";")), 0)
}

// tokenSchemes is the list of schemes whose secrets are tokens.
func (s *Schemes) Tokens() string {
	var names []ts.Doc
	for _, each := range s.All {
		if each.IsToken() {
			names = append(names, ts.Text(ts.Quote(each.Name)))
		}
	}
	return ts.Render(ts.Cat(ts.Text("const tokens: readonly SchemeName[] = "), ts.List(names...), ts.Text(";")), 0)
}

// Requirements are the alternatives, one of which must be met.
func Requirements(op *api.Operation) ts.Doc {
	var alternatives []ts.Doc
	for _, requirement := range op.Security {
		var uses []ts.Doc
		for _, use := range requirement {
			var scopes []ts.Doc
			for _, scope := range use.Scopes {
				scopes = append(scopes, ts.Text(ts.Quote(scope)))
			}
			uses = append(uses, ts.List(ts.Text(ts.Quote(use.Scheme.Name)), ts.List(scopes...)))
		}
		alternatives = append(alternatives, ts.RowList(uses))
	}
	manyUses := len(alternatives) > 1
	for _, r := range op.Security {
		manyUses = manyUses && len(r) > 1
	}
	if manyUses {
		return ts.RowList(alternatives)
	}
	return ts.List(alternatives...)
}

// FirstRequirement is the first way to prove who calls.
func FirstRequirement(op *api.Operation) ts.Doc {
	var uses []ts.Doc
	for _, use := range op.Security[0] {
		var scopes []ts.Doc
		for _, scope := range use.Scopes {
			scopes = append(scopes, ts.Text(ts.Quote(scope)))
		}
		uses = append(uses, ts.List(ts.Text(ts.Quote(use.Scheme.Name)), ts.List(scopes...)))
	}
	return ts.RowList(uses)
}

// Rivals are two schemes of a requirement that want different things of the header
// Authorization, so that no request has both; nil where there are none. One token, or one
// key, may do for several schemes.
func Rivals(uses api.Requirement) (a, b *api.SecurityScheme) {
	for _, use := range uses {
		kind, name := schemeKind(use.Scheme)
		switch {
		case kind != "bearer" && kind != "basic" && kind != "http" && (kind != "header" || name != "authorization"):
		case a == nil:
			a = use.Scheme
		default:
			if other, word := schemeKind(a); other != kind || word != name {
				return a, use.Scheme
			}
		}
	}
	return nil, nil
}
