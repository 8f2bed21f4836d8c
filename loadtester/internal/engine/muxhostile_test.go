package engine

import (
	"bytes"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h2"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// flat fails when f allocates more than most bytes. A queue that a server makes grow
// is copied each time that it grows, so that this sees it; wall time and other work on
// the machine do not change it.
func flat(t *testing.T, most uint64, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > most {
		t.Errorf("%d KiB were allocated, at most %d KiB should be", n>>10, most>>10)
	}
}

// endless is a server of HTTP/2 that answers the first request of each connection
// with opening and then sends flood again and again, as long as somebody takes it.
// It reads on, so that what is answered to it does not fill a socket.
func endless(t *testing.T, opening, flood func(id uint32) []byte) *rawServer {
	t.Helper()
	return startMuxOn(t, func(c net.Conn, id uint32) {
		if _, err := c.Write(opening(id)); err != nil {
			return
		}
		go io.Copy(io.Discard, c)
		large := flood(id)
		large = bytes.Repeat(large, max(1, 64<<10/len(large)))
		for {
			if _, err := c.Write(large); err != nil {
				return
			}
		}
	})
}

// startMuxOn is a server of HTTP/2 whose script has a connection for itself from its
// first request on.
func startMuxOn(t *testing.T, script func(c net.Conn, id uint32)) *rawServer {
	t.Helper()
	return startRawOn(t, func(l net.Listener) net.Listener { return prefaced{l} }, func(c net.Conn, _ int64) bool {
		for {
			var head [h2.HeaderSize]byte
			if _, err := io.ReadFull(c, head[:]); err != nil {
				return false
			}
			size := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
			if _, err := io.CopyN(io.Discard, c, size); err != nil {
				return false
			}
			if h2.Type(head[3]) == h2.Headers {
				script(c, binary.BigEndian.Uint32(head[5:]))
				return false
			}
		}
	})
}

// prefaced takes connections of HTTP/2: their preface is read, and the server's
// settings are sent.
type prefaced struct{ net.Listener }

func (l prefaced) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	_, _ = c.Write(h2.AppendFrame(nil, h2.Settings, 0, 0, nil))
	// What follows looks like the end of a head of HTTP/1.1 to the server beneath.
	_, _ = io.ReadFull(c, make([]byte, 24))
	return &begun{Conn: c, head: []byte("\r\n")}, nil
}

// begun gives head before what comes, one byte to each read.
type begun struct {
	net.Conn
	head []byte
}

func (b *begun) Read(p []byte) (int, error) {
	if len(b.head) > 0 {
		n := copy(p[:1], b.head)
		b.head = b.head[n:]
		return n, nil
	}
	return b.Conn.Read(p)
}

func nothing(uint32) []byte { return nil }

func head200(id uint32) []byte { return h2.AppendHeaders(nil, id, []byte{0x88}, false) }

// always is a frame that does not depend on the stream.
func always(frame []byte) func(uint32) []byte { return func(uint32) []byte { return frame } }

// A server that sends without an end what brings no answer on loses its connection,
// and the cause is the flood, not the time that it took.
func TestMuxFloods(t *testing.T) {
	if !loopsHere {
		t.Skip("there is no event loop on this system")
	}
	windows := bytes.Repeat([]byte{0, h2.SettingInitialWindow, 0, 0, 0, 1, 0, h2.SettingInitialWindow, 0x7f, 0, 0, 0}, 1000)
	for name, c := range map[string]struct {
		opening, flood func(id uint32) []byte
		want           record.Class
	}{
		"CONTINUATION without bytes": {
			func(id uint32) []byte { return h2.AppendFrame(nil, h2.Headers, 0, id, []byte{0x88}) },
			func(id uint32) []byte { return h2.AppendFrame(nil, h2.Continuation, 0, id, nil) }, record.Flooded,
		},
		"CONTINUATION of one byte": {
			func(id uint32) []byte { return h2.AppendFrame(nil, h2.Headers, 0, id, []byte{0x88}) },
			func(id uint32) []byte { return h2.AppendFrame(nil, h2.Continuation, 0, id, []byte{0x88}) }, record.Flooded,
		},
		"CONTINUATION of full frames": {
			func(id uint32) []byte { return h2.AppendFrame(nil, h2.Headers, 0, id, []byte{0x88}) },
			func(id uint32) []byte { return h2.AppendFrame(nil, h2.Continuation, 0, id, make([]byte, h2.MaxFrame)) }, record.TooLarge,
		},
		"DATA without bytes": {head200, func(id uint32) []byte { return h2.AppendFrame(nil, h2.Data, 0, id, nil) }, record.Flooded},
		"DATA of padding": {head200, func(id uint32) []byte {
			return h2.AppendFrame(nil, h2.Data, h2.Padded, id, append([]byte{200}, make([]byte, 200)...))
		}, record.Flooded},
		"DATA of nobody":         {nothing, always(h2.AppendFrame(nil, h2.Data, 0, 999, []byte("x"))), record.Flooded},
		"heads of nobody":        {nothing, always(h2.AppendHeaders(nil, 999, []byte{0x88}, true)), record.Flooded},
		"resets of nobody":       {nothing, always(h2.AppendCode(nil, h2.RstStream, 999, 0)), record.Flooded},
		"PRIORITY":               {nothing, func(id uint32) []byte { return h2.AppendFrame(nil, h2.Priority, 0, id, make([]byte, 5)) }, record.Flooded},
		"frames of no type":      {nothing, always(h2.AppendFrame(nil, 77, 0, 0, nil)), record.Flooded},
		"PING, all of it read":   {nothing, always(h2.AppendFrame(nil, h2.Ping, 0, 0, make([]byte, 8))), record.Flooded},
		"answers to no PING":     {nothing, always(h2.AppendFrame(nil, h2.Ping, h2.Ack, 0, make([]byte, 8))), record.Flooded},
		"SETTINGS that change":   {nothing, always(h2.AppendFrame(nil, h2.Settings, 0, 0, windows)), record.Flooded},
		"answers to no SETTINGS": {nothing, always(h2.AppendFrame(nil, h2.Settings, h2.Ack, 0, nil)), record.Flooded},
		"GOAWAY":                 {nothing, always(h2.AppendFrame(nil, h2.GoAway, 0, 0, []byte{0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0})), record.Flooded},
		"windows of nobody":      {nothing, always(h2.AppendCode(nil, h2.WindowUpdate, 999, 1)), record.Flooded},
		"window of the stream":   {nothing, func(id uint32) []byte { return h2.AppendCode(nil, h2.WindowUpdate, id, 1) }, record.Flooded},
		"windows beyond all":     {nothing, func(id uint32) []byte { return h2.AppendCode(nil, h2.WindowUpdate, id, 1<<30) }, record.Malformed},
		"1xx":                    {nothing, func(id uint32) []byte { return h2.AppendHeaders(nil, id, []byte{0x08, 3, '1', '0', '3'}, false) }, record.Malformed},
		"trailers":               {head200, func(id uint32) []byte { return h2.AppendHeaders(nil, id, []byte{0, 1, 'x', 1, 'y'}, false) }, record.Malformed},
		"a head of short names": {nothing, func(id uint32) []byte {
			return h2.AppendHeaders(nil, id, append([]byte{0x88}, bytes.Repeat([]byte{0x90}, 10_000)...), false) // accept-encoding: gzip, deflate
		}, record.TooLarge},
		"a head of its table": {nothing, func(id uint32) []byte {
			return h2.AppendHeaders(nil, id, append([]byte{0x88, 0x40, 1, 'x', 1, 'y'}, bytes.Repeat([]byte{0xbe}, 10_000)...), false)
		}, record.Malformed},
		"a table that changes its size": {nothing, func(id uint32) []byte {
			return h2.AppendHeaders(nil, id, append(bytes.Repeat([]byte{0x20}, 10_000), 0x88), false)
		}, record.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			s := endless(t, c.opening, c.flood)
			flat(t, 24<<20, func() {
				r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 1, Requests: 3, Timeout: 20 * time.Second, Dial: unhurried(), Protocol: H2C, Path: LoopPath})
				// After a stream that is at fault alone, the rest is a flood of nobody's.
				if n := r.Record.Errors; n[c.want] == 0 || r.Record.Failed != 3 || c.want != record.Flooded && n[c.want]+n[record.Flooded] != 3 {
					t.Errorf("want %s: %v, %d succeeded", c.want.Key(), named(r.Record), r.Record.Succeeded)
				}
			})
		})
	}
}

// On the path of net/http, whose frames are the library's, floods last until the
// request's time is over; nothing of them is written to the log of the process.
func TestMuxFloodsOverNetHTTP(t *testing.T) {
	var said bytes.Buffer
	before := log.Writer()
	log.SetOutput(&said)
	defer log.SetOutput(before)
	for name, flood := range map[string]func(id uint32) []byte{
		"frames of no type": always(h2.AppendFrame(nil, 77, 0, 0, nil)),
		"PING":              always(h2.AppendFrame(nil, h2.Ping, 0, 0, make([]byte, 8))),
		"CONTINUATION":      func(id uint32) []byte { return h2.AppendFrame(nil, h2.Continuation, 0, id, make([]byte, h2.MaxFrame)) },
		"1xx":               func(id uint32) []byte { return h2.AppendHeaders(nil, id, []byte{0x08, 3, '1', '0', '3'}, false) },
		"DATA":              func(id uint32) []byte { return h2.AppendFrame(nil, h2.Data, 0, id, nil) },
	} {
		opening := nothing
		if name == "CONTINUATION" {
			opening = func(id uint32) []byte { return h2.AppendFrame(nil, h2.Headers, 0, id, []byte{0x88}) }
		}
		s := endless(t, opening, flood)
		r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 1, Requests: 1, Timeout: soon, Dial: unhurried(), Protocol: H2C, Path: NetHTTPPath})
		if r.Record.Failed != 1 {
			t.Errorf("%s: %d succeeded", name, r.Record.Succeeded)
		}
	}
	if said.Len() > 0 {
		t.Errorf("the log got %d bytes: %.200s", said.Len(), said.String())
	}
}

// A server that gives all the window there is and reads nothing does not get a copy of
// every body queued up.
func TestMuxNobodyReads(t *testing.T) {
	if !loopsHere {
		t.Skip("there is no event loop on this system")
	}
	s := startMuxOn(t, func(c net.Conn, _ uint32) {
		_, _ = c.Write(h2.AppendCode(h2.AppendFrame(nil, h2.Settings, 0, 0, []byte{0, h2.SettingInitialWindow, 0x7f, 0xff, 0xff, 0xff}), h2.WindowUpdate, 0, h2.Window-h2.DefaultWindow))
		time.Sleep(4 * soon)
	})
	set, err := target.Compile([]target.Spec{{Method: "POST", URL: s.url(), Body: make([]byte, 8<<20)}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	flat(t, 96<<20, func() { // the body as it is laid out, and not 50 times
		r := runOne(t, set, Options{Concurrency: 50, Requests: 100, Timeout: soon, Dial: unhurried(), Protocol: H2C, Path: LoopPath})
		if n := r.Record.Errors[record.NoAnswerTimeout]; n != 100 {
			t.Errorf("%d of 100 time out: %v", n, named(r.Record))
		}
	})
}

// One answer that never comes does not make the table of streams grow with all that
// follow it.
func TestMuxSlowStream(t *testing.T) {
	if !loopsHere {
		t.Skip("there is no event loop on this system")
	}
	stays := make(chan struct{})
	var requests atomic.Int64
	s := startHTTP(t, false, func(http.ResponseWriter, *http.Request) {
		if requests.Add(1) == 2 {
			<-stays
		}
	})
	const n = 2000
	o := Options{Concurrency: 2, Requests: n, Timeout: 3 * time.Second, Dial: unhurried(), Protocol: H2C, Path: LoopPath}
	for name, url := range map[string]string{"go": s.URL, "node": startNode(t, "{}") + "/first-stays"} {
		r := runOne(t, compileURL(t, url), o)
		if r.Record.Succeeded != n-1 || r.Record.Errors[record.NoAnswerTimeout] != 1 {
			t.Errorf("%s: %d succeeded, %v", name, r.Record.Succeeded, named(r.Record))
		}
	}
	close(stays)
	m := newMux(2)
	m.add()
	for range 3000 {
		m.remove(m.add())
	}
	if len(m.streams) > 256 {
		t.Errorf("the table has %d places for 2 streams", len(m.streams))
	}
}

// A server that takes connections and sends each away ends each request after a few
// tries.
func TestMuxGoAwayLoop(t *testing.T) {
	if !loopsHere {
		t.Skip("there is no event loop on this system")
	}
	s := startMux(t, nil, func(int64, uint32) []byte { return h2.AppendFrame(nil, h2.GoAway, 0, 0, make([]byte, 8)) })
	r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 1, Requests: 4, Timeout: 20 * time.Second, Dial: unhurried(), Protocol: H2C, Path: LoopPath})
	if r.Record.Errors[record.Closed] != 4 || s.heads.Load() > 4*(mostTries+1) {
		t.Errorf("%d requests came, %v", s.heads.Load(), named(r.Record))
	}
}

// A window of one byte at a time still brings a body over.
func TestMuxTinyWindows(t *testing.T) {
	raw := startMuxOn(t, func(c net.Conn, id uint32) {
		_, _ = c.Write(h2.AppendFrame(nil, h2.Settings, 0, 0, []byte{0, h2.SettingInitialWindow, 0, 0, 0, 0}))
		go io.Copy(io.Discard, c)
		for range 200 {
			if _, err := c.Write(h2.AppendCode(nil, h2.WindowUpdate, id, 1)); err != nil {
				return
			}
		}
		_, _ = c.Write(okFrames(id))
		time.Sleep(soon)
	})
	set, err := target.Compile([]target.Spec{{Method: "POST", URL: raw.url(), Body: make([]byte, 100_000)}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	paths(t, func(t *testing.T, p PathChoice) {
		r := runOne(t, set, Options{Concurrency: 1, Requests: 2, Timeout: 20 * time.Second, Dial: unhurried(), Protocol: H2C, Path: p, NoKeepAlive: true})
		if r.Record.Succeeded != 2 {
			t.Errorf("%d of 2 succeeded, %v", r.Record.Succeeded, named(r.Record))
		}
	})
}
