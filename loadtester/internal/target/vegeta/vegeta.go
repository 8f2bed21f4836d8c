// Package vegeta reads target files in vegeta's two forms: http and json.
//
//	GET http://127.0.0.1:8080/users        {"method": "GET", "url": "http://…",
//	X-Account: 8675309                      "header": {"X-A": ["1"]},
//	                                        "body": "base64"}
//	POST http://127.0.0.1:8080/users
//	@body.json
package vegeta

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sort"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

const hint = "each target is METHOD URL on a line, then header lines, then @body-file; an empty line parts targets"

// maxLine bounds a line of a file.
const maxLine = 16 << 20

// ReadHTTP reads the http form. A body file's name is relative to the folder
// that the command runs in, as in vegeta. name is for messages.
func ReadHTTP(r io.Reader, name string) ([]target.Spec, error) {
	var specs []target.Spec
	var open *target.Spec // the target whose headers are being read
	lines := newLines(r, name)
	for lines.next() {
		text := strings.TrimSpace(lines.text)
		switch {
		case strings.HasPrefix(text, "#"):
		case text == "":
			open = nil
		case open != nil && strings.HasPrefix(text, "@"):
			body, err := target.ReadFile(text[1:])
			if err != nil {
				return nil, lines.place(err)
			}
			open.Body = body
		case bareURL(text), requestLine(text):
			method, url, _ := strings.Cut(text, " ")
			if bareURL(text) { // not vegeta's form, but what other programs print
				method, url = "GET", text
			}
			specs = append(specs, target.Spec{Method: method, URL: strings.TrimSpace(url), Template: true, File: name, Line: lines.number})
			open = &specs[len(specs)-1]
		case open != nil:
			field, err := target.ParseHeader(text)
			if err != nil {
				return nil, lines.place(err)
			}
			open.Header = append(open.Header, field)
		default:
			return nil, lines.place(problem.New(hint, "%q is not METHOD URL", clip(text)))
		}
	}
	return specs, lines.end(len(specs))
}

// requestLine says whether a line is METHOD URL and not a header: the first word
// has no colon and is in capitals.
func bareURL(text string) bool {
	return (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")) && !strings.ContainsAny(text, " \t")
}

func requestLine(text string) bool {
	method, url, ok := strings.Cut(text, " ")
	return ok && strings.TrimSpace(url) != "" && method == strings.ToUpper(method) && !strings.ContainsAny(method, ":@{")
}

// ReadJSON reads the json form: one object a line.
func ReadJSON(r io.Reader, name string) ([]target.Spec, error) {
	var specs []target.Spec
	lines := newLines(r, name)
	for lines.next() {
		if strings.TrimSpace(lines.text) == "" {
			continue
		}
		var t struct {
			Method string
			URL    string
			Body   []byte
			Header map[string][]string
		}
		if err := json.Unmarshal([]byte(lines.text), &t); err != nil {
			return nil, lines.place(problem.Wrap(err, `each line is {"method": "GET", "url": "http://…", "header": {"A": ["b"]}, "body": "base64"}`,
				"the target is not valid: %s", strings.TrimPrefix(err.Error(), "json: ")))
		}
		s := target.Spec{Method: t.Method, URL: t.URL, Body: t.Body, Template: true, File: name, Line: lines.number}
		names := make([]string, 0, len(t.Header))
		for n := range t.Header {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			for _, v := range t.Header[n] {
				s.Header = append(s.Header, target.Field{Name: n, Value: v})
			}
		}
		specs = append(specs, s)
	}
	return specs, lines.end(len(specs))
}

// Read tells the two forms apart by their first character.
func Read(r io.Reader, name string) ([]target.Spec, error) {
	b := bufio.NewReader(r)
	for {
		c, err := b.Peek(1)
		if err != nil || !strings.ContainsAny(string(c), " \t\r\n") {
			break
		}
		_, _ = b.Discard(1)
	}
	if c, err := b.Peek(1); err == nil && c[0] == '{' {
		return ReadJSON(b, name)
	}
	return ReadHTTP(b, name)
}

// lines reads a file line by line and knows where it is.
type lines struct {
	scan   *bufio.Scanner
	name   string
	text   string
	number int
}

func newLines(r io.Reader, name string) *lines {
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 64<<10), maxLine)
	return &lines{scan: scan, name: name}
}

func (l *lines) next() bool {
	if !l.scan.Scan() {
		return false
	}
	l.number++
	l.text = string(bytes.TrimPrefix(l.scan.Bytes(), []byte("\xef\xbb\xbf")))
	return true
}

// place says where err happened.
func (l *lines) place(err error) error {
	var p *problem.Problem
	if errors.As(err, &p) && p.File == "" {
		return p.In(l.name, l.number, 0)
	}
	return err
}

func (l *lines) end(targets int) error {
	if err := l.scan.Err(); err != nil {
		l.number++
		return l.place(problem.Wrap(err, "", "the line cannot be read: %s", strings.TrimPrefix(err.Error(), "bufio.Scanner: ")))
	}
	if targets == 0 {
		return problem.New(hint, "there is no target in it").In(l.name, 0, 0)
	}
	return nil
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
