package cli

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Every flag of every command is given in a test of this package.
func TestEveryFlagIsShown(t *testing.T) {
	var tests strings.Builder
	for _, pattern := range []string{"*_test.go", "testdata/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				if strings.HasSuffix(file, ".go") || strings.HasPrefix(line, "$ ") { // not what it prints
					tests.WriteString(line)
				}
			}
		}
	}
	long := regexp.MustCompile(`(?m)^ +(?:-\w, )?--(\[no-\])?([a-z0-9-]+)`)
	for _, command := range []string{"run", "check", "compare", "capacity", "report", "merge"} {
		code, help, _ := tool(t, command, "--help")
		flags := long.FindAllStringSubmatch(help, -1)
		if code != 0 || len(flags) < 5 {
			t.Errorf("%s --help: exit %d, %d flags", command, code, len(flags))
		}
		for _, m := range flags {
			name := "--" + m[2]
			if m[1] != "" {
				name = "--no-" + m[2]
			}
			if !regexp.MustCompile(regexp.QuoteMeta(name) + `\b`).MatchString(tests.String()) {
				t.Errorf("%s of %s is in no test", name, command)
			}
		}
	}
}

// visitors is a server that writes down what it got, with the connection it came
// over.
type visitors struct {
	mu       sync.Mutex
	requests []string
	from     map[string]bool
}

func (v *visitors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.requests = append(v.requests, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+string(body)+" "+r.Header.Get("Cookie")))
	if v.from == nil {
		v.from = map[string]bool{}
	}
	v.from[r.RemoteAddr] = true
	if r.URL.Path == "/login" {
		w.Header().Set("Set-Cookie", "sid=7")
	}
	_, _ = io.WriteString(w, "hello")
}

// take gives the requests so far, sorted, and how many connections they came over.
func (v *visitors) take() (requests []string, connections int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	requests, connections = slices.Sorted(slices.Values(v.requests)), len(v.from)
	v.requests, v.from = nil, nil
	return requests, connections
}

// What single flags change in what is sent.
func TestFlagsOfSending(t *testing.T) {
	v := new(visitors)
	srv := httptest.NewServer(v)
	t.Cleanup(srv.Close)
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "BASE", srv.URL)), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	log := write("a.log", "- - - [10/Oct/2026:13:55:36 +0000] \"GET /one HTTP/1.1\" 200 1\n- - - [10/Oct/2026:13:55:36 +0000] \"DELETE /two HTTP/1.1\" 200 1\n")
	chain := write("c.yaml", "base: BASE\nchain:\n  - {post: /login}\n  - {get: /me}\n")
	for name, c := range map[string]struct {
		args        []string
		want        []string
		connections int // 0: any number
	}{
		"places":        {[]string{srv.URL + "/{{seq}}", "--requests", "2", "-c", "1"}, []string{"GET /1", "GET /2"}, 1},
		"no places":     {[]string{srv.URL + "/{{seq}}", "--no-template", "--requests", "2", "-c", "1"}, []string{"GET /{{seq}}", "GET /{{seq}}"}, 1},
		"no keep-alive": {[]string{srv.URL, "--no-keep-alive", "--requests", "3", "-c", "1"}, []string{"GET /", "GET /", "GET /"}, 3},
		"all methods":   {[]string{srv.URL, "--replay", log, "--repeat", "GET", "--repeat", "DELETE"}, []string{"DELETE /two", "GET /one"}, 0},
		"safe methods":  {[]string{srv.URL, "--replay", log}, []string{"GET /one"}, 0},
		"cookie jar":    {[]string{"run", "--targets", chain, "--cookie-jar", "--requests", "1"}, []string{"GET /me  sid=7", "POST /login"}, 0},
		"no cookie jar": {[]string{"run", "--targets", chain, "--requests", "1"}, []string{"GET /me", "POST /login"}, 0},
	} {
		code, stdout, stderr := tool(t, append(c.args, "-q", "--no-color")...)
		got, connections := v.take()
		if code != 0 || !slices.Equal(got, c.want) || c.connections != 0 && connections != c.connections {
			t.Errorf("%s: exit %d, got %q over %d connections, want %q over %d\n%s%s", name, code, got, connections, c.want, c.connections, stdout, stderr)
		}
	}
}

// A server on a Unix socket is asked for the host of the URL.
func TestUnixSocket(t *testing.T) {
	// Not t.TempDir: the name of a socket has at most 107 bytes.
	dir, err := os.MkdirTemp("", "lt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	hosts := map[string]int{}
	srv := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		hosts[r.Host]++
	})}}
	srv.Start()
	t.Cleanup(srv.Close)
	code, stdout, stderr := tool(t, "http://service.test/x", "--unix-socket", filepath.Join(dir, "s"), "--requests", "5", "-c", "2", "-q")
	if code != 0 || hosts["service.test"] != 5 {
		t.Errorf("exit %d, %v\n%s%s", code, hosts, stdout, stderr)
	}
	code, _, stderr = tool(t, "http://service.test/x", "--unix-socket", filepath.Join(dir, "none"), "-q")
	if code != 2 || !strings.Contains(stderr, filepath.Join(dir, "none")) {
		t.Errorf("no socket: exit %d, %s", code, stderr)
	}
}

// compare and capacity send what a file says, like run.
func TestSourcesOfOtherCommands(t *testing.T) {
	v := new(visitors)
	a, b := httptest.NewServer(v), httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(a.Close)
	t.Cleanup(b.Close)
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	targets := write("t.yaml", "targets:\n  - {get: /a}\n  - {post: /b, body: x}\n")
	har := write("h.har", `{"log":{"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"https://recorded.example/h","headers":[]}}]}}`)
	for name, source := range map[string]struct {
		args []string
		want []string
	}{
		"targets": {[]string{"--targets", targets}, []string{"GET /a", "POST /b x"}},
		"curl":    {[]string{"--curl", "curl -X PUT -d a=1 " + a.URL + "/c"}, []string{"PUT /c a=1"}},
		"har":     {[]string{"--har", har}, []string{"GET /h"}},
	} {
		path := ""
		if name == "curl" {
			path = "/c"
		}
		for command, args := range map[string][]string{
			"compare":  {"compare", a.URL + path, b.URL + path, "--rate", "40", "--duration", "0.5", "-q"},
			"capacity": {"capacity", a.URL + path, "--from", "20", "--max", "20", "--step", "0.3", "--warmup", "0", "--slo", "errors<1%", "-q"},
		} {
			code, stdout, stderr := tool(t, append(args, source.args...)...)
			got, _ := v.take()
			if got = slices.Compact(got); code != 0 || !slices.Equal(got, source.want) {
				t.Errorf("%s with %s: exit %d, got %q, want %q\n%s%s", command, name, code, got, source.want, stdout, stderr)
			}
		}
	}
}
