package handler

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// contextHost is ctx of Koa: request and response in one.
type contextHost struct {
	run      *run
	request  *requestHost
	response *responseHost
	object   *eval.Object // ctx.request
}

func (h *contextHost) Member(ev *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	switch name {
	case "request", "req":
		return h.object, true
	case "response", "res":
		return self, true
	case "query", "params", "headers", "header":
		return h.request.part(partNamed(name), self.At), true
	case "status":
		if h.response.status != nil {
			return h.response.status, true
		}
		return eval.Unknown("a status", self.At), true
	case "body":
		return eval.Unknown("the answer", self.At), true
	case "cookies":
		o := eval.NewObject()
		o.Put("get", &eval.Native{Name: "get", Call: func(c *eval.Call) eval.Value {
			if s, ok := c.Arg(0).(eval.String); ok {
				return PartOf(h.request.part(Cookies, c.At)).child(string(s), c.At)
			}
			return eval.Unknown("a cookie", c.At)
		}})
		return o.Put("set", &eval.Native{Name: "set", Call: func(*eval.Call) eval.Value { return eval.Undefined{} }}), true
	case "throw", "assert":
		return &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			args := c.Args
			if name == "assert" {
				args = args[min(1, len(args)):]
			}
			h.run.facts.Throws = append(h.run.facts.Throws, Thrown{thrownOf(args, c.At), c.At})
			return eval.Undefined{}
		}}, true
	case "redirect", "render", "attachment":
		return h.response.Member(ev, self, name)
	case "set", "type":
		return h.response.Member(ev, self, name)
	case "get":
		return h.request.Member(ev, h.object, name)
	case "ok", "success", "send":
		return &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			h.response.send(c.Arg(0), "", c)
			return eval.Undefined{}
		}}, true
	case "state":
		o := &eval.Object{Open: true, At: self.At}
		self.Put("state", o)
		return o, true
	case "captures":
		return h.request.part(Params, self.At), true
	}
	return h.request.Member(ev, self, name)
}

// thrownOf is the error that ctx.throw makes.
func thrownOf(args []eval.Value, at eval.Place) eval.Value {
	return &eval.Term{Kind: eval.Made, Of: &eval.Term{Kind: eval.Import, Name: "http-errors"}, Args: args, At: at}
}

// Assigned takes ctx.body = x and ctx.status = n: the answer goes out at the end, with
// what was said last.
func (h *contextHost) Assigned(ev *eval.Evaluator, self *eval.Object, name string, v eval.Value, at eval.Place) bool {
	switch name {
	case "status":
		h.response.status = v
		if n := len(h.run.facts.Sends); n > 0 && h.run.lastSet == n {
			// ctx.body = x; ctx.status = 201
			last := h.run.facts.Sends[n-1]
			if code := StatusOf(v); code != 0 && last.Status == 0 {
				last.Status = code
				h.response.status = nil
			}
		}
		return true
	case "body":
		if v == (eval.Undefined{}) {
			return true
		}
		h.response.send(v, "", &eval.Call{Evaluator: ev, At: at})
		h.run.lastSet = len(h.run.facts.Sends)
		return true
	case "type":
		if s, ok := v.(eval.String); ok {
			h.response.media = mediaType(string(s))
		}
		return true
	}
	return h.request.Assigned(ev, self, name, v, at)
}

// BoundToRun says that the object is of one run of a handler.
func (h *contextHost) BoundToRun() {}
