package operation

import (
	"sort"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Operations may share a method and a path, told apart by what stands behind a
// question mark or number sign in the document's path. They are one route.

// IsVariant says that the operation is one of several on its route.
func (o *Operation) IsVariant() bool { return len(o.Variants) > 1 }

// groupRoutes gives each operation its variants.
func groupRoutes(ops []*Operation) {
	byRoute := map[string][]*Operation{}
	key := func(op *Operation) string { return op.API.Method + " " + op.Path.Shape() }
	for _, op := range ops {
		byRoute[key(op)] = append(byRoute[key(op)], op)
	}
	for _, all := range byRoute {
		sort.SliceStable(all, func(i, j int) bool { return len(all[i].Path.when) > len(all[j].Path.when) })
		for _, op := range all {
			op.Variants = all
		}
	}
}

// WhenDoc is what a request must have for the operation: a list of conditions.
func (o *Operation) WhenDoc() ts.Doc {
	var rows []ts.Doc
	for _, c := range o.Path.when {
		row := []ts.Doc{ts.Text("name: " + ts.Quote(c.Name))}
		if !c.AnyValue {
			row = append(row, ts.Text("value: "+ts.Quote(c.Value)))
		}
		rows = append(rows, ts.Object(row...))
	}
	return ts.RowList(rows)
}
