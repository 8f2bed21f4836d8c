package cli

import (
	"context"

	"github.com/seniorbackend/tools/shared/problem"
)

// interrupted makes of an error that ^C caused (a cancelled query, a closed
// connection) what the exit code is made from.
func interrupted(s *session, err error) error {
	if err == nil || s.ctx.Err() == nil || problem.ExitCode(err) == problem.Interrupted {
		return err
	}
	return context.Canceled
}
