package declare

import (
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Types are all types of a server: it makes declarations of schemas, type
// expressions that use them, and the file with all of them.
type Types struct {
	decls    *declarations
	Int64    Int64Form
	file     *ts.File
	fieldsOf map[*api.Schema]*api.Schema
	// inherited remembers which schemas are interfaces that extend others.
	inherited map[*api.Schema]inheritance
}

// Use is the type of a schema where it is used: a name if it has or deserves one.
func (t *Types) Use(s *api.Schema, m Mode, hint string) ts.Type {
	if s == nil || s.IsAny() {
		return ts.Atom("unknown")
	}
	if s.Ref == nil && DeservesName(s) {
		return ts.Atom(t.decls.of(s, m, hint).Name)
	}
	return t.body(s, m, hint, nil)
}

// DeservesName: an inline schema that would be several lines long.
func DeservesName(s *api.Schema) bool {
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
func (t *Types) body(s *api.Schema, m Mode, hint string, cut func(*api.Schema) bool) ts.Type {
	if s == nil {
		return ts.Atom("unknown")
	}
	if s.Never {
		return ts.Atom("never")
	}
	var parts []ts.Type
	if s.Ref != nil {
		if cut != nil && cut(s.Ref) {
			parts = append(parts, ts.Atom("unknown"))
		} else {
			parts = append(parts, ts.Atom(t.decls.of(s.Ref, m, hint).Name))
		}
	}
	parts = append(parts, t.own(s, m, hint))
	for i, each := range s.AllOf {
		parts = append(parts, t.part(each, m, hint+PartName(s.AllOf, i), cut))
	}
	for _, alternatives := range [][]*api.Schema{s.OneOf, s.AnyOf} {
		if len(alternatives) == 0 {
			continue
		}
		union := ts.Atom("never")
		for i, each := range alternatives {
			union = union.Join(t.part(each, m, hint+VariantName(each, i), cut))
		}
		parts = append(parts, union)
	}
	out := ts.And(parts)
	if s.Nullable {
		out = out.Or("null")
	}
	return out
}

func (t *Types) part(s *api.Schema, m Mode, hint string, cut func(*api.Schema) bool) ts.Type {
	if s.Ref != nil || !DeservesName(s) {
		return t.body(s, m, hint, cut)
	}
	if OnlyRequires(s) {
		return ts.Atom("unknown")
	}
	return t.Use(s, m, hint)
}

// OnlyRequires: {required: […]} beside a schema that has the properties.
func OnlyRequires(s *api.Schema) bool {
	return len(s.Properties) == 0 && len(s.Types) == 0 && len(s.AllOf) == 0 && s.Ref == nil &&
		len(s.OneOf) == 0 && len(s.AnyOf) == 0 && !s.HasEnum && s.Const == ""
}

// PartName is for the i-th schema of allOf: the fields that a schema adds to
// what it takes in by reference.
func PartName(all []*api.Schema, i int) string {
	inline := 0
	for _, each := range all {
		if !each.IsRef() {
			inline++
		}
	}
	if inline == 1 {
		return "Fields"
	}
	return "Part" + strconv.Itoa(i+1)
}

func VariantName(s *api.Schema, i int) string {
	if s.Title != "" && len(ts.Words(s.Title)) > 0 && len(ts.Words(s.Title)) < 5 {
		return ts.Pascal(s.Title)
	}
	return "Variant" + strconv.Itoa(i+1)
}

// own is what the keywords say without references and composition.
func (t *Types) own(s *api.Schema, m Mode, hint string) ts.Type {
	if s.Const != "" {
		return t.Int64.typeOf(s, s.Const)
	}
	if s.HasEnum {
		return t.enumType(s)
	}
	if m == Form && s.IsBytes() {
		return ts.Atom(t.file.Use(filesModule, "UploadedFile"))
	}
	out := ts.Atom("never")
	for _, kind := range s.ImpliedTypes() {
		out = out.Join(t.ofKind(s, kind, m, hint))
	}
	if len(s.ImpliedTypes()) == 0 {
		return ts.Atom("unknown")
	}
	return out
}

func (t *Types) ofKind(s *api.Schema, kind api.Type, m Mode, hint string) ts.Type {
	switch kind {
	case api.Null:
		return ts.Atom("null")
	case api.Boolean:
		return ts.Atom("boolean")
	case api.Integer, api.Numeric:
		if kind == api.Integer && t.Int64.Holds(s) {
			return ts.Atom(string(t.Int64))
		}
		return ts.Atom("number")
	case api.String:
		return ts.Atom("string")
	case api.Array:
		return t.array(s, m, hint)
	}
	return t.objectType(s, m, hint)
}

func (t *Types) array(s *api.Schema, m Mode, hint string) ts.Type {
	if len(s.PrefixItems) == 0 {
		return ts.ListOf(t.Use(s.Items, m, hint+"Item"))
	}
	var parts []string
	required := 0
	if n := s.MinItems.Count(); n > 0 {
		required = n
	}
	for i, p := range s.PrefixItems {
		text := t.Use(p, m, hint+"Item"+strconv.Itoa(i+1))
		if i < required {
			parts = append(parts, text.Text())
		} else {
			parts = append(parts, text.Operand()+"?")
		}
	}
	if s.Items == nil || !s.Items.Never {
		parts = append(parts, "..."+t.Use(s.Items, m, hint+"Item").Operand()+"[]")
	}
	return ts.Tuple(parts)
}

// objectType is an object without named properties; one with them is a
// declaration, whose members types.members writes.
func (t *Types) objectType(s *api.Schema, m Mode, hint string) ts.Type {
	if len(s.Properties) > 0 {
		return ts.Atom(t.decls.of(t.fields(s), m, hint+"Fields").Name)
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Never && len(s.PatternProperties) == 0 {
		return ts.Record(ts.Atom("never"))
	}
	if s.AdditionalProperties != nil && len(s.PatternProperties) == 0 {
		return ts.Record(t.Use(s.AdditionalProperties, m, hint+"Value"))
	}
	if len(s.PatternProperties) == 1 && s.AdditionalProperties != nil && s.AdditionalProperties.Never {
		return ts.Record(t.Use(s.PatternProperties[0].Schema, m, hint+"Value"))
	}
	return ts.AnyObject()
}

// fields is the schema reduced to its object keywords: an interface of its own
// beside what else the schema is (null, a composition).
func (t *Types) fields(s *api.Schema) *api.Schema {
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
