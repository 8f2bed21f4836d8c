package schema

import (
	"iter"
	"math"
	"slices"
	"strconv"
)

// candidates are values that may fit, the likeliest first: what the document
// shows, then what its keywords ask for.
func (m *maker) candidates(flat []*Schema, depth int) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, s := range flat {
			for _, list := range [][]any{s.Const, s.Examples, s.Enum} {
				for _, v := range list {
					if v != nil && !yield(prune(flat, v, 0)) {
						return
					}
				}
			}
		}
		for _, t := range types(flat) {
			for v := range m.ofType(flat, t, depth) {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// types are those that all schemas allow, null last; or what the keywords mean.
func types(flat []*Schema) []string {
	allowed := []string{"string", "integer", "number", "object", "array", "boolean", "null"}
	said := false
	for _, s := range flat {
		if len(s.Types) == 0 {
			continue
		}
		said = true
		allowed = slices.DeleteFunc(allowed, func(t string) bool {
			return !slices.Contains(s.Types, t) && !(t == "integer" && slices.Contains(s.Types, "number"))
		})
	}
	if slices.Contains(allowed, "number") {
		allowed = slices.DeleteFunc(allowed, func(t string) bool { return t == "integer" })
	}
	if said {
		return allowed
	}
	for _, s := range flat {
		switch {
		case len(s.Properties)+len(s.Required)+len(s.Patterns) > 0, s.Additional != nil, s.MinProperties != nil:
			return []string{"object"}
		case s.Items != nil, len(s.PrefixItems) > 0, s.MinItems != nil, s.Contains != nil:
			return []string{"array"}
		case s.Minimum != nil, s.Maximum != nil, s.MultipleOf != nil, s.ExclusiveMinimum != nil, s.ExclusiveMaximum != nil:
			return []string{"number"}
		}
	}
	return allowed
}

func (m *maker) ofType(flat []*Schema, t string, depth int) iter.Seq[any] {
	switch t {
	case "string":
		return texts(flat)
	case "integer", "number":
		return numbers(flat, t == "integer")
	case "boolean":
		return slices.Values([]any{true, false})
	case "null":
		return slices.Values([]any{nil})
	}
	return func(yield func(any) bool) {
		var v any
		var ok bool
		if t == "array" {
			v, ok = m.array(flat, depth)
		} else {
			v, ok = m.object(flat, depth)
		}
		if ok {
			yield(v)
		}
	}
}

func (m *maker) array(flat []*Schema, depth int) (any, bool) {
	want, most, unique := 0, math.MaxInt, false
	if depth < m.full && m.made < mostValues {
		want = 1
	}
	var contains []*Schema
	for _, s := range flat {
		if s.MinItems != nil {
			want = max(want, *s.MinItems)
		}
		if s.MaxItems != nil {
			most = min(most, *s.MaxItems)
		}
		if s.Contains != nil {
			contains = append(contains, s.Contains)
			want = max(want, len(s.PrefixItems)+len(contains))
		}
		want, unique = max(want, len(s.PrefixItems)), unique || s.Unique
	}
	out := []any{}
	bound := mostItems
	if unique { // each is held against all before it
		bound = mostUnique
	}
	for i := 0; i < min(want, most, bound); i++ {
		of := itemParts(flat, i)
		if len(contains) > 0 && i >= len(flat[0].PrefixItems) {
			of, contains = append(of, contains[0]), contains[1:]
		}
		v, ok := m.make(of, depth+1)
		if ok && unique {
			v, ok = distinct(of, v, out)
		}
		if !ok {
			break // the caller sees whether it is enough
		}
		out = append(out, v)
	}
	return out, true
}

// distinct is v, or a value like it that is not among those before.
func distinct(of []*Schema, v any, before []any) (any, bool) {
	fresh := func(v any) bool {
		return !slices.ContainsFunc(before, func(b any) bool { return equal(b, v) })
	}
	if fresh(v) {
		return v, true
	}
	for w := range others(parts(of), v, len(before)) {
		if fresh(w) && fitAll(of, w) {
			return w, true
		}
	}
	return nil, false
}

// others are values like v.
func others(flat []*Schema, v any, n int) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, s := range flat {
			for _, e := range s.Enum {
				if !yield(e) {
					return
				}
			}
		}
		o, ok := v.(*Object)
		if !ok {
			for w := range like(flat, v, n) {
				if !yield(w) {
					return
				}
			}
			return
		}
		for _, name := range o.Keys {
			for w := range others(propertyParts(flat, name), o.Values[name], n) {
				if !yield(o.with(name, w)) {
					return
				}
			}
		}
	}
}

func (m *maker) object(flat []*Schema, depth int) (any, bool) {
	out := NewObject()
	required := map[string]bool{}
	least, most := 0, math.MaxInt
	var names []string
	for _, s := range flat {
		for _, name := range s.Required {
			required[name] = true
		}
		for _, p := range s.Properties {
			names = append(names, p.Name)
		}
		if s.MinProperties != nil {
			least = max(least, *s.MinProperties)
		}
		if s.MaxProperties != nil {
			most = min(most, *s.MaxProperties)
		}
	}
	for _, s := range flat {
		names = append(names, s.Required...)
	}
	put := func(name string) bool {
		of := propertyParts(flat, name)
		if out.Has(name) || slices.ContainsFunc(of, readOnly) {
			return true
		}
		v, ok := m.make(of, depth+1)
		if ok {
			out.Set(name, v)
		}
		return ok
	}
	// What has to be there counts against the most, so it goes first; the order
	// is the document's again in the end.
	for _, name := range names {
		if required[name] && !put(name) {
			return nil, false
		}
	}
	for _, name := range names {
		if len(out.Keys) < least || depth < m.full && m.made < mostValues && len(out.Keys) < most {
			put(name)
		}
	}
	for i := 1; len(out.Keys) < least && i <= least+20; i++ {
		put("key" + strconv.Itoa(i))
	}
	m.dependents(flat, out, required, put)
	slices.SortStableFunc(out.Keys, func(a, b string) int { return position(names, a) - position(names, b) })
	return out, true
}

func position(names []string, name string) int {
	if i := slices.Index(names, name); i >= 0 {
		return i
	}
	return len(names)
}

// dependents adds what other properties ask for; an optional property whose wish
// cannot be met goes.
func (m *maker) dependents(flat []*Schema, out *Object, required map[string]bool, put func(string) bool) {
	for _, s := range flat {
		for _, d := range s.Dependent {
			if !out.Has(d.Name) {
				continue
			}
			met := true
			for _, name := range d.Required {
				met = met && put(name)
			}
			if !required[d.Name] && (!met || !Fits(d.Schema, out, Strict)) {
				*out = *out.Without(d.Name)
			}
		}
	}
}
