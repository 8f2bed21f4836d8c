package engine

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h2"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// startMux is a server of HTTP/2 frames: script is called for each request and
// gives what is written back; nil closes the connection.
func startMux(t *testing.T, settings []byte, script func(request int64, id uint32) []byte) *rawServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &rawServer{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.conns.Add(1)
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				if _, err := io.ReadFull(in, make([]byte, 24)); err != nil {
					return
				}
				if _, err := c.Write(h2.AppendFrame(nil, h2.Settings, 0, 0, settings)); err != nil {
					return
				}
				for {
					var head [h2.HeaderSize]byte
					if _, err := io.ReadFull(in, head[:]); err != nil {
						return
					}
					if _, err := in.Discard(int(head[0])<<16 | int(head[1])<<8 | int(head[2])); err != nil {
						return
					}
					if h2.Type(head[3]) != h2.Headers {
						continue
					}
					answer := script(s.heads.Add(1), binary.BigEndian.Uint32(head[5:]))
					if answer == nil {
						return
					}
					if _, err := c.Write(answer); err != nil {
						return
					}
				}
			}()
		}
	}()
	return s
}

// okFrames is a response of two frames, with a ping between them and a frame of
// an unknown type.
func okFrames(id uint32) []byte {
	out := h2.AppendHeaders(nil, id, []byte{0x88}, false)
	out = h2.AppendFrame(out, h2.Ping, 0, 0, make([]byte, 8))
	out = h2.AppendFrame(out, 99, 0, 0, []byte("?"))
	return h2.AppendFrame(out, h2.Data, h2.EndStream, id, []byte("hello"))
}

// HTTP/2 has faults of its own; each has its class, and the run goes on.
func TestMuxFaults(t *testing.T) {
	if !loopsHere {
		t.Log("there is no event loop on this system")
		return
	}
	const n = 6
	for _, c := range []struct {
		name   string
		script func(request int64, id uint32) []byte
		want   record.Class
	}{
		{"answers", func(_ int64, id uint32) []byte { return okFrames(id) }, record.OK},
		{"trailers", func(_ int64, id uint32) []byte {
			return h2.AppendHeaders(h2.AppendHeaders(nil, id, []byte{0x88}, false), id, []byte{0, 1, 'x', 1, 'y'}, true)
		}, record.OK},
		{"head in pieces, padded and with a priority", func(_ int64, id uint32) []byte {
			out := h2.AppendFrame(nil, h2.Headers, h2.Padded|h2.HasPrio, id, []byte{2, 0, 0, 0, 0, 9, 0x08, 3, 0, 0})
			out = h2.AppendFrame(out, h2.Continuation, 0, id, []byte("20"))
			out = h2.AppendFrame(out, h2.Continuation, h2.EndHeaders, id, []byte("0"))
			out = h2.AppendFrame(out, h2.Data, h2.Padded, id, append([]byte{3}, "hi\x00\x00\x00"...))
			return h2.AppendFrame(out, h2.Data, h2.Padded|h2.EndStream, id, []byte{4, 0, 0, 0, 0})
		}, record.OK},
		{"the length that it says", func(_ int64, id uint32) []byte {
			return h2.AppendFrame(h2.AppendHeaders(nil, id, []byte{0x88, 0x0f, 13, 1, '5'}, false), h2.Data, h2.EndStream, id, []byte("hello"))
		}, record.OK},
		{"less than the length that it says", func(_ int64, id uint32) []byte {
			return h2.AppendFrame(h2.AppendHeaders(nil, id, []byte{0x88, 0x0f, 13, 1, '9'}, false), h2.Data, h2.EndStream, id, []byte("hello"))
		}, record.Malformed},
		{"more than the length that it says", func(_ int64, id uint32) []byte {
			return h2.AppendFrame(h2.AppendHeaders(nil, id, []byte{0x88, 0x0f, 13, 1, '4'}, false), h2.Data, h2.EndStream, id, []byte("hello"))
		}, record.Malformed},
		{"a length without a body", func(_ int64, id uint32) []byte { // 304
			return h2.AppendHeaders(nil, id, []byte{0x8b, 0x0f, 13, 1, '9'}, true)
		}, record.OK},
		{"another frame within a head", func(_ int64, id uint32) []byte {
			return h2.AppendFrame(h2.AppendFrame(nil, h2.Headers, 0, id, []byte{0x88}), h2.Ping, 0, 0, make([]byte, 8))
		}, record.Malformed},
		{"head without end", func(_ int64, id uint32) []byte {
			out := h2.AppendFrame(nil, h2.Headers, 0, id, []byte{0x88})
			for range 20 {
				out = h2.AppendFrame(out, h2.Continuation, 0, id, make([]byte, h2.MaxFrame))
			}
			return out
		}, record.TooLarge},
		{"goes away, and answers what it has", func(request int64, id uint32) []byte {
			return append(h2.AppendFrame(nil, h2.GoAway, 0, 0, []byte{0, 0, byte(id >> 8), byte(id), 0, 0, 0, 0}), okFrames(id)...)
		}, record.OK},
		{"changes its mind about windows and streams", func(request int64, id uint32) []byte {
			return append(h2.AppendFrame(nil, h2.Settings, 0, 0, []byte{
				0, h2.SettingInitialWindow, 0, 0, 0, byte(request), 0, h2.SettingMaxStreams, 0, 0, 0, byte(request%3 + 1), 0, h2.SettingMaxFrame, 0, 0, 0x80, 0,
			}), okFrames(id)...)
		}, record.OK},
		{"answers a stream that nobody opened", func(_ int64, id uint32) []byte {
			return append(h2.AppendHeaders(nil, 2, []byte{0x88}, true), okFrames(id)...)
		}, record.Malformed},
		{"a window beyond what there can be", func(_ int64, id uint32) []byte {
			return append(h2.AppendCode(nil, h2.WindowUpdate, 0, h2.Window), okFrames(id)...)
		}, record.Malformed},
		{"settings for a stream", func(_ int64, id uint32) []byte {
			return append(h2.AppendFrame(nil, h2.Settings, 0, id, nil), okFrames(id)...)
		}, record.Malformed},
		{"1xx first", func(_ int64, id uint32) []byte {
			return h2.AppendHeaders(h2.AppendHeaders(nil, id, []byte{0x08, 3, '1', '0', '3'}, false), id, []byte{0x88}, true)
		}, record.OK},
		{"closes", func(int64, uint32) []byte { return nil }, record.Closed},
		{"resets the stream", func(_ int64, id uint32) []byte { return h2.AppendCode(nil, h2.RstStream, id, h2.Cancel) }, record.StreamReset},
		{"refuses each second stream", func(request int64, id uint32) []byte {
			if request%2 == 0 && request <= n { // so that none is refused too often, whatever order they come in
				return h2.AppendCode(nil, h2.RstStream, id, h2.RefusedStream)
			}
			return okFrames(id)
		}, record.OK},
		{"goes away after each second", func(request int64, id uint32) []byte {
			if request%2 == 0 && request <= n {
				return h2.AppendFrame(nil, h2.GoAway, 0, 0, []byte{0, 0, 0, byte(max(id, 2) - 2), 0, 0, 0, 0})
			}
			return okFrames(id)
		}, record.OK},
		{"stalls", func(int64, uint32) []byte { return []byte{} }, record.NoAnswerTimeout},
		{"stalls in the body", func(_ int64, id uint32) []byte { return h2.AppendHeaders(nil, id, []byte{0x88}, false) }, record.BodyTimeout},
		{"frame too long", func(int64, uint32) []byte { return []byte{1, 0, 0, 0, 0, 0, 0, 0, 1} }, record.Malformed},
		{"no status", func(_ int64, id uint32) []byte { return h2.AppendHeaders(nil, id, []byte{0, 1, 'x', 1, 'y'}, true) }, record.Malformed},
		{"bad head", func(_ int64, id uint32) []byte { return h2.AppendHeaders(nil, id, []byte{0xff}, true) }, record.Malformed},
		{"body before the head", func(_ int64, id uint32) []byte { return h2.AppendFrame(nil, h2.Data, 0, id, []byte("x")) }, record.Malformed},
		{"pushes", func(_ int64, id uint32) []byte { return h2.AppendFrame(nil, h2.PushPromise, 4, id, make([]byte, 5)) }, record.Malformed},
		{"oversized body", func(_ int64, id uint32) []byte {
			return h2.AppendFrame(h2.AppendHeaders(nil, id, []byte{0x88}, false), h2.Data, 0, id, make([]byte, 5000))
		}, record.TooLarge},
		{"allows pushes", func(_ int64, id uint32) []byte {
			return append(h2.AppendFrame(nil, h2.Settings, 0, 0, []byte{0, h2.SettingPush, 0, 0, 0, 1}), okFrames(id)...)
		}, record.Malformed},
		{"frames of no size", func(_ int64, id uint32) []byte {
			return append(h2.AppendFrame(nil, h2.Settings, 0, 0, []byte{0, h2.SettingMaxFrame, 0, 0, 0, 1}), okFrames(id)...)
		}, record.Malformed},
		{"floods with PING", func(int64, uint32) []byte { return repeat(h2.AppendFrame(nil, h2.Ping, 0, 0, make([]byte, 8))) }, record.Flooded},
		{"floods with SETTINGS", func(int64, uint32) []byte { return repeat(h2.AppendFrame(nil, h2.Settings, 0, 0, nil)) }, record.Flooded},
		{"not HTTP/2", func(int64, uint32) []byte { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") }, record.Malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := startMux(t, nil, c.script)
			r := runOne(t, compileURL(t, s.url()), Options{
				Schedule: pace.Constant(50).For(0, n), Timeout: patience(c.want), Dial: unhurried(), Protocol: H2C, Path: LoopPath, MaxBody: 4000, MaxConns: 10,
			})
			got := r.Record.Errors[c.want]
			switch c.want {
			case record.OK:
				got = r.Record.Succeeded
			case record.Closed: // closing over unread frames is a reset
				got += r.Record.Errors[record.Reset]
			}
			if r.Record.Sent != n || got != n {
				t.Errorf("sent %d, %d are %s; errors %v", r.Record.Sent, got, c.want, named(r.Record))
			}
		})
	}
}

// What a server does to one step is what its walk ends by, or does not: a step
// that was not looked at is sent again, with the values of its walk.
func TestMuxWalks(t *testing.T) {
	if !loopsHere {
		t.Log("there is no event loop on this system")
		return
	}
	const n = 6
	for name, c := range map[string]struct {
		second func(id uint32) []byte // answers the second request of three
		class  record.Class
		whole  int64 // walks
	}{
		"answers": {okFrames, record.OK, n},
		"resets":  {func(id uint32) []byte { return h2.AppendCode(nil, h2.RstStream, id, h2.Cancel) }, record.StreamReset, 0},
		"refuses": {func(id uint32) []byte { return h2.AppendCode(nil, h2.RstStream, id, h2.RefusedStream) }, record.OK, n},
		"drops": {func(uint32) []byte { // later than a round trip: it has looked at it
			time.Sleep(200 * time.Millisecond)
			return nil
		}, record.Closed, 0},
		"cut short": {func(id uint32) []byte { return h2.AppendHeaders(nil, id, []byte{0x88, 0x0f, 13, 1, '9'}, true) }, record.Malformed, 0},
		"goes away": {func(id uint32) []byte { return h2.AppendFrame(nil, h2.GoAway, 0, 0, []byte{0, 0, 0, 0, 0, 0, 0, 0}) }, record.OK, n},
		"stalls":    {func(uint32) []byte { return []byte{} }, record.NoAnswerTimeout, 0},
		"breaks":    {func(uint32) []byte { return []byte{1, 0, 0, 0, 0, 0, 0, 0, 1} }, record.Malformed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startMux(t, nil, func(request int64, id uint32) []byte {
				if request%3 == 2 {
					return c.second(id)
				}
				return okFrames(id)
			})
			set, err := target.Compile([]target.Spec{{URL: s.url()}, {URL: s.url()}, {URL: s.url()}}, target.Options{Chain: true})
			if err != nil {
				t.Fatal(err)
			}
			r := runOne(t, set, Options{Concurrency: 1, Requests: n, Timeout: patience(c.class), Dial: unhurried(), Protocol: H2C, Path: LoopPath})
			w := r.Record.Walks
			ended := int64(0)
			for _, n := range w.Ended {
				ended += n
			}
			failed := r.Record.Errors[c.class]
			switch c.class {
			case record.OK:
				failed = 0
			case record.Closed: // closing over unread frames is a reset
				failed += r.Record.Errors[record.Reset]
			}
			whole := c.whole
			if c.class == record.Closed { // a machine that is slow to connect allows for long round trips
				whole = n - failed
			}
			if w.Whole+ended != n || w.Whole != whole || failed != ended {
				t.Errorf("%d walks whole, %v ended early, errors %v", w.Whole, w.Ended, named(r.Record))
			}
		})
	}
}

// A server that allows three streams at a time gets three, and the rest waits or
// goes over other connections.
func TestMuxStreams(t *testing.T) {
	if !loopsHere {
		t.Log("there is no event loop on this system")
		return
	}
	most := []byte{0, h2.SettingMaxStreams, 0, 0, 0, 3}
	s := startMux(t, most, func(_ int64, id uint32) []byte {
		time.Sleep(time.Millisecond)
		return okFrames(id)
	})
	r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 20, Requests: 200, Timeout: 5 * time.Second, Protocol: H2C, Path: LoopPath})
	if r.Record.Succeeded != 200 || s.conns.Load() > 3 {
		t.Errorf("succeeded %d over %d connections, errors %v", r.Record.Succeeded, s.conns.Load(), named(r.Record))
	}
}

// repeat is a flood of one frame: more than a server may ask answers for.
func repeat(frame []byte) []byte { return bytes.Repeat(frame, 100*mostOwed) }
