//go:build linux || darwin || freebsd

package engine

// slots are a loop's connections by number. A number is used again, so that a
// token has its generation too: an event of its last owner is known.
type slots struct {
	conns []*conn // nil: free
	free  []int32
	gens  []uint32
}

// next is the slot and the token of the next connection.
func (s *slots) next() (slot int32, token uint64) {
	if len(s.free) == 0 {
		s.free = append(s.free, int32(len(s.conns)))
		s.conns, s.gens = append(s.conns, nil), append(s.gens, 0)
	}
	slot = s.free[len(s.free)-1]
	s.gens[slot]++
	return slot, uint64(slot) | uint64(s.gens[slot])<<32
}

// put takes c in, at the slot that next gave.
func (s *slots) put(c *conn) {
	s.free = s.free[:len(s.free)-1]
	s.conns[c.slot] = c
}

// remove frees c's slot.
func (s *slots) remove(c *conn) {
	s.conns[c.slot] = nil
	s.free = append(s.free, c.slot)
}

// of is the connection that a token was given for; nil: it is gone.
func (s *slots) of(token uint64) *conn {
	if c := s.conns[uint32(token)]; c != nil && c.token == token {
		return c
	}
	return nil
}
