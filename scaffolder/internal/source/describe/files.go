package describe

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// upload is a file of a multipart body.
type upload struct {
	name string
	many bool
	at   eval.Place
}

// files are those that multipart middleware takes, or that the handlers read.
func (d *describer) files(c *chain) []upload {
	var out []upload
	add := func(name string, many bool, at eval.Place) {
		for _, have := range out {
			if have.name == name {
				return
			}
		}
		out = append(out, upload{name, many, at})
	}
	for _, l := range c.links {
		for _, one := range eval.Alternatives(l.step.Handler) {
			if t, ok := one.(*eval.Term); ok {
				multer(d.Ev, t, add)
			}
		}
		for _, t := range d.digest(l.facts).uploads {
			multer(d.Ev, t, add)
		}
	}
	if n := c.ownFiles(); n != nil && len(out) == 0 {
		for _, child := range n.Children {
			switch child.Name {
			case "buffer", "path", "originalname", "mimetype", "filename", "size", "fieldname", "encoding", "destination", "location", "key", "[]", "filepath", "tempFilePath", "mv", "data", "name":
			default:
				add(child.Name, false, child.At)
			}
		}
		if len(out) == 0 {
			add("file", false, n.At)
		}
	}
	return out
}

// ownFiles is what the route's own handlers read of the files. What hooks of a whole
// application do with files says nothing of this route.
func (c *chain) ownFiles() *handler.Node {
	own := &chain{}
	for _, l := range c.links {
		if l.step.Own {
			own.links = append(own.links, l)
		}
	}
	return own.merged(handler.Files)
}

func isMulter(t *eval.Term) bool {
	return t.Kind == eval.Called && strings.Contains(t.Root(), "multer")
}

// multer reads upload.single('name'), .array('name'), .fields([{name}]), .any().
func multer(ev *eval.Evaluator, t *eval.Term, add func(name string, many bool, at eval.Place)) {
	if !isMulter(t) {
		return
	}
	arg := func(i int) string {
		if i < len(t.Args) {
			if s, ok := t.Args[i].(eval.String); ok {
				return string(s)
			}
		}
		return "file"
	}
	switch calledName(t) {
	case "single":
		add(arg(0), false, t.At)
	case "array":
		add(arg(0), true, t.At)
	case "any":
		add("files", true, t.At)
	case "fields":
		if len(t.Args) == 0 {
			return
		}
		list, _ := ev.Iterate(t.Args[0], t.At)
		for _, one := range list {
			if s, ok := ev.GetMember(one, "name", t.At).(eval.String); ok {
				count := ev.GetMember(one, "maxCount", t.At)
				add(string(s), count != eval.Number(1), t.At)
			}
		}
	}
}
