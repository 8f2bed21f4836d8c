package cli

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quic-go/quic-go/http3"
)

// --http3 speaks HTTP/3, in a run and in a check, and nothing else where the
// server does not.
func TestHTTP3(t *testing.T) {
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Alt-Svc", `h3=":1"`) // followed by nobody
		fmt.Fprint(w, r.Proto)
	})
	over := httptest.NewTLSServer(answer)
	defer over.Close()
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http3.Server{Handler: answer, TLSConfig: http3.ConfigureTLSConfig(over.TLS.Clone())}
	go func() { _ = s.Serve(socket) }()
	defer socket.Close()
	defer s.Close()
	url := "https://" + socket.LocalAddr().String()
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"open loop":   {[]string{url, "--http3", "-k", "--rate", "50", "--requests", "20", "--expect-body", "=HTTP/3.0"}, 0, "quic-go, HTTP/3"},
		"closed loop": {[]string{url, "--http3", "-k", "-c", "4", "--requests", "20", "--expect-body", "=HTTP/3.0"}, 0, "Successful: 20 (100.0%)"},
		"check":       {[]string{"check", url, "--http3", "-k"}, 0, "GET / HTTP/3"},
		"loop":        {[]string{url, "--http3", "-k", "--engine", "loop", "--requests", "1"}, 2, "the event loop cannot do this run: HTTP/3"},
		"no TLS":      {[]string{strings.Replace(url, "https", "http", 1), "--http3"}, 2, "--http3 needs https://"},
		"certificate": {[]string{url, "--http3", "--requests", "1"}, 2, "--ca-file"},
		"two":         {[]string{url, "--http3", "--http2"}, 2, "--http2"},
	} {
		code, stdout, stderr := tool(t, c.args...)
		if code != c.code || !strings.Contains(stdout+stderr, c.want) {
			t.Errorf("%s: exit %d, want %d with %q\n%s%s", name, code, c.code, c.want, stdout, stderr)
		}
	}
}
