package nodelib

import (
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// settings are what the packages config and nconf know: objects, those that count first in
// front. What stands in files and defaults may be another value where the program runs.
type settings struct {
	sure, likely []eval.Value
	separator    string
	get          eval.Value // the package's own get, for what is not known
}

// find looks for a key in an object of settings.
func (s *settings) find(c *eval.Call, key string) eval.Value {
	if v := within(c, s.sure, strings.Split(key, s.separator)); v != nil {
		return v
	}
	unknown := &eval.Term{Kind: eval.Called, Of: s.get, Args: []eval.Value{eval.String(key)}, At: c.At}
	if v := within(c, s.likely, strings.Split(key, s.separator)); v != nil {
		return eval.Join(v, unknown)
	}
	return unknown
}

// within is the first value that objects have at the end of a path; nil: none.
func within(c *eval.Call, objects []eval.Value, path []string) eval.Value {
	for _, at := range objects {
		for _, name := range path {
			o, ok := at.(*eval.Object)
			if !ok {
				at = nil
				break
			}
			at = c.GetMember(o, name, c.At)
			if _, none := at.(eval.Undefined); none {
				at = nil
				break
			}
		}
		if at != nil {
			return at
		}
	}
	return nil
}

func (s *settings) getter() *eval.Native {
	return &eval.Native{Name: "get", Call: func(c *eval.Call) eval.Value {
		if key, ok := text(c, 0); ok {
			return s.find(c, key)
		}
		return &eval.Term{Kind: eval.Called, Of: s.get, Args: c.Args, At: c.At}
	}}
}

func settingsOf(name, separator string) *settings {
	module := &eval.Term{Kind: eval.Import, Name: name}
	return &settings{separator: separator, get: &eval.Term{Kind: eval.Member, Of: module, Name: "get"}}
}

// nconf keeps what set, overrides, file and defaults give. It is one store for the program.
func (l *Library) nconf() eval.Value {
	if l.store != nil {
		return l.store
	}
	s := settingsOf("nconf", ":")
	o := &eval.Object{Open: true}
	put := func(name string, f func(c *eval.Call)) {
		o.Put(name, &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			f(c)
			return o
		}})
	}
	put("set", func(c *eval.Call) {
		if key, ok := text(c, 0); ok {
			v := c.Arg(1)
			names := strings.Split(key, ":")
			for i := len(names) - 1; i >= 0; i-- {
				v = eval.NewObject().Put(names[i], v)
			}
			s.sure = append([]eval.Value{v}, s.sure...)
		}
	})
	put("overrides", func(c *eval.Call) { s.sure = append(s.sure, c.Arg(0)) })
	put("defaults", func(c *eval.Call) { s.likely = append(s.likely, c.Arg(0)) })
	file := func(c *eval.Call) {
		for _, a := range c.Args {
			if given, ok := a.(*eval.Object); ok {
				a = c.GetMember(given, "file", c.At)
			}
			if path, ok := a.(eval.String); ok && strings.HasSuffix(string(path), ".json") {
				if v := l.jsonFile(c, string(path)); v != nil {
					s.likely = append(s.likely, v)
				}
			}
		}
	}
	put("file", file)
	put("add", file)
	for _, name := range []string{"argv", "env", "use", "load", "required", "stores"} {
		put(name, func(*eval.Call) {})
	}
	o.Put("get", s.getter()).Put("any", s.getter()).Put("default", o)
	l.store = o
	return o
}

// jsonFile is a JSON file of the project as a value; nil where there is none.
func (l *Library) jsonFile(c *eval.Call, path string) eval.Value {
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.Project.Package, path)
	}
	if !inside(l.Project, path) {
		return nil
	}
	data, err := l.Project.Read(path)
	if err != nil || len(data) > longestText {
		return nil
	}
	v := c.Call(c.GetMember(c.GlobalName("JSON"), "parse", c.At), eval.Undefined{}, []eval.Value{eval.String(data)}, c.At)
	if o, ok := v.(*eval.Object); ok {
		return o
	}
	return nil
}

// configHost is the package config: the settings of config/default, and get.
type configHost struct {
	library *Library
	s       *settings
	read    bool
}

func (l *Library) config() eval.Value {
	return &eval.Object{Host: &configHost{library: l, s: settingsOf("config", ".")}}
}

// Member is get, has, or a setting.
func (h *configHost) Member(ev *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	c := &eval.Call{Evaluator: ev, At: self.At}
	switch name {
	case "default":
		return self, true
	case "get":
		get := h.s.getter()
		return &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			h.load(c)
			return get.Call(c)
		}}, true
	case "has":
		return &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value { return eval.Unknown("whether a setting is there", c.At) }}, true
	case "util":
		return eval.Unknown("config.util", self.At), true
	}
	h.load(c)
	return h.s.find(c, name), true
}

// load reads config/default once: JSON, or a module.
func (h *configHost) load(c *eval.Call) {
	if h.read {
		return
	}
	h.read = true
	base := filepath.Join(h.library.Project.Package, "config", "default")
	if v := h.library.jsonFile(c, base+".json"); v != nil {
		h.s.likely = append(h.s.likely, v)
	}
	for _, extension := range []string{".js", ".cjs", ".mjs", ".ts"} {
		if !h.library.Project.IsFile(base + extension) {
			continue
		}
		if m := c.Load(base + extension); m != nil {
			c.Ensure(m)
			v := c.Required(m)
			if d, ok := c.Export(m, "default").(*eval.Object); ok {
				v = d
			}
			h.s.likely = append(h.s.likely, v)
		}
	}
}
