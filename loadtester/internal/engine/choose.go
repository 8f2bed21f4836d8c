package engine

import (
	"context"
	"time"

	"github.com/seniorbackend/tools/shared/problem"
)

// progressEvery is how often Progress is called.
const progressEvery = 250 * time.Millisecond

// choose finds the path for the run.
func (r *run) choose(ctx context.Context) (path, error) {
	alpn := "http/1.1"
	switch r.o.Protocol {
	case HTTP2, H2C:
		alpn = "h2"
	case HTTP3:
		alpn = "h3"
	}
	r.dial = newDialler(&r.o, alpn)
	why := r.needsNetHTTP()
	switch {
	case r.o.Path == LoopPath && why != "":
		return nil, problem.New("leave --engine out", "the event loop cannot do this run: %s", why)
	case r.o.Path == NetHTTPPath || why != "":
		return newClassic(r), nil
	}
	return newLoops(ctx, r)
}

// needsNetHTTP says why a run cannot go through event loops; empty: it can.
func (r *run) needsNetHTTP() string {
	switch {
	case !loopsHere:
		return "there are none on this system"
	case r.o.Protocol == HTTP3:
		return "HTTP/3"
	case r.o.Dial.Proxy != nil:
		return "a proxy"
	case r.o.FollowRedirects:
		return "following redirects"
	}
	return ""
}

// groupOfEndpoint is the group that connections to an endpoint count in: that of
// the first target there.
func (r *run) groupOfEndpoint(endpoint int) int {
	for k, t := range r.set.Targets {
		if t.Endpoint == endpoint {
			return r.o.group(k)
		}
	}
	return 0
}

// withTotal adds what a plan knows about its end.
func (r *run) withTotal(p Progress) Progress {
	p.Total = r.o.Duration
	if r.o.Schedule != nil {
		p.Total = r.o.Schedule.Length()
	}
	p.Warming = p.Elapsed < r.warmup
	return p
}

func (o *Options) maxBody() int64 {
	if o.MaxBody > 0 {
		return o.MaxBody
	}
	return 1 << 30
}

func (o *Options) maxHead() int {
	if o.MaxHead > 0 {
		return o.MaxHead
	}
	return 256 << 10
}
