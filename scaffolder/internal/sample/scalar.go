package sample

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// ofFormat is a text of a format; "" where the format says nothing of texts.
func ofFormat(format string) string {
	switch format {
	case "date-time":
		return "2024-01-15T09:30:00Z"
	case "date":
		return "2024-01-15"
	case "time":
		return "09:30:00Z"
	case "duration":
		return "P1D"
	case "hostname", "idn-hostname":
		return "example.com"
	case "ipv4":
		return "192.0.2.1"
	case "ipv6":
		return "2001:db8::1"
	case "uri-reference":
		return "/path"
	case "uri-template":
		return "/path/{id}"
	case "uuid":
		return "3fa85f64-5717-4562-b3fc-2c963f66afa6"
	case "byte":
		return "aGVsbG8="
	case "regex":
		return "^a+$"
	case "json-pointer":
		return "/a"
	case "relative-json-pointer":
		return "0"
	case "password":
		return "correct-horse-battery"
	case "email", "idn-email":
		return "user@example.com"
	case "uri", "url", "iri":
		return "https://example.com/"
	}
	return ""
}

func makeString(s *api.Schema) any {
	least, most := count(orZero(s.MinLength)), math.MaxInt32
	if s.MaxLength != "" {
		most = count(s.MaxLength)
	}
	candidates := []string{ofFormat(s.Format), "string", "value", "abc", "a1", "1", ""}
	if s.Pattern != "" {
		candidates = append(fromPattern(s.Pattern, least, most), candidates...)
	}
	if s.ContentEncoding == "base64" {
		candidates = append([]string{ofFormat("byte")}, candidates...)
	}
	for _, c := range candidates {
		if c == "" {
			continue
		}
		if len(c) < least && least < 100_000 {
			c += strings.Repeat("x", least-len(c))
		}
		if validString(s, c) {
			return c
		}
		if len(c) > most && validString(s, c[:most]) {
			return c[:most]
		}
	}
	if validString(s, "") {
		return ""
	}
	return missing
}

func makeNumber(s *api.Schema, t api.Type) any {
	read := func(n api.Number) (float64, bool) {
		f, err := strconv.ParseFloat(string(n), 64)
		return f, n != "" && err == nil
	}
	var candidates []float64
	step := 1.0
	if t == api.Numeric {
		step = 0.5
	}
	if multiple, ok := read(s.MultipleOf); ok {
		step = multiple
	}
	for _, bound := range []api.Number{s.Minimum, s.ExclusiveMinimum} {
		if f, ok := read(bound); ok {
			first := math.Ceil(f/step) * step
			candidates = append(candidates, first, first+step)
		}
	}
	for _, bound := range []api.Number{s.Maximum, s.ExclusiveMaximum} {
		if f, ok := read(bound); ok {
			last := math.Floor(f/step) * step
			candidates = append(candidates, last, last-step)
			if low, has := read(s.ExclusiveMinimum); has {
				candidates = append(candidates, (low+f)/2)
			}
		}
	}
	candidates = append([]float64{1, step, 0, 10, 100}, candidates...)
	for _, c := range candidates {
		n := json.Number(strconv.FormatFloat(c, 'f', -1, 64))
		if validNumber(s, n) && (t != api.Integer || isInteger(n)) {
			return n
		}
	}
	return missing
}
