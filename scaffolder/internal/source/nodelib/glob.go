package nodelib

import (
	"path"
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
	files := l.Project.Glob(cwd, pattern)
	if len(files) == 0 && looksForSource(pattern) {
		c.Report("no-files", c.At, "no file is found for the pattern "+pattern+", which is looked for here", "")
	}
	for _, file := range files {
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

// looksForSource says whether a pattern is there to find code, which may register routes.
func looksForSource(pattern string) bool {
	base := path.Base(filepath.ToSlash(pattern))
	return project.IsSource("file"+path.Ext(base)) || strings.Contains(base, "rout") || strings.Contains(base, "controller")
}
