package plot

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// scale maps values to pixels.
type scale struct {
	from, to float64 // values
	low, end float64 // pixels
	log      bool
}

func (s scale) at(v float64) float64 {
	a, b := s.from, s.to
	if s.log {
		v, a, b = math.Log(max(v, s.from)), math.Log(a), math.Log(b)
	}
	if b == a {
		return s.low
	}
	return s.low + (v-a)/(b-a)*(s.end-s.low)
}

// tick is a marked value.
type tick struct {
	value float64
	label string
}

// ticks are about n round values inside the scale: 1, 2 and 5 times powers of
// ten. A logarithmic scale has all of these where their labels have room, gap
// pixels each, and the powers of ten where not.
func (s scale) ticks(n int, gap float64, label func(float64) string) []tick {
	var list []tick
	if s.log {
		steps := []float64{1, 2, 5}
		decade := math.Abs(s.end-s.low) / math.Log10(s.to/s.from)
		if decade*math.Log10(2) < gap {
			steps = steps[:1]
		}
		for e := math.Floor(math.Log10(s.from)); e <= math.Ceil(math.Log10(s.to)); e++ {
			for _, k := range steps {
				if v := k * math.Pow(10, e); v >= s.from*0.999 && v <= s.to*1.001 {
					list = append(list, tick{v, label(v)})
				}
			}
		}
		return list
	}
	step := nice((s.to - s.from) / float64(n))
	if step <= 0 || math.IsInf(step, 0) || math.IsNaN(step) {
		return nil
	}
	for k := math.Ceil(s.from/step - 1e-9); k*step <= s.to*(1+1e-9); k++ {
		list = append(list, tick{k * step, label(k * step)})
	}
	return list
}

// nice is the round number at or above v.
func nice(v float64) float64 {
	if v <= 0 {
		return 0
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 2, 5, 10} {
		if k*p >= v*0.999 {
			return k * p
		}
	}
	return 10 * p
}

// unit is the one time unit of an axis.
type unit struct {
	name string
	of   time.Duration
}

// unitFor suits times up to longest.
func unitFor(longest time.Duration) unit {
	switch {
	case longest < time.Millisecond:
		return unit{"µs", time.Microsecond}
	case longest < 10*time.Second:
		return unit{"ms", time.Millisecond}
	}
	return unit{"s", time.Second}
}

func (u unit) in(d time.Duration) float64 { return float64(d) / float64(u.of) }

// number writes a tick's value without noise digits, with thousands separators.
func number(v float64) string {
	if v == 0 {
		return "0" // not -0
	}
	s := strconv.FormatFloat(v, 'g', 6, 64)
	if strings.Contains(s, "e") {
		s = strconv.FormatFloat(v, 'f', -1, 64)
	}
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	for i, c := range whole {
		if k := len(whole) - i; i > 0 && k%3 == 0 && whole[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// room that a label needs, one above the other and side by side.
const (
	rowGap    = 13.0
	columnGap = 36.0
)

// named is an axis's heading, which says when it is not a usual one.
func (s scale) named(heading string) string {
	if s.log {
		return heading + ", logarithmic"
	}
	return heading
}

// valueScale is the vertical scale of values between low and high: logarithmic
// where they range over more than thirty times, else from zero.
func valueScale(low, high, bottom, top float64) scale {
	if high <= 0 {
		high = 1
	}
	if low > 0 && high/low > 30 {
		return scale{from: low * .8, to: high * 1.1, low: bottom, end: top, log: true}
	}
	step := nice(high / 4)
	return scale{from: 0, to: math.Ceil(high*1.02/step) * step, low: bottom, end: top}
}
