package tsgen

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// A routePath is the path of an operation in pieces: texts and placeholders.
type routePath struct {
	segments [][]piece
	// when tells operations apart that have one path: /#Action=List, /?list=2.
	when []condition
}

// condition: a query parameter or header has a value, or is there at all.
type condition struct {
	name, value string
	anyValue    bool
}

type piece struct {
	text string // fixed text, or "" for a placeholder
	name string // the placeholder's name in the document
	key  string // its name in the framework, an identifier
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func parsePath(path string) routePath {
	var out routePath
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		out.when = parseConditions(path[i+1:])
		path = path[:i]
	}
	path = "/" + strings.TrimPrefix(path, "/")
	keys := newNames()
	for _, segment := range strings.Split(path[1:], "/") {
		var pieces []piece
		rest := segment
		for {
			m := placeholder.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			if m[0] > 0 {
				pieces = append(pieces, piece{text: rest[:m[0]]})
			}
			name := rest[m[2]:m[3]]
			key := name
			if !isIdentifier(name) || isInherited(name) {
				key = camel(name)
			}
			pieces = append(pieces, piece{name: name, key: keys.unique(key)})
			rest = rest[m[1]:]
		}
		if rest != "" {
			pieces = append(pieces, piece{text: rest})
		}
		out.segments = append(out.segments, pieces)
	}
	return out
}

func parseConditions(text string) []condition {
	var out []condition
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '&' || r == '?' || r == '#' }) {
		name, value, _ := strings.Cut(part, "=")
		if strings.Contains(value, "{") {
			out = append(out, condition{name: name, anyValue: true})
		} else {
			out = append(out, condition{name: name, value: value})
		}
	}
	return out
}

// asksFor says that the operation is told from others by a query parameter.
func (r routePath) asksFor(name string) bool {
	for _, c := range r.when {
		if c.name == name {
			return true
		}
	}
	return false
}

// key is the framework's name of a placeholder.
func (r routePath) key(name string) string {
	for _, s := range r.segments {
		for _, p := range s {
			if p.name == name && p.text == "" {
				return p.key
			}
		}
	}
	return name
}

// shape is the path without the names: two operations with one shape and method
// cannot be told apart.
func (r routePath) shape() string {
	var b strings.Builder
	for _, s := range r.segments {
		b.WriteByte('/')
		for _, p := range s {
			if p.text == "" {
				b.WriteString("{}")
			} else {
				b.WriteString(p.text)
			}
		}
	}
	return b.String()
}

// pathToRegexp is the path in the syntax of Express 5 and @koa/router 15.
func (r routePath) pathToRegexp() string {
	var b strings.Builder
	for _, s := range r.segments {
		b.WriteByte('/')
		for i, p := range s {
			if p.text == "" {
				b.WriteString(":" + p.key)
				if i+1 < len(s) && startsLikeName(s[i+1].text) {
					b.Reset()
					return r.quotedPathToRegexp()
				}
				continue
			}
			b.WriteString(escapePathToRegexp(p.text))
		}
	}
	return b.String()
}

func (r routePath) quotedPathToRegexp() string {
	var b strings.Builder
	for _, s := range r.segments {
		b.WriteByte('/')
		for _, p := range s {
			if p.text == "" {
				b.WriteString(`:"` + p.key + `"`)
			} else {
				b.WriteString(escapePathToRegexp(p.text))
			}
		}
	}
	return b.String()
}

func startsLikeName(s string) bool {
	return s != "" && (isIdentifier(s[:1]) || s[0] >= '0' && s[0] <= '9' || s[0] >= 0x80)
}

func escapePathToRegexp(text string) string {
	var b strings.Builder
	for _, r := range encodePath(text) {
		if strings.ContainsRune(`(){}[]+?!:*\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// findMyWay is the path in the syntax of Fastify.
func (r routePath) findMyWay() string {
	var b strings.Builder
	for _, s := range r.segments {
		b.WriteByte('/')
		for _, p := range s {
			switch {
			case p.text != "":
				b.WriteString(strings.ReplaceAll(p.text, ":", "::"))
			case len(s) > 1:
				b.WriteString(":" + p.key + "([^/]+?)")
			default:
				b.WriteString(":" + p.key)
			}
		}
	}
	return b.String()
}

// regexp is the source of a regular expression for the path.
func (r routePath) regexp() string {
	var b strings.Builder
	b.WriteByte('^')
	for _, s := range r.segments {
		b.WriteByte('/')
		for _, p := range s {
			if p.text == "" {
				b.WriteString("[^/]+?")
			} else {
				b.WriteString(regexp.QuoteMeta(encodePath(p.text)))
			}
		}
	}
	b.WriteByte('$')
	return b.String()
}

// encodePath writes a fixed text as a client sends it.
func encodePath(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>^`{}|\\", c) >= 0 {
			b.WriteString("%" + strings.ToUpper(hex(c)))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func hex(c byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[c>>4], digits[c&15]})
}

func (r routePath) rank(i int) int {
	s := r.segments[i]
	switch {
	case len(s) == 0 || len(s) == 1 && s[0].text != "":
		return 0
	case len(s) == 1:
		return 2
	}
	return 1
}

// bySpecificity sorts routes so that the first that matches is the right one in
// a framework that asks them one after the other: /users/me before /users/{id}.
func bySpecificity(ops []*operation) []*operation {
	out := append([]*operation{}, ops...)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].path, out[j].path
		for k := 0; k < len(a.segments) && k < len(b.segments); k++ {
			if x, y := a.rank(k), b.rank(k); x != y {
				return x < y
			}
		}
		if len(a.segments) != len(b.segments) {
			return len(a.segments) < len(b.segments)
		}
		// A GET route would answer HEAD as well.
		return out[i].api.Method == "HEAD" && out[j].api.Method != "HEAD"
	})
	return out
}

type droppedOperation struct {
	operation *api.Operation
	rule, why string
}

// hasShorthand says whether Express, Fastify and Koa all have a function for a method.
func hasShorthand(method string) bool {
	switch method {
	case "GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE":
		return true
	}
	return false
}

// furtherMethods are the other methods that node's parser takes, but for CONNECT,
// which is none of a path: QUERY of OpenAPI 3.2, and what additionalOperations may name.
var furtherMethods = []string{
	"ACL", "BIND", "CHECKOUT", "COPY", "LINK", "LOCK", "M-SEARCH", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE",
	"NOTIFY", "PROPFIND", "PROPPATCH", "PURGE", "QUERY", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE",
	"UNBIND", "UNLINK", "UNLOCK", "UNSUBSCRIBE",
}

func dropped(a *api.API) []droppedOperation {
	var out []droppedOperation
	seen := map[string]*api.Operation{}
	for _, op := range a.Operations {
		path := parsePath(op.Path)
		key := fmt.Sprint(op.Method, " ", path.shape(), path.when)
		switch first := seen[key]; {
		case !hasShorthand(op.Method) && !slices.Contains(furtherMethods, op.Method):
			out = append(out, droppedOperation{op, "method", "Node's server does not take " + op.Method})
		case first != nil:
			out = append(out, droppedOperation{op, "path-collision", "a request for it cannot be told from one for " + first.Method + " " + first.Path})
		default:
			seen[key] = op
		}
	}
	return out
}

// basePathIsAmbiguous says that a request may mean a path of the document whether
// the base path is cut off or not: both /api and paths such as /api/books.
func (p *project) basePathIsAmbiguous() bool {
	base := p.api.BasePath
	return base != "" && slices.ContainsFunc(p.api.Operations, func(op *api.Operation) bool {
		return strings.HasPrefix(op.Path+"/", base+"/")
	})
}
