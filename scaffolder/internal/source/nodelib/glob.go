package nodelib

import (
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// glob is glob, fast-glob and globby: files for patterns.
func (l *Library) glob(name string) eval.Value {
	find := func(c *eval.Call) eval.Value {
		a := &eval.Array{At: c.At}
		cwd := l.Project.Package
		options, _ := c.Arg(1).(*eval.Object)
		if options != nil {
			if s, ok := c.GetMember(options, "cwd", c.At).(eval.String); ok {
				cwd = l.Project.SourceDir(string(s))
			}
		}
		patterns := []eval.Value{c.Arg(0)}
		if list, ok := c.Arg(0).(*eval.Array); ok {
			patterns = list.Elements
		}
		for _, p := range patterns {
			s, ok := p.(eval.String)
			if !ok || cwd == "" {
				c.Report("unknown-directory", c.At, "the files that are looked for here are not known ("+eval.Describe(p)+")", "")
				a.Open = true
				continue
			}
			l.found(c, a, options, cwd, string(s))
		}
		if n := len(c.Args); n > 1 {
			if callback, ok := c.Args[n-1].(*eval.Function); ok {
				c.Call(callback, eval.Undefined{}, []eval.Value{eval.Null{}, a}, c.At)
			}
		}
		return a
	}
	main := &eval.Native{Name: name, Call: find}
	main.Members = eval.NewObject().Put("default", main)
	for _, m := range []string{"sync", "glob", "globSync", "globby", "globbySync", "async"} {
		main.Members.Put(m, &eval.Native{Name: m, Call: find, Members: eval.NewObject().Put("sync", main)})
	}
	return main
}

// found adds the files of one pattern. A pattern that begins with ! takes some away.
func (l *Library) found(c *eval.Call, a *eval.Array, options *eval.Object, cwd, pattern string) {
	if strings.HasPrefix(pattern, "!") {
		return
	}
	absolute := filepath.IsAbs(pattern)
	if options != nil {
		if truth, ok := eval.Truth(c.GetMember(options, "absolute", c.At)); ok && truth {
			absolute = true
		}
	}
	for _, file := range l.Project.Glob(cwd, pattern) {
		if strings.HasSuffix(file, ".d.ts") || !inside(l.Project, file) {
			continue
		}
		if !absolute {
			if rel, err := filepath.Rel(cwd, file); err == nil {
				if strings.HasPrefix(pattern, "./") {
					rel = "./" + rel
				}
				file = rel
			}
		}
		a.Elements = append(a.Elements, eval.String(filepath.ToSlash(file)))
	}
}

// requireAll is the packages that require a whole directory: an object of modules by
// name, directories nested.
func (l *Library) requireAll(name string) eval.Value {
	f := &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
		dir := ""
		for _, a := range c.Args {
			if s, ok := a.(eval.String); ok {
				dir = string(s)
			}
			if o, ok := a.(*eval.Object); ok {
				if s, ok := c.GetMember(o, "dirname", c.At).(eval.String); ok {
					dir = string(s)
				}
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
		return l.modules(c, dir, 0)
	}}
	f.Members = eval.NewObject().Put("default", f)
	return f
}

func (l *Library) modules(c *eval.Call, dir string, depth int) eval.Value {
	o := &eval.Object{At: c.At}
	for _, e := range l.Project.List(dir) {
		path := filepath.Join(dir, e.Name)
		switch {
		case e.Dir && e.Name != "node_modules" && depth < 8:
			o.Put(e.Name, l.modules(c, path, depth+1))
		case !e.Dir && project.IsSource(e.Name) && (c.Module == nil || path != c.Module.Path):
			if m := c.Load(path); m != nil {
				o.Put(strings.TrimSuffix(e.Name, filepath.Ext(e.Name)), c.Required(m))
			}
		}
	}
	return o
}
