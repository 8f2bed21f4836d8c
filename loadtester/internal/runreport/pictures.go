package runreport

import (
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// pictured puts pictures of the run behind a section's figures. One that there
// is no data for is left out; a section without figures stays empty.
func pictured(s report.Section, r *result.Result, draws ...func(*result.Result) (report.Plot, bool)) report.Section {
	if len(s.Blocks) == 0 {
		return s
	}
	for _, draw := range draws {
		if p, ok := draw(r); ok {
			s.Blocks = append(s.Blocks, p)
		}
	}
	return s
}
