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
	Diff           diffCmd     `cmd:"" help:"Compare two schemas and write the migration and its rollback."`
	New            newCmd      `cmd:"" help:"Write the empty files of a new migration."`
	Check          checkCmd    `cmd:"" help:"Check a directory of migrations: names, numbers, and both ways in a scratch database."`
	Apply          applyCmd    `cmd:"" help:"Run a migration file, or what is pending of a directory, on a database."`
	Rollback       rollbackCmd `cmd:"" help:"Take back the last migrations of a directory."`
	Status         statusCmd   `cmd:"" help:"Say what of a directory is applied, pending, changed, missing or out of order."`
	Verify         verifyCmd   `cmd:"" help:"Compare a database with what its applied migrations make."`
	Adopt          adoptCmd    `cmd:"" help:"Take over the history of another migration tool, or set a baseline."`
	Resolve        resolveCmd  `cmd:"" help:"Say what is true of a migration that cannot go on."`
	Lint           lintCmd     `cmd:"" help:"Look for what is dangerous in migration files."`
	Scratch        scratchCmd  `cmd:"" help:"Start a throw-away database, for a command or until ^C."`
	Inspect        inspectCmd  `cmd:"" help:"Print a schema as clean SQL that loads."`
	Analyze        analyzeCmd  `cmd:"" help:"Look for what slows a database down."`
	SuggestIndexes suggestCmd  `cmd:"" help:"Suggest indexes for the database's queries."`

	globals
}

// Main runs the tool and returns its exit code. It never calls os.Exit, so that
// a test can drive the whole tool in-process. version is the linked one, or "".
func Main(ctx context.Context, args []string, streams terminal.Streams, version string) int {
	var g grammar
	return execute(ctx, flagForm(args), streams, buildinfo.Read("migrator", version), &g, &g.globals,
		kong.Description("Brings a PostgreSQL schema from where it is to where it should be, and proves the way there and back."))
}
