// Package cli is the command line of migrator: grammar, flags, and which use case
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
	Diff           diffCmd    `cmd:"" help:"Compare two schemas and write the migration and its rollback."`
	Apply          applyCmd   `cmd:"" help:"Run a migration file on a database."`
	Lint           lintCmd    `cmd:"" help:"Look for what is dangerous in migration files."`
	Scratch        scratchCmd `cmd:"" help:"Start a throw-away database, for a command or until ^C."`
	Inspect        inspectCmd `cmd:"" help:"Print a schema as clean SQL that loads."`
	Analyze        analyzeCmd `cmd:"" help:"Look for what slows a database down."`
	SuggestIndexes suggestCmd `cmd:"" help:"Suggest indexes for the database's queries."`

	globals
}

// Main runs the tool and returns its exit code. It never calls os.Exit, so that
// a test can drive the whole tool in-process. version is the linked one, or "".
func Main(ctx context.Context, args []string, streams terminal.Streams, version string) int {
	var g grammar
	return execute(ctx, flagForm(args), streams, buildinfo.Read("migrator", version), &g, &g.globals,
		kong.Description("Brings a PostgreSQL schema from where it is to where it should be, and proves the way there and back."))
}
