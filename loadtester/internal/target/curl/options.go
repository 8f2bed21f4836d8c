package curl

import (
	"bytes"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// option is one of curl's: whether a value follows, and what it does. One
// without apply says nothing about the request and is ignored.
type option struct {
	value bool
	apply func(r *reader, value string) error
}

// letters are the short names.
var letters = map[byte]string{
	'X': "request", 'H': "header", 'd': "data", 'F': "form", 'G': "get", 'I': "head", 'T': "upload-file",
	'u': "user", 'A': "user-agent", 'e': "referer", 'b': "cookie", 'k': "insecure", 'L': "location", 'r': "range",
	'x': "proxy", 'E': "cert", 'm': "max-time", '0': "http1.0",
	's': "silent", 'S': "show-error", 'v': "verbose", 'i': "include", 'f': "fail", 'g': "globoff", 'N': "no-buffer",
	':': "next", 'R': "remote-time", 'Y': "speed-limit", 'y': "speed-time", '1': "tlsv1",
	'#': "progress-bar", 'o': "output", 'O': "remote-name", 'w': "write-out", 'c': "cookie-jar", 'D': "dump-header",
	'4': "ipv4", '6': "ipv6", 'n': "netrc", 'j': "junk-session-cookies", 'q': "disable", 'Z': "parallel",
}

func toggle(set func(r *reader)) option {
	return option{apply: func(r *reader, _ string) error { set(r); return nil }}
}

func text(set func(r *reader, value string)) option {
	return option{value: true, apply: func(r *reader, v string) error { set(r, v); return nil }}
}

// withoutPassword is the file of FILE:PASSWORD. A key that needs a password is
// refused where it is read.
func withoutPassword(cert string) string {
	for i := 2; i < len(cert); i++ { // C:\key.pem is a file
		if cert[i] == ':' && cert[i-1] != '\\' {
			cert = cert[:i]
			break
		}
	}
	return strings.ReplaceAll(cert, `\:`, ":")
}

var options = map[string]option{
	"request":          text(func(r *reader, v string) { r.method = v }),
	"url":              text(func(r *reader, v string) { r.urls = append(r.urls, v) }),
	"header":           {value: true, apply: (*reader).addHeader},
	"get":              toggle(func(r *reader) { r.get = true }),
	"head":             toggle(func(r *reader) { r.head = true }),
	"data":             {value: true, apply: func(r *reader, v string) error { return r.dataFrom(v, true) }},
	"data-ascii":       {value: true, apply: func(r *reader, v string) error { return r.dataFrom(v, true) }},
	"data-binary":      {value: true, apply: func(r *reader, v string) error { return r.dataFrom(v, false) }},
	"data-raw":         text(func(r *reader, v string) { r.addData([]byte(v)) }),
	"data-urlencode":   {value: true, apply: (*reader).dataEncoded},
	"json":             {value: true, apply: func(r *reader, v string) error { r.json = true; return r.dataFrom(v, false) }},
	"form":             {value: true, apply: (*reader).addForm},
	"form-string":      {value: true, apply: (*reader).addFormString},
	"url-query":        {value: true, apply: (*reader).addQuery},
	"upload-file":      {value: true, apply: (*reader).addUpload},
	"user":             {value: true, apply: (*reader).addUser},
	"oauth2-bearer":    text(func(r *reader, v string) { v = "Bearer " + v; r.auth = &v }),
	"user-agent":       text((*reader).addUserAgent),
	"referer":          text(func(r *reader, v string) { v = strings.TrimSuffix(v, ";auto"); r.from = &v }),
	"range":            text(func(r *reader, v string) { v = "bytes=" + v; r.span = &v }),
	"cookie":           {value: true, apply: (*reader).addCookie},
	"compressed":       toggle(func(r *reader) { r.set("Accept-Encoding", "deflate, gzip, br, zstd") }),
	"insecure":         toggle(func(r *reader) { r.command.Insecure = true }),
	"location":         toggle(func(r *reader) { r.command.Redirects = true }),
	"http1.1":          toggle(func(r *reader) { r.command.HTTP1 = true }),
	"http2":            toggle(func(r *reader) { r.command.HTTP2 = true }),
	"unix-socket":      text(func(r *reader, v string) { r.command.UnixSocket = v }),
	"proxy":            text(func(r *reader, v string) { r.command.Proxy = v }),
	"cacert":           text(func(r *reader, v string) { r.command.CACert = v }),
	"cert":             text(func(r *reader, v string) { r.command.Cert = withoutPassword(v) }),
	"key":              text(func(r *reader, v string) { r.command.Key = v }),
	"max-time":         text(func(r *reader, v string) { r.command.MaxTime = v }),
	"resolve":          text(func(r *reader, v string) { r.command.Resolve = append(r.command.Resolve, v) }),
	"basic":            {},
	"location-trusted": toggle(func(r *reader) { r.command.Redirects = true }),
	"globoff":          toggle(func(r *reader) { r.literal = true }),
	"path-as-is":       toggle(func(r *reader) { r.asIs = true }),
	"http1.0": {apply: func(*reader, string) error {
		return problem.New("leave it out: HTTP/1.1 is sent", "the curl option --http1.0 asks for HTTP/1.0, which loadtester does not speak")
	}},
	"next":                  refused("it begins another request: give one command for each", "the curl option --next begins another request"),
	"netrc":                 refused("write them: -u user:password", "the curl option --netrc reads credentials from a file"),
	"netrc-optional":        refused("write them: -u user:password", "the curl option --netrc-optional reads credentials from a file"),
	"netrc-file":            refused("write them: -u user:password", "the curl option --netrc-file reads credentials from a file"),
	"http2-prior-knowledge": toggle(func(r *reader) { r.command.H2C = true }),

	// These say nothing about the request.
	"silent": {}, "show-error": {}, "verbose": {}, "include": {}, "fail": {}, "fail-with-body": {}, "no-buffer": {},
	"progress-bar": {}, "progress-meter": {}, "remote-name": {}, "ipv4": {}, "ipv6": {}, "junk-session-cookies": {}, "disable": {},
	"parallel": {}, "keepalive": {}, "tcp-nodelay": {}, "styled-output": {}, "compressed-ssh": {}, "buffer": {},
	"output": {value: true}, "write-out": {value: true}, "cookie-jar": {value: true}, "dump-header": {value: true}, "retry": {value: true},
	"retry-delay": {value: true}, "retry-max-time": {value: true}, "connect-timeout": {value: true}, "max-redirs": {value: true},
	"limit-rate": {value: true}, "trace": {value: true}, "trace-ascii": {value: true}, "stderr": {value: true}, "keepalive-time": {value: true},
	"output-dir": {value: true}, "create-dirs": {}, "remote-header-name": {}, "tlsv1.2": {}, "tlsv1.3": {}, "tls-max": {value: true}, "ciphers": {value: true},
	"tlsv1": {}, "tlsv1.0": {}, "tlsv1.1": {}, "tls13-ciphers": {value: true}, "curves": {value: true}, "ssl": {}, "ssl-reqd": {}, "ssl-no-revoke": {},
	"ssl-revoke-best-effort": {}, "cert-status": {}, "alpn": {}, "npn": {}, "sessionid": {}, "tcp-fastopen": {}, "happy-eyeballs-timeout-ms": {value: true},
	"retry-all-errors": {}, "retry-connrefused": {}, "fail-early": {}, "remove-on-error": {}, "clobber": {}, "remote-name-all": {}, "remote-time": {},
	"create-file-mode": {value: true}, "xattr": {}, "trace-time": {}, "trace-ids": {}, "show-headers": {}, "libcurl": {value: true}, "etag-save": {value: true},
	"parallel-immediate": {}, "parallel-max": {value: true}, "rate": {value: true}, "speed-limit": {value: true}, "speed-time": {value: true},
	"max-filesize": {value: true}, "raw": {}, "ignore-content-length": {}, "expect100-timeout": {value: true}, "proto": {value: true}, "proto-redir": {value: true},
	"disallow-username-in-url": {}, "suppress-connect-headers": {}, "noproxy": {value: true},
}

// refused is an option that changes what is sent, in a way that loadtester has not.
func refused(hint, message string) option {
	return option{apply: func(*reader, string) error { return problem.New(hint, "%s", message) }}
}

// addHeader takes "Name: value", "Name:" (which takes curl's own header away and
// is left out here) and @file with one on each line.
func (r *reader) addHeader(value string) error {
	if file, ok := strings.CutPrefix(value, "@"); ok {
		b, err := r.file(file)
		if err != nil {
			return err
		}
		for _, line := range strings.Split(string(b), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				if err := r.addHeader(line); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if strings.HasPrefix(value, ":") { // a browser's HTTP/2 pseudo header
		return nil
	}
	f, err := target.ParseHeader(value)
	if err != nil {
		return err
	}
	if f.Value == "" && !strings.HasSuffix(value, ";") {
		r.removed = append(r.removed, f.Name)
		return nil
	}
	switch strings.ToLower(f.Name) {
	case "transfer-encoding":
		return problem.New("leave the header out: the body is sent with its length", "the curl command sets Transfer-Encoding, which loadtester does not send")
	case "content-length":
		r.empty = f.Value == "0"
		r.command.Ignored = append(r.command.Ignored, "the header "+f.Name)
		return nil
	}
	r.header = append(r.header, f)
	return nil
}

// addUserAgent takes the header away where it is empty, as curl does.
func (r *reader) addUserAgent(value string) {
	r.agent = &value
}

// addUser takes user:password.
func (r *reader) addUser(value string) error {
	if !strings.Contains(value, ":") {
		return problem.New("write -u 'user:password', or -u 'user:' where there is none", "the curl option --user has no password, for which curl would ask")
	}
	value = basic(value)
	r.auth = &value
	return nil
}

// dataFrom adds data or @file; strip takes line ends out of a file, as -d does.
func (r *reader) dataFrom(value string, strip bool) error {
	file, ok := strings.CutPrefix(value, "@")
	if !ok {
		r.addData([]byte(value))
		return nil
	}
	b, err := r.file(file)
	if err != nil {
		return err
	}
	if strip && bytes.IndexByte(b, 0) >= 0 {
		return problem.New("--data-binary @"+file+" sends the file as it is; a file in UTF-16 has to be written in UTF-8 first", "%s holds zero bytes (as text in UTF-16 does), of which -d makes different things in curl's versions", file)
	}
	if strip {
		b = stripLines(b)
	}
	r.addData(b)
	return nil
}

func (r *reader) dataEncoded(value string) error {
	v, err := r.urlencoded(value)
	if err == nil {
		r.addData([]byte(v))
	}
	return err
}

func (r *reader) addQuery(value string) error {
	if raw, ok := strings.CutPrefix(value, "+"); ok {
		r.query = append(r.query, raw)
		return nil
	}
	v, err := r.urlencoded(value)
	if err == nil {
		r.query = append(r.query, v)
	}
	return err
}

func (r *reader) addUpload(name string) error {
	b, err := r.file(name)
	r.upload, r.isPut = b, true
	if name != "-" {
		r.sent = name
	}
	return err
}

func (r *reader) addCookie(value string) error {
	if !strings.Contains(value, "=") {
		return problem.New("write the cookies themselves: -b 'name=value'", "the curl option --cookie %s reads a cookie file", value)
	}
	r.cookies = append(r.cookies, value)
	return nil
}
