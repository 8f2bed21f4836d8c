// Package cli is the command line of loadtester: grammar, flags, and which use case
// runs. It is the only package that imports kong.
package cli

import (
	"context"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/shared/buildinfo"
	"github.com/seniorbackend/tools/shared/terminal"
)

// grammar is the whole command line. globals come last, so that help lists the
// tool's own commands first.
type grammar struct {
	globals
}

// Main runs the tool and returns its exit code. It never calls os.Exit, so that
// a test can drive the whole tool in-process. version is the linked one, or "".
func Main(ctx context.Context, args []string, streams terminal.Streams, version string) int {
	var g grammar
	return execute(ctx, args, streams, buildinfo.Read("loadtester", version), &g, &g.globals,
		kong.Description("One line that says what loadtester does."))
}
