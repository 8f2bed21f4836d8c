package record

import (
	"math/bits"
	"time"
)

// A cell's distribution has 16 steps in each power of two, from 1 µs up: an
// answer is at most 6 % wide, and interpolation inside the step makes it better.
const (
	stepBits = 4
	steps    = 1 << stepBits
	octaves  = 32 // up to 71 minutes
	buckets  = octaves * steps
)

// Cell is a stretch of a run, a second unless the run was long. A request
// belongs to the cell of its intended time (its start in a closed loop), also
// when it ended much later: a stall shows where it began.
type Cell struct {
	Due       int64 // intended to be sent in this time
	Sent      int64 // of these, sent
	Succeeded int64
	Failed    int64
	Errors    [NumClasses]uint32
	// Own is how late the generator itself was, at most: where it is large, the
	// machine had other work, and the cell says little of the service.
	Own time.Duration

	sum    time.Duration
	max    time.Duration
	counts [buckets]uint32
}

// Count is the number of latencies in the cell.
func (c *Cell) Count() int64 {
	var n int64
	for _, k := range c.counts {
		n += int64(k)
	}
	return n
}

// Record adds a latency, and nothing else.
func (c *Cell) Record(d time.Duration) {
	d = max(d, 0)
	c.counts[bucketOf(d)]++
	c.sum += d
	c.max = max(c.max, d)
}

// bucketOf is the step of d: exact below 16 µs, then 16 steps an octave.
func bucketOf(d time.Duration) int {
	us := uint64(d / time.Microsecond)
	if us < steps {
		return int(us)
	}
	shift := bits.Len64(us) - stepBits - 1
	return min((shift+1)<<stepBits+int(us>>shift)-steps, buckets-1)
}

// bucketStart is the smallest duration of step b.
func bucketStart(b int) time.Duration {
	if b < steps {
		return time.Duration(b) * time.Microsecond
	}
	shift := b>>stepBits - 1
	return time.Duration(uint64(steps+b&(steps-1))<<shift) * time.Microsecond
}

// Mean is the exact mean of the latencies; 0 when there is none.
func (c *Cell) Mean() time.Duration {
	if n := c.Count(); n > 0 {
		return c.sum / time.Duration(n)
	}
	return 0
}

// Sum is the exact sum of the latencies.
func (c *Cell) Sum() time.Duration { return c.sum }

// Above is how many latencies are longer than d; those of d's own step count in
// part, as if they were spread evenly over it.
func (c *Cell) Above(d time.Duration) float64 {
	if d >= c.max {
		return 0
	}
	if d < 0 {
		return float64(c.Count())
	}
	at := bucketOf(d)
	from, to := bucketStart(at), min(bucketStart(at+1), c.max)
	above := 0.0
	if d < to {
		above = float64(c.counts[at]) * float64(to-d) / float64(to-from)
	}
	for _, n := range c.counts[at+1:] {
		above += float64(n)
	}
	return above
}

// Max is the exact largest latency.
func (c *Cell) Max() time.Duration { return c.max }

// Quantile is the latency that the share q does not exceed, to about 3 %; 0
// when there is none.
func (c *Cell) Quantile(q float64) time.Duration {
	n := c.Count()
	if n == 0 {
		return 0
	}
	rank := q * float64(n)
	seen := 0.0
	for b, k := range c.counts {
		if k == 0 {
			continue
		}
		if seen+float64(k) >= rank {
			from, to := bucketStart(b), bucketStart(b+1)
			inside := max(rank-seen, 0) / float64(k)
			return min(from+time.Duration(inside*float64(to-from)), c.max)
		}
		seen += float64(k)
	}
	return c.max
}

// Add merges other into c.
func (c *Cell) Add(other *Cell) {
	c.Due += other.Due
	c.Sent += other.Sent
	c.Succeeded += other.Succeeded
	c.Failed += other.Failed
	for i, n := range other.Errors {
		c.Errors[i] += n
	}
	c.Own = max(c.Own, other.Own)
	c.sum += other.sum
	c.max = max(c.max, other.max)
	for i, n := range other.counts {
		c.counts[i] += n
	}
}
