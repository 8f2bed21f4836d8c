package describe

import (
	"reflect"
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// equal says whether two schemas say the same. What differs mostly does so in what is
// cheap to compare.
func equal(a, b *api.Schema) bool {
	if a == b {
		return true
	}
	if !slices.Equal(a.Types, b.Types) || len(a.Properties) != len(b.Properties) || a.Ref != b.Ref && (a.Ref == nil || b.Ref == nil) {
		return false
	}
	for i, p := range a.Properties {
		if p.Name != b.Properties[i].Name {
			return false
		}
	}
	return reflect.DeepEqual(a, b)
}
