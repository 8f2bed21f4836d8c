// Package accesslog reads the access logs of web servers, to send the same
// requests again at the same times: the common and combined formats (Apache,
// nginx, Traefik and most others), JSON lines (nginx, Caddy, Traefik, Cloudflare,
// Envoy, AWS), HAProxy's, AWS's load balancers' (ALB, ELB), and the W3C's extended
// format (IIS, CloudFront). Each line is read by itself, but for the fields that a
// W3C log names ahead.
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
	body   []byte
	media  string // the body's Content-Type; empty: the log does not say
	length int64  // the body's length, where the log says it; 0: it does not
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
	var p parser
	number, good, bad, firstBad := 0, 0, 0, 0
	for scan.Scan() && (o.Limit == 0 || len(recording.Specs) < o.Limit) {
		number++
		line := bytes.TrimSpace(bytes.TrimPrefix(scan.Bytes(), []byte("\xef\xbb\xbf")))
		if len(line) == 0 || p.directive(line) {
			continue
		}
		rec, ok := p.parse(line)
		if !ok {
			if bad++; bad == 1 {
				firstBad = number
			}
			continue
		}
		good++
		if why := o.leaves(&rec); why != "" {
			recording.Skip(why)
			continue
		}
		recording.Specs = append(recording.Specs, rec.spec(o.Base, file, number))
	}
	if err := scan.Err(); err != nil {
		return nil, problem.Wrap(err, "", "the line cannot be read: %s", strings.TrimPrefix(err.Error(), "bufio.Scanner: ")).In(file, number+1, 0)
	}
	const hint = "the formats are common, combined, JSON lines and logfmt with method, path and time, HAProxy, Envoy, ALB, ELB, and W3C extended (IIS, CloudFront)"
	switch {
	case bad > good:
		return nil, problem.New(hint, "it is not an access log: %d of %d lines have no request", bad, bad+good).In(file, firstBad, 0)
	case bad > 0:
		recording.SkipLines(bad, firstBad)
	}
	switch {
	case len(recording.Specs) == 0 && good > 0:
		return nil, problem.New("name the methods to repeat", "there is no request to send (left out: %s)", recording.Left()).In(file, 0, 0)
	case len(recording.Specs) == 0:
		return nil, problem.New(hint, "there is no request in it").In(file, 0, 0)
	}
	recording.Settle()
	return recording, nil
}

// leaves says why a request is left out; empty: it is not.
func (o *Options) leaves(r *record) string {
	switch {
	case !slices.ContainsFunc(o.Methods, func(m string) bool { return strings.EqualFold(m, r.method) }):
		return r.method
	case r.length > 0 && len(r.body) == 0:
		return r.method + " whose body is not in the log"
	}
	return ""
}

// spec is the request to base.
func (r *record) spec(base, file string, line int) target.Spec {
	s := target.Spec{
		Method: r.method, URL: target.Rebase(r.path, base), At: time.Duration(r.at.UnixNano()), Body: r.body, File: file, Line: line,
	}
	if r.media != "" && len(r.body) > 0 {
		s.Header = []target.Field{{Name: "Content-Type", Value: r.media}}
	}
	return s
}

// unpacked reads what servers pack when they begin a new log (access.log.2.gz).
func unpacked(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(2); string(magic) != "\x1f\x8b" {
		return b, nil
	}
	return gzip.NewReader(b)
}
