package check

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// zodSchemas writes validators as zod schemas. The functions that judge keep their
// signatures; each asks a schema. What zod has no words for (patternProperties,
// dependentRequired, if, contains, …) is judged by the function that is generated
// otherwise, so that both modes let the same values pass.
type zodSchemas struct {
	checks *Checks
	names  map[*declare.Declaration]string
}

func newZodSchemas(c *Checks) *zodSchemas {
	return &zodSchemas{checks: c, names: map[*declare.Declaration]string{}}
}

// nameOf is the constant that holds the schema of a declaration.
func (z *zodSchemas) nameOf(d *declare.Declaration) string {
	if z.names[d] == "" {
		z.names[d] = z.checks.names.Unique(ts.Camel(d.Name) + "Schema")
	}
	return z.names[d]
}

// declFunction is a schema and the function that asks it, or "" where zod cannot say it.
func (z *zodSchemas) declFunction(d *declare.Declaration, name string, s scope) string {
	if !z.can(d.Schema, s, 0) {
		return ""
	}
	schema := z.nameOf(d)
	expression := z.expression(d.Schema, s)
	head := "export const " + schema + ": " + z.own() + ".ZodType<" + z.checks.typeOf(d.Name) + "> ="
	value := ts.Cat(ts.Text(head+" "), ts.Call(z.helper("typed"), expression), ts.Text(";"))
	if ts.Columns(head)+len(" typed(") > ts.Width {
		value = ts.Cat(ts.Text(head), ts.Indent(ts.Hardline, ts.Call(z.helper("typed"), expression), ts.Text(";")))
	}
	z.checks.issues()
	signature := ts.Cat(ts.Text("export function "+name), ts.Enclosed("(", ts.Softline, []ts.Doc{
		ts.Text("value: unknown"), ts.Text("path: string"), ts.Text("issues: Issue[]"),
	}, ")"), ts.Text(": value is "+z.checks.typeOf(d.Name)+" {"))
	return ts.Render(value, 0) + "\n\n" +
		ts.Render(signature, 0) + "\n  return " + z.helper("conforms") + "(" + schema + ", value, path, issues);\n}\n"
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
	case IsTrivial(s, 0), s.Never, s.IsRef():
		return true
	case in.exact, s.SlowPattern, s.Ref != nil, !alone, s.Discriminator != nil, s.Not != nil, s.If != nil, len(s.AllOf) > 0 && s.Nullable:
		return false
	case compositions == 1:
		return !waysMultiply(s)
	case s.Const != "" || s.HasEnum:
		return canList(z.checks, s)
	case in.mode == declare.Form && s.IsBytes():
		return true
	}
	types := typesOf(s)
	return len(types) > 0 && z.canObject(s, in) && len(s.PrefixItems) == 0 && s.Contains == nil && s.UnevaluatedItems == nil
}

// waysMultiply tells whether two parts or variants of a schema lead back to it: values
// of n levels can then be tried in two to the power of n ways. Functions keep to a budget
// there, zod has none.
func waysMultiply(s *api.Schema) bool {
	back := 0
	for _, list := range [][]*api.Schema{s.AllOf, s.OneOf, s.AnyOf} {
		for _, each := range list {
			if leadsTo(each, s, map[*api.Schema]bool{}) {
				back++
			}
		}
	}
	return back > 1
}

// leadsTo tells whether a schema is met on the way through another one and all that it
// refers to.
func leadsTo(from, to *api.Schema, seen map[*api.Schema]bool) bool {
	found := false
	from.Walk(func(s *api.Schema) {
		if s == to || s.Ref == to {
			found = true
		} else if s.Ref != nil && !found && !seen[s.Ref] {
			seen[s.Ref] = true
			found = leadsTo(s.Ref, to, seen)
		}
	})
	return found
}

func typesOf(s *api.Schema) []api.Type {
	if len(s.Types) > 0 {
		return withoutRedundant(s.Types)
	}
	return s.ImpliedTypes()
}

// canList: the values are scalars, and nothing else is asked of them.
func canList(c *Checks, s *api.Schema) bool {
	if !c.isValueSetEnough(s) || s.HasEnum && (len(s.Enum) == 0 || s.Const != "") {
		return false
	}
	for _, v := range append(append([]api.Value{}, s.Enum...), s.Const) {
		if v != "" && (v.Type() == api.Array || v.Type() == api.Object) {
			return false
		}
	}
	return true
}

func (z *zodSchemas) canObject(s *api.Schema, in scope) bool {
	if len(s.PatternProperties)+len(s.DependentRequired)+len(s.DependentSchemas) > 0 ||
		s.PropertyNames != nil || s.MinProperties != "" || s.MaxProperties != "" || s.UnevaluatedProperties != nil {
		return false
	}
	for _, p := range s.Properties {
		if ts.IsInherited(p.Name) || declare.Hidden(s, p, in.mode) && (s.AdditionalProperties != nil || z.checks.RejectsReadOnly) {
			return false
		}
	}
	for _, name := range s.Required {
		if s.Property(name) == nil && (s.AdditionalProperties != nil || ts.IsInherited(name)) {
			return false
		}
	}
	return true
}

// ask is a schema that leaves the judgement to a function.
func (z *zodSchemas) ask(s *api.Schema, in scope) ts.Doc {
	inner := in
	inner.sink = "issues"
	return ts.Call(z.helper("by"), ts.Text(z.checks.functionFor(s, inner)))
}

func (z *zodSchemas) expression(s *api.Schema, in scope) ts.Doc {
	switch {
	case IsTrivial(s, 0):
		return ts.Text("z.unknown()")
	case s.Never:
		return ts.Text("z.never()")
	case s.IsRef():
		d := z.checks.types.Of(s.Ref, in.mode, in.hint)
		z.checks.ForDecl(d)
		if z.can(d.Schema, scope{mode: d.Mode}, 0) {
			return ts.Text("z.lazy(() => " + z.nameOf(d) + ")")
		}
		return z.ask(s, in)
	case !z.can(s, in, 0):
		return z.ask(s, in)
	}
	out := z.body(s, in)
	if s.Nullable {
		return ts.Call("z.nullable", out)
	}
	return out
}

func (z *zodSchemas) body(s *api.Schema, in scope) ts.Doc {
	switch {
	case len(s.AnyOf) > 0:
		return ts.Cat(ts.Text("z.union("), z.each(s.AnyOf, in), ts.Text(")"))
	case len(s.OneOf) > 0:
		return ts.Cat(ts.Text("z.xor("), z.each(s.OneOf, in), ts.Text(")"))
	case len(s.AllOf) > 0:
		return z.all(s.AllOf, in)
	case s.Const != "" || s.HasEnum:
		return z.literals(s)
	case in.mode == declare.Form && s.IsBytes():
		return ts.Text("z.custom((value) => " + z.checks.helper("isFile") + "(value), 'must be a file')")
	}
	var kinds []ts.Doc
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
		out = ts.Cat(ts.Text("z.union("), ts.List(kinds...), ts.Text(")"))
	}
	if nullable {
		out = ts.Call("z.nullable", out)
	}
	return out
}

func (z *zodSchemas) each(schemas []*api.Schema, in scope) ts.Doc {
	var out []ts.Doc
	for i, each := range schemas {
		inner := in
		inner.hint = in.hint + declare.VariantName(each, i)
		inner.exact = declare.OnlyRequires(each)
		out = append(out, z.expression(each, inner))
	}
	return ts.List(out...)
}

func (z *zodSchemas) all(schemas []*api.Schema, in scope) ts.Doc {
	var out ts.Doc
	for i, each := range schemas {
		inner := in
		inner.hint = in.hint + declare.PartName(schemas, i)
		inner.exact = declare.OnlyRequires(each)
		next := z.expression(each, inner)
		if out == nil {
			out = next
		} else {
			out = ts.Call("z.intersection", out, next)
		}
	}
	return out
}

func (z *zodSchemas) literals(s *api.Schema) ts.Doc {
	values := s.Enum
	if s.Const != "" {
		values = []api.Value{s.Const}
	}
	var items []ts.Doc
	seen := map[string]bool{}
	for _, v := range values {
		text := flatLiteral(v)
		if !seen[text] {
			seen[text] = true
			items = append(items, ts.Text(text))
		}
	}
	if len(items) == 1 {
		return ts.Call("z.literal", items[0])
	}
	return ts.Cat(ts.Text("z.literal("), listLiteral(values, items), ts.Text(")"))
}

// own is the name of zod itself, which the file imports from now on. It stands in the
// type of each schema, so that the expressions need not ask for it again.
func (z *zodSchemas) own() string { return z.checks.file.Use("zod", "z") }

// helper is a function of zod.ts, which the file imports from now on.
func (z *zodSchemas) helper(name string) string {
	return z.checks.file.Use(z.checks.from+"zod.js", name)
}
