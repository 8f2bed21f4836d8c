package describe

import (
	"reflect"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// equal says whether two schemas say the same.
func equal(a, b *api.Schema) bool { return reflect.DeepEqual(a, b) }
