package tsgen

import (
	"sort"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// This file and its neighbours contract*.go write the test of the generated
// server: one test for each operation, with a request that the document allows,
// one that it does not, and the checks that answers must pass.

// contract writes the tests, and the functions that judge answers. It comes
// before types/api.ts is written, because it may ask for types.
func (p *project) contract() {
	c := newChecks(p.types)
	var tests strings.Builder
	for _, op := range p.operations {
		tests.WriteString("\n" + p.contractTest(op, c))
	}
	p.contractText = tests.String()
	p.answersText = p.validatorFile(c, c.drain(), "../middleware/")
	if c.used["slowPattern"] {
		p.checks.used["slowPattern"] = true
	}
}

// contractTest is the test of one operation.
func (p *project) contractTest(op *operation, c *checks) string {
	title := quote(firstColumns(op.api.Method+" "+op.api.Path, 60) + " (" + op.Symbol + ")")
	request, problem := p.validCall(op)
	if problem == "" && p.needsCertificate(op) {
		problem = "it asks for a client certificate"
	}
	if problem != "" {
		return "// " + problem + ".\ntest(" + title + ", { todo: true });\n"
	}
	var b strings.Builder
	options := ""
	if _, ok := p.example(op); !ok {
		options = "{ todo: 'write the handler' }, "
	}
	b.WriteString("test(" + title + ", " + options + "async (t) => {\n")
	b.WriteString(member(1, "const request: Call = ", request.doc(), ";"))
	b.WriteString("  await t.test('is answered as the document says', async () => {\n")
	b.WriteString(member(2, "await answers(", docText("request"), cat(docText(", "), p.answersDoc(op, c), docText(");"))))
	b.WriteString("  });\n")
	if change, ok := p.invalidCall(op, request); ok {
		b.WriteString("  await t.test(" + quote(firstColumns("refuses "+change.what, 60)) + ", async () => {\n")
		b.WriteString(member(2, "await refuses(", change.doc, ");"))
		b.WriteString("  });\n")
	}
	if wantsCredentials(op) {
		b.WriteString("  await t.test('wants credentials', async () => {\n    await wantsCredentials(request);\n  });\n")
	}
	b.WriteString("});\n")
	return b.String()
}

// member is a line of code that may break inside d.
func member(depth int, before string, d doc, after any) string {
	tail, ok := after.(doc)
	if text, isText := after.(string); isText {
		tail, ok = docText(text), true
	}
	if !ok {
		tail = docText("")
	}
	return pad(depth) + render(cat(docText(before), d, tail), depth) + "\n"
}

// firstColumns cuts a text that would make a line too long.
func firstColumns(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// wantsCredentials: nobody may call the operation without.
func wantsCredentials(op *operation) bool {
	for _, requirement := range op.api.Security {
		if len(requirement) == 0 {
			return false
		}
	}
	return len(op.api.Security) > 0
}

func (p *project) needsCertificate(op *operation) bool {
	if !wantsCredentials(op) {
		return false
	}
	for _, use := range op.api.Security[0] {
		if use.Scheme.Type == api.SchemeMutualTLS {
			return true
		}
	}
	return false
}

// answersDoc is the table of what the document lets the operation answer.
func (p *project) answersDoc(op *operation, c *checks) doc {
	var rows []doc
	seen := map[string]bool{}
	for _, r := range op.responses() {
		if seen[r.Status] {
			continue
		}
		seen[r.Status] = true
		var media []doc
		for _, m := range r.Content {
			check := "anything"
			if mediaKind(m.Type) == "json" && !isTrivial(m.Schema, 0) {
				check = "checks." + c.exported(m.Schema, response, op.Type+pascal(statusWord(r.Status))+mediaWord(m, len(r.Content))+"Body")
			}
			media = append(media, cat(docText(quote(m.Type)+":"), group(indent(line, docText(check)))))
		}
		key := r.Status
		if !isNumber(key) && !isIdentifier(key) {
			key = quote(key)
		}
		if len(media) > 1 {
			rows = append(rows, cat(docText(key+": "), expanded(media...)))
		} else {
			rows = append(rows, cat(docText(key+": "), object(media...)))
		}
	}
	return expanded(rows...)
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// exported is the name of a function of the file that judges a schema.
func (c *checks) exported(schema *api.Schema, m mode, hint string) string {
	s := scope{mode: m, hint: limit(hint), local: c.locals(), sink: "issues"}
	switch {
	case schema.IsRef():
		return c.forDecl(c.types.decls.of(schema.Ref, m, hint))
	case deservesName(schema):
		return c.forDecl(c.types.decls.of(schema, m, hint))
	}
	key := partKey{schema, m}
	if name, there := c.byPart[key]; there {
		return name
	}
	name := c.names.unique("check" + limit(hint))
	c.byPart[key] = name
	c.queue = append(c.queue, func() string {
		return c.function("export function "+name, "boolean", c.keywords(schema, "value", place{base: "path"}, s))
	})
	return name
}

// credentialPlaces is the table of where each security scheme wants its secret.
func (p *project) credentialPlaces() string {
	var rows []doc
	for _, s := range p.api.Security {
		kind, name := schemeKind(s)
		rows = append(rows, cat(docText(propertyKey(s.Name)+": "), object(docText("kind: "+quote(kind)), docText("name: "+quote(name)))))
	}
	return render(cat(docText("const places: Readonly<Record<SchemeName, Place>> = "), expanded(rows...), docText(";")), 0)
}

// securityDoc is the first way to prove who calls.
func (p *project) securityDoc(op *operation) doc {
	var uses []doc
	for _, use := range op.api.Security[0] {
		var scopes []doc
		for _, scope := range use.Scopes {
			scopes = append(scopes, docText(quote(scope)))
		}
		uses = append(uses, list(docText(quote(use.Scheme.Name)), list(scopes...)))
	}
	return cat(docText("security: "), rowList(uses))
}

// contractImports are the functions that the tests use.
func contractImports(tests string) string {
	var names []string
	for _, name := range []string{"answers", "anything", "changed", "refuses", "wantsCredentials", "without", "withoutBody"} {
		if strings.Contains(tests, name+"(") || strings.Contains(tests, ": "+name) {
			names = append(names, name)
		}
	}
	names = append(names, "connect")
	sort.Strings(names)
	if strings.Contains(tests, ": Call =") {
		names = append(names, "type Call")
	}
	return importLine("import", names, "./client.js")
}

// tokenSchemes is the list of schemes whose secrets are tokens.
func (p *project) tokenSchemes() string {
	var names []doc
	for _, s := range p.api.Security {
		if isToken(s) {
			names = append(names, docText(quote(s.Name)))
		}
	}
	return render(cat(docText("const tokens: readonly SchemeName[] = "), list(names...), docText(";")), 0)
}
