package whatif

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/advise"
)

// text is a plan as EXPLAIN prints it in its text form, with the conditions that
// say what an index does; names gives what hypothetical indexes would be called.
func (n *node) text(names map[string]string) string {
	var b strings.Builder
	n.write(&b, names, 0)
	return strings.TrimRight(b.String(), "\n")
}

func (n *node) write(b *strings.Builder, names map[string]string, depth int) {
	indent := strings.Repeat("      ", depth)
	if n.Subplan != "" {
		fmt.Fprintf(b, "%s%s\n", indent, n.Subplan)
	}
	arrow := ""
	if depth > 0 {
		arrow = "->  "
	}
	fmt.Fprintf(b, "%s%s%s", indent, arrow, n.Type)
	if n.Index != "" {
		name := n.Index
		if real := names[name]; real != "" {
			name = real + " (hypothetical)"
		}
		if n.Type == "Bitmap Index Scan" {
			fmt.Fprintf(b, " on %s", name)
		} else {
			fmt.Fprintf(b, " using %s", name)
		}
	}
	if n.Relation != "" {
		fmt.Fprintf(b, " on %s", n.Relation)
		if n.Alias != n.Relation {
			b.WriteString(" " + n.Alias)
		}
	}
	fmt.Fprintf(b, "  (cost=%.2f..%.2f rows=%.0f)\n", n.Startup, n.Total, n.Rows)
	for _, line := range []struct{ label, text string }{{"Index Cond", n.IndexCond}, {"Filter", n.Filter}} {
		if line.text != "" {
			fmt.Fprintf(b, "%s        %s: %s\n", indent, line.label, line.text)
		}
	}
	for _, p := range n.Plans {
		p.write(b, names, depth+1)
	}
}

// named are the hypothetical indexes' names as they would be called.
func (s *session) named(with []*advise.Index) map[string]string {
	names := map[string]string{}
	for _, i := range with {
		for _, name := range s.made[i.ID()].names {
			names[name] = i.Name(nil)
		}
	}
	return names
}
