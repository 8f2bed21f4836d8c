//go:build linux || darwin || freebsd

package engine

import (
	"encoding/binary"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h2"
)

// waits counts how often a loop waits.
type waits struct {
	poller
	n *atomic.Int64
}

func (w waits) wait(timeout time.Duration) []event {
	w.n.Add(1)
	return w.poller.wait(timeout)
}

// Answers that come while others are looked at are taken before the loop writes
// and waits: a write and a wait cost many times what it costs to look once more.
func TestMuxReadsOn(t *testing.T) {
	const pairs = 20
	second := make(chan func(), 1) // answers the other request of a pair
	address := answersInPairs(t, second)
	var n atomic.Int64
	together, before := 0, int64(-1)
	r := runOne(t, compileURL(t, "http://"+address+"/"), Options{
		Concurrency: 2, Requests: 2 * pairs, Timeout: 10 * time.Second, Protocol: H2C, Path: LoopPath,
		poller: func() (poller, error) {
			p, err := newPoller()
			return waits{p, &n}, err
		},
		Observe: func(*Observation) {
			select {
			case answer := <-second:
				answer()
				before = n.Load()
			default:
				if n.Load() == before {
					together++
				}
			}
		},
	})
	if r.Record.Succeeded != 2*pairs || together == 0 {
		t.Errorf("%d of %d succeeded, and the second answer was taken with the first one in %d of %d pairs", r.Record.Succeeded, 2*pairs, together, pairs)
	}
}

// answersInPairs is a server of one connection that answers the first request of
// each two, and hands out how the other is answered.
func answersInPairs(t *testing.T, second chan<- func()) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go pairsOn(c, second)
		}
	}()
	return l.Addr().String()
}

func pairsOn(c net.Conn, second chan<- func()) {
	defer c.Close()
	if _, err := io.ReadFull(c, make([]byte, 24)); err != nil {
		return
	}
	_, _ = c.Write(h2.AppendFrame(nil, h2.Settings, 0, 0, nil))
	answer := func(id uint32) { _, _ = c.Write(h2.AppendHeaders(nil, id, []byte{0x88}, true)) }
	first := uint32(0)
	for {
		var head [h2.HeaderSize]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			return
		}
		size := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
		if _, err := io.CopyN(io.Discard, c, size); err != nil {
			return
		}
		if h2.Type(head[3]) != h2.Headers {
			continue
		}
		id := binary.BigEndian.Uint32(head[5:])
		if first == 0 {
			first = id
			continue
		}
		second <- func() { answer(id) }
		answer(first)
		first = 0
	}
}
