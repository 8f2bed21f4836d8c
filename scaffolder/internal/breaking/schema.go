package breaking

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// schema compares two schemas at a place. Named ones that have the same name are
// compared once, at their own place.
func (c *comparison) schema(old, now *api.Schema, at place, in direction) {
	if old.IsRef() && now.IsRef() {
		c.note(old.Ref, now.Ref, at, in)
		return
	}
	c.inside(old, now, at, in)
}

// inside compares what two schemas say, with or without names.
func (c *comparison) inside(old, now *api.Schema, at place, in direction) {
	if len(choices(old)) > 1 || len(choices(now)) > 1 {
		c.alternatives(choices(old), choices(now), at, in)
		return
	}
	c.views(viewOf(old, in, at), viewOf(now, in, at), at, in)
}

// note puts two named schemas on the list of those to be compared.
func (c *comparison) note(old, now *api.Schema, at place, in direction) {
	if old.Name != now.Name && !c.renamed(old, now) {
		// Another schema stands here now: it is told here what differs.
		p := pair{old, now, in}
		if !c.done[p] {
			c.done[p] = true
			c.inside(old, now, at, in)
		}
		return
	}
	if c.trial {
		return // what differs is told once, at the schema itself
	}
	p := pair{old, now, in}
	c.sink.used[schemaPlace(now).head] |= in
	if !c.done[p] {
		c.done[p] = true
		c.queue = append(c.queue, p)
	}
}

// renamed: neither of the names is in the other document.
func (c *comparison) renamed(old, now *api.Schema) bool {
	has := func(a *api.API, name string) bool {
		return slices.ContainsFunc(a.Schemas, func(s *api.Schema) bool { return s.Name == name })
	}
	return !has(c.after, old.Name) && !has(c.before, now.Name)
}

// named compares the named schemas that operations led to, and those that these lead
// to, in the order of the document.
func (c *comparison) named() {
	order := map[*api.Schema]int{}
	for i, s := range c.after.Schemas {
		order[s] = i
	}
	start := len(c.sink.list)
	for len(c.queue) > 0 {
		p := c.queue[0]
		c.queue = c.queue[1:]
		c.inside(p.old, p.new, schemaPlace(p.new), p.in)
	}
	heads := map[string]int{}
	for s, i := range order {
		heads[schemaPlace(s).head] = i
	}
	sort.SliceStable(c.sink.list[start:], func(i, j int) bool {
		return heads[c.sink.list[start+i].place.head] < heads[c.sink.list[start+j].place.head]
	})
}

// views compares what two schemas say.
func (c *comparison) views(old, now *view, at place, in direction) {
	narrower := func(what string) { c.sink.add(at, in.sender(), in, now.at, what) }
	wider := func(what string) { c.sink.add(at, in.receiver(), in, now.at, what) }
	both := func(what string) { narrower(what); wider(what) }

	if now.never != old.never {
		if now.never {
			narrower("nothing is allowed any more")
		}
		return
	}
	c.null(old, now, narrower, wider)
	if !c.types(old, now, narrower, wider) {
		return
	}
	c.enum(old, now, narrower, wider)
	c.format(old, now, narrower, both)
	if in == request {
		bounds(old, now, narrower)
		texts(old, now, narrower)
	}
	c.object(old, now, at, in)
	c.array(old, now, at, in)
	c.others(old, now, at, in, both)
	if len(old.groups) != len(now.groups) {
		both("oneOf or anyOf was added or removed")
		return
	}
	for i := range old.groups {
		c.alternatives(old.groups[i], now.groups[i], at, in)
	}
}

func (c *comparison) null(old, now *view, narrower, wider func(string)) {
	switch {
	case old.null && !now.null:
		if old.types != nil || old.enum != nil || now.types == nil {
			narrower("null is not allowed any more")
		}
	case !old.null && now.null:
		if now.types != nil || now.enum != nil || len(now.groups) > 0 {
			wider("null is allowed now")
		}
	}
}

// covered says that every value of a type is one of the types.
func covered(t api.Type, types []api.Type) bool {
	return len(types) == 0 || slices.Contains(types, t) || t == api.Integer && slices.Contains(types, api.Numeric)
}

// types compares the types, and says whether they have any in common.
func (c *comparison) types(old, now *view, narrower, wider func(string)) bool {
	var lost, gained, kept int
	for _, t := range old.types {
		if covered(t, now.types) {
			kept++
		} else {
			lost++
		}
	}
	for _, t := range now.types {
		if covered(t, old.types) {
			kept++
		} else {
			gained++
		}
	}
	if len(old.types) == 0 && len(now.types) > 0 {
		lost = 1
	}
	if len(now.types) == 0 && len(old.types) > 0 {
		gained = 1
	}
	if len(old.groups) > 0 != (len(now.groups) > 0) && (len(old.types) == 0 || len(now.types) == 0) {
		return true // told of the alternatives
	}
	what := fmt.Sprintf("type changed from %s to %s", typeText(old.types), typeText(now.types))
	if lost > 0 {
		narrower(what)
	}
	if gained > 0 {
		wider(what)
	}
	return kept > 0 || len(old.types) == 0 && len(now.types) == 0
}

func typeText(types []api.Type) string {
	if len(types) == 0 {
		return "any"
	}
	var out []string
	for _, t := range types {
		out = append(out, string(t))
	}
	return strings.Join(out, " or ")
}

func (c *comparison) enum(old, now *view, narrower, wider func(string)) {
	switch {
	case old.enum == nil && now.enum == nil:
	case old.enum == nil:
		narrower("may only be " + valuesText(now.enum) + " now")
	case now.enum == nil:
		wider("may be other values than " + valuesText(old.enum) + " now")
	default:
		if lost := minus(old.enum, now.enum); len(lost) > 0 {
			narrower("may not be " + valuesText(lost) + " any more")
		}
		if gained := minus(now.enum, old.enum); len(gained) > 0 {
			wider("may be " + valuesText(gained) + " now")
		}
	}
}

func minus(a, b []api.Value) []api.Value {
	return slices.DeleteFunc(slices.Clone(a), func(v api.Value) bool { return slices.Contains(b, v) })
}

func valuesText(values []api.Value) string {
	var out []string
	for i, v := range values {
		if i == 5 && len(values) > 6 {
			return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", len(values)-i)
		}
		out = append(out, short(string(v)))
	}
	return strings.Join(out, ", ")
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// format compares formats. Integers of 32 bits are of 64 bits, too.
func (c *comparison) format(old, now *view, narrower, both func(string)) {
	switch {
	case old.format == now.format || now.format == "":
	case old.format == "":
		narrower("must be of format " + now.format + " now")
	case old.format == "int32" && now.format == "int64" || old.format == "float" && now.format == "double":
	case old.format == "int64" && now.format == "int32" || old.format == "double" && now.format == "float":
		narrower(fmt.Sprintf("format changed from %s to %s", old.format, now.format))
	default:
		both(fmt.Sprintf("format changed from %s to %s", old.format, now.format))
	}
}
