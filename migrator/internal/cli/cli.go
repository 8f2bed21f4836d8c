// Package cli is the command line of migrator: grammar, flags, and which use case
// runs. It is the only package that imports kong.
package cli

import (
	"context"

	"github.com/seniorbackend/tools/shared/terminal"
)

// Main runs the tool and returns its exit code. It never calls os.Exit, so that
// a test can drive the whole tool in-process. version is the linked one, or "".
func Main(ctx context.Context, args []string, streams terminal.Streams, version string) int {
	return 0
}
