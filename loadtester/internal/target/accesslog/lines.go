package accesslog

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// parser reads a log's lines. What it keeps between them are the names that a W3C
// log gives its fields.
type parser struct {
	w3c w3c
}

// directive reads a line that is no request, and says whether it was one.
func (p *parser) directive(line []byte) bool {
	if line[0] != '#' {
		return false
	}
	p.w3c.directive(string(line))
	return true
}

func (p *parser) parse(line []byte) (record, bool) {
	switch {
	case p.w3c.begun():
		return p.w3c.parse(string(line))
	case line[0] == '{':
		return parseJSON(line)
	}
	if r, ok := parseELB(string(line)); ok {
		return r, true
	}
	if r, ok := parseCommon(string(line)); ok {
		return r, true
	}
	if r, ok := parseEnvoy(string(line)); ok {
		return r, true
	}
	if r, ok := parsePrefixed(line); ok {
		return r, true
	}
	return parsePairs(string(line))
}

// envoy is a line of Envoy's, and of Istio's with its more fields: when the request
// came, its line, the status, and the bytes of its body.
var envoy = regexp.MustCompile(`\[(\d{4}-\d{2}-\d{2}T[^\]]+)\] "([^"]*)" \d+ \S+ (?:\S+ \S+ "[^"]*" )?(\d+) \d+ `)

func parseEnvoy(line string) (record, bool) {
	m := envoy.FindStringSubmatch(line)
	if m == nil {
		return record{}, false
	}
	at, err := parseTime(m[1])
	if err != nil {
		return record{}, false
	}
	r, ok := requestLine(at, m[2])
	if n, err := strconv.ParseInt(m[3], 10, 64); err == nil {
		r.length = n
	}
	return r, ok
}

// keyed is a pair of logfmt: key=value, key="a value".
var keyed = regexp.MustCompile(`(?:^|\s)([\w.@-]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)`)

// parsePairs reads logfmt, behind a time as Heroku's router writes it:
//
//	2026-03-01T10:00:00.5+00:00 heroku[router]: at=info method=GET path="/a" …
func parsePairs(line string) (record, bool) {
	object := map[string]any{}
	for _, m := range keyed.FindAllStringSubmatch(line, -1) {
		value := m[2]
		if strings.HasPrefix(value, `"`) {
			if plain, err := strconv.Unquote(value); err == nil {
				value = plain
			}
		}
		object[m[1]] = value
	}
	if len(object) < 3 { // not a line of pairs
		return record{}, false
	}
	first, _, _ := strings.Cut(line, " ")
	before, _ := parseTime(first) // else one of the pairs has it
	return ofObject(object, before, 0)
}

// stamp is a time in brackets: of the common format, or HAProxy's.
var stamp = regexp.MustCompile(`\[(\d{2}/[A-Z][a-z]{2}/\d{4}:[^\]]*)\]`)

// parseCommon reads the common format and all that begin like it (combined,
// vhost_combined, with more fields behind), and HAProxy's, behind the prefix of a
// syslog too:
//
//	10.0.0.1 - frank [10/Oct/2026:13:55:36 -0700] "GET /a.png HTTP/1.1" 200 2326 "…" "…"
//	haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] web static/srv1 10/0/30/69/109 200 2750 … "GET / HTTP/1.1"
//
// HAProxy's time has no zone, and is that of the request's first byte.
func parseCommon(line string) (record, bool) {
	where := stamp.FindStringSubmatchIndex(line)
	if where == nil {
		return record{}, false
	}
	at, err := parseTime(line[where[2]:where[3]])
	if err != nil {
		return record{}, false
	}
	_, rest, ok := strings.Cut(line[where[1]:], `"`)
	request, closed := quoted(rest)
	if !ok || !closed {
		return record{}, false
	}
	return requestLine(began(at, tookCommon(rest)), request)
}

// elb is the beginning of a line of AWS's load balancers. An application load
// balancer (ALB) begins with the kind of request; both have a time, a name, the
// client and the target.
var elb = regexp.MustCompile(`^(?:(?:https?|h2|grpcs|wss?) )?(\d{4}-\d{2}-\d{2}T\S+) \S+ \S+ \S+ (?:-?[\d.]+ ){3}`)

// parseELB reads a line of an ALB or a classic load balancer (ELB). The ELB's time
// is when the request came; the ALB's when it was answered, and the one when it
// came stands behind the rule's number.
func parseELB(line string) (record, bool) {
	m := elb.FindStringSubmatchIndex(line)
	if m == nil {
		return record{}, false
	}
	_, rest, ok := strings.Cut(line[m[1]:], `"`)
	request, closed := quoted(rest)
	if !ok || !closed {
		return record{}, false
	}
	written := line[m[2]:m[3]]
	if came := elbCame.FindStringSubmatch(rest[len(request):]); came != nil {
		written = came[1]
	}
	at, err := parseTime(written)
	if err != nil {
		return record{}, false
	}
	return requestLine(at, request)
}

// elbCame is an ALB's request_creation_time, behind matched_rule_priority.
var elbCame = regexp.MustCompile(`" -?\d+ (\d{4}-\d{2}-\d{2}T\S+) "`)

// parsePrefixed reads JSON behind a prefix: of a syslog, of docker's or
// Kubernetes' log, of Caddy's console format, whose time stands before it.
func parsePrefixed(line []byte) (record, bool) {
	i := bytes.IndexByte(line, '{')
	if i < 0 || line[len(line)-1] != '}' {
		return record{}, false
	}
	var before time.Time
	prefix := string(line[:i])
	first, _, _ := strings.Cut(prefix, "\t")
	for _, word := range []string{first, strings.SplitN(prefix, " ", 2)[0]} {
		if t, err := parseTime(word); err == nil {
			before = t
			break
		}
	}
	return parseObject(line[i:], before)
}
