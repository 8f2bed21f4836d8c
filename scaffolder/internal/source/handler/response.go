package handler

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// responseHost is the response of Express, and the reply of Fastify.
type responseHost struct {
	run     *run
	status  eval.Value
	media   string
	headers []string
}

// send keeps an answer; what was said of its status holds for this one only.
func (h *responseHost) send(body eval.Value, media string, c *eval.Call) {
	s := &Send{Body: body, Media: media, At: c.At, Headers: h.headers}
	if h.media != "" && media == "" {
		s.Media = h.media
	}
	if h.status != nil {
		h.run.add(s, h.status)
	} else {
		h.run.add(s, nil)
	}
	h.status, h.media = nil, ""
}

// add keeps an answer for each status that a value may be.
func (r *run) add(s *Send, status eval.Value) {
	if status == nil {
		r.facts.Sends = append(r.facts.Sends, s)
		return
	}
	known := false
	for _, one := range eval.Alternatives(status) {
		if n := StatusOf(one); n != 0 {
			each := *s
			each.Status = n
			r.facts.Sends = append(r.facts.Sends, &each)
			known = true
		}
	}
	if !known {
		s.Unclear = true
		r.facts.Sends = append(r.facts.Sends, s)
	}
}

func (h *responseHost) Member(ev *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	var f func(c *eval.Call) eval.Value
	switch name {
	case "status", "code", "writeHead":
		f = func(c *eval.Call) eval.Value {
			h.status = c.Arg(0)
			return self
		}
	case "sendStatus":
		f = func(c *eval.Call) eval.Value {
			h.status = c.Arg(0)
			h.send(nil, "", c)
			return self
		}
	case "json", "jsonp":
		f = func(c *eval.Call) eval.Value {
			body := c.Arg(0)
			if len(c.Args) == 2 && StatusOf(c.Arg(0)) != 0 { // json(status, body) of old
				h.status, body = c.Arg(0), c.Arg(1)
			}
			h.send(body, "application/json", c)
			return self
		}
	case "send", "end", "write", "serialize":
		f = func(c *eval.Call) eval.Value {
			if name == "write" {
				return self
			}
			body := c.Arg(0)
			if len(c.Args) == 0 {
				body = nil
			}
			if n, ok := body.(eval.Number); ok && name == "send" && StatusOf(n) != 0 {
				h.status, body = n, nil
			}
			if len(c.Args) == 2 && StatusOf(c.Arg(0)) != 0 {
				h.status, body = c.Arg(0), c.Arg(1)
			}
			h.send(body, "", c)
			return self
		}
	case "render", "view":
		f = func(c *eval.Call) eval.Value { h.send(eval.Unknown("a page", c.At), "text/html", c); return self }
	case "redirect":
		f = func(c *eval.Call) eval.Value {
			if h.status == nil {
				h.status = eval.Number(302)
			}
			for _, a := range c.Args {
				if n, ok := a.(eval.Number); ok {
					h.status = n
				}
			}
			h.send(nil, "", c)
			return self
		}
	case "sendFile", "sendfile", "download":
		f = func(c *eval.Call) eval.Value {
			h.send(eval.Unknown("a file", c.At), "application/octet-stream", c)
			return self
		}
	case "type", "contentType":
		f = func(c *eval.Call) eval.Value {
			if s, ok := c.Arg(0).(eval.String); ok {
				h.media = mediaType(string(s))
			}
			return self
		}
	case "set", "header", "setHeader", "append":
		f = func(c *eval.Call) eval.Value { h.header(c); return self }
	case "format":
		f = func(c *eval.Call) eval.Value {
			if o, ok := c.Arg(0).(*eval.Object); ok {
				for _, k := range o.Keys() {
					c.Call(o.Get(k), eval.Undefined{}, []eval.Value{}, c.At)
				}
			}
			return self
		}
	case "cookie", "clearCookie", "setCookie", "vary", "links", "attachment", "location", "flushHeaders", "hijack", "removeHeader":
		f = func(*eval.Call) eval.Value { return self }
	case "on", "once":
		f = func(c *eval.Call) eval.Value { c.Call(c.Arg(1), eval.Undefined{}, nil, c.At); return self }
	case "locals", "app", "req", "request", "server":
		return eval.Unknown("response."+name, self.At), true
	case "statusCode":
		if h.status != nil {
			return h.status, true
		}
		return eval.Unknown("a status", self.At), true
	case "headersSent", "sent", "writableEnded", "finished":
		return eval.Unknown(name, self.At), true
	case "raw", "res":
		return self, true
	default:
		return eval.Unknown("response."+name, self.At), true
	}
	return &eval.Native{Name: name, Call: f}, true
}

func (h *responseHost) header(c *eval.Call) {
	s, ok := c.Arg(0).(eval.String)
	if !ok {
		return
	}
	if strings.EqualFold(string(s), "content-type") {
		if v, ok := c.Arg(1).(eval.String); ok {
			h.media = mediaType(string(v))
		}
		return
	}
	h.headers = append(h.headers, string(s))
}

// Assigned takes res.statusCode = n.
func (h *responseHost) Assigned(_ *eval.Evaluator, _ *eval.Object, name string, v eval.Value, _ eval.Place) bool {
	if name == "statusCode" {
		h.status = v
		return true
	}
	return false
}

// mediaType is a media type, from a short name of one too.
func mediaType(s string) string {
	s, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(s)), ";")
	switch strings.TrimPrefix(s, ".") {
	case "json":
		return "application/json"
	case "html":
		return "text/html"
	case "text", "txt":
		return "text/plain"
	case "xml":
		return "application/xml"
	case "csv":
		return "text/csv"
	case "png", "jpeg", "gif", "webp":
		return "image/" + s
	case "svg":
		return "image/svg+xml"
	case "pdf":
		return "application/pdf"
	}
	if strings.Count(s, "/") == 1 {
		return strings.TrimSpace(s)
	}
	return ""
}

// BoundToRun says that the object is of one run of a handler.
func (h *responseHost) BoundToRun() {}
