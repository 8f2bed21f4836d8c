package lint

import (
	"slices"
	"strings"
	"testing"
)

func TestOrder(t *testing.T) {
	want := "0_a.sql 2_b.sql 10_a.sql 20250101000000_x/up.sql 2026-01-01-000000_x/up.sql V1.9__a.sql V1.10__a.sql V2__a.sql R__view.sql"
	all := strings.Fields(want)
	slices.Reverse(all)
	slices.SortStableFunc(all, Order)
	if got := strings.Join(all, " "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
