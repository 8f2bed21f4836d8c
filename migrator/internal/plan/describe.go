package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// describe says in a few words what an object is that comes or goes.
func (p *planner) describe(o *catalog.Object, parts []catalog.ID) string {
	switch d := o.Detail.(type) {
	case *catalog.Table:
		return describeTable(d, parts)
	case *catalog.Column:
		return describeColumn(d)
	case *catalog.Default:
		return d.Expr
	case *catalog.Constraint:
		return d.Definition
	case *catalog.Index:
		kind, method, _ := strings.Cut(d.Definition, " USING ")
		if strings.HasPrefix(kind, "CREATE UNIQUE") {
			return "unique " + method
		}
		return method
	case *catalog.Enum:
		return strings.Join(d.Labels, ", ")
	case *catalog.Domain:
		return d.Type
	case *catalog.Range:
		return "range of " + d.Subtype
	case *catalog.Attribute:
		return d.Type
	case *catalog.Sequence:
		return d.Type
	case *catalog.Policy:
		return strings.ToLower(d.Command) + " for " + strings.Join(d.Roles, ", ")
	case *catalog.Trigger:
		_, when, _ := strings.Cut(d.Definition, " TRIGGER "+catalog.Quote(o.ID.Sub)+" ")
		when, _, _ = strings.Cut(when, " ON ")
		return strings.ToLower(when)
	case *catalog.Extension:
		return d.Version
	}
	return ""
}

func describeTable(t *catalog.Table, parts []catalog.ID) string {
	columns := 0
	for _, id := range parts {
		if id.Kind == catalog.KindColumn {
			columns++
		}
	}
	words := fmt.Sprintf("%d columns", columns)
	if columns == 1 {
		words = "1 column"
	}
	if t.PartitionKey != "" {
		words += ", partitioned by " + strings.ToLower(t.PartitionKey[:1]) + t.PartitionKey[1:]
	}
	if t.Bound != "" && len(t.Inherits) > 0 {
		words = "partition of " + t.Inherits[0].Path()
	}
	return words
}

func describeColumn(d *catalog.Column) string {
	words := d.Type
	if d.NotNull {
		words += " not null"
	}
	switch {
	case d.Identity != "":
		words += ", identity"
	case d.Generated != "":
		words += ", generated"
	}
	return words
}
