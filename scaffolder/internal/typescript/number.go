package typescript

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a number as prettier does: lower-case e, no +, no trailing zeros
// behind the point. One with more digits than a number of JavaScript has is
// written as what it becomes there.
func Number(n string) string {
	s := strings.ToLower(n)
	if len(s) > 15 {
		s = asDouble(s)
	}
	mantissa, exponent, hasExponent := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	if mantissa == "-0" {
		mantissa = "0"
	}
	if !hasExponent {
		return mantissa
	}
	return mantissa + "e" + strings.TrimPrefix(exponent, "+")
}

// asDouble is the shortest text of the double that a number is read as.
func asDouble(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'e', -1, 64)
}
