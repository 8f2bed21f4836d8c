package controllers

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

const routing = "routing-controllers"

// createExpress is createExpressServer: an application with controllers.
func (l *Library) createExpress(c *eval.Call) eval.Value {
	app := c.Call(c.ImportExternal("express"), eval.Undefined{}, nil, c.At)
	l.register(c, app, c.Arg(0))
	return app
}

func (l *Library) createKoa(c *eval.Call) eval.Value {
	construct := c.GetMember(c.GlobalName("Reflect"), "construct", c.At)
	app := c.Call(construct, eval.Undefined{}, []eval.Value{c.ImportExternal("koa"), &eval.Array{}}, c.At)
	l.register(c, app, c.Arg(0))
	return app
}

func (l *Library) useServer(c *eval.Call) eval.Value {
	l.register(c, c.Arg(0), c.Arg(1))
	return c.Arg(0)
}

// server is an application that controllers are registered in.
type server struct {
	library *Library
	router  *route.Router
	prefix  eval.Value
	checker eval.Value // says who may ask: authorizationChecker
	user    eval.Value // currentUserChecker
}

func (l *Library) register(c *eval.Call, app, options eval.Value) {
	router := route.Of(app)
	if router == nil {
		c.Report("unknown-application", c.At, "the application that gets the controllers here is not known ("+eval.Describe(app)+"); their routes are left out", "make it with express() or new Koa() in the file that names them")
		return
	}
	s := &server{library: l, router: router, prefix: eval.Undefined{}, checker: eval.Undefined{}, user: eval.Undefined{}}
	var controllers eval.Value = eval.Undefined{}
	if o, ok := options.(*eval.Object); ok {
		s.prefix, controllers = c.GetMember(o, "routePrefix", c.At), c.GetMember(o, "controllers", c.At)
		s.checker, s.user = c.GetMember(o, "authorizationChecker", c.At), c.GetMember(o, "currentUserChecker", c.At)
	}
	for _, class := range l.given(c, controllers, routing) {
		s.controller(c, class)
	}
}

// controller registers the routes of a class, and of what it extends.
func (s *server) controller(c *eval.Call, class *eval.Class) {
	own := of(decoratorsOf(class, routing), "")
	head, ok := named(own, "Controller", "JsonController")
	if !ok {
		c.Report("no-controller", c.At, class.Name+" is registered here as a controller and has no decorator that says so; its methods are left out", "write @JsonController() in front of the class")
		return
	}
	seen := map[string]bool{}
	for _, at := range line(class) {
		sayUnread(c, at, routing)
		list := decoratorsOf(at, routing)
		for _, d := range list {
			method, path := verb(d)
			if method == "" || d.Member == "" || d.Parameter >= 0 || seen[d.Member] && at != class {
				continue
			}
			seen[d.Member] = true
			a := &action{server: s, class: class, member: d.Member, json: head.name == "JsonController", at: d.At, list: list}
			a.json = a.json && !a.has("Render", "ContentType")
			s.router.Add(&route.Layer{
				Kind: route.Route, Methods: []string{method}, Paths: route.Paths(joined(s.prefix, head.arg(0), path)), At: d.At, Maybe: c.Uncertain(),
				Handlers: append(s.before(c, append(own, of(list, d.Member)...)), a.handler()),
			})
		}
	}
}

// verb is the method and path that a decorator says; "" where it is another one.
func verb(d decorator) (method string, path eval.Value) {
	switch d.name {
	case "Get", "Post", "Put", "Patch", "Delete", "Head", "All":
		return strings.ToUpper(d.name), d.arg(0)
	case "Method":
		if s, ok := d.arg(0).(eval.String); ok {
			return strings.ToUpper(string(s)), d.arg(1)
		}
	}
	return "", nil
}

// joined is a path of pieces: a text where all of them are known. A piece that is undefined
// is none.
func joined(pieces ...eval.Value) eval.Value {
	text := &eval.Text{}
	var known strings.Builder
	all := true
	for _, p := range pieces {
		switch x := p.(type) {
		case eval.Undefined, eval.Null:
			continue
		case eval.String:
			s := string(x)
			if s != "" && !strings.HasPrefix(s, "/") {
				s = "/" + s
			}
			known.WriteString(s)
			text.Parts = append(text.Parts, eval.String(s))
		default:
			all = false
			text.Parts = append(text.Parts, x)
		}
	}
	if all {
		return eval.String("/" + strings.TrimPrefix(known.String(), "/"))
	}
	if len(text.Parts) == 1 {
		return text.Parts[0]
	}
	return text
}

// before are what stands before the method: functions, and classes with use, that
// decorators name, and the check of who asks.
func (s *server) before(c *eval.Call, list []decorator) []eval.Value {
	var out []eval.Value
	for _, d := range list {
		switch d.name {
		case "UseBefore":
			for _, a := range d.args {
				if class, ok := a.(*eval.Class); ok {
					o := s.library.instance(c, class, 0)
					use := c.GetMember(o, "use", c.At)
					a = c.Call(c.GetMember(use, "bind", c.At), use, []eval.Value{o}, c.At)
				}
				out = append(out, a)
			}
		case "Authorized":
			out = append(out, s.guard(d))
		}
	}
	return out
}

// guard asks the project's own check, and refuses.
func (s *server) guard(d decorator) eval.Value {
	return &eval.Native{Name: "authorized", Call: func(c *eval.Call) eval.Value {
		e := exchangeOf(s.router.Framework, c)
		c.Call(s.checker, eval.Undefined{}, []eval.Value{e.action(), d.arg(0)}, d.At)
		refusal := &eval.Term{Kind: eval.Made, Of: &eval.Term{Kind: eval.Import, Name: "http-errors"}, Args: []eval.Value{eval.Number(401)}, At: d.At}
		c.Call(e.next, eval.Undefined{}, []eval.Value{refusal}, d.At)
		return c.Call(e.next, eval.Undefined{}, nil, d.At)
	}}
}
