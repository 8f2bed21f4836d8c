package engine

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// Every way in which a server can misbehave has its own class, and a run goes on
// to its end over it, on every path.
func TestFaults(t *testing.T) {
	const n = 6
	for _, c := range []struct {
		name   string
		script func(c net.Conn, request int64) bool
		want   record.Class // OK: all succeed
		also   record.Class // what it may be instead, OK: nothing else
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
		{"two lengths", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok")
		}, record.Malformed, record.OK},
		{"two lengths that differ", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")
		}, record.Malformed, record.OK},
		{"a longer body than its length", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay")
		}, record.Malformed, record.OK},
		{"switches protocols", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
		}, record.Malformed, record.OK},
		{"gzip, chunked", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
		}, record.OK, record.OK},
		{"gzip, to the end of the connection", func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello")
			return false
		}, record.OK, record.OK},
		{"chunked, and a length", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
		}, record.OK, record.OK},
		{"an empty line before", func(c net.Conn, _ int64) bool { return say(c, "\r\n"+ok) }, record.OK, record.OK},
		{"an empty line after", func(c net.Conn, _ int64) bool { return say(c, ok+"\r\n") }, record.OK, record.OK},
		{"an empty line in pieces", func(c net.Conn, _ int64) bool {
			defer time.Sleep(2 * time.Millisecond)
			return say(c, ok+"\r") && say(c, "\n") && say(c, "\n")
		}, record.OK, record.OK},
		{"a status line without a reason", func(c net.Conn, _ int64) bool { return say(c, "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n") }, record.OK, record.OK},
		{"line feeds alone", func(c net.Conn, _ int64) bool { return say(c, "HTTP/1.1 200 OK\nContent-Length: 2\n\nok") }, record.OK, record.OK},
		{"a space before a colon", func(c net.Conn, _ int64) bool { return say(c, "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok") }, record.Malformed, record.OK},
		{"stalls in the head", func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 200 O")
			time.Sleep(3 * soon)
			return false
		}, record.BodyTimeout, record.OK},
		{"a length beyond all numbers", func(c net.Conn, _ int64) bool {
			return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok")
		}, record.Malformed, record.OK},
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
				} else if c.also != record.OK {
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
func TestStaleConnectionIsRetried(t *testing.T) { paths(t, staleConnections) }

func staleConnections(t *testing.T, p PathChoice) {
	s := startRaw(t, func(c net.Conn, request int64) bool { // answers once, and at the next request resets
		if request%2 == 0 {
			reset(c)
			return false
		}
		return say(c, ok)
	})
	set, err := target.Compile([]target.Spec{{Method: "POST", URL: s.url(), Body: []byte("x")}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := runOne(t, set, Options{Concurrency: 1, Requests: 10, Timeout: time.Second, Path: p})
	// On a busy machine a reset may come so late that it counts as the server's.
	late := r.Record.Errors[record.Reset]
	if r.Record.Succeeded+late != 10 || r.Record.Connections.Retried == 0 {
		t.Errorf("succeeded %d, retried %d, errors %v", r.Record.Succeeded, r.Record.Connections.Retried, named(r.Record))
	}
}

// A server that drops the connection over a request, after having worked on it,
// has failed: nothing is sent again.
func TestDroppedRequestIsAFailure(t *testing.T) { paths(t, droppedRequests) }

func droppedRequests(t *testing.T, p PathChoice) {
	s := startRaw(t, func(c net.Conn, request int64) bool {
		if request%2 == 0 {
			time.Sleep(200 * time.Millisecond)
			return false
		}
		return say(c, ok)
	})
	r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 1, Requests: 6, Timeout: 2 * time.Second, Path: p})
	if r.Record.Succeeded != 3 || r.Record.Errors[record.Closed] != 3 {
		t.Errorf("succeeded %d, errors %v", r.Record.Succeeded, named(r.Record))
	}
}

// What a server says on an idle connection answers nobody: some say 408 there
// before they close.
func TestSaysWhileIdle(t *testing.T) {
	paths(t, func(t *testing.T, p PathChoice) {
		s := startRaw(t, func(c net.Conn, _ int64) bool {
			say(c, ok)
			time.Sleep(100 * time.Millisecond)
			say(c, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			return false
		})
		r := runOne(t, compileURL(t, s.url()), Options{Schedule: pace.Constant(0.8).For(0, 2), Path: p})
		if r.Record.Succeeded != 2 {
			t.Errorf("%d of 2 succeeded; 408: %d, %v", r.Record.Succeeded, r.Record.Statuses[408], named(r.Record))
		}
	})
}

// A server may answer a large request, and close, before it has read it.
func TestAnswersBeforeItHasRead(t *testing.T) {
	paths(t, func(t *testing.T, p PathChoice) {
		s := startRaw(t, func(c net.Conn, _ int64) bool {
			say(c, "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			time.Sleep(50 * time.Millisecond) // closing at once would be a reset
			return false
		})
		set, err := target.Compile([]target.Spec{{Method: "POST", URL: s.url(), Body: make([]byte, 8<<20)}}, target.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := runOne(t, set, Options{Concurrency: 2, Requests: 10, Path: p})
		if r.Record.Statuses[413] != 10 {
			t.Errorf("413: %d of 10, %v", r.Record.Statuses[413], named(r.Record))
		}
	})
}
