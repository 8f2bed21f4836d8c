package compare

import (
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// permutations are how often labels are swapped. With the one that was
	// measured they are 2,000, so that 1 % is a whole number of them.
	permutations = 1999
	// fewestSwapped pairs have 512 ways to swap them; a change and its mirror
	// image look alike, so the smallest chance is 2 of 512, below 1 %.
	fewestSwapped = 9
)

// swaps is the permutation test of runs in pairs. If the targets are equal, a
// coin decided which stretch of each pair went to A: the labels of a pair can be
// swapped, and the figures are as likely as those measured. That holds whatever
// the pairs have in common, so there is no trend to estimate.
type swaps struct {
	pairs    []pair
	measured []float64 // each metric's sum of scores in standard errors; NaN: it is not judged, or never moves
	bound    float64   // the largest of them is beyond it in 1 % of equal pairs
}

// permute makes the test of the metrics that are judged, or gives nil where the
// pairs are too few for one.
func permute(p *Pairs, list []metric, judged []bool, seed uint64) *swaps {
	if len(p.list) < fewestSwapped {
		return nil
	}
	s := &swaps{pairs: p.joined(), measured: make([]float64, len(list))}
	var moving [][]float64 // the scores of those that move, in standard errors
	for k, m := range list {
		scores := make([]float64, len(s.pairs))
		m.scores(s.pairs, 0, scores)
		s.measured[k] = standard(scores)
		if !judged[k] {
			s.measured[k] = math.NaN()
		}
		if math.IsNaN(s.measured[k]) {
			continue
		}
		norm := length(scores)
		for i := range scores {
			scores[i] /= norm
		}
		moving = append(moving, scores)
	}
	s.bound = bound(moving, rand.New(rand.NewPCG(seed, 0x5aab)))
	return s
}

// standard is the sum of scores divided by its standard error, if each sign is
// that of a coin.
func standard(scores []float64) float64 {
	sum, norm := 0.0, length(scores)
	for _, d := range scores {
		sum += d
	}
	if norm < 1e-12 {
		return math.NaN()
	}
	return sum / norm
}

// length is the root of the sum of squares.
func length(scores []float64) float64 {
	squares := 0.0
	for _, d := range scores {
		squares += d * d
	}
	return math.Sqrt(squares)
}

// bound draws signs, the same for all metrics, and takes the largest of their
// sums each time (Westfall and Young). A sum is beyond chance when at most 19 of
// 1,999 are as large: with itself 20 of 2,000.
func bound(moving [][]float64, random *rand.Rand) float64 {
	if len(moving) == 0 {
		return math.Inf(1)
	}
	signs := make([]float64, len(moving[0]))
	largest := make([]float64, permutations)
	for draw := range largest {
		for i := range signs {
			signs[i] = float64(random.IntN(2)*2 - 1)
		}
		for _, scores := range moving {
			sum := 0.0
			for i, d := range scores {
				sum += signs[i] * d
			}
			largest[draw] = max(largest[draw], math.Abs(sum))
		}
	}
	slices.Sort(largest)
	return largest[permutations-20]
}

// moves says that a metric is judged.
func (s *swaps) moves(k int) bool { return !math.IsNaN(s.measured[k]) }

// shows says that a metric's change is more than chance.
func (s *swaps) shows(k int) bool {
	return math.Abs(s.measured[k]) > s.bound*(1+1e-9) // equal sums may differ in the last bit
}

// interval is the smallest and the largest change that the pairs do not refute
// as that of a metric, as differences from the measured one: B freed of such a
// change cannot be told from A. Infinite where no change is large enough.
func (s *swaps) interval(m metric) (low, high float64) {
	scores := make([]float64, len(s.pairs))
	at := func(shift float64) float64 {
		m.scores(s.pairs, shift, scores)
		if z := standard(scores); !math.IsNaN(z) {
			return z
		}
		return 0
	}
	step, most := 0.01, 16.0
	if m.kind == errorShare {
		step, most = 0.001, 2
	}
	// The sum falls with the shift.
	middle := falls(at, 0, -most, most, step/100)
	if middle <= -most || middle >= most {
		return math.Inf(-1), math.Inf(1)
	}
	for low = -step; at(middle+low) <= s.bound; low *= 2 {
		if low < -most {
			low = math.Inf(-1)
			break
		}
	}
	for high = step; at(middle+high) >= -s.bound; high *= 2 {
		if high > most {
			high = math.Inf(1)
			break
		}
	}
	if !math.IsInf(low, 0) {
		low = falls(at, s.bound, middle+low, middle, step/100) - middle
	}
	if !math.IsInf(high, 0) {
		high = falls(at, -s.bound, middle, middle+high, step/100) - middle
	}
	return low, high
}

// falls finds by halving where a function that falls between low and high goes
// through level.
func falls(f func(float64) float64, level, low, high, within float64) float64 {
	for high-low > within {
		middle := (low + high) / 2
		if f(middle) > level {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}
