package redact

import (
	"net/url"
	"regexp"
	"strings"
)

// span is a secret's place in a text: text[from:to].
type span struct{ from, to int }

// DSN hides the passwords of a PostgreSQL connection string: a URL or
// key=value pairs, well formed or not. Everything between the first colon of
// the user part and the LAST at-sign counts as the password, since one that
// was not percent-encoded may hold any character.
func DSN(dsn string) string { return mask(dsn, dsnSpans(dsn)) }

// Secrets lists the passwords of a connection string as they stand there and
// decoded, for NewWriter.
func Secrets(dsn string) []string {
	var found []string
	for _, s := range dsnSpans(dsn) {
		raw := dsn[s.from:s.to]
		found = append(found, raw)
		if decoded, err := url.PathUnescape(raw); err == nil && decoded != raw {
			found = append(found, decoded)
		}
		if quoted := strings.Trim(raw, "'"); quoted != raw {
			found = append(found, unquote.Replace(quoted))
		}
	}
	return found
}

var unquote = strings.NewReplacer(`\'`, `'`, `\\`, `\`)

// pair finds key = value, the value quoted as libpq does (also when the closing
// quote is missing) or bare.
var pair = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.%-]*)\s*=\s*('(?:[^'\\]|\\.)*'?|(?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*)`)

// scheme begins a URL. A password of key=value pairs may hold "://" as well.
var scheme = regexp.MustCompile(`^\s*[A-Za-z][A-Za-z0-9+.-]*://`)

func dsnSpans(dsn string) []span {
	if s := scheme.FindString(dsn); s != "" {
		return append(userinfoSpans(dsn, len(s)), querySpans(dsn)...)
	}
	var spans []span
	for _, m := range pair.FindAllStringSubmatchIndex(dsn, -1) {
		if Name(dsn[m[2]:m[3]]) && m[4] < m[5] {
			spans = append(spans, span{m[4], m[5]})
		}
	}
	return spans
}

// userinfoSpans is the password of scheme://user:password@host, from the
// authority's start on.
func userinfoSpans(s string, authority int) []span {
	at := strings.LastIndexByte(s[authority:], '@')
	if at < 0 {
		return nil
	}
	colon := strings.IndexByte(s[authority:authority+at], ':')
	if colon < 0 || colon+1 == at {
		return nil
	}
	return []span{{authority + colon + 1, authority + at}}
}

// querySpans are the values of secret parameters in ?a=b&c=d and in #a=b.
func querySpans(s string) []span {
	start := strings.IndexAny(s, "?#")
	if start < 0 {
		return nil
	}
	var spans []span
	for from := start + 1; from <= len(s); {
		to := len(s)
		if i := strings.IndexAny(s[from:], "&;#?"); i >= 0 {
			to = from + i
		}
		if eq := strings.IndexByte(s[from:to], '='); eq >= 0 && from+eq+1 < to {
			name := s[from : from+eq]
			if decoded, err := url.QueryUnescape(name); err == nil {
				name = decoded
			}
			if Name(name) {
				spans = append(spans, span{from + eq + 1, to})
			}
		}
		from = to + 1
	}
	return spans
}

// URL hides the password and the secret query parameters of a URL of any
// scheme. Unlike DSN it trusts a URL that parses, so that a port or an at-sign
// in the query stays readable.
func URL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return DSN(raw)
	}
	spans := querySpans(raw)
	if _, has := u.User.Password(); has {
		_, rest, _ := strings.Cut(raw, "//")
		authority := len(raw) - len(rest)
		end := len(raw)
		if i := strings.IndexAny(rest, "/?#"); i >= 0 {
			end = authority + i
		}
		spans = append(userinfoSpans(raw[:end], authority), spans...)
	}
	return mask(raw, spans)
}

// mask replaces the spans. They may overlap: a password with ?key= in it is
// both.
func mask(s string, spans []span) string {
	var b strings.Builder
	done := 0
	for _, sp := range spans {
		if sp.to <= done {
			continue
		}
		if sp.from >= done {
			b.WriteString(s[done:sp.from])
			b.WriteString(Mask)
		}
		done = sp.to
	}
	b.WriteString(s[done:])
	return b.String()
}
