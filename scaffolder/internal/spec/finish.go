package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/shared/problem"
)

// finish adds what can only be known when everything has been read.
func (r *reader) finish() {
	r.impliedMappings()
	r.breakCycles()
	slices.SortStableFunc(r.api.Notices, func(a, b api.Notice) int { return comparePositions(a.At, b.At) })
}

func comparePositions(a, b api.Position) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// componentNamed is the member of components.schemas with that name.
func (r *reader) componentNamed(name string) *api.Schema {
	for _, s := range r.api.Schemas {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// impliedMappings completes the mappings of discriminators: a schema that is
// not mapped goes by its name.
func (r *reader) impliedMappings() {
	children := r.descendants()
	for _, s := range r.api.Schemas {
		walk(s, func(s *api.Schema) {
			if s.Discriminator == nil {
				return
			}
			if s.Discriminator.Inherited {
				return
			}
			for _, branch := range append(append([]*api.Schema{}, s.OneOf...), s.AnyOf...) {
				imply(s.Discriminator, branch.Ref)
			}
		})
		if s.Discriminator != nil && s.Discriminator.Inherited {
			for _, child := range children[s] {
				imply(s.Discriminator, child)
			}
		}
	}
	for _, op := range r.api.Operations {
		walkOperation(op, func(s *api.Schema) {
			if d := s.Discriminator; d != nil && !d.Inherited {
				for _, branch := range append(append([]*api.Schema{}, s.OneOf...), s.AnyOf...) {
					imply(d, branch.Ref)
				}
			}
		})
	}
}

// imply maps the name of target to it, unless something is mapped to target or
// the name is taken.
func imply(d *api.Discriminator, target *api.Schema) {
	if target == nil {
		return
	}
	for _, m := range d.Mapping {
		if m.Schema.Ref == target || m.Value == target.Name {
			return
		}
	}
	d.Mapping = append(d.Mapping, api.Mapping{Value: target.Name, Schema: &api.Schema{Ref: target, At: target.At}})
}

// descendants lists, for each named schema, those that take it in by allOf,
// directly or not.
func (r *reader) descendants() map[*api.Schema][]*api.Schema {
	direct := map[*api.Schema][]*api.Schema{}
	for _, s := range r.api.Schemas {
		for _, part := range s.AllOf {
			if part.Ref != nil {
				direct[part.Ref] = append(direct[part.Ref], s)
			}
		}
	}
	all := map[*api.Schema][]*api.Schema{}
	for _, s := range r.api.Schemas {
		seen := map[*api.Schema]bool{s: true}
		queue := append([]*api.Schema{}, direct[s]...)
		for len(queue) > 0 {
			child := queue[0]
			queue = queue[1:]
			if seen[child] {
				continue
			}
			seen[child] = true
			all[s] = append(all[s], child)
			queue = append(queue, direct[child]...)
		}
	}
	return all
}

// bendAt is bend at a position.
func (r *reader) bendAt(p api.Position, rule, hint, format string, args ...any) {
	if r.options.Lenient {
		r.note(api.Notice{Rule: rule, Warning: true, Message: fmt.Sprintf(format, args...), Hint: hint, At: p})
		return
	}
	hint = strings.TrimPrefix(hint+"; --lenient goes on with a warning", "; ")
	r.failWith(problem.New(hint, format, args...).In(p.File, p.Line, p.Column))
}

// without is a mapping without some of its keys.
func without(n node, keys []string) node {
	out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.y.Line, Column: n.y.Column}
next:
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		for _, k := range keys {
			if n.y.Content[i].Value == k {
				continue next
			}
		}
		out.Content = append(out.Content, n.y.Content[i], n.y.Content[i+1])
	}
	return node{out, n.f}
}

func positive(n api.Number) bool {
	return !strings.HasPrefix(string(n), "-") && strings.Trim(strings.SplitN(strings.ToLower(string(n)), "e", 2)[0], "0.") != ""
}
