package cookies

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The parts of a date of RFC 6265, 5.1.1, in any order.
var (
	clock  = regexp.MustCompile(`^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D|$)`)
	day    = regexp.MustCompile(`^(\d{1,2})(?:\D|$)`)
	year   = regexp.MustCompile(`^(\d{2,4})(?:\D|$)`)
	months = "janfebmaraprmayjunjulaugsepoctnovdec"
)

// date reads a date as a client has to: "Thu, 01-Jan-70 00:00:01 GMT" and the
// form of asctime are dates too. Without that a cookie that a server deletes
// would stay.
func date(s string) (time.Time, bool) {
	var hour, minute, second, d, m, y = -1, 0, 0, -1, -1, -1
	for _, word := range strings.FieldsFunc(s, delimiter) {
		if t := clock.FindStringSubmatch(word); t != nil && hour < 0 {
			hour, minute, second = number(t[1]), number(t[2]), number(t[3])
		} else if t := day.FindStringSubmatch(word); t != nil && d < 0 {
			d = number(t[1])
		} else if k := monthOf(word); k > 0 && m < 0 {
			m = k
		} else if t := year.FindStringSubmatch(word); t != nil && y < 0 {
			y = number(t[1])
		}
	}
	switch {
	case y >= 70 && y <= 99:
		y += 1900
	case y >= 0 && y <= 69:
		y += 2000
	}
	if hour < 0 || hour > 23 || minute > 59 || second > 59 || d < 1 || d > 31 || m < 1 || y < 1601 {
		return time.Time{}, false
	}
	return time.Date(y, time.Month(m), d, hour, minute, second, 0, time.UTC), true
}

func delimiter(r rune) bool {
	return r == '\t' || r >= ' ' && r <= '/' || r >= ';' && r <= '@' || r >= '[' && r <= '`' || r >= '{' && r <= '~'
}

// monthOf is 1 for January; 0: word names none.
func monthOf(word string) int {
	if len(word) < 3 {
		return 0
	}
	if k := strings.Index(months, strings.ToLower(word[:3])); k >= 0 && k%3 == 0 {
		return k/3 + 1
	}
	return 0
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil { // at most four digits
		return -1
	}
	return n
}
