package tsgen

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/contract"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/framework"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/input"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// view is what the templates see. Texts are finished code.
type view struct {
	bodies
	contract.Tests
	packageView
	securityView
	routesView

	Title, Description, Version string // lines of comments and Markdown
	PlainTitle                  string // without what Markdown takes for markup
	BasePath                    string
	BasePathIsAmbiguous         bool // paths of the document begin with it
	HealthPath, ReadyPath       string

	Exact, Int64String bool   // int64 is no number
	TypesByStatus      bool   // some operation has another media type for another status
	AnswerPlans        bool   // some answers are changed before they are sent
	Stringify          string // the function that writes JSON
	HasMultipart       bool
	HasSequences       bool // some answer is items behind each other, of OpenAPI 3.2
	SeveralErrorForms  bool
	HasTextShapes      bool // some text/plain body is a number, a boolean or null
	HasQueryString     bool // OpenAPI 3.2: in: querystring
	HasSlowPatterns    bool
	HasZod             bool
	Database           bool // there is data/db.ts
	KeepsDigits        bool // there is middleware/digits.ts
}

// packageView is what package.json and its kind say.
type packageView struct {
	Name                          string
	Framework, FrameworkName      string
	SourceDir                     string
	Dependencies, DevDependencies []framework.Package
	TestImports, TestServer       string
	OldestNode                    int
	NodeVersions                  string // that CI tests on
}

// securityView are the security schemes as code.
type securityView struct {
	Schemes                    []*api.SecurityScheme
	HasTokens, HasKeys         bool
	SchemeTypes                string
	Authenticators, Configured string
	CredentialPlaces           string
	TokenSchemes, TestKeys     string
}

// routesView is how requests find handlers.
type routesView struct {
	HandlerMembers                string
	HandlerImports, HandlersConst string
	Routes                        []string
	RouteTable                    string
	FurtherMethods                string // the head of a loop over those that frameworks have no function for
	HasVariants                   bool
}

func (p *project) view() view {
	v := view{
		bodies: p.text, Tests: p.tests,
		packageView: p.packageView(), securityView: p.securityView(), routesView: p.routesView(),
		Title: ts.LineComment(p.api.Title), Version: ts.LineComment(p.api.Version), Description: ts.LineComment(p.api.Description),
		PlainTitle: plainText(p.api.Title + " " + p.api.Version),
		BasePath:   p.api.BasePath, BasePathIsAmbiguous: basePathIsAmbiguous(p.api),
		HealthPath: p.freePath("/health"), ReadyPath: p.freePath("/ready"),
		AnswerPlans: p.planned, TypesByStatus: p.typed,
		Exact: p.exact, Int64String: p.types.Int64 == declare.Int64String, Stringify: "JSON.stringify",
		SeveralErrorForms: p.failures.Several(),
		HasMultipart:      hasMultipart(p.operations), HasSequences: hasSequences(p.operations), HasTextShapes: hasTextShapes(p.operations), HasQueryString: hasQueryString(p.operations),
		HasSlowPatterns: p.slow, HasZod: p.options.Validator == "zod",
		Database: p.options.Database, KeepsDigits: p.options.KeepsDigits,
	}
	if v.Exact {
		v.Stringify = "toJson"
	}
	return v
}

func (p *project) packageView() packageView {
	v := packageView{
		Name: packageName(p.api.Title), Framework: p.framework.Name, FrameworkName: p.framework.Title,
		OldestNode: p.framework.Node, NodeVersions: nodeVersions(p.framework.Node),
		SourceDir: p.options.SourceDir, TestImports: p.framework.TestImports, TestServer: p.framework.TestServer,
	}
	v.Dependencies, v.DevDependencies = p.packages()
	return v
}

// nodeVersions are the versions of Node.js from the oldest one on that get long support.
func nodeVersions(oldest int) string {
	var out []string
	for _, version := range []int{20, 22, 24} {
		if version >= oldest {
			out = append(out, strconv.Itoa(version))
		}
	}
	return strings.Join(out, ", ")
}

// packages are what a project depends on. The first list has its own order: the
// framework's, then those of single features.
func (p *project) packages() (dependencies, devDependencies []framework.Package) {
	dependencies = slices.Clone(p.framework.Dependencies)
	devDependencies = append(slices.Clone(p.framework.DevDependencies),
		framework.Package{Name: "@eslint/js", Version: "9.39.5", Use: framework.ByStyle}, framework.Package{Name: "@types/node", Version: "20.19.43"},
		framework.Package{Name: "eslint", Version: "9.39.5", Use: framework.ByStyle}, framework.Package{Name: "prettier", Version: "3.10.1", Use: framework.ByStyle},
		framework.Package{Name: "typescript", Version: "5.9.3"}, framework.Package{Name: "typescript-eslint", Version: "8.73.0", Use: framework.ByStyle},
	)
	for _, feature := range []struct {
		wanted  bool
		run, do framework.Package
	}{
		{hasMultipart(p.operations), framework.Package{Name: "busboy", Version: "1.6.0", NoDefault: true}, framework.Package{Name: "@types/busboy", Version: "1.5.5"}},
		{p.schemes.HasTokens(), framework.Package{Name: "jose", Version: "6.2.17", ESOnly: true}, framework.Package{}},
		{p.linear, framework.Package{Name: "re2js", Version: "2.10.0"}, framework.Package{}},
		{p.exact, framework.Package{Name: "lossless-json", Version: "4.3.3"}, framework.Package{}},
		{p.options.Validator == "zod", framework.Package{Name: "zod", Version: "4.6.7"}, framework.Package{}},
	} {
		if feature.wanted {
			dependencies = append(dependencies, feature.run)
		}
		if feature.wanted && feature.do.Name != "" {
			devDependencies = append(devDependencies, feature.do)
		}
	}
	dependencies = append(dependencies, p.options.Dependencies...)
	devDependencies = append(devDependencies, p.options.DevDependencies...)
	slices.SortFunc(devDependencies, func(a, b framework.Package) int { return strings.Compare(a.Name, b.Name) })
	return dependencies, devDependencies
}

// needs are those packages, but for what only the application around the API imports
// where that is there already, and the statement that mounts it.
func (p *project) needs() Needs {
	if p.options.TypesOnly {
		return Needs{}
	}
	packages, more := p.packages()
	packages = slices.DeleteFunc(append(packages, more...), func(one framework.Package) bool {
		return one.Use == framework.ByStyle || p.options.Embedded && one.Use == framework.ByApp
	})
	return Needs{p.framework.Mounting, packages}
}

func (p *project) securityView() securityView {
	s := p.schemes
	return securityView{
		Schemes: s.All, HasTokens: s.HasTokens(), HasKeys: s.HasKeys(), SchemeTypes: s.Types(),
		Authenticators: s.Authenticators(), Configured: s.Configured(), CredentialPlaces: s.Places(), TokenSchemes: s.Tokens(), TestKeys: s.TestKeys(),
	}
}

func (p *project) routesView() routesView {
	v := routesView{HandlerMembers: p.handlerMembers(), RouteTable: p.routeTable(), FurtherMethods: p.furtherMethods()}
	v.HandlerImports, v.HandlersConst = p.handlerObject()
	for _, op := range operation.BySpecificity(p.operations) {
		v.HasVariants = v.HasVariants || op.IsVariant()
		if op == op.Variants[0] {
			v.Routes = append(v.Routes, p.route(op))
		}
	}
	return v
}

// basePathIsAmbiguous says that a request may mean a path of the document whether
// the base path is cut off or not: both /api and paths such as /api/books.
func basePathIsAmbiguous(a *api.API) bool {
	return a.BasePath != "" && slices.ContainsFunc(a.Operations, func(op *api.Operation) bool {
		return strings.HasPrefix(op.Path+"/", a.BasePath+"/")
	})
}

// hasQueryString: some operation takes its query string as one value.
func hasQueryString(ops []*operation.Operation) bool {
	return slices.ContainsFunc(ops, func(op *operation.Operation) bool {
		return slices.ContainsFunc(op.API.Parameters, func(p *api.Parameter) bool { return p.In == api.InQueryString })
	})
}

// hasTextShapes: a body of some operation is a text that becomes another scalar.
func hasTextShapes(ops []*operation.Operation) bool {
	return slices.ContainsFunc(ops, func(op *operation.Operation) bool {
		return op.API.Body != nil && slices.ContainsFunc(op.API.Body.Content, input.IsShapedText)
	})
}

// hasMultipart: some operation takes files.
func hasMultipart(ops []*operation.Operation) bool {
	return slices.ContainsFunc(ops, func(op *operation.Operation) bool {
		return op.API.Body != nil && slices.ContainsFunc(op.API.Body.Content, func(m *api.Media) bool { return m.Kind() == api.Multipart })
	})
}

func hasSequences(ops []*operation.Operation) bool {
	return slices.ContainsFunc(ops, func(op *operation.Operation) bool {
		return slices.ContainsFunc(op.Responses(), func(r *api.Response) bool { return slices.ContainsFunc(r.Content, (*api.Media).IsSequence) })
	})
}

func packageName(title string) string {
	name := ts.Kebab(ts.Plain(title))
	if name == "" {
		return "api"
	}
	return ts.Limit(name)
}

// freePath is a path of the server's own that no operation has.
func (p *project) freePath(path string) string {
	for _, op := range p.operations {
		if op.Path.Shape() == path {
			return "/-" + path
		}
	}
	return path
}

func (p *project) handlerMembers() string {
	var b strings.Builder
	for i, op := range p.operations {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(ts.IndentLines(op.Comment()))
		b.WriteString("  " + ts.Render(ts.Cat(ts.Text(op.Symbol+": Handler"), ts.Group(ts.Text("<"), ts.Indent(ts.Softline,
			ts.Text("api."+op.RequestType+","), ts.Line, ts.Text("api."+op.ResponseType+","), ts.Line, ts.Text("Raw")), ts.Softline, ts.Text(">")), ts.Text(";")), 1) + "\n")
	}
	return b.String()
}

func (p *project) handlerObject() (imports, object string) {
	var in, members strings.Builder
	seen := map[string]bool{}
	for _, op := range p.operations {
		if !seen[op.File] {
			seen[op.File] = true
			in.WriteString("import * as " + op.Module + " from " + ts.Quote("./"+op.File+".js") + ";\n")
		}
		members.WriteString("  " + ts.Render(ts.Cat(ts.Text(op.Symbol+":"), ts.Group(ts.Indent(ts.Line, ts.Text(op.Module+"."+op.Symbol))), ts.Text(",")), 1) + "\n")
	}
	if members.Len() == 0 {
		return "", "export const defaultHandlers: Handlers = {};"
	}
	return strings.TrimSuffix(in.String(), "\n"), "export const defaultHandlers: Handlers = {\n" + members.String() + "};"
}

// route is the statement that mounts an operation, together with its variants.
func (p *project) route(op *operation.Operation) string {
	handler := ts.Call("route", ts.Text("operations."+op.Symbol), ts.Text("handlers."+op.Symbol))
	if op.IsVariant() {
		var choices []ts.Doc
		for _, each := range op.Variants {
			choices = append(choices, ts.Call("bind", ts.Text("operations."+each.Symbol), ts.Text("handlers."+each.Symbol)))
		}
		handler = ts.Call("routeAny", choices...)
	}
	statement := p.framework.Mount(framework.Route{Operation: op, Handler: handler, Serialized: p.serializers.Answers[op]})
	return ts.Render(ts.Cat(statement, ts.Text(";")), 1)
}

// furtherMethods is the head of a loop over the methods that have no shorthand; "":
// there are none.
func (p *project) furtherMethods() string {
	var methods []ts.Doc
	told := map[string]bool{}
	for _, op := range p.operations {
		if m := op.API.Method; !operation.HasShorthand(m) && !told[m] {
			told[m] = true
			methods = append(methods, ts.Text(ts.Quote(m)))
		}
	}
	if len(methods) == 0 {
		return ""
	}
	return ts.Render(ts.Cat(ts.Text("for (const method of "), ts.List(methods...), ts.Text(") {")), 1)
}

// routeTable is the list of paths with their methods, for 405.
func (p *project) routeTable() string {
	var order []string
	methods := map[string][]ts.Doc{}
	for _, op := range operation.BySpecificity(p.operations) {
		key := op.Path.Regexp()
		if _, there := methods[key]; !there {
			order = append(order, key)
		}
		if op != op.Variants[0] {
			continue
		}
		methods[key] = append(methods[key], ts.Text(ts.Quote(op.API.Method)))
	}
	var rows []ts.Doc
	for _, key := range order {
		rows = append(rows, ts.List(ts.Text(ts.Quote(key)), ts.List(methods[key]...)))
	}
	return ts.Render(ts.Cat(ts.Text("const table: readonly (readonly [string, readonly string[]])[] = "), ts.RowList(rows), ts.Text(";")), 0)
}

// plainText keeps of a text what Markdown takes for nothing but text.
func plainText(s string) string {
	kept := strings.Map(func(r rune) rune {
		if strings.ContainsRune("`*_[]<>\\#|~$&{}\"", r) || ts.MustEscape(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(kept), " ")
}
