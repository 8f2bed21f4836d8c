package nodelib

import (
	"path"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// path is node's path. Pieces that are not known stay pieces of the result.
func (l *Library) path() eval.Value {
	one := func(f func(string) string) fn {
		return func(c *eval.Call) eval.Value {
			return each(c.Arg(0), func(s string) eval.Value { return eval.String(f(s)) })
		}
	}
	o := object(map[string]fn{
		"dirname":   one(path.Dir),
		"extname":   one(path.Ext),
		"normalize": one(path.Clean),
		"basename": func(c *eval.Call) eval.Value {
			ext, _ := text(c, 1)
			return each(c.Arg(0), func(s string) eval.Value {
				base := path.Base(s)
				if base != ext {
					base = strings.TrimSuffix(base, ext)
				}
				return eval.String(base)
			})
		},
		"join":    func(c *eval.Call) eval.Value { return joined(c, "") },
		"resolve": func(c *eval.Call) eval.Value { return joined(c, l.Project.Package) },
		"isAbsolute": func(c *eval.Call) eval.Value {
			if s, ok := text(c, 0); ok {
				return eval.Bool(path.IsAbs(s))
			}
			return eval.Unknown("isAbsolute", c.At)
		},
		"relative": func(c *eval.Call) eval.Value {
			from, ok := text(c, 0)
			to, ok2 := text(c, 1)
			if !ok || !ok2 {
				return eval.Unknown("a relative path", c.At)
			}
			return eval.String(relative(from, to))
		},
		"parse": func(c *eval.Call) eval.Value {
			s, ok := text(c, 0)
			if !ok {
				return eval.Unknown("the parts of a path", c.At)
			}
			base, ext := path.Base(s), path.Ext(s)
			o := eval.NewObject().Put("dir", eval.String(path.Dir(s))).Put("base", eval.String(base))
			return o.Put("ext", eval.String(ext)).Put("name", eval.String(strings.TrimSuffix(base, ext)))
		},
	})
	o.Put("sep", eval.String("/"))
	o.Put("posix", o)
	return o
}

// each applies f to each text that a value may be.
func each(v eval.Value, f func(string) eval.Value) eval.Value {
	var out []eval.Value
	for _, one := range eval.Alternatives(v) {
		if s, ok := one.(eval.String); ok {
			out = append(out, f(string(s)))
		} else {
			out = append(out, one)
		}
	}
	return eval.Join(out...)
}

// joined joins arguments, all alternatives of each. base stands before a relative result.
func joined(c *eval.Call, base string) eval.Value {
	results := []string{""}
	for _, a := range c.Args {
		var next []string
		for _, one := range eval.Alternatives(a) {
			s, ok := one.(eval.String)
			if !ok {
				continue
			}
			for _, r := range results {
				if base != "" && path.IsAbs(string(s)) {
					r = ""
				}
				next = append(next, r+"/"+string(s))
			}
		}
		if len(next) == 0 || len(next) > 64 {
			return joinedText(c)
		}
		results = next
	}
	var out []eval.Value
	for _, r := range results {
		absolute := path.IsAbs(strings.TrimPrefix(r, "/"))
		r = strings.TrimPrefix(r, "/")
		if base != "" && !absolute {
			r = base + "/" + r
		}
		clean := path.Clean(r)
		if strings.HasSuffix(r, "/") && clean != "/" && base == "" {
			clean += "/"
		}
		out = append(out, eval.String(clean))
	}
	return eval.Join(out...)
}

// joinedText keeps the pieces of a path that is not known whole.
func joinedText(c *eval.Call) eval.Value {
	t := &eval.Text{}
	for i, a := range c.Args {
		if i > 0 {
			t.Parts = append(t.Parts, eval.String("/"))
		}
		t.Parts = append(t.Parts, a)
	}
	return t
}

func relative(from, to string) string {
	a := strings.Split(strings.Trim(path.Clean(from), "/"), "/")
	b := strings.Split(strings.Trim(path.Clean(to), "/"), "/")
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	out := strings.Repeat("../", len(a)-n) + strings.Join(b[n:], "/")
	return strings.TrimSuffix(out, "/")
}
