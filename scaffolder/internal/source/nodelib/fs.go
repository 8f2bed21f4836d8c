package nodelib

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// longestText is how much of a file may become a text of the program, in bytes.
const longestText = 1 << 20

func (l *Library) fs() eval.Value {
	read := withCallback(l.readdir)
	stat := withCallback(l.stat)
	file := withCallback(l.readFile)
	exists := func(c *eval.Call) eval.Value {
		s, ok := text(c, 0)
		if !ok {
			return eval.Unknown("whether a file exists", c.At)
		}
		if l.Project.IsFile(s) || l.Project.SourceDir(s) != "" || l.Project.File(s) != "" {
			return eval.Bool(true)
		}
		return eval.Unknown("whether a file exists", c.At)
	}
	functions := map[string]fn{
		"readdirSync": read, "readdir": read, "statSync": stat, "lstatSync": stat, "stat": stat, "lstat": stat,
		"readFileSync": file, "readFile": file, "existsSync": exists, "pathExists": exists, "pathExistsSync": exists,
	}
	for _, name := range []string{"readJson", "readJsonSync", "readJSON", "readJSONSync"} {
		functions[name] = func(c *eval.Call) eval.Value { return eval.Unknown("a JSON file", c.At) }
	}
	o := object(functions)
	o.Put("promises", object(functions))
	return o
}

// withCallback gives the result to a callback where there is one.
func withCallback(f fn) fn {
	return func(c *eval.Call) eval.Value {
		v := f(c)
		if n := len(c.Args); n > 1 {
			if callback, ok := c.Args[n-1].(*eval.Function); ok {
				c.Call(callback, eval.Undefined{}, []eval.Value{eval.Null{}, v}, c.At)
			}
		}
		return v
	}
}

func (l *Library) readdir(c *eval.Call) eval.Value {
	given, ok := text(c, 0)
	dir := l.Project.SourceDir(given)
	if !ok || dir == "" || !inside(l.Project, dir) {
		if !strings.HasPrefix(eval.Describe(c.Arg(0)), "\"") {
			c.Report("unknown-directory", c.At, "the directory that is read here is not known ("+eval.Describe(c.Arg(0))+")", "")
		}
		return &eval.Array{Open: true, At: c.At}
	}
	options, _ := c.Arg(1).(*eval.Object)
	flag := func(name string) bool {
		if options == nil {
			return false
		}
		truth, ok := eval.Truth(c.GetMember(options, name, c.At))
		return ok && truth
	}
	a := &eval.Array{At: c.At}
	l.list(dir, "", flag("recursive"), flag("withFileTypes"), a)
	return a
}

func inside(p *project.Project, dir string) bool {
	return dir == p.Root || strings.HasPrefix(dir, p.Root+string(filepath.Separator))
}

func (l *Library) list(dir, below string, recursive, types bool, a *eval.Array) {
	for _, e := range l.Project.List(filepath.Join(dir, below)) {
		if e.Name == "node_modules" || strings.HasSuffix(e.Name, ".d.ts") {
			continue
		}
		name := path.Join(below, e.Name)
		if types {
			is := func(v bool) *eval.Native {
				return &eval.Native{Name: "is", Call: func(*eval.Call) eval.Value { return eval.Bool(v) }}
			}
			o := eval.NewObject().Put("name", eval.String(e.Name)).Put("isDirectory", is(e.Dir)).Put("isFile", is(!e.Dir))
			o.Put("path", eval.String(filepath.Join(dir, below))).Put("parentPath", eval.String(filepath.Join(dir, below)))
			o.Put("isSymbolicLink", is(false))
			a.Elements = append(a.Elements, o)
		} else {
			a.Elements = append(a.Elements, eval.String(name))
		}
		if e.Dir && recursive && len(a.Elements) < 5000 {
			l.list(dir, name, recursive, types, a)
		}
	}
}

func (l *Library) stat(c *eval.Call) eval.Value {
	s, ok := text(c, 0)
	if !ok {
		return eval.Unknown("what kind of file it is", c.At)
	}
	dir, file := l.Project.IsDir(s), l.Project.IsFile(s)
	if !dir && !file {
		dir, file = l.Project.SourceDir(s) != "", l.Project.File(s) != ""
	}
	answer := func(v bool) *eval.Native {
		return &eval.Native{Name: "is", Call: func(*eval.Call) eval.Value { return eval.Bool(v) }}
	}
	o := &eval.Object{Open: true}
	return o.Put("isDirectory", answer(dir)).Put("isFile", answer(file && !dir)).Put("isSymbolicLink", answer(false))
}

func (l *Library) readFile(c *eval.Call) eval.Value {
	s, ok := text(c, 0)
	if ok && filepath.IsAbs(s) && inside(l.Project, s) && (strings.HasSuffix(s, ".json") || strings.HasSuffix(s, ".txt")) {
		if data, err := l.Project.Read(s); err == nil && len(data) <= longestText {
			return eval.String(data)
		}
	}
	return eval.Unknown("the content of a file", c.At)
}
