// Package cli is the command line of scaffolder: grammar, flags, and which use case
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
	Generate generateCmd `cmd:"" help:"Generate a TypeScript server (Express, Fastify or Koa) from an OpenAPI document."`
	Database databaseCmd `cmd:"" help:"Generate a server with its SQL from a PostgreSQL database, or its OpenAPI document."`
	Spec     specCmd     `cmd:"" help:"Write the OpenAPI document of existing Express, Fastify or Koa routes."`
	globals
}

const description = `Generates API servers from OpenAPI documents and from databases.

  scaffolder generate openapi.yaml --framework fastify --output server
  scaffolder openapi.yaml --framework express --output src/routes/
  scaffolder generate openapi.yaml --output server --check
  scaffolder database postgres://localhost/shop --framework koa --output server
  scaffolder database postgres://localhost/shop --spec-only -o - > openapi.yaml`

// Main runs the tool and returns its exit code. It never calls os.Exit, so that
// a test can drive the whole tool in-process. version is the linked one, or "".
func Main(ctx context.Context, args []string, streams terminal.Streams, version string) int {
	var g grammar
	return execute(ctx, translate(args), streams, buildinfo.Read("scaffolder", version), &g, &g.globals,
		kong.Description(description))
}
