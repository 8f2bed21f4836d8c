package catalog

// Upon are objects and all that cannot be there without them: their parts, and what
// needs one of them. A table goes as a whole where one of its columns does.
func (c *Catalog) Upon(some map[ID]bool) map[ID]bool {
	all := map[ID]bool{}
	for id := range some {
		all[id] = true
	}
	for more := true; more; {
		more = false
		for _, id := range c.Order {
			if all[id] || !c.standsOn(id, all) {
				continue
			}
			more = true
			all[id] = true
			switch id.Kind {
			case KindColumn, KindDefault, KindAttribute, KindDomainConstraint:
				for parent, ok := c.Parent(id); ok; parent, ok = c.Parent(parent) {
					all[parent] = true
				}
			}
		}
	}
	return all
}

// standsOn tells whether an object is part of one of some, or needs one.
func (c *Catalog) standsOn(id ID, some map[ID]bool) bool {
	if parent, ok := c.Parent(id); ok && some[parent] {
		return true
	}
	o := c.Objects[id]
	if q, ok := o.Detail.(*Sequence); ok && some[q.OwnedBy] {
		return true
	}
	return o.NeedsAny(func(need ID) bool { return some[need] })
}

// Except are those of a catalog's objects that are not among some.
func (c *Catalog) Except(some map[ID]bool) *Catalog {
	return c.only(func(id ID) bool { return !some[id] })
}

// Only are those of a catalog's objects that are among some.
func (c *Catalog) Only(some map[ID]bool) *Catalog {
	return c.only(func(id ID) bool { return some[id] })
}
