package h1

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var limits = &Limits{Head: 300, Body: 1000}

// outcome is all that a caller can see of a parsed response.
type outcome struct {
	status int
	body   string
	used   int
	whole  bool
	close  bool
	err    error
}

// parse feeds text in pieces cut at the given places, and then the end.
func parse(text string, head, eof bool, cuts ...int) outcome {
	var body strings.Builder
	p := Parser{Limits: limits, OnBody: func(b []byte) { body.Write(b) }, KeepHead: true}
	p.Reset(head)
	var o outcome
	from := 0
	for _, to := range append(cuts, len(text)) {
		n, whole, err := p.Feed([]byte(text[from:to]))
		o.used += n
		o.whole, o.err = whole, err
		if err != nil || whole {
			break
		}
		from = to
	}
	if eof && !o.whole && o.err == nil {
		o.whole = p.EOF()
	}
	o.status, o.body, o.close = p.Status, body.String(), p.Close()
	return o
}

var cases = []struct {
	name string
	text string
	head bool
	want outcome
}{
	{"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloXX", false, outcome{200, "hello", -2, true, false, nil}},
	{"bare LF", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", false, outcome{200, "hello", 0, true, false, nil}},
	{"case and blanks", "HTTP/1.1 200 OK\r\ncOnTent-lEngth:  \t5 \r\n\r\nhello", false, outcome{200, "hello", 0, true, false, nil}},
	{"no reason", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", false, outcome{404, "", 0, true, false, nil}},
	{"close", "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", false, outcome{200, "", 0, true, true, nil}},
	{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\nrest", false, outcome{200, "hello0123456789", -4, true, false, nil}},
	{"chunked, trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\nZ: w\r\n\r\n", false, outcome{200, "a", 0, true, false, nil}},
	{"chunked, bare LF", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\na\n0\n\n", false, outcome{200, "a", 0, true, false, nil}},
	{"chunked and length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n1\r\na\r\n0\r\n\r\n", false, outcome{200, "a", 0, true, true, nil}},
	{"until the end", "HTTP/1.1 200 OK\r\n\r\nhello", false, outcome{200, "hello", 0, true, true, nil}},
	{"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, outcome{200, "hi", 0, true, true, nil}},
	{"HTTP/1.0, kept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", false, outcome{200, "hi", 0, true, false, nil}},
	{"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", true, outcome{200, "", 0, true, false, nil}},
	{"204", "HTTP/1.1 204 No Content\r\n\r\n", false, outcome{204, "", 0, true, false, nil}},
	{"304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", false, outcome{304, "", 0, true, false, nil}},
	{"100 first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", false, outcome{201, "ok", 0, true, false, nil}},
	{"folded", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n", false, outcome{200, "", 0, true, false, nil}},
	{"cut off", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", false, outcome{200, "hello", 0, false, false, nil}},
	{"cut off in the head", "HTTP/1.1 200 OK\r\nConte", false, outcome{200, "", 0, false, false, nil}},

	{"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", false, outcome{err: ErrMalformed}},
	{"HTTP/2", "HTTP/2.0 200 OK\r\n", false, outcome{err: ErrMalformed}},
	{"status of two digits", "HTTP/1.1 20 OK\r\n", false, outcome{err: ErrMalformed}},
	{"status of four digits", "HTTP/1.1 2000 OK\r\n", false, outcome{err: ErrMalformed}},
	{"status of letters", "HTTP/1.1 abc OK\r\n", false, outcome{err: ErrMalformed}},
	{"status below 100", "HTTP/1.1 099 OK\r\n", false, outcome{err: ErrMalformed}},
	{"101", "HTTP/1.1 101 Switching Protocols\r\n\r\n", false, outcome{status: 101, err: ErrMalformed}},
	{"no colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", false, outcome{status: 200, err: ErrMalformed}},
	{"blank before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello", false, outcome{status: 200, err: ErrMalformed}},
	{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", false, outcome{status: 200, err: ErrMalformed}},
	{"list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", false, outcome{status: 200, err: ErrMalformed}},
	{"negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", false, outcome{status: 200, err: ErrMalformed}},
	{"no length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", false, outcome{status: 200, err: ErrMalformed}},
	{"folded length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n 5\r\n\r\n", false, outcome{status: 200, err: ErrMalformed}},
	{"chunked twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", false, outcome{status: 200, err: ErrMalformed}},
	{"chunk size of letters", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", false, outcome{status: 200, err: ErrMalformed}},
	{"no chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", false, outcome{status: 200, err: ErrMalformed}},
	{"no end of the chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", false, outcome{status: 200, body: "a", err: ErrMalformed}},
	{"long length", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", false, outcome{status: 200, err: ErrTooLarge}},
	{"long chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", false, outcome{status: 200, err: ErrTooLarge}},
	{"sixteen digits", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0000000000000001\r\na\r\n0000000000000000\r\n\r\n", false, outcome{200, "a", 0, true, false, nil}},
	{"zeros without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000001\r\na\r\n", false, outcome{status: 200, err: ErrTooLarge}},
	{"huge chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n", false, outcome{status: 200, err: ErrTooLarge}},
	{"long head", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 300) + "\r\n\r\n", false, outcome{status: 200, err: ErrTooLarge}},
	{"long trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("X: y\r\n", 60) + "\r\n", false, outcome{status: 200, err: ErrTooLarge}},
	{"endless 1xx", strings.Repeat("HTTP/1.1 102 Wait\r\n\r\n", 200), false, outcome{err: ErrMalformed}},
}

// Each response gives the same outcome whole, cut at every place, in bytes one
// by one, and cut at every two places.
func TestEverySplit(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := c.want
			if want.err == nil {
				want.used += len(c.text)
			}
			check := func(cuts ...int) {
				t.Helper()
				got := parse(c.text, c.head, true, cuts...)
				if want.err != nil {
					got.used, got.close, want.status, got.status = 0, false, 0, 0
				}
				if !errors.Is(got.err, want.err) || fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("cut at %v:\n got %+v\nwant %+v", cuts, got, want)
				}
			}
			check()
			var single []int
			for i := 1; i < len(c.text); i++ {
				check(i)
				single = append(single, i)
			}
			check(single...)
			for i := 1; i < min(len(c.text), 120); i++ {
				for j := i + 1; j < min(len(c.text), 120); j++ {
					check(i, j)
				}
			}
		})
	}
}

func TestOneAfterTheOther(t *testing.T) {
	p := Parser{Limits: limits}
	text := []byte("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 404 NF\r\nContent-Length: 0\r\n\r\n")
	p.Reset(false)
	n, whole, err := p.Feed(text)
	if !whole || err != nil || p.Status != 200 {
		t.Fatal(n, whole, err)
	}
	p.Reset(false)
	if m, whole, err := p.Feed(text[n:]); !whole || err != nil || p.Status != 404 || n+m != len(text) {
		t.Fatal(m, whole, err)
	}
}

// A body of however many chunks is none too long a head; extensions without an end are.
func TestManyChunks(t *testing.T) {
	for name, c := range map[string]struct {
		chunk string
		err   error
	}{
		"plain":      {"1\r\na\r\n", nil},
		"line feeds": {"1\na\n", nil},
		"extensions": {"1;x=y\r\na\r\n", ErrTooLarge},
		"blanks":     {"1 \r\na\r\n", ErrTooLarge},
	} {
		text := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat(c.chunk, 900) + "0\r\n\r\n"
		for _, cuts := range [][]int{nil, {len(text) / 2}, {len(text)/2 + 1}, {len(text)/2 + 2}, {len(text)/2 + 3}} {
			o := parse(text, false, true, cuts...)
			if !errors.Is(o.err, c.err) || o.whole != (c.err == nil) || o.whole && len(o.body) != 900 {
				t.Errorf("%s, cut at %v: %d bytes, whole %v, %v", name, cuts, len(o.body), o.whole, o.err)
			}
		}
	}
}

func TestNoAllocation(t *testing.T) {
	p := Parser{Limits: limits}
	plain := []byte("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello")
	chunked := []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
	if n := testing.AllocsPerRun(1000, func() {
		for _, text := range [][]byte{plain, chunked} {
			p.Reset(false)
			if _, whole, err := p.Feed(text); !whole || err != nil {
				t.Fatal(err)
			}
			p.Reset(false)
			_, _, _ = p.Feed(text[:9])
			_, _, _ = p.Feed(text[9:])
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFeed(b *testing.B) {
	p := Parser{Limits: limits}
	text := []byte("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 22 Nov 2026 15:25:46 GMT\r\nContent-Type: application/octet-stream\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello")
	b.ReportAllocs()
	for b.Loop() {
		p.Reset(false)
		if _, whole, err := p.Feed(text); !whole || err != nil {
			b.Fatal(err)
		}
	}
}

// However a response is cut, the outcome is that of the whole.
func FuzzSplit(f *testing.F) {
	for _, c := range cases {
		f.Add(c.text, c.head, uint16(7), uint16(11))
	}
	f.Fuzz(func(t *testing.T, text string, head bool, a, b uint16) {
		whole := parse(text, head, true)
		if len(text) == 0 {
			return
		}
		i := int(a) % len(text)
		j := i + int(b)%(len(text)-i)
		cut := parse(text, head, true, i, j)
		if whole.err != nil {
			// How much of the body was seen before the error may differ.
			whole.used, cut.used, whole.close, cut.close, whole.status, cut.status = 0, 0, false, false, 0, 0
		}
		if fmt.Sprint(whole) != fmt.Sprint(cut) {
			t.Fatalf("%q cut at %d and %d:\nwhole %+v\n  cut %+v", text, i, j, whole, cut)
		}
	})
}
