package migfile

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// Schema renders a plan that builds a whole schema as clean SQL: statements
// only, what belongs to one object together.
func Schema(h Header, p *plan.Plan) string {
	var b strings.Builder
	writeHeader(&b, h, p)
	for _, s := range p.Segments {
		if needsUncheckedBodies(s) {
			b.WriteString("\nSET check_function_bodies = off;\n")
			break
		}
	}
	last := ""
	for _, s := range p.Segments {
		for _, st := range s.Statements {
			about := st.Object.Schema + "." + st.Object.Name
			if about != last || strings.Contains(st.SQL, "\n") {
				b.WriteByte('\n')
			}
			last = about
			fmt.Fprintf(&b, "%s;\n", st.SQL)
		}
	}
	return b.String()
}
