package check

import (
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/pattern"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// matcher is what a pattern is matched by: the engine of JavaScript, where that takes time
// in proportion to the text; or else RE2, which always does; or, where a pattern has what
// RE2 does not, that of JavaScript within a limit of time.
func (c *Checks) matcher(source string, slow bool) ts.Doc {
	if !slow {
		return ts.Call(c.helper("pattern"), ts.Text(ts.Quote(source)))
	}
	v := pattern.Judge(source)
	if v.Linear == nil {
		c.Slow = true
		return ts.Call(c.helper("slowPattern"), ts.Text(ts.Quote(source)), ts.Text(strconv.Itoa(v.Short)))
	}
	c.Linear = true
	var parts []ts.Doc
	for _, part := range v.Linear {
		var text ts.Doc = ts.Text(ts.Quote(part.Source))
		if part.Not {
			text = ts.Object(ts.Text("not: " + ts.Quote(part.Source)))
		}
		parts = append(parts, text)
	}
	return ts.Call(c.file.Use(c.from+"linear.js", "linear"), parts...)
}
