package accesslog

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// Logs as the programs write them: those of nginx, HAProxy and Caddy were written by
// nginx 1.22, HAProxy 2.6 and Caddy 2.6, those of the others by their documentation.
// Each holds a line without a request where the program writes such a one; it is
// counted with its number. Bodies are sent where the log has them.
func TestLogsOfServers(t *testing.T) {
	all := []string{"GET", "HEAD", "POST"}
	const json, form = `{"name":"Zoë \"Z\"","tags":["a","b"]}`, "user=me&note=a+b"
	for file, c := range map[string]struct {
		want []string
		left string
	}{
		"nginx-nested.json": {[]string{"0s GET http://h/users?page=1&q=a%20b", "250ms POST http://h/users application/json " + json,
			"500ms POST http://h/login application/x-www-form-urlencoded " + form, "750ms HEAD http://h/h%c3%a4.png"}, "1 without a request (the first is line 5)"},
		"nginx-body.json": {[]string{"0s GET http://h/users?page=1&q=a%20b", "59ms POST http://h/users application/json " + json,
			"109ms POST http://h/login application/x-www-form-urlencoded " + form, "242ms HEAD http://h/h%c3%a4.png"}, "1 without a request (the first is line 5)"},
		"nginx-escaped.json": {[]string{"0s GET http://h/users?page=1&q=a%20b", "250ms POST http://h/users " + json,
			"500ms POST http://h/login " + form, "750ms HEAD http://h/h%c3%a4.png"}, "1 without a request (the first is line 5)"},
		"haproxy.log": {[]string{"0s GET http://h/users?page=1&q=a%20b", "88ms POST http://h/users", "167ms POST http://h/login", "236ms HEAD http://h/h%c3%a4.png"},
			"1 without a request (the first is line 5)"},
		"caddy-real.json": {[]string{"0s GET http://h/users?page=1&q=a%20b", "136.09242ms HEAD http://h/h%c3%a4.png"}, "2 POST whose body is not in the log"},
		"caddy.console":   {[]string{"0s GET http://h/users?page=1&q=a%20b", "567ms HEAD http://h/h%c3%a4.png"}, "2 POST whose body is not in the log"},
		"alb.log":         {[]string{"0s GET http://h/items?q=a", "1s POST http://h/items", "2.5s HEAD http://h/"}, "1 without a request (the first is line 4)"},
		"elb.log":         {[]string{"0s GET http://h/a", "250ms GET http://h/b?x=1"}, "1 without a request (the first is line 3)"},
		"iis.log":         {[]string{"0s GET http://h/shop/items.aspx?page=1&q=a+b", "500ms HEAD http://h/", "4m24s GET http://h/later"}, "1 without a request (the first is line 10)"},
		"cloudfront.log":  {[]string{"0s GET http://h/a%20b/h%C3%A4.png", "1s GET http://h/index.html?q=1%26&x=y"}, ""},
		"cloudflare.json": {[]string{"0s GET http://h/items?q=1", "1s HEAD http://h/"}, ""},
		"traefik.log":     {[]string{"0s GET http://h/a", "1s GET http://h/b"}, ""},
		"traefik.json":    {[]string{"0s GET http://h/a?b=1", "1.25s GET http://h/b"}, ""},
		"envoy.log":       {[]string{"0s GET http://h/items?q=a", "1s HEAD http://h/"}, "1 without a request (the first is line 5), 2 POST whose body is not in the log"},
		"gateways.json":   {[]string{"0s GET http://h/get?a=1", "1s GET http://h/ecs?b=c", "2s GET http://h/azure?a=b&c=d"}, "1 POST whose body is not in the log"},
		"pairs.log":       {[]string{"0s GET http://h/a?b=c%20d", "1s GET http://h/users/1"}, "1 without a request (the first is line 3)"},
		"docker.json":     {[]string{"0s GET http://h/a", "1s GET http://h/b", "2s GET http://h/c", "3s GET http://h/d"}, ""},
	} {
		f, err := os.Open("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(f, file, Options{Base: "http://h", Methods: all})
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		var got []string
		for _, s := range r.Specs {
			line := fmt.Sprintf("%v %s %s", s.At, s.Method, s.URL)
			for _, h := range s.Header {
				line += " " + h.Value
			}
			if len(s.Body) > 0 {
				line += " " + string(s.Body)
			}
			got = append(got, line)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", file, d)
		}
		if r.Left() != c.left {
			t.Errorf("%s: left out: %q, want %q", file, r.Left(), c.left)
		}
	}
}

func FuzzLogsOfServers(f *testing.F) {
	names, err := filepath.Glob("testdata/*")
	if err != nil || len(names) == 0 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read(bytes.NewReader(data), "f", Options{Base: "http://h", Methods: []string{"GET", "POST"}})
		if err != nil {
			return
		}
		for _, s := range r.Specs {
			if _, err := target.Compile([]target.Spec{s}, target.Options{}); err != nil {
				t.Errorf("%s %s: %v", s.Method, s.URL, err)
			}
		}
	})
}
