package spec

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// jsonValue is the JSON value at n, "" where it has none (a reference back to
// an anchor around it, .inf).
func jsonValue(n node) api.Value {
	var b bytes.Buffer
	if !n.ok() || !writeValue(&b, n, 0) {
		return ""
	}
	return api.Value(b.String())
}

// deepest is how deep values and schemas may nest: far more than people write,
// and an anchor that holds itself ends somewhere.
const deepest = 200

func writeValue(b *bytes.Buffer, n node, depth int) bool {
	// An alias that multiplies itself would fill the memory.
	if depth > deepest || b.Len() > 8<<20 {
		return false
	}
	switch {
	case n.isMap():
		b.WriteByte('{')
		for i, p := range n.pairs() {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, p.name)
			b.WriteByte(':')
			if !writeValue(b, p.value, depth+1) {
				return false
			}
		}
		b.WriteByte('}')
		return true
	case n.isSequence():
		b.WriteByte('[')
		for i, item := range n.items() {
			if i > 0 {
				b.WriteByte(',')
			}
			if !writeValue(b, item, depth+1) {
				return false
			}
		}
		b.WriteByte(']')
		return true
	case n.isScalar():
		return writeScalar(b, n)
	}
	return false
}

func writeScalar(b *bytes.Buffer, n node) bool {
	switch n.y.ShortTag() {
	case "!!null":
		b.WriteString("null")
	case "!!bool":
		b.WriteString(strings.ToLower(n.y.Value))
	case "!!int", "!!float":
		number := numberText(n.y.Value)
		if number == "" {
			return false
		}
		b.WriteString(string(number))
	default: // strings, and dates that YAML takes for more than a string
		writeString(b, n.y.Value)
	}
	return true
}

func writeString(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes, and a Buffer takes all
	b.Truncate(b.Len() - 1)
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// numberText brings a number of YAML (0x1F, 1_000, .5, +1) into JSON text and
// leaves one that is JSON already as it is, digit for digit. It gives "" for
// what JSON cannot write.
func numberText(s string) api.Number {
	if jsonNumber.MatchString(s) {
		return api.Number(s)
	}
	clean := strings.ReplaceAll(strings.TrimPrefix(s, "+"), "_", "")
	if len(clean) > 400 { // no number that anything could hold
		return ""
	}
	if i, ok := new(big.Int).SetString(clean, 0); ok {
		return api.Number(i.String())
	}
	f, err := strconv.ParseFloat(clean, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return ""
	}
	return api.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

// countText is a length or a number of items: whole and not negative, without
// a fraction or an exponent; "" for anything else.
func countText(s string) api.Number {
	f, err := strconv.ParseFloat(string(numberText(s)), 64)
	if err != nil || f < 0 || f != math.Trunc(f) || f > 1<<53 {
		return ""
	}
	return api.Number(strconv.FormatInt(int64(f), 10))
}
