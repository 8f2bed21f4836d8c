package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// bodyPlan is how an operation reads its body.
type bodyPlan struct {
	spec    doc    // the BodySpec
	members string // of the request type
	parts   []readPart
}

func (p *project) body(op *operation) *bodyPlan {
	b := op.api.Body
	if b == nil || len(b.Content) == 0 {
		return nil
	}
	plan := &bodyPlan{}
	var media []doc
	var kinds []mediaCheck
	for _, m := range b.Content {
		media = append(media, p.mediaDoc(m))
		kinds = append(kinds, p.mediaCheck(op, m, len(b.Content) > 1))
	}
	plan.spec = expanded(docText("required: "+boolText(b.Required)), cat(docText("media: "), rowList(media)))
	union := texpr{}
	for _, k := range kinds {
		union = union.or(k.typeName)
	}
	if !b.Required {
		union = union.or("undefined")
	}
	if len(union.members) == 1 && union.members[0] == "never" {
		union = atom("unknown")
	}
	var check doc
	switch {
	case len(kinds) == 1 && kinds[0].check != nil:
		check = kinds[0].outside()
	case len(kinds) > 1 && !union.isUnknown():
		check = p.checkByType(op, kinds)
	}
	if check != nil && !b.Required {
		check = either{docText("body === undefined"), check}
	}
	plan.members = "  " + render(union.layout("body:", ";"), 1) + "\n"
	plan.parts = []readPart{{name: "body", left: "const { body } =", value: docText("source"), check: check}}
	plan.parts[0].done = p.completed(op, b.Content)
	if len(kinds) > 1 || strings.Contains(kinds[0].media, "*") {
		plan.members += "  contentType: string;\n"
		plan.parts[0].left = "const { body, contentType } ="
		plan.parts = append(plan.parts, readPart{name: "contentType"})
	}
	return plan
}

// completed is the body with its defaults; nil where it has none.
func (p *project) completed(op *operation, content []*api.Media) doc {
	var media, each []string
	some := ""
	for _, m := range content {
		name := ""
		if kind := mediaKind(m.Type); kind != "text" && kind != "binary" && m.Schema != nil {
			hint := op.Type + "Body"
			if len(content) > 1 {
				hint += mediaWord(m, 2)
			}
			name = p.plans.of(m.Schema, hint)
		}
		media, each, some = append(media, m.Type), append(each, name), some+name
	}
	switch {
	case some == "" && p.types.int64.exact():
		return call("complete", docText("body"))
	case some == "":
		return nil
	case len(content) == 1:
		return call("complete", docText("body"), docText("plans."+each[0]))
	}
	return call("complete", docText("body"), docText("plans."+p.plans.choose(op.Type, media, each)+"(contentType)"))
}

// completedGroup is a group of parameters with exact integers in their form.
func (p *project) completedGroup(g *inputGroup) doc {
	if !p.types.int64.exact() {
		return nil
	}
	if name := p.plans.bare.of(g.schema, g.decl.Name); name != "" {
		return call("complete", docText(g.name), docText("plans."+name))
	}
	return call("complete", docText(g.name))
}

// answerTable is how answers are brought into the form that is sent; nil where
// they are sent as they are.
func (p *project) answerTable(op *operation) doc {
	if p.answerPlans == nil {
		return nil
	}
	var rows []doc
	some := false
	for _, r := range op.responses() {
		for _, m := range r.Content {
			if mediaKind(m.Type) != "json" || m.Schema == nil {
				continue
			}
			row := []doc{docText(quote(r.Status)), docText(quote(m.Type))}
			if name := p.answerPlans.of(m.Schema, op.Type+statusWord(r.Status)+mediaWord(m, len(r.Content))+"Answer"); name != "" {
				row = append(row, docText("plans."+name))
				some = true
			}
			rows = append(rows, list(row...))
		}
	}
	if !some {
		return nil
	}
	return rowList(rows)
}

// mediaCheck is how the body of one media type is judged.
type mediaCheck struct {
	media    string
	typeName string
	check    doc    // an expression on body; nil where everything passes
	function string // of validators.ts, which the check calls; or ""
}

// outside is the check as another file than validators.ts calls it.
func (m mediaCheck) outside() doc {
	if m.function == "" {
		return m.check
	}
	return checkBody("validators." + m.function)
}

func checkBody(function string) doc {
	return call(function, docText("body"), docText("''"), docText("issues"))
}

func (p *project) mediaCheck(op *operation, m *api.Media, several bool) mediaCheck {
	out := mediaCheck{media: m.Type}
	hint := op.Type + "Body"
	if several {
		hint += mediaWord(m, 2)
	}
	kind := mediaKind(m.Type)
	switch kind {
	case "text":
		out.typeName, out.check = "string", docText("typeof body === 'string'")
		return out
	case "binary":
		out.typeName, out.check = "Uint8Array", docText("body instanceof Uint8Array")
		return out
	}
	if isTrivial(m.Schema, 0) {
		out.typeName = "unknown"
		return out
	}
	where := request
	if kind == "multipart" {
		where = form
	}
	schema := m.Schema
	var d *decl
	if schema.IsRef() {
		d = p.decls.of(schema.Ref, where, hint)
	} else {
		d = p.decls.of(schema, where, hint)
	}
	out.typeName = d.Name
	out.function = p.checks.forDecl(d)
	out.check = checkBody(out.function)
	return out
}

// checkByType is a call of a function that judges by the media type.
func (p *project) checkByType(op *operation, kinds []mediaCheck) doc {
	name := p.checks.names.unique("check" + op.Type + "ByType")
	var members []string
	for _, k := range kinds {
		members = append(members, k.typeName)
	}
	union := atom("never").or(members...)
	alias := p.decls.names.unique(op.Type + "AnyBody")
	p.aliases.WriteString("\n" + comment(0, "A body of "+op.Symbol+".") + render(union.layout("export type "+alias+" =", ";"), 0) + "\n")
	p.checks.queue = append(p.checks.queue, func() string {
		var b strings.Builder
		signature := cat(docText("export function "+name), enclosed("(", softline, []doc{
			docText("contentType: string"), docText("body: unknown"), docText("issues: Issue[]"),
		}, ")"), docText(": body is api."+alias+" {"))
		b.WriteString(render(signature, 0) + "\n  switch (contentType) {\n")
		for _, k := range kinds {
			check := k.check
			if check == nil {
				check = docText("true")
			}
			b.WriteString("    case " + quote(k.media) + ":\n      return " + render(cat(check, docText(";")), 3) + "\n")
		}
		b.WriteString("    default:\n      return " + p.checks.helper("fail") + "(issues, '', 'has an unknown type');\n  }\n}\n")
		return b.String()
	})
	return call("validators."+name, docText("contentType"), docText("body"), docText("issues"))
}

// mediaDoc is the entry of a media type in a BodySpec.
func (p *project) mediaDoc(m *api.Media) doc {
	kind := mediaKind(m.Type)
	members := []doc{docText("type: " + quote(m.Type)), docText("kind: " + quote(kind))}
	if kind == "form" || kind == "multipart" {
		f := factsOf(m.Schema, 0)
		var rows []doc
		for _, property := range f.properties {
			rows = append(rows, fieldRow(property, m, kind))
		}
		members = append(members, cat(docText("fields: "), rowList(rows)))
		if f.rest == nil || !f.rest.Never {
			members = append(members, cat(docText("rest: "), shapeOf(f.rest)))
		} else {
			members = append(members, docText("rest: 'string'"))
		}
	}
	return object(members...)
}

func fieldRow(property *api.Property, m *api.Media, kind string) doc {
	style, explode := "form", true
	f := factsOf(property.Schema, 0)
	if f.kinds[api.Object] {
		style, explode = "json", false
	}
	for _, e := range m.Encoding {
		if e.Property == property.Name && e.Style != "" && kind == "form" {
			style = styleName(&api.Parameter{Style: e.Style})
			explode = e.Explode
		}
	}
	members := []doc{docText("name: " + quote(property.Name)), docText("style: " + quote(style))}
	if explode {
		members = append(members, docText("explode: true"))
	}
	members = append(members, cat(docText("shape: "), shapeOf(property.Schema)))
	return object(members...)
}
