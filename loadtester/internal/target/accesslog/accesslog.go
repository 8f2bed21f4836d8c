// Package accesslog reads the access logs of web servers, to send the same
// requests again at the same times: the common and combined formats (Apache,
// nginx and most others) and JSON lines (nginx, Caddy, Traefik, Envoy, AWS).
package accesslog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// Options choose among the requests of a log.
type Options struct {
	Base string // where to send to: a log has paths only
	// Methods are the ones that are sent again. Empty: GET, HEAD and OPTIONS, for
	// a log has no bodies, and a DELETE should not be repeated unasked.
	Methods []string
	Limit   int // read at most so many requests; 0: all
}

// record is what a line says of a request.
type record struct {
	at     time.Time
	method string
	path   string
}

// maxLine bounds a line.
const maxLine = 1 << 20

// Read reads a log. Lines that are no requests (malformed ones, TLS bytes on a
// plain port) are counted and left out, unless most are. file is for messages.
func Read(r io.Reader, file string, o Options) (*target.Recording, error) {
	if o.Base == "" {
		return nil, problem.New("say where to send to: loadtester run https://staging.example.com --replay access.log", "an access log holds no host")
	}
	if len(o.Methods) == 0 {
		o.Methods = []string{"GET", "HEAD", "OPTIONS"}
	}
	r, err := unpacked(r)
	if err != nil {
		return nil, problem.Wrap(err, "", "it cannot be unpacked: %v", err).In(file, 0, 0)
	}
	recording := &target.Recording{}
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 64<<10), maxLine)
	number, good, bad, firstBad := 0, 0, 0, 0
	for scan.Scan() && (o.Limit == 0 || len(recording.Specs) < o.Limit) {
		number++
		line := bytes.TrimSpace(bytes.TrimPrefix(scan.Bytes(), []byte("\xef\xbb\xbf")))
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		rec, ok := parse(line)
		if !ok {
			if bad++; bad == 1 {
				firstBad = number
			}
			recording.Skip("without a request")
			continue
		}
		good++
		if !slices.ContainsFunc(o.Methods, func(m string) bool { return strings.EqualFold(m, rec.method) }) {
			recording.Skip(rec.method)
			continue
		}
		recording.Specs = append(recording.Specs, target.Spec{
			Method: rec.method, URL: target.Rebase(rec.path, o.Base), At: time.Duration(rec.at.UnixNano()), File: file, Line: number,
		})
	}
	if err := scan.Err(); err != nil {
		return nil, problem.Wrap(err, "", "the line cannot be read: %s", strings.TrimPrefix(err.Error(), "bufio.Scanner: ")).In(file, number+1, 0)
	}
	const hint = "the formats are common, combined, and JSON lines with method, path and time"
	switch {
	case bad > good:
		return nil, problem.New(hint, "it is not an access log: %d of %d lines have no request", bad, bad+good).In(file, firstBad, 0)
	case len(recording.Specs) == 0 && good > 0:
		return nil, problem.New("name the methods to repeat", "there is no request to send (left out: %s)", recording.Left()).In(file, 0, 0)
	case len(recording.Specs) == 0:
		return nil, problem.New(hint, "there is no request in it").In(file, 0, 0)
	}
	recording.Settle()
	return recording, nil
}

// unpacked reads what servers pack when they begin a new log (access.log.2.gz).
func unpacked(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(2); string(magic) != "\x1f\x8b" {
		return b, nil
	}
	return gzip.NewReader(b)
}

func parse(line []byte) (record, bool) {
	if line[0] == '{' {
		return parseJSON(line)
	}
	return parseCommon(string(line))
}

// parseCommon reads the common format and all that begin like it (combined,
// vhost_combined, with more fields behind):
//
//	10.0.0.1 - frank [10/Oct/2026:13:55:36 -0700] "GET /a.png HTTP/1.1" 200 2326 "…" "…"
func parseCommon(line string) (record, bool) {
	_, rest, ok := strings.Cut(line, "[")
	stamp, rest, closed := strings.Cut(rest, "]")
	if !ok || !closed {
		return record{}, false
	}
	at, err := parseTime(stamp)
	if err != nil {
		return record{}, false
	}
	_, rest, ok = strings.Cut(rest, `"`)
	request, closed := quoted(rest)
	if !ok || !closed {
		return record{}, false
	}
	return requestLine(began(at, tookCommon(rest)), request)
}

// requestLine reads "GET /path HTTP/1.1". A log's own escapes are undone first.
func requestLine(at time.Time, request string) (record, bool) {
	method, rest, ok := strings.Cut(unescape(request), " ")
	if !ok || method == "" || method != strings.ToUpper(method) {
		return record{}, false
	}
	path := rest
	if i := strings.LastIndexByte(rest, ' '); i >= 0 && strings.HasPrefix(rest[i+1:], "HTTP/") {
		path = rest[:i]
	}
	return record{at, method, path}.checked()
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
