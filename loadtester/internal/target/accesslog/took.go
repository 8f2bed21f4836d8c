package accesslog

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Servers write a line when the answer is out: its time is the request's end.
// Where the line says how long it took, the request began that much earlier.

// began is the start of a request that ended at the time end. Stamps of whole
// seconds stay whole: they are spread over their second later.
func began(end time.Time, took time.Duration) time.Time {
	if took <= 0 || took > time.Hour {
		return end
	}
	if end.Nanosecond() == 0 {
		took = took.Truncate(time.Second)
	}
	return end.Add(-took)
}

// tookJSON reads the names for durations whose units are known.
func tookJSON(object map[string]any) time.Duration {
	for _, d := range []struct {
		name string
		unit time.Duration
	}{
		{"request_time", time.Second}, // nginx
		{"duration", time.Second},     // Caddy
		{"response.request_time", time.Second},
		{"Duration", time.Nanosecond},        // Traefik
		{"event.duration", time.Nanosecond},  // Elastic
		{"httpRequest.latency", time.Second}, // Google Cloud: "0.123s"
		{"responseTime", time.Millisecond},   // pino-http
		{"response_time_ms", time.Millisecond},
		{"duration_ms", time.Millisecond},
	} {
		switch v := find(object, d.name).(type) {
		case float64:
			return time.Duration(v * float64(d.unit))
		case string:
			if n, err := strconv.ParseFloat(strings.TrimSuffix(v, "s"), 64); err == nil {
				return time.Duration(n * float64(d.unit))
			}
			if took, err := time.ParseDuration(v); err == nil { // "1.5ms"
				return took
			}
		}
	}
	return 0
}

// tookCommon reads nginx's $request_time behind the fields of the common format:
// named (rt=0.123), or as the last one with its three decimals; and Traefik's, in
// milliseconds at the end.
func tookCommon(rest string) time.Duration {
	if m := milliseconds.FindStringSubmatch(rest); m != nil {
		return number(m[1], time.Millisecond)
	}
	m := seconds.FindStringSubmatch(rest)
	if m == nil {
		return 0
	}
	return number(m[1]+m[2], time.Second)
}

var (
	seconds      = regexp.MustCompile(`(?:rt|request_time)[=:]"?(\d+\.\d+)|[ "](\d+\.\d{3})"?$`)
	milliseconds = regexp.MustCompile(` (\d+)ms$`)
)
