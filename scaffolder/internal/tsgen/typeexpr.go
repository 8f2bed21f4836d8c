package tsgen

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// texpr is a type in TypeScript: a union of members, of which a plain type has one.
type texpr struct {
	members []string
	// all are the parts of an intersection that is the only member.
	all []string
}

func atom(text string) texpr { return texpr{members: []string{text}} }

func (t texpr) isUnknown() bool { return len(t.members) == 1 && t.members[0] == "unknown" }

// text is the type on one line.
func (t texpr) text() string { return strings.Join(t.members, " | ") }

// isIntersection: A & B, not {a: A & B}.
func isIntersection(s string) bool {
	depth, quoted := 0, rune(0)
	for _, r := range s {
		switch {
		case quoted != 0:
			if r == quoted {
				quoted = 0
			}
		case strings.ContainsRune("'\"`", r):
			quoted = r
		case strings.ContainsRune("({[<", r):
			depth++
		case strings.ContainsRune(")}]>", r):
			depth--
		case r == '&' && depth == 0:
			return true
		}
	}
	return false
}

func (t texpr) or(more ...string) texpr {
	out := texpr{}
	seen := map[string]bool{}
	for _, m := range append(append([]string{}, t.members...), more...) {
		if m == "unknown" {
			return atom("unknown")
		}
		if !seen[m] && m != "never" {
			seen[m] = true
			out.members = append(out.members, m)
		}
	}
	if len(out.members) == 0 {
		return atom("never")
	}
	for i, m := range out.members {
		if len(out.members) > 1 && isIntersection(m) {
			out.members[i] = "(" + m + ")"
		}
	}
	return out
}

const anyObject = "{ [key: string]: unknown }"

func hasOther(parts []texpr) bool {
	for _, p := range parts {
		if !p.isUnknown() && p.text() != anyObject {
			return true
		}
	}
	return false
}

// isEvery says that a type is some literals of a kind and nothing else.
func (t texpr) isEvery(kind func(string) bool) bool {
	return len(t.members) > 0 && !slices.ContainsFunc(t.members, func(m string) bool { return !kind(m) })
}

func isNumberLiteral(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// isTextLiteral: 'a', and no union or intersection of such.
func isTextLiteral(s string) bool {
	return len(s) > 1 && s[0] == '\'' && strings.IndexByte(s[1:], '\'') == len(s)-2
}

func and(parts []texpr) texpr {
	var texts []string
	var only texpr
	seen := map[string]bool{}
	// `type: object` says nothing beside the object types that it is joined with.
	seen[anyObject] = len(parts) > 1 && hasOther(parts)
	// Nor does `type: string` beside the texts of an enum, or `type: integer` beside its numbers.
	seen["string"] = slices.ContainsFunc(parts, func(p texpr) bool { return p.isEvery(isTextLiteral) })
	seen["number"] = slices.ContainsFunc(parts, func(p texpr) bool { return p.isEvery(isNumberLiteral) })
	for _, p := range parts {
		if p.isUnknown() || seen[p.text()] {
			continue
		}
		seen[p.text()] = true
		only = p
		texts = append(texts, p.operand())
	}
	switch len(texts) {
	case 0:
		return atom("unknown")
	case 1:
		return only
	}
	return texpr{members: []string{strings.Join(texts, " & ")}, all: texts}
}

// types makes type expressions; from is the declaration whose right-hand side is
// being written, for names that may not refer to themselves directly.
type types struct {
	decls    *declarations
	int64    int64Form
	fieldsOf map[*api.Schema]*api.Schema
	// inherited remembers which schemas are interfaces that extend others.
	inherited map[*api.Schema]inheritance
}

// use is the type of a schema where it is used: a name if it has or deserves one.
func (t *types) use(s *api.Schema, m mode, hint string) texpr {
	if s == nil || s.IsAny() {
		return atom("unknown")
	}
	if s.Ref == nil && deservesName(s) {
		return atom(t.decls.of(s, m, hint).Name)
	}
	return t.body(s, m, hint, nil)
}

// deservesName: an inline schema that would be several lines long.
func deservesName(s *api.Schema) bool {
	if len(s.Properties) > 0 {
		return true
	}
	if len(s.AllOf) > 1 || len(s.AllOf) == 1 && !s.AllOf[0].IsRef() {
		return true
	}
	alternatives := 0
	for _, o := range append(append([]*api.Schema{}, s.OneOf...), s.AnyOf...) {
		if !isNull(o) {
			alternatives++
		}
	}
	if alternatives > 2 {
		return true
	}
	n := 0
	for _, v := range s.Enum {
		n += len(v)
	}
	return n > 60 || s.If != nil || s.UnevaluatedProperties != nil
}

func isNull(s *api.Schema) bool {
	return s.Ref == nil && len(s.Types) == 1 && s.Types[0] == api.Null
}

// body is the type that the keywords of a schema describe. cut tells which names
// may not be used directly: they lead back to the declaration being written.
func (t *types) body(s *api.Schema, m mode, hint string, cut func(*api.Schema) bool) texpr {
	if s == nil {
		return atom("unknown")
	}
	if s.Never {
		return atom("never")
	}
	var parts []texpr
	if s.Ref != nil {
		if cut != nil && cut(s.Ref) {
			parts = append(parts, atom("unknown"))
		} else {
			parts = append(parts, atom(t.decls.of(s.Ref, m, hint).Name))
		}
	}
	parts = append(parts, t.own(s, m, hint))
	for i, each := range s.AllOf {
		parts = append(parts, t.part(each, m, hint+partName(s.AllOf, i), cut))
	}
	for _, alternatives := range [][]*api.Schema{s.OneOf, s.AnyOf} {
		if len(alternatives) == 0 {
			continue
		}
		union := atom("never")
		for i, each := range alternatives {
			union = union.or(t.part(each, m, hint+variantName(each, i), cut).members...)
		}
		parts = append(parts, union)
	}
	out := and(parts)
	if s.Nullable {
		out = out.or("null")
	}
	return out
}

func (t *types) part(s *api.Schema, m mode, hint string, cut func(*api.Schema) bool) texpr {
	if s.Ref != nil || !deservesName(s) {
		return t.body(s, m, hint, cut)
	}
	if onlyRequires(s) {
		return atom("unknown")
	}
	return t.use(s, m, hint)
}

// onlyRequires: {required: […]} beside a schema that has the properties.
func onlyRequires(s *api.Schema) bool {
	return len(s.Properties) == 0 && len(s.Types) == 0 && len(s.AllOf) == 0 && s.Ref == nil &&
		len(s.OneOf) == 0 && len(s.AnyOf) == 0 && !s.HasEnum && s.Const == ""
}

// partName is for the i-th schema of allOf: the fields that a schema adds to
// what it takes in by reference.
func partName(all []*api.Schema, i int) string {
	inline := 0
	for _, each := range all {
		if !each.IsRef() {
			inline++
		}
	}
	if inline == 1 {
		return "Fields"
	}
	return "Part" + itoa(i+1)
}

func variantName(s *api.Schema, i int) string {
	if s.Title != "" && len(words(s.Title)) > 0 && len(words(s.Title)) < 5 {
		return pascal(s.Title)
	}
	return "Variant" + itoa(i+1)
}

// own is what the keywords say without references and composition.
func (t *types) own(s *api.Schema, m mode, hint string) texpr {
	if s.Const != "" {
		return atom(t.int64.typeOf(s, s.Const))
	}
	if s.HasEnum {
		return t.enumType(s)
	}
	if m == form && isBinary(s) {
		return atom("UploadedFile")
	}
	out := atom("never")
	for _, kind := range s.ImpliedTypes() {
		out = out.or(t.ofKind(s, kind, m, hint).members...)
	}
	if len(s.ImpliedTypes()) == 0 {
		return atom("unknown")
	}
	return out
}

func (t *types) ofKind(s *api.Schema, kind api.Type, m mode, hint string) texpr {
	switch kind {
	case api.Null:
		return atom("null")
	case api.Boolean:
		return atom("boolean")
	case api.Integer, api.Numeric:
		if kind == api.Integer && t.int64.holds(s) {
			return atom(string(t.int64))
		}
		return atom("number")
	case api.String:
		return atom("string")
	case api.Array:
		return t.array(s, m, hint)
	}
	return t.objectType(s, m, hint)
}

func (t *types) array(s *api.Schema, m mode, hint string) texpr {
	if len(s.PrefixItems) == 0 {
		return atom(t.use(s.Items, m, hint+"Item").operand() + "[]")
	}
	var parts []string
	required := 0
	if n := atoi(s.MinItems); n > 0 {
		required = n
	}
	for i, p := range s.PrefixItems {
		text := t.use(p, m, hint+"Item"+itoa(i+1))
		if i < required {
			parts = append(parts, text.text())
		} else {
			parts = append(parts, text.operand()+"?")
		}
	}
	if s.Items == nil || !s.Items.Never {
		parts = append(parts, "..."+t.use(s.Items, m, hint+"Item").operand()+"[]")
	}
	return atom("[" + strings.Join(parts, ", ") + "]")
}

// objectType is an object without named properties; one with them is a
// declaration, whose members types.members writes.
func (t *types) objectType(s *api.Schema, m mode, hint string) texpr {
	if len(s.Properties) > 0 {
		return atom(t.decls.of(t.fields(s), m, hint+"Fields").Name)
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Never && len(s.PatternProperties) == 0 {
		return atom("{ [key: string]: never }")
	}
	if s.AdditionalProperties != nil && len(s.PatternProperties) == 0 {
		return atom("{ [key: string]: " + t.use(s.AdditionalProperties, m, hint+"Value").text() + " }")
	}
	if len(s.PatternProperties) == 1 && s.AdditionalProperties != nil && s.AdditionalProperties.Never {
		return atom("{ [key: string]: " + t.use(s.PatternProperties[0].Schema, m, hint+"Value").text() + " }")
	}
	return atom(anyObject)
}

// fields is the schema reduced to its object keywords: an interface of its own
// beside what else the schema is (null, a composition).
func (t *types) fields(s *api.Schema) *api.Schema {
	if isPlainObject(s) {
		return s
	}
	if have := t.fieldsOf[s]; have != nil {
		return have
	}
	out := &api.Schema{
		Types: []api.Type{api.Object}, Properties: s.Properties, Required: s.Required,
		PatternProperties: s.PatternProperties, AdditionalProperties: s.AdditionalProperties,
		UnevaluatedProperties: s.UnevaluatedProperties, At: s.At,
	}
	t.fieldsOf[s] = out
	return out
}

// isPlainObject: an interface says all that there is to say of its type.
func isPlainObject(s *api.Schema) bool {
	kinds := s.ImpliedTypes()
	return len(s.Properties) > 0 && len(kinds) == 1 && kinds[0] == api.Object && s.Ref == nil &&
		!s.Nullable && len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) == 0 && !s.HasEnum && s.Const == "" && !s.Never
}
