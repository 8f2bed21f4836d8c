package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// zodSchemas writes validators as zod schemas. The functions that judge keep their
// signatures; each asks a schema. What zod has no words for (patternProperties,
// dependentRequired, if, contains, …) is judged by the function that is generated
// otherwise, so that both modes let the same values pass.
type zodSchemas struct {
	checks *checks
	names  map[*decl]string
}

func newZodSchemas(c *checks) *zodSchemas {
	return &zodSchemas{checks: c, names: map[*decl]string{}}
}

// nameOf is the constant that holds the schema of a declaration.
func (z *zodSchemas) nameOf(d *decl) string {
	if z.names[d] == "" {
		z.names[d] = z.checks.names.unique(camel(d.Name) + "Schema")
	}
	return z.names[d]
}

// declFunction is a schema and the function that asks it, or "" where zod cannot say it.
func (z *zodSchemas) declFunction(d *decl, name string, s scope) string {
	if !z.can(d.schema, s, 0) {
		return ""
	}
	schema := z.nameOf(d)
	expression := z.expression(d.schema, s)
	head := "export const " + schema + ": z.ZodType<api." + d.Name + "> ="
	value := cat(docText(head+" "), call("typed", expression), docText(";"))
	if columns(head)+len(" typed(") > width {
		value = cat(docText(head), indent(hardline, call("typed", expression), docText(";")))
	}
	signature := cat(docText("export function "+name), enclosed("(", softline, []doc{
		docText("value: unknown"), docText("path: string"), docText("issues: Issue[]"),
	}, ")"), docText(": value is api."+d.Name+" {"))
	return render(value, 0) + "\n\n" +
		render(signature, 0) + "\n  return conforms(" + schema + ", value, path, issues);\n}\n"
}

// can says whether zod has words for all keywords of a schema, without looking into
// what stands inside of it: that can always be asked by a function.
func (z *zodSchemas) can(s *api.Schema, in scope, depth int) bool {
	compositions := 0
	for _, n := range []int{len(s.AllOf), len(s.OneOf), len(s.AnyOf)} {
		compositions += min(n, 1)
	}
	alone := compositions == 0 || compositions == 1 && len(s.Types) == 0 && len(s.ImpliedTypes()) == 0 && s.Ref == nil && !s.HasEnum && s.Const == ""
	switch {
	case isTrivial(s, 0), s.Never, s.IsRef():
		return true
	case in.exact, s.SlowPattern, s.Ref != nil, !alone, s.Discriminator != nil, s.Not != nil, s.If != nil, len(s.AllOf) > 0 && s.Nullable:
		return false
	case compositions == 1:
		return true
	case s.Const != "" || s.HasEnum:
		return canList(z.checks, s)
	case in.mode == form && isBinary(s):
		return true
	}
	types := typesOf(s)
	return len(types) > 0 && canObject(s, in) && len(s.PrefixItems) == 0 && s.Contains == nil && s.UnevaluatedItems == nil
}

func typesOf(s *api.Schema) []api.Type {
	if len(s.Types) > 0 {
		return withoutRedundant(s.Types)
	}
	return s.ImpliedTypes()
}

// canList: the values are scalars, and nothing else is asked of them.
func canList(c *checks, s *api.Schema) bool {
	if !c.isValueSetEnough(s) || s.HasEnum && (len(s.Enum) == 0 || s.Const != "") {
		return false
	}
	for _, v := range append(append([]api.Value{}, s.Enum...), s.Const) {
		if v != "" && (kindOf(v) == api.Array || kindOf(v) == api.Object) {
			return false
		}
	}
	return true
}

func canObject(s *api.Schema, in scope) bool {
	if len(s.PatternProperties)+len(s.DependentRequired)+len(s.DependentSchemas) > 0 ||
		s.PropertyNames != nil || s.MinProperties != "" || s.MaxProperties != "" || s.UnevaluatedProperties != nil {
		return false
	}
	for _, p := range s.Properties {
		if isInherited(p.Name) || hidden(s, p, in.mode) && s.AdditionalProperties != nil {
			return false
		}
	}
	for _, name := range s.Required {
		if s.Property(name) == nil && (s.AdditionalProperties != nil || isInherited(name)) {
			return false
		}
	}
	return true
}

// ask is a schema that leaves the judgement to a function.
func (z *zodSchemas) ask(s *api.Schema, in scope) doc {
	inner := in
	inner.sink = "issues"
	text := renderFlat(z.checks.callFor(s, "value", place{base: "path"}, inner))
	name, _, _ := strings.Cut(text, "(")
	return call("by", docText(name))
}

func (z *zodSchemas) expression(s *api.Schema, in scope) doc {
	switch {
	case isTrivial(s, 0):
		return docText("z.unknown()")
	case s.Never:
		return docText("z.never()")
	case s.IsRef():
		d := z.checks.types.decls.of(s.Ref, in.mode, in.hint)
		z.checks.forDecl(d)
		if z.can(d.schema, scope{mode: d.mode}, 0) {
			return docText("z.lazy(() => " + z.nameOf(d) + ")")
		}
		return z.ask(s, in)
	case !z.can(s, in, 0):
		return z.ask(s, in)
	}
	out := z.body(s, in)
	if s.Nullable {
		return call("z.nullable", out)
	}
	return out
}

func (z *zodSchemas) body(s *api.Schema, in scope) doc {
	switch {
	case len(s.AnyOf) > 0:
		return cat(docText("z.union("), z.each(s.AnyOf, in), docText(")"))
	case len(s.OneOf) > 0:
		return cat(docText("z.xor("), z.each(s.OneOf, in), docText(")"))
	case len(s.AllOf) > 0:
		return z.all(s.AllOf, in)
	case s.Const != "" || s.HasEnum:
		return literals(s)
	case in.mode == form && isBinary(s):
		z.checks.used["isFile"] = true
		return docText("z.custom((value) => isFile(value), 'must be a file')")
	}
	var kinds []doc
	nullable := false
	for _, t := range typesOf(s) {
		if t == api.Null && len(typesOf(s)) > 1 {
			nullable = true
			continue
		}
		kinds = append(kinds, z.ofType(s, t, in))
	}
	out := kinds[0]
	if len(kinds) > 1 {
		out = cat(docText("z.union("), list(kinds...), docText(")"))
	}
	if nullable {
		out = call("z.nullable", out)
	}
	return out
}

func (z *zodSchemas) each(schemas []*api.Schema, in scope) doc {
	var out []doc
	for i, each := range schemas {
		inner := in
		inner.hint = in.hint + variantName(each, i)
		inner.exact = onlyRequires(each)
		out = append(out, z.expression(each, inner))
	}
	return list(out...)
}

func (z *zodSchemas) all(schemas []*api.Schema, in scope) doc {
	var out doc
	for i, each := range schemas {
		inner := in
		inner.hint = in.hint + partName(schemas, i)
		inner.exact = onlyRequires(each)
		next := z.expression(each, inner)
		if out == nil {
			out = next
		} else {
			out = call("z.intersection", out, next)
		}
	}
	return out
}

func literals(s *api.Schema) doc {
	values := s.Enum
	if s.Const != "" {
		values = []api.Value{s.Const}
	}
	var items []doc
	seen := map[string]bool{}
	for _, v := range values {
		text := flatLiteral(v)
		if !seen[text] {
			seen[text] = true
			items = append(items, docText(text))
		}
	}
	if len(items) == 1 {
		return call("z.literal", items[0])
	}
	return cat(docText("z.literal("), listLiteral(values, items), docText(")"))
}

// imports are what the schemas use of zod.ts.
func (z *zodSchemas) imports(text string) string {
	var names []string
	for _, name := range []string{"by(", "conforms(", "rules.", "typed("} {
		if strings.Contains(text, name) {
			names = append(names, strings.TrimRight(name, "(."))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return importLine("import", names, "./zod.js")
}
