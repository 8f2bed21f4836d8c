package target

import (
	"errors"
	"strconv"
	"time"

	"github.com/seniorbackend/tools/shared/problem"
)

// Set is what a run sends. It is made by Compile and never changes, so any
// number of goroutines may read it.
type Set struct {
	Endpoints []Endpoint
	Targets   []*Target

	// Offsets is when each target was sent in a recording, from its start and in
	// order; nil for all other Sets. Request i belongs at Offsets[i].
	Offsets []time.Duration

	seed    uint64
	choice  *alias  // nil: in turn
	order   []int32 // of a recording: the target of request i
	paired  bool
	chain   bool
	cookies bool
}

// Request is one request as HTTP/1.1 sends it.
type Request struct {
	Target   int    // index into Set.Targets
	Endpoint int    // index into Set.Endpoints
	Head     bool   // HEAD: the response has no body whatever its headers say
	Wire     []byte // all of it: request line, header, body. Read-only.
}

// Message is one request in parts, for HTTP/2 and net/http.
type Message struct {
	Target    int
	Endpoint  int
	Method    string
	Scheme    string
	Authority string
	Path      string  // with the query
	Fields    []Field // without Host, Content-Length and Connection
	Body      []byte
}

// Scratch holds a request with places while it is sent. The zero value is
// ready; what it holds is valid until its next use.
type Scratch struct {
	wire []byte
	body []byte
	text []byte
	flds []Field
}

// Compile checks specs and lays their bytes out. Each error is a
// *problem.Problem that names the spec's file and line where it has them.
func Compile(specs []Spec, o Options) (*Set, error) {
	if len(specs) == 0 {
		return nil, problem.New("name a URL, or a file with at least one request", "there is nothing to send")
	}
	set := &Set{seed: o.Seed, chain: o.Chain, cookies: o.Cookies, paired: o.Paired}
	feeders, err := newFeeders(o.Feeders)
	if err != nil {
		return nil, err
	}
	known := map[Endpoint]int{}
	weights := make([]float64, len(specs))
	weighted := false
	seen := map[string]int32{} // of a recording: most requests come again and again
	for i := range specs {
		if o.Recorded {
			set.Offsets = append(set.Offsets, specs[i].At)
			key := specs[i].key()
			if k, again := seen[key]; again {
				set.order = append(set.order, k)
				continue
			}
			seen[key] = int32(len(set.Targets))
			set.order = append(set.order, int32(len(set.Targets)))
		}
		t, endpoint, err := compile(&specs[i], &o, feeders)
		if err != nil {
			return nil, placed(err, &specs[i])
		}
		index, ok := known[endpoint]
		if !ok {
			index = len(set.Endpoints)
			known[endpoint] = index
			set.Endpoints = append(set.Endpoints, endpoint)
		}
		t.Endpoint = index
		set.Targets = append(set.Targets, t)
		weights[i] = specs[i].Weight
		weighted = weighted || weights[i] > 0
	}
	if err := feeders.idle(o.Feeders); err != nil {
		return nil, err
	}
	if weighted && !o.Recorded && !o.Chain {
		set.choice = newAlias(weights[:len(weights)/set.sides()])
	}
	if o.Chain {
		if err := checkChain(set, specs); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// placed gives err the spec's place, unless it has one.
func placed(err error, s *Spec) error {
	var p *problem.Problem
	if errors.As(err, &p) && p.File == "" && s.File != "" {
		return p.In(s.File, s.Line, 0)
	}
	return err
}

// Len is the number of targets; of a recording, the number of requests.
func (s *Set) Len() int { return max(len(s.Targets), len(s.order)) }

// Chained says that the targets are the steps of a session: drive it by Session.
func (s *Set) Chained() bool { return s.chain }

// Static says that all targets are: Request never touches its Scratch.
func (s *Set) Static() bool {
	for _, t := range s.Targets {
		if t.wire == nil {
			return false
		}
	}
	return true
}

// sides is how many servers the same requests go to.
func (s *Set) sides() int {
	if s.paired {
		return 2
	}
	return 1
}

// Pick is the target of request i.
func (s *Set) Pick(i uint64) int {
	if len(s.Targets) == 1 {
		return 0
	}
	if s.paired {
		pair := i / 2
		side := (i + mix(s.seed, pair, purposeShuffle)) % 2
		return s.pick(pair, len(s.Targets)/2) + int(side)*len(s.Targets)/2
	}
	return s.pick(i, len(s.Targets))
}

// pick is the target of request i among the first n.
func (s *Set) pick(i uint64, n int) int {
	switch {
	case s.order != nil:
		return int(s.order[i%uint64(len(s.order))])
	case s.choice != nil:
		return s.choice.pick(mix(s.seed, i, 0))
	}
	return int(i % uint64(n))
}

// place is what the places of request i are filled by.
func (s *Set) place(i uint64, vars *Vars) place {
	if s.paired {
		i /= 2
	}
	return place{seed: s.seed, i: i, vars: vars}
}

// Route is where request i goes, without making it: indices into Targets and
// Endpoints.
func (s *Set) Route(i uint64) (target, endpoint int) {
	target = s.Pick(i)
	return target, s.Targets[target].Endpoint
}

// Request is request i for HTTP/1.1. It allocates nothing for a static target,
// and nothing for others once scratch has grown.
func (s *Set) Request(i uint64, scratch *Scratch) Request {
	return s.request(s.Pick(i), i, nil, scratch)
}

func (s *Set) request(k int, i uint64, vars *Vars, scratch *Scratch) Request {
	t := s.Targets[k]
	r := Request{Target: k, Endpoint: t.Endpoint, Head: t.Method == "HEAD", Wire: t.wire}
	if r.Wire == nil {
		r.Wire = t.render(s.place(i, vars), scratch)
	}
	return r
}

// Message is request i in parts. Body is valid until the next use of scratch.
func (s *Set) Message(i uint64, scratch *Scratch) Message {
	return s.message(s.Pick(i), i, nil, scratch)
}

func (s *Set) message(k int, i uint64, vars *Vars, scratch *Scratch) Message {
	t := s.Targets[k]
	e := &s.Endpoints[t.Endpoint]
	m := Message{Target: k, Endpoint: t.Endpoint, Method: t.Method, Scheme: e.Scheme, Authority: t.authority}
	at := s.place(i, vars)
	scratch.flds = scratch.flds[:0]
	for _, f := range t.fields {
		scratch.flds = append(scratch.flds, Field{f.name, f.value.text(at, scratch)})
	}
	if vars != nil && vars.cookies != "" {
		scratch.flds = append(scratch.flds, Field{"Cookie", vars.cookies})
	}
	m.Path = t.path.text(at, scratch)
	scratch.body = t.body.append(scratch.body[:0], at)
	m.Fields, m.Body = scratch.flds, scratch.body
	return m
}

// Purposes that are not a place of a template, whose own count from 1.
const (
	purposeShuffle = 1 << 42
	purposeFeeder  = 1 << 41
	purposeUUID    = 1 << 40
)

// mix is a hash of the three (splitmix64's finaliser over their sum on odd
// strides): one random number for each request and purpose.
func mix(seed, i, purpose uint64) uint64 {
	z := seed + i*0x9e3779b97f4a7c15 + purpose*0xd1342543de82ef95 + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func itoa(dst []byte, n int) []byte { return strconv.AppendInt(dst, int64(n), 10) }
