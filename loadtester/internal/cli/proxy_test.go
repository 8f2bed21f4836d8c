package cli

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// forward is a forward proxy as RFC 9110 has it: absolute requests for http,
// tunnels for https. It writes down what it was asked for.
func forward(t *testing.T) (url string, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var list []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		list = append(list, r.Method+" "+r.RequestURI+" "+r.Header.Get("Proxy-Authorization"))
		mu.Unlock()
		if r.Method != http.MethodConnect {
			r.RequestURI = ""
			r.Header.Del("Proxy-Authorization")
			res, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			defer res.Body.Close()
			w.WriteHeader(res.StatusCode)
			_, _ = io.Copy(w, res.Body)
			return
		}
		server, err := net.Dial("tcp", r.RequestURI)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		client, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			_ = server.Close()
			return
		}
		_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
		go func() { _, _ = io.Copy(client, server); _ = client.Close() }()
	}))
	t.Cleanup(srv.Close)
	return srv.URL, func() []string { mu.Lock(); defer mu.Unlock(); return append([]string{}, list...) }
}

// opened is how many connections a run's JSON counts.
func opened(t *testing.T, stdout string) int {
	t.Helper()
	var data struct {
		Connections struct {
			Opened int `json:"opened"`
			Peak   int `json:"peak"`
		} `json:"connections"`
	}
	if err := json.Unmarshal([]byte(stdout), &data); err != nil {
		t.Fatal(err)
	}
	if data.Connections.Peak < 1 || data.Connections.Peak > data.Connections.Opened {
		t.Errorf("connections: %+v", data.Connections)
	}
	return data.Connections.Opened
}

func TestProxy(t *testing.T) {
	secret := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:s3cret"))
	proxy, asked := forward(t)
	proxy = strings.Replace(proxy, "http://", "http://me:s3cret@", 1)

	plain, hits := echo(t, nil)
	code, stdout, stderr := tool(t, plain+"/x?y=1", "--proxy", proxy, "--requests", "10", "--format", "json")
	if code != 0 || hits.Load() != 10 || strings.Contains(stdout+stderr, "s3cret") {
		t.Fatalf("exit %d, %d requests\n%s%s", code, hits.Load(), stdout, stderr)
	}
	if list := asked(); len(list) != 10 || list[0] != "GET "+plain+"/x?y=1 "+secret {
		t.Errorf("the proxy was asked for %q", list)
	}
	if n := opened(t, stdout); n > 10 {
		t.Errorf("%d connections for 10 requests", n)
	}

	over := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hits.Add(1) }))
	defer over.Close()
	code, stdout, stderr = tool(t, over.URL, "--insecure", "--proxy", proxy, "--concurrency", "2", "--requests", "10", "--format", "json")
	if code != 0 || hits.Load() != 20 {
		t.Fatalf("exit %d, %d requests\n%s%s", code, hits.Load(), stdout, stderr)
	}
	list := asked()[10:]
	if len(list) != opened(t, stdout) || list[0] != "CONNECT "+strings.TrimPrefix(over.URL, "https://")+" "+secret {
		t.Errorf("the proxy was asked for %q, and %d connections were counted", list, opened(t, stdout))
	}
}

// Redirects are followed when asked, with their body where the status keeps it,
// and to the same host only: another one is nobody that the user named.
func TestFollow(t *testing.T) {
	other, strangers := echo(t, nil)
	var mu sync.Mutex
	got := map[string]int{}
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		got[r.Method+" "+r.URL.Path+" "+string(body)+" "+r.Header.Get("Authorization")]++
		mu.Unlock()
		switch r.URL.Path {
		case "/307":
			http.Redirect(w, r, "/end", http.StatusTemporaryRedirect)
		case "/303":
			http.Redirect(w, r, "/end", http.StatusSeeOther)
		case "/away":
			http.Redirect(w, r, other+"/end", http.StatusTemporaryRedirect)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		}
	})
	for _, c := range []struct {
		path   string
		follow bool
		status string // --expect-status; "": none
		exit   int
		want   map[string]int
		says   string
	}{
		{"/307", true, "200", 0, map[string]int{"POST /307 b t": 1, "POST /end b t": 1}, ""},
		{"/303", true, "200", 0, map[string]int{"POST /303 b t": 1, "GET /end  t": 1}, ""},
		{"/307", false, "307", 0, map[string]int{"POST /307 b t": 1}, ""},
		{"/away", true, "307", 0, map[string]int{"POST /away b t": 1}, ""},
		{"/away", true, "", 1, map[string]int{"POST /away b t": 1}, "Redirect to another server"},
		{"/loop", true, "302", 1, map[string]int{"POST /loop b t": 1, "GET /loop  t": 10}, "Redirect loop"},
	} {
		clear(got)
		args := []string{url + c.path, "--method", "POST", "--body", "b", "-H", "Authorization: t", "--requests", "1"}
		if c.status != "" {
			args = append(args, "--expect-status", c.status)
		}
		if c.follow {
			args = append(args, "--follow")
		}
		code, stdout, stderr := tool(t, args...)
		if code != c.exit || !strings.Contains(stdout, c.says) {
			t.Errorf("%s: exit %d, want %d, with %q\n%s%s", c.path, code, c.exit, c.says, stdout, stderr)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (follow %v): %s", c.path, c.follow, d)
		}
	}
	if strangers.Load() != 0 {
		t.Errorf("a host that nobody named got %d requests", strangers.Load())
	}
}

// A visitor keeps the cookies of a redirect on the way to its target, within a chain
// and without one, beside cookies of the user's own; the next visitor has none of them.
func TestFollowKeepsCookies(t *testing.T) {
	var mu sync.Mutex
	var got []string
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		got = append(got, r.URL.Path+" "+r.Header.Get("Cookie"))
		mu.Unlock()
		switch r.URL.Path {
		case "/login":
			w.Header().Add("Set-Cookie", "sid=7; Secure; HttpOnly")
			w.Header().Add("Set-Cookie", "elsewhere=1; Domain=other.example")
			w.Header().Add("Set-Cookie", "admin=1; Path=/admin")
			http.Redirect(w, r, "/home", http.StatusSeeOther)
		case "/home":
			w.Header().Add("Set-Cookie", "seen=1")
		}
	})
	chain := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(chain, []byte("base: "+url+"\ncookies: true\nchain:\n  - post: /login\n    header: {Cookie: \"lang=en; sid=0\"}\n  - get: /me\n  - get: /admin/users\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"alone": {[]string{url + "/login", "--follow", "-H", "Cookie: lang=en; sid=0", "--requests", "2", "--concurrency", "1"},
			[]string{"/login lang=en; sid=0", "/home lang=en; sid=7", "/login lang=en; sid=0", "/home lang=en; sid=7"}},
		"chain": {[]string{"--targets", chain, "--follow", "--requests", "2", "--concurrency", "1"},
			[]string{"/login lang=en; sid=0", "/home lang=en; sid=7", "/me sid=7; seen=1", "/admin/users admin=1; sid=7; seen=1",
				"/login lang=en; sid=0", "/home lang=en; sid=7", "/me sid=7; seen=1", "/admin/users admin=1; sid=7; seen=1"}},
		"chain, not followed": {[]string{"--targets", chain, "--requests", "1", "--concurrency", "1"},
			[]string{"/login lang=en; sid=0", "/me sid=7", "/admin/users admin=1; sid=7"}},
		"chain, not followed, net/http": {[]string{"--targets", chain, "--requests", "1", "--concurrency", "1", "--engine", "nethttp"},
			[]string{"/login lang=en; sid=0", "/me sid=7", "/admin/users admin=1; sid=7"}},
	} {
		got = nil
		code, stdout, stderr := tool(t, c.args...)
		if d := cmp.Diff(c.want, got); code != 0 || d != "" {
			t.Errorf("%s: exit %d, %s\n%s%s", name, code, d, stdout, stderr)
		}
	}
}

// A Host header of the user's own changes what is said, not where it is said, on
// every path.
func TestHostHeader(t *testing.T) {
	hosts := map[string]int{}
	var mu sync.Mutex
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		hosts[r.Host]++
		mu.Unlock()
	})
	for _, engine := range []string{"auto", "nethttp"} {
		code, stdout, stderr := tool(t, url, "-H", "Host: shop.example", "--engine", engine, "--requests", "3")
		if code != 0 {
			t.Errorf("%s: exit %d\n%s%s", engine, code, stdout, stderr)
		}
	}
	if hosts["shop.example"] != 6 || len(hosts) != 1 {
		t.Errorf("%v", hosts)
	}
}
