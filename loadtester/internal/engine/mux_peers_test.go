package engine

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// nodeServer speaks HTTP/2 in clear text: it allows ten streams, gives small
// windows, echoes bodies, and sends what the path asks for.
const nodeServer = `
const http2 = require('http2')
const s = http2.createServer({ settings: { maxConcurrentStreams: 10, initialWindowSize: 20000, ...JSON.parse(process.argv[2] || '{}') } })
let stays
s.on('stream', (stream, headers) => {
  const path = headers[':path']
  stream.on('error', () => {})
  if (path === '/reset') { stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR); return }
  if (path === '/first-stays' && !stays) { stays = stream; return }
  if (path === '/trailers') {
    stream.respond({ ':status': 200 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ checksum: 'abc' }))
    stream.end('hello')
    return
  }
  if (path === '/goaway') {
    stream.respond({ ':status': 200 })
    stream.end('bye')
    stream.session.goaway(0, stream.id)
    stream.session.close()
    return
  }
  if (path === '/settings') { // and other ones while it answers
    stream.session.settings({ headerTableSize: 100 * (stream.id % 7) })
  }
  if (path === '/large-head') {
    stream.respond({ ':status': 200, 'x-large': 'y'.repeat(40000) })
    stream.end()
    return
  }
  stream.respond({ ':status': 200 })
  stream.pipe(stream)
})
s.listen(0, '127.0.0.1', () => console.log(s.address().port))
process.stdin.on('end', () => process.exit()).resume()
`

// startNode runs nodeServer.
func startNode(t *testing.T, settings string) (url string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "server.js")
	if err := os.WriteFile(file, []byte(nodeServer), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", file, settings)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = cmd.Wait()
	})
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return "http://127.0.0.1:" + strings.TrimSpace(port)
}

// What node's HTTP/2 does is understood: flow control both ways, few streams,
// trailers, large heads, streams that are reset, sessions that end.
func TestMuxWithNode(t *testing.T) {
	url := startNode(t, "{}")
	large := bytes.Repeat([]byte("0123456789"), 100_000)
	paths(t, func(t *testing.T, p PathChoice) {
		for _, c := range []struct {
			path      string
			body      []byte
			succeeded int64
		}{
			{"/", nil, 60}, {"/echo", large, 60}, {"/trailers", nil, 60}, {"/large-head", nil, 60}, {"/goaway", nil, 60}, {"/reset", nil, 0},
		} {
			t.Run(c.path, func(t *testing.T) {
				set, err := target.Compile([]target.Spec{{URL: url + c.path, Body: c.body}}, target.Options{})
				if err != nil {
					t.Fatal(err)
				}
				o := Options{Concurrency: 30, Requests: 60, Protocol: H2C, Path: p, Timeout: 30 * time.Second}
				if p == NetHTTPPath { // which may begin more streams than node takes before it has heard how many
					o.Concurrency = 10
				}
				if c.path == "/goaway" { // one after the other: a session ends with each
					o.Concurrency = 1
				}
				o.Body = func() BodyMatcher { return &length{want: len(c.body)} }
				if c.path == "/trailers" || c.path == "/goaway" {
					o.Body = nil
				}
				r := runOne(t, set, o)
				if r.Record.Succeeded != c.succeeded || r.Record.Sent != 60 {
					t.Errorf("sent %d, succeeded %d, %v", r.Record.Sent, r.Record.Succeeded, named(r.Record))
				}
			})
		}
	})
}

// length is a matcher of bodies of a length.
type length struct{ want, got int }

func (l *length) Reset()        { l.got = 0 }
func (l *length) Feed(b []byte) { l.got += len(b) }
func (l *length) End() bool     { return l.got == l.want }

// The same with nghttpd, where it is installed, in clear text and by ALPN.
func TestMuxWithNghttpd(t *testing.T) {
	program, err := exec.LookPath("nghttpd")
	if err != nil || !loopsHere { // net/http does not send again what is refused
		t.Log("nghttpd is not installed (apt-get install nghttp2-server), or there is no event loop here")
		return
	}
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "large"), make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	// Three streams at a time, and windows of 2^16-1 and less.
	cmd := exec.Command(program, "--no-tls", "-a", "127.0.0.1", "-d", root, "-m", "3", "-w", "14", "--echo-upload", port)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 200 { // until it listens
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			c.Close()
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	url := "http://127.0.0.1:" + port
	for _, c := range []struct {
		spec target.Spec
		want int
	}{
		{target.Spec{URL: url + "/large"}, 3 << 20},
		{target.Spec{URL: url + "/up", Method: http.MethodPost, Body: make([]byte, 500_000)}, 500_000},
	} {
		set, err := target.Compile([]target.Spec{c.spec}, target.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for name, o := range map[string]Options{
			"closed": {Concurrency: 20, Requests: 40},
			"open":   {Schedule: pace.Constant(500).For(0, 40)},
		} {
			o.Protocol, o.Path, o.Timeout = H2C, LoopPath, 30*time.Second
			o.Body = func() BodyMatcher { return &length{want: c.want} }
			if r := runOne(t, set, o); r.Record.Succeeded != 40 {
				t.Errorf("%s %s: succeeded %d, %v", c.spec.URL, name, r.Record.Succeeded, named(r.Record))
			}
		}
	}
}

// Every setting that a server may send is kept: node ends a connection over a
// header block that does not begin with the new size of the table (RFC 7541, 4.2).
func TestMuxKeepsSettings(t *testing.T) {
	for _, settings := range []string{
		`{"headerTableSize": 0}`, `{"headerTableSize": 256}`, `{"headerTableSize": 65536}`, `{"maxFrameSize": 65536}`,
		`{"maxConcurrentStreams": 1}`, `{"initialWindowSize": 1}`, `{"maxHeaderListSize": 4096}`, `{"enableConnectProtocol": true}`,
	} {
		url := startNode(t, settings)
		for _, path := range []string{"/", "/settings"} {
			set, err := target.Compile([]target.Spec{{URL: url + path, Body: []byte("hello")}}, target.Options{})
			if err != nil {
				t.Fatal(err)
			}
			r := runOne(t, set, Options{Concurrency: 1, Requests: 20, Protocol: H2C, Timeout: 10 * time.Second})
			if r.Record.Succeeded != 20 || r.Record.Connections.Opened != 1 {
				t.Errorf("%s %s: %d of 20 over %d connections, %v", settings, path, r.Record.Succeeded, r.Record.Connections.Opened, named(r.Record))
			}
		}
	}
}
