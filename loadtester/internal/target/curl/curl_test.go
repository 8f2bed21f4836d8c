package curl

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

var update = flag.Bool("update", false, "record testdata/*.request anew with the curl on this machine")

// Each testdata/*.curl is a command as people have it; NAME.request is what curl
// itself sent for it, byte for byte. Ours has to be the same request, but for
// the names that the two programs give themselves and curl's own Accept: */* and
// Expect: 100-continue.
func TestAsCurlSends(t *testing.T) {
	files, err := filepath.Glob("testdata/*.curl")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".curl"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir("testdata/files")
			golden := filepath.Join("..", strings.TrimSuffix(filepath.Base(file), ".curl")+".request")
			if *update {
				if err := os.WriteFile(golden, record(t, string(text)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			command, err := Parse(string(text), Options{Env: env})
			if err != nil {
				t.Fatal(err)
			}
			set, err := target.Compile(command.Specs, target.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var s target.Scratch
			if diff := cmp.Diff(normal(t, want), normal(t, set.Request(0, &s).Wire)); diff != "" {
				t.Errorf("curl (-) and we (+):\n%s", diff)
			}
		})
	}
}

func env(name string) (string, bool) {
	if name == "TOKEN" {
		return "abc 123", true
	}
	return "", false
}

// normal is a request in a form that can be compared.
func normal(t *testing.T, wire []byte) string {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(wire)))
	if err != nil {
		t.Fatalf("%q: %v", wire, err)
	}
	if strings.HasPrefix(r.Header.Get("User-Agent"), "curl/") {
		r.Header.Del("User-Agent")
	}
	if r.Header.Get("Accept") == "*/*" {
		r.Header.Del("Accept")
	}
	r.Header.Del("Expect")
	r.RequestURI = regexp.MustCompile(`%[0-9a-f]{2}`).ReplaceAllStringFunc(r.RequestURI, strings.ToUpper)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		r.Header.Del("Content-Length") // our boundary has another length
	}
	text, err := httputil.DumpRequest(r, true)
	if err != nil {
		t.Fatal(err)
	}
	// The boundary of a multipart body is anybody's choice.
	return regexp.MustCompile(`-{20,}[0-9A-Za-z]+|loadtester-[0-9a-f]{32}`).ReplaceAllString(strings.ReplaceAll(string(text), "--loadtester-", "loadtester-"), "BOUNDARY")
}

// record is what the real curl sends.
func record(t *testing.T, text string) []byte {
	got, err := recorded(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// recorded runs the real curl with its connections turned to a listener of ours.
func recorded(t *testing.T, text string) ([]byte, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := make(chan []byte, 1)
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		var raw bytes.Buffer
		r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(c, &raw)))
		if err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		got <- raw.Bytes()
		_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	}()
	cmd := exec.Command("bash", "-c", strings.TrimSpace(text)+" --connect-to ::"+listener.Addr().String()+" --max-time 5")
	cmd.Env = append(os.Environ(), "TOKEN=abc 123")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return <-got, nil
}

// The password of a key is none of the file's name.
func TestCertificate(t *testing.T) {
	for given, want := range map[string]string{
		"c.pem": "c.pem", "c.pem:secret": "c.pem", "c.pem:se:cret": "c.pem", `a\:b.pem:secret`: "a:b.pem", `C:\c.pem`: `C:\c.pem`, "/d/c.pem:": "/d/c.pem",
	} {
		if c, err := Parse("curl -E '"+given+"' http://h/", Options{}); err != nil || c.Cert != want {
			t.Errorf("%s: %q, want %q (%v)", given, c.Cert, want, err)
		}
	}
}

func TestConnection(t *testing.T) {
	c, err := Parse(`curl -sSkL --http2-prior-knowledge --unix-socket /tmp/s --cacert ca.pem -m 3 --resolve h:80:127.0.0.1 -o /dev/null -w '%{http_code}' http://h/ http://h/2`, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Insecure || !c.Redirects || !c.H2C || c.UnixSocket != "/tmp/s" || c.CACert != "ca.pem" || c.MaxTime != "3" || len(c.Resolve) != 1 {
		t.Errorf("%+v", c)
	}
	if len(c.Specs) != 2 || c.Specs[1].URL != "http://h/2" {
		t.Errorf("%+v", c.Specs)
	}
	if got := strings.Join(c.Ignored, " "); got != "--silent --show-error --output --write-out" {
		t.Errorf("ignored %q", got)
	}
}

func TestFaults(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "there are 0 commands",
		"wget http://h":                       "does not begin with curl",
		"curl":                                "has no URL",
		"curl -H":                             "--header has no value",
		"curl --what http://h":                "--what is not known",
		"curl -? http://h":                    "-? is not known",
		"curl 'http://h":                      "cannot be read",
		"curl http://h | jq .":                "more than a plain command",
		"curl http://h > out":                 "more than a plain command",
		"curl http://h; rm -rf /":             "there are 2 commands",
		"A=1 curl http://h":                   "more than a plain command",
		"curl http://h -d $(cat /etc/passwd)": "runs another command",
		"curl http://h -H \"A: $NOPE\"":       "NOPE is not set",
		"curl -d a -F b=c http://h":           "several bodies",
		"curl -d @/no/such http://h":          "does not exist",
		"curl -b jar.txt http://h":            "cookie file",
		"curl -H 'no colon' http://h":         "has no colon",
	} {
		_, err := Parse(in, Options{})
		var p *problem.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Message, want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`curl 'http://h/' -H 'A: b' --data-raw $'{"a":"\u0021"}' --compressed`)
	f.Add(`curl -XPOST -d a=b -G h:80/x?y`)
	f.Fuzz(func(t *testing.T, in string) {
		if strings.ContainsAny(in, "@<") || strings.Contains(in, "-T") || strings.Contains(in, "upload") { // no files
			return
		}
		c, err := Parse(in, Options{})
		if err != nil {
			return
		}
		if len(c.Specs) == 0 {
			t.Fatal("no request and no error")
		}
		_, _ = target.Compile(c.Specs, target.Options{})
	})
}
