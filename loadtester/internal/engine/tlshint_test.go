package engine

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/shared/problem"
)

// Each cause of a failed handshake has a hint of its own, against real servers.
func TestTLSHints(t *testing.T) {
	good := certificate(t, func(*x509.Certificate) {})
	other := certificate(t, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(10, 1, 1, 1)} })
	old := certificate(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) })
	for name, c := range map[string]struct {
		config   *tls.Config // nil: plain HTTP
		trusted  tls.Certificate
		protocol Protocol
		hint     string
	}{
		"plain HTTP":         {nil, good, 0, "is it plain HTTP? write http://127.0.0.1:"},
		"unknown authority":  {&tls.Config{Certificates: []tls.Certificate{good}}, old, 0, "--ca-file FILE names the authority"},
		"host name":          {&tls.Config{Certificates: []tls.Certificate{other}}, other, 0, "a host name of the certificate"},
		"expired":            {&tls.Config{Certificates: []tls.Certificate{old}}, old, 0, "renew the certificate"},
		"protocol":           {&tls.Config{Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, good, 0, "no TLS version in common"},
		"client certificate": {&tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert}, good, 0, "wants a client certificate"},
		"HTTP/2":             {&tls.Config{Certificates: []tls.Certificate{good}, NextProtos: []string{"http/1.1"}}, good, HTTP2, "--http2"},
	} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		if server.TLS = c.config; c.config == nil {
			server.Start()
		} else {
			server.StartTLS()
		}
		_, err := Run(t.Context(), compileURL(t, "https://"+server.Listener.Addr().String()+"/"), Options{
			Concurrency: 1, Requests: 1, Protocol: c.protocol, Dial: trusting(c.trusted), Timeout: 20 * time.Second,
		})
		server.Close()
		var p *problem.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Hint, c.hint) {
			t.Errorf("%s: %v, hint %+v", name, err, p)
		}
	}
}
