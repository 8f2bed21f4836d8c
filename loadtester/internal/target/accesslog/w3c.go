package accesslog

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// w3c reads the W3C's extended log file format, as IIS and CloudFront write it. A
// directive names the fields of the lines that follow:
//
//	#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query …
type w3c struct {
	names []string
	date  string // of #Date, for logs with a time alone
}

func (w *w3c) begun() bool { return w.names != nil }

// directive keeps what a line with # says.
func (w *w3c) directive(line string) {
	name, value, _ := strings.Cut(strings.TrimPrefix(line, "#"), ":")
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "fields":
		w.names = strings.Fields(strings.ToLower(value))
	case "date":
		if words := strings.Fields(value); len(words) > 0 {
			w.date = words[0]
		}
	}
}

// parse reads a line. Its times are UTC, and those of the response's end.
func (w *w3c) parse(line string) (record, bool) {
	words := strings.Fields(line)
	if strings.Contains(line, "\t") {
		words = strings.Split(line, "\t")
	}
	if len(words) != len(w.names) {
		return record{}, false
	}
	field := map[string]string{"date": w.date}
	for i, name := range w.names {
		if words[i] != "-" {
			field[name] = words[i]
		}
	}
	at, err := parseTime(field["date"] + " " + field["time"])
	if err != nil {
		return record{}, false
	}
	path, query := field["cs-uri-stem"], field["cs-uri-query"]
	if path == "" {
		path = field["cs-uri"]
	}
	took := number(field["time-taken"], time.Millisecond) // of IIS
	if _, cloudFront := field["x-edge-location"]; cloudFront {
		took = number(field["time-taken"], time.Second)
		path, query = decoded(path), decoded(query)
	}
	if query != "" {
		path += "?" + query
	}
	return record{at: began(at, took), method: field["cs-method"], path: path}.checked()
}

// decoded undoes the one percent-encoding that CloudFront adds to what it got.
func decoded(s string) string {
	if once, err := url.PathUnescape(s); err == nil {
		return once
	}
	return s
}

// number is a duration in units; 0: it is none.
func number(s string, unit time.Duration) time.Duration {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return time.Duration(n * float64(unit))
}
