package curl

import (
	"strings"
	"testing"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// What curl would do and loadtester cannot is refused by name, and nothing else is
// sent in its place.
func TestRefusedByName(t *testing.T) {
	for command, want := range map[string]string{
		"curl 'http://h/[1-3]'":                               "has a glob",
		"curl 'http://h/{a,b}'":                               "has a glob",
		"curl 'http://h{1,2}/a'":                              "has a glob",
		"curl -0 http://h/":                                   "--http1.0",
		"curl --http1.0 http://h/":                            "--http1.0",
		"curl -d x -H 'Transfer-Encoding: chunked' http://h/": "Transfer-Encoding",
		`curl -d $'a\cA' http://h/`:                           "control escape",
		"curl ^\"http://h/^\" | more":                         "more than a plain command",
		"curl ^\"http://h/^\"\r\n-H ^\"a: b^\"":               "several lines",
		"curl ^\"http://h/^\" -H \"a":                         "not closed",
		"curl.exe http://h/ `\n | more":                       "more than a plain command",
		"curl.exe http://h/ `\n -H \"a: $token\"":             "variable of PowerShell",
		"curl.exe http://h/ `\n -H \"a: $env:NOBODY\"":        "NOBODY is not set",
		"curl.exe http://h/ `\n -d '{\"a\"":                   "not closed",
		"curl.exe http://h/ `\n -d \"`u{41}\"":                "escape",
		"Invoke-WebRequest -Uri http://h/":                    "PowerShell's own",
	} {
		if _, err := Parse(command, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", command, err, want)
		}
	}
	for _, command := range []string{"curl 'http://[::1]:80/a'", "curl 'http://h/{{seq}}?a={{rand 1 9}}'", `curl -d $'a\\cA' http://h/`} {
		if _, err := Parse(command, Options{}); err != nil {
			t.Errorf("%s: %v", command, err)
		}
	}
}

// An empty User-Agent is none: loadtester does not put its own in its place.
func TestNoUserAgent(t *testing.T) {
	for command, want := range map[string]bool{"curl -A '' http://h/": false, "curl -H 'User-Agent:' http://h/": false, "curl http://h/": true} {
		c, err := Parse(command, Options{})
		if err != nil {
			t.Fatal(err)
		}
		set, err := target.Compile(c.Specs, target.Options{UserAgent: "loadtester/1"})
		if err != nil {
			t.Fatal(err)
		}
		wire := string(set.Request(0, new(target.Scratch)).Wire)
		if strings.Contains(wire, "User-Agent") != want {
			t.Errorf("%s sends %q", command, wire)
		}
	}
}
