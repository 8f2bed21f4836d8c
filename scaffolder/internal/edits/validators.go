package edits

import (
	"maps"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// validators reads the edits of middleware/validators.ts.
func (e *editor) validators(before, now *syntax.File) {
	old := declarations(before)
	for _, s := range now.Statements {
		if name := zodType(now, s); name != "" {
			if was := old[nameOf(s)]; was != nil && e.Schemas[name] != nil {
				e.judged(name, e.Schemas[name], now, zodRulesOf(before, was), zodRulesOf(now, s), s)
			}
			continue
		}
		fn, ok := s.(*syntax.Function)
		if !ok || fn.Name == nil {
			continue
		}
		was, ok := old[fn.Name.Name].(*syntax.Function)
		name := strings.TrimPrefix(fn.Name.Name, "check")
		schema := e.Schemas[name]
		if !ok || schema == nil {
			continue
		}
		e.judged(name, schema, now, rulesOf(before, was), rulesOf(now, fn), fn)
	}
}

func (e *editor) judged(name string, schema *api.Schema, now *syntax.File, was, is *rules, fn syntax.Node) {
	places := slices.Sorted(maps.Keys(was.of))
	for place := range is.of {
		if was.of[place] == nil {
			places = append(places, place)
		}
	}
	slices.Sort(places)
	for _, place := range places {
		old, fresh := was.of[place], is.of[place]
		switch {
		case old == nil:
			e.newlyJudged(name, schema, now, place, fresh)
		case fresh == nil:
			e.notJudged(name, schema, now, place, fn)
		default:
			e.rules(name, schema, now, place, old, fresh, fn)
		}
	}
}

// rules changes the keywords of one place.
func (e *editor) rules(name string, schema *api.Schema, now *syntax.File, place string, old, fresh map[string]rule, fn syntax.Node) {
	for _, keyword := range keywordsOf(old, fresh) {
		was, had := old[keyword]
		is, has := fresh[keyword]
		if was.text == is.text && had == has {
			continue
		}
		at := is.at
		if !has {
			at = fn
		}
		if !e.apply(name, schema, place, keyword, is.text, has) {
			continue // Left tells of it
		}
		switch {
		case !has:
			e.tell(now, at, "%s%s is judged without %s", name, place, keyword)
		case keyword == "required" || keyword == "nullable":
			e.tell(now, at, "%s%s is %s", name, place, keyword)
		case !had:
			e.tell(now, at, "%s%s is judged by %s %s", name, place, keyword, clipped(is.text))
		default:
			e.tell(now, at, "%s%s is judged by %s %s, which was %s", name, place, keyword, clipped(is.text), clipped(was.text))
		}
	}
}

func keywordsOf(a, b map[string]rule) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	delete(all, "value")
	list := slices.Sorted(maps.Keys(all))
	if i := slices.Index(list, "type"); i > 0 { // the other keywords are of it
		list = append([]string{"type"}, slices.Delete(list, i, i+1)...)
	}
	return list
}

// newlyJudged is a property that the function looks at now: it is the type's, or new.
func (e *editor) newlyJudged(name string, schema *api.Schema, now *syntax.File, place string, fresh map[string]rule) {
	if place == "" {
		return
	}
	h, key, ok := e.holderAt(name, schema, place)
	if !ok {
		return
	}
	if key != "*" && h.get(key) == nil {
		h.add(key, &api.Schema{}, false, "")
		e.tell(now, fresh["value"].at, "%s has %s", name, strings.TrimPrefix(place, "/"))
	}
	e.rules(name, schema, now, place, map[string]rule{"value": {}}, fresh, fresh["value"].at)
}

// notJudged is a property that the function does not look at any more.
func (e *editor) notJudged(name string, schema *api.Schema, now *syntax.File, place string, fn syntax.Node) {
	if strings.HasSuffix(place, "/*") {
		return
	}
	h, key, ok := e.holderAt(name, schema, place)
	if !ok || h.get(key) == nil {
		return // the type does not have it any more either
	}
	h.set(key, &api.Schema{Description: h.get(key).Description})
	h.require(key, false)
	e.tell(now, fn, "%s%s is not judged any more: any value passes", name, place)
}

// holderAt is what the last name of a place belongs to.
func (e *editor) holderAt(name string, schema *api.Schema, place string) (h holder, key string, ok bool) {
	words := strings.Split(strings.TrimPrefix(place, "/"), "/")
	h = e.holderOf(name, schema)
	for _, w := range words[:len(words)-1] {
		var next *api.Schema
		if w == "*" {
			o, isObject := h.(object)
			if !isObject {
				return nil, "", false
			}
			next = o.schema.Items
		} else {
			next = h.get(w)
		}
		if next == nil || next.Ref != nil {
			return nil, "", false
		}
		h = object{next}
	}
	return h, words[len(words)-1], true
}
