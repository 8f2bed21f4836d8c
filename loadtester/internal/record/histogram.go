package record

import (
	"fmt"
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Histograms hold times up to an hour, in steps of 64 ns at the short end.
const (
	resolution = 100 // ns; the library rounds it down to a power of two
	longest    = int64(time.Hour)
)

// Histogram counts times. Its relative error is below 0.1 % (Fine) or 1 %
// (Coarse); smallest, largest and mean are exact. Not safe for concurrent use.
type Histogram struct {
	counts   *hdrhistogram.Histogram
	min, max time.Duration
	sum      float64 // ns
}

// Digits is a histogram's precision, in significant decimal digits.
type Digits int

const (
	Coarse Digits = 2 // 30 kB
	Fine   Digits = 3 // 210 kB
)

// NewHistogram makes an empty one.
func NewHistogram(d Digits) *Histogram {
	return &Histogram{counts: hdrhistogram.New(resolution, longest, int(d)), min: math.MaxInt64}
}

// Record counts one time. A negative one counts as zero, and one above an hour as an hour.
func (h *Histogram) Record(d time.Duration) {
	d = max(d, 0)
	// The value is inside the range, so that there is no error to see.
	_ = h.counts.RecordValue(min(int64(d), longest))
	h.min, h.max = min(h.min, d), max(h.max, d)
	h.sum += float64(d)
}

// add counts n times of the same length.
func (h *Histogram) add(d time.Duration, n int64) {
	_ = h.counts.RecordValues(min(int64(d), longest), n) // inside the range
	h.min, h.max = min(h.min, d), max(h.max, d)
	h.sum += float64(d) * float64(n)
}

// Count is the number of recorded times.
func (h *Histogram) Count() int64 { return h.counts.TotalCount() }

// Min is the smallest recorded time, exactly; 0 when there is none.
func (h *Histogram) Min() time.Duration {
	if h.Count() == 0 {
		return 0
	}
	return h.min
}

// Max is the largest recorded time, exactly.
func (h *Histogram) Max() time.Duration { return h.max }

// Mean is the exact mean; 0 when nothing was recorded.
func (h *Histogram) Mean() time.Duration {
	if n := h.Count(); n > 0 {
		return time.Duration(h.sum / float64(n))
	}
	return 0
}

// Quantile is the time that the share q (0 to 1) of the recorded times does not
// exceed; 0 when nothing was recorded.
func (h *Histogram) Quantile(q float64) time.Duration {
	if h.Count() == 0 {
		return 0
	}
	// The library gives the end of the bucket that the value fell into.
	v := time.Duration(h.counts.ValueAtQuantile(100 * q))
	return min(max(v, h.min), h.max)
}

// ShareAbove is the share of the recorded times that are longer than d.
func (h *Histogram) ShareAbove(d time.Duration) float64 {
	n := h.Count()
	if n == 0 {
		return 0
	}
	var above int64
	for b := range h.Buckets() {
		if b.To > d {
			above += b.Count
		}
	}
	return float64(above) / float64(n)
}

// Bucket is a range of times and how many fell into it.
type Bucket struct {
	From, To time.Duration // both inclusive
	Count    int64
}

// Buckets iterates over the buckets that hold something, shortest first.
func (h *Histogram) Buckets() func(yield func(Bucket) bool) {
	return func(yield func(Bucket) bool) {
		for _, b := range h.counts.Distribution() {
			if b.Count > 0 && !yield(Bucket{time.Duration(b.From), time.Duration(b.To), b.Count}) {
				return
			}
		}
	}
}

// Merge adds other's times.
func (h *Histogram) Merge(other *Histogram) {
	if other == nil || other.Count() == 0 {
		return
	}
	h.counts.Merge(other.counts)
	h.min, h.max = min(h.min, other.min), max(h.max, other.max)
	h.sum += other.sum
}

// Reset empties it.
func (h *Histogram) Reset() {
	h.counts.Reset()
	h.min, h.max, h.sum = math.MaxInt64, 0, 0
}

// histogramWire is how a Histogram stands in a result file.
type histogramWire struct {
	HDR string  `json:"hdr"` // HdrHistogram V2, compressed, base64; empty when nothing was recorded
	Min int64   `json:"min_ns,omitempty"`
	Max int64   `json:"max_ns,omitempty"`
	Sum float64 `json:"sum_ns,omitempty"`
	D   Digits  `json:"digits"`
}

func (h *Histogram) wire() (histogramWire, error) {
	w := histogramWire{D: Digits(h.counts.SignificantFigures())}
	if h.Count() == 0 {
		return w, nil
	}
	text, err := h.counts.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return w, fmt.Errorf("encode a histogram: %w", err)
	}
	w.HDR, w.Min, w.Max, w.Sum = string(text), int64(h.min), int64(h.max), h.sum
	return w, nil
}

func (w histogramWire) histogram() (*Histogram, error) {
	if w.D != Coarse && w.D != Fine {
		return nil, fmt.Errorf("a histogram of %d digits", w.D)
	}
	h := NewHistogram(w.D)
	if w.HDR == "" {
		return h, nil
	}
	counts, err := hdrhistogram.Decode([]byte(w.HDR))
	if err != nil {
		return nil, fmt.Errorf("decode a histogram: %w", err)
	}
	if dropped := h.counts.Merge(counts); dropped > 0 || w.Min < 0 || w.Max < w.Min {
		return nil, fmt.Errorf("a histogram does not fit its range")
	}
	h.min, h.max, h.sum = time.Duration(w.Min), time.Duration(w.Max), w.Sum
	return h, nil
}
