package pgdb

import (
	"context"
	"net"
	"sync"
	"time"
)

// bounds are the connections of a database, so that all of them can be given a
// time at which they end. A connection that does not answer is otherwise waited
// for as long as TCP itself does: the driver asks the server to cancel, and waits
// for its answer.
type bounds struct {
	mu       sync.Mutex
	open     map[*boundConn]bool
	deadline time.Time // zero: none yet
}

// bound ends every connection of the database, and every new one, a time after ctx
// has ended: what is left to tidy up must be done by then.
func (db *DB) bound(ctx context.Context, limit time.Duration) {
	context.AfterFunc(ctx, func() {
		b := &db.bounds
		b.mu.Lock()
		defer b.mu.Unlock()
		b.deadline = time.Now().Add(limit)
		for c := range b.open {
			c.Conn.SetDeadline(b.deadline)
		}
	})
}

// boundConn is a connection that knows the bounds. The driver sets deadlines, too:
// the earlier one holds.
type boundConn struct {
	net.Conn
	bounds  *bounds
	answers Answers
}

// Read lets the answers be followed.
func (c *boundConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.answers.read(b[:n])
	return n, err
}

// Write lets the greeting be seen.
func (c *boundConn) Write(b []byte) (int, error) {
	c.answers.wrote(b)
	return c.Conn.Write(b)
}

func (b *bounds) add(c net.Conn) net.Conn {
	b.mu.Lock()
	defer b.mu.Unlock()
	bc := &boundConn{Conn: c, bounds: b}
	if b.open == nil {
		b.open = map[*boundConn]bool{}
	}
	b.open[bc] = true
	if !b.deadline.IsZero() {
		c.SetDeadline(b.deadline)
	}
	return bc
}

// Close forgets the connection.
func (c *boundConn) Close() error {
	c.bounds.mu.Lock()
	delete(c.bounds.open, c)
	c.bounds.mu.Unlock()
	return c.Conn.Close()
}

// SetDeadline keeps the earlier one of two.
func (c *boundConn) SetDeadline(t time.Time) error {
	c.bounds.mu.Lock()
	defer c.bounds.mu.Unlock()
	if d := c.bounds.deadline; !d.IsZero() && (t.IsZero() || t.After(d)) {
		t = d
	}
	return c.Conn.SetDeadline(t)
}

// Dial and DialTimeout are what the driver asks for where it has no context.
func (b *bounds) Dial(network, address string) (net.Conn, error) {
	return b.DialTimeout(network, address, connectTimeout)
}

func (b *bounds) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return b.DialContext(ctx, network, address)
}

// DialContext connects.
func (b *bounds) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	b.mu.Lock()
	deadline := b.deadline
	b.mu.Unlock()
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	c, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return b.add(c), nil
}
