package describe

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// answers adds what the handlers send and throw, by status.
func (d *describer) answers(op *api.Operation, c *chain) {
	bodies := map[int][]*handler.Send{}
	note := func(status int, s *handler.Send, from string) {
		if len(bodies[status]) == 0 {
			d.fact(op, "status "+strconv.Itoa(status), from, s.At)
		}
		bodies[status] = append(bodies[status], s)
	}
	for _, l := range c.links {
		for _, s := range l.facts.Sends {
			status := s.Status
			if status == 0 && s.Unclear {
				continue
			}
			if status == 0 {
				status = 200
			}
			note(status, s, "sent")
		}
		for _, t := range l.facts.Throws {
			if status := handler.ThrownStatus(d.Ev, t.Value); status >= 400 {
				note(status, &handler.Send{At: t.At}, "thrown")
			}
		}
	}
	statuses := make([]int, 0, len(bodies))
	for status := range bodies {
		statuses = append(statuses, status)
	}
	slices.SortFunc(statuses, func(a, b int) int { return cmp.Compare(a, b) })
	for _, status := range statuses {
		op.Responses = append(op.Responses, d.response(op, status, bodies[status]))
	}
	if len(statuses) == 0 || statuses[0] >= 400 {
		op.Responses = slices.Insert(op.Responses, 0, &api.Response{Status: "200", Description: "OK"})
	}
}

func (d *describer) response(op *api.Operation, status int, sends []*handler.Send) *api.Response {
	r := &api.Response{Status: strconv.Itoa(status), Description: http.StatusText(status)}
	if r.Description == "" {
		r.Description = "Status " + r.Status
	}
	byMedia := map[string][]*api.Schema{}
	var order []string
	for _, s := range sends {
		if s.Body == nil || status == 204 || status == 304 {
			continue
		}
		c := d.sent(s)
		if c.media == "" {
			continue
		}
		if _, ok := byMedia[c.media]; !ok {
			order = append(order, c.media)
		}
		byMedia[c.media] = append(byMedia[c.media], c.schema)
	}
	for _, media := range order {
		r.Content = append(r.Content, &api.Media{Type: media, Schema: combine(byMedia[media])})
	}
	return r
}

// content is the media type of an answer and the schema of what is sent.
func (d *describer) content(s *handler.Send) (string, *api.Schema) {
	most := max(min(mostShapes, allShapes-d.shapes), 1)
	shape := shaper{left: most}
	schema := shape.of(s.Body, 0)
	d.shapes += most - shape.left
	if shape.left <= 0 {
		d.Ev.Report("large-answer", s.At, "the answer that is sent here has more parts than are looked at; the rest of it may be anything", "say it in an @openapi comment above the route")
	}
	switch {
	case s.Media == "application/json":
		return s.Media, schema
	case s.Media != "":
		if s.Media == "application/octet-stream" {
			return s.Media, &api.Schema{}
		}
		return s.Media, &api.Schema{Types: []api.Type{api.String}}
	}
	switch s.Body.(type) {
	case eval.String, *eval.Text:
		return "text/plain", &api.Schema{Types: []api.Type{api.String}}
	case eval.Undefined, eval.Null:
		return "", nil
	}
	return "application/json", schema
}

// mayBeMissing says whether a value may be undefined: it is left out of JSON then.
func mayBeMissing(v eval.Value) bool {
	for _, one := range eval.Alternatives(v) {
		switch one.(type) {
		case eval.Undefined, *eval.Term, *eval.Object:
			if o, ok := one.(*eval.Object); ok && o.Host == nil {
				continue
			}
			return true
		}
	}
	return false
}

// combine is a schema that lets pass what any of several do: equal ones are one, objects
// that differ stand side by side.
func combine(all []*api.Schema) *api.Schema {
	var out []*api.Schema
	for _, s := range all {
		if s == nil || s.IsAny() {
			continue
		}
		same := false
		for _, have := range out {
			same = same || equal(have, s)
		}
		if !same {
			out = append(out, s)
		}
	}
	switch len(out) {
	case 0:
		return &api.Schema{}
	case 1:
		return out[0]
	}
	return &api.Schema{AnyOf: out}
}
