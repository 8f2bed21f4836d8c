package engine

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// Every way in which a server can misbehave has its own class, and a run goes on
// to its end over it, on every path.
func TestFaults(t *testing.T) {
	const n = 6
	for _, c := range []struct {
		name   string
		script func(c net.Conn, request int64) bool
		want   record.Class // OK: all succeed
		also   record.Class // what net/http sees instead; OK: the same
	}{
		{"resets before the response", func(c net.Conn, _ int64) bool { reset(c); return false }, record.Reset, record.Closed},
		{"closes before the response", func(net.Conn, int64) bool { return false }, record.Closed, record.OK},
		{"closes in the head", func(c net.Conn, _ int64) bool { say(c, "HTTP/1.1 200 O"); return false }, record.Closed, record.OK},
		{"closes in the body", func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello")
			return false
		}, record.Closed, record.OK},
		{"closes in a chunk", func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello")
			return false
		}, record.Closed, record.OK},
		{"resets in the body", func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello")
			time.Sleep(20 * time.Millisecond)
			reset(c)
			return false
		}, record.Reset, record.OK},
		{"stalls for ever", func(c net.Conn, _ int64) bool { time.Sleep(3 * soon); return false }, record.NoAnswerTimeout, record.OK},
		{"stalls in the body", func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello")
			time.Sleep(3 * soon)
			return false
		}, record.BodyTimeout, record.OK},
		{"drips", func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
			for range 30 {
				if !say(c, "x") {
					return false
				}
				time.Sleep(soon / 10)
			}
			return false
		}, record.BodyTimeout, record.OK},
		{"malformed status line", func(c net.Conn, _ int64) bool { return say(c, "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n") }, record.Malformed, record.OK},
		{"not HTTP", func(c net.Conn, _ int64) bool { return say(c, "SSH-2.0-x\r\n") }, record.Malformed, record.OK},
		{"bad chunk", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n")
		}, record.Malformed, record.OK},
		{"length that is no number", func(c net.Conn, _ int64) bool { return say(c, "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n") }, record.Malformed, record.OK},
		{"oversized head", func(c net.Conn, _ int64) bool { return say(c, longHead) }, record.TooLarge, record.OK},
		{"oversized body", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n") && say(c, string(make([]byte, 5000)))
		}, record.TooLarge, record.OK},
		{"1xx first", func(c net.Conn, _ int64) bool { return say(c, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"+ok) }, record.OK, record.OK},
		{"slow but whole", func(c net.Conn, _ int64) bool {
			for i := range len(ok) {
				if !say(c, ok[i:i+1]) {
					return false
				}
			}
			return true
		}, record.OK, record.OK},
		{"ends with the connection", func(c net.Conn, _ int64) bool { say(c, "HTTP/1.0 200 OK\r\n\r\nhello"); return false }, record.OK, record.OK},
		{"asks to close", func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
			return false
		}, record.OK, record.OK},
		{"closes idle connections", func(c net.Conn, _ int64) bool { say(c, ok); return false }, record.OK, record.OK},
		{"resets idle connections", func(c net.Conn, _ int64) bool {
			say(c, ok)
			time.Sleep(2 * time.Millisecond)
			reset(c)
			return false
		}, record.OK, record.OK},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			paths(t, func(t *testing.T, p PathChoice) {
				s := startRaw(t, c.script)
				r := runOne(t, compileURL(t, s.url()), Options{
					Schedule: pace.Constant(50).For(0, n), Timeout: patience(c.want), Path: p, MaxBody: 4000, MaxConns: 10,
				})
				rec := r.Record
				if rec.Sent != n {
					t.Fatalf("%d sent of %d, shortfall %d", rec.Sent, n, rec.Shortfall)
				}
				got := rec.Errors[c.want]
				if c.want == record.OK {
					got = rec.Succeeded
				} else if p == NetHTTPPath && c.also != record.OK {
					got += rec.Errors[c.also]
				}
				if got != n {
					t.Errorf("%d are %s; errors %v, statuses 200: %d", got, c.want, named(rec), rec.Statuses[200])
				}
			})
		})
	}
}

// patience is the timeout of a fault test: short only where it is waited for, so
// that a busy machine makes no fault of its own.
func patience(want record.Class) time.Duration {
	if want.Timeout() {
		return soon
	}
	return 20 * time.Second
}

func named(r *record.Record) map[string]int64 {
	m := map[string]int64{}
	for class, n := range r.Errors {
		if n > 0 {
			m[record.Class(class).Key()] = n
		}
	}
	return m
}

// A body longer than its content-length is no response: the loop sees the bytes
// that nobody announced. (net/http drops them.)
func TestWrongLength(t *testing.T) {
	if !loopsHere {
		t.Log("there is no event loop on this system")
		return
	}
	s := startRaw(t, func(c net.Conn, _ int64) bool { return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay") })
	r := runOne(t, compileURL(t, s.url()), Options{Schedule: pace.Constant(100).For(0, 5), Path: LoopPath})
	if r.Record.Errors[record.Malformed] != 5 {
		t.Errorf("%v", named(r.Record))
	}
}

// A server that goes away in the middle is counted as refusing from then on.
func TestRefusesInTheMiddle(t *testing.T) {
	paths(t, func(t *testing.T, p PathChoice) {
		var listener atomic.Pointer[rawServer]
		s := startRaw(t, func(c net.Conn, request int64) bool {
			say(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
			if request == 5 {
				listener.Load().Close()
			}
			return false
		})
		listener.Store(s)
		r := runOne(t, compileURL(t, s.url()), Options{Schedule: pace.Constant(100).For(0, 20), Timeout: time.Second, Path: p})
		if r.Record.Sent != 20 || r.Record.Errors[record.Refused] < 10 {
			t.Errorf("sent %d, errors %v", r.Record.Sent, named(r.Record))
		}
	})
}

// A connection that the server closed while it was idle costs a retry, no failure.
func TestStaleConnectionIsRetried(t *testing.T) {
	if !loopsHere {
		t.Log("there is no event loop on this system")
		return
	}
	s := startRaw(t, func(c net.Conn, request int64) bool { // answers once, and at the next request resets
		if request%2 == 0 {
			reset(c)
			return false
		}
		return say(c, ok)
	})
	r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 1, Requests: 10, Timeout: time.Second, Path: LoopPath})
	// On a busy machine a reset may come so late that it counts as the server's.
	late := r.Record.Errors[record.Reset]
	if r.Record.Succeeded+late != 10 || r.Record.Connections.Retried == 0 {
		t.Errorf("succeeded %d, retried %d, errors %v", r.Record.Succeeded, r.Record.Connections.Retried, named(r.Record))
	}
}

// A server that drops the connection over a request, after having worked on it,
// has failed: nothing is sent again.
func TestDroppedRequestIsAFailure(t *testing.T) {
	if !loopsHere {
		t.Log("there is no event loop on this system")
		return
	}
	s := startRaw(t, func(c net.Conn, request int64) bool {
		if request%2 == 0 {
			time.Sleep(200 * time.Millisecond)
			return false
		}
		return say(c, ok)
	})
	r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 1, Requests: 6, Timeout: 2 * time.Second, Path: LoopPath})
	if r.Record.Succeeded != 3 || r.Record.Errors[record.Closed] != 3 {
		t.Errorf("succeeded %d, errors %v", r.Record.Succeeded, named(r.Record))
	}
}
