package engine

import (
	"bytes"
	"context"
	"crypto/tls"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// startRawQUIC is a server of QUIC whose script has each stream of a request for itself,
// and whose control stream says control.
func startRawQUIC(t *testing.T, control []byte, script func(s *quic.Stream)) (url string, config *tls.Config) {
	t.Helper()
	cert := startHTTP(t, true, func(http.ResponseWriter, *http.Request) {})
	l, err := quic.ListenAddr("127.0.0.1:0", http3.ConfigureTLSConfig(cert.TLS.Clone()), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() {
		for {
			c, err := l.Accept(ctx)
			if err != nil {
				return
			}
			go func() {
				if s, err := c.OpenUniStream(); err == nil {
					s.Write(control)
				}
				for {
					s, err := c.AcceptStream(ctx)
					if err != nil {
						return
					}
					go script(s)
				}
			}()
		}
	}()
	return "https://" + l.Addr().String(), trust(cert)
}

// HTTP/3 is the library's. What a server says without an end there is bounded by it, or
// lasts until the request's time is over, and does not grow.
func TestHTTP3Floods(t *testing.T) {
	settings := []byte{0, 4, 0} // a control stream, and SETTINGS without any
	head := func(block ...byte) []byte { return append([]byte{1, byte(len(block) + 2), 0, 0}, block...) }
	ok, hints := head(0xd9), head(0xd8)
	anyOf := func(classes ...record.Class) map[record.Class]bool {
		m := map[record.Class]bool{}
		for _, c := range classes {
			m[c] = true
		}
		return m
	}
	for name, c := range map[string]struct {
		control, opening, flood []byte
		want                    map[record.Class]bool
	}{
		"frames of no type":     {settings, ok, []byte{0x21, 0}, anyOf(record.BodyTimeout)},
		"DATA without bytes":    {settings, ok, []byte{0, 0}, anyOf(record.BodyTimeout)},
		"1xx":                   {settings, nil, hints, anyOf(record.Malformed, record.BodyTimeout, record.NoAnswerTimeout, record.Other)},
		"a head of 2^61 bytes":  {settings, append([]byte{1}, 0xdf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), []byte{0}, anyOf(record.TooLarge)},
		"SETTINGS twice":        {append(settings, 4, 0), nil, []byte{0x21, 0}, anyOf(record.Malformed, record.StreamReset)},
		"a body beyond limits":  {settings, ok, append([]byte{0, 0x40, 64}, make([]byte, 64)...), anyOf(record.TooLarge)},
		"a head of its table":   {settings, head(0x80), nil, anyOf(record.Malformed, record.Other, record.StreamReset)},
		"frames of the control": {settings, []byte{4, 0}, nil, anyOf(record.Malformed, record.StreamReset)},
	} {
		t.Run(name, func(t *testing.T) {
			url, config := startRawQUIC(t, c.control, func(s *quic.Stream) {
				s.Write(c.opening)
				for large := bytes.Repeat(c.flood, 16<<10/max(len(c.flood), 1)); len(large) > 0; {
					if _, err := s.Write(large); err != nil {
						return
					}
				}
			})
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r := runOne(t, compileURL(t, url), Options{Concurrency: 1, Requests: 2, Protocol: HTTP3, Timeout: 2 * time.Second, MaxBody: 1 << 20, Dial: Dial{TLS: config, Timeout: unhurried().Timeout}})
			runtime.GC()
			runtime.ReadMemStats(&after)
			failed := int64(0)
			for class := range c.want {
				failed += r.Record.Errors[class]
			}
			if failed != 2 {
				t.Errorf("%v, %d succeeded", named(r.Record), r.Record.Succeeded)
			}
			if after.HeapInuse > before.HeapInuse+32<<20 {
				t.Errorf("the heap grew from %d to %d KiB", before.HeapInuse>>10, after.HeapInuse>>10)
			}
		})
	}
}
