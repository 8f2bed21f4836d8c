package har

import (
	"bytes"
	"io"
	"mime/multipart"
	"strings"
	"testing"
)

// The fields of a multipart form are put together again, with the boundary that
// the header names; a form without one is left out by name.
func TestMultipart(t *testing.T) {
	entry := func(kind string) string {
		return `{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"POST","url":"http://a.example/up","headers":[{"name":"content-type","value":"` + kind + `"}],
		"postData":{"mimeType":"` + kind + `","params":[{"name":"f","fileName":"ä.txt","contentType":"text/plain","value":"hi"},{"name":"g","value":"1"}]}}}`
	}
	r, err := Read([]byte(`{"log":{"entries":[`+entry("multipart/form-data; boundary=----X")+`,`+entry("multipart/form-data")+`]}}`), "x.har", Options{})
	if err != nil || len(r.Specs) != 1 || !strings.Contains(r.Left(), "1 with parts of a form and no boundary") {
		t.Fatalf("%v, %+v", err, r)
	}
	if !bytes.Contains(r.Specs[0].Body, []byte(`form-data; name="f"; filename="ä.txt"`)) {
		t.Errorf("not as a browser writes it: %q", r.Specs[0].Body)
	}
	parts := multipart.NewReader(bytes.NewReader(r.Specs[0].Body), "----X")
	for _, want := range [][4]string{{"f", "ä.txt", "text/plain", "hi"}, {"g", "", "", "1"}} {
		p, err := parts.NextPart()
		if err != nil {
			t.Fatalf("%v in %q", err, r.Specs[0].Body)
		}
		value, _ := io.ReadAll(p)
		if got := [4]string{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(value)}; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// An entry that cannot be sent is left out by its number, and the others are sent.
func TestMalformedEntries(t *testing.T) {
	entry := func(url, value string) string {
		return `{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"` + url + `","headers":[{"name":"X-A","value":"` + value + `"}]}}`
	}
	text := `{"log":{"entries":[` + strings.Join([]string{
		entry("http://a.example/1", "a"), entry("http://a.example/%zz", "a"), entry("http://a.example/a b", "a"), entry("http://a.example/2", `a\nb`), entry("http://a.example/3", "a"),
	}, ",") + `]}}`
	r, err := Read([]byte(text), "x.har", Options{})
	if err != nil || len(r.Specs) != 2 || r.Specs[1].URL != "http://a.example/3" {
		t.Fatalf("%v, %+v", err, r)
	}
	for _, want := range []string{"malformed (entry 2", "malformed (entry 3", "malformed (entry 4"} {
		if !strings.Contains(r.Left(), want) {
			t.Errorf("%q is not in %q", want, r.Left())
		}
	}
}
