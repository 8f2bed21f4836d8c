package h2

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// Our block says the same to a real decoder, and needs no dynamic table.
func TestBlock(t *testing.T) {
	block := AppendBlock(nil, "PUT", "https", "api.example.com:8443", "/a?b=c", []Field{{"content-type", "application/json"}, {"x-long", strings.Repeat("ab", 200)}})
	fields, err := hpack.NewDecoder(0, nil).DecodeFull(block)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range fields {
		got = append(got, f.Name+"="+f.Value)
	}
	want := ":method=PUT :scheme=https :path=/a?b=c :authority=api.example.com:8443 content-type=application/json x-long=" + strings.Repeat("ab", 200)
	if strings.Join(got, " ") != want {
		t.Error(got)
	}
}

// Every status is read, whatever form the server's encoder gives it.
func TestStatus(t *testing.T) {
	for status := 100; status < 1000; status++ {
		text := strconv.Itoa(status)
		var b bytes.Buffer
		e := hpack.NewEncoder(&b)
		e.SetMaxDynamicTableSize(0)
		for _, f := range []hpack.HeaderField{{Name: ":status", Value: text}, {Name: "server", Value: "x"}, {Name: "x-own", Value: "y", Sensitive: true}} {
			if err := e.WriteField(f); err != nil {
				t.Fatal(err)
			}
		}
		plain := append([]byte{0, 7}, ":status"...)
		plain = append(append(plain, 3), text...)
		coded := appendString([]byte{0x40}, ":status")
		coded = appendString(coded, text)
		for _, block := range [][]byte{b.Bytes(), plain, coded} {
			if got, err := Read(block); got.Status != status || got.Length != -1 || err != nil {
				t.Fatalf("%d was read as %+v, %v: %x", status, got, err, block)
			}
		}
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = Read([]byte{0x88, 0x40, 1, 'a', 1, 'b'}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Every length is read, whatever form the server's encoder gives it; what is no
// length is refused.
func TestLength(t *testing.T) {
	forms := func(text string) [][]byte {
		plain := append([]byte{0x0f, 13, byte(len(text))}, text...) // index 28
		coded := appendNumber([]byte{0x0f, 13}, 0x80, 7, hpack.HuffmanEncodeLength(text))
		coded = hpack.AppendHuffmanString(coded, text)
		named := appendString(append([]byte{0x10, 14}, "content-length"...), text)
		short := appendString(appendString([]byte{0x40}, "content-length"), text)
		return [][]byte{plain, coded, named, short}
	}
	for _, n := range []int64{0, 1, 2, 3, 9, 10, 29, 30, 99, 123, 4567, 89_012, 1_234_567, 98_765_432, 1 << 40, 999_999_999_999_999_999} {
		for _, block := range forms(strconv.FormatInt(n, 10)) {
			if got, err := Read(append([]byte{0x88}, block...)); got.Status != 200 || got.Length != n || err != nil {
				t.Errorf("%d was read as %+v, %v: %x", n, got, err, block)
			}
		}
	}
	for _, text := range []string{"", "-1", "x", "1 ", "1000000000000000000000"} {
		for _, block := range forms(text) {
			if got, err := Read(block); err == nil {
				t.Errorf("%q was read as %+v: %x", text, got, block)
			}
		}
	}
	if got, err := Read(append(forms("1")[0], forms("2")[0]...)); err == nil {
		t.Errorf("two lengths were read as %+v", got)
	}
}

func TestFrames(t *testing.T) {
	block := bytes.Repeat([]byte{0x88}, MaxFrame+100)
	wire := AppendHeaders(nil, 5, block, true)
	wire = AppendCode(wire, RstStream, 5, Cancel)
	f, n, err := Next(wire)
	if err != nil || f.Type != Headers || f.Flags != EndStream || f.Stream != 5 || len(f.Payload) != MaxFrame {
		t.Fatal(f.Type, f.Flags, f.Stream, n, err)
	}
	g, m, err := Next(wire[n:])
	if err != nil || g.Type != Continuation || g.Flags != EndHeaders || len(g.Payload) != 100 {
		t.Fatal(g.Type, g.Flags, err)
	}
	r, k, err := Next(wire[n+m:])
	if code, cerr := r.Code(); err != nil || cerr != nil || code != Cancel || n+m+k != len(wire) {
		t.Fatal(r, err)
	}
	for cut := range 9 + 4 {
		if _, size, err := Next(AppendCode(nil, RstStream, 1, 1)[:cut]); size != 0 || err != nil {
			t.Fatal(cut, size, err)
		}
	}
	padded := Frame{Headers, Padded | HasPrio, 1, append([]byte{2, 0, 0, 0, 0, 0}, "abXX"...)}
	if body, err := padded.Body(); string(body) != "ab" || err != nil {
		t.Errorf("%q %v", body, err)
	}
	for _, bad := range []Frame{{Data, Padded, 1, nil}, {Data, Padded, 1, []byte{5, 1}}, {Headers, HasPrio, 1, []byte{1}}} {
		if _, err := bad.Body(); err == nil {
			t.Errorf("%v was read", bad)
		}
	}
}

func TestHead(t *testing.T) {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	e.SetMaxDynamicTableSize(0)
	_ = e.WriteField(hpack.HeaderField{Name: ":status", Value: "429"})
	_ = e.WriteField(hpack.HeaderField{Name: "retry-after", Value: "3"})
	if got := string(AppendHead(nil, b.Bytes(), 429)); got != "HTTP/1.1 429 \r\nretry-after: 3\r\n\r\n" {
		t.Errorf("%q", got)
	}
}

// What Read reads is what a real decoder reads.
func FuzzRead(f *testing.F) {
	f.Add([]byte{0x88})
	for k := byte(1); k <= 61; k++ { // the whole static table
		f.Add([]byte{0x80 | k})
	}
	f.Add(append([]byte{0x20, 0x48, 3}, "201"...))
	f.Add(appendString(appendString([]byte{0x40}, ":status"), "429"))
	f.Fuzz(func(t *testing.T, block []byte) {
		head, err := Read(block)
		fields, realErr := hpack.NewDecoder(0, nil).DecodeFull(block)
		if err != nil || realErr != nil { // it checks values that we pass over
			return
		}
		// What a head takes when it is written out is known before that.
		want, takes := Head{Length: -1, Size: head.Size}, 0
		for _, f := range fields {
			takes += len(f.Name) + len(f.Value) + 32
			n, err := strconv.ParseUint(f.Value, 10, 62)
			switch {
			case f.Name != ":status" && f.Name != "content-length":
			case err != nil:
				t.Fatalf("%x: %s is %q, and was read as %+v", block, f.Name, f.Value, head)
			case f.Name == ":status":
				want.Status = int(n)
			default:
				want.Length = int64(n)
			}
		}
		if head != want {
			t.Fatalf("%x: %+v, not %+v", block, head, want)
		}
		if takes > head.Size {
			t.Fatalf("%x: it takes %d, and %d was said", block, takes, head.Size)
		}
	})
}

func FuzzNext(f *testing.F) {
	f.Add(AppendPreface(nil)[24:])
	f.Fuzz(func(t *testing.T, in []byte) {
		for len(in) > 0 {
			frame, n, err := Next(in)
			if err != nil || n == 0 {
				return
			}
			_, _ = frame.Body()
			_, _ = frame.Code()
			_, _ = frame.Last()
			for k := 0; ; k++ {
				if _, _, ok := frame.Setting(k); !ok {
					break
				}
			}
			in = in[n:]
		}
	})
}
