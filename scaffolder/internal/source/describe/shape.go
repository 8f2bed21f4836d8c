package describe

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// mostShapes and deepestShape bound the schema of an answer: objects that stand in each
// other several times would make a tree without an end.
const (
	mostShapes   = 20_000  // of one answer
	allShapes    = 400_000 // of a document
	deepestShape = 6
)

// shaper makes schemas of values, as many as are left.
type shaper struct {
	left int
	made map[shapeKey]shaped
}

// shapeKey is an object in its depth, and shaped what was made of it, of so many parts.
type shapeKey struct {
	value eval.Value
	depth int
}

type shaped struct {
	schema *api.Schema
	parts  int
}

// of is the schema of a value that is sent: what is not known of it passes. An object that
// stands there several times is looked at once, and counts each time.
func (m *shaper) of(v eval.Value, depth int) *api.Schema {
	m.left--
	if depth > deepestShape || m.left <= 0 {
		return &api.Schema{}
	}
	switch v.(type) {
	case *eval.Array, *eval.Object, *eval.Union:
	default:
		return m.make(v, depth)
	}
	key := shapeKey{v, depth}
	if have, ok := m.made[key]; ok && have.parts < m.left {
		m.left -= have.parts
		return have.schema
	}
	before := m.left
	s := m.make(v, depth)
	if m.left > 0 { // all of it
		if m.made == nil {
			m.made = map[shapeKey]shaped{}
		}
		m.made[key] = shaped{s, before - m.left}
	}
	return s
}

func (m *shaper) make(v eval.Value, depth int) *api.Schema {
	switch x := v.(type) {
	case eval.String, *eval.Text:
		return &api.Schema{Types: []api.Type{api.String}}
	case eval.Number:
		if float64(x) == float64(int64(x)) {
			return &api.Schema{Types: []api.Type{api.Integer}}
		}
		return &api.Schema{Types: []api.Type{api.Numeric}}
	case eval.Bool:
		return &api.Schema{Types: []api.Type{api.Boolean}}
	case eval.Null:
		return &api.Schema{Types: []api.Type{api.Null}}
	case *eval.Array:
		s := &api.Schema{Types: []api.Type{api.Array}, Items: &api.Schema{}}
		var items []*api.Schema
		for _, e := range x.Elements {
			items = append(items, m.of(e, depth+1))
		}
		if len(items) > 0 {
			s.Items = combine(items)
		}
		return s
	case *eval.Object:
		return m.object(x, depth)
	case *eval.Union:
		var all []*api.Schema
		for _, one := range x.Of {
			if _, none := one.(eval.Undefined); !none {
				all = append(all, m.of(one, depth+1))
			}
		}
		return combine(all)
	}
	return &api.Schema{}
}

func (m *shaper) object(o *eval.Object, depth int) *api.Schema {
	if h := handler.PartOf(o); h != nil {
		return used(h.Node, h.Part != handler.Body)
	}
	if o.Host != nil {
		return &api.Schema{}
	}
	s := &api.Schema{Types: []api.Type{api.Object}}
	for _, k := range o.Keys() {
		p, _ := o.Own(k)
		v := p.Value
		if v == nil {
			v = eval.Unknown(k, p.At)
		}
		if _, fn := v.(*eval.Function); fn {
			continue
		}
		s.Properties = append(s.Properties, &api.Property{Name: k, Schema: m.of(v, depth+1)})
		if !mayBeMissing(v) && !o.Open {
			s.Required = append(s.Required, k)
		}
	}
	return s
}
