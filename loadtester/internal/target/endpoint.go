package target

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
)

// Endpoint is where connections go. Targets with the same endpoint share them.
type Endpoint struct {
	Scheme    string // "http" or "https"
	Host      string // a name or an address without brackets; also the name that TLS asks for
	Port      string // decimal, never empty
	Authority string // the Host header: as the URL has it, without a default port
}

// Address is host:port for a dialler, with brackets around an IPv6 address.
func (e Endpoint) Address() string { return net.JoinHostPort(e.Host, e.Port) }

// TLS says whether the connection is encrypted.
func (e Endpoint) TLS() bool { return e.Scheme == "https" }

// location is a parsed URL: the endpoint, and the path with its query as it is
// written into the request line.
type location struct {
	endpoint Endpoint
	path     string
	user     *url.Userinfo
}

// locate parses and checks raw. With template, {{…}} may stand in the path and
// the query, but not in scheme and authority: which hosts are contacted is never
// up to data. The path of a verbatim one stays as it is.
func locate(raw string, template, verbatim bool) (location, error) {
	shown := redact.URL(raw)
	if raw == "" {
		return location{}, problem.New("give the URL to test: loadtester run http://127.0.0.1:8080/", "the URL is empty")
	}
	if i := strings.IndexFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }); i >= 0 && !template {
		return location{}, problem.New("percent-encode it: a space is %20", "the URL %q holds a space or a control character", shown)
	}
	base, path := splitURL(raw)
	scheme, rest, ok := strings.Cut(base, "://")
	if !ok {
		return location{}, noScheme(raw, shown)
	}
	scheme = strings.ToLower(scheme)
	switch scheme {
	case "http", "https":
	case "":
		return location{}, problem.New("write http:// or https:// before the host", "the URL %q has no scheme", shown)
	default:
		return location{}, problem.New("loadtester speaks http and https", "the URL %q has the unknown scheme %q", shown, scheme)
	}
	if strings.Contains(rest, "{{") {
		return location{}, problem.New("placeholders may stand in path, query, headers and body; list several hosts as several targets",
			"the URL %q has a placeholder in its host", shown)
	}
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil {
		return location{}, problem.New("a URL looks like http://host:port/path", "the URL %q cannot be read: %s", shown, urlFault(err))
	}
	host, port := u.Hostname(), u.Port()
	if host == "" {
		return location{}, problem.New("write the host after the scheme: http://127.0.0.1:8080/", "the URL %q has no host", shown)
	}
	if fault := hostFault(host); fault != "" {
		return location{}, problem.New("a URL looks like http://host:port/path", "the URL %q has %s", shown, fault)
	}
	if strings.HasSuffix(u.Host, ":") || (port != "" && !validPort(port)) {
		return location{}, problem.New("a port is a number from 1 to 65535", "the URL %q has a bad port %q", shown, port)
	}
	loc := location{user: u.User, path: path}
	loc.endpoint = Endpoint{Scheme: scheme, Host: host, Port: port, Authority: u.Host}
	if def := map[string]string{"http": "80", "https": "443"}[scheme]; port == "" || port == def {
		loc.endpoint.Port = def
		loc.endpoint.Authority = strings.TrimSuffix(u.Host, ":"+def)
	}
	loc.endpoint.Host = strings.ToLower(host)
	if !verbatim && (!template || !strings.Contains(path, "{{")) {
		if loc.path, err = cleanPath(path); err != nil {
			return location{}, problem.New("percent-encode what is not ASCII", "the URL %q cannot be read: %s", shown, urlFault(err))
		}
	}
	return loc, nil
}

// splitURL parts a URL before its path or query and drops the fragment. The path
// always begins with a slash.
func splitURL(raw string) (base, path string) {
	start := 0
	if i := strings.Index(raw, "://"); i >= 0 {
		start = i + 3
	}
	end := len(raw)
	if i := strings.IndexAny(raw[start:], "/?#"); i >= 0 {
		end = start + i
	}
	base, path = raw[:end], raw[end:]
	if i := strings.IndexByte(path, '#'); i >= 0 {
		path = path[:i]
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return base, path
}

// cleanPath percent-encodes what may not stand in a request line and keeps
// everything else as the user wrote it.
func cleanPath(path string) (string, error) {
	if _, err := url.ParseRequestURI(path); err != nil {
		return "", err
	}
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if c := path[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"<>\^`+"`{|}", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

const upperHex = "0123456789ABCDEF"

func noScheme(raw, shown string) error {
	hint := "write http:// or https:// before the host"
	if host, _ := splitURL(raw); host != "" && !strings.HasPrefix(host, "-") {
		scheme := "https"
		if name, _, _ := strings.Cut(host, ":"); name == "localhost" || net.ParseIP(name) != nil {
			scheme = "http"
		}
		hint = "did you mean " + scheme + "://" + shown + " ?"
	}
	return problem.New(hint, "the URL %q has no scheme", shown)
}

// hostFault says what is wrong with a host name; empty: nothing.
func hostFault(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	if strings.Contains(host, ":") {
		return "a bad address in its host"
	}
	for i := 0; i < len(host); i++ {
		switch c := host[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '.', c == '_':
		case c >= 0x80:
			return "a host that is not ASCII; write it in its xn-- form"
		default:
			return "the character " + strconv.QuoteRune(rune(c)) + " in its host"
		}
	}
	return ""
}

func validPort(port string) bool {
	n, err := strconv.Atoi(port)
	return err == nil && n >= 1 && n <= 65535
}

// urlFault is the reason in an error of net/url, without the URL, which may hold
// a password.
func urlFault(err error) string {
	var e *url.Error
	if errors.As(err, &e) {
		err = e.Err
	}
	msg := err.Error()
	if i := strings.IndexByte(msg, '"'); i >= 0 {
		msg = strings.TrimSpace(msg[:i])
	}
	return msg
}
