package accesslog

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// The names that servers give to the parts of a request, the more exact first.
// A dot goes into an object.
func names() (times, methods, paths, lines []string) {
	return []string{"EdgeStartTimestamp", "msec", "time_iso8601", "StartUTC", "start_time", "started_at", "ts", "@timestamp", "timestamp", "time", "request.time", "time_local", "requestTime", "date"},
		[]string{"ClientRequestMethod", "request_method", "RequestMethod", "request.method", "http.request.method", "httpRequest.requestMethod", "req.method", "http.method", "method", "httpMethod", "verb"},
		[]string{"ClientRequestURI", "request_uri", "RequestPath", "request.uri", "request.path", "http.request.path", "httpRequest.requestUrl", "request.url", "req.url", "url.original", "url.path", "requestUri", "http.url", "http.path", "ClientRequestPath", "uri", "path", "url"},
		[]string{"request", "request_line", "RequestLine"}
}

// parseJSON reads one object of a log of JSON lines.
func parseJSON(line []byte) (record, bool) { return parseObject(line, time.Time{}) }

// parseObject reads an object; at is the time where it has none.
func parseObject(line []byte, at time.Time) (record, bool) {
	var object map[string]any
	if json.Unmarshal(line, &object) != nil {
		// nginx without escape=json writes \x22 and the like.
		if json.Unmarshal(octets.ReplaceAllFunc(line, quotedOctet), &object) != nil {
			return record{}, false
		}
		unescapeAll(object)
	}
	return ofObject(object, at, deepest)
}

// deepest is how many objects stand around a request.
const deepest = 4

// ofObject reads the request that an object tells of, itself or in an object or a
// line within it (docker's "log", Elastic's "message").
func ofObject(object map[string]any, at time.Time, depth int) (record, bool) {
	times, methods, paths, requestLines := names()
	for _, name := range times {
		if t, err := parseAny(find(object, name)); err == nil {
			if at = t; !start(name) {
				at = began(t, tookJSON(object))
			}
			break
		}
	}
	method, path := first(object, methods), first(object, paths)
	if method != "" && path != "" {
		if args := first(object, []string{"query_string", "args", "url.query", "requestQuery", "query"}); args != "" && !strings.Contains(path, "?") {
			path += "?" + strings.TrimPrefix(args, "?")
		}
		r, ok := record{at: at, method: strings.ToUpper(method), path: path}.checked()
		r.bodyOf(object)
		return r, ok
	}
	if request := first(object, requestLines); request != "" {
		r, ok := requestLine(at, request)
		r.bodyOf(object)
		return r, ok
	}
	if depth == 0 {
		return record{}, false
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		switch v := object[key].(type) {
		case map[string]any:
			if r, ok := ofObject(v, at, depth-1); ok {
				return r, true
			}
		case string:
			if key != "log" && key != "message" && key != "msg" {
				continue
			}
			if line := strings.TrimSpace(v); strings.HasPrefix(line, "{") {
				var inner map[string]any
				if json.Unmarshal([]byte(line), &inner) == nil {
					if r, ok := ofObject(inner, at, depth-1); ok {
						return r, true
					}
				}
			} else if r, ok := parseCommon(line); ok {
				return r, true
			}
		}
	}
	return record{}, false
}

// bodyOf takes the request's body, where the log has it (nginx $request_body).
func (r *record) bodyOf(object map[string]any) {
	body := first(object, []string{"request_body", "request.body", "req.body", "http.request.body.content", "http.request.body"})
	if body != "-" {
		r.body = []byte(body)
	}
	r.media = first(object, []string{"content_type", "http_content_type", "request.content_type", "request.headers.content-type", "req.headers.content-type", "request.headers.Content-Type"})
	if r.media == "-" || strings.ContainsFunc(r.media, unicode.IsControl) {
		r.media = ""
	}
	for _, name := range []string{"content_length", "http_content_length", "request.content_length", "request.headers.Content-Length", "req.headers.content-length", "request.headers.content-length", "http.request.body.bytes", "bytes_received"} {
		if n, err := strconv.ParseInt(textOf(find(object, name)), 10, 64); err == nil {
			r.length = n
			break
		}
	}
}

// octets are the escapes of nginx outside of JSON.
var octets = regexp.MustCompile(`\\x[0-9A-Fa-f]{2}`)

// quotedOctet writes an escape so that JSON keeps it for unescape.
func quotedOctet(escape []byte) []byte { return append([]byte(`\`), escape...) }

// unescapeAll undoes nginx's escapes in the texts of an object.
func unescapeAll(object map[string]any) {
	for key, v := range object {
		switch v := v.(type) {
		case string:
			object[key] = unescape(v)
		case map[string]any:
			unescapeAll(v)
		}
	}
}

// start says that a time of this name is a request's start already.
func start(name string) bool {
	return name == "EdgeStartTimestamp" || name == "StartUTC" || name == "start_time" || name == "started_at" || name == "requestTime"
}

func first(object map[string]any, names []string) string {
	for _, name := range names {
		if s := textOf(find(object, name)); s != "" {
			return s
		}
	}
	return ""
}

// textOf is a text, or the first of a list of them (Caddy's headers).
func textOf(v any) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// find looks for a name with dots: as one key, else through objects.
func find(object map[string]any, name string) any {
	if v, ok := object[name]; ok {
		return v
	}
	head, rest, ok := strings.Cut(name, ".")
	if inner, is := object[head].(map[string]any); ok && is {
		return find(inner, rest)
	}
	return nil
}

func parseAny(v any) (time.Time, error) {
	switch v := v.(type) {
	case float64:
		return unix(v)
	case string:
		return parseTime(v)
	}
	return time.Time{}, errTime
}

var errTime = errors.New("not a time")

// parseTime reads the times that logs have.
func parseTime(s string) (time.Time, error) {
	s = strings.Trim(s, "[] ")
	for _, layout := range []string{"02/Jan/2006:15:04:05 -0700", "02/Jan/2006:15:04:05.999999999 -0700", "02/Jan/2006:15:04:05.999999999", time.RFC3339Nano, "2006-01-02T15:04:05.999999999-0700",
		"2006-01-02 15:04:05.999999999 -0700", "2006-01-02 15:04:05.999999999", "2006/01/02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return unix(v)
	}
	return time.Time{}, errTime
}

// unix takes seconds, milli-, micro- or nanoseconds since 1970, told apart by
// their size: a log is of this century.
func unix(v float64) (time.Time, error) {
	for _, unit := range []float64{1, 1e3, 1e6, 1e9} {
		if s := v / unit; s >= 946684800 && s < 4102444800 {
			whole, fraction := math.Modf(s)
			return time.Unix(int64(whole), int64(math.Round(fraction*1e6))*1000), nil
		}
	}
	return time.Time{}, errTime
}
