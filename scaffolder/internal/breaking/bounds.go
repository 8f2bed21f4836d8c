package breaking

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// boundNames are in the order in which they are told.
var boundNames = []string{
	"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minLength", "maxLength",
	"minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains",
}

// bounds tells which have become stricter.
func bounds(old, now *view, narrower func(string)) {
	for _, name := range boundNames {
		was, is := old.bounds[name], now.bounds[name]
		switch {
		case is == "" || is == was:
		case was == "":
			if !implied(name, is, old) {
				narrower(fmt.Sprintf("%s %s was added", name, is))
			}
		default:
			order := number(is).Cmp(number(was))
			lower := strings.HasPrefix(name, "min") || name == "exclusiveMinimum"
			if lower && order > 0 || !lower && order < 0 {
				narrower(fmt.Sprintf("%s changed from %s to %s", name, was, is))
			}
		}
	}
}

// implied: the old schema said as much by the bound's sister.
func implied(name string, is api.Number, old *view) bool {
	sister := map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}[name]
	was := old.bounds[sister]
	if was == "" {
		return false
	}
	order := number(was).Cmp(number(is))
	return name == "minimum" && order >= 0 || name == "maximum" && order <= 0
}

// number has as many digits as two bounds may differ in; an exponent costs nothing.
func number(n api.Number) *big.Float {
	f, _, err := big.ParseFloat(string(n), 10, 512, big.ToNearestEven)
	if err != nil {
		return new(big.Float)
	}
	return f
}

var textNames = []string{"pattern", "multipleOf", "contentEncoding", "contentMediaType", "uniqueItems"}

// texts tells which keywords are there now that say something else.
func texts(old, now *view, narrower func(string)) {
	for _, name := range textNames {
		was, is := old.texts[name], now.texts[name]
		switch {
		case is == was || is == "":
		case name == "uniqueItems":
			narrower("items must be different from each other now")
		case was == "":
			narrower(fmt.Sprintf("%s %s was added", name, short(is)))
		default:
			narrower(fmt.Sprintf("%s changed from %s to %s", name, short(was), short(is)))
		}
	}
}

// others compares keywords that are not looked into: they are the same or not.
func (c *comparison) others(old, now *view, at place, in direction, both func(string)) {
	var names []string
	for _, m := range []map[string]*api.Schema{old.others, now.others} {
		for name := range m {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		was, is := old.others[name], now.others[name]
		switch {
		case is == nil && in == answer:
			both(name + " was removed")
		case is == nil: // more passes than before
		case was == nil:
			c.sink.add(at, in.sender(), in, now.at, name+" was added")
		case !c.same(was, is):
			both(name + " changed")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(now.needs)) {
		for _, need := range now.needs[name] {
			if !slices.Contains(old.needs[name], need) {
				c.sink.add(at, in.sender(), in, now.at, fmt.Sprintf("property %s is required beside %s now", need, name))
			}
		}
	}
}

// same says that two schemas let the same values pass, as far as a comparison sees.
func (c *comparison) same(old, now *api.Schema) bool {
	for _, turn := range [][2]*api.Schema{{old, now}, {now, old}} {
		trial := &comparison{sink: newSink(), before: c.before, after: c.after, done: map[pair]bool{}, trial: true}
		trial.schema(turn[0], turn[1], place{}, request)
		if len(trial.sink.list) > 0 {
			return false
		}
	}
	return true
}
