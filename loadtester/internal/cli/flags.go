package cli

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// sendFlags say what is sent and how: the same for every command that sends.
type sendFlags struct {
	whatFlags
	sourceFlags
	howFlags
	quiet   bool // no notes of what was left out
	leftOut int  // what a recording holds and the run does not send
	few     int  // how many requests an open loop holds; 0: not known
}

// whatFlags say what is sent.
type whatFlags struct {
	Method    string   `short:"X" help:"Method (default: GET, or POST with a body)." placeholder:"METHOD" group:"What to send:"`
	Header    []string `short:"H" sep:"none" help:"Header, as \"Name: value\"; may be repeated." placeholder:"HEADER" group:"What to send:"`
	Body      string   `short:"d" help:"Body: the text itself, @FILE, or - for standard input." placeholder:"TEXT" group:"What to send:"`
	Form      []string `sep:"none" help:"Form field, as name=value; may be repeated." placeholder:"FIELD" group:"What to send:"`
	Multipart []string `sep:"none" help:"Part of a multipart form, as name=value or name=@FILE; may be repeated." placeholder:"PART" group:"What to send:"`
	Template  bool     `negatable:"" default:"true" help:"Fill {{seq}}, {{uuid}}, {{rand 1 100}} and the like in path, headers and body (default: yes)." group:"What to send:"`
	Seed      uint64   `default:"1" help:"Seed of everything random: placeholders, weights, arrivals." group:"What to send:"`
}

// spec is the request that the flags describe, to url.
func (f *whatFlags) spec(s *session, url string) (target.Spec, error) {
	spec := target.Spec{Method: strings.ToUpper(f.Method), URL: url, Template: f.Template}
	for _, h := range f.Header {
		field, err := target.ParseHeader(h)
		if err != nil {
			return spec, err
		}
		spec.Header = append(spec.Header, field)
	}
	given := 0
	for _, set := range []bool{f.Body != "", len(f.Form) > 0, len(f.Multipart) > 0} {
		if set {
			given++
		}
	}
	if given > 1 {
		return spec, problem.New("a request has one body", "--body, --form and --multipart exclude each other")
	}
	if err := f.bodyOrDuration(spec.Header); err != nil {
		return spec, err
	}
	var err error
	var contentType string
	switch {
	case f.Body != "":
		spec.Body, err = target.ReadBody(f.Body, s.In)
	case len(f.Form) > 0:
		spec.Body, contentType, err = target.Form(f.Form)
	case len(f.Multipart) > 0:
		spec.Body, contentType, err = target.Multipart(f.Multipart)
	}
	if contentType != "" {
		spec.Header = append(spec.Header, target.Field{Name: "Content-Type", Value: contentType})
	}
	return spec, err
}

// bodyOrDuration refuses a body that looks like a duration, unless a method or a
// content type says that it is one: in other tools -d is the duration, and a run
// of POSTs with the body "30s" is never what their users meant.
func (f *whatFlags) bodyOrDuration(header []target.Field) error {
	if f.Method != "" || slices.ContainsFunc(header, func(h target.Field) bool { return strings.EqualFold(h.Name, "Content-Type") }) {
		return nil
	}
	if _, err := parseSeconds(f.Body); err != nil {
		return nil
	}
	return problem.New(fmt.Sprintf("write --duration %[1]s, or with a method: --method POST --body %[1]s", f.Body), "-d is the body, and %q looks like a duration", f.Body)
}

// count is a number of at least one, where it is given.
type count int64

// UnmarshalText reads the number of a flag.
func (c *count) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is not a whole number above 0", text)
	}
	*c = count(n)
	return nil
}

// whenFlags say when requests are sent.
type whenFlags struct {
	Rate           string   `short:"r" help:"Open loop: requests per second (default, without --concurrency: 50). 500, 30/m, 10..1000/60s (ramp), 100/30s,500/2m (stages), sine:100..500/60s, burst:100/5s." placeholder:"RATE" group:"When to send:"`
	Concurrency    count    `short:"c" help:"Closed loop of this many workers; with --rate the most requests in flight." placeholder:"N" group:"When to send:"`
	Duration       *seconds `help:"How long to send: 30 (seconds), 30s, 2m (default: 10 s, or as the rate says)." placeholder:"TIME" group:"When to send:"`
	Requests       count    `short:"n" help:"How many requests to send." placeholder:"N" group:"When to send:"`
	Arrivals       string   `enum:"constant,poisson" default:"constant" help:"Spacing of an open loop: constant, or poisson as of many independent users." group:"When to send:"`
	Warmup         seconds  `default:"0" help:"Send for this long before counting (default: ${default} s)." placeholder:"TIME" group:"When to send:"`
	Timeout        seconds  `default:"10" help:"Time for a request, from sending it to its last byte (default: ${default} s)." placeholder:"TIME" group:"When to send:"`
	MaxConnections count    `help:"Most connections of an open loop (default: 1000)." placeholder:"N" group:"When to send:"`
	OnSaturation   string   `enum:"queue,drop,fail" default:"queue" help:"When no connection is free: queue (the wait counts in the latency), drop or fail." group:"When to send:"`
}

// shardFlags share a run out to several machines.
type shardFlags struct {
	Shard   string `help:"This machine's part of the run, as 1/4; /4 takes the number from JOB_COMPLETION_INDEX." placeholder:"I/N" group:"Several machines:"`
	StartAt string `help:"Start at this moment: 2026-01-02T15:04:05Z, or Unix seconds." placeholder:"TIME" group:"Several machines:"`
}

// apply puts the flags into o and checks them.
func (f *shardFlags) apply(s *session, o *engine.Options) error {
	if f.Shard != "" {
		index, of, ok := strings.Cut(f.Shard, "/")
		n, err := strconv.ParseUint(of, 10, 32)
		if !ok || err != nil || n == 0 {
			return problem.New("write --shard 1/4 on the first of four machines", "--shard %q is not I/N", f.Shard)
		}
		i, err := strconv.ParseUint(index, 10, 32)
		if index == "" {
			from := s.Getenv("JOB_COMPLETION_INDEX")
			if i, err = strconv.ParseUint(from, 10, 32); err != nil {
				return problem.New("Kubernetes sets it in an Indexed Job; elsewhere write --shard 1/4", "--shard %q, but JOB_COMPLETION_INDEX is %q", f.Shard, from)
			}
			i++
		}
		if err != nil || i < 1 || i > n {
			return problem.New(fmt.Sprintf("the first machine is 1/%d, the last %d/%d", n, n, n), "--shard %q is not I/N", f.Shard)
		}
		o.Slice = pace.Slice{Index: i - 1, Of: n}
	}
	if f.StartAt == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, f.StartAt)
	if unix, uerr := strconv.ParseFloat(f.StartAt, 64); err != nil && uerr == nil && unix > 0 && unix < 1e11 {
		at, err = time.Unix(0, int64(unix*1e9)), nil
	}
	if err != nil {
		return problem.New("write 2026-01-02T15:04:05Z, or Unix seconds as $(($(date +%s)+10))", "--start-at %q is not a time", f.StartAt)
	}
	o.StartAt = at
	return nil
}

// defaultDuration bounds a run that nothing else bounds.
const defaultDuration = 10 * time.Second

// defaultRate is what a run without --rate and --concurrency sends: little enough
// to harm nobody, in an open loop.
const defaultRate = "50"

// apply puts the flags into o and checks them.
func (f *whenFlags) apply(o *engine.Options, seed uint64) error {
	if f.Duration != nil && *f.Duration <= 0 {
		return problem.New("write 30 (seconds), 30s or 2m", "the duration %s is not above 0", time.Duration(*f.Duration))
	}
	if f.Timeout <= 0 {
		return problem.New("write 10 (seconds), 10s or 500ms", "the timeout %s is not above 0", time.Duration(f.Timeout))
	}
	if f.Warmup < 0 {
		return problem.New("the least is 0", "--warmup is too small")
	}
	var length time.Duration
	if f.Duration != nil {
		length = time.Duration(*f.Duration)
	}
	o.Concurrency, o.Requests, o.Warmup, o.Timeout, o.MaxConns = int(f.Concurrency), uint64(f.Requests), time.Duration(f.Warmup), time.Duration(f.Timeout), int(f.MaxConnections)
	o.Saturation = map[string]engine.Saturation{"queue": engine.Queue, "drop": engine.Drop, "fail": engine.Fail}[f.OnSaturation]
	rate := f.Rate
	if rate == "" && f.Concurrency == 0 {
		rate = defaultRate
	}
	if rate == "" {
		if length == 0 && f.Requests == 0 {
			length = defaultDuration
		}
		if length > 0 {
			length += o.Warmup
		}
		o.Duration = length
		return nil
	}
	schedule, err := pace.Parse(rate)
	if err != nil {
		return problem.Wrap(err, pace.Hint, "%v", err)
	}
	if schedule.Endless() && length == 0 && f.Requests == 0 {
		length = defaultDuration
	}
	if length > 0 {
		length += o.Warmup
	}
	if f.Arrivals == "poisson" {
		schedule = schedule.Poisson(seed)
	}
	o.Schedule = schedule.For(length, uint64(f.Requests))
	return nil
}

// howFlags say how connections are made.
type howFlags struct {
	HTTP1        bool     `name:"http1" help:"Speak HTTP/1.1 (the default)." xor:"protocol" group:"Connections:"`
	HTTP2        bool     `name:"http2" help:"Speak HTTP/2 over TLS." xor:"protocol" group:"Connections:"`
	H2C          bool     `name:"h2c" help:"Speak HTTP/2 without TLS." xor:"protocol" group:"Connections:"`
	HTTP3        bool     `name:"http3" help:"Speak HTTP/3 over QUIC; Alt-Svc is not followed." xor:"protocol" group:"Connections:"`
	KeepAlive    bool     `negatable:"" default:"true" help:"Use a connection for many requests (default: yes)." group:"Connections:"`
	Follow       bool     `help:"Follow redirects to the same host." group:"Connections:"`
	Insecure     bool     `short:"k" help:"Trust any certificate." group:"Connections:"`
	CAFile       string   `name:"ca-file" aliases:"cacert" type:"path" help:"Trust the authorities in this PEM file." placeholder:"FILE" group:"Connections:"`
	Cert         string   `type:"path" help:"Client certificate, PEM." placeholder:"FILE" group:"Connections:"`
	Key          string   `type:"path" help:"Key of the client certificate, PEM (default: in the file of --cert)." placeholder:"FILE" group:"Connections:"`
	SNI          string   `name:"sni" help:"Server name for TLS, instead of the URL's host." placeholder:"NAME" group:"Connections:"`
	UnixSocket   string   `type:"path" help:"Connect to this unix socket." placeholder:"PATH" group:"Connections:"`
	Resolve      []string `sep:"none" help:"Connect to an address of your own for a host, as HOST:PORT:ADDRESS; may be repeated." placeholder:"H:P:A" group:"Connections:"`
	LocalAddress string   `help:"Connect from this address." placeholder:"ADDRESS" group:"Connections:"`
	Proxy        string   `help:"Send through this HTTP proxy (the environment's proxies are not used)." placeholder:"URL" group:"Connections:"`
	MaxBody      count    `help:"A longer response is a failure, in bytes (default: 1 GiB, and no expectation)." placeholder:"BYTES" group:"Connections:"`
	Loops        count    `help:"Event loops, each on a thread of its own (default: as the rate asks for)." placeholder:"N" group:"Connections:"`
	Engine       string   `enum:"auto,loop,nethttp" default:"auto" help:"Which path sends: auto, loop, nethttp." group:"Connections:"`
}

// apply puts the flags into o and checks them.
func (f *howFlags) apply(o *engine.Options) error {
	switch {
	case f.HTTP2:
		o.Protocol = engine.HTTP2
	case f.H2C:
		o.Protocol = engine.H2C
	case f.HTTP3:
		o.Protocol = engine.HTTP3
	}
	o.NoKeepAlive, o.FollowRedirects, o.MaxBody, o.Loops = !f.KeepAlive, f.Follow, int64(f.MaxBody), int(f.Loops)
	o.Path = map[string]engine.PathChoice{"auto": engine.AnyPath, "loop": engine.LoopPath, "nethttp": engine.NetHTTPPath}[f.Engine]
	config, err := f.tls()
	if err != nil {
		return err
	}
	o.Dial = engine.Dial{TLS: config, ServerName: f.SNI, Socket: f.UnixSocket}
	if f.LocalAddress != "" {
		if o.Dial.Local, err = netip.ParseAddr(f.LocalAddress); err != nil {
			return problem.New("an address looks like 127.0.0.2", "--local-address %q is not an address", f.LocalAddress)
		}
	}
	if f.Proxy != "" {
		if o.Dial.Proxy, err = parseProxy(f.Proxy); err != nil {
			return err
		}
	}
	o.Dial.Resolve, err = parseResolve(f.Resolve)
	return err
}

// formFlags say where the report goes.
type formFlags struct {
	Format string `short:"f" default:"text" help:"Form of the report: ${formats} (default: ${default})." placeholder:"FORM" values:"text,json,markdown,html,junit,github,csv,hgrm,prometheus" group:"Report:"`
	Output string `short:"o" default:"-" help:"Write the report to this file (default: -, standard output)." placeholder:"FILE" group:"Report:"`
	Save   string `help:"Save the whole result for report, merge and compare; - is standard output, with the report on standard error." placeholder:"FILE" group:"Report:"`
}

// outFlags say what a run shows of itself.
type outFlags struct {
	formFlags

	AllowGeneratorLimited bool `help:"Exit 0 also when the generator was the limit." group:"Report:"`
}

// objectives are those of --slo, which may be given several times.
func objectives(given []string) string { return strings.Join(given, ",") }

// outcomeFlags say which responses are a success.
type outcomeFlags struct {
	ExpectStatus string `help:"Statuses that are a success: 400, or 2xx,404. Any other is a failure, exit 1." placeholder:"LIST" group:"Expectations:"`
	ExpectBody   string `help:"Text that each body must contain; =TEXT exactly, /RE/ a pattern." placeholder:"TEXT" group:"Expectations:"`
}

// apply puts the flags into o and checks them.
func (f *outcomeFlags) apply(o *engine.Options) error {
	if f.ExpectStatus != "" {
		statuses, err := expect.ParseStatuses(f.ExpectStatus)
		if err != nil {
			return err
		}
		o.Success = statuses.Has
	}
	body, err := f.body()
	if body != nil {
		o.Body = func() engine.BodyMatcher { return body.Matcher() }
	}
	return err
}

// body is the wanted body; nil: any.
func (f *outcomeFlags) body() (*expect.Body, error) {
	if f.ExpectBody == "" {
		return nil, nil
	}
	return expect.ParseBody(f.ExpectBody)
}

// expectFlags say what has to come out.
type expectFlags struct {
	outcomeFlags
	SLO             []string `name:"slo" sep:"none" help:"Objective: 'p99<200ms,errors<1%,rate>=990'. Exit 1 when it is missed." placeholder:"LIST" group:"Expectations:"`
	SLOFor          []string `name:"slo-for" sep:"none" help:"Objective of one of several targets, by its name in the report: 'GET /users=p99<100ms'; '*=…' is each. May be repeated." placeholder:"NAME=LIST" group:"Expectations:"`
	ExpectRateLimit bool     `help:"Verify that the server limits the rate as it should." group:"Expectations:"`

	RateLimitWait seconds `default:"60" help:"How long to wait for the limiter to let requests in again (default: ${default} s)." placeholder:"TIME" group:"Expectations:"`
}
