package pace

// Times is the schedule at n times its rate, with n times the requests: for n
// targets that are each to get the whole of it.
func (s *Schedule) Times(n uint64) *Schedule {
	c := *s
	c.segments = nil
	for _, g := range s.segments {
		c.segments = append(c.segments, segment{g.length, multiple{g.law, float64(n)}})
	}
	c.limit *= n
	return &c
}

// multiple is a law at n times its rate.
type multiple struct {
	law
	n float64
}

func (m multiple) rate(t float64) float64    { return m.n * m.law.rate(t) }
func (m multiple) count(t float64) float64   { return m.n * m.law.count(t) }
func (m multiple) inverse(x float64) float64 { return m.law.inverse(x / m.n) }
func (m multiple) highest() float64          { return m.n * m.law.highest() }
