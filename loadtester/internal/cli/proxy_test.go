package cli

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
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
		status string
		want   map[string]int
	}{
		{"/307", true, "200", map[string]int{"POST /307 b t": 1, "POST /end b t": 1}},
		{"/303", true, "200", map[string]int{"POST /303 b t": 1, "GET /end  t": 1}},
		{"/307", false, "307", map[string]int{"POST /307 b t": 1}},
		{"/away", true, "307", map[string]int{"POST /away b t": 1}},
		{"/loop", true, "302", map[string]int{"POST /loop b t": 1, "GET /loop  t": 10}},
	} {
		clear(got)
		args := []string{url + c.path, "--method", "POST", "--body", "b", "-H", "Authorization: t", "--requests", "1", "--expect-status", c.status}
		if c.follow {
			args = append(args, "--follow")
		}
		code, stdout, stderr := tool(t, args...)
		if code != 0 {
			t.Errorf("%s: exit %d\n%s%s", c.path, code, stdout, stderr)
		}
		for request, n := range c.want {
			if got[request] != n {
				t.Errorf("%s (follow %v): %v, want %v", c.path, c.follow, got, c.want)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s (follow %v): %v, want %v", c.path, c.follow, got, c.want)
		}
	}
	if strangers.Load() != 0 {
		t.Errorf("a host that nobody named got %d requests", strangers.Load())
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
