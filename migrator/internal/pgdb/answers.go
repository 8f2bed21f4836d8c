package pgdb

import (
	"encoding/binary"
	"strings"
	"sync/atomic"
)

// Answers follow what the server says on one connection: how many statements of a
// message that holds several had ended when one of them failed. The server says so,
// the driver keeps it to itself. They are written where the connection is read, and
// asked between two messages.
type Answers struct {
	pid    atomic.Int64 // of the server's process; 0 before it has said so
	sent   greeting
	blind  bool // what passes is encrypted
	head   []byte
	kind   byte
	left   int // bytes of the present message that are to come
	kept   []byte
	over   bool // the next message begins another answer
	ended  int
	failed bool
	status byte
	lexing bool
}

// greeting is how a client begins.
type greeting int

const (
	nothing    greeting = iota
	asksForTLS          // the next byte says whether the server will
	plain
)

const sslRequest = 80877103

// Answers are those on the connection to a process of the server; nil where they
// cannot be read, as on an encrypted connection.
func (db *DB) Answers(pid int) *Answers {
	b := &db.bounds
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.open {
		if c.answers.pid.Load() == int64(pid) {
			return &c.answers
		}
	}
	return nil
}

// Ended is how many statements of the last message ended well, and whether the next
// one failed.
func (a *Answers) Ended() (n int, failed bool) { return a.ended, a.failed }

// Idle says that no transaction was open after the last message.
func (a *Answers) Idle() bool { return a.over && a.status == 'I' }

// Lexing says whether strings of the session may be read in another way than at its
// beginning: settings of that kind were changed.
func (a *Answers) Lexing() bool { return a.lexing }

// Unchanged forgets that: the settings are as at the beginning again.
func (a *Answers) Unchanged() { a.lexing = false }

// wrote is told what the client sends, which matters at the beginning only.
func (a *Answers) wrote(b []byte) {
	if a.sent == plain || a.blind {
		return
	}
	switch {
	case len(b) == 8 && binary.BigEndian.Uint32(b[4:]) == sslRequest:
		a.sent = asksForTLS
	case len(b) > 8 && b[0] == 0 && binary.BigEndian.Uint16(b[4:]) == 3: // protocol 3
		a.sent = plain
	default:
		a.blind = true
	}
}

// read is told what the server says.
func (a *Answers) read(b []byte) {
	if a.sent == asksForTLS && !a.blind && len(b) > 0 {
		a.blind = b[0] != 'N' // or the client begins without
		return
	}
	for len(b) > 0 && !a.blind {
		if a.left == 0 {
			const size = 5 // of the kind and the length
			n := min(size-len(a.head), len(b))
			a.head, b = append(a.head, b[:n]...), b[n:]
			if len(a.head) < size {
				return
			}
			a.kind, a.left = a.head[0], int(binary.BigEndian.Uint32(a.head[1:]))-4
			a.head, a.kept = a.head[:0], a.kept[:0]
			if a.blind = a.left < 0; a.blind {
				return
			}
		}
		n := min(a.left, len(b))
		if a.kind == 'K' || a.kind == 'Z' || a.kind == 'S' {
			a.kept = append(a.kept, b[:n]...)
		}
		if a.left, b = a.left-n, b[n:]; a.left == 0 {
			a.message()
		}
	}
}

// message is told that a message of the server has passed.
func (a *Answers) message() {
	if a.over && a.kind != 'N' && a.kind != 'S' && a.kind != 'A' { // those may come at any time
		a.over, a.ended, a.failed = false, 0, false
	}
	switch a.kind {
	case 'C', 'I': // a statement has ended; an empty one
		a.ended++
	case 'E':
		a.failed = true
	case 'K':
		if len(a.kept) >= 4 {
			a.pid.Store(int64(binary.BigEndian.Uint32(a.kept)))
		}
	case 'S':
		if name, _, _ := strings.Cut(string(a.kept), "\x00"); name == "standard_conforming_strings" || name == "client_encoding" {
			a.lexing = a.pid.Load() != 0 // before that, they are said for the first time
		}
	case 'Z':
		a.over = true
		if len(a.kept) > 0 {
			a.status = a.kept[0]
		}
	}
}
