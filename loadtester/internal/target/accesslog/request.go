package accesslog

import (
	"strings"
	"time"
)

// requestLine reads "GET /path HTTP/1.1". A log's own escapes are undone first.
func requestLine(at time.Time, request string) (record, bool) {
	method, rest, ok := strings.Cut(unescape(request), " ")
	if !ok || method == "" || method == "-" || method != strings.ToUpper(method) {
		return record{}, false
	}
	path := rest
	if i := strings.LastIndexByte(rest, ' '); i >= 0 && strings.HasPrefix(rest[i+1:], "HTTP/") {
		path = rest[:i]
	}
	return record{at: at, method: method, path: path}.checked()
}

// checked makes the path one that can be sent: an absolute URL (of a proxy)
// loses its host; what is not a path is refused.
func (r record) checked() (record, bool) {
	if i := strings.Index(r.path, "://"); i > 0 && !strings.HasPrefix(r.path, "/") {
		rest := r.path[i+3:]
		if slash := strings.IndexAny(rest, "/?"); slash >= 0 {
			r.path = rest[slash:]
		} else {
			r.path = "/"
		}
		if r.path[0] == '?' {
			r.path = "/" + r.path
		}
	}
	if !strings.HasPrefix(r.path, "/") || r.at.IsZero() || r.method == "" {
		return r, false
	}
	r.path = sendable(r.path)
	return r, true
}

// sendable percent-encodes what cannot stand in a request line, and percent
// signs that begin no escape: servers log what they got, clients send anything.
func sendable(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c <= ' ' || c >= 0x7f || c == '#' || c == '%' && !(i+2 < len(path) && hex(path[i+1]) && hex(path[i+2])) {
			const digits = "0123456789ABCDEF"
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func hex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// quoted is the text up to the closing quote; a backslash protects one.
func quoted(s string) (string, bool) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[:i], true
		}
	}
	return "", false
}

// unescape undoes \" \\ and \xHH.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\' || i+1 >= len(s):
			b.WriteByte(s[i])
		case s[i+1] == 'x' && i+3 < len(s) && hex(s[i+2]) && hex(s[i+3]):
			b.WriteByte(value(s[i+2])<<4 | value(s[i+3]))
			i += 3
		default:
			i++
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func value(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
