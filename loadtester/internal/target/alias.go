package target

import "math/bits"

// alias draws an index by weight in constant time (Walker's alias method, in
// Vose's form).
type alias struct {
	keep  []uint64 // the draw stays in its column below this bound of 2^64
	other []int32  // else it goes here
}

// newAlias makes the table. A weight of 0 is never drawn; at least one weight is
// above 0.
func newAlias(weights []float64) *alias {
	n := len(weights)
	sum := 0.0
	for _, w := range weights {
		sum += max(w, 0)
	}
	scaled := make([]float64, n)
	var small, large []int
	for i, w := range weights {
		scaled[i] = max(w, 0) * float64(n) / sum
		if scaled[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	a := &alias{keep: make([]uint64, n), other: make([]int32, n)}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		a.keep[s], a.other[s] = uint64(scaled[s]*(1<<63)*2), int32(l)
		if scaled[l] -= 1 - scaled[s]; scaled[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	// What is left is 1 but for rounding, or 0 where rounding emptied large.
	heaviest := 0
	for i, w := range weights {
		if w > weights[heaviest] {
			heaviest = i
		}
	}
	for _, i := range append(small, large...) {
		a.other[i] = int32(heaviest)
		if weights[i] > 0 {
			a.keep[i], a.other[i] = ^uint64(0), int32(i)
		}
	}
	return a
}

func (a *alias) pick(random uint64) int {
	column, rest := bits.Mul64(random, uint64(len(a.keep)))
	if rest < a.keep[column] {
		return int(column)
	}
	return int(a.other[column])
}
