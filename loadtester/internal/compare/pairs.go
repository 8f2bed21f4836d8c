package compare

import (
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// mostPairs bounds the work: more pairs are joined to fewer.
const mostPairs = 64

// Pairs are stretches of time of A and of B that belong together: which of the
// two came first was decided by a coin, so that the labels of a pair can be
// swapped if A and B are equal.
type Pairs struct {
	// Turns says that A and B took turns. Otherwise they were interleaved, request
	// by request.
	Turns bool
	list  []pair
}

// pair is one stretch of each.
type pair struct{ a, b stretch }

// stretch is what one side did in a part of the time.
type stretch struct {
	*record.Cell
	seconds float64
}

// Interleaved are the pairs of two runs whose requests alternated: what both did
// in the same stretch of time.
func Interleaved(a, b *result.Result) *Pairs {
	ba, bb := blocksOf(a), blocksOf(b)
	p := &Pairs{}
	for i := range min(len(ba.cells), len(bb.cells)) {
		p.list = append(p.list, pair{stretch{ba.cells[i], ba.width.Seconds()}, stretch{bb.cells[i], bb.width.Seconds()}})
	}
	return p
}

// add appends one turn of each.
func (p *Pairs) add(a, b *result.Result) {
	p.list = append(p.list, pair{whole(a), whole(b)})
}

// whole is a turn as one stretch.
func whole(r *result.Result) stretch {
	sum := &record.Cell{}
	for _, c := range r.Record.Series.Cells {
		if c != nil {
			sum.Add(c)
		}
	}
	return stretch{sum, max(r.Run.Elapsed, time.Millisecond).Seconds()}
}

// joined adds neighbours up until there are at most mostPairs.
func (p *Pairs) joined() []pair {
	each := (len(p.list) + mostPairs - 1) / mostPairs
	if each <= 1 {
		return p.list
	}
	var list []pair
	for i := 0; i < len(p.list); i += each {
		list = append(list, sumOf(p.list[i:min(i+each, len(p.list))]))
	}
	return list
}

// sumOf adds pairs up to one.
func sumOf(list []pair) pair {
	sum := pair{stretch{Cell: &record.Cell{}}, stretch{Cell: &record.Cell{}}}
	for _, p := range list {
		sum.a.Add(p.a.Cell)
		sum.b.Add(p.b.Cell)
		sum.a.seconds += p.a.seconds
		sum.b.seconds += p.b.seconds
	}
	return sum
}
