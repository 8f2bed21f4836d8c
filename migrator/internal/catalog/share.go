package catalog

import (
	"reflect"
	"slices"
)

// Share lets two catalogs hold once what is the same in both, which of two sides of
// a diff is most: half of the memory, and what is held once need not be compared.
// Details are never changed after that; those of extensions, which are, stay apart.
func Share(a, b *Catalog) {
	for id, now := range b.Objects {
		old := a.Objects[id]
		if old == nil || id.Kind == KindExtension {
			continue
		}
		if reflect.DeepEqual(old.Detail, now.Detail) {
			now.Detail = old.Detail
		}
		if sameNeeds(old, now) {
			now.needs = old.needs
		}
		if slices.Equal(old.Grants, now.Grants) {
			now.Grants = old.Grants
		}
		now.ID, now.Owner = old.ID, shared(old.Owner, now.Owner)
		now.Comment = shared(old.Comment, now.Comment)
	}
	for i, id := range b.Order {
		b.Order[i] = b.Objects[id].ID
	}
}

// shared is b, by the memory of a where both are the same.
func shared(a, b string) string {
	if a == b {
		return a
	}
	return b
}
