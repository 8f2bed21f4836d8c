package describe

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
)

// digest is what the calls in a handler come to. It is made once: a handler of an
// application stands before each of its routes.
type digest struct {
	guard   string       // what the package that guards asks for, as packageGuard says
	uploads []*eval.Term // calls of multer
	checks  []schema.Check
	models  []schema.Model
}

func (d *describer) digest(f *handler.Facts) *digest {
	if have, ok := d.digests[f]; ok {
		return have
	}
	out := &digest{}
	for _, t := range f.Calls {
		if out.guard == "" {
			out.guard = packageGuard(t)
		}
		if isMulter(t) {
			out.uploads = append(out.uploads, t)
		}
	}
	if d.Schemas != nil {
		for _, c := range f.Checks {
			checks := append(d.Schemas.Checks(c.Term), d.transformed(c.Term)...)
			if m, ok := d.Schemas.Model(c.Term); ok && len(checks) == 0 {
				out.models = append(out.models, m)
			} else if len(checks) == 0 {
				d.unread(c.Term)
			}
			out.checks = append(out.checks, checks...)
		}
	}
	d.digests[f] = out
	return out
}

// sentContent is the media type of an answer and the schema of what is sent.
type sentContent struct {
	media  string
	schema *api.Schema
}

func (d *describer) sent(s *handler.Send) sentContent {
	if have, ok := d.contents[s]; ok {
		return have
	}
	media, schema := d.content(s)
	d.contents[s] = sentContent{media, schema}
	return d.contents[s]
}
