package edits

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// holder is what properties belong to: an object, or the parameters of an operation in
// one place.
type holder interface {
	get(name string) *api.Schema
	set(name string, s *api.Schema)
	add(name string, s *api.Schema, required bool, after string)
	remove(name string)
	require(name string, required bool)
}

// holderOf is the holder that a declaration stands for.
func (e *editor) holderOf(name string, schema *api.Schema) holder {
	places := map[string]api.In{"Params": api.InPath, "Query": api.InQuery, "Headers": api.InHeader, "Cookies": api.InCookie}
	for _, op := range e.Operations {
		rest, ok := strings.CutPrefix(name, op.Type)
		if in, known := places[rest]; ok && known && schema.Name == "" {
			return parameters{op.API, in}
		}
	}
	return object{schema}
}

// object is a schema of objects, with the inline parts that it is made of.
type object struct{ schema *api.Schema }

// own is the part that has a property.
func (o object) own(name string) *api.Schema {
	if o.schema.Property(name) != nil {
		return o.schema
	}
	for _, part := range o.schema.AllOf {
		if part.Ref == nil && part.Property(name) != nil {
			return part
		}
	}
	return nil
}

func (o object) get(name string) *api.Schema {
	if own := o.own(name); own != nil {
		return own.Property(name)
	}
	return nil
}

func (o object) set(name string, s *api.Schema) {
	if own := o.own(name); own != nil {
		for _, p := range own.Properties {
			if p.Name == name {
				p.Schema = s
			}
		}
	}
}

// place is the part that a new property goes to.
func (o object) place(after string) *api.Schema {
	if own := o.own(after); own != nil {
		return own
	}
	if len(o.schema.Properties) == 0 {
		for _, part := range o.schema.AllOf {
			if part.Ref == nil && len(part.Properties) > 0 {
				return part
			}
		}
	}
	return o.schema
}

func (o object) add(name string, s *api.Schema, required bool, after string) {
	if have := o.own(name); have != nil {
		o.set(name, s)
		o.require(name, required)
		return
	}
	own := o.place(after)
	at := slices.IndexFunc(own.Properties, func(p *api.Property) bool { return p.Name == after })
	own.Properties = slices.Insert(own.Properties, at+1, &api.Property{Name: name, Schema: s})
	o.require(name, required)
}

func (o object) remove(name string) {
	if own := o.own(name); own != nil {
		own.Properties = slices.DeleteFunc(own.Properties, func(p *api.Property) bool { return p.Name == name })
	}
	o.require(name, false)
}

func (o object) require(name string, required bool) {
	for _, s := range append([]*api.Schema{o.schema}, o.schema.AllOf...) {
		if s.Ref == nil {
			s.Required = slices.DeleteFunc(s.Required, func(n string) bool { return n == name })
		}
	}
	if !required {
		return
	}
	own := o.own(name)
	if own == nil {
		own = o.schema
	}
	at := 0 // in the order of the properties
	for _, p := range own.Properties {
		if p.Name == name {
			break
		}
		if i := slices.Index(own.Required, p.Name); i >= at {
			at = i + 1
		}
	}
	own.Required = slices.Insert(own.Required, at, name)
}

// parameters are those of an operation in one place.
type parameters struct {
	op *api.Operation
	in api.In
}

func (p parameters) find(name string) *api.Parameter {
	for _, one := range p.op.Parameters {
		if one.In == p.in && (one.Name == name || p.in == api.InHeader && strings.EqualFold(one.Name, name)) {
			return one
		}
	}
	return nil
}

func (p parameters) get(name string) *api.Schema {
	if one := p.find(name); one != nil {
		return one.ValueSchema()
	}
	return nil
}

func (p parameters) set(name string, s *api.Schema) {
	if one := p.find(name); one != nil && one.Content == nil {
		p.change(one, func(c *api.Parameter) { c.Schema = s })
	}
}

// change gives the operation a parameter of its own: several share those of their path.
func (p parameters) change(one *api.Parameter, f func(*api.Parameter)) {
	copied := *one
	f(&copied)
	p.op.Parameters = slices.Clone(p.op.Parameters)
	p.op.Parameters[slices.Index(p.op.Parameters, one)] = &copied
}

func (p parameters) add(name string, s *api.Schema, required bool, _ string) {
	if p.find(name) != nil {
		return
	}
	one := &api.Parameter{Name: name, In: p.in, Required: required, Schema: s, Style: api.StyleForm, Explode: true}
	if p.in == api.InPath || p.in == api.InHeader {
		one.Style, one.Explode = api.StyleSimple, false
	}
	p.op.Parameters = append(slices.Clone(p.op.Parameters), one)
}

func (p parameters) remove(name string) {
	if one := p.find(name); one != nil {
		p.op.Parameters = slices.DeleteFunc(slices.Clone(p.op.Parameters), func(c *api.Parameter) bool { return c == one })
	}
}

func (p parameters) require(name string, required bool) {
	one := p.find(name)
	if one == nil || p.in == api.InPath {
		return
	}
	if required && one.ValueSchema().Default != "" {
		return // the code has a value where the request has none
	}
	p.change(one, func(c *api.Parameter) { c.Required = required })
}
