//go:build linux || darwin || freebsd

package engine

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h1"
)

// conn is a loop's connection. It carries one request at a time.
type conn struct {
	fd       int // -1: closed
	token    uint64
	slot     int32
	endpoint int
	place    int           // among the idle ones; -1: busy
	used     int           // responses so far
	blank    int           // line ends since the last one
	grace    time.Duration // see stale
	busy     bool
	ending   bool // the other side has sent its last byte
	flight   flight
	parser   h1.Parser
	body     body      // what is looked at of a response's
	mux      *mux      // in HTTP/2, instead of flight, parser and body
	secure   *tls.Conn // nil: plain
	wire     *wire     // what secure reads and writes
	out      []byte    // what the socket has not taken yet
	kept     []byte    // where out lies when it had to be copied
}

// stale says, of a connection that ended without an answer to f, that the server
// had closed it before f came: it carried requests before, no byte came back, and
// the end came within about a round trip (taken from the time that connecting
// took). Later it is the server that has failed over this request.
func (c *conn) stale(f *flight, now time.Duration) bool {
	return c.used > 0 && !f.again && f.first == 0 && now-f.sent <= c.grace
}

// expects says that c carries several requests and has not answered all.
func (c *conn) expects() bool { return c.mux != nil && c.mux.active > 0 }

// write sends data; what the socket does not take stays in out.
func (c *conn) write(data []byte) syscall.Errno {
	if c.secure == nil {
		c.out = data
		return c.push()
	}
	if _, err := c.secure.Write(data); err != nil {
		if n := c.wire.number; n != 0 {
			return n
		}
		return syscall.EPIPE
	}
	return 0
}

// push writes from out until the socket is full.
func (c *conn) push() syscall.Errno {
	for len(c.out) > 0 {
		n, number := writeFD(c.fd, c.out)
		switch number {
		case 0:
			c.out = c.out[n:]
		case syscall.EAGAIN:
			return 0
		case syscall.EINTR:
		default:
			return number
		}
	}
	c.out = nil
	return 0
}

// keep copies out into the connection's own memory.
func (c *conn) keep() {
	if c.secure == nil {
		c.kept = append(c.kept[:0], c.out...)
		c.out = c.kept
	}
}

// wire is the net.Conn beneath TLS. For the handshake it is the dialled
// connection; then the loop's descriptor takes its place. Reads give what the
// loop has read, and a temporary error after it: crypto/tls keeps its state over
// such errors. Writes never fail for a full socket, since crypto/tls would not
// write again after an error.
type wire struct {
	net.Conn // the dialled connection
	c        *conn
	in       []byte
	number   syscall.Errno // why writing failed
}

func (w *wire) Read(b []byte) (int, error) {
	if w.c == nil {
		return w.Conn.Read(b)
	}
	if len(w.in) == 0 {
		return 0, errLater
	}
	n := copy(b, w.in)
	w.in = w.in[n:]
	return n, nil
}

func (w *wire) Write(b []byte) (int, error) {
	if w.c == nil {
		return w.Conn.Write(b)
	}
	c := w.c
	if len(c.out) > 0 {
		c.out = append(c.out, b...)
		return len(b), nil
	}
	c.out = b
	if w.number = c.push(); w.number != 0 {
		c.out = nil
		return 0, w.number
	}
	if len(c.out) > 0 { // b belongs to crypto/tls
		c.out = append([]byte(nil), c.out...)
	}
	return len(b), nil
}

// errLater says that there is nothing to read now.
var errLater net.Error = later{}

type later struct{}

func (later) Error() string   { return "nothing to read yet" }
func (later) Timeout() bool   { return false }
func (later) Temporary() bool { return true }

// decrypt gives the next piece of what came; nil: more has to come. Its end is
// an error: io.EOF where the server has closed TLS in order.
func (c *conn) decrypt(plain []byte) (int, error) {
	n, err := c.secure.Read(plain)
	var temporary later
	if errors.As(err, &temporary) {
		return n, nil
	}
	if n > 0 {
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, err
}
