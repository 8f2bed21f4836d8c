package operation

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// A routePath is the path of an operation in pieces: texts and placeholders.
type Path struct {
	Segments [][]piece
	// when tells operations apart that have one path: /#Action=List, /?list=2.
	when []Condition
}

// Condition: a query parameter or header has a value, or is there at all.
type Condition struct {
	Name, Value string
	AnyValue    bool
}

// Conditions are what a request says that is meant for this one of several operations.
func (r Path) Conditions() []Condition { return r.when }

type piece struct {
	Text string // fixed text, or "" for a placeholder
	Name string // the placeholder's name in the document
	key  string // its name in the framework, an identifier
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func ParsePath(path string) Path {
	var out Path
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		out.when = parseConditions(path[i+1:])
		path = path[:i]
	}
	path = "/" + strings.TrimPrefix(path, "/")
	keys := ts.NewNames()
	for _, segment := range strings.Split(path[1:], "/") {
		var pieces []piece
		rest := segment
		for {
			m := placeholder.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			if m[0] > 0 {
				pieces = append(pieces, piece{Text: rest[:m[0]]})
			}
			name := rest[m[2]:m[3]]
			key := name
			if !ts.IsIdentifier(name) || ts.IsInherited(name) {
				key = ts.Camel(name)
			}
			pieces = append(pieces, piece{Name: name, key: keys.Unique(key)})
			rest = rest[m[1]:]
		}
		if rest != "" {
			pieces = append(pieces, piece{Text: rest})
		}
		out.Segments = append(out.Segments, pieces)
	}
	return out
}

func parseConditions(text string) []Condition {
	var out []Condition
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '&' || r == '?' || r == '#' }) {
		name, value, _ := strings.Cut(part, "=")
		if strings.Contains(value, "{") {
			out = append(out, Condition{Name: name, AnyValue: true})
		} else {
			out = append(out, Condition{Name: name, Value: value})
		}
	}
	return out
}

// AsksFor says that the operation is told from others by a query parameter.
func (r Path) AsksFor(name string) bool {
	for _, c := range r.when {
		if c.Name == name {
			return true
		}
	}
	return false
}

// Key is the framework's name of a placeholder.
func (r Path) Key(name string) string {
	for _, s := range r.Segments {
		for _, p := range s {
			if p.Name == name && p.Text == "" {
				return p.key
			}
		}
	}
	return name
}

// Shape is the path without the names: two operations with one shape and method
// cannot be told apart.
func (r Path) Shape() string {
	var b strings.Builder
	for _, s := range r.Segments {
		b.WriteByte('/')
		for _, p := range s {
			if p.Text == "" {
				b.WriteString("{}")
			} else {
				b.WriteString(p.Text)
			}
		}
	}
	return b.String()
}

// PathToRegexp is the path in the syntax of Express 5 and @koa/router 15.
func (r Path) PathToRegexp() string {
	var b strings.Builder
	for _, s := range r.Segments {
		b.WriteByte('/')
		for i, p := range s {
			if p.Text == "" {
				b.WriteString(":" + p.key)
				if i+1 < len(s) && startsLikeName(s[i+1].Text) {
					b.Reset()
					return r.quotedPathToRegexp()
				}
				continue
			}
			b.WriteString(escapePathToRegexp(p.Text))
		}
	}
	return b.String()
}

func (r Path) quotedPathToRegexp() string {
	var b strings.Builder
	for _, s := range r.Segments {
		b.WriteByte('/')
		for _, p := range s {
			if p.Text == "" {
				b.WriteString(`:"` + p.key + `"`)
			} else {
				b.WriteString(escapePathToRegexp(p.Text))
			}
		}
	}
	return b.String()
}

func startsLikeName(s string) bool {
	return s != "" && (ts.IsIdentifier(s[:1]) || s[0] >= '0' && s[0] <= '9' || s[0] >= 0x80)
}

func escapePathToRegexp(text string) string {
	var b strings.Builder
	for _, r := range EncodePath(text) {
		if strings.ContainsRune(`(){}[]+?!:*\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// FindMyWay is the path in the syntax of Fastify, which compares decoded texts. A star
// would be its wildcard, so it stands there as a placeholder that takes a star only.
func (r Path) FindMyWay() string {
	var b strings.Builder
	stars := 0
	for _, s := range r.Segments {
		b.WriteByte('/')
		mixed := len(s) > 1 || len(s) == 1 && strings.Contains(s[0].Text, "*")
		for _, p := range s {
			switch {
			case p.Text != "":
				for i, text := range strings.Split(decodePath(p.Text), "*") {
					if i > 0 {
						stars++
						b.WriteString(":star_" + strconv.Itoa(stars) + `(\*)`)
					}
					b.WriteString(strings.ReplaceAll(text, ":", "::"))
				}
			case mixed:
				b.WriteString(":" + p.key + "([^/]+?)")
			default:
				b.WriteString(":" + p.key)
			}
		}
	}
	return b.String()
}

var encoded = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)

// decodePath is a text as decodeURI of JavaScript gives it: what is reserved in a URL
// stays encoded, and so does what is no UTF-8.
func decodePath(text string) string {
	return encoded.ReplaceAllStringFunc(text, func(run string) string {
		plain, err := url.PathUnescape(run)
		if err != nil || !utf8.ValidString(plain) {
			return run
		}
		var b strings.Builder
		for _, r := range plain {
			if strings.ContainsRune(";/?:@&=+$,#", r) {
				b.WriteString("%" + strings.ToUpper(Hex(byte(r))))
			} else {
				b.WriteRune(r)
			}
		}
		return b.String()
	})
}

// Regexp is the source of a regular expression for the path. Where several parameters
// share a segment, each ends at the first text that can end it, and no other place is
// tried ((?=(…))\1 is JavaScript's way to say so): that finds a match where there is one,
// in a time that is linear in the length of the path.
func (r Path) Regexp() string {
	var b strings.Builder
	b.WriteByte('^')
	groups := 0
	for _, s := range r.Segments {
		b.WriteByte('/')
		for i := 0; i < len(s); i++ {
			switch {
			case s[i].Text != "":
				b.WriteString(regexp.QuoteMeta(EncodePath(s[i].Text)))
			case i+2 < len(s) && s[i+1].Text != "":
				groups++
				b.WriteString("(?=([^/]+?" + regexp.QuoteMeta(EncodePath(s[i+1].Text)) + `))\` + strconv.Itoa(groups))
				i++
			default:
				b.WriteString("[^/]+?")
			}
		}
	}
	b.WriteByte('$')
	return b.String()
}

// Groups is the source of a regular expression for the end of a URL's path, with a group
// for each placeholder, named as the framework calls it; linear as Regexp is.
func (r Path) Groups() string {
	quote := func(text string) string {
		return strings.ReplaceAll(regexp.QuoteMeta(EncodePath(text)), "/", `\/`)
	}
	var b strings.Builder
	for _, s := range r.Segments {
		b.WriteString(`\/`)
		for i, p := range s {
			switch {
			case p.Text != "":
				b.WriteString(quote(p.Text))
			case len(s) == 1:
				b.WriteString("(?<" + p.key + ">[^/]+)")
			case i+2 < len(s) && s[i+1].Text != "":
				b.WriteString("(?=(?<" + p.key + ">[^/]+?)" + quote(s[i+1].Text) + `)\k<` + p.key + ">")
			default:
				b.WriteString("(?<" + p.key + ">[^/]+?)")
			}
		}
	}
	return b.String() + "$"
}

// EncodePath writes a fixed text as a client sends it.
func EncodePath(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>^`{}|\\", c) >= 0 {
			b.WriteString("%" + strings.ToUpper(Hex(c)))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func Hex(c byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[c>>4], digits[c&15]})
}

func (r Path) rank(i int) int {
	s := r.Segments[i]
	switch {
	case len(s) == 0 || len(s) == 1 && s[0].Text != "":
		return 0
	case len(s) == 1:
		return 2
	}
	return 1
}

// BySpecificity sorts routes so that the first that matches is the right one in
// a framework that asks them one after the other: /users/me before /users/{id}.
func BySpecificity(ops []*Operation) []*Operation {
	out := append([]*Operation{}, ops...)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Path, out[j].Path
		for k := 0; k < len(a.Segments) && k < len(b.Segments); k++ {
			if x, y := a.rank(k), b.rank(k); x != y {
				return x < y
			}
		}
		if len(a.Segments) != len(b.Segments) {
			return len(a.Segments) < len(b.Segments)
		}
		// A GET route would answer HEAD as well.
		return out[i].API.Method == "HEAD" && out[j].API.Method != "HEAD"
	})
	return out
}

type droppedOperation struct {
	Operation *api.Operation
	Rule, Why string
}

// HasShorthand says whether Express, Fastify and Koa all have a function for a method.
func HasShorthand(method string) bool {
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

func Dropped(a *api.API) []droppedOperation {
	var out []droppedOperation
	seen := map[string]*api.Operation{}
	for _, op := range a.Operations {
		path := ParsePath(op.Path)
		key := fmt.Sprint(op.Method, " ", path.Shape(), path.when)
		switch first := seen[key]; {
		case !HasShorthand(op.Method) && !slices.Contains(furtherMethods, op.Method):
			out = append(out, droppedOperation{op, "method", "Node's server does not take " + op.Method})
		case first != nil:
			out = append(out, droppedOperation{op, "path-collision", "a request for it cannot be told from one for " + first.Method + " " + first.Path})
		default:
			seen[key] = op
		}
	}
	return out
}
