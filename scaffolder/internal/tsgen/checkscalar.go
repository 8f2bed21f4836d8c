package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// isValueSetEnough: const or enum say all about the type, too.
func (c *checks) isValueSetEnough(schema *api.Schema) bool {
	if schema.Const != "" {
		return len(schema.Types) == 0 || hasKind(schema.Types, schema.Const)
	}
	if !schema.HasEnum {
		return false
	}
	for _, v := range schema.Enum {
		if len(schema.Types) > 0 && !hasKind(schema.Types, v) {
			return false
		}
	}
	return true
}

// valueSet is const and enum.
func (c *checks) valueSet(schema *api.Schema, v string, p place, s scope) []stmt {
	var out []stmt
	if schema.Const != "" {
		out = append(out, ifStmt{c.differs(v, []api.Value{schema.Const}, s), []stmt{c.fail(s, p, "must be "+shown(schema.Const))}, nil})
	}
	if schema.HasEnum {
		if len(schema.Enum) == 0 {
			return append(out, c.fail(s, p, "is not allowed"))
		}
		var texts []string
		for _, each := range schema.Enum {
			texts = append(texts, shown(each))
		}
		list := strings.Join(texts, ", ")
		if len([]rune(list)) > 200 {
			list = string([]rune(list)[:200]) + "…"
		}
		message := "must be one of " + list
		if len(texts) == 1 {
			message = "must be " + list
		}
		out = append(out, ifStmt{c.differs(v, schema.Enum, s), []stmt{c.fail(s, p, message)}, nil})
	}
	return out
}

// shown is a value in a message.
func shown(v api.Value) string {
	if kindOf(v) == api.String {
		return stringOf(v)
	}
	return string(v)
}

// differs are the conditions under which v is none of the values.
func (c *checks) differs(v string, values []api.Value, s scope) []string {
	simple := true
	for _, each := range values {
		if k := kindOf(each); k == api.Array || k == api.Object {
			simple = false
		}
	}
	if simple && len(values) <= 3 {
		var out []string
		seen := map[string]bool{}
		for _, each := range values {
			text := c.literal(each)
			if !seen[text] {
				seen[text] = true
				out = append(out, v+" !== "+text)
			}
		}
		return out
	}
	var items []doc
	seen := map[string]bool{}
	for _, each := range values {
		text := c.literal(each)
		if !seen[text] {
			seen[text] = true
			items = append(items, docText(text))
		}
	}
	name := c.constName(s, "Values")
	if simple {
		c.constant(cat(docText("const "+name+" = new Set<unknown>("), listLiteral(values, items), docText(");")))
		return []string{"!" + name + ".has(" + v + ")"}
	}
	c.constant(cat(docText("const "+name+": readonly unknown[] = "), listLiteral(values, items), docText(";")))
	return []string{"!" + c.helper("isOneOf") + "(" + v + ", " + name + ")"}
}

// listLiteral lays numbers out as prettier does: as many on a line as fit.
func listLiteral(values []api.Value, items []doc) doc {
	numeric := len(items) > 1
	for _, v := range values {
		numeric = numeric && kindOf(v) == api.Numeric
	}
	if !numeric {
		return list(items...)
	}
	return group(docText("["), indent(softline, filled(items), docIfBreak(",")), softline, docText("]"))
}

func (c *checks) constant(d doc) {
	c.consts.WriteString(render(d, 0) + "\n")
}

// literal is a value as an expression on one line, as exact as numbers are read.
func (c *checks) literal(v api.Value) string {
	if kindOf(v) == api.Numeric {
		return c.types.int64.judged(api.Number(v))
	}
	return flatLiteral(v)
}

// flatLiteral is a value as an expression on one line.
func flatLiteral(v api.Value) string {
	switch kindOf(v) {
	case api.String:
		return quote(stringOf(v))
	case api.Numeric:
		return number(api.Number(v))
	case api.Array, api.Object:
		return "JSON.parse(" + quote(string(v)) + ")"
	}
	return string(v)
}

func (c *checks) ofString(schema *api.Schema, v string, p place, s scope) []stmt {
	var out []stmt
	add := func(condition, message string) {
		out = append(out, ifStmt{[]string{condition}, []stmt{c.fail(s, p, message)}, nil})
	}
	if schema.MinLength != "" && schema.MinLength != "0" {
		add(c.helper("isShorter")+"("+v+", "+number(schema.MinLength)+")", "must have at least "+counted(schema.MinLength, "character"))
	}
	if schema.MaxLength != "" {
		add(c.helper("isLonger")+"("+v+", "+number(schema.MaxLength)+")", "must have at most "+counted(schema.MaxLength, "character"))
	}
	if schema.Pattern != "" {
		name := c.constName(s, "Pattern")
		c.constant(cat(docText("const "+name+" = "), call(c.helper(patternHelper(schema.SlowPattern)), docText(quote(schema.Pattern))), docText(";")))
		add("!"+name+".test("+v+")", "must match the pattern "+schema.Pattern)
	}
	if f := formatFunction(schema.Format); f != "" {
		c.used["formats"] = true
		add("!formats."+f+"("+v+")", "must be a valid "+schema.Format)
	}
	return out
}

func counted(n api.Number, noun string) string {
	if n == "1" {
		return "1 " + noun
	}
	return string(n) + " " + noun + "s"
}

// formatFunction is the function of formats.ts for a format of strings; there is none
// for a format that is not checked.
func formatFunction(format string) string {
	switch format {
	case "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "url", "uuid", "byte", "regex":
		return format
	case "date-time", "uri-reference", "uri-template", "json-pointer", "relative-json-pointer":
		return camel(format)
	}
	return ""
}

func (c *checks) ofNumber(schema *api.Schema, k api.Type, v string, p place, s scope) []stmt {
	var out []stmt
	add := func(condition, message string) {
		out = append(out, ifStmt{[]string{condition}, []stmt{c.fail(s, p, message)}, nil})
	}
	bound := func(n api.Number, operator, words string) {
		if n != "" {
			add(v+" "+operator+" "+c.types.int64.judged(n), "must be "+words+" "+string(n))
		}
	}
	bound(schema.Minimum, "<", ">=")
	bound(schema.Maximum, ">", "<=")
	bound(schema.ExclusiveMinimum, "<=", ">")
	bound(schema.ExclusiveMaximum, ">=", "<")
	if schema.MultipleOf != "" {
		add("!"+c.helper("isMultiple")+"("+v+", "+c.types.int64.judged(schema.MultipleOf)+")", "must be a multiple of "+string(schema.MultipleOf))
	}
	if k == api.Integer && schema.Format == "int32" {
		add("!"+c.helper("isInt32")+"("+v+")", "must be a 32-bit integer")
	}
	if k == api.Integer && schema.Format == "int64" {
		if c.types.int64.exact() {
			add("!"+c.helper("isInt64")+"("+v+")", "must be a 64-bit integer")
		} else {
			add("!Number.isSafeInteger("+v+")", "must be an integer that JSON carries exactly")
		}
	}
	return out
}

// patternHelper: a pattern that can take exponential time is given a limit of it.
func patternHelper(slow bool) string {
	if slow {
		return "slowPattern"
	}
	return "pattern"
}
