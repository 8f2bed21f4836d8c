// Package unpack undoes a response's Content-Encoding (RFC 9110, section 8.4.1):
// gzip, deflate, br and zstd. Its data come from the engine, where somebody looks
// at a body; the plain body goes back there.
package unpack

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
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

// Body unpacks a body. Codings are undone from the last one on. It gives at most
// limit bytes; an error comes with what was plain before it.
func Body(encoding string, body []byte, limit int64) (plain []byte, err error) {
	list := codings(encoding)
	for _, coding := range slices.Backward(list) {
		if body, err = one(coding, body, limit); err != nil {
			return body, fmt.Errorf("%s: %w", coding, err)
		}
	}
	return body, nil
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

func one(coding string, body []byte, limit int64) ([]byte, error) {
	var r io.Reader
	from := bytes.NewReader(body)
	switch coding {
	case "identity":
		return body, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			return nil, err
		}
		r = z
	case "deflate":
		// The standard says zlib; many servers send the bare stream.
		z, err := zlib.NewReader(from)
		if err != nil {
			r = flate.NewReader(bytes.NewReader(body))
		} else {
			r = z
		}
	case "br":
		r = brotli.NewReader(from)
	case "zstd":
		z, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		r = z
	default:
		return nil, fmt.Errorf("the coding is not known")
	}
	plain, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(plain)) > limit {
		return plain[:limit], fmt.Errorf("the body is longer than %d bytes", limit)
	}
	return plain, err
}
