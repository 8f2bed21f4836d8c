package record

// Walks counts the walks through a chain: each is begun by an arrival, and ends
// after its last step, or at a step that was not as wanted.
type Walks struct {
	Whole int64   `json:"whole"`
	Ended []int64 `json:"ended_at_step,omitempty"` // by step, from the first on
}

func (w *Walks) end(whole bool, step int) {
	if whole {
		w.Whole++
		return
	}
	for len(w.Ended) <= step {
		w.Ended = append(w.Ended, 0)
	}
	w.Ended[step]++
}

// Early is how many ended before their last step had been answered as wanted.
func (w *Walks) Early() int64 {
	var n int64
	for _, k := range w.Ended {
		n += k
	}
	return n
}

// Any says that there were walks at all.
func (w *Walks) Any() bool { return w.Whole > 0 || w.Early() > 0 }

func (w *Walks) merge(other *Walks) {
	w.Whole += other.Whole
	for step, n := range other.Ended {
		for len(w.Ended) <= step {
			w.Ended = append(w.Ended, 0)
		}
		w.Ended[step] += n
	}
}
