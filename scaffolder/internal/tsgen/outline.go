package tsgen

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
)

// Outline says which names of the code stand for which parts of the model.
type Outline struct {
	Schemas    map[string]*api.Schema // by the name of the exported type
	Operations []*operation.Operation
	// Types are all names that types/api.ts exports. Two servers of one document have
	// them in the same order.
	Types []string
}

// OutlineOf is the outline of the server that Generate would render.
func OutlineOf(a *api.API, o Options) (Outline, error) {
	p, err := newProject(a, o)
	if err != nil {
		return Outline{}, err
	}
	types := p.types.Names()
	for _, op := range p.operations {
		types = append(types, op.RequestType, op.ResponseType)
	}
	return Outline{Schemas: p.types.Schemas(), Operations: p.operations, Types: types}, nil
}

// Moves are the handlers that could have another name or file by now.
func Moves(a *api.API, o Options) []operation.Move {
	return operation.Moves(a, o.RoutesBy, o.Memory.Operations)
}

// Follow is the memory after moves.
func (m Memory) Follow(moves []operation.Move) Memory {
	m.Operations = operation.Follow(m.Operations, moves)
	return m
}

// Move is a handler that could have another name or file by now.
type Move = operation.Move
