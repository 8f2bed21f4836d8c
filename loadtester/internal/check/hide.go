package check

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/redact"
	"github.com/seniorbackend/tools/shared/report"
)

// hider takes secrets out of messages: by the names of headers, parameters and
// keys, and wherever else a value stands that such a name has shown to be one.
type hider struct{ vault redact.Vault }

// newHider learns the secrets of a whole walk, so that a token that an answer
// gives is hidden in the request before it, too.
func newHider(traces []*engine.Trace) *hider {
	h := &hider{}
	for _, t := range traces {
		for _, part := range [][]byte{t.Wire, t.Head} {
			head, _ := split(part)
			_, fields := lines(head)
			for _, f := range fields {
				h.vault.Add(secrets(f)...)
			}
		}
		for _, v := range t.Taken {
			if v.Found && secretSource(v) {
				h.vault.Add(v.Value)
			}
		}
		_, sent := split(t.Wire)
		for _, body := range [][]byte{sent, t.Body} {
			for _, m := range named.FindAllSubmatch(body, -1) {
				if value := strings.Trim(string(m[3]), `"`); secretKey(string(m[1]), value) && len(value) >= 8 {
					h.vault.Add(value)
				}
			}
		}
	}
	return h
}

// secretSource says that what a step saves is a secret: by the name that it gets,
// or by the place that it comes from.
func secretSource(v target.Taken) bool {
	kind, path, _ := strings.Cut(v.From, ".")
	if kind == "cookie" || redact.Name(v.Name) {
		return true
	}
	for _, name := range strings.Split(path, ".") {
		if redact.Name(name) {
			return true
		}
	}
	return false
}

// length stands for a secret that was found.
func length(value string) string {
	return fmt.Sprintf("%s (%s)", redact.Mask, report.Plural(utf8.RuneCountInString(value), "character", "characters"))
}

// secrets are the values in a header that are secrets: of a Cookie each value.
func secrets(f target.Field) []string {
	switch strings.ToLower(f.Name) {
	case "cookie", "set-cookie":
		var list []string
		for _, pair := range pairs(f) {
			if _, value, ok := strings.Cut(pair, "="); ok {
				list = append(list, strings.Trim(strings.TrimSpace(value), `"`))
			}
		}
		return list
	}
	if !redact.Name(f.Name) {
		return nil
	}
	if _, rest, ok := strings.Cut(f.Value, " "); ok && strings.HasSuffix(strings.ToLower(f.Name), "authorization") {
		return []string{rest}
	}
	return []string{f.Value}
}

// pairs are the name=value of a Cookie header; of Set-Cookie it is the first.
func pairs(f target.Field) []string {
	list := strings.Split(f.Value, ";")
	if strings.EqualFold(f.Name, "Set-Cookie") {
		return list[:1]
	}
	return list
}

// header is a header as it may be shown. Of cookies the names stay, and the
// attributes, which say why one does not come back.
func (h *hider) header(f target.Field) target.Field {
	switch strings.ToLower(f.Name) {
	case "cookie", "set-cookie":
		list := pairs(f)
		var shown []string
		for _, pair := range list {
			name, _, _ := strings.Cut(pair, "=")
			shown = append(shown, strings.TrimSpace(name)+"="+redact.Mask)
		}
		for _, attribute := range strings.Split(f.Value, ";")[len(list):] {
			shown = append(shown, strings.TrimSpace(attribute))
		}
		f.Value = strings.Join(shown, "; ")
		return f
	case "location", "referer", "content-location", "link":
		f.Value = h.vault.Hide(redact.URL(f.Value))
		return f
	}
	f.Value = h.vault.Hide(redact.Header(f.Name, f.Value))
	return f
}

func (h *hider) text(s string) string { return h.vault.Hide(redact.Text(s)) }

// message reads a request, or the head of an answer with its body.
func (h *hider) message(wire, body []byte) Message {
	head, rest := split(wire)
	if body == nil {
		body = rest
	}
	line, fields := lines(head)
	m := Message{Line: h.firstLine(line)}
	kind := ""
	for _, f := range fields {
		if strings.EqualFold(f.Name, "Content-Type") {
			kind = f.Value
		}
		m.Header = append(m.Header, h.header(f))
	}
	m.Body = h.body(body, kind)
	return m
}

// firstLine is a request line or a status line as it may be shown.
func (h *hider) firstLine(line string) string {
	method, rest, ok := strings.Cut(line, " ")
	if last := strings.LastIndexByte(rest, ' '); ok && last >= 0 && !strings.HasPrefix(line, "HTTP/") {
		return h.vault.Hide(method + " " + redact.URL(rest[:last]) + rest[last:])
	}
	return strings.TrimSpace(h.text(line))
}

// lines parts a head into its first line and its fields.
func lines(head []byte) (first string, fields []target.Field) {
	for k, line := range strings.Split(strings.TrimRight(string(head), "\r\n"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if k == 0 {
			first = line
			continue
		}
		if name, value, ok := strings.Cut(line, ":"); ok {
			fields = append(fields, target.Field{Name: name, Value: strings.TrimSpace(value)})
		}
	}
	return first, fields
}

// Body is a body as it may be shown.
type Body struct {
	Text  string // without secrets; empty: there is none, or it is Binary
	Bytes int
	Cut   bool // Text is only its beginning
	// Binary says that it is no text.
	Binary bool
}

// mostShown bounds what is kept of a body, in bytes.
const mostShown = 64 << 10

func (h *hider) body(body []byte, kind string) Body {
	b := Body{Bytes: len(body)}
	if len(body) > mostShown {
		body, b.Cut = body[:mostShown], true
		for len(body) > 0 && !utf8.RuneStart(body[len(body)-1]) {
			body = body[:len(body)-1]
		}
		body = body[:max(len(body)-1, 0)] // what may be half a character
	}
	if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		b.Binary = true
		return b
	}
	b.Text = h.vault.Hide(hideKeys(string(body), kind))
	return b
}

// named is a key with its value in JSON. It is found in what is cut off or
// malformed, too.
var named = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"(\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)`)

// part is a part of a multipart form with its value.
var part = regexp.MustCompile(`(name="([^"]*)"[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n)([^\r\n]*)`)

// hideKeys hides the values of keys that name a secret.
func hideKeys(text, kind string) string {
	switch {
	case strings.Contains(kind, "x-www-form-urlencoded"):
		return strings.TrimPrefix(redact.URL("http://h/?"+text), "http://h/?")
	case strings.Contains(kind, "multipart/"):
		return part.ReplaceAllStringFunc(text, func(found string) string {
			m := part.FindStringSubmatch(found)
			if !redact.Name(m[2]) {
				return found
			}
			return m[1] + redact.Mask
		})
	}
	text = named.ReplaceAllStringFunc(text, func(found string) string {
		m := named.FindStringSubmatch(found)
		if !secretKey(m[1], strings.Trim(m[3], `"`)) {
			return found
		}
		return `"` + m[1] + `"` + m[2] + `"` + redact.Mask + `"`
	})
	if strings.Contains(kind, "json") {
		return text
	}
	return redact.Text(text)
}

// secretKey says that the value of a key is a secret. A code is often that of an
// error: NOT_FOUND and 404 are not hidden.
func secretKey(name, value string) bool {
	return redact.Name(name) && !(strings.EqualFold(name, "code") && errorCode.MatchString(value))
}

var errorCode = regexp.MustCompile(`^(?:[A-Z_]+|[0-9]{1,3})$`)
