//go:build linux || darwin || freebsd

package engine

import (
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// pair is a connection: the loop's end as a descriptor, and the server's.
func pair(t *testing.T) (fd int, other *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if fd, err = duplicate(c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		accepted.Close()
		_ = unix.Close(fd) // most tests have closed it
	})
	return fd, accepted.(*net.TCPConn)
}

// next waits until events come, and gives them.
func next(t *testing.T, p poller) []event {
	t.Helper()
	for range 500 {
		if got := p.wait(10 * time.Millisecond); len(got) > 0 {
			return slices.Clone(got)
		}
	}
	t.Fatal("no event came")
	return nil
}

// quiet checks that nothing is told.
func quiet(t *testing.T, p poller) {
	t.Helper()
	for range 3 {
		if got := p.wait(5 * time.Millisecond); len(got) > 0 {
			t.Fatalf("events %+v", got)
		}
	}
}

// What the loop relies on, of every poller that there is on this system.
func TestPoller(t *testing.T) {
	const token = 0xfedc_ba98_0000_0001
	for name, open := range pollersHere() {
		for what, test := range map[string]func(t *testing.T, p poller){
			"tells data": func(t *testing.T, p poller) {
				fd, other := pair(t)
				watch(t, p, fd, token)
				quiet(t, p)
				_, _ = other.Write([]byte("x"))
				if got := next(t, p); got[0] != (event{token: token, read: true}) {
					t.Errorf("%+v", got)
				}
			},
			"tells data that was there before": func(t *testing.T, p poller) {
				fd, other := pair(t)
				_, _ = other.Write([]byte("x"))
				watch(t, p, fd, token)
				if got := next(t, p); !got[0].read || got[0].end {
					t.Errorf("%+v", got)
				}
			},
			"tells data again when more comes": func(t *testing.T, p poller) {
				fd, other := pair(t)
				watch(t, p, fd, token)
				for range 3 {
					_, _ = other.Write([]byte("x"))
					next(t, p)
					if n, number := readFD(fd, make([]byte, 9)); n != 1 || number != 0 {
						t.Fatalf("read %d, %s", n, number)
					}
				}
				quiet(t, p)
			},
			"tells an end with data before it": func(t *testing.T, p poller) {
				fd, other := pair(t)
				_, _ = other.Write([]byte("x"))
				other.Close()
				watch(t, p, fd, token)
				got := next(t, p)
				for tries := 0; !got[0].end && tries < 100; tries++ { // data and end may come apart
					got = next(t, p)
				}
				if !got[0].read || !got[0].end {
					t.Fatalf("%+v", got)
				}
				if n, _ := readFD(fd, make([]byte, 9)); n != 1 {
					t.Errorf("read %d", n)
				}
			},
			"tells a reset": func(t *testing.T, p poller) {
				fd, other := pair(t)
				watch(t, p, fd, token)
				reset(other)
				other.Close()
				if got := next(t, p); !got[0].read || !got[0].end {
					t.Errorf("%+v", got)
				}
				if _, number := readFD(fd, make([]byte, 9)); number != unix.ECONNRESET {
					t.Errorf("%s", number)
				}
			},
			"tells room to write when asked": func(t *testing.T, p poller) {
				fd, other := pair(t)
				watch(t, p, fd, token)
				for number := unix.Errno(0); number == 0; { // until the socket is full
					_, number = writeFD(fd, make([]byte, 64<<10))
				}
				if err := p.writable(fd, token, true); err != nil {
					t.Fatal(err)
				}
				quiet(t, p)
				go func() { _, _ = io.Copy(io.Discard, other) }()
				if got := next(t, p); !got[0].write || got[0].token != token {
					t.Errorf("%+v", got)
				}
				if err := p.writable(fd, token, false); err != nil {
					t.Fatal(err)
				}
				quiet(t, p)
			},
			"tells nothing of what was removed": func(t *testing.T, p poller) {
				fd, other := pair(t)
				watch(t, p, fd, token)
				p.remove(fd)
				_, _ = other.Write([]byte("x"))
				quiet(t, p)
			},
			"knows the new owner of a descriptor": func(t *testing.T, p poller) {
				old, _ := pair(t)
				watch(t, p, old, token)
				p.remove(old)
				fresh, other := pair(t)
				if err := unix.Dup2(fresh, old); err != nil {
					t.Fatal(err)
				}
				watch(t, p, old, token+1<<32)
				_, _ = other.Write([]byte("x"))
				if got := next(t, p); got[0].token != token+1<<32 {
					t.Errorf("%+v", got)
				}
			},
			"is woken without an event": func(t *testing.T, p poller) {
				for range 3 {
					p.wake()
					quiet(t, p)
				}
			},
			"tells more than it can at once": func(t *testing.T, p poller) {
				const n = 300
				seen := map[uint64]int{}
				for k := range n {
					fd, other := pair(t)
					watch(t, p, fd, uint64(k))
					seen[uint64(k)] = fd
					_, _ = other.Write([]byte("x"))
				}
				for len(seen) > 0 {
					for _, e := range next(t, p) {
						if fd, ok := seen[e.token]; ok {
							_, _ = readFD(fd, make([]byte, 9))
							delete(seen, e.token)
						}
					}
				}
			},
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				p, err := open()
				if err != nil {
					t.Fatal(err)
				}
				defer p.close()
				test(t, p)
			})
		}
	}
}

func watch(t *testing.T, p poller, fd int, token uint64) {
	t.Helper()
	if err := p.add(fd, token); err != nil {
		t.Fatal(err)
	}
}

// The loop makes the same run over every poller: large bodies both ways, and
// connections that end.
func TestLoopOverEveryPoller(t *testing.T) {
	s := startHTTP(t, false, func(w http.ResponseWriter, r *http.Request) {
		if n, _ := io.Copy(io.Discard, r.Body); n != 3<<20 {
			w.WriteHeader(400)
		}
		_, _ = w.Write(make([]byte, 2<<20))
	})
	set, err := target.Compile([]target.Spec{{URL: s.URL, Body: make([]byte, 3<<20)}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	closes := startRaw(t, func(c net.Conn, request int64) bool { return say(c, ok) && request%3 != 0 })
	resets := startRaw(t, func(c net.Conn, _ int64) bool {
		say(c, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello")
		time.Sleep(20 * time.Millisecond)
		reset(c)
		return false
	})
	for name, open := range pollersHere() {
		t.Run(name, func(t *testing.T) {
			for _, protocol := range []Protocol{HTTP1, H2C} {
				r := runOne(t, set, Options{Concurrency: 2, Requests: 6, Protocol: protocol, Path: LoopPath, poller: open})
				if r.Record.Succeeded != 6 {
					t.Errorf("large bodies: succeeded %d, %v", r.Record.Succeeded, named(r.Record))
				}
			}
			r := runOne(t, compileURL(t, closes.url()), Options{Schedule: pace.Constant(200).For(0, 60), Path: LoopPath, poller: open})
			if r.Record.Succeeded != 60 {
				t.Errorf("closing: succeeded %d, %v", r.Record.Succeeded, named(r.Record))
			}
			r = runOne(t, compileURL(t, resets.url()), Options{Schedule: pace.Constant(50).For(0, 6), Path: LoopPath, poller: open})
			if r.Record.Errors[record.Reset] != 6 {
				t.Errorf("resetting: %v", named(r.Record))
			}
		})
	}
}
