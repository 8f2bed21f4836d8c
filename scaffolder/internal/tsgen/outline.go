package tsgen

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
)

// Outline says which names of the code stand for which parts of the model.
type Outline struct {
	Schemas    map[string]*api.Schema // by the name of the exported type
	Operations []*operation.Operation
}

// OutlineOf is the outline of the server that Generate would render.
func OutlineOf(a *api.API, o Options) (Outline, error) {
	p, err := newProject(a, o)
	if err != nil {
		return Outline{}, err
	}
	return Outline{Schemas: p.types.Schemas(), Operations: p.operations}, nil
}
