package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/loadtester/internal/target/accesslog"
	"github.com/seniorbackend/tools/loadtester/internal/target/curl"
	"github.com/seniorbackend/tools/loadtester/internal/target/feed"
	"github.com/seniorbackend/tools/loadtester/internal/target/har"
	"github.com/seniorbackend/tools/loadtester/internal/target/plan"
	"github.com/seniorbackend/tools/loadtester/internal/target/vegeta"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// sourceFlags take the requests from somewhere else than a URL.
type sourceFlags struct {
	OpenAPI   string   `name:"openapi" help:"Requests made from an OpenAPI 3 document: its examples, else values that fit its schemas; sent to URL." placeholder:"FILE" group:"Requests from a file:"`
	Operation []string `sep:"none" help:"Operation of the document, by operationId or as 'POST /users'; may be repeated (default: all)." placeholder:"NAME" group:"Requests from a file:"`
	Invalid   bool     `help:"Send requests that each break one rule of the document; a 4xx is then a success, unless --expect-status says otherwise." group:"Requests from a file:"`
	Set       []string `sep:"none" help:"Value of a parameter or a body's property in the document's requests, as email='u{{seq}}@example.com'; may be repeated." placeholder:"NAME=VALUE" group:"Requests from a file:"`
	Targets   string   `help:"Targets from a file: loadtester's own YAML, or vegeta's http or json form." placeholder:"FILE" group:"Requests from a file:"`
	Curl      string   `help:"The request of a curl command line." placeholder:"COMMAND" group:"Requests from a file:"`
	HAR       string   `name:"har" help:"Recorded requests of a HAR file, at their times; to the first one's host, or to those of --host." placeholder:"FILE" group:"Requests from a file:"`
	Replay    string   `help:"Requests of an access log (common, combined, JSON lines, HAProxy, ALB, ELB, IIS, CloudFront), at their times, sent to URL." placeholder:"FILE" group:"Requests from a file:"`
	Host      []string `help:"Host of a HAR file to send to; may be repeated." placeholder:"HOST" group:"Requests from a file:"`
	Repeat    []string `help:"Methods of recorded requests to send again (default: of a log GET, HEAD and OPTIONS, of a HAR file all)." placeholder:"METHOD" group:"Requests from a file:"`
	Speed     float64  `default:"1" help:"Send recorded requests so many times as fast (default: ${default})." placeholder:"FACTOR" group:"Requests from a file:"`
	Feed      []string `sep:"none" help:"Rows for places: {{users.email}} of --feed users.csv (CSV or JSON lines); ,random behind the name draws rows." placeholder:"FILE" group:"Requests from a file:"`
	CookieJar bool     `help:"Keep cookies from one step of a chain to the next." group:"Requests from a file:"`
}

// source names the one that is given; "" is a URL alone.
func (f *sourceFlags) source() (string, error) {
	given := ""
	for _, s := range []struct{ name, value string }{{"--openapi", f.OpenAPI}, {"--targets", f.Targets}, {"--curl", f.Curl}, {"--har", f.HAR}, {"--replay", f.Replay}} {
		if s.value == "" {
			continue
		}
		if given != "" {
			return "", problem.New("use one of them", "%s and %s exclude each other", given, s.name)
		}
		given = s.name
	}
	for _, s := range []struct {
		name, of string
		set      bool
	}{
		{"--operation", "--openapi", len(f.Operation) > 0}, {"--invalid", "--openapi", f.Invalid}, {"--set", "--openapi", len(f.Set) > 0},
		{"--host", "--har", len(f.Host) > 0},
	} {
		if s.set && given != s.of {
			return "", problem.New("add "+s.of+" FILE", "%s is for %s only", s.name, s.of)
		}
	}
	recording := given == "--har" || given == "--replay"
	for _, s := range []struct {
		name string
		set  bool
	}{{"--repeat", len(f.Repeat) > 0}, {"--speed", f.Speed != 1}} {
		if s.set && !recording {
			return "", problem.New("add --har FILE or --replay FILE", "%s is for recorded requests only", s.name)
		}
	}
	return given, nil
}

// compile makes the set of what is sent to url. o gets what a source says about
// connections.
func (f *sendFlags) compile(s *session, url string, o *engine.Options) (*target.Set, error) {
	specs, to, err := f.requests(s, url, o)
	if err != nil {
		return nil, err
	}
	return target.Compile(specs, to)
}

// requests reads what is sent, and what it is compiled with.
func (f *sendFlags) requests(s *session, url string, o *engine.Options) ([]target.Spec, target.Options, error) {
	to := target.Options{
		Seed: f.Seed, UserAgent: s.info.Tool + "/" + s.info.Version, Close: !f.KeepAlive, Cookies: f.CookieJar,
		Env: func(name string) (string, bool) { v := s.Getenv(name); return v, v != "" },
	}
	if !(f.Speed > 0) {
		return nil, to, problem.New("--speed 2 is twice as fast", "the speed %v is not above 0", f.Speed)
	}
	for _, arg := range f.Feed {
		one, err := feed.Parse(arg)
		if err != nil {
			return nil, to, err
		}
		to.Feeders = append(to.Feeders, one)
	}
	specs, err := f.specs(s, url, o, &to)
	if err != nil {
		return nil, to, err
	}
	if source, _ := f.source(); source != "" && source != "--curl" {
		name := map[string]string{"--openapi": f.OpenAPI, "--targets": f.Targets, "--har": f.HAR, "--replay": f.Replay}[source]
		what := [2]string{"request", "requests"}
		if f.Invalid {
			what = [2]string{"mutant", "mutants"}
		}
		o.Source = fmt.Sprintf("%s, %s", filepath.Base(name), report.Plural(len(specs), what[0], what[1]))
		if f.leftOut > 0 {
			o.Source += fmt.Sprintf(", %s left out", report.Count(int64(f.leftOut)))
		}
	}
	if to.Cookies && !to.Chain {
		f.note(s, "--cookie-jar: without a chain each request is a visit of its own, and no cookie is sent a second time")
		to.Cookies = false
	}
	for i := range specs {
		specs[i].Template = specs[i].Template && f.Template
	}
	return specs, to, nil
}

// specs reads the source.
func (f *sendFlags) specs(s *session, url string, o *engine.Options, to *target.Options) ([]target.Spec, error) {
	source, err := f.source()
	if err != nil {
		return nil, err
	}
	if source == "" {
		if url == "" {
			return nil, problem.New("loadtester http://127.0.0.1:8080/, or name a file: --targets, --openapi, --har, --replay, --curl", "there is no URL to test")
		}
		spec, err := f.spec(s, url)
		return []target.Spec{spec}, err
	}
	for _, given := range []struct {
		name string
		set  bool
	}{{"--method", f.Method != ""}, {"--body", f.Body != ""}, {"--form", len(f.Form) > 0}, {"--multipart", len(f.Multipart) > 0}} {
		if given.set {
			return nil, problem.New(source+" says what is sent; --header is added to it", "%s and %s exclude each other", given.name, source)
		}
	}
	switch source {
	case "--targets":
		return f.fromTargets(s, url, to)
	case "--openapi":
		return f.fromOpenAPI(s, url)
	case "--curl":
		return f.fromCurl(s, url, o)
	case "--har":
		data, err := f.file(s, f.HAR)
		if err != nil {
			return nil, err
		}
		r, err := har.Read(data, f.HAR, har.Options{Hosts: f.Host, Base: url, Methods: f.Repeat})
		return f.recorded(s, r, to, f.HAR, err)
	default: // --replay
		data, err := f.file(s, f.Replay)
		if err != nil {
			return nil, err
		}
		r, err := accesslog.Read(bytes.NewReader(data), f.Replay, accesslog.Options{Base: url, Methods: f.Repeat})
		return f.recorded(s, r, to, f.Replay, err)
	}
}

// note says something that a user should know before the run, on stderr.
func (f *sendFlags) note(s *session, format string, args ...any) {
	if !f.quiet {
		fmt.Fprintf(s.Err, format+"\n", args...)
	}
}

// file reads a source; - is standard input.
func (f *sendFlags) file(s *session, name string) ([]byte, error) {
	if name == "-" {
		return target.ReadBody("-", s.In)
	}
	return target.ReadFile(name)
}

// recorded takes a recording, and says what was left out of it.
func (f *sendFlags) recorded(s *session, r *target.Recording, to *target.Options, file string, err error) ([]target.Spec, error) {
	if err != nil {
		return nil, err
	}
	if left := r.Left(); left != "" {
		f.note(s, "%s: left out: %s", file, left)
		f.leftOut = r.LeftOut()
	}
	to.Recorded = true
	header, err := f.headers()
	for i := range r.Specs {
		r.Specs[i].Header = append(r.Specs[i].Header, header...)
	}
	return r.Specs, err
}

func (f *sendFlags) headers() ([]target.Field, error) {
	var list []target.Field
	for _, h := range f.Header {
		field, err := target.ParseHeader(h)
		if err != nil {
			return nil, err
		}
		list = append(list, field)
	}
	return list, nil
}

// fromTargets reads a file of targets; url, where it is given, takes the place
// of the file's own servers.
func (f *sendFlags) fromTargets(s *session, url string, to *target.Options) ([]target.Spec, error) {
	data, err := f.file(s, f.Targets)
	if err != nil {
		return nil, err
	}
	header, err := f.headers()
	if err != nil {
		return nil, err
	}
	var specs []target.Spec
	if ext := strings.ToLower(filepath.Ext(f.Targets)); ext == ".yaml" || ext == ".yml" {
		p, err := plan.Read(data, f.Targets, url)
		if err != nil {
			return nil, err
		}
		to.Chain, to.Cookies = p.Chain, p.Cookies || f.CookieJar
		specs = p.Specs
	} else {
		if specs, err = vegeta.Read(bytes.NewReader(data), f.Targets); err != nil {
			return nil, err
		}
		for i := range specs {
			specs[i].URL = target.Rebase(specs[i].URL, url)
		}
	}
	for i := range specs {
		specs[i].Header = append(specs[i].Header, header...)
	}
	return specs, nil
}

// fromCurl takes over what the command says of connections, unless flags do.
// url, where it is given, takes the place of the command's.
func (f *sendFlags) fromCurl(s *session, url string, o *engine.Options) ([]target.Spec, error) {
	command, err := curl.Parse(f.Curl, curl.Options{Stdin: s.In, Env: func(name string) (string, bool) { v := s.Getenv(name); return v, v != "" }})
	if err != nil {
		return nil, err
	}
	header, err := f.headers()
	if err != nil {
		return nil, err
	}
	if url != "" && len(command.Specs) > 1 {
		return nil, problem.New("leave the URL out", "the curl command has several URLs, which a single one cannot replace")
	}
	for i := range command.Specs {
		if url != "" {
			command.Specs[i].URL = url
		}
		command.Specs[i].Header = append(command.Specs[i].Header, header...)
	}
	how := f.howFlags
	how.Insecure = how.Insecure || command.Insecure
	how.HTTP2 = how.HTTP2 || command.HTTP2 && strings.HasPrefix(command.Specs[0].URL, "https:")
	how.H2C = how.H2C || command.H2C
	how.Follow = how.Follow || command.Redirects
	how.Resolve = append(how.Resolve, command.Resolve...)
	for _, one := range []struct {
		flag *string
		said string
	}{{&how.UnixSocket, command.UnixSocket}, {&how.Proxy, command.Proxy}, {&how.CAFile, command.CACert}, {&how.Cert, command.Cert}, {&how.Key, command.Key}} {
		if *one.flag == "" {
			*one.flag = one.said
		}
	}
	return command.Specs, how.apply(o)
}
