package accesslog

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// The names that servers give to the parts of a request, the more exact first.
// A dot goes into an object.
func names() (times, methods, paths, lines []string) {
	return []string{"msec", "time_iso8601", "StartUTC", "start_time", "ts", "@timestamp", "timestamp", "time", "time_local", "requestTime", "date"},
		[]string{"request_method", "RequestMethod", "request.method", "http.request.method", "httpRequest.requestMethod", "req.method", "method", "httpMethod", "verb"},
		[]string{"request_uri", "RequestPath", "request.uri", "http.request.path", "httpRequest.requestUrl", "request.url", "req.url", "url.original", "uri", "path", "url"},
		[]string{"request", "request_line", "RequestLine"}
}

// parseJSON reads one object of a log of JSON lines.
func parseJSON(line []byte) (record, bool) {
	var object map[string]any
	if json.Unmarshal(line, &object) != nil {
		return record{}, false
	}
	times, methods, paths, requestLines := names()
	var at time.Time
	for _, name := range times {
		if t, err := parseAny(find(object, name)); err == nil {
			if at = t; !start(name) {
				at = began(t, tookJSON(object))
			}
			break
		}
	}
	method, path := first(object, methods), first(object, paths)
	if method == "" || path == "" {
		if request := first(object, requestLines); request != "" {
			return requestLine(at, request)
		}
		return record{}, false
	}
	if args := first(object, []string{"query_string", "args", "query"}); args != "" && !strings.Contains(path, "?") {
		path += "?" + strings.TrimPrefix(args, "?")
	}
	return record{at, strings.ToUpper(method), path}.checked()
}

// start says that a time of this name is a request's start already.
func start(name string) bool {
	return name == "StartUTC" || name == "start_time" || name == "requestTime"
}

func first(object map[string]any, names []string) string {
	for _, name := range names {
		if s, ok := find(object, name).(string); ok && s != "" {
			return s
		}
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
	for _, layout := range []string{"02/Jan/2006:15:04:05 -0700", "02/Jan/2006:15:04:05.999999999 -0700", time.RFC3339Nano, "2006-01-02T15:04:05.999999999-0700",
		"2006-01-02 15:04:05.999999999 -0700", "2006-01-02 15:04:05.999999999", "2006/01/02 15:04:05"} {
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
