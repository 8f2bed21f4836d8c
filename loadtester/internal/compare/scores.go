package compare

import (
	"math"
	"time"
)

// scores are what each pair says of a metric: how much more B has of it than A.
// A swap of a pair's labels turns the sign of its score and leaves all others as
// they are, so that a test of labels is a test of signs.
//
// shift is a change on the metric's judged scale that B is freed of first: its
// times divided by e^shift, or its share of errors less shift. The sum of the
// scores is 0 at the change that was measured.
func (m metric) scores(pairs []pair, shift float64, into []float64) {
	switch {
	case m.kind == throughput:
		for i, p := range pairs {
			into[i] = math.Exp(-shift)*float64(p.b.Count())/p.b.seconds - float64(p.a.Count())/p.a.seconds
		}
	case m.kind == errorShare:
		errorScores(pairs, shift, into)
	case m.q == 0:
		meanScores(pairs, shift, into)
	default:
		quantileScores(pairs, m.q, shift, into)
	}
}

// errorScores are failures beyond those that the share of both together leads
// to expect.
func errorScores(pairs []pair, shift float64, into []float64) {
	all := sumOf(pairs)
	na, nb := ended(all.a), ended(all.b)
	share := (float64(all.a.Failed) + float64(all.b.Failed) - shift*nb) / max(na+nb, 1)
	for i, p := range pairs {
		into[i] = float64(p.b.Failed) - (share+shift)*ended(p.b) - float64(p.a.Failed) + share*ended(p.a)
	}
}

func ended(s stretch) float64 { return float64(s.Succeeded + s.Failed) }

// meanScores are seconds beyond those that the mean of both together leads to
// expect.
func meanScores(pairs []pair, shift float64, into []float64) {
	scale := math.Exp(-shift)
	all := sumOf(pairs)
	mean := (all.a.Sum().Seconds() + scale*all.b.Sum().Seconds()) / max(float64(all.a.Count()+all.b.Count()), 1)
	for i, p := range pairs {
		into[i] = scale*p.b.Sum().Seconds() - mean*float64(p.b.Count()) - p.a.Sum().Seconds() + mean*float64(p.a.Count())
	}
}

// quantileScores are answers beyond the quantile of both together, less those
// that belong there. B has more of them than A exactly when its own quantile is
// the longer one. (The quantile of a sum of swapped stretches says less: it is
// that of a mixture, which jumps from A's times to B's.)
func quantileScores(pairs []pair, q, shift float64, into []float64) {
	scale := math.Exp(shift)
	all := sumOf(pairs)
	at := pooled(all, q, scale)
	for i, p := range pairs {
		into[i] = p.b.Above(times(at, scale)) - (1-q)*float64(p.b.Count()) - p.a.Above(at) + (1-q)*float64(p.a.Count())
	}
}

// pooled is the quantile of A's times and of B's divided by scale.
func pooled(all pair, q, scale float64) time.Duration {
	beyond := (1 - q) * float64(all.a.Count()+all.b.Count())
	low, high := time.Duration(0), max(all.a.Max(), times(all.b.Max(), 1/scale))
	for high-low > 1 {
		middle := low + (high-low)/2
		if all.a.Above(middle)+all.b.Above(times(middle, scale)) > beyond {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// times multiplies, without running over.
func times(d time.Duration, by float64) time.Duration {
	return time.Duration(min(float64(d)*by, math.MaxInt64/2))
}
