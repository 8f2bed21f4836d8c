package catalog

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Filter says which objects are looked at at all. Patterns are those of a shell:
// "app*" is about schemas, and about objects outside of schemas by their names;
// "app.tmp_*" about objects of schemas, and "*.tmp_*" about those of any.
type Filter struct {
	Schemas []string // only these schemas; none is all
	Exclude []string // and not these
	// Left are objects, and parts of some, that are not looked at either: those that
	// want an extension that is not there.
	Left map[ID]bool
}

// Empty tells whether a filter leaves nothing out.
func (f Filter) Empty() bool { return len(f.Schemas)+len(f.Exclude)+len(f.Left) == 0 }

// Check says which pattern is none.
func (f Filter) Check() error {
	for _, p := range append(slices.Clone(f.Schemas), f.Exclude...) {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			return fmt.Errorf("%q is no pattern", p)
		}
	}
	for _, p := range f.Schemas {
		if strings.Contains(p, ".") {
			return fmt.Errorf("%q is no pattern of schemas", p)
		}
	}
	return nil
}

// takes tells whether an object that stands alone is looked at.
func (f Filter) takes(id ID) bool {
	schema, name := id.Schema, id.Name
	if f.Left[id] {
		return false
	}
	if id.Kind == KindExtension && name == "plpgsql" {
		return true // it is in every database, and what needs it does not say so
	}
	if id.Kind == KindSchema {
		schema = id.Name
	}
	if len(f.Schemas) > 0 && !slices.ContainsFunc(f.Schemas, func(p string) bool { return schema != "" && matches(p, schema) }) {
		return false
	}
	return !slices.ContainsFunc(f.Exclude, func(p string) bool {
		of, rest, parts := strings.Cut(p, ".")
		switch {
		case parts:
			return id.Kind != KindSchema && schema != "" && matches(of, schema) && matches(rest, name)
		case schema != "":
			return matches(p, schema)
		}
		return matches(p, name)
	})
}

// Leaves tells whether an object that stands alone is left out.
func (f Filter) Leaves(id ID) bool { return !f.takes(id) }

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// Select is the catalog without what a filter leaves out, and what that is. A
// part is looked at where that is which it is part of.
func (c *Catalog) Select(f Filter) (kept *Catalog, left []ID) {
	if f.Empty() {
		return c, nil
	}
	taken := map[ID]bool{}
	var take func(ID) bool
	take = func(id ID) bool {
		if yes, known := taken[id]; known {
			return yes
		}
		taken[id] = true // for circles
		yes := f.takes(id)
		if parent, ok := c.Parent(id); ok {
			yes = take(parent) && !f.Left[id] && (id.Kind != KindIndex || f.takes(id))
		}
		o := c.Objects[id]
		switch d := detailOrNil(o).(type) {
		case *Sequence:
			if d.OwnedBy.Kind != "" {
				yes = yes && take(d.OwnedBy)
			}
		case *PublicationTable:
			yes = yes && take(d.Table)
		case *PublicationSchema:
			yes = yes && f.takes(ID{Kind: KindSchema, Name: d.Schema})
		case *Statistics:
			yes = yes && (d.Table.Kind == "" || take(d.Table))
		case *DefaultPrivileges:
			yes = d.Schema == "" && len(f.Schemas) == 0 || d.Schema != "" && f.takes(ID{Kind: KindSchema, Name: d.Schema})
		}
		taken[id] = yes
		return yes
	}
	kept = c.only(take)
	for _, id := range c.Order {
		if kept.Objects[id] == nil {
			left = append(left, id)
		}
	}
	kept.Unmanaged = slices.DeleteFunc(slices.Clone(c.Unmanaged), func(id ID) bool { return !f.takes(id) })
	return kept, left
}

func detailOrNil(o *Object) Detail {
	if o == nil {
		return nil
	}
	return o.Detail
}

// only is a catalog with some of the objects.
func (c *Catalog) only(take func(ID) bool) *Catalog {
	some := *c
	some.Objects, some.Order = map[ID]*Object{}, nil
	for _, id := range c.Order {
		if take(id) {
			some.Order = append(some.Order, id)
			some.Objects[id] = c.Objects[id]
		}
	}
	return &some
}

// Without is the catalog without some objects.
func (c *Catalog) Without(ids ...ID) *Catalog {
	return c.only(func(id ID) bool { return !slices.Contains(ids, id) })
}

// Aside is what a filter leaves out, as far as it can be there without what is
// looked at. The schema public and plpgsql are everywhere.
func (c *Catalog) Aside(f Filter) *Catalog {
	_, left := c.Select(f)
	everywhere := []ID{{Kind: KindSchema, Name: "public"}, {Kind: KindExtension, Name: "plpgsql"}, {Kind: KindSchema, Name: "pg_catalog"}}
	there := map[ID]bool{}
	for _, id := range left {
		there[id] = true
	}
	for more := true; more; {
		more = false
		for id := range there {
			if c.Objects[id].NeedsAny(func(need ID) bool { return !there[need] && !slices.Contains(everywhere, need) }) {
				delete(there, id)
				more = true
			}
		}
	}
	return c.only(func(id ID) bool { return there[id] || slices.Contains(everywhere, id) })
}

// Around is what of a catalog some of its objects need to be there: themselves,
// and what they stand on, whole. also are objects that are wanted besides.
func (c *Catalog) Around(some *Catalog, also []ID) *Catalog {
	parts := map[ID][]ID{}
	for _, id := range c.Order {
		if parent, ok := c.Parent(id); ok {
			parts[parent] = append(parts[parent], id)
		}
	}
	needed := map[ID]bool{}
	var need func(ID)
	need = func(id ID) {
		if o := c.Objects[id]; o != nil && !needed[id] {
			needed[id] = true
			if id.Schema != "" {
				need(ID{Kind: KindSchema, Name: id.Schema})
			}
			if parent, ok := c.Parent(id); ok {
				need(parent)
			}
			for n := range o.Needs() {
				need(n)
			}
			for _, part := range parts[id] {
				need(part)
			}
		}
	}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(some.Objects)), also) {
		need(id)
	}
	return c.only(func(id ID) bool { return needed[id] })
}
