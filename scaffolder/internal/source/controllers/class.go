package controllers

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// decorator is one decorator of a module, with what it was called with.
type decorator struct {
	name string
	args []eval.Value
	eval.Decoration
}

func (d decorator) arg(i int) eval.Value {
	if i < len(d.args) {
		return d.args[i]
	}
	return eval.Undefined{}
}

// decoratorsOf are the decorators that a class has from a module.
func decoratorsOf(class *eval.Class, module string) []decorator {
	var out []decorator
	for _, d := range class.Decorations() {
		t, ok := d.Value.(*eval.Term)
		if !ok || t.Kind != eval.Called {
			continue
		}
		if from, names := t.Path(); from == module && len(names) == 1 {
			out = append(out, decorator{names[0], t.Args, d})
		}
	}
	return out
}

// of are the decorators of a member, without those of its parameters; "" is the class.
func of(list []decorator, member string) []decorator {
	var out []decorator
	for _, d := range list {
		if d.Member == member && d.Parameter < 0 {
			out = append(out, d)
		}
	}
	return out
}

// named is the first decorator with a name.
func named(list []decorator, names ...string) (decorator, bool) {
	for _, d := range list {
		if slices.Contains(names, d.name) {
			return d, true
		}
	}
	return decorator{}, false
}

// read are the decorators of a package that are read, or that say nothing of routes.
func read(module string) []string {
	switch module {
	case routing:
		return []string{
			"Controller", "JsonController", "Get", "Post", "Put", "Patch", "Delete", "Head", "All", "Method",
			"Req", "Res", "Ctx", "Param", "QueryParam", "HeaderParam", "BodyParam", "Params", "QueryParams", "Body", "HeaderParams", "CurrentUser", "UploadedFile",
			"HttpCode", "OnUndefined", "OnNull", "Render", "ContentType", "UseBefore", "Authorized",
		}
	case ofFastify:
		return []string{"Controller", "Inject", "Service", "Initializer", "Destructor", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ALL"}
	case ofInversify:
		return []string{
			"controller", "httpGet", "httpPost", "httpPut", "httpPatch", "httpDelete", "httpHead", "httpMethod", "all",
			"request", "response", "next", "requestParam", "queryParam", "requestBody", "requestHeaders", "cookies",
		}
	}
	return []string{"request", "prefix", "middlewares"}
}

// sayUnread says once for a class which of its decorators are not read.
func sayUnread(c *eval.Call, class *eval.Class, module string) {
	var names []string
	var at eval.Place
	for _, d := range decoratorsOf(class, module) {
		if slices.Contains(read(module), d.name) || slices.Contains(names, "@"+d.name) {
			continue
		}
		if len(names) == 0 {
			at = d.At
		}
		names = append(names, "@"+d.name)
	}
	if len(names) > 0 {
		c.Report("decorator-not-read", at, strings.Join(names, ", ")+" of "+module+" on "+class.Name+" and its members: not read", "what they say is to be added to the document by hand")
	}
}

// line is a class and what it extends, the class first.
func line(class *eval.Class) []*eval.Class {
	var out []*eval.Class
	for class != nil && len(out) < 64 {
		out = append(out, class)
		class, _ = class.Super.(*eval.Class)
	}
	return out
}

// deepest bounds how far the arguments of constructors are made in each other.
const deepest = 8

// instance makes the one instance of a class: the container does, or its constructor is
// given instances of the classes that its parameters' types name.
func (l *Library) instance(c *eval.Call, class *eval.Class, depth int) eval.Value {
	if v, ok := l.made[class]; ok {
		return v
	}
	if l.made == nil {
		l.made = map[*eval.Class]eval.Value{}
	}
	l.made[class] = eval.Unknown("an instance that is being made", c.At)
	if l.container != nil {
		for _, name := range []string{"get", "resolve"} {
			v := c.Call(c.GetMember(l.container, name, c.At), l.container, []eval.Value{class}, c.At)
			if _, ok := v.(*eval.Object); ok {
				l.made[class] = v
				return v
			}
		}
	}
	v := c.Construct(class, l.arguments(c, class, depth), c.At)
	for _, at := range line(class) {
		for _, d := range decoratorsOf(at, ofFastify) {
			if token, ok := d.arg(0).(*eval.Class); ok && d.name == "Inject" && d.Member != "" && d.Parameter < 0 && depth < deepest {
				c.SetMember(v, d.Member, l.instance(c, token, depth+1), c.At)
			}
		}
	}
	l.made[class] = v
	return v
}

func (l *Library) arguments(c *eval.Call, class *eval.Class, depth int) []eval.Value {
	maker := class.Constructing()
	if maker == nil {
		return nil
	}
	get := c.GetMember(c.GlobalName("Reflect"), "getMetadata", c.At)
	types, _ := c.Iterate(c.Call(get, eval.Undefined{}, []eval.Value{eval.String("design:paramtypes"), maker}, c.At), c.At)
	out := make([]eval.Value, len(types))
	for i, t := range types {
		out[i] = eval.Unknown("what is injected", c.At)
		if of, ok := t.(*eval.Class); ok && depth < deepest {
			out[i] = l.instance(c, of, depth+1)
		}
	}
	return out
}

// given are the controllers that a value names: classes, and patterns of files. Where they
// are not known, every controller of the project is taken, and that is said.
func (l *Library) given(c *eval.Call, v eval.Value, module string) []*eval.Class {
	items, known := c.Iterate(v, c.At)
	var out []*eval.Class
	for _, item := range items {
		for _, one := range eval.Alternatives(item) {
			switch x := one.(type) {
			case *eval.Class:
				out = append(out, x)
			case eval.String:
				files := l.Project.Glob(l.Project.Package, string(x))
				if len(files) == 0 { // of what the compiler writes
					files = l.Project.Glob(l.Project.Package, strings.TrimSuffix(string(x), ".js")+".ts")
				}
				if len(files) == 0 {
					c.Report("no-controllers", c.At, "no file is found for the controllers that are asked for here ("+string(x)+")", "write the path from the project's directory on")
				}
				out = append(out, l.inFiles(c, files, module)...)
			default:
				known = false
			}
		}
	}
	if !known || len(items) == 0 {
		c.Report("controllers-assumed", c.At, "which controllers are registered here is not known ("+eval.Describe(v)+"); all that the project has are taken", "name the classes in the code: controllers: [BookController]")
		out = append(out, l.inFiles(c, l.mentioning(l.Project.Package, module), module)...)
	}
	return unique(out)
}

// mentioning are the source files below a directory that name a module.
func (l *Library) mentioning(dir, module string) []string {
	var out []string
	for _, file := range l.Project.Sources(dir) {
		if data, err := l.Project.Read(file); err == nil && strings.Contains(string(data), module) && !strings.HasSuffix(file, ".d.ts") {
			out = append(out, file)
		}
	}
	return out
}

// inFiles are the classes that files export and that are controllers.
func (l *Library) inFiles(c *eval.Call, files []string, module string) []*eval.Class {
	var out []*eval.Class
	for _, file := range files {
		if base := filepath.Base(file); strings.Contains(base, ".test.") || strings.Contains(base, ".spec.") {
			continue
		}
		m := c.Load(file)
		if m == nil {
			continue
		}
		c.Ensure(m)
		for _, name := range c.ExportNames(m) {
			class, ok := c.Export(m, name).(*eval.Class)
			if !ok {
				continue
			}
			if _, ok := named(of(decoratorsOf(class, module), ""), "Controller", "JsonController"); ok {
				out = append(out, class)
			}
		}
	}
	return out
}

func unique(list []*eval.Class) []*eval.Class {
	var out []*eval.Class
	for _, c := range list {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
