package check

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// isValueSetEnough: const or enum say all about the type, too.
func (c *Checks) isValueSetEnough(schema *api.Schema) bool {
	if schema.Const != "" {
		return len(schema.Types) == 0 || declare.HasKind(schema.Types, schema.Const)
	}
	if !schema.HasEnum {
		return false
	}
	for _, v := range schema.Enum {
		if len(schema.Types) > 0 && !declare.HasKind(schema.Types, v) {
			return false
		}
	}
	return true
}

// valueSet is const and enum.
func (c *Checks) valueSet(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	if schema.Const != "" {
		out = append(out, ts.If{Conditions: c.differs(v, []api.Value{schema.Const}, s), Then: []ts.Statement{c.fail(s, p, "must be "+shown(schema.Const))}})
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
		out = append(out, ts.If{Conditions: c.differs(v, schema.Enum, s), Then: []ts.Statement{c.fail(s, p, message)}})
	}
	return out
}

// mostCompared are the columns of a name and a value that fit on a line as a comparison,
// wherever it stands.
const mostCompared = 66

// differs are the conditions under which v is none of the values.
func (c *Checks) differs(v *variable, values []api.Value, s scope) []string {
	simple, short := true, len(values) <= 3
	for _, each := range values {
		if k := each.Type(); k == api.Array || k == api.Object {
			simple = false
		} else if ts.Columns(v.read()+c.literal(each)) > mostCompared {
			short = false
		}
	}
	if simple && short {
		var out []string
		seen := map[string]bool{}
		for _, each := range values {
			text := c.literal(each)
			if !seen[text] {
				seen[text] = true
				out = append(out, v.read()+" !== "+text)
			}
		}
		return out
	}
	var items []ts.Doc
	seen := map[string]bool{}
	for _, each := range values {
		text := c.literal(each)
		if !seen[text] {
			seen[text] = true
			items = append(items, ts.Text(text))
		}
	}
	name := c.constName(s, "Values")
	if simple {
		c.constant(ts.Cat(ts.Text("const "+name+" = new Set<unknown>("), listLiteral(values, items), ts.Text(");")))
		return []string{"!" + name + ".has(" + v.read() + ")"}
	}
	c.constant(ts.Cat(ts.Text("const "+name+": readonly unknown[] = "), listLiteral(values, items), ts.Text(";")))
	return []string{"!" + c.helper("isOneOf") + "(" + v.read() + ", " + name + ")"}
}

// listLiteral lays numbers out as prettier does: as many on a line as fit.
func listLiteral(values []api.Value, items []ts.Doc) ts.Doc {
	numeric := len(items) > 1
	for _, v := range values {
		numeric = numeric && v.Type() == api.Numeric
	}
	if !numeric {
		return ts.List(items...)
	}
	return ts.NumberList(items)
}

func (c *Checks) constant(d ts.Doc) {
	c.consts.WriteString(ts.Render(d, 0) + "\n")
}

// literal is a value as an expression on one line, as exact as numbers are read.
func (c *Checks) literal(v api.Value) string {
	if v.Type() == api.Numeric {
		return c.types.Int64.Judged(api.Number(v))
	}
	return flatLiteral(v)
}

// flatLiteral is a value as an expression on one line.
func flatLiteral(v api.Value) string {
	switch v.Type() {
	case api.String:
		return ts.Quote(v.Text())
	case api.Numeric:
		return ts.Number(string(v))
	case api.Array, api.Object:
		return "JSON.parse(" + ts.Quote(string(v)) + ")"
	}
	return string(v)
}

func (c *Checks) ofString(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	add := func(condition, message string) {
		out = append(out, ts.If{Conditions: []string{condition}, Then: []ts.Statement{c.fail(s, p, message)}})
	}
	if schema.MinLength != "" && schema.MinLength != "0" {
		add(c.helper("isShorter")+"("+v.read()+", "+ts.Number(string(schema.MinLength))+")", "must have at least "+counted(schema.MinLength, "character"))
	}
	if schema.MaxLength != "" {
		add(c.helper("isLonger")+"("+v.read()+", "+ts.Number(string(schema.MaxLength))+")", "must have at most "+counted(schema.MaxLength, "character"))
	}
	if schema.Pattern != "" {
		name := c.constName(s, "Pattern")
		c.constant(ts.Cat(ts.Text("const "+name+" = "), c.matcher(schema.Pattern, schema.SlowPattern), ts.Text(";")))
		add("!"+name+".test("+v.read()+")", "must match the pattern "+schema.Pattern)
	}
	if f := formatFunction(schema.Format); f != "" {
		add("!"+c.file.Use(c.from+"formats.js", "formats")+"."+f+"("+v.read()+")", "must be a valid "+schema.Format)
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
		return ts.Camel(format)
	}
	return ""
}

func (c *Checks) ofNumber(schema *api.Schema, k api.Type, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	add := func(condition, message string) {
		out = append(out, ts.If{Conditions: []string{condition}, Then: []ts.Statement{c.fail(s, p, message)}})
	}
	bound := func(n api.Number, operator, words string) {
		if n != "" {
			add(v.read()+" "+operator+" "+c.types.Int64.Judged(n), "must be "+words+" "+string(n))
		}
	}
	bound(schema.Minimum, "<", ">=")
	bound(schema.Maximum, ">", "<=")
	bound(schema.ExclusiveMinimum, "<=", ">")
	bound(schema.ExclusiveMaximum, ">=", "<")
	if schema.MultipleOf != "" {
		add("!"+c.helper("isMultiple")+"("+v.read()+", "+c.types.Int64.Judged(schema.MultipleOf)+")", "must be a multiple of "+string(schema.MultipleOf))
	}
	if k == api.Integer && schema.Format == "int32" {
		add("!"+c.helper("isInt32")+"("+v.read()+")", "must be a 32-bit integer")
	}
	if k == api.Integer && schema.Format == "int64" {
		if c.types.Int64.Exact() {
			add("!"+c.helper("isInt64")+"("+v.read()+")", "must be a 64-bit integer")
		} else {
			add("!Number.isSafeInteger("+v.read()+")", "must be an integer that JSON carries exactly")
		}
	}
	return out
}

// shown is a value in a message.
func shown(v api.Value) string {
	if v.Type() == api.String {
		return v.Text()
	}
	return string(v)
}
