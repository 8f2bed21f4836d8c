package limiter

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// quota is what the headers of one answer say. -1 is "not said"; times are in
// seconds from the answer on.
type quota struct {
	limit      int64
	remaining  int64
	reset      int64 // until the window ends
	window     int64
	retryAfter int64
}

func noQuota() quota { return quota{-1, -1, -1, -1, -1} }

// said says whether any header of a limiter was there.
func (q quota) said() bool { return q.limit >= 0 || q.remaining >= 0 || q.reset >= 0 }

// wait is how long the client was asked to stay away; -1: it was not.
func (q quota) wait() int64 {
	if q.retryAfter >= 0 {
		return q.retryAfter
	}
	return q.reset
}

// parseQuota reads the head of a response: Retry-After; RateLimit-Limit,
// -Remaining, -Reset and -Policy and RateLimit itself in the forms of the IETF
// drafts (up to 6, 7, from 8 on); X-RateLimit-* and X-Rate-Limit-*. now is the
// time of the answer, for headers that hold a date.
func parseQuota(head []byte, now time.Time) quota {
	q := noQuota()
	for len(head) > 0 {
		var line []byte
		line, head, _ = bytes.Cut(head, []byte("\n"))
		if len(line) < 9 || line[0]|0x20 != 'r' && line[0]|0x20 != 'x' {
			continue
		}
		name, value, ok := strings.Cut(string(line), ":")
		if !ok {
			continue
		}
		q.header(strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value), now)
	}
	return q
}

func (q *quota) header(name, value string, now time.Time) {
	name = strings.Replace(strings.TrimPrefix(name, "x-"), "rate-limit", "ratelimit", 1)
	switch name {
	case "retry-after":
		if n, ok := integer(value); ok {
			q.retryAfter = n
		} else if at, err := http.ParseTime(value); err == nil {
			q.retryAfter = max(int64(at.Sub(now)/time.Second), 0)
		}
	case "ratelimit-limit":
		// Up to draft 6 a policy may stand behind: 100, 100;w=60
		first, rest, _ := strings.Cut(value, ",")
		set(&q.limit, first)
		q.policy(rest)
	case "ratelimit-remaining":
		set(&q.remaining, value)
	case "ratelimit-reset":
		set(&q.reset, value)
		if q.reset > 1e9 { // a date in seconds, or milliseconds
			if q.reset > 1e12 {
				q.reset /= 1000
			}
			q.reset = max(q.reset-now.Unix(), 0)
		}
	case "ratelimit-policy":
		q.policy(value)
	case "ratelimit":
		q.combined(value)
	}
}

// policy reads 100;w=60 and "name";q=100;w=60.
func (q *quota) policy(value string) {
	first, _, _ := strings.Cut(value, ",")
	for i, part := range strings.Split(first, ";") {
		key, v, ok := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case i == 0 && !ok && q.limit < 0:
			set(&q.limit, key)
		case ok && key == "q":
			set(&q.limit, v)
		case ok && key == "w":
			set(&q.window, v)
		}
	}
}

// combined reads limit=100, remaining=50, reset=30 and "name";r=50;t=30.
func (q *quota) combined(value string) {
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' }) {
		key, v, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			continue
		}
		switch key {
		case "limit":
			set(&q.limit, v)
		case "remaining", "r":
			set(&q.remaining, v)
		case "reset", "t":
			set(&q.reset, v)
		}
	}
}

func set(to *int64, value string) {
	if n, ok := integer(value); ok {
		*to = n
	}
}

// integer reads a number that is not negative; a fraction is rounded up, for
// some say how long to wait in fractions of a second.
func integer(value string) (int64, bool) {
	value = strings.TrimSpace(value)
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return n, n >= 0
	}
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || !(f >= 0 && f < 1e15) {
		return 0, false
	}
	n := int64(f)
	if float64(n) < f {
		n++
	}
	return n, true
}
