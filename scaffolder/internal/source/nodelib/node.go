package nodelib

import (
	"path"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// Served is a host that unknown code, or a server of node, may let listen.
type served interface{ Passed() }

func (l *Library) http(name string) eval.Value {
	module := &eval.Term{Kind: eval.Import, Name: name}
	create := func(c *eval.Call) eval.Value {
		for _, a := range c.Args {
			for _, one := range eval.Alternatives(a) {
				if s, ok := eval.HostOf(one).(served); ok {
					s.Passed()
				}
			}
		}
		return &eval.Term{Kind: eval.Called, Of: &eval.Term{Kind: eval.Member, Of: module, Name: "createServer"}, Args: c.Args, At: c.At}
	}
	o := object(map[string]fn{"createServer": create, "createSecureServer": create, "Server": create})
	for _, m := range []string{"request", "get", "Agent", "STATUS_CODES", "METHODS"} {
		o.Put(m, &eval.Term{Kind: eval.Member, Of: module, Name: m})
	}
	o.Put("METHODS", &eval.Array{Elements: texts([]string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})})
	return o
}

func (l *Library) util() eval.Value {
	return object(map[string]fn{
		"promisify": func(c *eval.Call) eval.Value { return c.Arg(0) },
		"inherits": func(c *eval.Call) eval.Value {
			child, ok := c.GetMember(c.Arg(0), "prototype", c.At).(*eval.Object)
			if parent, ok2 := c.GetMember(c.Arg(1), "prototype", c.At).(*eval.Object); ok && ok2 && child != parent {
				child.Proto = parent
			}
			return eval.Undefined{}
		},
	})
}

func events() eval.Value {
	emitter := &eval.Native{Name: "EventEmitter", Constructs: true, Call: func(c *eval.Call) eval.Value {
		if o, ok := c.This.(*eval.Object); ok {
			o.Open = true
			return o
		}
		return eval.Unknown("an emitter", c.At)
	}}
	emitter.Members = eval.NewObject().Put("EventEmitter", emitter).Put("default", emitter)
	return emitter
}

func (l *Library) url() eval.Value {
	o := object(map[string]fn{
		"fileURLToPath": func(c *eval.Call) eval.Value {
			v := c.Arg(0)
			if o, ok := v.(*eval.Object); ok {
				v = o.Get("href")
			}
			if s, ok := v.(eval.String); ok {
				return eval.String(strings.TrimPrefix(string(s), "file://"))
			}
			return eval.Unknown("a path", c.At)
		},
		"pathToFileURL": func(c *eval.Call) eval.Value {
			return each(c.Arg(0), func(s string) eval.Value { return urlObject("file://" + s) })
		},
	})
	o.Put("URL", l.urlConstructor())
	return o
}

func (l *Library) urlConstructor() *eval.Native {
	return &eval.Native{Name: "URL", Constructs: true, Call: func(c *eval.Call) eval.Value {
		s, ok := text(c, 0)
		base, ok2 := text(c, 1)
		switch {
		case ok && ok2 && strings.HasPrefix(base, "file://") && !strings.Contains(s, "://"):
			slash := strings.HasSuffix(s, "/") || s == "."
			joined := path.Join(path.Dir(strings.TrimPrefix(base, "file://")), s)
			if path.IsAbs(s) {
				joined = path.Clean(s)
			}
			if slash {
				joined += "/"
			}
			return urlObject("file://" + joined)
		case ok && len(c.Args) == 1 && strings.HasPrefix(s, "file://"):
			return urlObject(s)
		}
		return &eval.Term{Kind: eval.Made, Of: &eval.Term{Kind: eval.Opaque, Name: "URL"}, Args: c.Args, At: c.At}
	}}
}

func urlObject(href string) *eval.Object {
	o := &eval.Object{Open: true}
	text := func(*eval.Call) eval.Value { return eval.String(href) }
	o.Put("href", eval.String(href)).Put("pathname", eval.String(strings.TrimPrefix(href, "file://")))
	return o.Put("toString", &eval.Native{Name: "toString", Call: text})
}

func (l *Library) process() eval.Value {
	o := object(map[string]fn{
		"cwd":      func(*eval.Call) eval.Value { return eval.String(l.Project.Package) },
		"nextTick": later,
		"exit":     func(*eval.Call) eval.Value { return eval.Undefined{} },
	})
	o.Put("env", &eval.Object{Host: envHost{l}})
	return o
}

// envHost is process.env: each name is a term, with what an example file gives beside it.
type envHost struct{ library *Library }

func (h envHost) Member(_ *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	term := &eval.Term{Kind: eval.Env, Name: name}
	var v eval.Value = term
	if s, ok := h.library.env[name]; ok {
		v = eval.Join(term, eval.String(s))
	}
	self.Put(name, v) // the same each time
	return v, true
}
