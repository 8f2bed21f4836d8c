package schema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Wrong is a value that breaks one rule of a schema.
type Wrong struct {
	Path  string // where: ".items[0].name"; "" is the value itself
	What  string // the rule: "is missing", "is shorter than 3"
	Value any    // the whole value, broken there
}

// Wrongs are made from a value that fits by breaking one rule at a time. Each of
// them is invalid for any server that checks the rule: what could pass in another
// way (another alternative of an anyOf) is left out. There are at most so many.
func Wrongs(s *Schema, v any, most int) []Wrong {
	w := &wrecker{root: s, most: most}
	w.walk([]*Schema{s}, v, "", func(x any) any { return x }, 0)
	return w.list
}

// wrecker collects them.
type wrecker struct {
	root *Schema
	most int
	list []Wrong
	seen map[string]bool
}

const deepestWrong = 6

// walk breaks the rules for one place. put gives the whole value with another
// one in that place.
func (w *wrecker) walk(all []*Schema, v any, path string, put func(any) any, depth int) {
	if _, later := v.(Raw); later || depth > deepestWrong || len(w.list) >= w.most {
		return
	}
	flat := applying(all, v)
	add := func(what string, x any) { w.add(path, what, put(x)) }
	w.kinds(flat, v, add)
	switch v := v.(type) {
	case string:
		wrongTexts(flat, v, add)
	case json.Number:
		wrongNumbers(flat, add)
	case []any:
		wrongLengths(flat, v, add)
		if len(v) > 0 {
			w.walk(itemParts(flat, 0), v[0], path+"[0]", func(x any) any {
				return put(append([]any{x}, v[1:]...))
			}, depth+1)
		}
	case *Object:
		w.object(flat, v, path, put, depth)
	}
}

// add keeps a value that is surely wrong.
func (w *wrecker) add(path, what string, whole any) {
	if w.seen == nil {
		w.seen = map[string]bool{}
	}
	if len(w.list) >= w.most {
		return
	}
	if key := path + " " + what; !w.seen[key] && !Fits(w.root, whole, Lenient) {
		w.seen[key] = true
		w.list = append(w.list, Wrong{path, what, whole})
	}
}

// applying are all schemas that say something of v: also the alternatives that
// it follows.
func applying(all []*Schema, v any) []*Schema {
	flat := parts(all)
	for i := 0; i < len(flat); i++ {
		s := flat[i]
		more := append(append([]*Schema{}, s.OneOf...), s.AnyOf...)
		if s.If != nil && Fits(s.If, v, Strict) {
			more = append(more, s.Then)
		} else if s.If != nil {
			more = append(more, s.Else)
		}
		if d := s.Discriminator; d != nil {
			if o, ok := v.(*Object); ok {
				for _, option := range d.Options {
					if o.Values[d.Property] == any(option.Value) {
						more = append(more, option.Schema)
					}
				}
			}
		}
		for _, each := range more {
			if each != nil && Fits(each, v, Strict) {
				flat = parts(append(flat, each))
			}
		}
	}
	return flat
}

// kinds breaks type, enum and const.
func (w *wrecker) kinds(flat []*Schema, v any, add func(string, any)) {
	said, listed := false, false
	for _, s := range flat {
		said = said || len(s.Types) > 0
		listed = listed || s.Enum != nil || s.Const != nil
	}
	if said {
		kinds := types(flat)
		if !slices.Contains(kinds, "null") {
			add("is null", nil)
		}
		add("is not "+names(kinds), otherKind(kinds))
		if k := kind(v); k == "integer" && !slices.Contains(kinds, "number") {
			add("is not whole", json.Number("1.5"))
		}
	}
	if !listed {
		return
	}
	var none any = "no-such-value"
	if _, ok := v.(json.Number); ok {
		none = json.Number("987654321")
	}
	add("is not one of its values", none)
}

// otherKind is a value of a type that is not among these.
func otherKind(kinds []string) any {
	for _, other := range []struct {
		kinds []string
		value any
	}{
		{[]string{"string"}, "abc"},
		{[]string{"integer", "number"}, json.Number("12")},
		{[]string{"boolean"}, true},
		{[]string{"object"}, NewObject()},
		{[]string{"array"}, []any{}},
	} {
		if !slices.ContainsFunc(other.kinds, func(k string) bool { return slices.Contains(kinds, k) }) {
			return other.value
		}
	}
	return nil
}

// names is "a string", "an array or null".
func names(kinds []string) string {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		switch k {
		case "null":
			list[i] = k
		case "integer", "object", "array":
			list[i] = "an " + k
		default:
			list[i] = "a " + k
		}
	}
	return strings.Join(list, " or ")
}

func wrongTexts(flat []*Schema, v string, add func(string, any)) {
	for _, s := range flat {
		if s.MinLength != nil && *s.MinLength > 0 {
			short := []rune(v)
			add(fmt.Sprintf("is shorter than %d", *s.MinLength), string(short[:min(len(short), *s.MinLength-1)]))
		}
		if s.MaxLength != nil && *s.MaxLength < 1<<20 {
			last, _ := utf8.DecodeLastRuneInString(v)
			if v == "" {
				last = 'x'
			}
			add(fmt.Sprintf("is longer than %d", *s.MaxLength), v+strings.Repeat(string(last), *s.MaxLength+1-utf8.RuneCountInString(v)))
		}
		if s.Pattern != nil {
			for _, text := range unmatched(v) {
				if !s.Pattern.matches(text, Lenient) && lengthFits(flat, text) {
					add("does not match its pattern", text)
					break
				}
			}
		}
		if text := unlike(s.Format); text != "" {
			add("is no "+s.Format, text)
		}
	}
}

// unmatched are texts that patterns seldom match, of v's length where they can be.
func unmatched(v string) []string {
	n := max(utf8.RuneCountInString(v), 1)
	list := []string{strings.Repeat("~", n), strings.Repeat(" ", n), strings.Repeat("-", n), strings.Repeat("a", n), strings.Repeat("1", n), "\u00ff~" + v, v + " ~"}
	return list
}

func lengthFits(flat []*Schema, text string) bool {
	least, most := lengths(flat)
	n := utf8.RuneCountInString(text)
	return least <= n && n <= most
}

func wrongNumbers(flat []*Schema, add func(string, any)) {
	one := big.NewRat(1, 1)
	for _, s := range flat {
		step := one
		if s.MultipleOf != nil && s.MultipleOf.Sign() > 0 {
			step = s.MultipleOf
			half := new(big.Rat).Quo(step, big.NewRat(2, 1))
			if typeNamed(s, "integer") && !half.IsInt() {
				half = one
			}
			base := new(big.Rat)
			if s.Minimum != nil && s.Minimum.Sign() > 0 {
				base.Mul(up(quotient(s.Minimum, step)), step)
			}
			add("is no multiple of "+string(Decimal(step)), Decimal(base.Add(base, half)))
		}
		if s.Minimum != nil {
			add("is below "+string(Decimal(s.Minimum)), Decimal(new(big.Rat).Sub(s.Minimum, step)))
		}
		if s.Maximum != nil {
			add("is above "+string(Decimal(s.Maximum)), Decimal(new(big.Rat).Add(s.Maximum, step)))
		}
		if s.ExclusiveMinimum != nil {
			add("is not above "+string(Decimal(s.ExclusiveMinimum)), Decimal(s.ExclusiveMinimum))
		}
		if s.ExclusiveMaximum != nil {
			add("is not below "+string(Decimal(s.ExclusiveMaximum)), Decimal(s.ExclusiveMaximum))
		}
	}
}

// Arrays are made up to these lengths: one of a million items says nothing that
// is worth its bytes.
const (
	mostItems  = 1000
	mostUnique = 200
)

func wrongLengths(flat []*Schema, v []any, add func(string, any)) {
	for _, s := range flat {
		if s.MinItems != nil && *s.MinItems > 0 {
			add("has fewer than "+strconv.Itoa(*s.MinItems)+" items", v[:min(len(v), *s.MinItems-1)])
		}
		if s.MaxItems != nil && *s.MaxItems < mostItems {
			if longer, ok := lengthened(flat, v, *s.MaxItems+1); ok {
				add("has more than "+strconv.Itoa(*s.MaxItems)+" items", longer)
			}
		}
		if s.Unique && len(v) > 0 {
			add("has an item twice", append(slices.Clone(v), v[0]))
		}
	}
}

// lengthened is the array with so many items, all of which fit.
func lengthened(flat []*Schema, v []any, n int) ([]any, bool) {
	v = slices.Clone(v)
	unique := slices.ContainsFunc(flat, func(s *Schema) bool { return s.Unique })
	if unique && n > mostUnique {
		return nil, false
	}
	for len(v) < n {
		of := itemParts(flat, len(v))
		item, ok := (&maker{}).make(of, 0)
		if ok && unique {
			item, ok = distinct(of, item, v)
		}
		if !ok {
			return nil, false
		}
		v = append(v, item)
	}
	return v, true
}

func (w *wrecker) object(flat []*Schema, o *Object, path string, put func(any) any, depth int) {
	for _, s := range flat {
		for _, name := range s.Required {
			if o.Has(name) {
				w.add(path+"."+name, "is missing", put(o.Without(name)))
			}
		}
	}
	for _, s := range flat {
		if s.Closed || s.Additional != nil {
			w.add(path, "has an unknown property", put(o.with("noSuchProperty", "x")))
		}
		if s.MinProperties != nil && *s.MinProperties > 0 {
			less := o
			for _, name := range o.Keys {
				if len(less.Keys) >= *s.MinProperties {
					less = less.Without(name)
				}
			}
			w.add(path, fmt.Sprintf("has fewer than %d properties", *s.MinProperties), put(less))
		}
		if s.MaxProperties != nil && *s.MaxProperties < 1000 {
			more := o
			for i := 1; len(more.Keys) <= *s.MaxProperties; i++ {
				more = more.with("key"+strconv.Itoa(i), "x")
			}
			w.add(path, fmt.Sprintf("has more than %d properties", *s.MaxProperties), put(more))
		}
	}
	for _, name := range o.Keys {
		w.walk(propertyParts(flat, name), o.Values[name], path+"."+name, func(x any) any { return put(o.with(name, x)) }, depth+1)
	}
}
