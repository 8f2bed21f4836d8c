package scratch

import (
	"context"

	"github.com/seniorbackend/tools/shared/problem"
)

func openEmbedded(ctx context.Context, o Options) (Server, error) {
	return nil, problem.New("use --scratch local or --scratch server", "an embedded server is not there yet")
}
