package complete

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// What operations.ts imports to complete values: the function, and the plans.
const (
	Module      = "./middleware/complete.js"
	PlansModule = "./middleware/plans.js"
)

// Plans write how a valid body is brought into the form that handlers get: what
// defaults its absent properties have. A plan is data; middleware/complete.ts
// follows it. Schemas that leave every value as it is have none.
type Plans struct {
	mode  declare.Mode
	int64 declare.Int64Form
	// Bare are plans without defaults, for alternatives of which nobody knows which
	// one counts: integers have their form in each.
	Bare   *Plans
	names  *ts.Names
	byName map[*api.Schema]string
	active map[*api.Schema]bool // named schemas that change a value
	queue  *[]func() string
}

func New(schemas []*api.Schema, m declare.Mode, form declare.Int64Form) *Plans {
	p := &Plans{mode: m, int64: form, names: ts.NewNames("Plan"), byName: map[*api.Schema]string{}, queue: &[]func() string{}}
	p.Bare = newBarePlans(schemas, m, p)
	p.active = p.find(schemas)
	return p
}

// newBarePlans are plans without defaults, in the file of others.
func newBarePlans(schemas []*api.Schema, m declare.Mode, beside *Plans) *Plans {
	p := &Plans{mode: m, int64: beside.int64, names: beside.names, byName: map[*api.Schema]string{}, queue: beside.queue}
	p.Bare = p
	p.active = map[*api.Schema]bool{}
	if p.int64.Exact() {
		p.active = p.find(schemas)
	}
	return p
}

// ForAnswers are the plans of answers, in the file of those of requests: properties that
// are writeOnly are left out, and texts become integers again. A bigint is sent as it is.
func ForAnswers(schemas []*api.Schema, form declare.Int64Form, beside *Plans) *Plans {
	if form != declare.Int64String {
		form = declare.Int64Number
	}
	p := &Plans{mode: declare.Response, int64: form, names: beside.names, byName: map[*api.Schema]string{}, queue: beside.queue}
	p.Bare = newBarePlans(schemas, declare.Response, p)
	p.active = p.find(schemas)
	return p
}

func (p *Plans) isBare() bool { return p.Bare == p }

// unclear are the alternatives of which nothing says which one counts.
func unclear(s *api.Schema) []*api.Schema {
	if len(branches(s)) > 0 || only(s) != nil {
		return nil
	}
	return append(append([]*api.Schema{}, s.OneOf...), s.AnyOf...)
}

// only is the one alternative beside null, if there is one: a value that is not null is
// of that kind.
func only(s *api.Schema) *api.Schema {
	var found *api.Schema
	for _, each := range slices.Concat(s.OneOf, s.AnyOf) {
		switch {
		case each.Ref == nil && len(each.Types) == 1 && each.Types[0] == api.Null:
		case found != nil:
			return nil
		default:
			found = each
		}
	}
	return found
}

// find spreads from the schemas that change a value to those that refer to them.
func (p *Plans) find(schemas []*api.Schema) map[*api.Schema]bool {
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
func (p *Plans) walk(s *api.Schema, visit func(*api.Schema)) {
	if s == nil {
		return
	}
	visit(s)
	for _, property := range s.Properties {
		if !declare.Hidden(s, property, p.mode) {
			p.walk(property.Schema, visit)
		}
	}
	p.walk(s.Rest(), visit)
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
	if len(branches(s)) == 0 {
		p.walk(only(s), visit)
	}
	if p.isBare() {
		for _, each := range unclear(s) {
			p.walk(each, visit)
		}
	}
}

// changes says that the keywords of a schema itself change a value.
func (p *Plans) changes(s *api.Schema) bool {
	if p.int64.Holds(s) {
		return true
	}
	if !p.isBare() && p.int64.Exact() {
		for _, each := range unclear(s) {
			if p.Bare.isActive(each) {
				return true
			}
		}
	}
	for _, property := range s.Properties {
		if p.fallback(s, property) != "" {
			return true
		}
	}
	return len(p.omitted(s)) > 0
}

// fallback is the value of a property that a client leaves out.
func (p *Plans) fallback(s *api.Schema, property *api.Property) api.Value {
	if p.isBare() || p.mode == declare.Response || s.Requires(property.Name) || declare.Hidden(s, property, p.mode) {
		return ""
	}
	return p.int64.DefaultOf(property.Schema)
}

func (p *Plans) isActive(s *api.Schema) bool {
	found := false
	p.walk(s, func(each *api.Schema) {
		found = found || p.changes(each) || each.Ref != nil && p.active[each.Ref]
	})
	return found
}

// branches are the alternatives among which a discriminator picks.
func branches(s *api.Schema) []api.Mapping {
	if s.Discriminator == nil || s.Discriminator.Inherited || len(s.OneOf)+len(s.AnyOf) == 0 {
		return nil
	}
	return s.Discriminator.Mapping
}

// Of is the constant with the plan of a body; "" where nothing is to be done.
func (p *Plans) Of(s *api.Schema, name string) string {
	if !p.isActive(s) {
		return ""
	}
	if s.IsRef() {
		return p.named(s.Ref)
	}
	name = p.names.Unique(ts.Camel(ts.Limit(name)) + "Plan")
	*p.queue = append(*p.queue, func() string { return p.constant(name, s) })
	return name
}

func (p *Plans) named(s *api.Schema) string {
	if p.byName[s] == "" {
		word := "Plan"
		if p.mode == declare.Response {
			word = "AnswerPlan"
		}
		name := p.names.Unique(ts.Camel(ts.Limit(s.Name)) + word)
		p.byName[s] = name
		*p.queue = append(*p.queue, func() string { return p.constant(name, s) })
	}
	return p.byName[s]
}

func (p *Plans) constant(name string, s *api.Schema) string {
	return ts.Render(ts.Cat(ts.Text("export const "+name+": Plan = "), ts.Expanded(p.members(s)...), ts.Text(";")), 0) + "\n"
}

// Choose is a function that has the plan for each media type of a body.
func (p *Plans) Choose(name string, media, plans []string) string {
	name = p.names.Unique(ts.Camel(ts.Limit(name)) + "Plan")
	*p.queue = append(*p.queue, func() string {
		var b strings.Builder
		b.WriteString("export function " + name + "(contentType: string): Plan | undefined {\n  switch (contentType) {\n")
		for i, plan := range plans {
			if plan != "" {
				b.WriteString("    case " + ts.Quote(media[i]) + ":\n      return " + plan + ";\n")
			}
		}
		b.WriteString("    default:\n      return undefined;\n  }\n}\n")
		return b.String()
	})
	return name
}

// next is the plan of a schema inside of another; nil where there is none.
func (p *Plans) next(s *api.Schema) ts.Doc {
	switch {
	case s == nil || !p.isActive(s):
		return nil
	case s.IsRef():
		return ts.Text("() => " + p.named(s.Ref))
	}
	return ts.Object(p.members(s)...)
}

func (p *Plans) members(s *api.Schema) []ts.Doc {
	var out []ts.Doc
	add := func(key string, value ts.Doc) {
		if value != nil {
			out = append(out, ts.Cat(ts.Text(key+": "), value))
		}
	}
	if p.int64.Holds(s) {
		add("int64", ts.Text("true"))
	}
	if names := p.omitted(s); len(names) > 0 {
		var omit []ts.Doc
		for _, name := range names {
			omit = append(omit, ts.Text(ts.Quote(name)))
		}
		add("omit", ts.List(omit...))
	}
	add("fields", p.fields(s))
	if rest := p.next(s.Rest()); rest != nil {
		var others []ts.Doc
		for _, property := range s.Properties {
			others = append(others, ts.Text(ts.Quote(property.Name)))
		}
		if len(others) > 0 {
			add("named", ts.List(others...))
		}
		add("rest", rest)
	}
	add("prefix", p.prefix(s))
	add("items", p.next(s.Items))
	add("parts", p.parts(s))
	if rows := p.variants(s); len(rows) > 0 {
		add("by", ts.Text(ts.Quote(s.Discriminator.Property)))
		add("variants", ts.RowList(rows))
	}
	return out
}

func (p *Plans) fields(s *api.Schema) ts.Doc {
	var rows []ts.Doc
	for _, property := range s.Properties {
		if declare.Hidden(s, property, p.mode) {
			continue
		}
		row := []ts.Doc{ts.Text("name: " + ts.Quote(property.Name))}
		if v := p.fallback(s, property); v != "" {
			row = append(row, ts.Cat(ts.Text("fallback: "), p.int64.ValueDoc(v)))
		}
		if inner := p.next(property.Schema); inner != nil {
			row = append(row, ts.Cat(ts.Text("plan: "), inner))
		}
		if len(row) > 1 {
			rows = append(rows, ts.Object(row...))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return ts.RowList(rows)
}

func (p *Plans) prefix(s *api.Schema) ts.Doc {
	var rows []ts.Doc
	some := false
	for _, each := range s.PrefixItems {
		inner := p.next(each)
		if inner == nil {
			inner = ts.Text("{}")
		} else {
			some = true
		}
		rows = append(rows, inner)
	}
	if !some {
		if len(rows) > 0 && p.next(s.Items) != nil {
			return ts.List(rows...)
		}
		return nil
	}
	return ts.List(rows...)
}

// parts are the schemas that a value fits as well.
func (p *Plans) parts(s *api.Schema) ts.Doc {
	var rows []ts.Doc
	if s.Ref != nil && p.active[s.Ref] {
		rows = append(rows, ts.Text("() => "+p.named(s.Ref)))
	}
	for _, each := range s.AllOf {
		if inner := p.next(each); inner != nil {
			rows = append(rows, inner)
		}
	}
	if len(branches(s)) == 0 {
		if inner := p.next(only(s)); inner != nil {
			rows = append(rows, inner)
		}
	}
	for _, each := range unclear(s) {
		if inner := p.Bare.next(each); inner != nil {
			rows = append(rows, inner)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return ts.List(rows...)
}

func (p *Plans) variants(s *api.Schema) []ts.Doc {
	var rows []ts.Doc
	for _, m := range branches(s) {
		if inner := p.next(m.Schema); inner != nil {
			rows = append(rows, ts.List(ts.Text(ts.Quote(m.Value)), inner))
		}
	}
	return rows
}

// File is the text of middleware/plans.ts; "" where there is nothing to be done.
func (p *Plans) File() string {
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
