package har

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

func read(t *testing.T, o Options) *target.Recording {
	data, err := os.ReadFile("testdata/shop.har")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(data, "shop.har", o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Only the first request's host is sent to, unless others are named.
func TestRead(t *testing.T) {
	r := read(t, Options{})
	want := []target.Spec{
		{Method: "GET", URL: "https://shop.example.com/", Header: []target.Field{{Name: "accept", Value: "text/html"}, {Name: "cookie", Value: "sid=1"}}},
		{Method: "POST", URL: "https://shop.example.com/api/cart?x=%20", At: 250 * time.Millisecond,
			Header: []target.Field{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"id":7,"tpl":"{{seq}}"}`)},
		{Method: "POST", URL: "https://shop.example.com/login", At: time.Second,
			Header: []target.Field{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}, Body: []byte("user=a%40b&p=x+y")},
		{Method: "PUT", URL: "https://shop.example.com/avatar", At: 1500 * time.Millisecond, Header: []target.Field{{Name: "Content-Type", Value: "image/png"}}, Body: []byte("\x89PNG")},
	}
	for i := range want {
		want[i].Exact, want[i].File = true, "shop.har"
	}
	if diff := cmp.Diff(want, r.Specs); diff != "" {
		t.Error(diff)
	}
	if got := r.Left(); got != "1 not http, 1 to cdn.example.net" {
		t.Error(got)
	}
	set, err := target.Compile(r.Specs, target.Options{Recorded: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Offsets) != 4 || set.Offsets[1] != 250*time.Millisecond || !set.Static() {
		t.Errorf("%v", set.Offsets)
	}
}

func TestChoice(t *testing.T) {
	r := read(t, Options{Hosts: []string{"CDN.example.net"}, Base: "http://127.0.0.1:8080/mirror/"})
	if len(r.Specs) != 1 || r.Specs[0].URL != "http://127.0.0.1:8080/mirror/app.js?v=1" {
		t.Errorf("%+v", r.Specs)
	}
	if r = read(t, Options{Methods: []string{"get"}}); len(r.Specs) != 1 {
		t.Errorf("%+v", r.Specs)
	}
}

func TestFaults(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "f:1: it is not a HAR file",
		"{\n\n\"log\": 3}":       "f:3: it is not a HAR file",
		"{}":                     "f: it is not a HAR file: it has no log",
		`{"log":{"entries":[]}}`: "f: there is no request to send (it has no entries)",
		`{"log":{"entries":[{"startedDateTime":"today","request":{"url":"http://h/"}}]}}`: "f: there is no request to send (left out: 1 malformed (entry 1: the time today",
	} {
		_, err := Read([]byte(in), "f", Options{})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	data, err := os.ReadFile("testdata/shop.har")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, in []byte) {
		if r, err := Read(in, "f", Options{}); err == nil {
			_, _ = target.Compile(r.Specs, target.Options{Recorded: true})
		}
	})
}
