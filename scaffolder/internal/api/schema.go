package api

// Schema says which JSON values pass. Its keywords are those of JSON Schema
// 2020-12; a keyword that is not given has its zero value. A Schema without any
// keyword passes everything.
//
// A named schema stands in API.Schemas and nowhere else: wherever the document
// uses it there is a Schema whose Ref points at it. So a walk that does not
// follow Ref always ends, and recursion always passes through a name.
type Schema struct {
	// Name is set on the members of API.Schemas only.
	Name string
	// Ref is the named schema that must pass as well. The other keywords of
	// this Schema apply too; see IsRef.
	Ref *Schema

	// Never is the schema `false`: nothing passes.
	Never bool
	// Nullable lets null pass before any other keyword is looked at.
	Nullable bool

	Types []Type // the value is one of them; empty: any
	Enum  []Value
	// HasEnum tells an empty enum (nothing passes) from none.
	HasEnum bool
	Const   Value // "" when there is none

	// Numbers.
	Minimum          Number
	Maximum          Number
	ExclusiveMinimum Number
	ExclusiveMaximum Number
	MultipleOf       Number

	// Strings. Lengths count Unicode code points.
	MinLength Number
	MaxLength Number
	Pattern   string // ECMAScript
	// SlowPattern says that Pattern can take more than linear time on a hostile
	// text: a validator has to bound the time.
	SlowPattern      bool
	Format           string
	ContentEncoding  string
	ContentMediaType string
	ContentSchema    *Schema

	// Arrays. Items applies behind PrefixItems.
	Items            *Schema
	PrefixItems      []*Schema
	Contains         *Schema
	MinContains      Number
	MaxContains      Number
	MinItems         Number
	MaxItems         Number
	UniqueItems      bool
	UnevaluatedItems *Schema

	// Objects.
	Properties            []*Property
	Required              []string
	RequiresBothWays      bool // also what is readOnly or writeOnly: OpenAPI 3.1 and later
	PatternProperties     []*PatternProperty
	AdditionalProperties  *Schema
	UnevaluatedProperties *Schema
	PropertyNames         *Schema
	MinProperties         Number
	MaxProperties         Number
	DependentRequired     []DependentRequired
	DependentSchemas      []DependentSchema

	// Composition.
	AllOf         []*Schema
	AnyOf         []*Schema
	OneOf         []*Schema
	Not           *Schema
	If            *Schema
	Then          *Schema
	Else          *Schema
	Discriminator *Discriminator

	// Annotations.
	Title       string
	Description string
	Deprecated  bool
	ReadOnly    bool
	WriteOnly   bool
	Default     Value // "" when there is none
	Examples    []Value

	At Position
}

// IsRef says that the schema is a bare reference: Ref is all that it checks. A schema
// that a document does not give (nil) is none.
func (s *Schema) IsRef() bool {
	return s != nil && s.Ref != nil && !s.Nullable && !s.hasAssertions()
}

// IsAny says that every value passes.
func (s *Schema) IsAny() bool {
	return s == nil || (s.Ref == nil && !s.Never && !s.hasAssertions())
}

// Target follows Ref to the first schema that says something itself. It stops
// at a schema that refers to itself only by references.
func (s *Schema) Target() *Schema {
	for range 64 {
		if s == nil || !s.IsRef() {
			return s
		}
		s = s.Ref
	}
	return s
}

// Is says that t is among the types.
func (s *Schema) Is(t Type) bool {
	for _, have := range s.Types {
		if have == t {
			return true
		}
	}
	return false
}

// ImpliedTypes are the types, or where there are none those that the keywords imply
// that the author meant: who lists properties means an object.
func (s *Schema) ImpliedTypes() []Type {
	switch {
	case len(s.Types) > 0:
		return s.Types
	case s.HasEnum || s.Const != "":
		return nil
	case len(s.Properties) > 0 || s.AdditionalProperties != nil:
		return []Type{Object}
	case s.Items != nil || len(s.PrefixItems) > 0:
		return []Type{Array}
	}
	return nil
}

// Property finds a property by its name.
func (s *Schema) Property(name string) *Schema {
	for _, p := range s.Properties {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}

// Requires says that name is among the required properties.
func (s *Schema) Requires(name string) bool {
	for _, r := range s.Required {
		if r == name {
			return true
		}
	}
	return false
}

// RequiresInAnswers says that answers, too, must have a property that is writeOnly.
func (s *Schema) RequiresInAnswers(name string) bool {
	return s.RequiresBothWays && s.Requires(name)
}

func (s *Schema) hasAssertions() bool {
	return s.Never || len(s.Types) > 0 || s.HasEnum || s.Const != "" ||
		s.hasScalarAssertions() || s.hasArrayAssertions() || s.hasObjectAssertions() ||
		len(s.AllOf) > 0 || len(s.AnyOf) > 0 || len(s.OneOf) > 0 || s.Not != nil ||
		s.If != nil || s.Discriminator != nil
}

func (s *Schema) hasScalarAssertions() bool {
	return s.Minimum != "" || s.Maximum != "" || s.ExclusiveMinimum != "" ||
		s.ExclusiveMaximum != "" || s.MultipleOf != "" || s.MinLength != "" ||
		s.MaxLength != "" || s.Pattern != "" || s.Format != "" ||
		s.ContentEncoding != "" || s.ContentMediaType != "" || s.ContentSchema != nil
}

func (s *Schema) hasArrayAssertions() bool {
	return s.Items != nil || len(s.PrefixItems) > 0 || s.Contains != nil ||
		s.MinItems != "" || s.MaxItems != "" || s.UniqueItems || s.UnevaluatedItems != nil
}

func (s *Schema) hasObjectAssertions() bool {
	return len(s.Properties) > 0 || len(s.Required) > 0 || len(s.PatternProperties) > 0 ||
		s.AdditionalProperties != nil || s.UnevaluatedProperties != nil ||
		s.PropertyNames != nil || s.MinProperties != "" || s.MaxProperties != "" ||
		len(s.DependentRequired) > 0 || len(s.DependentSchemas) > 0
}

// Property is a property of an object.
type Property struct {
	Name   string
	Schema *Schema
}

// PatternProperty applies to every property whose name matches Pattern.
type PatternProperty struct {
	Pattern string // ECMAScript
	Slow    bool   // as Schema.SlowPattern
	Schema  *Schema
}

// DependentRequired asks for Required where the property Name is there.
type DependentRequired struct {
	Name     string
	Required []string
}

// DependentSchema applies to the whole object where the property Name is there.
type DependentSchema struct {
	Name   string
	Schema *Schema
}

// Discriminator picks a schema by the value of one property.
type Discriminator struct {
	Property string
	// Mapping is complete: what the document maps, then the names that it
	// implies (the name of each schema in oneOf/anyOf, or of each schema that
	// takes this one in by allOf). Each Schema is a bare reference.
	Mapping []Mapping
	// Inherited says that the schema has no oneOf or anyOf: the mapped schemas
	// are its descendants, which take it in by allOf. A descendant that checks
	// its parent must not pick again.
	Inherited bool
	// Default is for values that are not mapped, or absent (3.2); or nil.
	Default *Schema
}

// Pick is the alternative that a value of the property stands for ("" where it
// is not there); nil where the discriminator says nothing of it, or picks nothing.
func (d *Discriminator) Pick(value string) *Schema {
	if d == nil || d.Inherited {
		return nil
	}
	for _, m := range d.Mapping {
		if m.Value == value {
			return m.Schema
		}
	}
	return d.Default
}

// Mapping is one value of a discriminator.
type Mapping struct {
	Value  string
	Schema *Schema
}
