package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/loadtester/internal/target/accesslog"
	"github.com/seniorbackend/tools/loadtester/internal/target/curl"
	"github.com/seniorbackend/tools/loadtester/internal/target/feed"
	"github.com/seniorbackend/tools/loadtester/internal/target/har"
	"github.com/seniorbackend/tools/loadtester/internal/target/plan"
	"github.com/seniorbackend/tools/loadtester/internal/target/vegeta"
	"github.com/seniorbackend/tools/shared/problem"
)

// sourceFlags take the requests from somewhere else than a URL.
type sourceFlags struct {
	Targets   string   `help:"Targets from a file: loadtester's own YAML, or vegeta's http or json form." placeholder:"FILE" group:"Requests from a file:"`
	Curl      string   `help:"The request of a curl command line." placeholder:"COMMAND" group:"Requests from a file:"`
	HAR       string   `name:"har" help:"Recorded requests of a HAR file, at their times; to the first one's host, or to those of --host." placeholder:"FILE" group:"Requests from a file:"`
	Replay    string   `help:"Requests of an access log (common, combined, JSON lines), at their times, sent to URL." placeholder:"FILE" group:"Requests from a file:"`
	Host      []string `help:"Host of a HAR file to send to; may be repeated." placeholder:"HOST" group:"Requests from a file:"`
	Repeat    []string `help:"Methods of recorded requests to send again (default: of a log GET, HEAD and OPTIONS, of a HAR file all)." placeholder:"METHOD" group:"Requests from a file:"`
	Speed     float64  `default:"1" help:"Send recorded requests so many times as fast." placeholder:"FACTOR" group:"Requests from a file:"`
	Feed      []string `sep:"none" help:"Rows for places: {{users.email}} of --feed users.csv (CSV or JSON lines); ,random behind the name draws rows." placeholder:"FILE" group:"Requests from a file:"`
	CookieJar bool     `help:"Keep cookies from one step of a chain to the next." group:"Requests from a file:"`
}

// source names the one that is given; "" is a URL alone.
func (f *sourceFlags) source() (string, error) {
	given := ""
	for _, s := range []struct{ name, value string }{{"--targets", f.Targets}, {"--curl", f.Curl}, {"--har", f.HAR}, {"--replay", f.Replay}} {
		if s.value == "" {
			continue
		}
		if given != "" {
			return "", problem.New("use one of them", "%s and %s exclude each other", given, s.name)
		}
		given = s.name
	}
	return given, nil
}

// compile makes the set of what is sent. o gets what a source says about
// connections and times.
func (c *runCmd) compile(s *session, o *engine.Options) (*target.Set, error) {
	to := target.Options{
		Seed: c.Seed, UserAgent: s.info.Tool + "/" + s.info.Version, Close: !c.KeepAlive, Cookies: c.CookieJar,
		Env: func(name string) (string, bool) { v := s.Getenv(name); return v, v != "" },
	}
	for _, arg := range c.Feed {
		f, err := feed.Parse(arg)
		if err != nil {
			return nil, err
		}
		to.Feeders = append(to.Feeders, f)
	}
	specs, err := c.specs(s, o, &to)
	if err != nil {
		return nil, err
	}
	if to.Cookies && !to.Chain {
		to.Cookies = false
	}
	for i := range specs {
		specs[i].Template = specs[i].Template && c.Template
	}
	set, err := target.Compile(specs, to)
	if err != nil {
		return nil, err
	}
	if set.Offsets != nil && c.Rate == "" && c.Concurrency == 0 {
		if !(c.Speed > 0) {
			return nil, problem.New("--speed 2 is twice as fast", "the speed %v is not above 0", c.Speed)
		}
		length := o.Duration
		if c.Duration != nil {
			length = time.Duration(*c.Duration) + o.Warmup
		}
		o.Schedule = pace.Recorded(set.Offsets, c.Speed).For(length, c.Requests)
	}
	return set, nil
}

// specs reads the source.
func (c *runCmd) specs(s *session, o *engine.Options, to *target.Options) ([]target.Spec, error) {
	source, err := c.source()
	if err != nil {
		return nil, err
	}
	if source == "" {
		if c.URL == "" {
			return nil, problem.New("loadtester http://127.0.0.1:8080/, or name a file: --targets, --har, --replay, --curl", "there is no URL to test")
		}
		spec, err := c.spec(s, c.URL)
		return []target.Spec{spec}, err
	}
	switch source {
	case "--targets":
		return c.fromTargets(to)
	case "--curl":
		return c.fromCurl(s, o)
	case "--har":
		data, err := target.ReadFile(c.HAR)
		if err != nil {
			return nil, err
		}
		r, err := har.Read(data, c.HAR, har.Options{Hosts: c.Host, Base: c.URL, Methods: c.Repeat})
		return c.recorded(s, r, to, c.HAR, err)
	default: // --replay
		data, err := target.ReadFile(c.Replay)
		if err != nil {
			return nil, err
		}
		r, err := accesslog.Read(bytes.NewReader(data), c.Replay, accesslog.Options{Base: c.URL, Methods: c.Repeat})
		return c.recorded(s, r, to, c.Replay, err)
	}
}

// recorded takes a recording, and says what was left out of it.
func (c *runCmd) recorded(s *session, r *target.Recording, to *target.Options, file string, err error) ([]target.Spec, error) {
	if err != nil {
		return nil, err
	}
	if left := r.Left(); left != "" && !c.Quiet {
		fmt.Fprintf(s.Err, "%s: left out: %s\n", file, left)
	}
	to.Recorded = true
	header, err := c.headers()
	for i := range r.Specs {
		r.Specs[i].Header = append(r.Specs[i].Header, header...)
	}
	return r.Specs, err
}

func (c *runCmd) headers() ([]target.Field, error) {
	var list []target.Field
	for _, h := range c.Header {
		f, err := target.ParseHeader(h)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func (c *runCmd) fromTargets(to *target.Options) ([]target.Spec, error) {
	data, err := target.ReadFile(c.Targets)
	if err != nil {
		return nil, err
	}
	header, err := c.headers()
	if err != nil {
		return nil, err
	}
	var specs []target.Spec
	if ext := strings.ToLower(filepath.Ext(c.Targets)); ext == ".yaml" || ext == ".yml" {
		p, err := plan.Read(data, c.Targets, c.URL)
		if err != nil {
			return nil, err
		}
		to.Chain, to.Cookies = p.Chain, p.Cookies || c.CookieJar
		specs = p.Specs
	} else {
		if c.URL != "" {
			return nil, problem.New("leave the URL out: each target of the file has one", "a URL and --targets %s exclude each other", c.Targets)
		}
		if specs, err = vegeta.Read(bytes.NewReader(data), c.Targets); err != nil {
			return nil, err
		}
	}
	for i := range specs {
		specs[i].Header = append(specs[i].Header, header...)
	}
	return specs, nil
}

// fromCurl takes over what the command says of connections, unless flags do.
func (c *runCmd) fromCurl(s *session, o *engine.Options) ([]target.Spec, error) {
	if c.URL != "" {
		return nil, problem.New("leave the URL out: the command has one", "a URL and --curl exclude each other")
	}
	command, err := curl.Parse(c.Curl, curl.Options{Stdin: s.In, Env: func(name string) (string, bool) { v := s.Getenv(name); return v, v != "" }})
	if err != nil {
		return nil, err
	}
	how := c.howFlags
	how.Insecure = how.Insecure || command.Insecure
	how.HTTP2 = how.HTTP2 || command.HTTP2 && strings.HasPrefix(command.Specs[0].URL, "https:")
	how.H2C = how.H2C || command.H2C
	how.Follow = how.Follow || command.Redirects
	how.Resolve = append(how.Resolve, command.Resolve...)
	for _, f := range []struct {
		flag *string
		said string
	}{{&how.UnixSocket, command.UnixSocket}, {&how.Proxy, command.Proxy}, {&how.CAFile, command.CACert}, {&how.Cert, command.Cert}, {&how.Key, command.Key}} {
		if *f.flag == "" {
			*f.flag = f.said
		}
	}
	return command.Specs, how.apply(o)
}
