package spec

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// breakCycles cuts references by which a schema would have to be checked in
// order to check itself, on the same value: A is A or B. No value decides such
// a schema, and code made from it would never return. Recursion through a
// property or an item is fine, and stays.
//
// One such circle means something, and is common: a base schema says oneOf its
// variants, and each variant takes the base in by allOf. There the variant gets
// the base without its oneOf.
func (r *reader) breakCycles() {
	c := &cycles{r: r, state: map[*api.Schema]int{}, bases: map[*api.Schema]*api.Schema{}}
	for _, s := range r.api.Schemas {
		if hasVariants(s) {
			c.variants(s, s, map[*api.Schema]bool{})
		}
	}
	for i := 0; i < len(r.api.Schemas); i++ { // bases are appended on the way
		c.visit(r.api.Schemas[i])
	}
}

type cycles struct {
	r     *reader
	state map[*api.Schema]int         // of named schemas: 1 is being visited, 2 is done
	bases map[*api.Schema]*api.Schema // a schema without its variants
}

// variants gives each schema that s lists as a variant, directly or not, the
// base without its variants where it takes in the base.
func (c *cycles) variants(base, s *api.Schema, seen map[*api.Schema]bool) {
	for _, branch := range append(append([]*api.Schema{}, s.OneOf...), s.AnyOf...) {
		v := branch.Ref
		if v == nil || v == base || seen[v] {
			continue
		}
		seen[v] = true
		for _, part := range v.AllOf {
			if part.Ref == base {
				part.Ref = c.withoutVariants(base)
			}
		}
		c.variants(base, v, seen)
	}
}

func (c *cycles) visit(s *api.Schema) {
	if c.state[s] != 0 {
		return
	}
	c.state[s] = 1
	c.inside(s)
	c.state[s] = 2
}

// inside follows the references of s and of what lies in place in it.
func (c *cycles) inside(s *api.Schema) {
	if s.Ref != nil {
		c.follow(s)
	}
	for _, part := range inPlace(s) {
		c.inside(part)
	}
}

func (c *cycles) follow(s *api.Schema) {
	if c.state[s.Ref] == 1 {
		c.r.note(api.Notice{Rule: "circular-schema", Warning: true, At: s.At,
			Message: "the schema " + short(s.Ref.Name) + " refers to itself without a property or an item between; the reference is not looked at",
			Hint:    "take the reference out"})
		s.Ref = nil
		return
	}
	c.visit(s.Ref)
}

func hasVariants(s *api.Schema) bool { return len(s.OneOf) > 0 || len(s.AnyOf) > 0 }

// withoutVariants is a named copy of s without oneOf, anyOf and discriminator.
func (c *cycles) withoutVariants(s *api.Schema) *api.Schema {
	if base, ok := c.bases[s]; ok {
		return base
	}
	base := *s
	base.Name = c.r.schemas.unique(s.Name + "Base")
	base.OneOf, base.AnyOf, base.Discriminator = nil, nil, nil
	c.bases[s] = &base
	c.r.api.Schemas = append(c.r.api.Schemas, &base)
	return &base
}
