package catalog

import (
	"iter"
	"slices"
)

// Needs are the objects that must be there for this one to be there: what pg_depend
// says, brought to our identities, without duplicates.
func (o *Object) Needs() iter.Seq[ID] {
	return func(yield func(ID) bool) {
		for _, id := range o.needs {
			if !yield(*id) {
				return
			}
		}
	}
}

// NeedsAny tells whether one of the objects that this one needs is such a one.
func (o *Object) NeedsAny(such func(ID) bool) bool {
	return slices.ContainsFunc(o.needs, func(id *ID) bool { return such(*id) })
}

// need adds to what an object needs. It is held by the identity of the object that
// is needed, where there is one.
func (c *Catalog) need(o *Object, on ID) {
	if o.NeedsAny(func(id ID) bool { return id == on }) { // the lists are short
		return
	}
	if other := c.Objects[on]; other != nil {
		o.needs = append(o.needs, &other.ID)
		return
	}
	own := on // &on would make every call allocate
	o.needs = append(o.needs, &own)
}

// sameNeeds tells whether two objects need the same.
func sameNeeds(a, b *Object) bool {
	return slices.EqualFunc(a.needs, b.needs, func(x, y *ID) bool { return *x == *y })
}
