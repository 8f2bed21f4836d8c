package cli

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// sayOrder tells of types whose attributes stand in another order and are left so.
// Values go to the attribute of their name wherever the type is made anew; but ROW(…)
// and the text of a value go by the order, so that nobody should think it is the same.
func (d *comparison) sayOrder() {
	from, to := d.states[0].Catalog, d.states[1].Catalog
	replaced := map[catalog.ID]bool{}
	for _, c := range d.result.Up.Changes {
		replaced[c.ID] = true
	}
	olds, news := attributes(from), attributes(to)
	for _, id := range from.Order {
		old, now := olds[id], news[id]
		both := func(list, other []string) []string {
			return slices.DeleteFunc(slices.Clone(list), func(a string) bool { return !slices.Contains(other, a) })
		}
		if a, b := both(old, now), both(now, old); !replaced[id] && !slices.Equal(a, b) {
			tell(d.session.Err, "warning: the attributes of %s stand in another order (%s; wanted: %s), which is left as it is: ROW(…) goes by it", id, strings.Join(a, ", "), strings.Join(b, ", "))
		}
	}
}

// attributes are those of each composite type, in their order.
func attributes(c *catalog.Catalog) map[catalog.ID][]string {
	all := map[catalog.ID][]string{}
	for _, id := range c.Order {
		if id.Kind == catalog.KindAttribute {
			parent, _ := c.Parent(id)
			all[parent] = append(all[parent], id.Sub)
		}
	}
	return all
}
