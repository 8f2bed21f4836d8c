// Command migrator is described in its --help and README.
package main

import (
	"context"
	"os"

	"github.com/seniorbackend/tools/migrator/internal/cli"
	"github.com/seniorbackend/tools/shared/terminal"
)

// version is set by -ldflags "-X main.version=v1.2.3" in a release build.
var version string

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], terminal.Standard(), version))
}
