package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority is a certificate authority of a test.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, dir: t.TempDir()}
	a.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.file, _, a.key = a.issue("ca", a.cert, nil)
	return a
}

// issue writes a certificate and its key; parentKey nil: it signs itself.
func (a *authority) issue(name string, form *x509.Certificate, parentKey *ecdsa.PrivateKey) (certFile, keyFile string, key *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	if parentKey == nil {
		parentKey = key
	}
	der, err := x509.CreateCertificate(rand.Reader, form, a.cert, &key.PublicKey, parentKey)
	if err != nil {
		a.t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(a.dir, name+".pem"), filepath.Join(a.dir, name+"-key.pem")
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return certFile, keyFile, key
}

// A server whose certificate is of a private authority, that has another name
// than its address, and that asks for a client certificate.
func TestTLSFlags(t *testing.T) {
	a := newAuthority(t)
	serverCert, serverKey, _ := a.issue("server", &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{"api.example.test"}, NotAfter: time.Now().Add(time.Hour)}, a.key)
	clientCert, clientKey, _ := a.issue("client", &x509.Certificate{
		SerialNumber: big.NewInt(3), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, a.key)
	pair, err := tls.LoadX509KeyPair(serverCert, serverKey)
	if err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(a.file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert}
	s.StartTLS()
	t.Cleanup(s.Close)
	url := s.URL

	good := []string{"--ca-file", a.file, "--sni", "api.example.test", "--cert", clientCert, "--key", clientKey}
	for _, c := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"all right", good, 0, "Successful: 10 (100.0%)"},
		{"HTTP/2", append(good, "--http2"), 0, "Successful: 10 (100.0%)"},
		{"any certificate", []string{"--insecure", "--cert", clientCert, "--key", clientKey}, 0, "Successful: 10 (100.0%)"},
		{"unknown authority", []string{"--sni", "api.example.test", "--cert", clientCert, "--key", clientKey}, 2, "--ca-file"},
		{"wrong name", []string{"--ca-file", a.file, "--cert", clientCert, "--key", clientKey}, 2, "TLS with"},
		{"key without certificate", []string{"--key", clientKey}, 2, "--cert"},
		{"key of another", []string{"--cert", clientCert, "--key", serverKey}, 2, "belong together"},
		{"no certificates in the file", []string{"--ca-file", clientKey}, 2, "no certificate"},
		{"HTTP/2 in clear text", []string{"--h2c"}, 2, "--http2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := tool(t, append([]string{url, "--concurrency", "2", "--requests", "10"}, c.args...)...)
			if code != c.code || !strings.Contains(stdout+stderr, c.want) {
				t.Errorf("exit %d\n%s%s", code, stdout, stderr)
			}
		})
	}
	// Without the client's certificate the handshake seems to succeed (TLS 1.3):
	// the refusal comes with the first read.
	if code, stdout, _ := tool(t, url, "--ca-file", a.file, "--sni", "api.example.test", "--rate", "20", "--requests", "5"); code == 0 || strings.Contains(stdout, "Successful: 5") {
		t.Errorf("exit %d\n%s", code, stdout)
	}
}
