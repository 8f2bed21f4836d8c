package fastify

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// autoloadHost stands behind the plugin of @fastify/autoload.
type autoloadHost struct{ library *Library }

// Member has nothing to give.
func (autoloadHost) Member(_ *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	if name == "default" || name == "fastifyAutoload" || name == "autoload" {
		return self, true
	}
	return nil, false
}

func (l *Library) autoload() eval.Value { return &eval.Object{Host: autoloadHost{l}} }

// loading is one use of autoload.
type loading struct {
	c       *eval.Call
	library *Library
	options *eval.Object
	// routeParams says that folders called _name are parameters.
	routeParams bool
	dirPrefix   bool
	maxDepth    int
	passed      eval.Value // what plugins get as options
	prefix      eval.Value // that all of them get
	hooks       bool
	cascade     bool
}

func (a autoloadHost) load(c *eval.Call, h *host, self *eval.Object, given eval.Value) {
	options, ok := given.(*eval.Object)
	if !ok {
		c.Report("unknown-directory", c.At, "the directory that is loaded here is not known", "")
		return
	}
	dir, ok := c.GetMember(options, "dir", c.At).(eval.String)
	path := a.library.Project.SourceDir(string(dir))
	if !ok || path == "" {
		c.Report("unknown-directory", c.At, "the directory that is loaded here is not known ("+eval.Describe(c.GetMember(options, "dir", c.At))+")", "")
		return
	}
	l := &loading{c: c, library: a.library, options: options, maxDepth: 64, dirPrefix: true}
	l.routeParams = l.flag("routeParams", false)
	l.dirPrefix = l.flag("dirNameRoutePrefix", true)
	l.hooks, l.cascade = l.flag("autoHooks", false), l.flag("cascadeHooks", false)
	if n, ok := c.GetMember(options, "maxDepth", c.At).(eval.Number); ok {
		l.maxDepth = int(n)
	}
	l.passed = c.GetMember(options, "options", c.At)
	l.prefix = prefixOf(c, l.passed)
	if s, ok := l.prefix.(eval.String); ok {
		l.prefix = eval.String(strings.TrimSuffix(string(s), "/"))
	} else if none := l.prefix == eval.Value(eval.Undefined{}); none || ofCaller(l.prefix) {
		l.prefix = eval.String("")
	}
	l.directory(h, self, path, "", 0)
}

// ofCaller says whether a value is an option of whoever starts the program: most give none.
func ofCaller(v eval.Value) bool {
	t, ok := v.(*eval.Term)
	for ok && t.Kind == eval.Member {
		t, ok = t.Of.(*eval.Term)
	}
	return ok && (t.Kind == eval.Opaque || t.Kind == eval.Param)
}

func (l *loading) flag(name string, otherwise bool) bool {
	if truth, ok := eval.Truth(l.c.GetMember(l.options, name, l.c.At)); ok && l.c.GetMember(l.options, name, l.c.At) != (eval.Undefined{}) {
		return truth
	}
	return otherwise
}

// directory loads the files of a directory, and goes into those below it. A directory
// with an index is a plugin as a whole.
func (l *loading) directory(h *host, self *eval.Object, dir, prefix string, depth int) {
	if depth > l.maxDepth {
		return
	}
	var files, dirs []string
	index := ""
	for _, e := range l.library.Project.List(dir) {
		path := filepath.Join(dir, e.Name)
		base := strings.TrimSuffix(e.Name, filepath.Ext(e.Name))
		switch {
		case e.Dir && e.Name != "node_modules" && !strings.HasPrefix(e.Name, "."):
			dirs = append(dirs, path)
		case e.Dir || !project.IsSource(e.Name) || strings.Contains(e.Name, ".test.") || strings.Contains(e.Name, ".spec."):
		case l.ignored(path):
		case base == "index":
			index = path
		case strings.Contains(base, "autohooks"):
			if l.hooks {
				l.autohooks(h, self, path)
			}
		default:
			files = append(files, path)
		}
	}
	if index != "" {
		files = []string{index}
	}
	for _, path := range files {
		l.file(h, self, path, prefix)
	}
	for _, path := range dirs {
		inner := prefix + "/" + l.segment(dir, filepath.Base(path))
		scope, object := h, self
		if l.hooks && !l.cascade || hasHooks(l.library.Project, path) {
			object = h.child(l.c, eval.Undefined{})
			scope, _ = object.Host.(*host)
		}
		l.directory(scope, object, path, inner, depth+1)
	}
}

func hasHooks(p *project.Project, dir string) bool {
	for _, e := range p.List(dir) {
		if !e.Dir && strings.Contains(e.Name, "autohooks") {
			return true
		}
	}
	return false
}

// ignored applies ignorePattern, ignoreFilter and matchFilter.
func (l *loading) ignored(path string) bool {
	rel := filepath.ToSlash(path)
	test := func(name string) (matches, given bool) {
		v := l.c.GetMember(l.options, name, l.c.At)
		switch x := v.(type) {
		case eval.String:
			return strings.Contains(rel, string(x)), true
		case *eval.RegExp:
			m := l.c.Call(l.c.GetMember(x, "test", l.c.At), x, []eval.Value{eval.String(rel)}, l.c.At)
			truth, ok := eval.Truth(m)
			return truth, ok
		case *eval.Function:
			truth, ok := eval.Truth(l.c.Call(x, eval.Undefined{}, []eval.Value{eval.String(rel)}, l.c.At))
			return truth, ok
		}
		return false, false
	}
	for _, name := range []string{"ignorePattern", "ignoreFilter"} {
		if matches, given := test(name); given && matches {
			return true
		}
	}
	matches, given := test("matchFilter")
	return given && !matches
}

// segment is the piece of a path that a folder stands for; "" leaves the slash before it.
func (l *loading) segment(dir, name string) string {
	if f, ok := l.c.GetMember(l.options, "dirNameRoutePrefix", l.c.At).(*eval.Function); ok {
		s, _ := l.c.Call(f, eval.Undefined{}, []eval.Value{eval.String(dir), eval.String(name)}, l.c.At).(eval.String)
		return string(s)
	}
	if !l.dirPrefix {
		return ""
	}
	if !l.routeParams {
		return name
	}
	if rest, ok := strings.CutPrefix(name, "__"); ok {
		return strings.ReplaceAll(":"+rest, "__", "-:")
	}
	if rest, ok := strings.CutPrefix(name, "_"); ok {
		return ":" + rest
	}
	return name
}

func (l *loading) autohooks(h *host, self *eval.Object, path string) {
	m := l.c.Load(path)
	if m == nil {
		return
	}
	v := l.c.Export(m, "default")
	if o, ok := v.(*eval.Object); ok {
		if w, ok := o.Host.(wrapped); ok {
			v = w.fn
		}
	}
	if v != nil {
		h.run(l.c, self, v, l.passed)
	}
}

// file loads one plugin. autoPrefix of the module, or its config, say where it stands.
func (l *loading) file(h *host, self *eval.Object, path, prefix string) {
	m := l.c.Load(path)
	if m == nil {
		return
	}
	l.c.Ensure(m)
	v := l.c.Export(m, "default")
	if v == nil {
		return
	}
	if own, ok := l.exported(m, v, "autoload"); ok {
		if truth, known := eval.Truth(own); known && !truth {
			return
		}
	}
	if own, ok := l.exported(m, v, "autoPrefix"); ok {
		if l.flag("appendAutoPrefix", false) && prefix != "" {
			prefix += "/" + eval.ToText(own)
		} else {
			prefix = eval.ToText(own)
		}
	}
	full := eval.Concat(l.prefix, eval.String(slashes.ReplaceAllString(prefix, "/")))
	if own, ok := l.exported(m, v, "prefixOverride"); ok {
		full = own
	}
	options := eval.NewObject()
	if passed, ok := l.passed.(*eval.Object); ok {
		for _, k := range passed.Keys() {
			options.Put(k, l.c.GetMember(passed, k, l.c.At))
		}
	}
	if full != eval.Value(eval.String("")) {
		options.Put("prefix", full)
	}
	h.plugin(l.c, self, v, options)
}

// slashes are those that are one.
var slashes = regexp.MustCompile(`/+`)

func (l *loading) exported(m *eval.Module, v eval.Value, name string) (eval.Value, bool) {
	if own := l.c.Export(m, name); own != nil && own != (eval.Undefined{}) {
		return own, true
	}
	own := l.c.GetMember(v, name, l.c.At)
	_, none := own.(eval.Undefined)
	_, term := own.(*eval.Term)
	return own, !none && !term
}
