// Placeholder until the generator is merged: what cli builds against.
package tsgen

import (
	"io/fs"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
)

type Options struct {
	Framework, SourceDir, Tool string
	TypesOnly                  bool
	RoutesBy, Int64, Validator string
	Templates                  fs.FS
}

type Handler struct {
	Operation    *api.Operation
	Symbol, File string
}

func Generate(a *api.API, o Options) ([]tree.File, error) {
	return []tree.File{{Path: o.SourceDir + "/types/api.ts", Content: []byte("// x\n"), Owner: tree.Tool}, {Path: o.SourceDir + "/routes/x.ts", Content: []byte("// y\n"), Owner: tree.User}}, nil
}

func Handlers(a *api.API, o Options) []Handler {
	var hs []Handler
	for _, op := range a.Operations {
		hs = append(hs, Handler{op, op.ID, "x.ts"})
	}
	return hs
}

func Notices(a *api.API, o Options) []api.Notice { return nil }
