package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// view is what the templates see. Texts are finished code.
type view struct {
	Title, Description, Version string // lines of comments and Markdown
	Name                        string // of the package
	Framework                   string
	BasePath                    string
	BasePathIsAmbiguous         bool // paths of the document begin with it
	HealthPath, ReadyPath       string
	SourceDir                   string

	Types, Validators, Operations string // the bodies of the files
	Plans                         string
	Exact, Int64String            bool // int64 is no number
	Stringify                     string
	Serializers                   string // Fastify's schemas of answers; "": none
	HandlerMembers                string
	HandlerImports, HandlersConst string
	Routes                        []string
	FurtherMethods                string // the head of a loop over those that frameworks have no function for
	RouteTable                    string
	SchemeTypes                   string
	Authenticators, Configured    string
	Schemes                       []*api.SecurityScheme
	HasMultipart, HasTokens       bool
	HasVariants, HasSlowPatterns  bool
	HasQueryString                bool // OpenAPI 3.2: in: querystring
	HasKeys                       bool
	HasZod                        bool
	FrameworkName                 string
	PlainTitle                    string // without what Markdown takes for markup
	Contract, Answers             string // the tests, and what judges answers in them
	ContractImports               string
	CredentialPlaces              string
	TokenSchemes                  string
}

func (p *project) view() view {
	v := view{
		Title: lineComment(p.api.Title), Version: lineComment(p.api.Version), Description: lineComment(p.api.Description),
		Name: packageName(p.api.Title), Framework: p.options.Framework, BasePath: p.api.BasePath,
		BasePathIsAmbiguous: p.basePathIsAmbiguous(),
		HealthPath:          p.freePath("/health"), ReadyPath: p.freePath("/ready"), SourceDir: p.options.SourceDir,
		Types: p.typesText, Validators: p.validatorsText, Plans: p.plansText, Exact: p.types.int64.exact(), Int64String: p.types.int64 == int64String,
		Operations: p.operationsFile(),
		Schemes:    p.api.Security, HasMultipart: p.hasMultipart(), HasTokens: p.hasTokens(),
		HasQueryString: p.hasQueryString(),
		HasVariants:    p.hasVariants(), HasSlowPatterns: p.checks.used["slowPattern"],
		Contract: p.contractText, Answers: p.answersText, CredentialPlaces: p.credentialPlaces(),
		FrameworkName: strings.ToUpper(p.options.Framework[:1]) + p.options.Framework[1:],
		HasZod:        p.options.Validator == "zod", PlainTitle: plainText(p.api.Title + " " + p.api.Version),
		ContractImports: contractImports(p.contractText), TokenSchemes: p.tokenSchemes(),
	}
	v.Stringify = "JSON.stringify"
	if v.Exact {
		v.Stringify = "toJson"
	}
	v.HandlerMembers = p.handlerMembers()
	v.HandlerImports, v.HandlersConst = p.handlerObject()
	s := p.serializers()
	v.Serializers = s.file()
	for _, op := range bySpecificity(p.operations) {
		if all := p.variants(op); op == all[0] {
			v.Routes = append(v.Routes, p.route(op, all, s.answers[op]))
		}
	}
	v.FurtherMethods = p.furtherMethods()
	v.RouteTable = p.routeTable()
	v.SchemeTypes, v.Authenticators, v.Configured = p.schemeTypes(), p.authenticators(), p.configured()
	v.HasKeys = len(p.variables) > 0
	return v
}

func packageName(title string) string {
	name := kebab(title)
	if name == "" {
		return "api"
	}
	return limit(name)
}

// freePath is a path of the server's own that no operation has.
func (p *project) freePath(path string) string {
	for _, op := range p.operations {
		if op.path.shape() == path {
			return "/-" + path
		}
	}
	return path
}

func (p *project) operationsFile() string {
	text := p.operationsText
	var b strings.Builder
	var readers []string
	for _, f := range []string{"fromCookies", "fromHeaders", "fromPath", "fromQuery"} {
		if strings.Contains(text, f+"(") {
			readers = append(readers, f)
		}
	}
	if p.usesComplete() {
		b.WriteString("import { complete } from './middleware/complete.js';\n")
	}
	b.WriteString("import type { Operation } from './middleware/pipeline.js';\n")
	if p.plansText != "" {
		b.WriteString("import * as plans from './middleware/plans.js';\n")
	}
	if strings.Contains(text, "rateLimit: createLimiter(") {
		b.WriteString("import { createLimiter } from './middleware/ratelimit.js';\n")
	}
	if len(readers) > 0 {
		b.WriteString(importLine("import", append(readers, "type Parameter"), "./middleware/parameters.js"))
	}
	if strings.Contains(text, "validators.check") {
		b.WriteString("import * as validators from './middleware/validators.js';\n")
	}
	b.WriteString("import type * as api from './types/api.js';\n")
	return b.String() + text
}

// usesComplete says that the read functions of operations complete something.
func (p *project) usesComplete() bool {
	return strings.Contains(p.operationsText, ": complete(")
}

func (p *project) handlerMembers() string {
	var b strings.Builder
	for i, op := range p.operations {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(indentText(op.comment()))
		b.WriteString("  " + render(cat(docText(op.Symbol+": Handler"), group(docText("<"), indent(softline,
			docText("api."+op.RequestType+","), line, docText("api."+op.ResponseType+","), line, docText("Raw")), softline, docText(">")), docText(";")), 1) + "\n")
	}
	return b.String()
}

func indentText(s string) string {
	var b strings.Builder
	for _, l := range strings.SplitAfter(s, "\n") {
		if l != "" {
			b.WriteString("  " + l)
		}
	}
	return b.String()
}

func (p *project) handlerObject() (imports, object string) {
	var in, members strings.Builder
	seen := map[string]bool{}
	for _, op := range p.operations {
		if !seen[op.File] {
			seen[op.File] = true
			in.WriteString("import * as " + op.Module + " from " + quote("./"+op.File+".js") + ";\n")
		}
		members.WriteString("  " + render(cat(docText(op.Symbol+":"), group(indent(line, docText(op.Module+"."+op.Symbol))), docText(",")), 1) + "\n")
	}
	if members.Len() == 0 {
		return "", "const handlers: Handlers = {};"
	}
	return strings.TrimSuffix(in.String(), "\n"), "const handlers: Handlers = {\n" + members.String() + "};"
}

// route is the statement that mounts an operation. serialized says that Fastify has
// schemas for its answers.
func (p *project) route(op *operation, all []*operation, serialized bool) string {
	handler := call("route", docText("operations."+op.Symbol), docText("handlers."+op.Symbol))
	if len(all) > 1 {
		var choices []doc
		for _, each := range all {
			choices = append(choices, call("bind", docText("operations."+each.Symbol), docText("handlers."+each.Symbol)))
		}
		handler = call("routeAny", choices...)
	}
	method, further := op.api.Method, !hasShorthand(op.api.Method)
	path := docText(quote(op.path.pathToRegexp()))
	var statement doc
	switch p.options.Framework {
	case "fastify":
		statement = fastifyRoute(op, handler, serialized)
	case "express":
		statement = call("router."+strings.ToLower(method), path, handler)
		if further {
			statement = call("router.all", path, call("only", docText(quote(method)), handler))
		}
	default:
		statement = call("router."+strings.ToLower(method), path, handler)
		if further {
			statement = call("router.register", path, list(docText(quote(method))), handler)
		}
	}
	return render(cat(statement, docText(";")), 1)
}

func fastifyRoute(op *operation, handler doc, serialized bool) doc {
	path := docText(quote(op.path.findMyWay()))
	schema := cat(docText("schema: "), object(docText("response: responses."+op.Symbol)))
	if !hasShorthand(op.api.Method) {
		members := []doc{docText("method: " + quote(op.api.Method)), cat(docText("url: "), path)}
		if serialized {
			members = append(members, schema)
		}
		return cat(docText("app.route("), expanded(append(members, cat(docText("handler: "), handler))...), docText(")"))
	}
	args := []doc{path}
	if serialized {
		args = append(args, object(schema))
	}
	return call("app."+strings.ToLower(op.api.Method), append(args, handler)...)
}

// furtherMethods is the head of a loop over the methods that have no shorthand; "":
// there are none.
func (p *project) furtherMethods() string {
	var methods []doc
	told := map[string]bool{}
	for _, op := range p.operations {
		if m := op.api.Method; !hasShorthand(m) && !told[m] {
			told[m] = true
			methods = append(methods, docText(quote(m)))
		}
	}
	if len(methods) == 0 {
		return ""
	}
	return render(cat(docText("for (const method of "), list(methods...), docText(") {")), 1)
}

// routeTable is the list of paths with their methods, for 405.
func (p *project) routeTable() string {
	var order []string
	methods := map[string][]doc{}
	for _, op := range bySpecificity(p.operations) {
		key := op.path.regexp()
		if _, there := methods[key]; !there {
			order = append(order, key)
		}
		if op != p.variants(op)[0] {
			continue
		}
		methods[key] = append(methods[key], docText(quote(op.api.Method)))
	}
	var rows []doc
	for _, key := range order {
		rows = append(rows, list(docText(quote(key)), list(methods[key]...)))
	}
	return render(cat(docText("const table: readonly (readonly [string, readonly string[]])[] = "), rowList(rows), docText(";")), 0)
}

// schemeTypes is the table of security schemes, and the type of their names.
func (p *project) schemeTypes() string {
	if len(p.api.Security) == 0 {
		return "export type SchemeName = never;\n\nconst schemes: Readonly<Record<string, Scheme>> = {};"
	}
	var members []doc
	var names []string
	for _, s := range p.api.Security {
		kind, name := schemeKind(s)
		row := []doc{docText("kind: " + quote(kind)), docText("name: " + quote(name))}
		members = append(members, cat(docText(propertyKey(s.Name)+": "), object(row...)))
		names = append(names, quote(s.Name))
	}
	return render(texpr{members: names}.layout("export type SchemeName =", ";"), 0) + "\n\n" +
		render(cat(docText("const schemes: Readonly<Record<SchemeName, Scheme>> = "), expanded(members...), docText(";")), 0)
}

func schemeKind(s *api.SecurityScheme) (kind, name string) {
	switch {
	case isToken(s):
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

// keyVariables are the environment variables with the keys of each scheme: no two
// schemes share one, or the keys of one would open the other.
func keyVariables(schemes []*api.SecurityScheme) map[*api.SecurityScheme]string {
	out := map[*api.SecurityScheme]string{}
	used := newNames()
	for _, s := range schemes {
		if !isToken(s) && s.Type != api.SchemeMutualTLS {
			out[s] = used.unique(strings.ToUpper(strings.ReplaceAll(kebab(s.Name), "-", "_"))) + "_KEYS"
		}
	}
	return out
}

func (p *project) authenticators() string {
	var members []doc
	for _, s := range p.api.Security {
		verify := "(credentials) => verifyKey(credentials, " + quote(p.variables[s]) + ")"
		if isToken(s) {
			verify = "verifyToken"
		} else if s.Type == api.SchemeMutualTLS {
			verify = "() => ({ subject: 'certificate', scopes: ['*'] })"
		}
		members = append(members, docText(propertyKey(s.Name)+": "+verify))
	}
	return render(expanded(members...), 0)
}

// configured are the variables without which a server in production does not start.
func (p *project) configured() string {
	var items []doc
	for _, s := range p.api.Security {
		if name := p.variables[s]; name != "" {
			items = append(items, docText(quote(name)))
		}
	}
	return render(cat(docText("const keyVariables: readonly string[] = "), list(items...), docText(";")), 0)
}

// plainText keeps of a text what Markdown takes for nothing but text.
func plainText(s string) string {
	kept := strings.Map(func(r rune) rune {
		if strings.ContainsRune("`*_[]<>\\#|~$&{}\"", r) || mustEscape(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(kept), " ")
}
