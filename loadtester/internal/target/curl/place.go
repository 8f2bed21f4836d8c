package curl

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// place is a URL as curl asks for it: with a scheme, without dot segments, and with
// the name of an uploaded file behind a slash. Globs are refused: curl sends a
// request for each of their values.
func (r *reader) place(u string) (string, error) {
	if !strings.Contains(u, "://") {
		u = "http://" + u // as curl guesses
	}
	start := strings.Index(u, "://") + 3
	end := len(u)
	if i := strings.IndexAny(u[start:], "/?#"); i >= 0 {
		end = start + i
	}
	base, rest := u[:end], u[end:]
	host := base[strings.LastIndexByte(base, '@')+1:]
	plainHost := !strings.ContainsAny(host, "{}") && (!strings.Contains(host, "[") || strings.Contains(host, ":"))
	if places := strings.NewReplacer("{{", "", "}}", "").Replace(rest); !r.literal && (!plainHost || strings.ContainsAny(places, "[]{}")) {
		return "", problem.New("write one URL for each, or add -g if the brackets belong to it", "the curl URL has a glob, [1-3] or {a,b}")
	}
	where, query := rest, ""
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		where, query = rest[:i], rest[i:]
	}
	if !r.asIs && !strings.Contains(where, "{{") {
		where = withoutDots(where)
	}
	if r.sent != "" && query == "" && (where == "" || strings.HasSuffix(where, "/")) {
		where = strings.TrimSuffix(where, "/") + "/" + url.PathEscape(path.Base(r.sent))
	}
	return base + escaped(where) + query, nil
}

// printable says that curl would take a URL, whose places are filled later.
func printable(u string) bool {
	return !strings.ContainsFunc(insidePlaces.ReplaceAllString(u, ""), func(c rune) bool { return c <= ' ' || c == 0x7f })
}

// escaped is a path whose bytes beyond ASCII are written as curl does.
func escaped(where string) string {
	var b strings.Builder
	for _, c := range []byte(where) {
		if c >= 0x80 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// insidePlaces are {{…}}, in which there may be spaces.
var insidePlaces = regexp.MustCompile(`\{\{.*?\}\}`)

// withoutDots takes . and .. out of a path (RFC 3986, section 5.2.4).
func withoutDots(where string) string {
	if where == "" {
		return where
	}
	list := strings.Split(where[1:], "/")
	var kept []string
	for k, s := range list {
		last := k == len(list)-1
		switch s {
		case ".":
			if last {
				kept = append(kept, "")
			}
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, s)
		}
	}
	return "/" + strings.Join(kept, "/")
}
