// Package har reads HTTP archives: what a browser's network panel saves.
package har

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
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
	Request struct {
		Method  string      `json:"method"`
		URL     string      `json:"url"`
		Headers []nameValue `json:"headers"`
		Body    *struct {
			MIME     string  `json:"mimeType"`
			Text     string  `json:"text"`
			Encoding string  `json:"encoding"`
			Params   []param `json:"params"`
		} `json:"postData"`
	} `json:"request"`
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
		s, err := e.spec(o.Base)
		if errors.Is(err, errParts) {
			r.Skip(err.Error())
			continue
		}
		if err != nil {
			return nil, problem.Wrap(err, "", "entry %d: %v", i+1, err).In(file, 0, 0)
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
		at, err := time.Parse(time.RFC3339Nano, e.Started)
		if err != nil {
			return s, errors.New("the time " + e.Started + " is not ISO 8601")
		}
		s.At = time.Duration(at.UnixNano())
	}
	for _, h := range e.Request.Headers {
		if !connection(h.Name) {
			s.Header = append(s.Header, target.Field(h))
		}
	}
	b := e.Request.Body
	switch {
	case b == nil:
	case b.Encoding == "base64":
		body, err := base64.StdEncoding.DecodeString(b.Text)
		if err != nil {
			return s, errors.New("its body is not base64")
		}
		s.Body = body
	case b.Text == "" && len(b.Params) > 0 && strings.HasPrefix(strings.ToLower(b.MIME), "multipart/"):
		body, err := parts(b.MIME, b.Params)
		if err != nil {
			return s, err
		}
		s.Body = body
	case b.Text == "" && len(b.Params) > 0:
		form := make([]string, len(b.Params))
		for i, p := range b.Params {
			form[i] = escaped(p.Name) + "=" + escaped(p.Value)
		}
		s.Body = []byte(strings.Join(form, "&"))
	default:
		s.Body = []byte(b.Text)
	}
	return s, nil
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
