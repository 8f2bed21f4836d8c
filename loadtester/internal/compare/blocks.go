package compare

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/montanaflynn/stats"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// blocks are the seconds of a run, or shorter stretches of an interleaved one.
type blocks struct {
	cells []*record.Cell
	width time.Duration
}

// blocksOf takes a run's seconds, which begin behind the warm-up. A last one that
// is cut short is left out: its throughput is no second's.
func blocksOf(r *result.Result) blocks {
	s := &r.Record.Series
	b := blocks{width: s.Width}
	if b.width == 0 {
		return b
	}
	end := min(len(s.Cells), int((r.Run.Sending+b.width/20)/b.width))
	for i := range end {
		c := s.Cells[i]
		if c == nil {
			c = &record.Cell{}
		}
		b.cells = append(b.cells, c)
	}
	return b
}

// typical is each block's median on a logarithmic scale: the series whose memory
// decides how long the drawn stretches are.
func (b blocks) typical() []float64 {
	series := make([]float64, len(b.cells))
	last := 0.0
	for i, c := range b.cells {
		if d := c.Quantile(.5); d > 0 {
			last = math.Log(float64(d))
		}
		series[i] = last
	}
	return series
}

// memory is how many blocks count as one since neighbours resemble each other:
// 1 where a second says nothing about the next, (1+r)/(1-r) for a series whose
// neighbours correlate by r (a first-order autoregression). The correlation of a
// short series comes out too small; Marriott and Pope's correction is added.
func memory(series []float64) float64 {
	n := float64(len(series))
	r, err := stats.AutoCorrelation(series, 1)
	if err != nil || math.IsNaN(r) {
		return 1
	}
	r = min(max(r+(1+3*r)/n, 0), 0.95)
	return (1 + r) / (1 - r)
}

// draw fills index with blocks out of n.
func draw(index []int, n int, random *rand.Rand) {
	for i := range index {
		index[i] = random.IntN(n)
	}
}

// sum adds the drawn blocks up.
func (b blocks) sum(into *record.Cell, index []int) {
	*into = record.Cell{}
	for _, i := range index {
		into.Add(b.cells[i])
	}
}

// resamples is how often blocks are drawn: often enough for a standard error
// (400 give it to 3.5 %), and bounded in time for long runs.
func resamples(blocks int) int { return min(max(300_000/max(blocks, 1), 200), 400) }

// spread gives the standard error of each metric's change, and the number of
// independent pieces behind it.
func spread(a, b blocks, list []metric, seed uint64) (errs []float64, pieces float64) {
	random := rand.New(rand.NewPCG(seed, 0x5eed))
	na, nb := len(a.cells), len(b.cells)
	changes := make([][]float64, len(list))
	ia, ib := make([]int, na), make([]int, nb)
	var ca, cb record.Cell
	for range resamples(na + nb) {
		draw(ia, na, random)
		draw(ib, nb, random)
		a.sum(&ca, ia)
		b.sum(&cb, ib)
		for k, m := range list {
			if v := m.change(m.of(&ca, na, a.width), m.of(&cb, nb, b.width)); !math.IsNaN(v) {
				changes[k] = append(changes[k], v)
			}
		}
	}
	factor := max(memory(a.typical()), memory(b.typical()))
	pieces = float64(min(na, nb)) / factor
	errs = make([]float64, len(list))
	for k := range list {
		sd, err := stats.StandardDeviationSample(changes[k])
		if err != nil || pieces <= 1 {
			sd = math.NaN()
		}
		// The bootstrap divides by n where an estimate of a variance divides by n-1.
		errs[k] = sd * math.Sqrt(factor*pieces/(pieces-1))
	}
	return errs, pieces
}
