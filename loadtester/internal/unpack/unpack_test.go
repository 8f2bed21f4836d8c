package unpack

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

func packed(t *testing.T, open func(io.Writer) io.WriteCloser, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	io.WriteString(w, plain)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBody(t *testing.T) {
	plain := strings.Repeat(`{"token":"hello"}`, 300)
	gz := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	bare := func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 5); return f }
	zst := func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }
	for _, c := range []struct {
		encoding string
		body     []byte
	}{
		{"", []byte(plain)}, {"identity", []byte(plain)},
		{"gzip", packed(t, gz, plain)}, {"X-GZIP", packed(t, gz, plain)},
		{"deflate", packed(t, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }, plain)}, {"deflate", packed(t, bare, plain)},
		{"br", packed(t, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }, plain)}, {"zstd", packed(t, zst, plain)},
		{"gzip, br", packed(t, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }, string(packed(t, gz, plain)))},
	} {
		got, err := Body(c.encoding, c.body, 1<<20)
		if err != nil || string(got) != plain {
			t.Errorf("%s: %d bytes, %v", c.encoding, len(got), err)
		}
		if Packed(c.encoding) == (c.encoding == "" || c.encoding == "identity") {
			t.Errorf("%q is taken for the other", c.encoding)
		}
	}
	for encoding, body := range map[string][]byte{"gzip": []byte("plain"), "br": {1, 2, 3}, "zstd": []byte("plain"), "compress": []byte("x")} {
		if _, err := Body(encoding, body, 1<<20); err == nil {
			t.Errorf("%s took %q", encoding, body)
		}
	}
	bomb := packed(t, gz, strings.Repeat("a", 10<<20))
	if got, err := Body("gzip", bomb, 1<<20); err == nil || len(got) != 1<<20 {
		t.Errorf("a bomb gave %d bytes, %v", len(got), err)
	}
}
