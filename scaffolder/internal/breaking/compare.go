package breaking

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Compare lists what has to be followed of the change from before to after.
func Compare(before, after *api.API) []Change {
	c := &comparison{sink: newSink(), before: before, after: after, done: map[pair]bool{}}
	c.basePath()
	c.operations(before.Operations, after.Operations, request, "")
	c.operations(before.Webhooks, after.Webhooks, answer, "webhook ")
	c.schemes()
	c.named()
	return c.sink.changes()
}

// comparison is a run of Compare.
type comparison struct {
	sink          *sink
	before, after *api.API
	queue         []pair // of named schemas, to be compared
	done          map[pair]bool
	trial         bool // only whether there is any change
}

// pair are two named schemas that stand for each other, in a direction.
type pair struct {
	old, new *api.Schema
	in       direction
}

func (c *comparison) basePath() {
	if c.before.BasePath != c.after.BasePath {
		c.sink.add(place{head: "all operations"}, Callers, request, api.Position{},
			fmt.Sprintf("the base path changed from %s to %s", orRoot(c.before.BasePath), orRoot(c.after.BasePath)))
	}
}

func orRoot(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// operations compares those of two lists. in is the direction of their bodies: of a
// webhook, the API is the one that calls.
func (c *comparison) operations(before, after []*api.Operation, in direction, prefix string) {
	partner := map[*api.Operation]*api.Operation{}
	taken := map[*api.Operation]bool{}
	for _, key := range []func(*api.Operation) string{nameOf, keyOf} {
		old := map[string]*api.Operation{}
		for _, op := range before {
			if !taken[op] {
				old[key(op)] = op
			}
		}
		for _, op := range after {
			if was := old[key(op)]; partner[op] == nil && was != nil && !taken[was] {
				partner[op], taken[was] = was, true
			}
		}
	}
	for _, op := range after {
		if was := partner[op]; was != nil {
			c.operation(was, op, in, prefix)
		}
	}
	for _, op := range before {
		if !taken[op] {
			c.sink.add(place{head: prefix + nameOf(op)}, Callers, in, op.At, "was removed")
		}
	}
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// keyOf is what an operation is known by to those who call it: names of parameters are
// not in a URL.
func keyOf(op *api.Operation) string {
	return op.Method + " " + placeholder.ReplaceAllString(op.Path, "{}")
}

func nameOf(op *api.Operation) string { return op.Method + " " + op.Path }

func (c *comparison) operation(old, now *api.Operation, in direction, prefix string) {
	at := place{head: prefix + nameOf(now)}
	c.parameters(old, now, at, in)
	c.body(old, now, at, in)
	c.responses(old, now, at, in.other())
	if in == request {
		c.security(old, now, at)
		c.rateLimit(old, now, at)
	}
	c.operations(old.Callbacks, now.Callbacks, in.other(), at.head+": callback ")
}

func (c *comparison) rateLimit(old, now *api.Operation, at place) {
	switch was, is := old.RateLimit, now.RateLimit; {
	case is == nil:
	case was == nil:
		c.sink.add(at, Callers, request, now.At, "has a rate limit of its own now: "+limitText(is))
	case float64(is.Limit)/float64(max(is.Seconds, 1)) < float64(was.Limit)/float64(max(was.Seconds, 1)):
		c.sink.add(at, Callers, request, now.At, "rate limit changed from "+limitText(was)+" to "+limitText(is))
	}
}

func limitText(l *api.RateLimit) string { return fmt.Sprintf("%d in %d s", l.Limit, l.Seconds) }

// callers and handlers are who a sender and a receiver are: of a request the callers
// send; of an answer the handlers do.
func (d direction) sender() Audience {
	if d == request {
		return Callers
	}
	return Handlers
}

func (d direction) receiver() Audience { return 1 - d.sender() }

// parameters compares what stands outside of the body.
func (c *comparison) parameters(old, now *api.Operation, at place, in direction) {
	was := map[string]*api.Parameter{}
	for _, p := range old.Parameters {
		was[c.parameterKey(old, p)] = p
	}
	for _, p := range now.Parameters {
		key := c.parameterKey(now, p)
		here := at.then(fmt.Sprintf("%s parameter %s", p.In, p.Name))
		before := was[key]
		delete(was, key)
		if before == nil {
			if p.Required {
				c.sink.add(here, in.sender(), in, p.At, "was added and is required")
			}
			continue
		}
		c.parameter(before, p, here, in)
	}
	for _, p := range old.Parameters {
		if was[c.parameterKey(old, p)] == p {
			here := at.then(fmt.Sprintf("%s parameter %s", p.In, p.Name))
			c.sink.add(here, in.sender(), in, p.At, "was removed")
			c.sink.add(here, in.receiver(), in, p.At, "was removed")
		}
	}
}

// parameterKey is what a parameter is known by: its name, in a path its position.
func (c *comparison) parameterKey(op *api.Operation, p *api.Parameter) string {
	switch p.In {
	case api.InPath:
		if i := strings.Index(op.Path, "{"+p.Name+"}"); i >= 0 {
			return fmt.Sprint("path ", strings.Count(op.Path[:i], "{"))
		}
	case api.InHeader:
		return "header " + strings.ToLower(p.Name)
	case api.InQueryString:
		return "querystring"
	}
	return string(p.In) + " " + p.Name
}

func (c *comparison) parameter(old, now *api.Parameter, at place, in direction) {
	if old.Name != now.Name && !strings.EqualFold(old.Name, now.Name) {
		c.sink.add(at, in.receiver(), in, now.At, "was called "+old.Name)
	}
	c.presence(old.Required, now.Required, now.Schema, at, in, now.At)
	if how, is := writing(old), writing(now); how != is {
		c.sink.add(at, in.sender(), in, now.At, fmt.Sprintf("is written as %s, before as %s", is, how))
		return
	}
	if old.AllowEmpty && !now.AllowEmpty {
		c.sink.add(at, in.sender(), in, now.At, "may not be empty any more")
	}
	c.schema(old.ValueSchema(), now.ValueSchema(), at, in)
}

// writing is how a value stands in the request. A single value is written alike in all
// styles but few.
func writing(p *api.Parameter) string {
	if p.Content != nil {
		return p.Content.Type
	}
	style := string(p.Style)
	types := p.ValueSchema().Target().ImpliedTypes()
	compound := len(types) == 0
	for _, t := range types {
		compound = compound || t == api.Array || t == api.Object
	}
	switch {
	case !compound && p.Style != api.StyleLabel && p.Style != api.StyleMatrix:
		return "a single value"
	case p.Explode:
		return style + " with explode"
	}
	return style
}

// presence compares whether a value has to be there.
func (c *comparison) presence(was, is bool, s *api.Schema, at place, in direction, where api.Position) {
	switch {
	case !was && is:
		c.sink.add(at, in.sender(), in, where, "is required now")
	case was && !is && !hasDefault(s):
		c.sink.add(at, in.receiver(), in, where, "is not required any more")
	}
}

// hasDefault: a value that is absent is filled in, so that handlers always have one.
func hasDefault(s *api.Schema) bool {
	target := s.Target()
	return s != nil && (s.Default != "" || target.Default != "")
}
