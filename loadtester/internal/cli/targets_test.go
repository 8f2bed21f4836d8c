package cli

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Each source of requests, through the whole tool, against a server that writes
// down what it got.
func TestSources(t *testing.T) {
	var mu sync.Mutex
	var got []string
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		got = append(got, strings.TrimSpace(r.Method+" "+r.URL.String()+" "+string(body)+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Cookie")))
		mu.Unlock()
		if r.URL.Path == "/login" {
			w.Header().Set("Set-Cookie", "sid=7")
			_, _ = io.WriteString(w, `{"data":{"token":"t1"}}`)
		}
	})
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "BASE", url)), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	users := write("users.csv", "email\na@x\nb@x\n")
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"vegeta": {[]string{"--targets", write("t.http", "GET BASE/a\n\nDELETE BASE/b\n"), "--requests", "2"}, []string{"DELETE /b", "GET /a"}},
		"plan": {[]string{"--targets", write("p.yaml", "targets: [{get: \"/u/{{users.email}}\"}]\n"), url, "--feed", users, "--requests", "2"},
			[]string{"GET /u/a%40x", "GET /u/b%40x"}},
		"chain": {[]string{"run", "--targets", write("c.yaml", "base: BASE\ncookies: true\nchain:\n  - {post: /login, json: {u: 1}, save: {token: body.data.token}}\n  - {get: /me, header: {Authorization: \"Bearer {{$token}}\"}}\n"), "--requests", "1"},
			[]string{`GET /me  Bearer t1 sid=7`, `POST /login {"u":1}`}},
		"curl": {[]string{"--curl", "curl -X PUT -d 'a=1' " + url + "/c", "--requests", "1"}, []string{"PUT /c a=1"}},
		"har": {[]string{"--har", write("h.har", `{"log":{"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"https://recorded.example/x?y=1","headers":[]}}]}}`), url},
			[]string{"GET /x?y=1"}},
		"replay": {[]string{url, "--speed", "10", "--replay", write("a.log", "- - - [10/Oct/2026:13:55:36 +0000] \"GET /one HTTP/1.1\" 200 1\n- - - [10/Oct/2026:13:55:38 +0000] \"GET /two HTTP/1.1\" 200 1\n")},
			[]string{"GET /one", "GET /two"}},
	} {
		got = nil
		code, stdout, stderr := tool(t, append(c.args, "-q")...)
		if code != 0 {
			t.Errorf("%s: exit %d\n%s%s", name, code, stdout, stderr)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestSourceFaults(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing":      {[]string{"run"}, "there is no URL to test"},
		"two":          {[]string{"run", "--targets", "a", "--har", "b"}, "--targets and --har exclude each other"},
		"missing":      {[]string{"run", "--targets", "/no/such.yaml"}, "the file /no/such.yaml does not exist"},
		"log no base":  {[]string{"run", "--replay", os.DevNull}, "an access log holds no host"},
		"no scheme":    {[]string{"run", "--curl", "curl 'ftp://h/'"}, `unknown scheme "ftp"`},
		"feeder":       {[]string{"http://127.0.0.1:1/{{x.y}}"}, "{{x.y}} is unknown"},
		"feeder file":  {[]string{"http://127.0.0.1:1/", "--feed", "/no/such.csv"}, "the file /no/such.csv does not exist"},
		"curl and url": {[]string{"run", "http://h/", "--curl", "curl http://h/ http://i/"}, "several URLs"},
		"body":         {[]string{"run", "http://h/", "--curl", "curl http://h/", "--body", "x"}, "--body and --curl exclude each other"},
		"invalid":      {[]string{"http://h/", "--invalid"}, "--invalid is for --openapi only"},
		"operation":    {[]string{"http://h/", "--openapi", "../target/openapi/testdata/shop.yaml", "--operation", "nope"}, `the document has no operation "nope"`},
		"set":          {[]string{"http://h/", "--openapi", "../target/openapi/testdata/shop.yaml", "--set", "nope=1"}, "--set nope: no chosen operation has it"},
		"document":     {[]string{"http://h/", "--openapi", "targets.go"}, "it is not an OpenAPI document"},
		"speed":        {[]string{"http://h/", "--speed", "0"}, "the speed 0 is not above 0"},
	} {
		code, stdout, stderr := tool(t, c.args...)
		if code != 2 || stdout != "" || !strings.Contains(stderr, c.want) || !strings.Contains(stderr, "\nhint: ") {
			t.Errorf("%s: exit %d, %q, %q", name, code, stdout, stderr)
		}
	}
}
