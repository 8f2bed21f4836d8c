package breaking

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func (c *comparison) body(old, now *api.Operation, at place, in direction) {
	here := at.then("body")
	switch was, is := old.Body, now.Body; {
	case was == nil && is == nil:
	case was == nil:
		if is.Required {
			c.sink.add(here, in.sender(), in, is.At, "was added and is required")
		}
	case is == nil:
		c.sink.add(here, in.sender(), in, was.At, "was removed")
		c.sink.add(here, in.receiver(), in, was.At, "was removed")
	default:
		c.presence(was.Required, is.Required, nil, here, in, is.At)
		c.content(was.Content, is.Content, here, in)
	}
}

// content compares the media types of a body or an answer.
func (c *comparison) content(old, now []*api.Media, at place, in direction) {
	for _, m := range now {
		here := at
		if len(now) > 1 {
			here = at.then(m.Type)
		}
		was := mediaOf(old, m.Type)
		if was == nil {
			if in == request {
				c.sink.add(at, in.receiver(), in, m.At, "may be "+m.Type+" now")
			}
			continue
		}
		c.optional(was.Schema, m.Schema, here, in)
		c.optional(was.ItemSchema, m.ItemSchema, here.then("items"), in)
		c.encoding(was, m, here, in)
	}
	for _, m := range old {
		if mediaOf(now, m.Type) != nil {
			continue
		}
		c.sink.add(at, Callers, in, m.At, m.Type+" was removed")
		if in == answer {
			c.sink.add(at, Handlers, in, m.At, m.Type+" was removed")
		}
	}
}

// optional compares schemas that may not be there: then every value passes.
func (c *comparison) optional(old, now *api.Schema, at place, in direction) {
	if old == nil {
		old = &api.Schema{}
	}
	if now == nil {
		now = &api.Schema{At: old.At}
	}
	c.schema(old, now, at, in)
}

// mediaOf finds a media type, whatever its parameters are.
func mediaOf(list []*api.Media, name string) *api.Media {
	i := slices.IndexFunc(list, func(m *api.Media) bool { return baseType(m.Type) == baseType(name) })
	if i < 0 {
		return nil
	}
	return list[i]
}

func baseType(name string) string {
	base, _, _ := strings.Cut(name, ";")
	return strings.TrimSpace(base)
}

// encoding compares how the parts of a form are written.
func (c *comparison) encoding(old, now *api.Media, at place, in direction) {
	for _, e := range now.Encoding {
		was := &api.Encoding{Property: e.Property, Explode: true}
		if i := slices.IndexFunc(old.Encoding, func(o *api.Encoding) bool { return o.Property == e.Property }); i >= 0 {
			was = old.Encoding[i]
		}
		here := at.then("part " + e.Property)
		if e.Style != "" && was.Style != "" && (e.Style != was.Style || e.Explode != was.Explode) {
			c.sink.add(here, in.sender(), in, now.At, "is written in another style")
		}
		if len(e.ContentTypes) == 0 {
			continue
		}
		lost := slices.DeleteFunc(slices.Clone(was.ContentTypes), func(t string) bool { return slices.Contains(e.ContentTypes, t) })
		if len(was.ContentTypes) == 0 {
			c.sink.add(here, in.sender(), in, now.At, "must be "+strings.Join(e.ContentTypes, " or ")+" now")
		} else if len(lost) > 0 {
			c.sink.add(here, in.sender(), in, now.At, "may not be "+strings.Join(lost, " or ")+" any more")
		}
	}
}

// responses compares the answers; in is the direction in which they go.
func (c *comparison) responses(old, now *api.Operation, at place, in direction) {
	for _, was := range old.Responses {
		here := at.then("response " + was.Status)
		is := responseFor(now, was.Status)
		if is == nil {
			if success(was.Status) {
				c.sink.add(here, in.receiver(), in, was.At, "was removed")
			}
			c.sink.add(here, in.sender(), in, was.At, "was removed")
			continue
		}
		c.content(was.Content, is.Content, here, in)
		if len(was.Content) == 0 && len(is.Content) > 0 {
			c.sink.add(here, in.sender(), in, is.At, "has a body now")
		}
		c.headers(was, is, here, in)
	}
}

func success(status string) bool { return strings.HasPrefix(status, "2") || status == "default" }

// responseFor is what the document says of a status: of itself, of its range, of all.
func responseFor(op *api.Operation, status string) *api.Response {
	for _, name := range []string{status, status[:1] + "XX", "default"} {
		for _, r := range op.Responses {
			if r.Status == name {
				return r
			}
		}
	}
	return nil
}

func (c *comparison) headers(old, now *api.Response, at place, in direction) {
	find := func(list []*api.Header, name string) *api.Header {
		for _, h := range list {
			if strings.EqualFold(h.Name, name) {
				return h
			}
		}
		return nil
	}
	for _, h := range now.Headers {
		here := at.then("header " + h.Name)
		was := find(old.Headers, h.Name)
		if was == nil {
			if h.Required {
				c.sink.add(here, in.sender(), in, now.At, "was added and is required")
			}
			continue
		}
		c.presence(was.Required, h.Required, nil, here, in, now.At)
		c.optional(headerSchema(was), headerSchema(h), here, in)
	}
	for _, h := range old.Headers {
		if find(now.Headers, h.Name) == nil {
			c.sink.add(at.then("header "+h.Name), in.receiver(), in, old.At, "was removed")
		}
	}
}

func headerSchema(h *api.Header) *api.Schema {
	if h.Schema == nil && h.Content != nil {
		return h.Content.Schema
	}
	return h.Schema
}
