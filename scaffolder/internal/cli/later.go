package cli

import "github.com/seniorbackend/tools/shared/problem"

// specCmd will write the OpenAPI document of existing routes.
type specCmd struct {
	Routes string `arg:"" help:"Directory or file of the routes."`
	Output string `short:"o" help:"Where the document goes; - is stdout." default:"-" placeholder:"FILE"`
}

func (specCmd) Run() error {
	return problem.New("", "reading existing routes is not there yet")
}
