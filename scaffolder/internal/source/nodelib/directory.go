package nodelib

import (
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// requireAll is the packages that require a whole directory: an object of modules by
// name, directories nested.
func (l *Library) requireAll(name string) eval.Value {
	f := &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
		dir := ""
		var options *eval.Object
		for i, a := range c.Args {
			if s, ok := a.(eval.String); ok {
				dir = string(s)
			}
			o, ok := a.(*eval.Object)
			if !ok {
				continue
			}
			if s, ok := c.GetMember(o, "dirname", c.At).(eval.String); ok {
				dir = string(s)
			}
			if i == len(c.Args)-1 {
				options = o
			}
		}
		if c.Module != nil {
			switch {
			case dir == "":
				dir = filepath.Dir(c.Module.Path)
			case !filepath.IsAbs(dir):
				dir = filepath.Join(filepath.Dir(c.Module.Path), dir)
			}
		}
		dir = l.Project.SourceDir(dir)
		if dir == "" || !inside(l.Project, dir) {
			c.Report("unknown-directory", c.At, "the directory that is required here is not known", "")
			return eval.Unknown("a directory of modules", c.At)
		}
		return l.modules(c, directory{options}, dir, 0)
	}}
	f.Members = eval.NewObject().Put("default", f)
	return f
}

func (l *Library) modules(c *eval.Call, of directory, dir string, depth int) eval.Value {
	o := &eval.Object{At: c.At}
	for _, e := range l.Project.List(dir) {
		path := filepath.Join(dir, e.Name)
		switch {
		case e.Dir && e.Name != "node_modules" && depth < 8:
			o.Put(e.Name, l.modules(c, of, path, depth+1))
		case !e.Dir && project.IsSource(e.Name) && (c.Module == nil || path != c.Module.Path):
			if !of.takes(c, path) {
				continue
			}
			if m := c.Load(path); m != nil {
				v := c.Required(m)
				if f := of.function(c, "visit", "resolve"); f != nil {
					c.Call(f, eval.Undefined{}, []eval.Value{v, eval.String(path), eval.String(e.Name)}, c.At)
				}
				o.Put(strings.TrimSuffix(e.Name, filepath.Ext(e.Name)), v)
			}
		}
	}
	return o
}

// directory is how a directory is required: with options that may choose files, and
// functions that get each module.
type directory struct{ options *eval.Object }

// function is the first of some options that is a function; nil where none is.
func (d directory) function(c *eval.Call, names ...string) eval.Value {
	if d.options == nil {
		return nil
	}
	for _, n := range names {
		if f, ok := c.GetMember(d.options, n, c.At).(*eval.Function); ok {
			return f
		}
	}
	return nil
}

// takes says whether include and exclude, which are functions here, let a file pass.
func (d directory) takes(c *eval.Call, path string) bool {
	asked := func(name string, otherwise bool) bool {
		f := d.function(c, name)
		if f == nil {
			return otherwise
		}
		truth, known := eval.Truth(c.Call(f, eval.Undefined{}, []eval.Value{eval.String(path), eval.String(filepath.Base(path))}, c.At))
		return truth || !known
	}
	return asked("include", true) && !asked("exclude", false)
}
