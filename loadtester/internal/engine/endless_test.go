package engine

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// A server of HTTP/1.1 that never comes to the end of something is cut off where that
// is too long for anybody, in both paths and by the same cause.
func TestEndless(t *testing.T) {
	for name, c := range map[string]struct {
		opening, flood string
		want           record.Class
	}{
		"status line":       {"HTTP/1.1 200 ", "x", record.TooLarge},
		"header lines":      {"HTTP/1.1 200 OK\r\n", "X: y\r\n", record.TooLarge},
		"one header":        {"HTTP/1.1 200 OK\r\nX: ", "y", record.TooLarge},
		"folded header":     {"HTTP/1.1 200 OK\r\nX: y\r\n", " y\r\n", record.TooLarge},
		"1xx":               {"", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n", record.Malformed},
		"100 Continue":      {"", "HTTP/1.1 100 Continue\r\n\r\n", record.Malformed},
		"empty lines":       {"", "\r\n", record.Malformed},
		"chunk size":        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "f", record.TooLarge},
		"zeros of a chunk":  {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0", record.TooLarge},
		"one extension":     {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x", record.TooLarge},
		"extensions":        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;x=\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"\r\na\r\n", record.TooLarge},
		"chunks":            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", record.TooLarge},
		"trailers":          {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n", record.TooLarge},
		"one trailer":       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ", "y", record.TooLarge},
		"to the end":        {"HTTP/1.1 200 OK\r\n\r\n", "x", record.TooLarge},
		"a length of -1":    {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "x", record.Malformed},
		"a length of +2":    {"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n", "x", record.Malformed},
		"a huge length":     {"HTTP/1.1 200 OK\r\nContent-Length: 900000000000000000\r\n\r\n", "x", record.TooLarge},
		"chunked, identity": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", "1\r\na\r\n", record.Malformed},
		"chunked, chunked":  {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", record.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			flood := bytes.Repeat([]byte(c.flood), 64<<10/len(c.flood))
			s := startRaw(t, func(conn net.Conn, _ int64) bool {
				for say(conn, c.opening); ; {
					if _, err := conn.Write(flood); err != nil {
						return false
					}
				}
			})
			paths(t, func(t *testing.T, p PathChoice) {
				flat(t, 16<<20, func() {
					r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 1, Requests: 3, Timeout: 20 * time.Second, Dial: unhurried(), Path: p, MaxBody: 4 << 20})
					if r.Record.Errors[c.want] != 3 {
						t.Errorf("want %s: %v, %d succeeded", c.want.Key(), named(r.Record), r.Record.Succeeded)
					}
				})
			})
		})
	}
}

// zeros reads zeros without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A body that few bytes make endless fails as too large where somebody looks at it, and is
// not in memory at once.
func TestBombs(t *testing.T) {
	const plain = plainBody + 1<<20
	pack := func(open func(io.Writer) io.WriteCloser) []byte {
		var b bytes.Buffer
		w := open(&b)
		_, _ = io.CopyN(w, zeros{}, plain)
		w.Close()
		return b.Bytes()
	}
	bombs := map[string][]byte{
		"gzip": pack(func(w io.Writer) io.WriteCloser { z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed); return z }),
		"br":   pack(func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestSpeed) }),
		"zstd": pack(func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }),
	}
	s := startHTTP(t, false, func(w http.ResponseWriter, r *http.Request) {
		coding := strings.TrimPrefix(r.URL.Path, "/")
		w.Header().Set("Content-Encoding", coding)
		_, _ = w.Write(bombs[coding])
	})
	for coding := range bombs {
		paths(t, func(t *testing.T, p PathChoice) {
			for _, protocol := range []Protocol{HTTP1, H2C} {
				flat(t, 48<<20, func() { // less than the body, and more than the window of zstd
					r := runOne(t, compileURL(t, s.URL+"/"+coding), Options{Concurrency: 1, Requests: 1, Timeout: time.Minute, Dial: unhurried(), Path: p, Protocol: protocol, Body: matchAll})
					if r.Record.Errors[record.TooLarge] != 1 {
						t.Errorf("%s: %v, %d succeeded", coding, named(r.Record), r.Record.Succeeded)
					}
				})
			}
		})
	}
}

// matchAll is a matcher that takes every body and keeps nothing.
func matchAll() BodyMatcher { return anyBody{} }

type anyBody struct{}

func (anyBody) Reset()      {}
func (anyBody) Feed([]byte) {}
func (anyBody) End() bool   { return true }

// What a server may say in TLS beside its data, and how long its certificates are, has an end.
func TestHostileTLS(t *testing.T) {
	good := certificate(t, func(*x509.Certificate) {})
	long := good
	for range 12_000 { // some 5 MB
		long.Certificate = append(long.Certificate, good.Certificate[0])
	}
	t.Run("a chain of megabytes", func(t *testing.T) {
		s := startTLS(t, func(int64) tls.Certificate { return long })
		set := compileURL(t, strings.Replace(s.url(), "http:", "https:", 1))
		flat(t, 48<<20, func() { // the server's own 5 MB among them
			_, err := Run(t.Context(), set, Options{Concurrency: 1, Requests: 1, Dial: trusting(good), Timeout: 20 * time.Second})
			if err == nil {
				t.Error("it was taken")
			}
		})
	})
	record22 := func(kind byte, payload ...byte) []byte {
		return append([]byte{kind, 3, 3, byte(len(payload) >> 8), byte(len(payload))}, payload...)
	}
	for name, flood := range map[string][]byte{
		"alerts of warning":   record22(21, 1, 90),
		"empty records":       record22(22),
		"changes of cipher":   record22(20, 1),
		"handshakes of 16 MB": record22(22, 2, 0xff, 0xff, 0xff),
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					go func() {
						defer c.Close()
						go io.Copy(io.Discard, c)
						large := bytes.Repeat(flood, 64<<10/len(flood))
						for {
							if _, err := c.Write(large); err != nil {
								return
							}
						}
					}()
				}
			}()
			_, err = Run(t.Context(), compileURL(t, "https://"+l.Addr().String()), Options{Concurrency: 1, Requests: 1, Dial: Dial{Timeout: 20 * time.Second}})
			if err == nil || strings.Contains(err.Error(), "no TLS handshake") {
				t.Errorf("it lasts until the time is over: %v", err)
			}
		})
	}
}
