// Package inflect makes names out of English nouns: the singular of those that paths and
// tables have (users -> user), and what is done with them (GET /users -> listUsers). It
// imports the standard library only.
package inflect

import (
	"slices"
	"strings"
)

// Singular is the name of one thing. What is no plural, or none that it knows, stays.
func Singular(s string) string {
	lower := strings.ToLower(s)
	for _, i := range irregular {
		if strings.HasSuffix(lower, i.many) {
			return s[:len(s)-len(i.many)] + i.one(s[len(s)-len(i.many):])
		}
	}
	switch {
	case len(s) < 3 || hasAnySuffix(lower, "ss", "us", "is", "news", "series", "species"):
		return s
	case hasAnySuffix(lower, "movies", "cookies", "caches", "axes", "zombies", "pies", "ties", "lies"):
		return s[:len(s)-1]
	case strings.HasSuffix(lower, "ies") && len(s) > 4:
		return s[:len(s)-3] + "y"
	case hasAnySuffix(lower, "sses", "shes", "ches", "xes", "statuses", "viruses", "buses", "aliases", "biases"):
		return s[:len(s)-2]
	case strings.HasSuffix(lower, "s"):
		return s[:len(s)-1]
	}
	return s
}

// IsPlural says that Singular finds another word.
func IsPlural(s string) bool { return Singular(s) != s }

func hasAnySuffix(s string, ends ...string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(s, end) })
}

type pair struct{ many, single string }

// one keeps the capital of the word.
func (p pair) one(many string) string {
	if many[0] >= 'A' && many[0] <= 'Z' {
		return strings.ToUpper(p.single[:1]) + p.single[1:]
	}
	return p.single
}

var irregular = []pair{{"people", "person"}, {"children", "child"}, {"indices", "index"}, {"vertices", "vertex"}, {"matrices", "matrix"}, {"analyses", "analysis"}, {"categories", "category"}}
