package record

import "time"

// maxCells bounds a series: 2,048 seconds, and after that each cell stands for
// twice the time as before.
const maxCells = 2048

// Series is a run in time: one cell for each Width from its start.
type Series struct {
	Width time.Duration
	Cells []*Cell // nil where nothing happened
	spare []*Cell // of folding, empty: a long run makes no garbage
}

// At is the cell of the time t since the start. It folds the series when t lies
// beyond its end.
func (s *Series) At(t time.Duration) *Cell {
	if s.Width == 0 {
		s.Width = time.Second
	}
	i := int(max(t, 0) / s.Width)
	for i >= maxCells {
		s.fold()
		i = int(t / s.Width)
	}
	for len(s.Cells) <= i {
		s.Cells = append(s.Cells, nil)
	}
	if s.Cells[i] == nil {
		s.Cells[i] = s.cell()
	}
	return s.Cells[i]
}

// cell is an empty one.
func (s *Series) cell() *Cell {
	n := len(s.spare)
	if n == 0 {
		return new(Cell)
	}
	c := s.spare[n-1]
	s.spare = s.spare[:n-1]
	return c
}

// fold makes one cell of each two.
func (s *Series) fold() {
	half := (len(s.Cells) + 1) / 2
	for i := range half {
		a := s.Cells[2*i]
		if 2*i+1 < len(s.Cells) {
			if b := s.Cells[2*i+1]; a == nil {
				a = b
			} else if b != nil {
				a.Add(b)
				*b = Cell{}
				s.spare = append(s.spare, b)
			}
		}
		s.Cells[i] = a
	}
	clear(s.Cells[half:])
	s.Cells = s.Cells[:half]
	s.Width *= 2
}

// Widen makes cells of at least that width: results are kept in whole seconds.
func (s *Series) Widen(width time.Duration) {
	for s.Width > 0 && s.Width < width {
		s.fold()
	}
}

// Merge adds other, which began at the same moment.
func (s *Series) Merge(other *Series) {
	if len(other.Cells) == 0 {
		return
	}
	if s.Width == 0 {
		s.Width = other.Width
	}
	for s.Width < other.Width {
		s.fold()
	}
	for i, c := range other.Cells {
		if c != nil {
			s.At(time.Duration(i) * other.Width).Add(c)
		}
	}
}
