package check

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
)

// Misfits says which defaults of a request are no values of their own schemas:
// a handler must not see what the document does not allow.
func Misfits(a *api.API, form declare.Int64Form) []api.Notice {
	m := &misfitSearch{int64: form, seen: map[*api.Schema]bool{}}
	for _, op := range a.Operations {
		for _, parameter := range op.Parameters {
			m.judge(parameter.Name, parameter.ValueSchema())
		}
		if op.Body == nil {
			continue
		}
		for _, media := range op.Body.Content {
			m.look(media.Schema)
		}
	}
	return m.found
}

type misfitSearch struct {
	int64 declare.Int64Form
	seen  map[*api.Schema]bool
	found []api.Notice
}

func (m *misfitSearch) look(s *api.Schema) {
	s.Walk(func(each *api.Schema) {
		for _, property := range each.Properties {
			m.judge(property.Name, property.Schema)
		}
		if each.Ref != nil && !m.seen[each.Ref] {
			m.seen[each.Ref] = true
			m.look(each.Ref)
		}
	})
}

func (m *misfitSearch) judge(name string, s *api.Schema) {
	given := s
	if target := s.Target(); s.Default == "" && target != nil {
		given = target
	}
	if given.Default == "" || m.int64.DefaultOf(s) != "" || m.seen[s] {
		return
	}
	m.seen[s] = true
	m.found = append(m.found, api.Notice{
		Rule: "bad-default", Warning: true, At: given.At,
		Message: "the default " + shown(given.Default) + " of " + name + " does not fit its schema, and is not applied",
		Hint:    "give a default that the schema allows",
	})
}
