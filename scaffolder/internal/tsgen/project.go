package tsgen

import (
	"fmt"
	"sort"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// project is everything that the templates need, worked out once.
type project struct {
	api        *api.API
	options    Options
	operations []*operation
	decls      *declarations
	types      *types
	checks     *checks
	plans      *plans // of requests
	// answerPlans are nil unless handlers answer with texts for integers.
	answerPlans *plans
	constants   *names // of operations.ts
	byRoute     map[string][]*operation
	variables   map[*api.SecurityScheme]string // what holds the keys of each
	uses        map[string]bool                // names that types/api.ts imports
	aliases     strings.Builder                // further types

	typesText      string
	validatorsText string
	operationsText string
	contractText   string // tests
	plansText      string
	answersText    string // what judges the answers in them
}

func newProject(a *api.API, o Options) (*project, error) {
	switch o.Framework {
	case "express", "fastify", "koa":
	default:
		return nil, fmt.Errorf("unknown framework %q", o.Framework)
	}
	form := formOf(o)
	if form.exact() && o.Validator == "zod" {
		return nil, fmt.Errorf("--int64 %s cannot be had with --validator zod: zod has no number that may be a bigint; leave one of them out", o.Int64)
	}
	if o.SourceDir == "" {
		o.SourceDir = "src"
	}
	p := &project{api: a, options: o, decls: newDeclarations(a), variables: keyVariables(a.Security), uses: map[string]bool{}}
	p.types = &types{decls: p.decls, int64: form, fieldsOf: map[*api.Schema]*api.Schema{}, inherited: map[*api.Schema]inheritance{}}
	p.checks = newChecks(p.types)
	p.plans = newPlans(a.Schemas, request, form)
	p.answerPlans = newAnswerPlans(a.Schemas, form, p.plans)
	if o.Validator == "zod" {
		p.checks.zod = newZodSchemas(p.checks)
	}
	p.operations = planOperations(a, o)
	p.constants = newNames()
	for _, op := range p.operations {
		p.constants.unique(op.Symbol)
	}
	p.groupRoutes()
	p.nameTypes()
	p.build()
	return p, nil
}

// nameTypes reserves the names of each operation's own types.
func (p *project) nameTypes() {
	for _, op := range p.operations {
		op.Type = pascal(op.Symbol)
		op.RequestType = p.decls.names.unique(op.Type + "Request")
		op.ResponseType = p.decls.names.unique(op.Type + "Response")
	}
}

// build writes the parts of the files whose text depends on schemas. Operations
// come first: they say which types and validators there must be.
func (p *project) build() {
	var inputs, outputs, operations strings.Builder
	for _, op := range p.operations {
		input, body := p.input(op)
		outputs.WriteString(p.outputs(op))
		inputs.WriteString(input)
		operations.WriteString(body)
	}
	functions := p.checks.drain()
	p.contract()
	p.typesText = p.typeFile(p.aliases.String() + inputs.String() + outputs.String())
	p.validatorsText = p.validatorFile(p.checks, functions, "./")
	p.operationsText = operations.String()
	p.plansText = p.plans.file()
}

func (p *project) typeFile(operations string) string {
	var b strings.Builder
	for i := 0; i < len(p.decls.order); i++ {
		b.WriteString("\n" + p.types.declaration(p.decls.order[i]))
	}
	b.WriteString(operations)
	var head strings.Builder
	text := b.String()
	if p.uses["Readable"] {
		head.WriteString("import type { Readable } from 'node:stream';\n")
	}
	if strings.Contains(text, "UploadedFile") {
		head.WriteString("import type { UploadedFile } from './files.js';\n")
	}
	var statuses []string
	for _, name := range []string{"HttpStatus", "Status1XX", "Status2XX", "Status3XX", "Status4XX", "Status5XX"} {
		if p.uses[name] {
			statuses = append(statuses, name)
		}
	}
	if len(statuses) > 0 {
		head.WriteString(importLine("import type", statuses, "./http.js"))
	}
	return strings.TrimPrefix(head.String()+text, "\n")
}

func importLine(words string, names []string, from string) string {
	var items []doc
	for _, n := range names {
		items = append(items, docText(n))
	}
	return render(cat(docText(words+" "), object(items...), docText(" from "+quote(from)+";")), 0) + "\n"
}

// validatorFile is a file of checks; middleware is where it finds what they are made of.
func (p *project) validatorFile(c *checks, functions []string, middleware string) string {
	var helpers []string
	formats := false
	var b strings.Builder
	text := strings.Join(functions, "\n")
	for name := range c.used {
		switch {
		case name == "formats":
			formats = true
		case calls(text, name) || calls(c.consts.String(), name):
			helpers = append(helpers, name)
		}
	}
	sort.Strings(helpers)
	helpers = append(helpers, "type Issue")
	if strings.Contains(text, "api.") {
		b.WriteString("import type * as api from '../types/api.js';\n")
	}
	if c.zod != nil && strings.Contains(text, "z.") {
		b.WriteString("import { z } from 'zod';\n")
	}
	if formats {
		b.WriteString("import { formats } from " + quote(middleware+"formats.js") + ";\n")
	}
	if len(functions) > 0 {
		b.WriteString(importLine("import", helpers, middleware+"validation.js"))
	} else {
		b.WriteString("export {};\n")
	}
	if c.zod != nil {
		b.WriteString(c.zod.imports(text))
	}
	if c.consts.Len() > 0 {
		b.WriteString("\n" + c.consts.String())
	}
	if text != "" {
		b.WriteString("\n" + text)
	}
	return b.String()
}

// input writes the request type of an operation, and the constant that reads and
// checks a request.
func (p *project) input(op *operation) (typeText, operationText string) {
	groups := p.inputGroups(op)
	body := p.body(op)
	var members, tables strings.Builder
	var parts []readPart
	for _, g := range groups {
		members.WriteString("  " + g.name + ": " + g.decl.Name + ";\n")
		tables.WriteString(p.tableConst(op, g))
		parts = append(parts, readPart{
			name:  g.name,
			left:  "const " + g.name + " =",
			value: call(g.read, docText(g.source), docText(g.table)),
			check: call("validators."+p.checks.forDecl(g.decl), docText(g.name), docText("''"), docText("issues")),
			done:  p.completedGroup(g),
		})
	}
	if body != nil {
		members.WriteString(body.members)
		parts = append(parts, body.parts...)
	}
	head := "\n" + comment(0, "What "+op.Symbol+" is asked.")
	if members.Len() == 0 {
		typeText = head + render(atom("{ [key: string]: never }").layout("export type "+op.RequestType+" =", ";"), 0) + "\n"
	} else {
		typeText = head + "export interface " + op.RequestType + " {\n" + members.String() + "}\n"
	}
	return typeText, tables.String() + p.operationConst(op, body, parts)
}

// readPart is one part of a request on its way into the handler's argument.
type readPart struct {
	name  string
	left  string // what it is read into; "" where another part reads it
	value doc
	check doc // nil where everything passes
	done  doc // what the handler gets of it; nil: as it is
}

func (p *project) operationConst(op *operation, body *bodyPlan, parts []readPart) string {
	head := "export const " + op.Symbol + ": Operation<api." + op.RequestType + "> ="
	depth := 0
	if columns(head+" {") > width {
		head, depth = head+"\n ", 1
	}
	var b strings.Builder
	b.WriteString("\n" + op.comment() + head + " {\n")
	member := func(d doc) { b.WriteString(pad(depth+1) + render(cat(d, docText(",")), depth+1) + "\n") }
	member(docText("id: " + quote(op.api.ID)))
	if p.shared(op) {
		member(cat(docText("when: "), conditionList(op.path.when)))
	}
	member(cat(docText("security: "), p.security(op)))
	if body != nil {
		member(cat(docText("body: "), body.spec))
	}
	member(cat(docText("produces: "), p.produces(op)))
	if answers := p.answerTable(op); answers != nil {
		member(cat(docText("answers: "), answers))
	}
	if r := op.api.RateLimit; r != nil {
		member(docText(fmt.Sprintf("rateLimit: createLimiter(%d, %d)", r.Limit, r.Seconds)))
	}
	b.WriteString(readFunction(parts, depth+1))
	b.WriteString(pad(depth) + "};\n")
	return b.String()
}

// readFunction is the member `read`: all parts are read, then all are checked, so
// that a client hears of everything that is wrong.
func readFunction(parts []readPart, depth int) string {
	if len(parts) == 0 {
		return pad(depth) + "read: () => ({}),\n"
	}
	var b strings.Builder
	arguments := "source"
	for _, part := range parts {
		if part.check != nil && strings.Contains(assign("", part.check, 0), "issues") {
			arguments = "source, issues"
		}
	}
	b.WriteString(pad(depth) + "read: (" + arguments + ") => {\n")
	var conditions, names []doc
	for _, part := range parts {
		if part.done != nil {
			names = append(names, cat(docText(part.name+": "), part.done))
		} else {
			names = append(names, docText(part.name))
		}
		if part.left != "" {
			b.WriteString(pad(depth+1) + assign(part.left, part.value, depth+1) + "\n")
		}
	}
	for _, part := range parts {
		if part.check != nil {
			flag := "is" + pascal(part.name)
			b.WriteString(pad(depth+1) + assign("const "+flag+" =", part.check, depth+1) + "\n")
			conditions = append(conditions, docText(flag))
		}
	}
	result := object(names...)
	if len(conditions) > 0 {
		test := join(docText(" && "), conditions)
		result = group(test, indent(line, docText("? "), indent(result), line, docText(": undefined")))
	}
	b.WriteString(pad(depth+1) + render(cat(docText("return "), result, docText(";")), depth+1) + "\n")
	b.WriteString(pad(depth) + "},\n")
	return b.String()
}

// calls says that a text calls a function of that name: `format(` is no `at(`.
func calls(text, name string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], name+"(")
		if i < 0 {
			return false
		}
		at := from + i
		if at == 0 || !isNameRune(rune(text[at-1])) && text[at-1] != '.' {
			return true
		}
		from = at + 1
	}
}

func (p *project) produces(op *operation) doc {
	var items []doc
	seen := map[string]bool{}
	for _, r := range op.responses() {
		if strings.HasPrefix(r.Status, "4") || strings.HasPrefix(r.Status, "5") {
			continue
		}
		for _, m := range r.Content {
			if !seen[m.Type] {
				seen[m.Type] = true
				items = append(items, docText(quote(m.Type)))
			}
		}
	}
	return list(items...)
}

func (p *project) security(op *operation) doc {
	var alternatives []doc
	for _, requirement := range op.api.Security {
		var uses []doc
		for _, use := range requirement {
			var scopes []doc
			for _, scope := range use.Scopes {
				scopes = append(scopes, docText(quote(scope)))
			}
			uses = append(uses, list(docText(quote(use.Scheme.Name)), list(scopes...)))
		}
		alternatives = append(alternatives, rowList(uses))
	}
	manyUses := len(alternatives) > 1
	for _, r := range op.api.Security {
		manyUses = manyUses && len(r) > 1
	}
	if manyUses {
		return rowList(alternatives)
	}
	return list(alternatives...)
}
