package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/loadtester/internal/check"
)

// shop is a server with a login, whose token opens the rest.
func shop(t *testing.T) (url string) {
	url, _ = echo(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/login":
			w.Header().Set("Set-Cookie", "sid=crumbs-0815; Path=/; HttpOnly")
			_, _ = io.WriteString(w, `{"data": {"token": "tok-0123456789", "user": {"id": 7}}, "code": 200}`)
		case "/echo": // tells everything that it got
			_ = json.NewEncoder(w).Encode(map[string]string{"said": r.Header.Get("Authorization") + " " + r.Header.Get("Cookie") + " " + string(body)})
		case "/bad":
			w.WriteHeader(500)
			_, _ = io.WriteString(w, `{"error": {"code": "NO_STOCK"}}`)
		default:
			_, _ = io.WriteString(w, "hello")
		}
	})
	return url
}

// checked runs a check and reads its JSON form.
func checked(t *testing.T, args ...string) (code int, d check.Data, stderr string) {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	code, stdout, stderr := toolWith(t.Context(), append(append([]string{"check"}, args...), "--format", "json")...)
	if stdout == "" {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	checkSchema(t, "check.schema.json", stdout)
	if err := json.Unmarshal([]byte(stdout), &d); err != nil {
		t.Fatal(err)
	}
	return code, d, stderr
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const shopping = `base: BASE
cookies: true
chain:
  - {post: /login, json: {user: bob, password: hunter2-hunter2}, save: {token: body.data.token, uid: body.data.user.id}, expect: [200]}
  - {post: "/echo?user={{$uid}}&api_key=k-0123456789", header: {Authorization: "Bearer {{$token}}"}, body: "{{$token}} hunter2-hunter2"}
`

// A walk through a chain is shown step by step over each path, without a secret.
func TestCheckOfChain(t *testing.T) {
	url := shop(t)
	plan := writeFile(t, "c.yaml", strings.ReplaceAll(shopping, "BASE", url))
	for _, engine := range []string{"loop", "nethttp"} {
		code, d, stderr := checked(t, "--targets", plan, "--engine", engine)
		if code != 0 || len(d.Requests) != 2 {
			t.Fatalf("%s: exit %d, %+v\n%s", engine, code, d, stderr)
		}
		login, echoed := d.Requests[0], d.Requests[1]
		if login.Line != "POST /login HTTP/1.1" || login.Response.Status != 200 || login.Body.Text != `{"password":"***","user":"bob"}` {
			t.Errorf("%s: %+v %+v", engine, login, login.Body)
		}
		if len(login.Saved) != 2 || login.Saved[0].Value != "*** (14 characters)" || login.Saved[1] != (check.SavedData{Name: "uid", From: "body.data.user.id", Value: "7", Found: true}) {
			t.Errorf("%s: saved %+v", engine, login.Saved)
		}
		if echoed.Line != "POST /echo?user=7&api_key=*** HTTP/1.1" || echoed.Response.Body.Text == "" {
			t.Errorf("%s: %+v", engine, echoed)
		}
		all, _ := json.Marshal(d)
		for _, secret := range []string{"tok-0123456789", "crumbs-0815", "hunter2-hunter2", "k-0123456789"} {
			if strings.Contains(string(all), secret) {
				t.Errorf("%s: %s is shown: %s", engine, secret, all)
			}
		}
	}
	code, stdout, stderr := toolEnvCheck(t, "check", "--targets", plan)
	for _, want := range []string{"PASSED: 2 requests sent; 4 expectations met", "    > POST /login HTTP/1.1", "    < Set-Cookie: sid=***; Path=/; HttpOnly", "Saved uid: 7 from body.data.user.id"} {
		if code != 0 || !strings.Contains(stdout, want) {
			t.Errorf("exit %d, %q is not in:\n%s%s", code, want, stdout, stderr)
		}
	}
}

// toolEnvCheck runs a check as text.
func toolEnvCheck(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	return toolWith(t.Context(), args...)
}

// What is missed is named, with what is there instead; the steps that the walk
// did not come to are told.
func TestCheckNamesWhatIsMissed(t *testing.T) {
	url := shop(t)
	chain := func(steps string) string {
		return writeFile(t, "c.yaml", "base: "+url+"\nchain:\n"+steps)
	}
	for name, c := range map[string]struct {
		args    []string
		missed  string // name, want and got of the one that is missed; empty: none
		sent    int
		notSent int
	}{
		"no such key":   {[]string{"--targets", chain("  - {post: /login, save: {t: body.data.access}}\n  - {get: /}\n")}, "save t | a value at body.data.access | body.data has token, user", 1, 1},
		"no such item":  {[]string{"--targets", chain("  - {post: /login, save: {t: body.data.token.0}}\n")}, "save t | a value at body.data.token.0 | body.data.token is neither an object nor a list", 1, 0},
		"no JSON":       {[]string{"--targets", chain("  - {get: /, save: {t: body.id}}\n")}, "save t | a value at body.id | the body is not JSON", 1, 0},
		"no header":     {[]string{"--targets", chain("  - {get: /, save: {t: header.X-T}}\n")}, "save t | a value at header.X-T | there is none", 1, 0},
		"status":        {[]string{url + "/bad"}, "status | below 400 | 500", 1, 0},
		"wanted status": {[]string{url + "/bad", "--expect-status", "500"}, "", 1, 0},
		"its own":       {[]string{"--targets", chain("  - {get: /bad, expect: [500]}\n  - {get: /, expect: [201, 204]}\n  - {get: /}\n")}, "status | 201 or 204 | 200", 2, 1},
		"body":          {[]string{url + "/", "--expect-body", "goodbye"}, "body | holds goodbye | it does not", 1, 0},
		"timeout":       {[]string{silent(t), "--timeout", "0.3"}, "answer | a whole response | Response timeout", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			code, d, stderr := checked(t, c.args...)
			missed := ""
			for _, r := range d.Requests {
				for _, e := range r.Expectations {
					if !e.Pass {
						missed += e.Name + " | " + e.Want + " | " + e.Got
					}
				}
			}
			if !strings.HasPrefix(missed, c.missed) || (missed == "") != (c.missed == "") || len(d.Requests) != c.sent || len(d.NotSent) != c.notSent || (code == 1) != (missed != "") {
				t.Errorf("exit %d, %d sent, %d not, missed %q\n%s", code, len(d.Requests), len(d.NotSent), missed, stderr)
			}
		})
	}
}

// silent is a server that never answers.
func silent(t *testing.T) string {
	gone := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-gone:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(func() { close(gone); srv.Close() })
	return srv.URL
}

// Every source is checked alike: each of its requests once, in order.
func TestCheckOfEverySource(t *testing.T) {
	url := shop(t)
	log := strings.Repeat("- - - [10/Oct/2026:13:55:36 +0000] \"GET /a HTTP/1.1\" 200 1\n", 3) +
		"- - - [10/Oct/2026:13:55:37 +0000] \"GET /b HTTP/1.1\" 200 1\n"
	har := `{"log":{"entries":[
	 {"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"` + url + `/one","headers":[]}},
	 {"startedDateTime":"2026-01-01T00:00:09Z","request":{"method":"POST","url":"` + url + `/two","headers":[],"postData":{"mimeType":"text/plain","text":"x"}}}]}}`
	document := "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /items: {get: {responses: {'200': {description: ok}}}}\n  /items/{id}: {delete: {parameters: [{name: id, in: path, required: true, schema: {type: integer, enum: [5]}}], responses: {'204': {description: ok}}}}\n"
	weighted := "targets:\n  - {get: /rare, weight: 1}\n  - {get: /often, weight: 9}\n"
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"URL":      {[]string{url + "/x?a=1"}, "GET /x?a=1"},
		"body":     {[]string{url + "/x", "--body", "a=1", "--header", "X-A: b"}, "POST /x"},
		"curl":     {[]string{"--curl", "curl -X PUT -d a=1 " + url + "/c"}, "PUT /c"},
		"log":      {[]string{url, "--replay", writeFile(t, "a.log", log)}, "GET /a, GET /a, GET /a, GET /b"},
		"few":      {[]string{url, "--replay", writeFile(t, "a.log", log), "--requests", "2"}, "GET /a, GET /a"},
		"HAR":      {[]string{"--har", writeFile(t, "h.har", har)}, "GET /one, POST /two"},
		"document": {[]string{url, "--openapi", writeFile(t, "o.yaml", document)}, "GET /items, DELETE /items/5"},
		"weights":  {[]string{url, "--targets", writeFile(t, "t.yaml", weighted)}, "GET /rare, GET /often"},
		"vegeta":   {[]string{"--targets", writeFile(t, "t.txt", "GET "+url+"/v\n\nDELETE "+url+"/w\n")}, "GET /v, DELETE /w"},
	} {
		code, d, stderr := checked(t, c.args...)
		var got []string
		for _, r := range d.Requests {
			got = append(got, strings.TrimSuffix(r.Line, " HTTP/1.1"))
		}
		if code != 0 || strings.Join(got, ", ") != c.want {
			t.Errorf("%s: exit %d, got %q\n%s", name, code, got, stderr)
		}
	}
}

// A check goes where a load would go: HTTP/2, and two servers over one connection
// each.
func TestCheckOverHTTP2AndToTwoServers(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Proto+" "+string(body))
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	code, d, stderr := checked(t, srv.URL+"/x", "--http2", "--insecure", "--body", "hello")
	if code != 0 || d.Requests[0].Line != "POST /x HTTP/2" || d.Requests[0].Response.Body.Text != "HTTP/2.0 hello" || d.Requests[0].Body.Text != "hello" || d.Path != "event loop, HTTP/2" {
		t.Errorf("exit %d, %+v\n%s", code, d, stderr)
	}
	code, d, stderr = checked(t, "--targets", writeFile(t, "t.txt", "GET "+shop(t)+"/a\n\nGET "+shop(t)+"/b\n"))
	if code != 0 || len(d.Requests) != 2 {
		t.Errorf("exit %d, %+v\n%s", code, d, stderr)
	}
}

// A form that holds a whole run is not one of a check.
func TestCheckRefusesFormsOfRuns(t *testing.T) {
	code, _, stderr := toolEnvCheck(t, "check", shop(t), "--format", "hgrm")
	if code != 2 || !strings.Contains(stderr, `a check has no form "hgrm"`) {
		t.Errorf("exit %d: %s", code, stderr)
	}
	file := filepath.Join(t.TempDir(), "check.xml")
	code, _, stderr = toolEnvCheck(t, "check", shop(t)+"/bad", "--format", "junit", "--output", file)
	text, err := os.ReadFile(file)
	if code != 1 || err != nil || !strings.Contains(string(text), `<testcase name="1 GET /bad: status"`) || !strings.Contains(string(text), `failures="1"`) {
		t.Errorf("exit %d: %s\n%s", code, stderr, text)
	}
}
