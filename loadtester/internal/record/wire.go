package record

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// recordWire is how a Record stands in a result file.
type recordWire struct {
	Sent        int64                    `json:"sent"`
	Answered    int64                    `json:"answered"`
	Succeeded   int64                    `json:"succeeded"`
	Failed      int64                    `json:"failed"`
	Unfinished  int64                    `json:"unfinished,omitempty"`
	Shortfall   int64                    `json:"shortfall,omitempty"`
	Dropped     int64                    `json:"dropped,omitempty"`
	Warmup      int64                    `json:"warmup,omitempty"`
	Statuses    map[string]int64         `json:"statuses"`
	Errors      map[string]int64         `json:"errors"`
	Latency     histogramWire            `json:"latency"`
	Service     histogramWire            `json:"service"`
	SendLag     histogramWire            `json:"send_lag"`
	Pacing      histogramWire            `json:"pacing"`
	Phases      map[string]histogramWire `json:"phases"`
	BytesIn     int64                    `json:"bytes_in"`
	BytesOut    int64                    `json:"bytes_out"`
	Connections Connections              `json:"connections"`
	Width       time.Duration            `json:"cell_ns"`
	Cells       []*cellWire              `json:"cells"`
	Targets     []targetWire             `json:"targets,omitempty"`
	Walks       *Walks                   `json:"walks,omitempty"`
}

type cellWire struct {
	Due       int64             `json:"due,omitempty"`
	Sent      int64             `json:"sent,omitempty"`
	Succeeded int64             `json:"succeeded,omitempty"`
	Failed    int64             `json:"failed,omitempty"`
	Errors    map[string]uint32 `json:"errors,omitempty"`
	Own       int64             `json:"own_lag_ns,omitempty"`
	Sum       int64             `json:"sum_ns,omitempty"`
	Max       int64             `json:"max_ns,omitempty"`
	Counts    []byte            `json:"counts,omitempty"` // pairs of varints: steps skipped, count
}

type targetWire struct {
	Cell     *cellWire        `json:"cell"`
	Statuses map[string]int64 `json:"statuses,omitempty"`
}

// MarshalJSON writes the record for a result file.
func (r *Record) MarshalJSON() ([]byte, error) {
	w := recordWire{
		Sent: r.Sent, Answered: r.Answered, Succeeded: r.Succeeded, Failed: r.Failed, Unfinished: r.Unfinished,
		Shortfall: r.Shortfall, Dropped: r.Dropped, Warmup: r.Warmup,
		Statuses: map[string]int64{}, Errors: map[string]int64{}, Phases: map[string]histogramWire{},
		BytesIn: r.BytesIn, BytesOut: r.BytesOut, Connections: r.Connections, Width: r.Series.Width,
	}
	for status, n := range r.Statuses {
		if n != 0 {
			w.Statuses[strconv.Itoa(status)] = n
		}
	}
	for class, n := range r.Errors {
		if n != 0 {
			w.Errors[Class(class).Key()] = n
		}
	}
	if r.Walks.Any() {
		w.Walks = &r.Walks
	}
	var err error
	for _, h := range []struct {
		from *Histogram
		to   *histogramWire
	}{{r.Latency, &w.Latency}, {r.Service, &w.Service}, {r.SendLag, &w.SendLag}, {r.Pacing, &w.Pacing}} {
		if *h.to, err = h.from.wire(); err != nil {
			return nil, err
		}
	}
	for p, h := range r.Phases {
		if w.Phases[Phase(p).Key()], err = h.wire(); err != nil {
			return nil, err
		}
	}
	for _, c := range r.Series.Cells {
		w.Cells = append(w.Cells, c.wire())
	}
	for k := range r.Targets {
		t := targetWire{Cell: r.Targets[k].wire(), Statuses: map[string]int64{}}
		for _, s := range r.Targets[k].Statuses {
			if s.Count > 0 {
				t.Statuses[strconv.Itoa(s.Status)] = s.Count
			}
		}
		w.Targets = append(w.Targets, t)
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote. It checks what it reads: a result
// file may come from anywhere.
func (r *Record) UnmarshalJSON(text []byte) error {
	var w recordWire
	if err := json.Unmarshal(text, &w); err != nil {
		return err
	}
	*r = Record{
		Sent: w.Sent, Answered: w.Answered, Succeeded: w.Succeeded, Failed: w.Failed, Unfinished: w.Unfinished,
		Shortfall: w.Shortfall, Dropped: w.Dropped, Warmup: w.Warmup,
		BytesIn: w.BytesIn, BytesOut: w.BytesOut, Connections: w.Connections, Series: Series{Width: w.Width},
	}
	for key, n := range w.Statuses {
		status, err := strconv.Atoi(key)
		if err != nil || status < 0 || status >= maxStatus {
			return fmt.Errorf("status %q", key)
		}
		r.Statuses[status] = n
	}
	for key, n := range w.Errors {
		class, ok := ParseClass(key)
		if !ok {
			class = Other // of a newer version
		}
		r.Errors[class] += n
	}
	var err error
	for _, h := range []struct {
		from histogramWire
		to   **Histogram
	}{{w.Latency, &r.Latency}, {w.Service, &r.Service}, {w.SendLag, &r.SendLag}, {w.Pacing, &r.Pacing}} {
		if *h.to, err = h.from.histogram(); err != nil {
			return err
		}
	}
	for p := range r.Phases {
		from, ok := w.Phases[Phase(p).Key()]
		if !ok {
			from.D = Coarse
		}
		if r.Phases[p], err = from.histogram(); err != nil {
			return err
		}
	}
	if len(w.Cells) > maxCells || len(w.Cells) > 0 && (w.Width < time.Second || w.Width > 1<<20*time.Second) {
		return errors.New("the series has an impossible size")
	}
	for _, c := range w.Cells {
		cell, err := c.cell()
		if err != nil {
			return err
		}
		r.Series.Cells = append(r.Series.Cells, cell)
	}
	if w.Walks != nil {
		r.Walks = *w.Walks
	}
	return r.targets(w.Targets)
}

// targets reads the targets of a result file.
func (r *Record) targets(list []targetWire) error {
	if len(list) > MaxTargets {
		return errors.New("there are too many targets")
	}
	for _, w := range list {
		cell, err := w.Cell.cell()
		if err != nil || cell == nil {
			return errors.New("a target is damaged")
		}
		t := Target{Cell: *cell}
		for _, key := range slices.Sorted(maps.Keys(w.Statuses)) {
			status, err := strconv.Atoi(key)
			if err != nil || status < 0 || status >= maxStatus {
				return fmt.Errorf("status %q", key)
			}
			t.count(status, w.Statuses[key])
		}
		r.Targets = append(r.Targets, t)
	}
	return nil
}

func (c *Cell) wire() *cellWire {
	if c == nil {
		return nil
	}
	w := &cellWire{Due: c.Due, Sent: c.Sent, Succeeded: c.Succeeded, Failed: c.Failed, Own: int64(c.Own), Sum: int64(c.sum), Max: int64(c.max)}
	for class, n := range c.Errors {
		if n != 0 {
			if w.Errors == nil {
				w.Errors = map[string]uint32{}
			}
			w.Errors[Class(class).Key()] = n
		}
	}
	skipped := uint64(0)
	for _, n := range c.counts {
		if n == 0 {
			skipped++
			continue
		}
		w.Counts = binary.AppendUvarint(w.Counts, skipped)
		w.Counts = binary.AppendUvarint(w.Counts, uint64(n))
		skipped = 0
	}
	return w
}

func (w *cellWire) cell() (*Cell, error) {
	if w == nil {
		return nil, nil
	}
	c := &Cell{Due: w.Due, Sent: w.Sent, Succeeded: w.Succeeded, Failed: w.Failed, Own: time.Duration(w.Own), sum: time.Duration(w.Sum), max: time.Duration(w.Max)}
	for key, n := range w.Errors {
		class, ok := ParseClass(key)
		if !ok {
			class = Other
		}
		c.Errors[class] += n
	}
	at := uint64(0)
	for rest := w.Counts; len(rest) > 0; at++ {
		skip, a := binary.Uvarint(rest)
		if a <= 0 {
			return nil, errors.New("a cell is cut off")
		}
		n, b := binary.Uvarint(rest[a:])
		if b <= 0 || skip >= buckets || at+skip >= buckets || n > 1<<32-1 {
			return nil, errors.New("a cell is damaged")
		}
		at += skip
		c.counts[at] = uint32(n)
		rest = rest[a+b:]
	}
	return c, nil
}
