package pace

import (
	"math"
	"time"
)

// Slice is every Of-th request, from Index on: a loop's or a machine's part of
// a schedule. The zero value is all of it.
type Slice struct{ Index, Of uint64 }

// Within is part inner of this part.
func (s Slice) Within(inner Slice) Slice {
	s.Of, inner.Of = max(s.Of, 1), max(inner.Of, 1)
	return Slice{s.Index + s.Of*inner.Index, s.Of * inner.Of}
}

// Arrivals goes through a slice of a schedule in order. It is not safe for
// concurrent use; each loop has its own.
type Arrivals struct {
	s     *Schedule
	step  uint64
	i     uint64 // the request that Next gives
	end   time.Duration
	due   time.Duration
	ok    bool
	drawn uint64  // Poisson points so far
	point float64 // the last of them

	k     int     // the segment that i lies in, for a short way to the next
	start float64 // its moment
	below float64 // and the number before it
}

// Arrivals begins at the first request of the slice.
func (s *Schedule) Arrivals(part Slice) *Arrivals {
	a := &Arrivals{s: s, step: max(part.Of, 1), i: part.Index, end: math.MaxInt64}
	switch {
	case s.length > 0:
		a.end = s.length
	case s.segments != nil && !math.IsInf(s.own(), 1):
		a.end = duration(s.own())
	}
	if own := s.own(); s.segments != nil && !math.IsInf(own, 1) {
		a.end = min(a.end, duration(own))
	}
	a.find()
	return a
}

// Next is the next request's number and when it is due; ok is false at the end.
func (a *Arrivals) Next() (i uint64, due time.Duration, ok bool) {
	i, due, ok = a.i, a.due, a.ok
	if ok {
		a.i += a.step
		a.find()
	}
	return i, due, ok
}

// Peek is what Next will give.
func (a *Arrivals) Peek() (due time.Duration, ok bool) { return a.due, a.ok }

// Left counts the requests from Next on, by going through them.
func (a *Arrivals) Left() int64 {
	rest := *a
	var n int64
	for rest.ok {
		n++
		rest.Next()
	}
	return n
}

// find sets due and ok for request i.
func (a *Arrivals) find() {
	s := a.s
	if s.limit > 0 && a.i >= s.limit {
		a.ok = false
		return
	}
	if s.segments == nil {
		if a.ok = a.i < uint64(len(s.offsets)); a.ok {
			a.due = time.Duration(float64(s.offsets[a.i]) / s.speed)
			a.ok = a.due < a.end
		}
		return
	}
	x := float64(a.i)
	if s.poisson {
		for ; a.drawn <= a.i; a.drawn++ {
			a.point += exponential(s.seed, a.drawn)
		}
		x = a.point
	}
	a.due = a.at(x)
	a.ok = a.due < a.end
}

// at is Schedule.inverse, which remembers the segment.
func (a *Arrivals) at(x float64) time.Duration {
	for a.k < len(a.s.segments)-1 {
		g := a.s.segments[a.k]
		inside := g.law.count(g.length)
		if x-a.below < inside {
			break
		}
		a.below += inside
		a.start += g.length
		a.k++
	}
	t := a.start + a.s.segments[a.k].law.inverse(x-a.below)
	if !(t < math.MaxInt64/1e9) {
		return math.MaxInt64
	}
	return duration(t)
}

// exponential is the i-th draw of a unit exponential distribution: a hash of
// seed and i, so that every machine draws the same.
func exponential(seed, i uint64) float64 {
	z := seed + (i+1)*0x9e3779b97f4a7c15 // splitmix64
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return -math.Log((float64(z>>11) + 0.5) / (1 << 53))
}
