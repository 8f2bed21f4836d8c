package proof

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// value is what a column held in a row: as text, and as JSON, which knows the
// parts of arrays and rows.
type value struct {
	null bool
	text string
	json string
}

// survives tells whether a value is still there, in a column whose type may have
// changed: elements at their place, attributes under their names, numbers,
// truths and times as what they are, whatever they are printed like. It knows
// nothing of how the plan converts, only what it says of names.
func (v value) survives(now value, said *said) bool {
	if v.null || now.null {
		return v.null == now.null
	}
	if v.text == now.text && v.json == now.json {
		return true // text alone does not say which attribute is which
	}
	old, is := decode(v.json), decode(now.json)
	if s, ok := is.(string); ok && s == v.text {
		return true // printed whole
	}
	if s, ok := old.(string); ok {
		if _, scalar := is.(string); !scalar && same(decode(s), is, said) {
			return true // a text that was read
		}
	}
	return same(old, is, said)
}

// said is what a plan says of names within values.
type said struct {
	gone       map[string]bool   // attributes whose values are lost, with a hazard
	attributes map[string]string // renamed attributes
	labels     map[string]string // renamed values of enums
}

func decode(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return text
	}
	return v
}

// same compares two values of JSON.
func same(a, b any, said *said) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for name, v := range x {
			if said.gone[name] {
				continue
			}
			if to := said.attributes[name]; to != "" {
				name = to
			}
			now, has := y[name]
			if !has || !same(v, now, said) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !same(x[i], y[i], said) {
				return false
			}
		}
		return true
	}
	if b == nil {
		return false
	}
	return sameScalar(scalarText(a), scalarText(b), said)
}

// scalarText is a string, number or truth as text; "" for what has parts.
func scalarText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// sameScalar compares two texts as whatever both can be read as.
func sameScalar(a, b string, said *said) bool {
	if now, renamed := said.labels[a]; renamed && now == b {
		return true
	}
	a, b = strings.TrimRight(a, " "), strings.TrimRight(b, " ")
	if a == b {
		return true
	}
	if truth(a) != "" && truth(a) == truth(b) {
		return true
	}
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			f, _ := x.Float32()
			g, _ := y.Float32()
			return x.Cmp(y) == 0 || f == g && (decimals(a) < 9 || decimals(b) < 9)
		}
	}
	a, b = strings.Replace(a, " ", "T", 1), strings.Replace(b, " ", "T", 1) // times: JSON writes them otherwise than text
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	if rest, ok := strings.CutPrefix(long, short); ok && len(short) >= 8 {
		return strings.Trim(rest, "T0:+-./32") == "" || strings.HasPrefix(rest, "+") || strings.HasPrefix(rest, "-")
	}
	return strings.ReplaceAll(b, ":ff:fe:", ":") == a // macaddr8
}

// truth is 1 or 0 of what says yes or no.
func truth(s string) string {
	switch s {
	case "true", "t", "1":
		return "1"
	case "false", "f", "0":
		return "0"
	}
	return ""
}

// number reads a number, of money too.
func number(s string) (*big.Rat, bool) {
	s = strings.NewReplacer("$", "", ",", "").Replace(s)
	if s == "" || !strings.ContainsAny(s, "0123456789") || strings.ContainsAny(s, "/_xX") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func decimals(s string) int { return len(strings.Trim(s, "-0.")) }
