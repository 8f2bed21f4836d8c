package contract

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/input"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
)

// percent encodes all but what a URL may hold anywhere.
func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteString("%" + strings.ToUpper(operation.Hex(c)))
		}
	}
	return b.String()
}

// scalarText is a value as text; what is nested deeper is JSON.
func scalarText(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(x)
	case string:
		return x
	case json.Number:
		return string(x)
	}
	return sample.JSON(v)
}

// texts are the values of a list, or the names and values of an object, encoded:
// with "=" between name and value where exploded.
func texts(v any, exploded bool, encode func(string) string) ([]string, bool) {
	switch x := v.(type) {
	case []any:
		var out []string
		for _, item := range x {
			out = append(out, encode(scalarText(item)))
		}
		return out, true
	case *sample.Object:
		var out []string
		for _, key := range x.Keys {
			name, value := encode(key), encode(scalarText(x.Values[key]))
			if exploded {
				out = append(out, name+"="+value)
			} else {
				out = append(out, name, value)
			}
		}
		return out, true
	}
	return []string{encode(scalarText(v))}, false
}

func pathText(parameter *api.Parameter, v any) (string, bool) {
	if parameter.Content != nil {
		return percent(contentText(parameter, v)), true
	}
	parts, several := texts(v, parameter.Explode, percent)
	switch parameter.Style {
	case api.StyleLabel:
		if parameter.Explode {
			return "." + strings.Join(parts, "."), true
		}
		return "." + strings.Join(parts, ","), true
	case api.StyleMatrix:
		return matrixText(parameter, v, parts), true
	}
	joined := strings.Join(parts, ",")
	return joined, !several || joined != ""
}

func matrixText(parameter *api.Parameter, v any, parts []string) string {
	name := ";" + percent(parameter.Name) + "="
	_, isObject := v.(*sample.Object)
	switch {
	case parameter.Explode && isObject:
		return ";" + strings.Join(parts, ";")
	case parameter.Explode:
		return name + strings.Join(parts, name)
	}
	return name + strings.Join(parts, ",")
}

func contentText(parameter *api.Parameter, v any) string {
	if parameter.Content.Kind() == api.JSON {
		return sample.JSON(v)
	}
	return scalarText(v)
}

// queryPairs are the pairs that a parameter has in a query string.
func queryPairs(parameter *api.Parameter, v any) ([][2]string, bool) {
	name := percent(parameter.Name)
	if _, isObject := v.(*sample.Object); parameter.In == api.InQueryString {
		if isObject && input.StyleName(parameter) == "whole" {
			whole := api.Parameter{Style: api.StyleForm, Explode: true}
			return queryPairs(&whole, v)
		}
		return [][2]string{{percent(contentText(parameter, v)), ""}}, true
	}
	if parameter.Content != nil {
		return [][2]string{{name, percent(contentText(parameter, v))}}, true
	}
	if parameter.Style == api.StyleDeepObject {
		return deepPairs(name, v), true
	}
	separator := map[api.Style]string{api.StyleSpaceDelimited: "%20", api.StylePipeDelimited: "%7C"}[parameter.Style]
	if separator == "" {
		separator = ","
	}
	parts, several := texts(v, parameter.Explode, percent)
	if !several {
		return [][2]string{{name, parts[0]}}, true
	}
	if !parameter.Explode {
		return [][2]string{{name, strings.Join(parts, separator)}}, len(parts) > 0
	}
	var out [][2]string
	for _, part := range parts {
		if _, isObject := v.(*sample.Object); isObject {
			key, value, _ := strings.Cut(part, "=")
			out = append(out, [2]string{key, value})
		} else {
			out = append(out, [2]string{name, part})
		}
	}
	return out, true
}

// deepPairs: filter[a]=1, filter[b][c]=2, filter[d][0]=3, filter[d][1]=4
func deepPairs(name string, v any) [][2]string {
	switch x := v.(type) {
	case *sample.Object:
		var out [][2]string
		for _, key := range x.Keys {
			out = append(out, deepPairs(name+"["+percent(key)+"]", x.Values[key])...)
		}
		return out
	case []any:
		var out [][2]string
		for i, item := range x {
			out = append(out, deepPairs(name+"["+strconv.Itoa(i)+"]", item)...)
		}
		return out
	}
	return [][2]string{{name, percent(scalarText(v))}}
}

// headerValue is the text of a header parameter, if a header can carry it.
func headerValue(parameter *api.Parameter, v any) (string, bool) {
	text := ""
	if parameter.Content != nil {
		text = contentText(parameter, v)
	} else {
		parts, _ := texts(v, parameter.Explode, func(s string) string { return s })
		text = strings.Join(parts, ",")
	}
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' {
			return "", false
		}
	}
	return text, strings.TrimSpace(text) == text
}
