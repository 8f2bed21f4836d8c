package target

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
)

// Target is one compiled Spec.
type Target struct {
	Name     string // for reports; holds no secret
	Method   string
	URL      string // the whole of it, without secrets; places stand as they were written
	Endpoint int    // index into Set.Endpoints

	authority string
	path      text
	fields    []field // as Message gives them
	cookie    text    // the user's own Cookie header, where a jar's cookies join it
	body      text

	wire    []byte // the whole request; nil when it has places to fill
	head    text   // request line and header, to "Content-Length: " where sized, else to the empty line
	sized   bool   // the body's length is only known when it is rendered
	unsized bool   // there is no body, and no length is given
	save    []Save
	expect  []int
}

// Expect are the statuses that the step wants; empty: those below 400.
func (t *Target) Expect() []int { return t.expect }

type field struct {
	name  string
	value text
}

// compile checks one Spec and lays it out.
func compile(s *Spec, o *Options, feeders *feeders) (*Target, Endpoint, error) {
	loc, err := locate(s.URL, s.Template, s.Verbatim)
	if err != nil {
		return nil, Endpoint{}, err
	}
	t := &Target{Name: s.Name, Method: s.Method, URL: shownURL(loc), authority: loc.endpoint.Authority, save: s.Save, expect: s.Expect}
	if t.Method == "" {
		t.Method = "GET"
		if len(s.Body) > 0 {
			t.Method = "POST"
		}
	}
	if !token(t.Method) {
		return nil, Endpoint{}, problem.New("a method is one word such as GET or POST", "the method %q is not valid", t.Method)
	}
	if t.Method == "CONNECT" {
		return nil, Endpoint{}, problem.New("CONNECT opens a tunnel; give the URL behind it", "the method CONNECT cannot be load-tested")
	}
	if s.Weight < 0 || s.Weight != s.Weight {
		return nil, Endpoint{}, problem.New("a weight is a share such as 1 or 2.5", "the weight %v is not valid", s.Weight)
	}
	if t.Name == "" {
		t.Name = t.Method + " " + redact.URL(loc.path)
	}
	p := &parser{options: o, feeders: feeders, off: !s.Template}
	if t.path, err = p.parse(loc.path, escapePath); err != nil {
		return nil, Endpoint{}, err
	}
	if err := t.compileHeader(s, loc, p, o); err != nil {
		return nil, Endpoint{}, err
	}
	if t.body, err = p.parse(string(s.Body), bodyEscape(contentType(s))); err != nil {
		return nil, Endpoint{}, err
	}
	t.unsized = s.Verbatim && s.Body == nil
	t.layOut(o)
	return t, loc.endpoint, nil
}

// shownURL is the URL for a report.
func shownURL(loc location) string {
	e := loc.endpoint
	return redact.URL(e.Scheme + "://" + e.Authority + loc.path)
}

// compileHeader makes the fields, in the user's order, and those that loadtester
// adds: User-Agent, Authorization from the URL, Content-Type.
func (t *Target) compileHeader(s *Spec, loc location, p *parser, o *Options) error {
	seen := map[string]bool{}
	for _, f := range s.Header {
		name := strings.ToLower(f.Name)
		if !token(f.Name) {
			return problem.New("a header is written Name: value", "the header name %q is not valid", f.Name)
		}
		value := strings.Trim(f.Value, " \t")
		if strings.ContainsFunc(value, control) {
			return problem.New("a header value is one line of text", "the value of the header %s holds a line break or a control character", f.Name)
		}
		if hopByHop(name) {
			return problem.New("leave it out: loadtester frames the body itself", "the header %s cannot be set", f.Name)
		}
		if name == "host" {
			t.authority = value
			continue
		}
		seen[name] = true
		v, err := p.parse(value, escapeHeader)
		if err != nil {
			return err
		}
		if name == "cookie" && o.Chain && o.Cookies { // a request has one: the jar's come with it
			if len(t.cookie) > 0 {
				t.cookie = append(t.cookie, literal("; ")...)
			}
			t.cookie = append(t.cookie, v...)
			continue
		}
		t.fields = append(t.fields, field{f.Name, v})
	}
	add := func(name, value string) {
		if value != "" && !seen[strings.ToLower(name)] {
			t.fields = append(t.fields, field{name, literal(value)})
		}
	}
	if !s.NoAgent {
		add("User-Agent", o.UserAgent)
	}
	if u := loc.user; u != nil {
		password, _ := u.Password()
		add("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if len(s.Body) > 0 && !s.Exact {
		add("Content-Type", contentType(s))
	}
	return nil
}

// control says that a character cannot stand in a header value.
func control(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// hopByHop are fields that the framing of the message depends on.
func hopByHop(name string) bool {
	return name == "content-length" || name == "transfer-encoding"
}

// contentType is what the Spec says, else what its body looks like: JSON, a
// form, text, or bytes.
func contentType(s *Spec) string {
	for _, f := range s.Header {
		if strings.EqualFold(f.Name, "Content-Type") {
			return f.Value
		}
	}
	body := bytes.TrimSpace(s.Body)
	switch {
	case len(body) == 0:
		return ""
	case body[0] == '{' || body[0] == '[':
		return "application/json"
	case bytes.IndexByte(body, '=') > 0 && !bytes.ContainsAny(body, " \t\r\n<>\"\x00"):
		return "application/x-www-form-urlencoded"
	case bytes.IndexByte(body, 0) >= 0:
		return "application/octet-stream"
	}
	return "text/plain; charset=utf-8"
}

// bodyEscape is how values are written into a body of this type.
func bodyEscape(contentType string) escape {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	media = strings.TrimSpace(media)
	switch {
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		return escapeJSON
	case media == "application/x-www-form-urlencoded":
		return escapePath
	}
	return escapeNothing
}

// layOut joins the parts into wire, or into head where there are places.
func (t *Target) layOut(o *Options) {
	var h joiner
	h.literal(t.Method + " ")
	h.text(t.path)
	h.literal(" HTTP/1.1\r\nHost: " + t.authority + "\r\n")
	connection := false
	for _, f := range t.fields {
		connection = connection || strings.EqualFold(f.name, "Connection")
		h.literal(f.name + ": ")
		h.text(f.value)
		h.literal("\r\n")
	}
	if o.Close && !connection {
		h.literal("Connection: close\r\n")
	}
	switch body, static := t.body.static(); {
	case !static:
		t.sized = true
		h.literal("Content-Length: ")
	case t.unsized:
	case body != "" || t.Method == "POST" || t.Method == "PUT" || t.Method == "PATCH":
		h.literal("Content-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	t.head = h.done()
	head, headStatic := t.head.static()
	body, bodyStatic := t.body.static()
	if headStatic && bodyStatic && !o.Cookies {
		t.wire = []byte(head + "\r\n" + body)
	}
}

// render fills the places of the whole request.
func (t *Target) render(at place, scratch *Scratch) []byte {
	scratch.body = t.body.append(scratch.body[:0], at)
	w := t.head.append(scratch.wire[:0], at)
	if t.sized {
		w = itoa(w, len(scratch.body))
		w = append(w, "\r\n"...)
	}
	if at.vars != nil && at.vars.cookies != "" {
		w = append(w, "Cookie: "...)
		w = append(w, at.vars.cookies...)
		w = append(w, "\r\n"...)
	}
	w = append(w, "\r\n"...)
	scratch.wire = append(w, scratch.body...)
	return scratch.wire
}

// token says whether s is a token of RFC 9110: a method or a field name.
func token(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
