package complete

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
)

// omitted are the properties that a schema keeps clients from sending, or servers from
// answering with: they do not reach a handler (JSON Schema validation 9.4: a server ignores
// or rejects what is readOnly), nor leave one. Among alternatives of which nothing says which one counts, only what is
// that wherever it stands: else what one of them takes would be lost.
func (p *Plans) omitted(s *api.Schema) []string {
	if p.isBare() {
		return nil
	}
	hidden, shown := map[string]bool{}, map[string]bool{}
	var order []string
	look := func(s *api.Schema) {
		for _, property := range s.Properties {
			if !declare.Hidden(s, property, p.mode) {
				shown[property.Name] = true
			} else if !hidden[property.Name] {
				hidden[property.Name] = true
				order = append(order, property.Name)
			}
		}
	}
	look(s)
	seen := map[*api.Schema]bool{}
	for _, each := range unclear(s) {
		flatten(each, seen, look)
	}
	return slices.DeleteFunc(order, func(name string) bool { return shown[name] })
}

// flatten visits a schema and all that a value of it fits or may fit as well.
func flatten(s *api.Schema, seen map[*api.Schema]bool, visit func(*api.Schema)) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	visit(s)
	flatten(s.Ref, seen, visit)
	for _, all := range [][]*api.Schema{s.AllOf, s.OneOf, s.AnyOf} {
		for _, each := range all {
			flatten(each, seen, visit)
		}
	}
}
