package engine

import "time"

// progressEvery is how often Progress is called.
const progressEvery = 250 * time.Millisecond

// choose finds the path for the run.
func (r *run) choose() path {
	switch r.o.Protocol {
	case HTTP2, H2C:
		r.dial = newDialler(&r.o, "h2")
	default:
		r.dial = newDialler(&r.o, "http/1.1")
	}
	return newClassic(r)
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
