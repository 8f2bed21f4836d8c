package engine

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// alertHints are what to do about the alerts that a server sends. crypto/tls
// keeps their type to itself, so they are told by its texts; TestTLSHints holds
// them against real servers.
var alertHints = []struct{ alert, hint string }{
	{"protocol version", "the server and loadtester have no TLS version in common: loadtester speaks TLS 1.2 and 1.3"},
	{"certificate required", clientCertificate},
	{"bad certificate", "the server does not take the client certificate: give another by --cert"},
	{"unknown certificate authority", "the server does not trust the authority of the client certificate: give another by --cert"},
	{"unrecognized name", "the server does not know this name: --sni NAME asks for another"},
	{"no application protocol", "the server does not speak this HTTP version over TLS: try --http1 or --http2"},
	{"handshake failure", "the server found no cipher or version that it takes"},
}

const clientCertificate = "the server wants a client certificate: --cert FILE --key FILE"

// tlsHint is what to do about a handshake with e that failed with err.
func tlsHint(err error, e target.Endpoint) string {
	var (
		head tls.RecordHeaderError
		auth x509.UnknownAuthorityError
		host x509.HostnameError
		bad  x509.CertificateInvalidError
		op   *net.OpError
		none *certificateAsked
	)
	switch {
	case errors.As(err, &head):
		return "the port does not speak TLS: is it plain HTTP? write http://" + e.Address() + "/"
	case errors.As(err, &auth):
		return "--ca-file FILE names the authority to trust, --insecure trusts any certificate"
	case errors.As(err, &host):
		return "use a host name of the certificate in the URL, or name it by --sni; --insecure trusts any certificate"
	case errors.As(err, &bad) && bad.Reason == x509.Expired:
		return "renew the certificate, and look at this machine's clock; --insecure trusts any certificate"
	case errors.As(err, &none):
		return clientCertificate
	case errors.As(err, &op) && op.Op == "remote error":
		for _, a := range alertHints {
			if strings.Contains(op.Err.Error(), a.alert) {
				return a.hint
			}
		}
		return "the server refused the handshake: its log says why"
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return "the server ended the handshake: does it speak TLS on this port, and does it know this host name (--sni)?"
	case strings.Contains(err.Error(), "CRYPTO_ERROR"): // QUIC's, of the server's alert
		for _, a := range alertHints {
			if strings.Contains(err.Error(), a.alert) {
				return a.hint
			}
		}
	case errors.Is(err, errNoHTTP2):
		return "leave --http2 out: HTTP/1.1 is the default"
	}
	return "--ca-file names the authority to trust, --insecure trusts any certificate"
}
