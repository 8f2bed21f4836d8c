package report

import (
	"math"
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Count(1247832), "1,247,832"}, {Count(int64(-1000)), "-1,000"}, {Count(0), "0"},
		{Significant(0), "0"}, {Significant(0.012345), "0.0123"}, {Significant(1.2339999), "1.23"}, {Significant(1.5), "1.5"},
		{Significant(508.24), "508"}, {Significant(12345.6), "12,346"}, {Significant(-2.5), "-2.5"}, {Significant(math.NaN()), "-"},
		{Significant(9.999), "10"}, {Significant(99.96), "100"},
		{Fixed(508.24, 1), "508.2"}, {Fixed(1247.0, 0), "1,247"}, {Fixed(-1234.56, 2), "-1,234.56"}, {Fixed(-0.001, 2), "0.00"}, {Fixed(math.Inf(1), 2), "-"},
		{Percent(15102, 15247), "99.0%"}, {Percent(0, 10), "0.0%"}, {Percent(10, 10), "100.0%"}, {Percent(1, 1e6), "<0.1%"}, {Percent(999999, 1e6), ">99.9%"}, {Percent(1, 0), "-"},
		{Bytes(15414067), "15 MiB"},
		{Duration(0), "0 s"}, {Duration(950), "950 ns"}, {Duration(12345 * time.Nanosecond), "12.3 µs"}, {Duration(423 * time.Millisecond), "423 ms"},
		{Duration(1500 * time.Millisecond), "1.5 s"}, {Duration(90 * time.Minute), "1h30m0s"},
		{Plural(1, "table", "tables"), "1 table"}, {Plural(24, "table", "tables"), "24 tables"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
