package runreport

import (
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

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
