package cli

import (
	"crypto/tls"
	"crypto/x509"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
)

// tls is the configuration that the flags ask for; nil is the system's.
func (f *howFlags) tls() (*tls.Config, error) {
	if !f.Insecure && f.CAFile == "" && f.Cert == "" {
		if f.Key != "" {
			return nil, problem.New("name the certificate with --cert", "--key without --cert")
		}
		return nil, nil
	}
	c := &tls.Config{InsecureSkipVerify: f.Insecure}
	if f.CAFile != "" {
		pem, err := target.ReadFile(f.CAFile)
		if err != nil {
			return nil, err
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, problem.New("it holds blocks of -----BEGIN CERTIFICATE-----", "no certificate in the file").In(f.CAFile, 0, 0)
		}
	}
	if f.Cert != "" {
		key := f.Key
		if key == "" {
			key = f.Cert
		}
		pair, err := tls.LoadX509KeyPair(f.Cert, key)
		if err != nil {
			return nil, problem.Wrap(err, "certificate and key are PEM and belong together", "client certificate %s: %v", f.Cert, err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// parseResolve reads HOST:PORT:ADDRESS, ADDRESS with or without a port and brackets.
func parseResolve(list []string) (map[string][]netip.AddrPort, error) {
	out := map[string][]netip.AddrPort{}
	for _, text := range list {
		host, rest, ok := strings.Cut(text, ":")
		port, address, ok2 := strings.Cut(rest, ":")
		number, err := strconv.ParseUint(port, 10, 16)
		if !ok || !ok2 || host == "" || err != nil || number == 0 {
			return nil, badResolve(text)
		}
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			a, err := netip.ParseAddr(strings.Trim(address, "[]"))
			if err != nil {
				return nil, badResolve(text)
			}
			to = netip.AddrPortFrom(a, uint16(number))
		}
		key := strings.ToLower(host) + ":" + port
		out[key] = append(out[key], to)
	}
	return out, nil
}

func badResolve(text string) error {
	return problem.New("write --resolve api.example.com:443:127.0.0.1", "--resolve %q is not HOST:PORT:ADDRESS", text)
}

func parseProxy(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5") {
		return nil, problem.New("write --proxy http://host:port", "the proxy %q is not a URL", redact.URL(text))
	}
	return u, nil
}
