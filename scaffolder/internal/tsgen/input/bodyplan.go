package input

import (
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/check"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// bodyPlan is how an operation reads its body.
type bodyPlan struct {
	spec    ts.Doc // the BodySpec
	members string // of the request type
	alias   string // a further type; or ""
	parts   []readPart
}

func (in *Inputs) body(op *operation.Operation) *bodyPlan {
	b := op.API.Body
	if b == nil || len(b.Content) == 0 {
		return nil
	}
	plan := &bodyPlan{}
	var media []ts.Doc
	var kinds []mediaPlan
	for _, m := range b.Content {
		media = append(media, in.mediaDoc(m))
		kinds = append(kinds, in.mediaPlan(op, m, len(b.Content) > 1))
	}
	plan.spec = ts.Expanded(ts.Text("required: "+strconv.FormatBool(b.Required)), ts.Cat(ts.Text("media: "), ts.RowList(media)))
	union := ts.Atom("never")
	for _, k := range kinds {
		union = union.Or(k.typeName)
	}
	if !b.Required {
		union = union.Or("undefined")
	}
	if union.IsNever() {
		union = ts.Atom("unknown")
	}
	var check ts.Doc
	judged := len(kinds) > 1 || kinds[0].function != ""
	switch {
	case len(kinds) == 1 && kinds[0].check != nil:
		check = in.outside(kinds[0])
	case len(kinds) > 1 && !union.IsUnknown():
		check, plan.alias = in.checkByType(op, kinds)
	}
	if check != nil && !b.Required {
		check = ts.Either{A: ts.Text("body === undefined"), B: check}
	}
	plan.members = "  " + ts.Render(union.Layout("body:", ";"), 1) + "\n"
	plan.parts = []readPart{{name: "body", left: "const { body } =", value: ts.Text("source"), check: check, judged: judged}}
	plan.parts[0].done = in.completed(op, b.Content)
	if len(kinds) > 1 || strings.Contains(kinds[0].media, "*") {
		plan.members += "  contentType: string;\n"
		plan.parts[0].left = "const { body, contentType } ="
		plan.parts = append(plan.parts, readPart{name: "contentType"})
	}
	return plan
}

// completed is the body with its defaults; nil where it has none.
func (in *Inputs) completed(op *operation.Operation, content []*api.Media) ts.Doc {
	var media, each []string
	some := ""
	for _, m := range content {
		name := ""
		if kind := m.Kind(); kind != api.PlainText && kind != api.Binary && m.Schema != nil {
			hint := op.Type + "Body"
			if len(content) > 1 {
				hint += operation.MediaWord(m, 2)
			}
			name = in.Plans.Of(m.Schema, hint)
		}
		media, each, some = append(media, m.Type), append(each, name), some+name
	}
	switch {
	case some == "" && in.Types.Int64.Exact():
		return ts.Call(in.complete(), ts.Text("body"))
	case some == "":
		return nil
	case len(content) == 1:
		return ts.Call(in.complete(), ts.Text("body"), ts.Text(in.plan(each[0])))
	}
	return ts.Call(in.complete(), ts.Text("body"), ts.Text(in.plan(in.Plans.Choose(op.Type, media, each))+"(contentType)"))
}

// completedGroup is a group of parameters with exact integers in their form.
func (in *Inputs) completedGroup(g *inputGroup) ts.Doc {
	if !in.Types.Int64.Exact() {
		return nil
	}
	if name := in.Plans.Bare.Of(g.schema, g.decl.Name); name != "" {
		return ts.Call(in.complete(), ts.Text(g.name), ts.Text(in.plan(name)))
	}
	return ts.Call(in.complete(), ts.Text(g.name))
}

// mediaPlan is how the body of one media type is judged.
type mediaPlan struct {
	media    string
	typeName string
	check    ts.Doc // an expression on body; nil where everything passes
	function string // of validators.ts, which the check calls; or ""
}

// outside is the check as operations.ts calls it.
func (in *Inputs) outside(m mediaPlan) ts.Doc {
	if m.function == "" {
		return m.check
	}
	return checkBody(in.validator(m.function))
}

func checkBody(function string) ts.Doc {
	return ts.Call(function, ts.Text("body"), ts.Text("''"), ts.Text("issues"))
}

func (in *Inputs) mediaPlan(op *operation.Operation, m *api.Media, several bool) mediaPlan {
	out := mediaPlan{media: m.Type}
	hint := op.Type + "Body"
	if several {
		hint += operation.MediaWord(m, 2)
	}
	kind, schema, where := m.Kind(), m.Schema, declare.Request
	switch {
	case kind == api.PlainText && !IsScalarText(m):
		out.typeName, out.check = "string", ts.Text("typeof body === 'string'")
		return out
	case kind == api.Binary:
		out.typeName, out.check = "Uint8Array", ts.Text("body instanceof Uint8Array")
		return out
	case check.IsTrivial(schema, 0):
		out.typeName = "unknown"
		return out
	case kind == api.Multipart:
		schema, where = PartsSchema(m), declare.Form
	}
	if schema.IsRef() {
		schema = schema.Ref
	}
	d := in.Types.Of(schema, where, hint)
	out.typeName = d.Name
	out.function = in.Checks.ForDecl(d)
	out.check = checkBody(out.function)
	return out
}

// checkByType is a call of a function that judges by the media type, and the type of
// all that it lets pass.
func (in *Inputs) checkByType(op *operation.Operation, plans []mediaPlan) (call ts.Doc, alias string) {
	var members []string
	var media []check.MediaCheck
	for _, k := range plans {
		members = append(members, k.typeName)
		media = append(media, check.MediaCheck{Media: k.media, Check: k.check})
	}
	union := ts.Atom("never").Or(members...)
	alias = in.Types.Unique(op.Type + "AnyBody")
	text := "\n" + ts.Comment(0, "A body of "+op.Symbol+".") + ts.Render(union.Layout("export type "+alias+" =", ";"), 0) + "\n"
	name := in.Checks.ByType("check"+op.Type+"ByType", alias, media)
	return ts.Call(in.validator(name), ts.Text("contentType"), ts.Text("body"), ts.Text("issues")), text
}
