package tsgen

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func itoa(n int) string { return strconv.Itoa(n) }

// atoi is 0 of no number and of one that is too large to count to.
func atoi(n api.Number) int {
	out, err := strconv.Atoi(string(n))
	if err != nil {
		return 0
	}
	return out
}

func kindOf(v api.Value) api.Type {
	switch {
	case v == "null":
		return api.Null
	case v == "true" || v == "false":
		return api.Boolean
	case strings.HasPrefix(string(v), `"`):
		return api.String
	case strings.HasPrefix(string(v), "["):
		return api.Array
	case strings.HasPrefix(string(v), "{"):
		return api.Object
	}
	return api.Numeric
}

func stringOf(v api.Value) string {
	var out string
	if json.Unmarshal([]byte(v), &out) != nil {
		return string(v)
	}
	return out
}

// literalType is the type of exactly one value.
func literalType(v api.Value) string {
	switch kindOf(v) {
	case api.String:
		return quote(stringOf(v))
	case api.Numeric:
		return number(api.Number(v))
	case api.Array:
		return "unknown[]"
	case api.Object:
		return "{ [key: string]: unknown }"
	}
	return string(v)
}

// enumType is the union of an enum's values, those that fit its type if any do.
func (t *types) enumType(s *api.Schema) texpr {
	var texts []string
	for _, v := range enumValues(s) {
		texts = append(texts, t.int64.typeOf(s, v))
	}
	return atom("never").or(texts...)
}

func enumValues(s *api.Schema) []api.Value {
	var fitting []api.Value
	for _, v := range s.Enum {
		if len(s.Types) == 0 || hasKind(s.Types, v) {
			fitting = append(fitting, v)
		}
	}
	if len(fitting) == 0 {
		return s.Enum
	}
	return fitting
}

func hasKind(types []api.Type, v api.Value) bool {
	kind := kindOf(v)
	for _, t := range types {
		if t == kind || t == api.Integer && kind == api.Numeric {
			return true
		}
	}
	return false
}

// number writes a number as prettier does: lower-case e, no +, no trailing zeros
// behind the point. One with more digits than a number of JavaScript has is
// written as what it becomes there.
func number(n api.Number) string {
	s := strings.ToLower(string(n))
	if len(s) > 15 {
		s = asDouble(s)
	}
	mantissa, exponent, hasExponent := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	if mantissa == "-0" {
		mantissa = "0"
	}
	if !hasExponent {
		return mantissa
	}
	return mantissa + "e" + strings.TrimPrefix(exponent, "+")
}

// asDouble is the shortest text of the double that a number is read as.
func asDouble(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'e', -1, 64)
}
