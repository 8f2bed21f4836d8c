package schema

import (
	"math/big"
	"slices"
)

// Schema says which JSON values fit. Keywords are those of JSON Schema 2020-12;
// one that is not given has its zero value.
type Schema struct {
	Ref   *Schema // has to fit too
	Never bool    // the schema false: nothing fits

	Types []string // one of them; empty: any. Of OpenAPI 3.0's nullable comes "null"
	Enum  []any    // nil: no enum
	Const []any    // one value, or none

	Minimum, Maximum, ExclusiveMinimum, ExclusiveMaximum, MultipleOf *big.Rat

	MinLength, MaxLength *int // in code points
	Pattern              *Pattern
	Format               string

	Items              *Schema // of those behind PrefixItems
	PrefixItems        []*Schema
	Contains           *Schema
	MinItems, MaxItems *int
	Unique             bool

	Properties                   []Property
	Required                     []string
	Patterns                     []PatternProperty
	Additional                   *Schema // nil: anything
	Closed                       bool    // unevaluatedProperties: false
	Names                        *Schema
	MinProperties, MaxProperties *int
	Dependent                    []Dependent

	AllOf, AnyOf, OneOf []*Schema
	Not, If, Then, Else *Schema
	Discriminator       *Discriminator

	ReadOnly bool
	Media    bool  // it has a contentMediaType: a file, in a form
	Examples []any // what the document shows: examples, then the default
}

// Property is one property of an object.
type Property struct {
	Name   string
	Schema *Schema
}

// PatternProperty is said of all properties whose names match.
type PatternProperty struct {
	Pattern *Pattern
	Schema  *Schema
}

// Dependent is asked for where the property Name is there.
type Dependent struct {
	Name     string
	Required []string
	Schema   *Schema
}

// Discriminator tells by a property's value which schema an object follows.
type Discriminator struct {
	Property string
	Options  []Option
}

// Option is one value of a discriminator.
type Option struct {
	Value  string
	Schema *Schema
}

// Target follows bare references.
func (s *Schema) Target() *Schema {
	for range 64 {
		if s == nil || s.Ref == nil {
			break
		}
		s = s.Ref
	}
	return s
}

// property finds the schema of a property, nil where none is named.
func (s *Schema) property(name string) *Schema {
	for i := range s.Properties {
		if s.Properties[i].Name == name {
			return s.Properties[i].Schema
		}
	}
	return nil
}

// readOnly says that a property is no part of a request.
func readOnly(s *Schema) bool {
	for range 64 {
		if s == nil || s.ReadOnly {
			break
		}
		s = s.Ref
	}
	return s != nil && s.ReadOnly
}

// parts are the schemas that all have to fit where s has to: itself, what it
// refers to, its allOf. Each of them is there once.
func parts(all []*Schema) []*Schema {
	var list []*Schema
	var add func(s *Schema)
	add = func(s *Schema) {
		if s == nil || slices.Contains(list, s) {
			return
		}
		list = append(list, s)
		add(s.Ref)
		for _, each := range s.AllOf {
			add(each)
		}
	}
	for _, s := range all {
		add(s)
	}
	return list
}
