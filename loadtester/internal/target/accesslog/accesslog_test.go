package accesslog

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// lines is a recording in short: offset, method, URL.
func lines(r *target.Recording) []string {
	var out []string
	for _, s := range r.Specs {
		out = append(out, fmt.Sprintf("%v %s %s", s.At, s.Method, s.URL))
	}
	return out
}

func TestFormats(t *testing.T) {
	for file, want := range map[string][]string{
		"apache.log": {"0s GET http://h/", `500ms GET http://h/a%20b?x="y"`, "2s HEAD http://h/img.png", "3s GET http://h/late"},
		"nginx.log":  {"0s GET http://h/users?page=1", "1s OPTIONS http://h/users", "1.5s GET http://h/%C3%BC%25zz"},
		"caddy.json": {"0s GET http://h/api/items?q=1", "252.1ms GET http://h/api/items/7"},
		"nginx.json": {"0s GET http://h/a?b=c", "1.5s GET http://h/d"},
		"mixed.json": {"0s GET http://h/traefik", "1s GET http://h/elastic", "2s GET http://h/lambda", "3s GET http://h/cloud?x=1"},
	} {
		f, err := os.Open("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(f, file, Options{Base: "http://h"})
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", file, err)
		} else if diff := cmp.Diff(want, lines(r)); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

func TestChoice(t *testing.T) {
	data, err := os.ReadFile("testdata/apache.log")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(strings.NewReader(string(data)), "a", Options{Base: "http://h:8080/v2/", Methods: []string{"POST"}})
	if err != nil || cmp.Diff([]string{"0s POST http://h:8080/v2/login"}, lines(r)) != "" {
		t.Errorf("%v %v", lines(r), err)
	}
	if got := r.Left(); got != "1 HEAD, 1 without a request (the first is line 5), 3 GET" {
		t.Error(got)
	}
	r, err = Read(strings.NewReader(string(data)), "a", Options{Base: "http://h", Limit: 2})
	if err != nil || len(r.Specs) != 2 {
		t.Errorf("%v %v", r, err)
	}
}

// Requests of one second are spread over it; equal ones are compiled once.
func TestSpreadAndShare(t *testing.T) {
	var b strings.Builder
	for k := range 40 {
		fmt.Fprintf(&b, "1.2.3.4 - - [10/Oct/2026:13:55:%02d +0000] \"GET /p%d HTTP/1.1\" 200 1\n", 10+k/20, k%4)
	}
	r, err := Read(strings.NewReader(b.String()), "l", Options{Base: "http://h"})
	if err != nil {
		t.Fatal(err)
	}
	set, err := target.Compile(r.Specs, target.Options{Recorded: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Targets) != 4 || set.Len() != 40 {
		t.Errorf("%d targets, %d requests", len(set.Targets), set.Len())
	}
	for k, at := range set.Offsets {
		if at != time.Duration(k)*50*time.Millisecond {
			t.Fatalf("request %d at %v", k, at)
		}
		if set.Pick(uint64(k)) != k%4 {
			t.Fatalf("request %d is target %d", k, set.Pick(uint64(k)))
		}
	}
}

func TestFaults(t *testing.T) {
	for in, want := range map[string]string{
		"":               "l: there is no request in it",
		"hello\nworld\n": "l:1: it is not an access log: 2 of 2 lines",
		"{\"a\":1}":      "l:1: it is not an access log",
		`- - - [10/Oct/2026:13:55:36 +0000] "DELETE /x HTTP/1.1" 200 1`: "l: there is no request to send (left out: 1 DELETE)",
	} {
		_, err := Read(strings.NewReader(in), "l", Options{Base: "http://h"})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
	if _, err := Read(strings.NewReader("x"), "l", Options{}); err == nil {
		t.Error("no base, no error")
	}
}

// Servers pack old logs; one that is damaged is no shorter log.
func TestPacked(t *testing.T) {
	plain, err := os.ReadFile("testdata/nginx.log")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(plain); err != nil || z.Close() != nil {
		t.Fatal("it cannot be packed")
	}
	want, err := Read(bytes.NewReader(plain), "l", Options{Base: "http://h"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(bytes.NewReader(packed.Bytes()), "l", Options{Base: "http://h"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(want), lines(got)); diff != "" {
		t.Error(diff)
	}
	for _, cut := range []int{2, 12, packed.Len() - 9} {
		if _, err := Read(bytes.NewReader(packed.Bytes()[:cut]), "l", Options{Base: "http://h"}); err == nil {
			t.Errorf("the first %d bytes are taken for a log", cut)
		}
	}
}

// Whatever a log holds, what comes out can be sent.
func FuzzRead(f *testing.F) {
	for _, file := range []string{"apache.log", "nginx.log", "caddy.json", "mixed.json"} {
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range strings.Split(string(data), "\n") {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, in string) {
		r, err := Read(strings.NewReader(in), "l", Options{Base: "http://h", Methods: []string{"GET"}})
		if err != nil {
			return
		}
		if _, err := target.Compile(r.Specs, target.Options{Recorded: true}); err != nil {
			t.Fatalf("%v from %q", err, in)
		}
	})
}

// A line is written at the end of its request; where it says how long that took,
// the request is sent at its start.
func TestStartOfARequest(t *testing.T) {
	for name, lines := range map[string]string{
		"nginx JSON":  `{"msec":"1760104536.500","request_time":"0.400","request":"GET /slow HTTP/1.1"}` + "\n" + `{"msec":"1760104536.300","request_time":"0.100","request":"GET /quick HTTP/1.1"}`,
		"Caddy":       `{"ts":1760104536.5,"duration":0.4,"request":{"method":"GET","uri":"/slow"}}` + "\n" + `{"ts":1760104536.3,"duration":0.1,"request":{"method":"GET","uri":"/quick"}}`,
		"combined":    `- - - [10/Oct/2026:13:55:40 +0000] "GET /slow HTTP/1.1" 200 1 "-" "a" 3.200` + "\n" + `- - - [10/Oct/2026:13:55:38 +0000] "GET /quick HTTP/1.1" 200 1 "-" "a" 0.100`,
		"named field": `- - - [10/Oct/2026:13:55:40 +0000] "GET /slow HTTP/1.1" 200 1 "-" "a" rt=3.2 uct="0.001"` + "\n" + `- - - [10/Oct/2026:13:55:38 +0000] "GET /quick HTTP/1.1" 200 1 "-" "a" rt=0.1 uct="0.001"`,
	} {
		r, err := Read(strings.NewReader(lines), "f", Options{Base: "http://h"})
		if err != nil {
			t.Fatal(name, err)
		}
		if len(r.Specs) != 2 || r.Specs[0].URL != "http://h/slow" || r.Specs[1].At == 0 {
			t.Errorf("%s: %+v", name, r.Specs)
		}
	}
	// What names its start is not moved.
	r, err := Read(strings.NewReader(`{"StartUTC":"2026-10-10T13:55:36.1Z","Duration":900000000,"RequestMethod":"GET","RequestPath":"/b"}`+"\n"+`{"StartUTC":"2026-10-10T13:55:36.0Z","Duration":1,"RequestMethod":"GET","RequestPath":"/a"}`), "f", Options{Base: "http://h"})
	if err != nil || r.Specs[0].URL != "http://h/a" {
		t.Errorf("%+v %v", r, err)
	}
}
