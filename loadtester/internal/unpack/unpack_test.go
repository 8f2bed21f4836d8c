package unpack

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"runtime"
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
		got, err := whole(c.encoding, c.body, 1<<20)
		if err != nil || string(got) != plain {
			t.Errorf("%s: %d bytes, %v", c.encoding, len(got), err)
		}
		if Packed(c.encoding) == (c.encoding == "" || c.encoding == "identity") {
			t.Errorf("%q is taken for the other", c.encoding)
		}
	}
	for encoding, body := range map[string][]byte{"gzip": []byte("plain"), "br": {1, 2, 3}, "zstd": []byte("plain"), "compress": []byte("x")} {
		if _, err := whole(encoding, body, 1<<20); err == nil {
			t.Errorf("%s took %q", encoding, body)
		}
	}
}

// whole is a body in one piece.
func whole(encoding string, body []byte, limit int64) (plain []byte, err error) {
	err = Body(encoding, body, limit, func(piece []byte) bool { plain = append(plain, piece...); return true })
	return plain, err
}

// A body that is small where it is packed and endless where it is not costs the limit,
// in time, and a few buffers in memory, whatever packs it and however often.
func TestBombs(t *testing.T) {
	const limit = 16 << 20 // a buffer of it would be seen beside the windows of br and zstd
	gz := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	plain := strings.Repeat("a", 20<<20)
	twice := packed(t, gz, string(packed(t, gz, plain)))
	five := twice
	for range 3 {
		five = packed(t, gz, string(five))
	}
	for name, c := range map[string]struct {
		encoding string
		body     []byte
		want     int
	}{
		"gzip":    {"gzip", packed(t, gz, plain), limit},
		"deflate": {"deflate", packed(t, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }, plain), limit},
		"br":      {"br", packed(t, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }, plain), limit},
		"zstd":    {"zstd", packed(t, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }, plain), limit},
		"twice":   {"gzip, gzip", twice, limit},
		"in five": {"gzip, gzip, gzip, gzip, gzip", five, limit},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n := 0
		err := Body(c.encoding, c.body, limit, func(piece []byte) bool { n += len(piece); return true })
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; !errors.Is(err, ErrTooLong) || n != c.want || took > 12<<20 {
			t.Errorf("%s: %d bytes came, %d KiB were allocated, %v", name, n, took>>10, err)
		}
	}
	if err := Body("gzip"+strings.Repeat(", gzip", 1000), twice, limit, func([]byte) bool { return true }); err == nil {
		t.Error("a thousand codings were undone")
	}
	// The window that it asks for is 1 GiB.
	if _, err := whole("zstd", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00}, limit); err == nil {
		t.Error("a window of 1 GiB was given")
	}
	exact := strings.Repeat("a", limit)
	if got, err := whole("gzip", packed(t, gz, exact), limit); err != nil || string(got) != exact {
		t.Errorf("a body of the limit: %d bytes, %v", len(got), err)
	}
	n := 0
	if err := Body("gzip", packed(t, gz, plain), limit, func(piece []byte) bool { n += len(piece); return false }); err != nil || n > 64<<10 {
		t.Errorf("%d bytes came after enough, %v", n, err)
	}
}
