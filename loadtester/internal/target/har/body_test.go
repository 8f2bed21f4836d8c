package har

import (
	"strings"
	"testing"
	"time"
)

// Entries in the forms of browsers and proxies: what was sent is sent, and what the
// archive has not is left out by name.
func TestForms(t *testing.T) {
	long := strings.Repeat("x", cutFrom)
	for name, c := range map[string]struct {
		entry string // beside an ordinary one
		body  string
		left  string // "": it is sent
	}{
		"Chrome, JSON":                 {`"request":{"method":"POST","url":"http://h/a","headers":[{"name":":authority","value":"h"},{"name":"content-length","value":"7"}],"bodySize":7,"postData":{"mimeType":"application/json","text":"{\"a\":1}"}}`, `{"a":1}`, ""},
		"Chrome, its cache":            {`"_fromCache":"disk","request":{"method":"GET","url":"http://h/a","headers":[]}`, "", "1 from the browser's cache"},
		"Chrome, an upload":            {`"request":{"method":"POST","url":"http://h/a","headers":[{"name":"content-length","value":"2048"}],"bodySize":2048}`, "", "1 with a body that the archive has not"},
		"Chrome, bytes that are lost":  {`"request":{"method":"POST","url":"http://h/a","headers":[{"name":"content-length","value":"4"}],"postData":{"mimeType":"image/png","text":"\ufffdPNG"}}`, "", "1 with a body that the archive has not"},
		"Firefox, bytes as characters": {`"request":{"method":"POST","url":"http://h/a","headers":[{"name":"Content-Length","value":"4"}],"bodySize":4,"postData":{"mimeType":"image/png","params":[],"text":"\u0089PNG"}}`, "\x89PNG", ""},
		"Firefox, cut short":           {`"request":{"method":"POST","url":"http://h/a","headers":[{"name":"Content-Length","value":"9000000"}],"postData":{"mimeType":"text/plain","text":"` + long + `"}}`, "", "1 with a body that the archive has not"},
		"Firefox, HTTP/3":              {`"request":{"bodySize":0,"method":"GET","url":"http://h/a","httpVersion":"HTTP/3","headers":[],"cookies":[],"queryString":[],"headersSize":99}`, "", ""},
		"Safari, no zone":              {`"startedDateTime":"2024-05-01T10:00:01.5","request":{"method":"GET","url":"http://h/a","headers":[],"bodySize":-1}`, "", ""},
		"a zone without a colon":       {`"startedDateTime":"2024-05-01T12:00:01.500+0200","request":{"method":"GET","url":"http://h/a","headers":[]}`, "", ""},
		"a time that is none":          {`"startedDateTime":"yesterday","request":{"method":"GET","url":"http://h/a","headers":[]}`, "", "1 malformed (entry 2: the time yesterday is not ISO 8601)"},
		"base64 that is none":          {`"request":{"method":"POST","url":"http://h/a","postData":{"encoding":"base64","text":"%"}}`, "", "1 malformed (entry 2: its body is not base64)"},
		"a file without its content":   {`"request":{"method":"POST","url":"http://h/a","postData":{"mimeType":"multipart/form-data; boundary=x","params":[{"name":"f","fileName":"a.png","contentType":"image/png"}]}}`, "", "1 with a body that the archive has not"},
		"edited by hand":               {`"request":{"method":"POST","url":"http://h/a","headers":[{"name":"Content-Length","value":"9"}],"postData":{"mimeType":"application/json","text":"{\"id\":12345}"}}`, `{"id":12345}`, ""},
		"no body at all":               {`"request":{"method":"POST","url":"http://h/a","headers":[{"name":"Content-Length","value":"0"}],"bodySize":0}`, "", ""},
	} {
		archive := `{"log":{"entries":[{"startedDateTime":"2024-05-01T10:00:00Z","request":{"method":"GET","url":"http://h/"}},{"startedDateTime":"2024-05-01T10:00:02Z",` + c.entry + `}]}}`
		r, err := Read([]byte(archive), "f", Options{})
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case r.Left() != c.left || len(r.Specs) == 2 != (c.left == ""):
			t.Errorf("%s: %d requests, left out: %s", name, len(r.Specs), r.Left())
		case c.left == "" && string(r.Specs[1].Body) != c.body:
			t.Errorf("%s: the body %q", name, r.Specs[1].Body)
		case strings.Contains(c.entry, "12:00:01") && r.Specs[1].At != 1500*time.Millisecond:
			t.Errorf("%s: it is sent at %v", name, r.Specs[1].At)
		}
	}
}

// Cookies that stand beside the header only are sent as well.
func TestCookiesBesideTheHeader(t *testing.T) {
	r, err := Read([]byte(`{"log":{"entries":[{"request":{"method":"GET","url":"http://h/","cookies":[{"name":"a","value":"1"},{"name":"b","value":"2"}]}},
		{"request":{"method":"GET","url":"http://h/","headers":[{"name":"cookie","value":"a=1"}],"cookies":[{"name":"a","value":"1"}]}}]}}`), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"a=1; b=2", "a=1"} {
		if h := r.Specs[i].Header; len(h) != 1 || h[0].Value != want {
			t.Errorf("%v, want %s", h, want)
		}
	}
}
