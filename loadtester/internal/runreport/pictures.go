package runreport

import (
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/plot"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// goals are the bounds of the objective that a run was made or read with.
func goals(r *result.Result) []plot.Goal {
	if r.Run.Wanted.Objective == "" {
		return nil
	}
	o, err := expect.ParseObjective(r.Run.Wanted.Objective)
	if err != nil {
		return nil // of another version
	}
	return plot.Goals(o.Bounds())
}

// with draws a picture with the objective in it.
func with(draw func(*result.Result, []plot.Goal) (report.Plot, bool)) func(*result.Result) (report.Plot, bool) {
	return func(r *result.Result) (report.Plot, bool) { return draw(r, goals(r)) }
}

// illustrator draws the pictures of a run, where they are wanted.
type illustrator struct {
	r      *result.Result
	wanted bool
}

// pictures puts pictures of the run behind a section's figures. One that there
// is no data for is left out; a section without figures stays empty.
func (i illustrator) pictures(s report.Section, draws ...func(*result.Result) (report.Plot, bool)) report.Section {
	if len(s.Blocks) == 0 || !i.wanted {
		return s
	}
	for _, draw := range draws {
		if p, ok := draw(i.r); ok {
			s.Blocks = append(s.Blocks, p)
		}
	}
	return s
}
