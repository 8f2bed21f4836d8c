package pace

import (
	"math"
	"sort"
	"time"
)

// Schedule is a plan of arrivals. It is made by Parse, Constant or Recorded and
// never changes.
type Schedule struct {
	segments []segment
	offsets  []time.Duration // a recording's; then there are no segments
	speed    float64         // of the recording
	text     string

	poisson bool
	seed    uint64
	length  time.Duration // the run ends here; 0: with the segments
	limit   uint64        // requests at most; 0: no limit
}

// Constant is rate requests per second without end.
func Constant(rate float64) *Schedule {
	return &Schedule{
		segments: []segment{{math.Inf(1), line{rate, rate, math.Inf(1)}}},
		text:     number(rate) + "/s",
	}
}

// Recorded sends request i at offsets[i], speed times as fast as recorded.
func Recorded(offsets []time.Duration, speed float64) *Schedule {
	text := "recorded"
	if speed != 1 {
		text += " at " + number(speed) + " times its speed"
	}
	return &Schedule{offsets: offsets, speed: speed, text: text}
}

// Poisson makes the arrivals random and independent of each other, as those of
// many users are, at the same rate. The seed repeats them exactly.
func (s *Schedule) Poisson(seed uint64) *Schedule {
	c := *s
	c.poisson, c.seed = true, seed
	return &c
}

// For ends the schedule after d, and after n requests; 0 sets no end.
func (s *Schedule) For(d time.Duration, n uint64) *Schedule {
	c := *s
	c.length, c.limit = d, n
	return &c
}

// String is the schedule as a person writes it: "10..1000/s over 1m0s".
func (s *Schedule) String() string { return s.text }

// Arrival is "constant", "poisson" or "recorded".
func (s *Schedule) Arrival() string {
	switch {
	case s.segments == nil:
		return "recorded"
	case s.poisson:
		return "poisson"
	}
	return "constant"
}

// own is how long the segments last; +Inf when they have no end.
func (s *Schedule) own() float64 {
	sum := 0.0
	for _, g := range s.segments {
		sum += g.length
	}
	return sum
}

// Endless says that neither the rate nor For gives the schedule an end.
func (s *Schedule) Endless() bool {
	return s.length == 0 && s.limit == 0 && math.IsInf(s.own(), 1)
}

// Length is how long the schedule lasts: the end of the last stage, or of the
// limit set by For. Its last request is due before that. It is 0 for a schedule
// that is endless, and for one of n requests their expected time.
func (s *Schedule) Length() time.Duration {
	var length float64
	switch {
	case s.segments == nil:
		length = s.recordedLength()
	default:
		length = s.own()
	}
	if s.length > 0 {
		length = min(length, s.length.Seconds())
	}
	if s.limit > 0 && s.segments != nil && s.count(length) > float64(s.limit) {
		length = min(length, s.inverse(float64(s.limit)))
	}
	if math.IsInf(length, 1) {
		return 0
	}
	return duration(length)
}

func (s *Schedule) recordedLength() float64 {
	if len(s.offsets) == 0 {
		return 0
	}
	return s.offsets[len(s.offsets)-1].Seconds()/s.speed + 1e-9
}

// count is the expected number of requests before t seconds.
func (s *Schedule) count(t float64) float64 {
	if math.IsInf(t, 1) && math.IsInf(s.own(), 1) {
		return t
	}
	sum := 0.0
	for _, g := range s.segments {
		if t <= g.length {
			return sum + g.law.count(t)
		}
		sum += g.law.count(g.length)
		t -= g.length
	}
	return sum
}

// inverse is the moment, in seconds, when the expected number reaches x.
func (s *Schedule) inverse(x float64) float64 {
	a := Arrivals{s: s}
	return a.at(x).Seconds()
}

// Due is how many requests are due before t: exactly for constant and recorded
// arrivals, on average for Poisson.
func (s *Schedule) Due(t time.Duration) float64 {
	if t <= 0 {
		return 0
	}
	if s.segments == nil {
		n := sort.Search(len(s.offsets), func(i int) bool { return float64(s.offsets[i])/s.speed >= float64(t) })
		return min(float64(n), s.Expected())
	}
	part := *s
	if part.length == 0 || t < part.length {
		part.length = t
	}
	return part.Expected()
}

// Expected is how many requests the whole schedule holds: exactly for constant
// and recorded arrivals, on average for Poisson.
func (s *Schedule) Expected() float64 {
	n := float64(len(s.offsets))
	if s.segments != nil {
		length := s.own()
		if s.length > 0 {
			length = min(length, s.length.Seconds())
		}
		n = s.count(length)
	}
	if s.limit > 0 {
		n = min(n, float64(s.limit))
	}
	return n
}

// Rate is the average rate over the schedule's length; that of an endless
// schedule is the one that it begins with.
func (s *Schedule) Rate() float64 {
	length := s.Length().Seconds()
	if length <= 0 {
		return s.RateAt(0)
	}
	return s.Expected() / length
}

// RateAt is the wanted rate at the moment t.
func (s *Schedule) RateAt(t time.Duration) float64 {
	left := t.Seconds()
	if s.segments == nil {
		return math.NaN()
	}
	for _, g := range s.segments {
		if left < g.length {
			return g.law.rate(left)
		}
		left -= g.length
	}
	return 0
}

// Highest is the highest rate that the schedule reaches; of a recording the average.
func (s *Schedule) Highest() float64 {
	if s.segments == nil {
		return s.Rate()
	}
	high := 0.0
	for _, g := range s.segments {
		high = max(high, g.law.highest())
	}
	return high
}
