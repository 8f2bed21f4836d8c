package target

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadBody(t *testing.T) {
	file := filepath.Join(t.TempDir(), "b.json")
	if err := os.WriteFile(file, []byte("from file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for arg, want := range map[string]string{"x": "x", "": "", "@" + file: "from file", "-": "from stdin"} {
		got, err := ReadBody(arg, strings.NewReader("from stdin"))
		if err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", arg, got, err)
		}
	}
	for arg, want := range map[string]string{"@" + file + "x": "does not exist", "@" + filepath.Dir(file): "is a directory"} {
		if _, err := ReadBody(arg, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", arg, err)
		}
	}
}

func TestForm(t *testing.T) {
	body, kind, err := Form([]string{"a=1 &", "b={{rand 1 2}}x y", "c="})
	if err != nil || kind != "application/x-www-form-urlencoded" || string(body) != "a=1+%26&b={{rand 1 2}}x+y&c=" {
		t.Errorf("%s %s %v", body, kind, err)
	}
	if _, _, err := Form([]string{"a"}); err == nil {
		t.Error("a field without = passed")
	}
}

func TestMultipart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.png")
	if err := os.WriteFile(file, []byte("\x89PNG"), 0o600); err != nil {
		t.Fatal(err)
	}
	body, kind, err := Multipart([]string{"title=a;b", "pic=@" + file, "doc=@" + file + ";type=text/x;filename=q.txt"})
	if err != nil {
		t.Fatal(err)
	}
	_, params, _ := mime.ParseMediaType(kind)
	r := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for _, want := range [][4]string{{"title", "", "", "a;b"}, {"pic", "p.png", "image/png", "\x89PNG"}, {"doc", "q.txt", "text/x", "\x89PNG"}} {
		part, err := r.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		content, _ := io.ReadAll(part)
		if got := [4]string{part.FormName(), part.FileName(), part.Header.Get("Content-Type"), string(content)}; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	again, _, _ := Multipart([]string{"title=a;b", "pic=@" + file, "doc=@" + file + ";type=text/x;filename=q.txt"})
	if !bytes.Equal(body, again) {
		t.Error("the same command made other bytes")
	}
}

func TestParseHeader(t *testing.T) {
	for in, want := range map[string]Field{"A: b: c": {"A", "b: c"}, "A:": {"A", ""}, "A;": {"A", ""}} {
		if got, err := ParseHeader(in); err != nil || got != want {
			t.Errorf("%q: %v %v", in, got, err)
		}
	}
	for _, in := range []string{"", "A", ": b", "A B: c"} {
		if _, err := ParseHeader(in); err == nil {
			t.Errorf("%q passed", in)
		}
	}
}
