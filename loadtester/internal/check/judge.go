package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// status is what was asked of a status: by the step, else by the run.
func status(at *target.Target, got int, w Wants) Expectation {
	e := Expectation{Name: "status", Want: "below 400", Got: strconv.Itoa(got), Pass: got < 400}
	switch wanted := at.Expect(); {
	case len(wanted) > 0:
		var words []string
		for _, s := range wanted {
			words = append(words, strconv.Itoa(s))
		}
		e.Want, e.Pass = strings.Join(words, " or "), slices.Contains(wanted, got)
	case w.Statuses != nil:
		e.Want, e.Pass = w.Statuses.String(), w.Statuses.Has(got)
	}
	return e
}

// missing says where the way to a value ends: "body.data has id, access_token".
func missing(v target.Taken, body []byte) string {
	kind, path, _ := strings.Cut(v.From, ".")
	if kind != "body" {
		return "there is none"
	}
	var at any
	if err := json.Unmarshal(body, &at); err != nil {
		return "the body is not JSON"
	}
	place := "body"
	for _, name := range strings.Split(path, ".") {
		var next any
		var ok bool
		switch here := at.(type) {
		case map[string]any:
			if next, ok = here[name]; !ok {
				return fmt.Sprintf("%s has %s", place, names(here))
			}
		case []any:
			k, err := strconv.Atoi(name)
			if err != nil || k < 0 || k >= len(here) {
				return fmt.Sprintf("%s is a list of %d", place, len(here))
			}
			next = here[k]
		default:
			return place + " is neither an object nor a list"
		}
		at, place = next, place+"."+name
	}
	return place + " is null"
}

// names are the keys of an object, at most ten.
func names(object map[string]any) string {
	keys := slices.Sorted(maps.Keys(object))
	switch n := len(keys); {
	case n == 0:
		return "no keys"
	case n > 10:
		return strings.Join(keys[:10], ", ") + fmt.Sprintf(" and %d more", n-10)
	}
	return strings.Join(keys, ", ")
}
