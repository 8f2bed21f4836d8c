package cookies

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func parse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// What a server sets, and what it gets with the next request: the rules of RFC
// 6265, and the two that browsers add (public suffixes, loopback is secure).
func TestJar(t *testing.T) {
	for name, c := range map[string]struct {
		from string
		set  []string
		to   string
		want string
	}{
		"host":                  {"http://h.example/a", []string{"sid=1"}, "http://h.example/b", "sid=1"},
		"two":                   {"http://h.example/", []string{"a=1", "b=2"}, "http://h.example/", "a=1; b=2"},
		"longest path first":    {"http://h.example/x/y", []string{"a=1; Path=/", "b=2; Path=/x"}, "http://h.example/x/y", "b=2; a=1"},
		"another host":          {"http://h.example/", []string{"sid=1"}, "http://www.h.example/", ""},
		"domain":                {"http://h.example/", []string{"sid=1; Domain=h.example"}, "http://www.h.example/", "sid=1"},
		"domain of the parent":  {"http://www.h.example/", []string{"sid=1; Domain=.h.example"}, "http://h.example/", "sid=1"},
		"foreign domain":        {"http://h.example/", []string{"sid=1; Domain=other.example"}, "http://other.example/", ""},
		"public suffix":         {"http://h.co.uk/", []string{"sid=1; Domain=co.uk"}, "http://i.co.uk/", ""},
		"path":                  {"http://h.example/", []string{"sid=1; Path=/admin"}, "http://h.example/admin/users", "sid=1"},
		"another path":          {"http://h.example/", []string{"sid=1; Path=/admin"}, "http://h.example/administrator", ""},
		"default path":          {"http://h.example/auth/login", []string{"sid=1"}, "http://h.example/me", ""},
		"below default path":    {"http://h.example/auth/login", []string{"sid=1"}, "http://h.example/auth/me", "sid=1"},
		"secure":                {"https://h.example/", []string{"sid=1; Secure"}, "https://h.example/", "sid=1"},
		"secure, plain":         {"https://h.example/", []string{"sid=1; Secure"}, "http://h.example/", ""},
		"secure, loopback":      {"http://127.0.0.1:8080/", []string{"sid=1; Secure"}, "http://127.0.0.1:8080/", "sid=1"},
		"secure, localhost":     {"http://localhost:8080/", []string{"sid=1; Secure"}, "http://localhost:8080/", "sid=1"},
		"ports are no borders":  {"http://127.0.0.1:8080/", []string{"sid=1"}, "http://127.0.0.1:9090/", "sid=1"},
		"max-age 0":             {"http://h.example/", []string{"sid=1", "sid=; Max-Age=0"}, "http://h.example/", ""},
		"max-age below 0":       {"http://h.example/", []string{"sid=1", "sid=; Max-Age=-1"}, "http://h.example/", ""},
		"expired":               {"http://h.example/", []string{"sid=1", "sid=x; Expires=Wed, 09 Jun 2021 10:18:14 GMT"}, "http://h.example/", ""},
		"max-age beats expires": {"http://h.example/", []string{"sid=1; Max-Age=60; Expires=Wed, 09 Jun 2021 10:18:14 GMT"}, "http://h.example/", "sid=1"},
		"replaced":              {"http://h.example/", []string{"sid=1", "sid=2"}, "http://h.example/", "sid=2"},
		"same name, two paths":  {"http://h.example/", []string{"sid=1; Path=/", "sid=; Path=/a; Max-Age=0"}, "http://h.example/a", "sid=1"},
		"quoted":                {"http://h.example/", []string{`sid="a b"`}, "http://h.example/", `sid="a b"`},
		"equals inside":         {"http://h.example/", []string{"sid=YQ=="}, "http://h.example/", "sid=YQ=="},
		"no name":               {"http://h.example/", []string{"=1"}, "http://h.example/", ""},
		"expired, two digits":   {"http://h.example/", []string{"sid=1", "sid=x; expires=Thu, 01-Jan-70 00:00:01 GMT"}, "http://h.example/", ""},
		"expired, asctime":      {"http://h.example/", []string{"sid=1", "sid=x; Expires=Sun Nov  6 08:49:37 1994"}, "http://h.example/", ""},
		"in the future":         {"http://h.example/", []string{"sid=1; Expires=Wed, 09-Jun-2100 10:18:14 GMT"}, "http://h.example/", "sid=1"},
		"no date":               {"http://h.example/", []string{"sid=1; Expires=tomorrow"}, "http://h.example/", "sid=1"},
		"brackets in the name":  {"http://h.example/", []string{"cart[1]=7"}, "http://h.example/", "cart[1]=7"},
		"JSON":                  {"http://h.example/", []string{`prefs={"a":"ü\b"}`}, "http://h.example/", `prefs={"a":"ü\b"}`},
		"a second line":         {"http://h.example/", []string{"sid=1\r\nX: y"}, "http://h.example/", ""},
		"IPv6":                  {"http://[::1]:80/", []string{"sid=1"}, "http://[::1]:80/", "sid=1"},
	} {
		j := New()
		j.Keep(parse(t, c.from), c.set)
		if got := j.Header(parse(t, c.to), ""); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A Host header of the user's own names the site that cookies belong to.
func TestNamed(t *testing.T) {
	j := New()
	j.Named("127.0.0.1:8080", "shop.example")
	at := parse(t, "http://127.0.0.1:8080/")
	j.Keep(at, []string{"a=1; Domain=shop.example", "b=2; Domain=127.0.0.1"})
	if got := j.Header(at, ""); got != "a=1" {
		t.Errorf("%q", got)
	}
}

// A Cookie header of the user's own stays, but for what the server has set anew.
func TestOwnCookies(t *testing.T) {
	j := New()
	at := parse(t, "http://h.example/")
	if got := j.Header(at, "a=1; b=2"); got != "a=1; b=2" {
		t.Errorf("%q", got)
	}
	j.Keep(at, []string{"b=3"})
	if got := j.Header(at, "a=1; b=2"); got != "a=1; b=3" {
		t.Errorf("%q", got)
	}
}

func FuzzKeep(f *testing.F) {
	for _, s := range []string{"sid=1; Path=/; Max-Age=60", "a=b; Expires=Thu, 01-Jan-70 00:00:01 GMT", `c={"x":1}; Domain=.h.example; Secure; HttpOnly; SameSite=Lax`} {
		f.Add(s)
	}
	at, err := url.Parse("http://h.example/")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, set string) {
		j := New()
		j.Keep(at, []string{set})
		if got := j.Header(at, ""); strings.ContainsFunc(got, control) || got != "" && !strings.Contains(got, "=") {
			t.Errorf("%q gives %q", set, got)
		}
	})
}

// Cookies by the thousand, and long ones, are not all kept and sent.
func TestManyCookies(t *testing.T) {
	u := parse(t, "http://h.example/")
	jar := New()
	for response := range 100 {
		var values []string
		for i := range 1000 {
			values = append(values, fmt.Sprintf("c%d-%d=x", response, i))
		}
		jar.Keep(u, values)
	}
	line := jar.Header(u, "own=1")
	if n := strings.Count(line, "; ") + 1; n != mostSent+1 || !strings.HasPrefix(line, "own=1; ") {
		t.Errorf("%d cookies are sent: %.100s", n, line)
	}
	jar = New()
	jar.Keep(u, []string{"long=" + strings.Repeat("x", mostLength), "fits=" + strings.Repeat("x", mostLength-4), "also=" + strings.Repeat("y", 4000), "third=" + strings.Repeat("z", 4000)})
	if line := jar.Header(u, ""); strings.Contains(line, "long=") || !strings.Contains(line, "fits=") || len(line) > mostLine {
		t.Errorf("%d bytes are sent: %.100s", len(line), line)
	}
}
