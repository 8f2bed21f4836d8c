package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// plans write how a valid body is brought into the form that handlers get: what
// defaults its absent properties have. A plan is data; middleware/complete.ts
// follows it. Schemas that leave every value as it is have none.
type plans struct {
	mode  mode
	int64 int64Form
	// bare are plans without defaults, for alternatives of which nobody knows which
	// one counts: integers have their form in each.
	bare   *plans
	names  *names
	byName map[*api.Schema]string
	active map[*api.Schema]bool // named schemas that change a value
	queue  *[]func() string
}

func newPlans(schemas []*api.Schema, m mode, form int64Form) *plans {
	p := &plans{mode: m, int64: form, names: newNames("Plan"), byName: map[*api.Schema]string{}, queue: &[]func() string{}}
	p.bare = newBarePlans(schemas, m, p)
	p.active = p.find(schemas)
	return p
}

// newBarePlans are plans without defaults, in the file of others.
func newBarePlans(schemas []*api.Schema, m mode, beside *plans) *plans {
	p := &plans{mode: m, int64: beside.int64, names: beside.names, byName: map[*api.Schema]string{}, queue: beside.queue}
	p.bare = p
	p.active = map[*api.Schema]bool{}
	if p.int64.exact() {
		p.active = p.find(schemas)
	}
	return p
}

// newAnswerPlans are nil where answers are sent as they are: a bigint is.
func newAnswerPlans(schemas []*api.Schema, form int64Form, beside *plans) *plans {
	if form != int64String {
		return nil
	}
	return newBarePlans(schemas, response, beside)
}

func (p *plans) isBare() bool { return p.bare == p }

// unclear are the alternatives of which nothing says which one counts.
func unclear(s *api.Schema) []*api.Schema {
	if len(branches(s)) > 0 {
		return nil
	}
	return append(append([]*api.Schema{}, s.OneOf...), s.AnyOf...)
}

// find spreads from the schemas that change a value to those that refer to them.
func (p *plans) find(schemas []*api.Schema) map[*api.Schema]bool {
	active := map[*api.Schema]bool{}
	users := map[*api.Schema][]*api.Schema{}
	var queue []*api.Schema
	for _, s := range schemas {
		own := false
		p.walk(s, func(each *api.Schema) {
			own = own || p.changes(each)
			if each.Ref != nil {
				users[each.Ref] = append(users[each.Ref], s)
			}
		})
		if own {
			active[s] = true
			queue = append(queue, s)
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for _, user := range users[s] {
			if !active[user] {
				active[user] = true
				queue = append(queue, user)
			}
		}
	}
	return active
}

// walk visits a schema and the inline ones in it, where plans go.
func (p *plans) walk(s *api.Schema, visit func(*api.Schema)) {
	if s == nil {
		return
	}
	visit(s)
	for _, property := range s.Properties {
		if !hidden(s, property, p.mode) {
			p.walk(property.Schema, visit)
		}
	}
	p.walk(restOf(s), visit)
	p.walk(s.Items, visit)
	for _, each := range s.PrefixItems {
		p.walk(each, visit)
	}
	for _, each := range s.AllOf {
		p.walk(each, visit)
	}
	for _, m := range branches(s) {
		p.walk(m.Schema, visit)
	}
	if p.isBare() {
		for _, each := range unclear(s) {
			p.walk(each, visit)
		}
	}
}

// changes says that the keywords of a schema itself change a value.
func (p *plans) changes(s *api.Schema) bool {
	if p.int64.holds(s) {
		return true
	}
	if !p.isBare() && p.int64.exact() {
		for _, each := range unclear(s) {
			if p.bare.isActive(each) {
				return true
			}
		}
	}
	for _, property := range s.Properties {
		if p.fallback(s, property) != "" {
			return true
		}
	}
	return false
}

// fallback is the value of a property that a client leaves out.
func (p *plans) fallback(s *api.Schema, property *api.Property) api.Value {
	if p.isBare() || s.Requires(property.Name) || hidden(s, property, p.mode) {
		return ""
	}
	return p.int64.defaultOf(property.Schema)
}

func (p *plans) isActive(s *api.Schema) bool {
	found := false
	p.walk(s, func(each *api.Schema) {
		found = found || p.changes(each) || each.Ref != nil && p.active[each.Ref]
	})
	return found
}

// restOf is what all properties are that have no name in the schema; nil where
// their names decide.
func restOf(s *api.Schema) *api.Schema {
	if len(s.PatternProperties) == 1 && len(s.Properties) == 0 && s.AdditionalProperties != nil && s.AdditionalProperties.Never {
		return s.PatternProperties[0].Schema // every name fits the pattern
	}
	if len(s.PatternProperties) > 0 {
		return nil
	}
	return s.AdditionalProperties
}

// branches are the alternatives among which a discriminator picks.
func branches(s *api.Schema) []api.Mapping {
	if s.Discriminator == nil || s.Discriminator.Inherited || len(s.OneOf)+len(s.AnyOf) == 0 {
		return nil
	}
	return s.Discriminator.Mapping
}

// of is the constant with the plan of a body; "" where nothing is to be done.
func (p *plans) of(s *api.Schema, name string) string {
	if !p.isActive(s) {
		return ""
	}
	if s.IsRef() {
		return p.named(s.Ref)
	}
	name = p.names.unique(camel(limit(name)) + "Plan")
	*p.queue = append(*p.queue, func() string { return p.constant(name, s) })
	return name
}

func (p *plans) named(s *api.Schema) string {
	if p.byName[s] == "" {
		name := p.names.unique(camel(limit(s.Name)) + "Plan")
		p.byName[s] = name
		*p.queue = append(*p.queue, func() string { return p.constant(name, s) })
	}
	return p.byName[s]
}

func (p *plans) constant(name string, s *api.Schema) string {
	return render(cat(docText("export const "+name+": Plan = "), expanded(p.members(s)...), docText(";")), 0) + "\n"
}

// choose is a function that has the plan for each media type of a body.
func (p *plans) choose(name string, media, plans []string) string {
	name = p.names.unique(camel(limit(name)) + "Plan")
	*p.queue = append(*p.queue, func() string {
		var b strings.Builder
		b.WriteString("export function " + name + "(contentType: string): Plan | undefined {\n  switch (contentType) {\n")
		for i, plan := range plans {
			if plan != "" {
				b.WriteString("    case " + quote(media[i]) + ":\n      return " + plan + ";\n")
			}
		}
		b.WriteString("    default:\n      return undefined;\n  }\n}\n")
		return b.String()
	})
	return name
}

// next is the plan of a schema inside of another; nil where there is none.
func (p *plans) next(s *api.Schema) doc {
	switch {
	case s == nil || !p.isActive(s):
		return nil
	case s.IsRef():
		return docText("() => " + p.named(s.Ref))
	}
	return object(p.members(s)...)
}

func (p *plans) members(s *api.Schema) []doc {
	var out []doc
	add := func(key string, value doc) {
		if value != nil {
			out = append(out, cat(docText(key+": "), value))
		}
	}
	if p.int64.holds(s) {
		add("int64", docText("true"))
	}
	add("fields", p.fields(s))
	if rest := p.next(restOf(s)); rest != nil {
		var others []doc
		for _, property := range s.Properties {
			others = append(others, docText(quote(property.Name)))
		}
		if len(others) > 0 {
			add("named", list(others...))
		}
		add("rest", rest)
	}
	add("prefix", p.prefix(s))
	add("items", p.next(s.Items))
	add("parts", p.parts(s))
	if rows := p.variants(s); len(rows) > 0 {
		add("by", docText(quote(s.Discriminator.Property)))
		add("variants", rowList(rows))
	}
	return out
}

func (p *plans) fields(s *api.Schema) doc {
	var rows []doc
	for _, property := range s.Properties {
		if hidden(s, property, p.mode) {
			continue
		}
		row := []doc{docText("name: " + quote(property.Name))}
		if v := p.fallback(s, property); v != "" {
			row = append(row, cat(docText("fallback: "), p.int64.valueDoc(v)))
		}
		if inner := p.next(property.Schema); inner != nil {
			row = append(row, cat(docText("plan: "), inner))
		}
		if len(row) > 1 {
			rows = append(rows, object(row...))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return rowList(rows)
}

func (p *plans) prefix(s *api.Schema) doc {
	var rows []doc
	some := false
	for _, each := range s.PrefixItems {
		inner := p.next(each)
		if inner == nil {
			inner = docText("{}")
		} else {
			some = true
		}
		rows = append(rows, inner)
	}
	if !some {
		if len(rows) > 0 && p.next(s.Items) != nil {
			return list(rows...)
		}
		return nil
	}
	return list(rows...)
}

// parts are the schemas that a value fits as well.
func (p *plans) parts(s *api.Schema) doc {
	var rows []doc
	if s.Ref != nil && p.active[s.Ref] {
		rows = append(rows, docText("() => "+p.named(s.Ref)))
	}
	for _, each := range s.AllOf {
		if inner := p.next(each); inner != nil {
			rows = append(rows, inner)
		}
	}
	for _, each := range unclear(s) {
		if inner := p.bare.next(each); inner != nil {
			rows = append(rows, inner)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return list(rows...)
}

func (p *plans) variants(s *api.Schema) []doc {
	var rows []doc
	for _, m := range branches(s) {
		if inner := p.next(m.Schema); inner != nil {
			rows = append(rows, list(docText(quote(m.Value)), inner))
		}
	}
	return rows
}

// file is the text of middleware/plans.ts; "" where there is nothing to be done.
func (p *plans) file() string {
	var out []string
	for len(*p.queue) > 0 {
		next := (*p.queue)[0]
		*p.queue = (*p.queue)[1:]
		out = append(out, next())
	}
	if len(out) == 0 {
		return ""
	}
	return "import type { Plan } from './complete.js';\n\n" + strings.Join(out, "\n")
}
