package engine

import (
	"crypto/tls"
	"net/netip"
	"net/url"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// Options are how a run is made. The zero value of each field is its default.
type Options struct {
	// Schedule is the open loop's plan. Nil is a closed loop of Concurrency
	// workers, each of which sends when its last request has ended.
	Schedule    *pace.Schedule
	Concurrency int
	// Duration and Requests end a closed loop, whichever comes first.
	Duration time.Duration
	Requests uint64

	Slice   pace.Slice    // this machine's part of the run
	StartAt time.Time     // when the clock starts; zero: as soon as all is ready
	Warmup  time.Duration // requests due before this are sent and not recorded

	Timeout    time.Duration // from sending a request to the end of its response; 0: 10 s
	Saturation Saturation
	MaxConns   int // 0: DefaultMaxConns, or Concurrency
	Loops      int // event loops; 0: as many as the rate asks for

	Dial     Dial
	Protocol Protocol
	Path     PathChoice
	// NoKeepAlive opens a connection for each request.
	NoKeepAlive bool
	// FollowRedirects follows those to the same host. Net/http only.
	FollowRedirects bool
	MaxBody         int64 // a longer response is a failure; 0: 1 GiB
	MaxHead         int   // bytes of a response's head; 0: 256 KiB

	// Success says which statuses are no failure; nil: those below 400.
	Success func(status int) bool
	// Groups maps each target to the result that its requests are counted in;
	// nil: all in one.
	Groups []int
	// Cell is the width of the series' cells; 0: a second.
	Cell time.Duration
	// Body checks bodies: one matcher for each connection.
	Body func() BodyMatcher
	// Observe sees every ended request, on the loop's goroutine: it must be
	// quick, and safe for several goroutines.
	Observe func(*Observation)
	// Each sees how every recorded request ended, also those that were never sent,
	// with the moment that its times count from. It must be safe for several
	// goroutines; while it takes its time, nothing is sent.
	Each func(begin time.Time, o record.Outcome)
	// Trace sees every ended request in full, of the warm-up too. It costs memory
	// for each of them: for a walk that somebody reads, not for a load.
	Trace func(*Trace)
	// Progress gets a look at the run about four times a second; it must be quick.
	Progress func(Progress)
	// Source says in a few words where several targets come from: a document, a file.
	Source string
	// Tool names the program in the results.
	Tool string

	poller func() (poller, error) // of the loops; nil: the system's
}

// DefaultMaxConns bounds the connections of an open loop.
const DefaultMaxConns = 1000

// DefaultTimeout is a request's time.
const DefaultTimeout = 10 * time.Second

// Saturation is what happens to a request that is due while no connection is free
// and no more may be opened.
type Saturation int

const (
	Queue Saturation = iota // it waits, and the wait counts in its latency
	Drop                    // it is not sent, and counted
	Fail                    // it is a failure, record.Saturated
)

func (s Saturation) String() string { return [...]string{"queue", "drop", "fail"}[s] }

// Protocol is what is spoken.
type Protocol int

const (
	Auto  Protocol = iota // HTTP/1.1
	HTTP1                 // HTTP/1.1
	HTTP2                 // HTTP/2 over TLS, by ALPN
	H2C                   // HTTP/2 without TLS, by prior knowledge
	HTTP3                 // HTTP/3 over QUIC
)

// PathChoice asks for one of the engine's paths.
type PathChoice int

const (
	AnyPath PathChoice = iota // the event loop where it can do the run
	LoopPath
	NetHTTPPath
)

// Dial is how connections are made.
type Dial struct {
	TLS        *tls.Config                 // roots, client certificates, Insecure; nil: the system's
	ServerName string                      // for TLS; empty: the URL's host
	Socket     string                      // path of a unix socket that all connections go to
	Resolve    map[string][]netip.AddrPort // "host:port" -> where to connect instead
	Local      netip.Addr                  // source address
	Proxy      *url.URL                    // HTTP proxy. Net/http only.
	Timeout    time.Duration               // for connecting and for the handshake; 0: that of the request
}

// BodyMatcher checks one response body after the other.
type BodyMatcher interface {
	Reset()
	Feed(chunk []byte)
	End() bool // the body is as expected
}

// Observation is one ended request. It is valid during the call only.
type Observation struct {
	Request uint64
	Target  int
	Status  int    // 0: no response
	Head    []byte // status line and header lines as they came; in HTTP/2 written in the same form
	Due     time.Duration
	Sent    time.Duration
	Done    time.Duration
	Class   record.Class
}

// Trace is one ended request with all that went over the wire. It may be kept.
type Trace struct {
	Observation
	Wire   []byte         // as it was sent; in HTTP/2 written as HTTP/1.1 would
	Body   []byte         // of the response, unpacked, at most 1 MiB
	Taken  []target.Taken // values of a step of a chain
	Reason error          // why a walk ends here; nil: it does not, or is whole
}

// Progress is a look at a running test.
type Progress struct {
	Elapsed, Total          time.Duration // Total 0: unknown
	Sent, Succeeded, Failed int64         // since the start
	Waiting, InFlight, Open int64         // requests due and not sent (at least), sent and not ended; connections
	Interval                record.Cell   // what ended since the last look
	IntervalLength          time.Duration
	Warming                 bool
}

func (o *Options) timeout() time.Duration {
	if o.Timeout > 0 {
		return o.Timeout
	}
	return DefaultTimeout
}

// success makes a table of Success, so that the loops need no call.
func (o *Options) success() *[1000]bool {
	var table [1000]bool
	for status := range table {
		if o.Success != nil {
			table[status] = o.Success(status)
		} else {
			table[status] = status >= 100 && status < 400
		}
	}
	return &table
}

// groups is the number of results.
func (o *Options) groups() int {
	n := 1
	for _, g := range o.Groups {
		n = max(n, g+1)
	}
	return n
}

func (o *Options) group(target int) int {
	if o.Groups == nil {
		return 0
	}
	return o.Groups[target]
}

// streamsOfConn is how many requests one connection of HTTP/2 or HTTP/3 carries at a time, if
// the server allows as many.
const streamsOfConn = 100

// muxed says that a connection carries several requests at a time.
func (o *Options) muxed() bool {
	return o.Protocol == HTTP2 || o.Protocol == H2C || o.Protocol == HTTP3
}

// perConn is how many requests a connection carries at a time.
func (o *Options) perConn() int {
	if !o.muxed() || o.NoKeepAlive {
		return 1
	}
	if o.Concurrency > 0 { // so that all connections together carry no more than that
		conns := (o.Concurrency + streamsOfConn - 1) / streamsOfConn
		return (o.Concurrency + conns - 1) / conns
	}
	return streamsOfConn
}

// maxConns is the limit of connections.
func (o *Options) maxConns() int {
	switch {
	case o.MaxConns > 0 && o.Schedule != nil:
		return o.MaxConns
	case o.Schedule == nil || o.Concurrency > 0:
		return max((o.Concurrency+o.perConn()-1)/o.perConn(), 1)
	}
	return DefaultMaxConns
}

// mostFlights is how many requests may be under way at a time.
func (o *Options) mostFlights() int {
	if o.Concurrency > 0 {
		return o.Concurrency
	}
	return o.maxConns() * o.perConn()
}
