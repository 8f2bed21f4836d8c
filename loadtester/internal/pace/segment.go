package pace

import (
	"math"
	"time"
)

// segment is a stretch of a schedule with one law. Times are in seconds from
// the segment's start, rates in requests per second.
type segment struct {
	length float64 // seconds; +Inf for the one that goes on until the run ends
	law    law
}

type law interface {
	rate(t float64) float64
	count(t float64) float64   // the integral of rate from 0 to t
	inverse(x float64) float64 // the t where count reaches x
	highest() float64
}

// line goes from one rate to another over its span; a constant rate has a span of +Inf.
type line struct{ from, to, span float64 }

func (l line) slope() float64          { return (l.to - l.from) / l.span }
func (l line) rate(t float64) float64  { return l.from + l.slope()*t }
func (l line) count(t float64) float64 { return (l.from + l.slope()*t/2) * t }
func (l line) highest() float64        { return max(l.from, l.to) }
func (l line) inverse(x float64) float64 {
	if l.from == l.to {
		return x / l.from
	}
	// The root of slope/2 t² + from t = x, in the form that does not cancel.
	root := math.Sqrt(max(l.from*l.from+2*l.slope()*x, 0))
	if l.from+root == 0 {
		return 0
	}
	return 2 * x / (l.from + root)
}

// sine swings between low and high; it begins in the middle and rises.
type sine struct{ low, high, period float64 }

func (s sine) mean() float64    { return (s.low + s.high) / 2 }
func (s sine) swing() float64   { return (s.high - s.low) / 2 }
func (s sine) highest() float64 { return s.high }
func (s sine) rate(t float64) float64 {
	return s.mean() + s.swing()*math.Sin(2*math.Pi*t/s.period)
}
func (s sine) count(t float64) float64 {
	return s.mean()*t + s.swing()*s.period/(2*math.Pi)*(1-math.Cos(2*math.Pi*t/s.period))
}

// inverse bisects: count rises, and differs from mean*t by at most one swing.
func (s sine) inverse(x float64) float64 {
	low := max((x-s.swing()*s.period/math.Pi)/s.mean(), 0)
	high := x / s.mean()
	for range 64 {
		middle := (low + high) / 2
		if middle <= low || middle >= high {
			break
		}
		if s.count(middle) < x {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// burst sends size requests at once at the start of each interval.
type burst struct{ size, interval float64 }

func (b burst) rate(float64) float64 { return b.size / b.interval }
func (b burst) highest() float64     { return b.size / b.interval }
func (b burst) count(t float64) float64 {
	return b.size * math.Ceil(t/b.interval)
}
func (b burst) inverse(x float64) float64 { return math.Floor(x/b.size) * b.interval }

// duration is t seconds, to the nanosecond.
func duration(t float64) time.Duration { return time.Duration(math.Round(t * 1e9)) }
