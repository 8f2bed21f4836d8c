package breaking

import (
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// object compares properties.
func (c *comparison) object(old, now *view, at place, in direction) {
	for _, p := range now.properties {
		was := old.property(p.name)
		required := slices.Contains(now.required, p.name)
		switch {
		case was != nil:
			c.presence(slices.Contains(old.required, p.name), required, p.schema, p.place, in, p.schema.At)
			c.schema(was.schema, p.schema, p.place, in)
		case required:
			c.sink.add(p.place, in.sender(), in, p.schema.At, "was added and is required")
		case old.rest != nil:
			c.schema(old.rest, p.schema, p.place, in)
		}
	}
	for _, p := range old.properties {
		if now.property(p.name) == nil {
			c.lost(p, now, in)
		}
	}
	for _, name := range now.required {
		if now.property(name) == nil && now.hidden[name] == "" && !slices.Contains(old.required, name) {
			c.sink.add(at.property(name), in.sender(), in, now.at, "is required now")
		}
	}
	c.further(old, now, at, in)
}

// lost tells of a property that is not there any more. What a request holds of it is not
// looked at, or refused; an answer may have it only where it is not closed.
func (c *comparison) lost(p *property, now *view, in direction) {
	what := "was removed"
	if why := now.hidden[p.name]; why != "" {
		what = "is " + why + " now"
	}
	c.sink.add(p.place, Callers, in, p.schema.At, what)
	if in == request || now.closed {
		c.sink.add(p.place, Handlers, in, p.schema.At, what)
	}
}

// further compares the properties that have no name in the schema.
func (c *comparison) further(old, now *view, at place, in direction) {
	switch {
	case now.closed && !old.closed:
		c.sink.add(at, in.sender(), in, now.at, "may have no other properties any more")
	case old.closed || now.closed:
	case now.rest != nil && old.rest != nil:
		c.schema(old.rest, now.rest, at.then("other properties"), in)
	case now.rest != nil && in == request && len(old.types) > 0:
		c.sink.add(at.then("other properties"), in.sender(), in, now.at, "are checked now")
	case old.rest != nil && in == answer:
		c.sink.add(at.then("other properties"), in.receiver(), in, now.at, "may be any value now")
	}
}

func (v *view) property(name string) *property {
	for _, p := range v.properties {
		if p.name == name {
			return p
		}
	}
	return nil
}

func (c *comparison) array(old, now *view, at place, in direction) {
	if old.items != nil || now.items != nil {
		c.optional(old.items, now.items, at.items(), in)
	}
	for i := range max(len(old.prefix), len(now.prefix)) {
		var was, is *api.Schema
		if i < len(old.prefix) {
			was = old.prefix[i]
		}
		if i < len(now.prefix) {
			is = now.prefix[i]
		}
		c.optional(was, is, at.then(fmt.Sprintf("item %d", i+1)), in)
	}
}

// choices are the alternatives that a schema is nothing but; otherwise it is the only one.
func choices(s *api.Schema) []*api.Schema {
	target := s.Target()
	if target == nil {
		return []*api.Schema{s}
	}
	list := target.OneOf
	if len(list) == 0 {
		list = target.AnyOf
	}
	bare := *target
	bare.OneOf, bare.AnyOf, bare.Discriminator = nil, nil, nil
	if len(target.OneOf) > 0 && len(target.AnyOf) > 0 || len(list) < 2 || !bare.IsAny() || bare.Nullable {
		return []*api.Schema{s}
	}
	return list
}

// alternatives compares what a value may be one of. Those of the same name belong
// together, then those that are the same, then those of the same type.
func (c *comparison) alternatives(old, now []*api.Schema, at place, in direction) {
	old, now = slices.Clone(old), slices.Clone(now)
	match := func(belong func(a, b *api.Schema) bool, then func(a, b *api.Schema)) {
		for i, a := range old {
			for j, b := range now {
				if a != nil && b != nil && belong(a, b) {
					then(a, b)
					old[i], now[j] = nil, nil
					break
				}
			}
		}
	}
	compare := func(a, b *api.Schema) { c.schema(a, b, at.then("alternative "+choiceText(b)), in) }
	match(func(a, b *api.Schema) bool { return a.IsRef() && b.IsRef() && a.Ref.Name == b.Ref.Name }, compare)
	match(func(a, b *api.Schema) bool { return !(a.IsRef() && b.IsRef()) && c.same(a, b) }, func(_, _ *api.Schema) {})
	match(func(a, b *api.Schema) bool {
		if a.IsRef() && b.IsRef() {
			return c.renamed(a.Ref, b.Ref)
		}
		return !a.IsRef() && !b.IsRef() && slices.Equal(a.Target().ImpliedTypes(), b.Target().ImpliedTypes())
	}, compare)
	for _, a := range old {
		if a != nil {
			c.sink.add(at, in.sender(), in, a.At, "may not be "+choiceText(a)+" any more")
		}
	}
	for _, b := range now {
		if b != nil {
			c.sink.add(at, in.receiver(), in, b.At, "may be "+choiceText(b)+" now")
		}
	}
}

func choiceText(s *api.Schema) string {
	if s.Ref != nil {
		return s.Ref.Name
	}
	if s.Title != "" {
		return short(s.Title)
	}
	if s.HasEnum {
		return valuesText(s.Enum)
	}
	if s.Const != "" {
		return short(string(s.Const))
	}
	return typeText(s.ImpliedTypes())
}
