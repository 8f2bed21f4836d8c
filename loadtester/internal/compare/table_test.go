package compare

import (
	"math"
	"testing"
)

// What a table says of an interval that has no end.
func TestIntervals(t *testing.T) {
	mean, _ := find("mean")
	errors, _ := find("errors")
	inf := math.Inf(1)
	for _, c := range []struct {
		m         metric
		low, high float64
		want      string
	}{
		{mean, -0.01, 0.052, "-1% to +5.2%"},
		{mean, 0.5, inf, "+50% or more"},
		{mean, -1, inf, "any"},
		{errors, -inf, inf, "any"},
		{errors, -0.02, 0.03, "-2 pp to +3 pp"},
		{mean, math.NaN(), math.NaN(), "-"},
	} {
		if got := (&Difference{metric: c.m, Low: c.low, High: c.high}).interval(); got != c.want {
			t.Errorf("%s, %v to %v: %q, want %q", c.m.key, c.low, c.high, got, c.want)
		}
	}
}
