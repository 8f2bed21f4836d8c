// Package unpack undoes a response's Content-Encoding (RFC 9110, section 8.4.1):
// gzip, deflate, br and zstd. Its data come from the engine, where somebody looks
// at a body; the plain body goes back there.
package unpack

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// Packed says that a Content-Encoding changes the body.
func Packed(encoding string) bool {
	return slices.ContainsFunc(codings(encoding), func(c string) bool { return c != "identity" })
}

// ErrTooLong is a body that is longer, when it is unpacked, than it may be.
var ErrTooLong = errors.New("the unpacked body is too long")

// mostCodings is how often a body may be packed: more is no server's need, and each
// multiplies what the others can make of few bytes.
const mostCodings = 5

// Body unpacks a body and hands it on in pieces, so that no more of it is in memory
// than take keeps; take says whether it wants more. Codings are undone from the last one on.
// Of what is longer than limit, the limit is handed on.
func Body(encoding string, body []byte, limit int64, take func(piece []byte) (more bool)) error {
	list := codings(encoding)
	if len(list) > mostCodings {
		return fmt.Errorf("%d codings", len(list))
	}
	var r io.Reader = bytes.NewReader(body)
	for _, coding := range slices.Backward(list) {
		from, end, err := open(coding, r)
		if err != nil {
			return fmt.Errorf("%s: %w", coding, err)
		}
		defer end()
		// Each layer may be as long as the body, so that none costs more than it.
		r = &limited{from, limit}
	}
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 && !take(buf[:n]) {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// limited ends in an error after so many bytes.
type limited struct {
	io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		if n, err := l.Reader.Read(p[:1]); n == 0 && err != nil {
			return 0, err
		}
		return 0, ErrTooLong
	}
	n, err := l.Reader.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

func codings(encoding string) []string {
	var list []string
	for _, c := range strings.Split(strings.ToLower(encoding), ",") {
		if c = strings.TrimSpace(c); c != "" {
			list = append(list, c)
		}
	}
	return list
}

// mostWindow is how far back zstd may look: what RFC 9659 lets HTTP ask for.
const mostWindow = 8 << 20

// open undoes one coding. end gives back what it holds.
func open(coding string, from io.Reader) (r io.Reader, end func(), err error) {
	end = func() {}
	switch coding {
	case "identity":
		return from, end, nil
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(from)
	case "deflate":
		// The standard says zlib; many servers send the bare stream.
		begin := bufio.NewReader(from)
		if head, peekErr := begin.Peek(2); peekErr == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
			r, err = zlib.NewReader(begin)
		} else {
			r = flate.NewReader(begin)
		}
	case "br":
		r = brotli.NewReader(from)
	case "zstd":
		z, zerr := zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(mostWindow))
		if zerr != nil {
			return nil, end, zerr
		}
		r, end = z, z.Close
	default:
		err = errors.New("the coding is not known")
	}
	return r, end, err
}
