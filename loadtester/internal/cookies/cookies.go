// Package cookies is what one user's client keeps of Set-Cookie and sends again,
// by RFC 6265: net/http/cookiejar judges Domain, Path, Secure, Max-Age and
// Expires, and the list of public suffixes says for which domains nobody may set
// a cookie. Responses come from the steps of a chain and from redirects; what
// goes out is the value of a Cookie header.
package cookies

import (
	"encoding/hex"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Jar belongs to one user, and to one goroutine at a time.
type Jar struct {
	jar *cookiejar.Jar
	// hosts are the names that servers are asked by, where it is not the address
	// that is connected to: a Host header of the user's own.
	hosts map[string]string
}

// A server may set any number of cookies, of any length; a client need not keep them
// (RFC 6265, section 6.1). These bounds are curl's.
const (
	mostSet    = 50   // of one response
	mostLength = 4096 // of a name and its value
	mostSent   = 150  // with one request
	mostLine   = 8190 // of their line
)

// New makes an empty jar.
func New() *Jar {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil { // it has no error to give
		panic(err)
	}
	return &Jar{jar: jar}
}

// Keep takes the values of the Set-Cookie fields of a response to u.
func (j *Jar) Keep(u *url.URL, values []string) {
	if len(values) == 0 {
		return
	}
	header, kept := http.Header{}, 0
	for _, v := range values {
		packed, ok := pack(v)
		if !ok {
			continue
		}
		if kept++; kept > mostSet {
			break
		}
		header.Add("Set-Cookie", packed)
	}
	j.jar.SetCookies(j.seen(u), (&http.Response{Header: header}).Cookies())
}

// Header is the value of the Cookie header of a request to u that has a Cookie
// header of its own (empty: none): of one name the jar's cookie is sent, as the
// newer one. Empty: no Cookie is sent.
func (j *Jar) Header(u *url.URL, own string) string {
	kept := map[string]bool{}
	var pairs []string
	length := len(own)
	for _, c := range j.jar.Cookies(j.seen(u)) {
		name, value := unpack(c.Name), unpack(c.Value)
		if length += len(name) + len(value) + len("=; "); len(pairs) == mostSent || length > mostLine {
			break
		}
		kept[name] = true
		pairs = append(pairs, name+"="+value)
	}
	var first []string
	for _, pair := range strings.Split(own, ";") {
		pair = strings.TrimSpace(pair)
		if name, _, _ := strings.Cut(pair, "="); pair != "" && !kept[name] {
			first = append(first, pair)
		}
	}
	return strings.Join(append(first, pairs...), "; ")
}

// Named says that the server at authority (as in a URL) is asked by the name of
// a Host header.
func (j *Jar) Named(authority, host string) {
	if authority == host {
		return
	}
	if j.hosts == nil {
		j.hosts = map[string]string{}
	}
	j.hosts[authority] = host
}

// seen is u as a browser looks at it: under the name that the server is asked
// by, and on a loopback address as secure as over TLS. Without that no login with
// a Secure cookie could be tested on the developer's own machine.
func (j *Jar) seen(u *url.URL) *url.URL {
	v := *u
	if host, ok := j.hosts[u.Host]; ok {
		v.Host = host
	}
	if loopback(u.Hostname()) {
		v.Scheme = "https"
	}
	return &v
}

func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// pack writes name and value of a Set-Cookie in hexadecimal digits: net/http drops
// names and values that the grammar for servers forbids and that clients have to
// take (cart[1], {"a":1}, letters beyond ASCII). Dates are written as net/http
// reads them.
func pack(setCookie string) (packed string, ok bool) {
	pair, attributes, _ := strings.Cut(setCookie, ";")
	name, value, ok := strings.Cut(pair, "=")
	name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
	if !ok || name == "" || len(name)+len(value) > mostLength || strings.ContainsFunc(setCookie, control) {
		return "", false
	}
	packed = "x" + hex.EncodeToString([]byte(name)) + "=x" + hex.EncodeToString([]byte(value))
	for _, a := range strings.Split(attributes, ";") {
		key, value, _ := strings.Cut(a, "=")
		if at, ok := date(value); ok && strings.EqualFold(strings.TrimSpace(key), "expires") {
			a = "Expires=" + at.UTC().Format(http.TimeFormat)
		}
		packed += ";" + a
	}
	return packed, true
}

func control(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// unpack is the inverse for a name or a value.
func unpack(s string) string {
	text, err := hex.DecodeString(strings.TrimPrefix(s, "x"))
	if err != nil { // only what pack wrote is in the jar
		return s
	}
	return string(text)
}
