package migfile

import (
	"reflect"
	"testing"
)

// What a head says of the schema is read back as it was, whatever the names are.
func TestPlannedIsReadBack(t *testing.T) {
	p := Planned{Major: 15}
	for _, name := range []string{"table public.users", "materialized view public.v", "function public.f(integer, text[])", `table public.a; b  c%20"d"`, "type s.ä\nö", "table x.y-z "} {
		p.Objects = append(p.Objects, PlannedObject{name, "0123456789"})
	}
	if got := readPlanned("-- title\n-- " + oneLine(p.String()) + "\n\nSELECT 1;\n"); !reflect.DeepEqual(got, p) {
		t.Errorf("%q\n%+v\n%+v", p.String(), got, p)
	}
	if got := readPlanned("-- planned for PostgreSQL x: y"); len(got.Objects) > 0 {
		t.Error(got)
	}
}
