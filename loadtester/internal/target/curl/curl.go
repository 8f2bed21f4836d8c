// Package curl reads a curl command line: what a browser's "Copy as cURL" gives,
// or what stands in an API's documentation.
package curl

import (
	"encoding/base64"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// Command is what a curl command line asks for.
type Command struct {
	Specs []target.Spec // one for each URL

	// How to connect, for the engine.
	Insecure   bool // -k
	Redirects  bool // -L
	HTTP1      bool
	HTTP2      bool
	H2C        bool // --http2-prior-knowledge
	UnixSocket string
	Proxy      string
	CACert     string
	Cert       string
	Key        string
	MaxTime    string   // seconds, as written
	Resolve    []string // host:port:address

	// Ignored are options that say nothing about the request and were left out.
	Ignored []string
}

// Options are where a command's names lead.
type Options struct {
	Env   func(name string) (value string, ok bool) // for $NAME; nil: none is set
	Stdin io.Reader                                 // for -d @-
}

// Parse reads one command line. Shell quoting ('…', "…", $'…', \ at line ends) is
// read as bash does; ^ at line ends and before quotes as cmd of Windows, and ` at line
// ends as PowerShell. Commands inside it are never run.
func Parse(text string, o Options) (*Command, error) {
	words, err := shellWords(text, o.Env)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 || !isCurl(words[0]) {
		return nil, problem.New("paste the whole command: curl 'http://…' -H '…'", "the command does not begin with curl")
	}
	r := &reader{stdin: o.Stdin, command: &Command{}}
	if err := r.arguments(words[1:]); err != nil {
		return nil, err
	}
	return r.finish()
}

func isCurl(word string) bool {
	word = strings.TrimSuffix(word[strings.LastIndexAny(word, `/\`)+1:], ".exe")
	return word == "curl"
}

// reader collects the options of one request.
type reader struct {
	command *Command
	stdin   io.Reader

	urls                    []string
	method                  string
	header                  []target.Field
	data                    []byte // joined with & as curl does
	hasData                 bool
	json                    bool
	form                    []target.Part // multipart
	agent, from, auth, span *string       // of -A, -e, -u and -r: the last counts
	empty                   bool          // a Content-Length of 0 is asked for
	upload                  []byte
	isPut                   bool
	get                     bool // -G
	head                    bool // -I
	query                   []string
	cookies                 []string // of each -b
	removed                 []string // headers that curl is told not to send
	asIs                    bool     // --path-as-is
	literal                 bool     // -g: brackets and braces in a URL are no globs
	sent                    string   // name of the file of -T
}

// arguments goes through the words: long options, bundles of short ones, URLs.
func (r *reader) arguments(words []string) error {
	for i := 0; i < len(words); i++ {
		word := words[i]
		next := func() (string, bool) {
			if i+1 >= len(words) {
				return "", false
			}
			i++
			return words[i], true
		}
		var err error
		switch {
		case word == "--":
			r.urls = append(r.urls, words[i+1:]...)
			return nil
		case strings.HasPrefix(word, "--"):
			err = r.long(word[2:], next)
		case strings.HasPrefix(word, "-") && len(word) > 1:
			err = r.short(word[1:], next)
		default:
			r.urls = append(r.urls, word)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) long(name string, next func() (string, bool)) error {
	if _, ok := options[name]; !ok {
		// curl takes any unambiguous beginning of a name; --no-NAME turns a switch off.
		if _, ok := options[strings.TrimPrefix(name, "no-")]; ok {
			return nil
		}
		return problem.New("take it out of the command, or say what it does by loadtester's own options", "the curl option --%s is not known", name)
	}
	return r.option(name, next)
}

func (r *reader) short(bundle string, next func() (string, bool)) error {
	for i := 0; i < len(bundle); i++ {
		name, ok := letters[bundle[i]]
		if !ok {
			return problem.New("take it out of the command, or say what it does by loadtester's own options", "the curl option -%c is not known", bundle[i])
		}
		if !options[name].value {
			if err := r.option(name, next); err != nil {
				return err
			}
			continue
		}
		if rest := bundle[i+1:]; rest != "" { // -XPOST
			return r.option(name, func() (string, bool) { return rest, true })
		}
		return r.option(name, next)
	}
	return nil
}

func (r *reader) option(name string, next func() (string, bool)) error {
	o := options[name]
	value := ""
	if o.value {
		var ok bool
		if value, ok = next(); !ok {
			return problem.New("", "the curl option --%s has no value", name)
		}
	}
	if o.apply == nil {
		r.command.Ignored = append(r.command.Ignored, "--"+name)
		return nil
	}
	return o.apply(r, value)
}

// addData joins form data as curl does, with &.
func (r *reader) addData(value []byte) {
	if r.hasData && !r.json {
		r.data = append(r.data, '&')
	}
	r.data = append(r.data, value...)
	r.hasData = true
}

// file reads @name; "-" is stdin.
func (r *reader) file(name string) ([]byte, error) {
	if name == "-" {
		if r.stdin == nil {
			return nil, problem.New("name a file", "the command reads standard input, and there is none here")
		}
		return target.ReadBody("-", r.stdin)
	}
	return target.ReadFile(name)
}

// isRemoved says that curl is told not to send a header.
func (r *reader) isRemoved(name string) bool {
	if name == "User-Agent" && r.agent != nil && *r.agent == "" {
		return true
	}
	return slices.ContainsFunc(r.removed, func(n string) bool { return strings.EqualFold(n, name) })
}

func (r *reader) has(name string) bool {
	if r.isRemoved(name) {
		return true
	}
	for _, f := range r.header {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// set adds a header unless the command names it.
func (r *reader) set(name, value string) {
	if !r.has(name) {
		r.header = append(r.header, target.Field{Name: name, Value: value})
	}
}

// finish makes the Specs.
func (r *reader) finish() (*Command, error) {
	if len(r.urls) == 0 {
		return nil, problem.New("a curl command names a URL", "the command has no URL")
	}
	body, err := r.body()
	if err != nil {
		return nil, err
	}
	method := r.method
	if method == "" {
		switch {
		case r.head:
			method = "HEAD"
		case r.isPut:
			method = "PUT"
		case body != nil && !r.empty:
			method = "POST"
		default:
			method = "GET"
		}
	}
	for _, own := range []struct {
		name  string
		value *string
	}{{"Authorization", r.auth}, {"Range", r.span}, {"User-Agent", r.agent}, {"Referer", r.from}} {
		if own.value != nil && *own.value != "" {
			r.set(own.name, *own.value)
		}
	}
	if len(r.cookies) > 0 {
		r.set("Cookie", strings.Join(r.cookies, ";"))
	}
	for _, u := range r.urls {
		if u, err = r.place(u); err != nil {
			return nil, err
		}
		for _, q := range r.query {
			u = withQuery(u, q)
		}
		if !printable(u) {
			return nil, problem.New("percent-encode it: a space is %20; --data-urlencode does that for -G", "the curl URL holds a space or a control character")
		}
		r.command.Specs = append(r.command.Specs, target.Spec{Method: method, URL: u, Header: r.header, Body: body, Template: true, Exact: true, Verbatim: true, NoAgent: r.isRemoved("User-Agent")})
	}
	return r.command, nil
}

// body is the one body of the command, and sets its content type.
func (r *reader) body() ([]byte, error) {
	kinds := 0
	for _, given := range []bool{r.hasData, r.form != nil, r.isPut} {
		if given {
			kinds++
		}
	}
	if kinds > 1 {
		return nil, problem.New("use one of -d, -F and -T", "the command has several bodies")
	}
	switch {
	case r.hasData && r.get:
		r.query = append(r.query, string(r.data))
		return nil, nil
	case r.json:
		r.set("Content-Type", "application/json")
		r.set("Accept", "application/json")
		return nonNil(r.data), nil
	case r.hasData:
		r.set("Content-Type", "application/x-www-form-urlencoded")
		return nonNil(r.data), nil
	case r.form != nil:
		return r.multipart()
	case r.isPut:
		return nonNil(r.upload), nil
	case r.empty:
		return nonNil(nil), nil
	}
	return nil, nil
}

// nonNil keeps an empty body a body: -d "" is a POST.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func withQuery(u, q string) string {
	u, fragment, _ := strings.Cut(u, "#")
	_ = fragment // never sent
	switch {
	case q == "":
		return u
	case strings.Contains(u, "?"):
		return u + "&" + q
	}
	return u + "?" + q
}

// urlencoded reads the forms of --data-urlencode: content, =content,
// name=content, @file, name@file.
func (r *reader) urlencoded(value string) (string, error) {
	i := strings.IndexAny(value, "=@")
	if i < 0 {
		return url.QueryEscape(value), nil
	}
	name, content := value[:i], value[i+1:]
	if value[i] == '@' {
		b, err := r.file(content)
		if err != nil {
			return "", err
		}
		content = string(b)
	}
	if name != "" {
		name += "="
	}
	return name + url.QueryEscape(content), nil
}

func basic(user string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user))
}

// stripLines is what -d does to a file: line ends go.
func stripLines(b []byte) []byte {
	kept := make([]byte, 0, len(b)) // of bytes, not of characters: a file need not be in UTF-8
	for _, c := range b {
		if c != '\r' && c != '\n' {
			kept = append(kept, c)
		}
	}
	return kept
}
