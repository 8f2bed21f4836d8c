package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Count writes an integer with thousands separators: 1,247,832.
func Count[T ~int | ~int32 | ~int64 | ~uint32 | ~uint64](n T) string { return humanize.Comma(int64(n)) }

// Significant writes v with three significant digits, thousands separators and
// no exponent: 0.0123, 1.25, 508, 12,300. "0" is written only for zero.
func Significant(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "-"
	case v == 0:
		return "0"
	case math.Abs(v) >= 1000:
		return humanize.Comma(int64(math.Round(v)))
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	s := strconv.FormatFloat(v, 'f', max(digits, 0), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Fixed writes v with a fixed number of decimals and thousands separators:
// Fixed(508.24, 1) is 508.2. It is for the columns of a table, where digits
// have to stand under digits.
func Fixed(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err == nil {
		whole = humanize.Comma(n)
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if math.Signbit(v) && strings.Trim(s, "0.") != "" {
		whole = "-" + whole
	}
	return whole
}

// Percent writes the share part/whole: "99.0%". A share that is not zero or
// not whole is never rounded to 0.0% or 100.0%.
func Percent(part, whole float64) string {
	if whole == 0 {
		return "-"
	}
	p := 100 * part / whole
	switch {
	case p > 0 && p < 0.05:
		return "<0.1%"
	case p < 100 && p >= 99.95:
		return ">99.9%"
	}
	return strconv.FormatFloat(p, 'f', 1, 64) + "%"
}

// Bytes writes a size in powers of 1024: "14.7 MiB".
func Bytes(n uint64) string { return humanize.IBytes(n) }

// Duration writes d in the unit that suits its size, with three significant
// digits: "12.3 ms". In a table choose one unit for the column instead.
func Duration(d time.Duration) string {
	switch abs := d.Abs(); {
	case abs == 0:
		return "0 s"
	case abs < time.Microsecond:
		return Significant(float64(d)) + " ns"
	case abs < time.Millisecond:
		return Significant(float64(d)/1e3) + " µs"
	case abs < time.Second:
		return Significant(float64(d)/1e6) + " ms"
	case abs < 2*time.Minute:
		return Significant(d.Seconds()) + " s"
	}
	return d.Round(time.Second).String()
}

// Plural writes "1 table" or "24 tables".
func Plural[T ~int | ~int64](n T, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}
