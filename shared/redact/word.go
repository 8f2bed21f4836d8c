package redact

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Word hides what may be a secret in one word of a command line: a connection
// string or a URL, well spelt or not (postgress://, //u:p@h, jdbc:, quotes, a
// blank or DATABASE_URL= in front), key=value pairs of any separator, a header.
// It hides too much rather than too little: everything between the first colon
// of what may be user information and the last at-sign, everything behind the
// name of a secret. Use URL or DSN for a text that is known to be one.
func Word(word string) string { return mask(word, merge(wordSpans(word))) }

// wordSpans finds what may be secrets. Spans may overlap.
func wordSpans(word string) []span {
	if word == "" || wellFormedURL(word) {
		return querySpans(word)
	}
	spans := slices.Concat(userSpans(word), headerSpans(word), namedSpans(word), optionSpans(word))
	if strings.Contains(word, "://") {
		spans = append(spans, querySpans(word)...)
	}
	return spans
}

// wellFormedURL is an http URL without user information: its port and an at-sign
// in its path or query are no secrets.
func wellFormedURL(word string) bool {
	u, err := url.Parse(word)
	return err == nil && u.User == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && port.MatchString(u.Port())
}

var port = regexp.MustCompile(`^[0-9]*$`)

// opening is what may stand in front of user information: quotes, a variable's
// name, one or two schemes, and slashes, also where the colon was forgotten.
var opening = regexp.MustCompile(`^[\s"'` + "`" + `\x{feff}]*(?:[A-Za-z_][A-Za-z0-9_]*\s*=\s*["']?)?(?:[A-Za-z][A-Za-z0-9+.-]*:){0,2}//|^[\s"'\x{feff}]*[A-Za-z][A-Za-z0-9+.-]*//`)

// variable is DATABASE_URL= in front of a value without a scheme.
var variable = regexp.MustCompile(`^[\s"'\x{feff}]*[A-Za-z_][A-Za-z0-9_]*\s*=\s*["']?`)

// userSpans are the passwords of user information, from its first colon to the
// word's last at-sign; without an at-sign, what stands behind user: and is no
// port.
func userSpans(word string) []span {
	start := 0
	if m := opening.FindStringIndex(word); m != nil {
		start = m[1]
	} else if m := variable.FindStringIndex(word); m != nil {
		start = m[1]
	}
	web := strings.HasPrefix(strings.ToLower(strings.TrimLeft(word, " \t\"'")), "http")
	at, width := lastAt(word[start:])
	if at < 0 {
		return withoutAt(word, start, web)
	}
	user := word[start : start+at]
	colon, colonWidth := firstColon(user)
	switch {
	case colon >= 0 && colon+colonWidth < at:
		return []span{{start + colon + colonWidth, start + at}}
	case colon < 0 && web && at > 0 && width > 0:
		return []span{{start, start + at}} // a token in the user's place
	}
	return nil
}

// lastAt is the place of the last at-sign, written so or as %40, and its width.
func lastAt(s string) (at, width int) {
	at, width = strings.LastIndexByte(s, '@'), 1
	if encoded := strings.LastIndex(s, "%40"); encoded > at {
		at, width = encoded, 3
	}
	return at, width
}

func firstColon(s string) (at, width int) {
	at, width = strings.IndexByte(s, ':'), 1
	if i := strings.Index(strings.ToLower(s), "%3a"); i >= 0 && (at < 0 || i < at) {
		at, width = i, 3
	}
	return at, width
}

// withoutAt reads postgres://app:password, where the host was forgotten.
func withoutAt(word string, start int, web bool) []span {
	if start == 0 || web || !strings.Contains(word[:start], "/") {
		return nil
	}
	end := len(word)
	if i := strings.IndexAny(word[start:], "/?#"); i >= 0 {
		end = start + i
	}
	colon := strings.LastIndexByte(word[start:end], ':')
	if colon < 0 || port.MatchString(word[start+colon+1:end]) || strings.HasPrefix(word[start:], "[") {
		return nil
	}
	return []span{{start + colon + 1, len(word)}}
}

// header is the beginning of a header or an option that holds a secret, with a
// colon, an equals sign or nothing but a blank behind the name.
var header = regexp.MustCompile(`^[\s"']*([A-Za-z][A-Za-z0-9_-]*)(?:\s*[:=]\s*|\s+)`)

// scheme words of an Authorization header are no secrets.
var authScheme = regexp.MustCompile(`(?i)^(?:bearer|basic|digest|token|negotiate|apikey)\s+`)

func headerSpans(word string) []span {
	m := header.FindStringSubmatchIndex(word)
	if m == nil || !suspicious(word[m[2]:m[3]]) {
		return nil
	}
	from := m[1]
	if s := authScheme.FindString(word[from:]); s != "" {
		from += len(s)
	}
	if from >= len(word) {
		return nil
	}
	return []span{{from, len(word)}}
}

// named finds name=value and "name": value anywhere.
var named = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.%\[\]-]*)["']?\s*[:=]\s*`)

// next is where another key=value pair begins.
var next = regexp.MustCompile(`\s["']?[A-Za-z_][A-Za-z0-9_.-]*["']?\s*[:=]|[,;&]\s*["']?[A-Za-z_][A-Za-z0-9_. -]*["']?\s*[:=]`)

func namedSpans(word string) []span {
	var spans []span
	for _, m := range named.FindAllStringSubmatchIndex(word, -1) {
		name := word[m[2]:m[3]]
		if decoded, err := url.QueryUnescape(name); err == nil {
			name = decoded
		}
		if !suspicious(name) || m[1] >= len(word) || strings.HasPrefix(word[m[1]:], "//") {
			continue
		}
		end := len(word)
		if i := next.FindStringIndex(word[m[1]:]); i != nil {
			end = m[1] + i[0]
		}
		if end > m[1] {
			spans = append(spans, span{m[1], end})
		}
	}
	return spans
}

// option is an option of curl that takes a secret, in a command that a word holds.
var option = regexp.MustCompile(`(?:^|\s)(?:(?:-u|-U|--user|--proxy-user)[\s=]*["']?[^\s:"']*:|(?:-b|--cookie|--oauth2-bearer|--pass|--proxy-pass)[\s=]+["']?)([^\s"']+)`)

func optionSpans(word string) []span {
	var spans []span
	for _, m := range option.FindAllStringSubmatchIndex(word, -1) {
		spans = append(spans, span{m[2], m[3]})
	}
	return spans
}

// suspicious is Name, and names that are a slip away from one: pasword.
func suspicious(name string) bool {
	if Name(name) {
		return true
	}
	flat := flatten(name)
	for _, word := range []string{"password", "passwd", "secret", "token", "apikey"} {
		if len(flat) >= len(word)-1 && len(flat) <= len(word)+1 && slip(flat, word) {
			return true
		}
	}
	return false
}

// slip says whether one letter more, less or other, or two exchanged, makes a
// of b.
func slip(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}

// merge orders spans for mask.
func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	return spans
}
