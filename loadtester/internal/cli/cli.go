// Package cli is the command line of loadtester: grammar, flags, and which use case
// runs. It is the only package that imports kong.
package cli

import (
	"context"
	"strconv"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/loadtester/internal/footprint"
	"github.com/seniorbackend/tools/shared/buildinfo"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/terminal"
)

// grammar is the whole command line. globals come last, so that help lists the
// tool's own commands first.
type grammar struct {
	Run      runCmd      `cmd:"" help:"Load-test a URL. This is what a bare URL does: loadtester URL."`
	Check    checkCmd    `cmd:"" help:"Send each request once and show it, its answer and what was expected of it."`
	Compare  compareCmd  `cmd:"" help:"Compare two URLs, or a URL with a saved run."`
	Capacity capacityCmd `cmd:"" help:"Find the highest rate that keeps an objective."`
	Report   reportCmd   `cmd:"" help:"Report saved results, in any form."`
	Merge    mergeCmd    `cmd:"" help:"Add up the results of generators that ran together."`
	globals
}

// Main runs the tool and returns its exit code. It never calls os.Exit, so that
// a test can drive the whole tool in-process. version is the linked one, or "".
func Main(ctx context.Context, args []string, streams terminal.Streams, version string) int {
	footprint.GiveBack() // of the packages' initialisation
	if twoURLs(args) {
		problem.Write(streams.Err, nil, problem.New("compare them: loadtester URL1 URL2 --compare, or send to both from a file: --targets FILE", "a run tests one URL, and these are two"))
		return problem.CannotRun
	}
	var g grammar
	return execute(ctx, translate(args), streams, buildinfo.Read("loadtester", version), &g, &g.globals,
		kong.Description(description), kong.Vars{"formats": formats(), "reports": reports(), "recorded": strconv.Itoa(fewRecorded)})
}

const description = `Sends HTTP requests at an exact rate and says how long they took.

  loadtester http://127.0.0.1:8080/users --rate 500 --duration 30
  loadtester http://127.0.0.1:8080/users --concurrency 50 --duration 30

With --rate the loop is open: requests leave on an absolute schedule, and latency counts from the moment a request was due. With --concurrency alone it is closed: each worker sends when its last request has ended.`
