package schema

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Strictness is what a doubt means: a pattern that cannot be read, a name that a
// discriminator does not know.
type Strictness int

const (
	// Strict takes what is in doubt for wrong: a value that fits is valid for
	// any server.
	Strict Strictness = iota
	// Lenient takes it for right: a value that does not fit is invalid for any.
	Lenient
)

// Fits says whether a request may hold the value.
func Fits(s *Schema, v any, how Strictness) bool {
	return judge{how: how, left: steps()}.fits(s, v, 0)
}

func steps() *int {
	n := mostSteps
	return &n
}

// judge goes through a schema and a value together.
type judge struct {
	how  Strictness
	left *int  // steps that may still be made
	on   *link // the schemas that the same value is being judged by
}

// link is one of them; a schema that comes back to itself without reading on in
// the value says nothing more.
type link struct {
	schema *Schema
	up     *link
}

// mostSteps bounds one judgement: schemas can be written that take for ever.
const mostSteps = 100_000

// deepest bounds schemas that refer to themselves without reading on in the value.
const deepest = 100

func (j judge) fits(s *Schema, v any, depth int) bool {
	if s == nil || depth > deepest {
		return true
	}
	if *j.left--; *j.left < 0 {
		return j.how == Lenient
	}
	for l := j.on; l != nil; l = l.up {
		if l.schema == s {
			return true
		}
	}
	if s.Never {
		return false
	}
	if _, ok := v.(Raw); ok {
		return true // filled in later, by the user's own template
	}
	return j.typed(s, v) && j.listed(s, v) && j.ofKind(s, v, depth) && j.composed(s, v, depth)
}

func (j judge) typed(s *Schema, v any) bool {
	if len(s.Types) == 0 {
		return true
	}
	k := kind(v)
	for _, t := range s.Types {
		if t == k || t == "number" && k == "integer" {
			return true
		}
	}
	return false
}

func (j judge) listed(s *Schema, v any) bool {
	for _, c := range s.Const {
		if !equal(c, v) {
			return false
		}
	}
	if s.Enum == nil {
		return true
	}
	for _, e := range s.Enum {
		if equal(e, v) {
			return true
		}
	}
	return j.how == Lenient && v == nil && typeNamed(s, "null") // nullable with an enum is read both ways
}

func typeNamed(s *Schema, name string) bool {
	for _, t := range s.Types {
		if t == name {
			return true
		}
	}
	return false
}

func (j judge) ofKind(s *Schema, v any, depth int) bool {
	switch v := v.(type) {
	case string:
		return j.text(s, v)
	case json.Number:
		return numberFits(s, v)
	case []any:
		return j.array(s, v, depth)
	case *Object:
		return j.object(s, v, depth)
	}
	return true
}

func (j judge) text(s *Schema, v string) bool {
	if j.how == Strict && strings.Contains(v, "{{") && strings.Contains(v, "}}") {
		return true // a template in an example
	}
	n := utf8.RuneCountInString(v)
	if s.MinLength != nil && n < *s.MinLength || s.MaxLength != nil && n > *s.MaxLength {
		return false
	}
	return (s.Pattern == nil || s.Pattern.matches(v, j.how)) && formatFits(s.Format, v, j.how)
}

func numberFits(s *Schema, v json.Number) bool {
	n := Number(string(v))
	if n == nil {
		return false
	}
	if low, high, ok := formatRange(s.Format); ok && (n.Cmp(low) < 0 || n.Cmp(high) > 0) {
		return false
	}
	switch {
	case s.Minimum != nil && n.Cmp(s.Minimum) < 0,
		s.Maximum != nil && n.Cmp(s.Maximum) > 0,
		s.ExclusiveMinimum != nil && n.Cmp(s.ExclusiveMinimum) <= 0,
		s.ExclusiveMaximum != nil && n.Cmp(s.ExclusiveMaximum) >= 0:
		return false
	}
	return s.MultipleOf == nil || s.MultipleOf.Sign() <= 0 || quotient(n, s.MultipleOf).IsInt()
}

func (j judge) array(s *Schema, items []any, depth int) bool {
	if s.MinItems != nil && len(items) < *s.MinItems || s.MaxItems != nil && len(items) > *s.MaxItems {
		return false
	}
	j.on = nil
	contained := s.Contains == nil
	for i, item := range items {
		of := s.Items
		if i < len(s.PrefixItems) {
			of = s.PrefixItems[i]
		}
		if !j.fits(of, item, depth+1) {
			return false
		}
		contained = contained || j.fits(s.Contains, item, depth+1)
		for _, before := range items[:i] {
			if s.Unique && equal(before, item) {
				return false
			}
		}
	}
	return contained
}

func (j judge) object(s *Schema, o *Object, depth int) bool {
	for _, name := range s.Required {
		if !o.Has(name) && !readOnly(s.property(name)) {
			return false
		}
	}
	whole := j
	j.on = nil
	for _, name := range o.Keys {
		if s.Names != nil && !j.fits(s.Names, name, depth+1) {
			return false
		}
		for _, of := range s.propertySchemas(name) {
			if !j.fits(of, o.Values[name], depth+1) {
				return false
			}
		}
	}
	for _, d := range s.Dependent {
		if !o.Has(d.Name) {
			continue
		}
		for _, name := range d.Required {
			if !o.Has(name) {
				return false
			}
		}
		if !whole.fits(d.Schema, o, depth+1) {
			return false
		}
	}
	if s.Closed && j.how == Strict && !closedOver(s, o) {
		return false
	}
	return (s.MinProperties == nil || len(o.Keys) >= *s.MinProperties) && (s.MaxProperties == nil || len(o.Keys) <= *s.MaxProperties)
}

// propertySchemas are what s says of a property: by its name, by patterns, or
// by additionalProperties where neither names it.
func (s *Schema) propertySchemas(name string) []*Schema {
	var list []*Schema
	known := false
	for i := range s.Properties {
		if s.Properties[i].Name == name {
			list, known = append(list, s.Properties[i].Schema), true
		}
	}
	for i := range s.Patterns {
		if s.Patterns[i].Pattern.matches(name, Strict) {
			list, known = append(list, s.Patterns[i].Schema), true
		}
	}
	if !known && s.Additional != nil {
		list = append(list, s.Additional)
	}
	return list
}

// closedOver says that all properties are named by s or what applies with it.
func closedOver(s *Schema, o *Object) bool {
	named := map[string]bool{}
	all := parts([]*Schema{s})
	for i := 0; i < len(all); i++ {
		all = parts(append(append(all, all[i].AnyOf...), all[i].OneOf...))
		for _, p := range all[i].Properties {
			named[p.Name] = true
		}
	}
	for _, name := range o.Keys {
		if !named[name] {
			return false
		}
	}
	return true
}

func (j judge) composed(s *Schema, v any, depth int) bool {
	j.on = &link{s, j.on}
	if s.Ref != nil && !j.fits(s.Ref, v, depth+1) {
		return false
	}
	for _, each := range s.AllOf {
		if !j.fits(each, v, depth+1) {
			return false
		}
	}
	if len(s.AnyOf) > 0 && j.count(s.AnyOf, v, depth) == 0 || len(s.OneOf) > 0 && j.count(s.OneOf, v, depth) != 1 {
		return false
	}
	if s.Not != nil && j.opposite().fits(s.Not, v, depth+1) {
		return false
	}
	if s.If != nil {
		branch := s.Else
		if j.fits(s.If, v, depth+1) {
			branch = s.Then
		}
		if !j.fits(branch, v, depth+1) {
			return false
		}
	}
	return s.Discriminator == nil || j.how == Lenient || s.Discriminator.knows(v)
}

// opposite judges what stands under not.
func (j judge) opposite() judge {
	j.how = Lenient - j.how
	return j
}

func (j judge) count(list []*Schema, v any, depth int) int {
	n := 0
	for _, each := range list {
		if j.fits(each, v, depth+1) {
			n++
		}
	}
	return n
}

// knows says that the discriminator's property names one of its options.
func (d *Discriminator) knows(v any) bool {
	o, ok := v.(*Object)
	if !ok || len(d.Options) == 0 {
		return true
	}
	for _, option := range d.Options {
		if o.Values[d.Property] == any(option.Value) {
			return true
		}
	}
	return false
}
