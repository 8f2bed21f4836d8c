package cli

import (
	"strings"
	"testing"
)

// Another order of attributes is left, and said: ROW(…) goes by it.
func TestDiffSaysOrderOfAttributes(t *testing.T) {
	dir := t.TempDir()
	old := file(t, dir, "v1.sql", "CREATE TYPE c AS (a int, b int, gone int); CREATE TABLE t (x c);")
	for _, test := range []struct{ attributes, says string }{
		{"b int, a int, gone int", "type public.c stand in another order (a, b, gone; wanted: b, a, gone)"},
		{"a int, b int, gone int, new int", ""},
		{"b int, a bigint", ""}, // it is made anew
	} {
		now := file(t, dir, "v2.sql", "CREATE TYPE c AS ("+test.attributes+"); CREATE TABLE t (x c);")
		r := run(t, "diff", "--from", old, "--to", now)
		if said := strings.Contains(r.errors, "in another order"); said != (test.says != "") || !strings.Contains(r.errors, test.says) || r.code != 0 {
			t.Errorf("%s: %+v", test.attributes, r)
		}
	}
}
