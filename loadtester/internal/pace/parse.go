package pace

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Hint says how rates are written, for people whose rate could not be read.
const Hint = "write 500 (a second), 30/m, 10..1000/60s (a ramp), 100/30s,500/2m (stages), sine:100..500/60s or burst:100/5s"

// Parse reads a rate as a user writes it:
//
//	500                     500 a second until the run ends; also 500/s, 30/m
//	10..1000/60s            from 10 to 1000 a second within 60 s
//	100/30s,500/2m,0..9/1m  stages, one after the other
//	sine:100..500/60s       a wave between the two, of that period
//	burst:100/5s            100 at once, every 5 s
//
// 60/1m alone is refused: other tools mean 60 a minute by it, and a stage here
// would send 60 times as much.
func Parse(text string) (*Schedule, error) {
	if rate, unit, ok := strings.Cut(strings.TrimSpace(text), "/1"); ok && (unit == "s" || unit == "m" || unit == "h") {
		if _, err := parseRate(rate); err == nil {
			return nil, fmt.Errorf("rate %q can be read in two ways: %s/%s is so many in one %s; a stage of that length is %s/%s", text,
				rate, unit, map[string]string{"s": "second", "m": "minute", "h": "hour"}[unit], rate, map[string]string{"s": "1000ms", "m": "60s", "h": "60m"}[unit])
		}
	}
	s := &Schedule{}
	var said []string
	for part := range strings.SplitSeq(text, ",") {
		if n := len(s.segments); n > 0 && math.IsInf(s.segments[n-1].length, 1) {
			return nil, fmt.Errorf("rate %q: a stage without a time is followed by another", text)
		}
		g, words, err := parseSegment(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("rate %q: %w", text, err)
		}
		s.segments = append(s.segments, g)
		said = append(said, words)
	}
	if s.Highest() <= 0 {
		return nil, fmt.Errorf("rate %q sends nothing", text)
	}
	s.text = strings.Join(said, ", then ")
	return s, nil
}

func parseSegment(text string) (segment, string, error) {
	kind, rest, marked := strings.Cut(text, ":")
	if !marked {
		kind, rest = "", text
	}
	rates, over, timed := strings.Cut(rest, "/")
	switch kind {
	case "":
		return parseLine(rates, over, timed)
	case "sine":
		low, high, err := parseRange(rates)
		if err != nil {
			return segment{}, "", err
		}
		period, err := parseTime(over)
		if err != nil {
			return segment{}, "", err
		}
		if low > high {
			low, high = high, low
		}
		return segment{math.Inf(1), sine{low, high, period}},
			fmt.Sprintf("a wave of %s..%s/s every %s", number(low), number(high), duration(period)), nil
	case "burst":
		size, err := strconv.ParseUint(rates, 10, 32)
		if err != nil || size == 0 {
			return segment{}, "", fmt.Errorf("%q is not a number of requests", rates)
		}
		interval, err := parseTime(over)
		if err != nil {
			return segment{}, "", err
		}
		return segment{math.Inf(1), burst{float64(size), interval}},
			fmt.Sprintf("%d at once every %s", size, duration(interval)), nil
	}
	return segment{}, "", fmt.Errorf("unknown kind %q", kind)
}

func parseLine(rates, over string, timed bool) (segment, string, error) {
	if unit, ok := map[string]float64{"s": 1, "m": 60, "h": 3600}[over]; ok && timed {
		r, err := parseRate(rates)
		r /= unit
		return segment{math.Inf(1), line{r, r, math.Inf(1)}}, number(r) + "/s", err
	}
	if !strings.Contains(rates, "..") {
		r, err := parseRate(rates)
		if err != nil || !timed {
			return segment{math.Inf(1), line{r, r, math.Inf(1)}}, number(r) + "/s", err
		}
		length, err := parseTime(over)
		return segment{length, line{r, r, math.Inf(1)}}, fmt.Sprintf("%s/s for %s", number(r), duration(length)), err
	}
	from, to, err := parseRange(rates)
	if err != nil {
		return segment{}, "", err
	}
	if !timed {
		return segment{}, "", fmt.Errorf("a ramp needs a time: %s/60s", rates)
	}
	length, err := parseTime(over)
	return segment{length, line{from, to, length}},
		fmt.Sprintf("%s..%s/s over %s", number(from), number(to), duration(length)), err
}

func parseRange(text string) (from, to float64, err error) {
	a, b, ok := strings.Cut(text, "..")
	if !ok {
		return 0, 0, fmt.Errorf("%q is not a range like 10..1000", text)
	}
	if from, err = parseRate(a); err != nil {
		return 0, 0, err
	}
	to, err = parseRate(b)
	if err == nil && from == 0 && to == 0 {
		err = fmt.Errorf("it sends nothing")
	}
	return from, to, err
}

// fastest is a rate that no machine reaches; numbers above it are mistakes.
const fastest = 1e8

func parseRate(text string) (float64, error) {
	r, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	switch {
	case err != nil || math.IsNaN(r) || math.IsInf(r, 0):
		return 0, fmt.Errorf("%q is not a number of requests per second", text)
	case r < 0:
		return 0, fmt.Errorf("%s is below 0", text)
	case r > fastest:
		return 0, fmt.Errorf("%s is more than any machine can send", text)
	}
	return r, nil
}

// parseTime reads seconds or a Go duration, above zero, as seconds.
func parseTime(text string) (float64, error) {
	t, err := strconv.ParseFloat(text, 64)
	if err != nil {
		d, derr := time.ParseDuration(text)
		t, err = d.Seconds(), derr
	}
	if err != nil || !(t > 0) || t > 1e9 {
		return 0, fmt.Errorf("%q is not a time like 60s", text)
	}
	return t, nil
}

func number(r float64) string { return strconv.FormatFloat(r, 'f', -1, 64) }
