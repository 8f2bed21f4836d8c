package restapi

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/seniorbackend/tools/scaffolder/internal/inflect"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

// names gives each thing a name of its own. Names that differ in case only are
// the same here: some of them become files.
type names struct{ taken map[string]bool }

// reserved names are taken already.
func newNames(reserved ...string) *names {
	n := &names{taken: map[string]bool{}}
	for _, name := range reserved {
		n.unique(name)
	}
	return n
}

func (n *names) unique(name string) string {
	out := name
	for i := 2; n.taken[strings.ToLower(out)]; i++ {
		out = name + strconv.Itoa(i)
	}
	n.taken[strings.ToLower(out)] = true
	return out
}

// words splits order_items, OrderItems and "order items".
func words(s string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, strings.ToLower(string(word)))
			word = nil
		}
	}
	previous := ' '
	for _, r := range s {
		switch {
		case r < 0x80 && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
		case unicode.IsUpper(r) && !unicode.IsUpper(previous):
			flush()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		previous = r
	}
	flush()
	return out
}

func kebab(s string) string {
	var out []string
	for _, w := range words(s) {
		if clean := strings.Map(ascii, w); clean != "" {
			out = append(out, clean)
		}
	}
	if len(out) == 0 {
		return "table"
	}
	return strings.Join(out, "-")
}

// ascii keeps what may stand in a path, a file and the key of a schema.
func ascii(r rune) rune {
	if r < 0x80 {
		return r
	}
	return -1
}

func pascal(s string) string {
	var b strings.Builder
	for _, w := range strings.Split(kebab(s), "-") {
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	if name := b.String(); name[0] < '0' || name[0] > '9' {
		return name
	}
	return "T" + b.String()
}

func camel(s string) string {
	list := words(s)
	if len(list) == 0 {
		return s
	}
	var b strings.Builder
	b.WriteString(list[0])
	for _, w := range list[1:] {
		first := []rune(w)
		b.WriteString(string(unicode.ToUpper(first[0])) + string(first[1:]))
	}
	return b.String()
}

// resources names what each table becomes. A name that several schemas have carries
// the schema in all of them, but in those that had theirs before the others came.
func (m *maker) resources() {
	named, paths := m.tableNames(), newNames()
	for _, t := range m.db.Tables {
		if m.isKnown(t) {
			paths.unique(named[t])
		}
	}
	for _, t := range m.db.Tables {
		name := named[t]
		if !m.isKnown(t) {
			name = paths.unique(name)
		}
		r := &Resource{Table: t, Name: name, Path: "/" + name}
		one := m.names.unique(pascal(inflect.Singular(name)))
		r.Row, r.View = one, m.names.unique(one+"View")
		if t.CanInsert {
			r.Input = m.names.unique(one + "Input")
		}
		if t.CanUpdate && len(t.Key) > 0 {
			r.Patch = m.names.unique(one + "Patch")
		}
		m.byTable[t] = r
		m.fields(r)
		m.service.Resources = append(m.service.Resources, r)
	}
	for _, r := range m.service.Resources {
		m.expands(r)
	}
}

func (m *maker) isKnown(t *relation.Table) bool { return m.options.Known[t.Schema+"."+t.Name] != "" }

// tableNames are those that tables have already, or would like to have.
func (m *maker) tableNames() map[*relation.Table]string {
	count, out := map[string]int{}, map[*relation.Table]string{}
	for _, t := range m.db.Tables {
		count[kebab(t.Name)]++
	}
	for _, t := range m.db.Tables {
		out[t] = kebab(t.Name)
		if count[out[t]] > 1 {
			out[t] = kebab(t.Schema + "_" + t.Name)
		}
		if m.isKnown(t) {
			out[t] = m.options.Known[t.Schema+"."+t.Name]
		}
	}
	return out
}

// reserved are the parameters of every list.
var reserved = []string{"limit", "after", "sort", "fields", "expand", "filter"}

func (m *maker) fields(r *Resource) {
	seen := map[string]bool{}
	for _, c := range r.Table.Columns {
		name := c.Name
		if m.options.Camel {
			name = camel(name)
			for i := 2; seen[name]; i++ {
				name = camel(c.Name) + strconv.Itoa(i)
			}
		}
		seen[name] = true
		f := &Field{Column: c, Name: name, Parameter: name}
		if slices.Contains(reserved, name) {
			f.Parameter = "filter[" + name + "]"
		}
		f.Input = c.Writable && !c.Generated
		f.Filter = (c.Indexed || r.Table.IsKey(c) || c.ForPatterns) && c.Type.Ordered && !strings.ContainsAny(name, "[]")
		if r.Table.Kind != relation.Ordinary && !c.Indexed {
			f.Filter = c.Type.Ordered && c.Type.Category != relation.Composite && !strings.ContainsAny(name, "[]")
		}
		r.Fields = append(r.Fields, f)
		if m.options.SoftDelete != "" && c.Name == m.options.SoftDelete && (c.Type.Category == relation.TimestampTZ || c.Type.Category == relation.Timestamp) && r.Table.CanUpdate {
			r.SoftDelete = f
			f.Input = false
		}
	}
	for _, c := range r.Table.Key {
		r.Key = append(r.Key, r.Field(c))
	}
}

// expands names the foreign keys: by the column without _id, or by the constraint
// where two would have one name.
func (m *maker) expands(r *Resource) {
	short := func(f *relation.ForeignKey) string {
		if len(f.Columns) != 1 {
			return f.Table.Name
		}
		for _, end := range []string{"_id", "_code", "_uuid", "Id"} {
			if base, cut := strings.CutSuffix(f.Columns[0].Name, end); cut && base != "" {
				return base
			}
		}
		return f.Table.Name
	}
	count := map[string]int{}
	for _, f := range r.Fields {
		count[f.Name]++
	}
	for _, f := range r.Table.ForeignKeys {
		if f.Table != nil && m.byTable[f.Table] != nil {
			count[m.jsonName(short(f))]++
		}
	}
	taken := map[string]bool{}
	for _, f := range r.Fields {
		taken[f.Name] = true
	}
	for _, f := range r.Table.ForeignKeys {
		target := m.byTable[f.Table]
		if f.Table == nil || target == nil {
			continue
		}
		name := m.jsonName(short(f))
		if count[name] > 1 {
			name = m.jsonName(f.Name)
		}
		for i := 2; taken[name]; i++ {
			name = m.jsonName(f.Name) + strconv.Itoa(i)
		}
		taken[name] = true
		// Row level security, and what the role may read, can hide any row.
		r.Expands = append(r.Expands, &Expand{Name: name, Key: f, Target: target, Nullable: true})
	}
}

func (m *maker) jsonName(name string) string {
	if m.options.Camel {
		return camel(name)
	}
	return name
}
