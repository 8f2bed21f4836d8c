package openapi

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target/openapi/schema"
)

// plainText is a value as text; objects and arrays are JSON.
func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return string(v)
	}
	return schema.JSON(v)
}

// escape percent-encodes all but unreserved characters, and leaves templates.
func escape(s string) string {
	return around(s, func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") })
}

// escapeReserved leaves the characters that have a meaning in URLs, as
// allowReserved asks, but for those that end a query or a value of it.
func escapeReserved(s string) string {
	return around(s, func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			if strings.IndexByte(":/?@!$'()*,;[]", c) >= 0 {
				b.WriteByte(c)
			} else {
				b.WriteString(strings.ReplaceAll(url.QueryEscape(string([]byte{c})), "+", "%20"))
			}
		}
		return b.String()
	})
}

// around writes what stands outside of {{…}}.
func around(s string, write func(string) string) string {
	before, rest, ok := strings.Cut(s, "{{")
	inside, after, closed := strings.Cut(rest, "}}")
	if !ok || !closed {
		return write(s)
	}
	return write(before) + "{{" + inside + "}}" + around(after, write)
}

// text writes the parameter's value in the styles of paths and headers.
func (p *parameter) text(v any) string {
	write := escape
	if p.in == "header" || p.in == "cookie" {
		write = func(s string) string { return s }
	}
	if p.json {
		return write(schema.JSON(v))
	}
	switch p.style {
	case "label":
		separator := ","
		if p.explode {
			separator = "."
		}
		return "." + joined(v, separator, p.explode, write)
	case "matrix":
		return p.matrix(v)
	}
	return joined(v, ",", p.explode, write)
}

// matrix is ;id=1,2 or, exploded, ;id=1;id=2.
func (p *parameter) matrix(v any) string {
	switch v := v.(type) {
	case []any:
		if p.explode {
			var b strings.Builder
			for _, item := range v {
				b.WriteString(";" + p.name + "=" + escape(plainText(item)))
			}
			return b.String()
		}
	case *schema.Object:
		if p.explode {
			return ";" + joined(v, ";", true, escape)
		}
	}
	return ";" + p.name + "=" + joined(v, ",", false, escape)
}

// joined is a,b and, of objects, k,v or (exploded) k=v.
func joined(v any, separator string, explode bool, write func(string) string) string {
	var list []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			list = append(list, write(plainText(item)))
		}
	case *schema.Object:
		for _, key := range v.Keys {
			value := write(plainText(v.Values[key]))
			if explode {
				list = append(list, write(key)+"="+value)
			} else {
				list = append(list, write(key), value)
			}
		}
	default:
		return write(plainText(v))
	}
	return strings.Join(list, separator)
}

// query writes the parameter's value as pairs of a query.
func (p *parameter) query(v any) []string {
	name, write := escape(p.name), escape
	if p.reserved {
		write = escapeReserved
	}
	if p.json {
		return []string{name + "=" + write(schema.JSON(v))}
	}
	var list []string
	switch v := v.(type) {
	case []any:
		if p.style == "form" && p.explode {
			for _, item := range v {
				list = append(list, name+"="+write(plainText(item)))
			}
			return list
		}
		if len(v) == 0 {
			return nil
		}
		separator := map[string]string{"spaceDelimited": "%20", "pipeDelimited": "%7C"}[p.style]
		if separator == "" {
			separator = ","
		}
		return []string{name + "=" + joined(v, separator, false, write)}
	case *schema.Object:
		for _, key := range v.Keys {
			value := write(plainText(v.Values[key]))
			switch {
			case p.style == "deepObject":
				list = append(list, name+"%5B"+escape(key)+"%5D="+value)
			case p.explode:
				list = append(list, escape(key)+"="+value)
			}
		}
		if p.style == "deepObject" || p.explode {
			return list
		}
		if len(v.Keys) == 0 {
			return nil
		}
		return []string{name + "=" + joined(v, ",", false, write)}
	}
	return []string{name + "=" + write(plainText(v))}
}

// readings are how a server may understand a value that it gets as text: as it
// stands, or as the number or truth value that it looks like.
func readings(v any) []any {
	switch v := v.(type) {
	case []any:
		texts, others := []any{}, []any{}
		for _, item := range v {
			r := readings(item)
			texts, others = append(texts, r[0]), append(others, r[len(r)-1])
		}
		out := []any{texts, others}
		if len(v) == 1 {
			out = append(out, texts[0], others[0])
		}
		return out
	case *schema.Object:
		texts, others := schema.NewObject(), schema.NewObject()
		for _, key := range v.Keys {
			r := readings(v.Values[key])
			texts.Set(key, r[0])
			others.Set(key, r[len(r)-1])
		}
		return []any{texts, others, schema.JSON(v)}
	case schema.Raw:
		return []any{v}
	}
	text := plainText(v)
	switch {
	case text == "true" || text == "false":
		return []any{text, text == "true"}
	case schema.Number(text) != nil:
		return []any{text, json.Number(text)}
	}
	return []any{text, text}
}

// fits says that a server may take the value of a parameter for a right one.
func (p *parameter) fits(v any) bool { return readAs(p.schema, v) }

// readAs says that one of the readings of v, or of a list of it, fits.
func readAs(s *schema.Schema, v any) bool {
	for _, r := range readings(v) {
		if schema.Fits(s, r, schema.Lenient) || schema.Fits(s, []any{r}, schema.Lenient) {
			return true
		}
	}
	return false
}
