package compare

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

const (
	// permutations are how often labels are swapped. With the one that was
	// measured they are 2,000, so that 1 % is a whole number of them.
	permutations = 1999
	// mostSwapped bounds the work: more blocks are joined to fewer.
	mostSwapped = 64
	// fewestSwapped blocks have 512 ways to swap them; a change and its mirror
	// image look alike, so the smallest chance is 2 of 512, below 1 %.
	fewestSwapped = 9
)

// swaps is the permutation test of two interleaved runs. If the targets are
// equal, a coin decided which request of each pair went to A: the labels of a
// block can be swapped, and the figures are as likely as those measured. That
// holds whatever the blocks have in common, so there is no trend to estimate.
type swaps struct {
	blocks   int
	measured []float64 // each metric's change in the blocks as they are
	errs     []float64 // its standard error, if A = B; 0: it never moves, or is not judged
	bound    float64   // the largest of all changes, in errs, is beyond it in 1 % of equal pairs
}

// join adds neighbouring blocks up until there are at most mostSwapped.
func (b blocks) join(n int) blocks {
	each := (n + mostSwapped - 1) / mostSwapped
	joined := blocks{width: b.width}
	for i := 0; i < n; i += each {
		sum := &record.Cell{}
		for _, c := range b.cells[i:min(i+each, n)] {
			sum.Add(c)
		}
		joined.cells = append(joined.cells, sum)
	}
	return joined
}

// permute makes the test of the metrics that are judged, or gives nil where the
// blocks are too few for one.
func permute(a, b blocks, list []metric, judged []bool, seed uint64) *swaps {
	n := min(len(a.cells), len(b.cells))
	if n < fewestSwapped {
		return nil
	}
	ja, jb := a.join(n), b.join(n)
	random := rand.New(rand.NewPCG(seed, 0x5aab))
	changes := make([][]float64, len(list))
	for draw := range permutations + 1 {
		var ca, cb record.Cell
		for i := range ja.cells {
			x, y := ja.cells[i], jb.cells[i]
			if draw > 0 && random.Uint64()&1 == 1 { // the first is as it was measured
				x, y = y, x
			}
			ca.Add(x)
			cb.Add(y)
		}
		for k, m := range list {
			v := m.change(m.of(&ca, n, a.width), m.of(&cb, n, b.width))
			if math.IsNaN(v) {
				v = 0 // one side has no answers
			}
			changes[k] = append(changes[k], v)
		}
	}
	return weigh(changes, judged, len(ja.cells))
}

// weigh draws the bound from each metric's changes, the measured one first.
func weigh(changes [][]float64, judged []bool, blocks int) *swaps {
	s := &swaps{blocks: blocks, errs: make([]float64, len(changes)), measured: make([]float64, len(changes))}
	largest := make([]float64, permutations)
	for k, list := range changes {
		s.measured[k] = list[0]
		// Swapping all labels turns the sign: the mean is 0 by symmetry.
		squares := 0.0
		for _, v := range list[1:] {
			squares += v * v
		}
		if !judged[k] || squares == 0 {
			continue
		}
		s.errs[k] = math.Sqrt(squares / permutations)
		for i, v := range list[1:] {
			largest[i] = max(largest[i], math.Abs(v)/s.errs[k])
		}
	}
	// A change is beyond chance when at most 19 of 1,999 are as large: with
	// itself 20 of 2,000.
	slices.Sort(largest)
	s.bound = largest[permutations-20]
	return s
}

// half is half the width of a metric's interval.
func (s *swaps) half(k int) float64 { return s.bound * s.errs[k] }

// shows says that a metric's change is more than chance.
func (s *swaps) shows(k int) bool {
	return s.errs[k] > 0 && math.Abs(s.measured[k]) > s.half(k)*(1+1e-9) // equal sums may differ in the last bit
}
