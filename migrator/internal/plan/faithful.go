package plan

import "regexp"

// inList is how PostgreSQL prints "column IN ('a', 'b')" over a varchar column.
// Read again, that text means the same but becomes another tree (the casts go
// to the elements), and would print differently for ever after.
var inList = regexp.MustCompile(`\(([\w."]+)\)::text (=|<>) (ANY|ALL) \(\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:\(\d+\))?(?:, )?)+)\]\)::text\[\]\)`)

// faithful rewrites a printed expression so that PostgreSQL makes the same
// tree of it again.
func faithful(expr string) string {
	return inList.ReplaceAllString(expr, "$1 $2 $3 (ARRAY[$4])")
}
