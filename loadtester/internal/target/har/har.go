// Package har reads HTTP archives: what a browser's network panel saves.
package har

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// Options choose among the requests of an archive.
type Options struct {
	// Hosts are the ones to send to ("api.example.com", with a port where the
	// URL has one). Empty: the host of the first request only, for a page calls
	// many others, which nobody asked to test.
	Hosts []string
	// Base sends everything to another server: https://staging.example.com
	Base string
	// Methods limits the methods; empty: all.
	Methods []string
}

// archive is the part of HAR 1.2 that says what was sent.
type archive struct {
	Log *struct {
		Entries []entry `json:"entries"`
	} `json:"log"`
}

type entry struct {
	Started string `json:"startedDateTime"`
	Cache   any    `json:"_fromCache"` // Chrome: "memory" or "disk": the server was never asked
	Request struct {
		Method  string      `json:"method"`
		URL     string      `json:"url"`
		Headers []nameValue `json:"headers"`
		Cookies []nameValue `json:"cookies"`
		Body    *postData   `json:"postData"`
		Size    *int64      `json:"bodySize"` // -1: not known
	} `json:"request"`
}

type postData struct {
	MIME     string  `json:"mimeType"`
	Text     string  `json:"text"`
	Encoding string  `json:"encoding"`
	Params   []param `json:"params"`
}

type nameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// param is a field of a form; of a file the name and type stand beside its value.
type param struct {
	Name        string `json:"name"`
	Value       string `json:"value"`
	FileName    string `json:"fileName"`
	ContentType string `json:"contentType"`
}

// Read reads an archive. file is for messages.
func Read(data []byte, file string, o Options) (*target.Recording, error) {
	const hint = "save the network panel's requests as HAR with content"
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var a archive
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, problem.Wrap(err, hint, "it is not a HAR file: %s", strings.TrimPrefix(err.Error(), "json: ")).In(file, line(data, err), 0)
	}
	if a.Log == nil {
		return nil, problem.New(hint, "it is not a HAR file: it has no log").In(file, 0, 0)
	}
	r := &target.Recording{}
	hosts := o.Hosts
	for i := range a.Log.Entries {
		e := &a.Log.Entries[i]
		host := target.HostOf(e.Request.URL)
		if host == "" {
			if _, err := url.Parse(e.Request.URL); err != nil && strings.HasPrefix(strings.ToLower(e.Request.URL), "http") {
				r.Skip(fmt.Sprintf("malformed (entry %d, its URL)", i+1))
				continue
			}
			r.Skip("not http")
			continue
		}
		if len(hosts) == 0 {
			hosts = []string{host}
		}
		if !slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
			r.Skip("to " + host)
			continue
		}
		if len(o.Methods) > 0 && !slices.ContainsFunc(o.Methods, func(m string) bool { return strings.EqualFold(m, e.Request.Method) }) {
			r.Skip(e.Request.Method)
			continue
		}
		if e.Cache != nil && e.Cache != false {
			r.Skip("from the browser's cache")
			continue
		}
		s, err := e.spec(o.Base)
		if errors.Is(err, errParts) || errors.Is(err, errBody) {
			r.Skip(err.Error())
			continue
		}
		if err != nil {
			r.Skip(fmt.Sprintf("malformed (entry %d: %v)", i+1, err))
			continue
		}
		s.File = file
		if _, err := target.Compile([]target.Spec{s}, target.Options{}); err != nil { // the others can be sent
			r.Skip(fmt.Sprintf("malformed (entry %d: %v)", i+1, err))
			continue
		}
		r.Specs = append(r.Specs, s)
	}
	if len(r.Specs) == 0 {
		return nil, problem.New("name the hosts to send to", "there is no request to send (%s)", orNothing(r.Left())).In(file, 0, 0)
	}
	r.Settle()
	return r, nil
}

func orNothing(left string) string {
	if left == "" {
		return "it has no entries"
	}
	return "left out: " + left
}

func (e *entry) spec(base string) (target.Spec, error) {
	s := target.Spec{Method: e.Request.Method, URL: target.Rebase(e.Request.URL, base), Exact: true}
	if e.Started != "" {
		at, err := started(e.Started)
		if err != nil {
			return s, err
		}
		s.At = time.Duration(at.UnixNano())
	}
	length, cookie := int64(-1), false
	for _, h := range e.Request.Headers {
		switch {
		case strings.EqualFold(h.Name, "Content-Length"):
			if n, err := strconv.ParseInt(h.Value, 10, 64); err == nil {
				length = n
			}
		case !connection(h.Name):
			cookie = cookie || strings.EqualFold(h.Name, "Cookie")
			s.Header = append(s.Header, target.Field(h))
		}
	}
	if list := e.Request.Cookies; !cookie && len(list) > 0 { // some archives have them here only
		pairs := make([]string, len(list))
		for i, c := range list {
			pairs[i] = c.Name + "=" + c.Value
		}
		s.Header = append(s.Header, target.Field{Name: "Cookie", Value: strings.Join(pairs, "; ")})
	}
	if length < 0 && e.Request.Size != nil {
		length = *e.Request.Size
	}
	var err error
	s.Body, err = e.Request.Body.bytes(length)
	return s, err
}

// started reads the time of an entry. Some programs write zones without a colon.
func started(text string) (time.Time, error) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"} {
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, errors.New("the time " + text + " is not ISO 8601")
}

// connection are headers that belong to the recorded connection, not to the
// request: HTTP/2's pseudo headers, the host (it is in the URL), framing.
func connection(name string) bool {
	switch strings.ToLower(name) {
	case "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "proxy-connection":
		return true
	}
	return strings.HasPrefix(name, ":") || name == ""
}

// escaped is a form value; archives have them decoded or not, and decoding twice
// does less harm than encoding twice.
func escaped(v string) string {
	if plain, err := url.QueryUnescape(v); err == nil {
		v = plain
	}
	return url.QueryEscape(v)
}

// line is where a JSON error lies.
func line(data []byte, err error) int {
	offset := int64(0)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
}
