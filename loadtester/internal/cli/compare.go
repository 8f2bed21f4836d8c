package cli

import "github.com/seniorbackend/tools/shared/problem"

type compareCmd struct {
	A string `arg:"" help:"The base: a URL or a saved run."`
	B string `arg:"" help:"What to compare with it: a URL or a saved run."`
	whatFlags
	whenFlags
	howFlags
	outFlags
}

// Run will compare.
func (c *compareCmd) Run(*session) error {
	return problem.New("", "compare is not there yet")
}
