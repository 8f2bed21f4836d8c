package input

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// open is the list of ways from a body to the values that its schema says nothing of;
// nil where there are none.
func open(s *api.Schema) ts.Doc {
	var rows []ts.Doc
	long := true
	for _, way := range openPaths(s, nil) {
		long = long && len(way) > 1
		rows = append(rows, ts.List(way...))
	}
	switch {
	case len(rows) == 0:
		return nil
	case long:
		return ts.RowList(rows)
	}
	return ts.List(rows...)
}

// openPaths are the names of properties on each way, 0 for every item. Those of schemas
// that contain themselves end somewhere.
func openPaths(s *api.Schema, way []ts.Doc) [][]ts.Doc {
	const deepest = 8
	if s == nil || len(way) > deepest {
		return nil
	}
	if s.Ref != nil { // nullable or not
		return openPaths(s.Ref, way)
	}
	if s.IsAny() {
		return [][]ts.Doc{way}
	}
	below := func(step string, next *api.Schema) [][]ts.Doc {
		return openPaths(next, append(way[:len(way):len(way)], ts.Text(step)))
	}
	var out [][]ts.Doc
	for _, each := range s.AnyOf { // such as an object or null
		out = append(out, openPaths(each, way)...)
	}
	for _, p := range s.Properties {
		out = append(out, below(ts.Quote(p.Name), p.Schema)...)
	}
	if s.Items != nil {
		out = append(out, below("0", s.Items)...)
	}
	return out
}
