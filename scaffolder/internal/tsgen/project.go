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
	uses       map[string]bool // names that types/api.ts imports
	aliases    strings.Builder // further types

	typesText      string
	validatorsText string
	operationsText string
}

func newProject(a *api.API, o Options) (*project, error) {
	switch o.Framework {
	case "express", "fastify", "koa":
	default:
		return nil, fmt.Errorf("unknown framework %q", o.Framework)
	}
	if o.SourceDir == "" {
		o.SourceDir = "src"
	}
	p := &project{api: a, options: o, decls: newDeclarations(a), uses: map[string]bool{}}
	p.types = &types{decls: p.decls, int64: o.Int64, fieldsOf: map[*api.Schema]*api.Schema{}}
	p.checks = newChecks(p.types)
	p.operations = planOperations(a, o)
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
	p.typesText = p.typeFile(p.aliases.String() + inputs.String() + outputs.String())
	p.validatorsText = p.validatorFile(functions)
	p.operationsText = operations.String()
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
	return head.String() + text
}

func importLine(words string, names []string, from string) string {
	var items []doc
	for _, n := range names {
		items = append(items, docText(n))
	}
	return render(cat(docText(words+" "), object(items...), docText(" from "+quote(from)+";")), 0) + "\n"
}

func (p *project) validatorFile(functions []string) string {
	var helpers []string
	formats := false
	for name := range p.checks.used {
		if name == "formats" {
			formats = true
		} else {
			helpers = append(helpers, name)
		}
	}
	sort.Strings(helpers)
	helpers = append(helpers, "type Issue")
	var b strings.Builder
	text := strings.Join(functions, "\n")
	if strings.Contains(text, "api.") {
		b.WriteString("import type * as api from '../types/api.js';\n")
	}
	if formats {
		b.WriteString("import { formats } from './formats.js';\n")
	}
	if len(functions) > 0 {
		b.WriteString(importLine("import", helpers, "./validation.js"))
	} else {
		b.WriteString("export {};\n")
	}
	if p.checks.consts.Len() > 0 {
		b.WriteString("\n" + p.checks.consts.String())
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
		table := op.Symbol + pascal(g.name)
		tables.WriteString(p.table(op, g))
		parts = append(parts, readPart{
			name:  g.name,
			read:  "const " + g.name + " = " + g.read + "(" + g.source + ", " + table + ");",
			check: "validators." + p.checks.forDecl(g.decl) + "(" + g.name + ", '', issues)",
		})
	}
	if body != nil {
		members.WriteString(body.members)
		parts = append(parts, body.parts...)
	}
	head := "\n" + comment(0, "What "+op.Symbol+" is asked.")
	if members.Len() == 0 {
		typeText = head + "export type " + op.RequestType + " = { [key: string]: never };\n"
	} else {
		typeText = head + "export interface " + op.RequestType + " {\n" + members.String() + "}\n"
	}
	return typeText, tables.String() + p.operationConst(op, body, parts)
}

// readPart is one part of a request on its way into the handler's argument.
type readPart struct{ name, read, check string }

func (p *project) operationConst(op *operation, body *bodyPlan, parts []readPart) string {
	var b strings.Builder
	b.WriteString("\n" + op.comment())
	b.WriteString(render(docText("export const "+op.Symbol+": Operation<api."+op.RequestType+"> = {"), 0) + "\n")
	member := func(d doc) { b.WriteString("  " + render(cat(d, docText(",")), 1) + "\n") }
	member(docText("id: " + quote(op.api.ID)))
	member(cat(docText("security: "), p.security(op)))
	if body != nil {
		member(cat(docText("body: "), body.spec))
	}
	member(cat(docText("produces: "), p.produces(op)))
	if op.api.RateLimit != nil {
		member(docText(fmt.Sprintf("rateLimit: { limit: %d, seconds: %d }", op.api.RateLimit.Limit, op.api.RateLimit.Seconds)))
	}
	if len(parts) == 0 {
		b.WriteString("  read: () => ({}),\n};\n")
		return b.String()
	}
	b.WriteString("  read: (source, issues) => {\n")
	var conditions, names []doc
	for _, part := range parts {
		if part.read != "" {
			b.WriteString("    " + part.read + "\n")
		}
		names = append(names, docText(part.name))
	}
	for _, part := range parts {
		if part.check != "" {
			flag := "is" + pascal(part.name)
			b.WriteString("    const " + flag + " = " + part.check + ";\n")
			conditions = append(conditions, docText(flag))
		}
	}
	result := object(names...)
	if len(conditions) == 0 {
		b.WriteString("    return " + render(cat(result, docText(";")), 2) + "\n")
	} else {
		test := join(docText(" && "), conditions)
		choice := group(test, indent(line, docText("? "), result, line, docText(": undefined;")))
		b.WriteString("    return " + render(choice, 2) + "\n")
	}
	b.WriteString("  },\n};\n")
	return b.String()
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
