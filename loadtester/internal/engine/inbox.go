//go:build linux || darwin || freebsd

package engine

import (
	"sync"
	"sync/atomic"
)

// inbox is where connections that others have opened wait for their loop.
type inbox struct {
	mu     sync.Mutex
	list   []dialled
	closed bool
	any    atomic.Bool // so that a look costs no lock
}

// put leaves a connection, and wakes the loop if it may be asleep. false: nobody
// will take it any more. (The lock keeps the poller open until wake is done.)
func (b *inbox) put(d dialled, wake func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.list = append(b.list, d)
	b.any.Store(true)
	if wake != nil {
		wake()
	}
	return true
}

// take empties it.
func (b *inbox) take() []dialled {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.list
	b.list = nil
	b.any.Store(false)
	return list
}

// close discards what came too late, now and later.
func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	late := b.list
	b.list = nil
	b.mu.Unlock()
	for _, d := range late {
		d.discard()
	}
}
