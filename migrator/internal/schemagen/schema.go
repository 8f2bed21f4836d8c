// Package schemagen makes random schemas and random changes of them, for
// property tests. The same seed gives the same SQL. Names come from small
// pools, so that two schemas that know nothing of each other share objects.
//
// A Schema is a loose model: its parts name each other, and SQL leaves out
// whatever names a part that is not there (any more). So a mutation may drop or
// redraw anything, and the SQL still loads.
package schemagen

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Schema is the model of a database's schema.
type Schema struct {
	types     []namedType
	functions []function
	tables    []table
	readers   []reader
	views     []view
	sequences []sequence
	others    []other
	features  []feature
}

// traits are what most objects have. 0 is none of it.
type traits struct {
	comment, owner, grant int
}

type sequence struct {
	name                string
	increment, start    int
	big, cycle, ownedBy bool
	limits              int
	traits
}

var schemaNames = []string{"public", "app", `"Odd.Name"`}

// source is the dice.
type source struct{ *rand.Rand }

func newSource(seed uint64) *source { return &source{rand.New(rand.NewPCG(seed, 0))} }

// chance is true in p of 100 cases.
func (r *source) chance(p int) bool { return r.IntN(100) < p }

// pick is 0 mostly, and 1 to n otherwise.
func (r *source) pick(n int) int {
	if r.chance(70) {
		return 0
	}
	return 1 + r.IntN(n)
}

func (r *source) traits() traits { return traits{r.pick(3), r.pick(2), r.pick(5)} }

func choose[T any](r *source, of []T) T { return of[r.IntN(len(of))] }

// name places a name in one of the schemas, always in the same one.
func name(prefix string, i int) string {
	return schemaNames[i%len(schemaNames)] + "." + fmt.Sprintf("%s%d", prefix, i)
}

// Random draws a schema. size is about the number of tables.
func Random(seed uint64, size int) *Schema {
	r := newSource(seed)
	s := &Schema{}
	some := func(n, p int, do func(i int)) {
		for i := range n {
			if r.chance(p) {
				do(i)
			}
		}
	}
	some(size, 60, func(i int) { s.types = append(s.types, r.namedType(i)) })
	some(size, 60, func(i int) { s.functions = append(s.functions, r.function(i)) })
	some(size, 70, func(i int) { s.tables = append(s.tables, r.table(i)) })
	some(size, 30, func(i int) { s.readers = append(s.readers, r.reader(i)) })
	some(size, 60, func(i int) { s.views = append(s.views, r.view(i)) })
	some(size/2+1, 50, func(i int) { s.sequences = append(s.sequences, r.sequence(i)) })
	some(len(otherKinds), 30, func(i int) { s.others = append(s.others, r.other(i)) })
	some(len(featureForms), 30, func(i int) { s.features = append(s.features, r.feature(i)) })
	return s
}

func (r *source) sequence(i int) sequence {
	return sequence{name: name("s", i), increment: 1 + r.IntN(3), start: 1 + r.IntN(9), big: r.chance(50), cycle: r.chance(30), ownedBy: r.chance(30), limits: r.pick(3), traits: r.traits()}
}

// Mutate draws a schema that differs from s in a few things. s stays as it is.
func (s *Schema) Mutate(seed uint64) *Schema {
	r := newSource(seed)
	m := &Schema{}
	for i := range len(otherKinds) {
		m.others = vary(r, m.others, s.others, i, r.other, nil)
	}
	for i := range len(featureForms) {
		m.features = vary(r, m.features, s.features, i, r.feature, r.varyFeature)
	}
	for i := range max(len(s.tables), 2) + 2 {
		m.tables = vary(r, m.tables, s.tables, i, r.table, r.varyTable)
		m.types = vary(r, m.types, s.types, i, r.namedType, r.varyType)
		m.functions = vary(r, m.functions, s.functions, i, r.function, nil)
		m.views = vary(r, m.views, s.views, i, r.view, r.varyView)
		m.readers = vary(r, m.readers, s.readers, i, r.reader, nil)
		m.sequences = vary(r, m.sequences, s.sequences, i, r.sequence, nil)
	}
	return m
}

// named is what the parts of a schema have in common.
type named interface{ key() string }

func (s sequence) key() string  { return s.name }
func (t namedType) key() string { return t.name }
func (f function) key() string  { return f.name }
func (f reader) key() string    { return f.name }
func (t table) key() string     { return t.name }
func (v view) key() string      { return v.name }

// vary adds to out what becomes of the i-th thing: it stays, goes, is drawn
// again, changes a little, or comes anew.
func vary[T named](r *source, out, from []T, i int, fresh func(int) T, little func(T) T) []T {
	drawn := fresh(i)
	at := slices.IndexFunc(from, func(x T) bool { return x.key() == drawn.key() })
	switch {
	case at < 0:
		if r.chance(15) {
			out = append(out, drawn)
		}
		return out
	case r.chance(8):
		return out
	case r.chance(8):
		return append(out, drawn)
	case little != nil && r.chance(40):
		return append(out, little(from[at]))
	}
	return append(out, from[at])
}
