package target

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/problem"
)

func mustCompile(t testing.TB, o Options, specs ...Spec) *Set {
	t.Helper()
	set, err := Compile(specs, o)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestBadURLs(t *testing.T) {
	for _, c := range []struct{ url, message, hint string }{
		{"", "the URL is empty", "give the URL"},
		{"localhost:8080/x", `the URL "localhost:8080/x" has no scheme`, "did you mean http://localhost:8080/x ?"},
		{"api.example.com/users", `the URL "api.example.com/users" has no scheme`, "did you mean https://api.example.com/users ?"},
		{"127.0.0.1", `the URL "127.0.0.1" has no scheme`, "did you mean http://127.0.0.1 ?"},
		{"://x", `the URL "://x" has no scheme`, "http:// or https://"},
		{"ftp://x/", `the URL "ftp://x/" has the unknown scheme "ftp"`, "http and https"},
		{"http://", `the URL "http://" has no host`, "host after the scheme"},
		{"http:///path", `the URL "http:///path" has no host`, "host after the scheme"},
		{"http://:80/", `the URL "http://:80/" has no host`, "host after the scheme"},
		{"http://h:0/", `the URL "http://h:0/" has a bad port "0"`, "1 to 65535"},
		{"http://h:70000/", `the URL "http://h:70000/" has a bad port "70000"`, "1 to 65535"},
		{"http://h:/", `the URL "http://h:/" has a bad port ""`, "1 to 65535"},
		{"http://h:x/", "invalid port", "http://host:port/path"},
		{"http://a b/", "holds a space or a control character", "percent-encode"},
		{"http://h/a\nb", "holds a space or a control character", "percent-encode"},
		{"http://h/%zz", "invalid URL escape", "percent-encode"},
		{"http://[::1/", "missing ']'", "http://host:port/path"},
		{"http://ex!ample/", `the character '!' in its host`, "http://host:port/path"},
		{"http://bücher.example/", "not ASCII", "http://host:port/path"},
		{"http://{{host}}/", "placeholder in its host", "several targets"},
		{"http://u:secret@h:0/?token=abc", `"http://u:***@h:0/?token=***"`, ""},
	} {
		_, err := Compile([]Spec{{URL: c.url, Template: strings.Contains(c.url, "{{")}}, Options{})
		var p *problem.Problem
		if !errors.As(err, &p) {
			t.Errorf("%q: %v is not a problem", c.url, err)
			continue
		}
		if !strings.Contains(p.Message, c.message) || !strings.Contains(p.Hint, c.hint) || p.Hint == "" {
			t.Errorf("%q:\n message %s\n hint    %s", c.url, p.Message, p.Hint)
		}
		if strings.Contains(p.Message+p.Hint, "secret") {
			t.Errorf("%q: the password is printed", c.url)
		}
	}
}

func TestBadSpecs(t *testing.T) {
	for name, c := range map[string]struct {
		spec Spec
		want string
	}{
		"method":             {Spec{Method: "GE T"}, "the method"},
		"connect":            {Spec{Method: "CONNECT"}, "CONNECT"},
		"header name":        {Spec{Header: []Field{{"a b", "c"}}}, "header name"},
		"header line break":  {Spec{Header: []Field{{"A", "b\r\nEvil: 1"}}}, "line break"},
		"content length":     {Spec{Header: []Field{{"Content-Length", "4"}}}, "Content-Length cannot be set"},
		"weight":             {Spec{Weight: -1}, "weight"},
		"unknown place":      {Spec{Template: true, Body: []byte("{{sequence}}")}, "{{sequence}} is unknown"},
		"open place":         {Spec{Template: true, Body: []byte("a {{seq")}, "not closed"},
		"empty place":        {Spec{Template: true, Body: []byte("a {{ }}")}, "empty"},
		"rand order":         {Spec{Template: true, Body: []byte("{{rand 5 1}}")}, "above its highest"},
		"rand words":         {Spec{Template: true, Body: []byte("{{rand a b}}")}, "two whole numbers"},
		"saved outside":      {Spec{Template: true, Body: []byte("{{$token}}")}, "outside a chain"},
		"environment absent": {Spec{Template: true, Body: []byte("{{env NOPE}}")}, "NOPE is not set"},
	} {
		c.spec.URL, c.spec.File, c.spec.Line = "http://h/", "targets.http", 7
		_, err := Compile([]Spec{c.spec}, Options{Env: func(string) (string, bool) { return "", false }})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "targets.http:7: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is sent is read back with net/http's own parser.
func TestWireAndMessageAgree(t *testing.T) {
	users := Feeder{Name: "users", Columns: []string{"email", "id"}, Rows: [][]string{{`a"b@x`, "1"}, {"ü &@x", "2"}}}
	specs := []Spec{
		{URL: "http://127.0.0.1:8080"},
		{URL: "HTTP://LocalHost:80?a=b%20c#frag"},
		{URL: "https://[::1]:443/x|y/ü", Method: "HEAD"},
		{URL: "http://user:pa%20ss@h:81/", Body: []byte(`{"a":1}`)},
		{URL: "http://h/", Method: "POST"},
		{URL: "http://h/", Method: "PUT", Body: []byte("a=b&c=d"), Header: []Field{{"X-A", " 1 "}, {"X-A", "2"}, {"Host", "other.example"}}},
		{URL: "http://h/u/{{users.id}}?m={{email}}", Template: true, Header: []Field{{"X-Id", "{{uuid}}"}, {"X-Mail", "{{email}}"}},
			Body: []byte(`{"n":{{seq}},"m":"{{email}}","r":{{rand 1 6}},"t":"{{text 25}}"}`)},
		{URL: "http://h/{{choice a/b c}}", Template: true, Body: []byte("m={{email}}")},
		{URL: "http://h/literal", Body: []byte("{{seq}}")},
	}
	set := mustCompile(t, Options{UserAgent: "loadtester/test", Feeders: []Feeder{users}, Seed: 7}, specs...)
	var one, two Scratch
	for i := range uint64(3 * len(specs)) {
		r, m := set.Request(i, &one), set.Message(i, &two)
		if k, e := set.Route(i); k != r.Target || e != r.Endpoint {
			t.Fatal("Route and Request differ")
		}
		got, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(r.Wire)))
		if err != nil {
			t.Fatalf("%q: %v", r.Wire, err)
		}
		body, _ := io.ReadAll(got.Body)
		if got.Method != m.Method || got.Host != m.Authority || got.RequestURI != m.Path || !bytes.Equal(body, m.Body) {
			t.Errorf("wire %q\nmessage %+v", r.Wire, m)
		}
		want := http.Header{}
		for _, f := range m.Fields {
			want.Add(f.Name, f.Value)
		}
		got.Header.Del("Content-Length")
		if fmt.Sprint(got.Header) != fmt.Sprint(want) {
			t.Errorf("wire %v\nmessage %v", got.Header, want)
		}
		if int64(len(body)) != got.ContentLength {
			t.Errorf("length %d of %d", got.ContentLength, len(body))
		}
	}
}

func TestEscaping(t *testing.T) {
	odd := Feeder{Name: "f", Columns: []string{"v"}, Rows: [][]string{{"a\"\\\n/ü&\x01"}}}
	spec := Spec{URL: "http://h/{{v}}?raw={{raw f.v}}", Template: true, Method: "POST", Header: []Field{{"X", "{{v}}"}}, Body: []byte(`["{{v}}"]`)}
	var s Scratch
	m := mustCompile(t, Options{Feeders: []Feeder{odd}}, spec).Message(0, &s)
	if want := "/a%22%5C%0A%2F%C3%BC%26%01"; !strings.HasPrefix(m.Path, want) {
		t.Errorf("path %q", m.Path)
	}
	if want := `["a\"\\\n/ü&\u0001"]`; string(m.Body) != want {
		t.Errorf("body %s", m.Body)
	}
	if strings.ContainsAny(m.Fields[0].Value, "\r\n") {
		t.Errorf("header %q", m.Fields[0].Value)
	}
}

// The share of each target is its weight's; the same seed picks the same.
func TestWeights(t *testing.T) {
	weights := []float64{1, 3, 0, 6.5}
	specs := make([]Spec, len(weights))
	for i, w := range weights {
		specs[i] = Spec{URL: fmt.Sprintf("http://h/%d", i), Weight: w}
	}
	set, again := mustCompile(t, Options{Seed: 3}, specs...), mustCompile(t, Options{Seed: 3}, specs...)
	const n = 200_000
	count := make([]float64, len(weights))
	for i := range uint64(n) {
		k := set.Pick(i)
		count[k]++
		if again.Pick(i) != k {
			t.Fatal("the same seed picked another target")
		}
	}
	for i, w := range weights {
		if p := w / 10.5; math.Abs(count[i]/n-p) > 4*math.Sqrt(p*(1-p)/n) {
			t.Errorf("target %d: share %.4f, want %.4f", i, count[i]/n, p)
		}
	}
}

// Each pair of requests is the same one to both servers, and each server comes
// first equally often.
func TestPaired(t *testing.T) {
	set := mustCompile(t, Options{Paired: true, Seed: 1},
		Spec{URL: "http://a/{{seq}}", Template: true, Weight: 1}, Spec{URL: "http://a/x", Weight: 3},
		Spec{URL: "http://b/{{seq}}", Template: true, Weight: 1}, Spec{URL: "http://b/x", Weight: 3})
	first, heavy := 0, 0
	var s Scratch
	for pair := range uint64(10_000) {
		a, b := set.Message(2*pair, &s), set.Message(2*pair+1, &s)
		if a.Path != b.Path || a.Authority == b.Authority || a.Target%2 != b.Target%2 {
			t.Fatalf("pair %d: %s%s and %s%s", pair, a.Authority, a.Path, b.Authority, b.Path)
		}
		if a.Authority == "b" {
			first++
		}
		heavy += a.Target % 2
	}
	if first < 4800 || first > 5200 || heavy < 7300 || heavy > 7700 {
		t.Errorf("of 10,000 pairs b came first in %d, and the heavier target in %d", first, heavy)
	}
}

func TestRandomIsSpread(t *testing.T) {
	set := mustCompile(t, Options{Seed: 9}, Spec{URL: "http://h/{{rand -2 2}}/{{uuid}}/{{uuid}}/{{text 30}}", Template: true})
	var s Scratch
	count, seen := map[string]int{}, map[string]bool{}
	for i := range uint64(5000) {
		path := strings.Split(set.Message(i, &s).Path, "/")
		count[path[1]]++
		for _, p := range path[2:] {
			if seen[p] {
				t.Fatalf("%s came twice", p)
			}
			seen[p] = true
		}
		if u := path[2]; len(u) != 36 || u[14] != '4' || strings.IndexByte("89ab", u[19]) < 0 {
			t.Fatalf("%s is not a version 4 UUID", u)
		}
	}
	for _, v := range []string{"-2", "-1", "0", "1", "2"} {
		if count[v] < 850 || count[v] > 1150 {
			t.Errorf("%s came %d times of 5,000", v, count[v])
		}
	}
}

func TestAllocations(t *testing.T) {
	feeder := Feeder{Name: "u", Columns: []string{"id"}, Rows: [][]string{{"1"}, {"2"}}}
	for name, spec := range map[string]Spec{
		"static":   {URL: "http://h/", Body: []byte("{}")},
		"template": {URL: "http://h/{{seq}}?{{u.id}}", Template: true, Body: []byte(`{"a":"{{uuid}}","b":{{rand 1 9}},"t":{{now}}}`)},
	} {
		var o Options
		if spec.Template {
			o.Feeders = []Feeder{feeder}
		}
		set := mustCompile(t, o, spec)
		var s Scratch
		i := uint64(0)
		set.Request(1<<40, &s)
		if n := testing.AllocsPerRun(1000, func() { i++; set.Request(i, &s) }); n != 0 {
			t.Errorf("%s: %v allocations a request", name, n)
		}
		if set.Static() != (name == "static") {
			t.Errorf("%s: Static is %v", name, set.Static())
		}
	}
}

func TestChain(t *testing.T) {
	token, err := ParseSave("token=body.data.list.0.token")
	if err != nil {
		t.Fatal(err)
	}
	set := mustCompile(t, Options{Chain: true, Cookies: true},
		Spec{URL: "http://h/login", Body: []byte(`{"user":"{{uuid}}"}`), Template: true, Save: []Save{token}, Expect: []int{201}},
		Spec{URL: "http://h/me/{{$token}}", Template: true, Header: []Field{{"Authorization", "Bearer {{$token}}"}}},
		Spec{URL: "http://h/out"})
	var s Scratch
	session := set.Session(0)
	if r, more := session.Next(&s); !more || bytes.Contains(r.Wire, []byte("Cookie")) {
		t.Fatalf("%q", r.Wire)
	}
	session.Response(201, []Field{{"Set-Cookie", "sid=1; Path=/"}, {"set-cookie", "b=2"}}, []byte(`{"data":{"list":[{"token":"t/1"}]}}`))
	r, _ := session.Next(&s)
	for _, want := range []string{"GET /me/t%2F1 HTTP/1.1", "Authorization: Bearer t/1\r\n", "Cookie: sid=1; b=2\r\n"} {
		if !bytes.Contains(r.Wire, []byte(want)) {
			t.Errorf("no %q in %q", want, r.Wire)
		}
	}
	session.Response(200, []Field{{"Set-Cookie", "sid=; Path=/; Max-Age=0"}}, nil)
	if r, _ = session.Next(&s); !bytes.Contains(r.Wire, []byte("\r\nCookie: b=2\r\n")) {
		t.Errorf("%q", r.Wire)
	}
	session.Response(500, nil, nil)
	if _, more := session.Next(&s); more || session.Err() == nil || session.Err().Error() != "step GET /out answered 500" {
		t.Errorf("err %v", session.Err())
	}

	missing := set.Session(1)
	missing.Next(&s)
	missing.Response(201, nil, []byte(`{"data":null}`))
	if missing.Err() == nil || !strings.Contains(missing.Err().Error(), "has no body.data.list.0.token") {
		t.Errorf("err %v", missing.Err())
	}
	if _, err := Compile([]Spec{{URL: "http://h/{{$x}}", Template: true}}, Options{Chain: true}); err == nil || !strings.Contains(err.Error(), "no earlier step saves") {
		t.Errorf("err %v", err)
	}
}

func FuzzCompile(f *testing.F) {
	f.Add("http://h/{{seq}}", "POST", "X", "{{uuid}}", "{{rand 1 2}}")
	f.Add("https://u:p@[::1]:9/?q=1#f", "", "Host", "x", "")
	f.Fuzz(func(t *testing.T, url, method, name, value, body string) {
		set, err := Compile([]Spec{{URL: url, Method: method, Header: []Field{{name, value}}, Body: []byte(body), Template: true}}, Options{})
		if err != nil {
			return
		}
		var s Scratch
		wire := set.Request(3, &s).Wire
		got, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(wire)))
		if err != nil {
			if strings.EqualFold(name, "Host") || strings.EqualFold(name, "Expect") { // net/http is stricter with these than the wire
				return
			}
			t.Fatalf("%q: %v", wire, err)
		}
		if sent, _ := io.ReadAll(got.Body); len(body) > 0 && !strings.Contains(body, "{{") && string(sent) != body {
			t.Fatalf("body %q arrived as %q", body, sent)
		}
	})
}

func BenchmarkRender(b *testing.B) {
	set := mustCompile(b, Options{}, Spec{URL: "http://h/u/{{seq}}", Template: true, Body: []byte(`{"a":"{{uuid}}","b":{{rand 1 9}},"c":"{{text 12}}"}`)})
	var s Scratch
	b.ReportAllocs()
	for i := range uint64(b.N) {
		set.Request(i, &s)
	}
}

// A feeder that no place reads is refused, also beside one that is read.
func TestIdleFeeder(t *testing.T) {
	used, idle := Feeder{Name: "u", Columns: []string{"id"}, Rows: [][]string{{"1"}}}, Feeder{Name: "v", Columns: []string{"id"}, Rows: [][]string{{"1"}}}
	for _, c := range []struct {
		spec Spec
		list []Feeder
		want string
	}{
		{Spec{URL: "http://h/{{u.id}}", Template: true}, []Feeder{used}, ""},
		{Spec{URL: "http://h/{{u.id}}", Template: true}, []Feeder{used, idle}, "no request uses the feeder v"},
		{Spec{URL: "http://h/"}, []Feeder{used}, "no request uses the feeder u"},
	} {
		_, err := Compile([]Spec{c.spec}, Options{Feeders: c.list})
		if got := fmt.Sprint(err); (err == nil) != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s with %d feeders: %v, want %q", c.spec.URL, len(c.list), err, c.want)
		}
	}
}
