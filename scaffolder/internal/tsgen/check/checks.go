package check

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Checks writes the functions that judge values: one for each declaration that a
// request can hold, and smaller ones for what stands inside of them.
type Checks struct {
	zod   *zodSchemas // nil: plain functions
	types *declare.Types
	names *ts.Names
	// consts are the patterns and lists that functions share, written first.
	consts strings.Builder
	file   *ts.File
	from   string // the folder of validation.ts, as the file's imports have it
	// RejectsReadOnly: a request that sends what is readOnly is not valid; otherwise it
	// is left out of what handlers get.
	RejectsReadOnly bool
	// RejectsWriteOnly: an answer that holds what is writeOnly is wrong.
	RejectsWriteOnly bool
	Slow             bool // the time of some pattern must be bounded
	Linear           bool // some pattern is matched by RE2
	byDecl           map[*declare.Declaration]string
	byPart           map[partKey]string
	queue            []func() string
}

type partKey struct {
	schema *api.Schema
	mode   declare.Mode
}

// newChecks write a file of checks of the types. from is the folder of the run-time
// modules as seen from that file: "./". withZod: schemas of zod, where there are words
// for it in zod.
func New(t *declare.Types, from string, withZod bool) *Checks {
	c := &Checks{
		types: t, names: ts.NewNames(calledInChecks()...), from: from,
		byDecl: map[*declare.Declaration]string{}, byPart: map[partKey]string{},
	}
	c.file = ts.NewFile(
		ts.Module{Path: apiModule, As: "api", Types: true}, ts.Module{Path: "zod"}, ts.Module{Path: from + "formats.js"}, ts.Module{Path: from + "linear.js"},
		ts.Module{Path: from + "validation.js"}, ts.Module{Path: from + "zod.js"},
	)
	if withZod {
		c.zod = newZodSchemas(c)
	}
	return c
}

const apiModule = "../types/api.js"

// typeOf is the type of a declaration as checks name it.
func (c *Checks) typeOf(name string) string { return c.file.Use(apiModule, name) }

// calledInChecks are the imported names that stand inside of functions.
func calledInChecks() []string {
	return []string{
		"api", "at", "equal", "fail", "formats", "hasDuplicates", "isArray", "isFile", "isInt32", "isInt64",
		"isInteger", "isLonger", "linear", "isMultiple", "isNumber", "isObject", "isOneOf", "isShorter", "own", "passes", "passesOne",
		"by", "conforms", "rules", "typed", "z", // with zod
	}
}

// locals are the names of one function.
func (c *Checks) locals() *ts.Names {
	return c.names.Within("value", "path", "issues", "before")
}

// helper is a function of validation.ts, which the file imports from now on.
func (c *Checks) helper(name string) string { return c.file.Use(c.from+"validation.js", name) }

// place is where a value stands: an expression that gives a JSON pointer.
type place struct {
	base  string // an expression
	fixed string // what follows, as the text of a template literal
	keyed bool   // base calls `at`
}

// under is the place of a property whose name is in a variable.
func (p place) under(key string) place {
	return place{base: "at(" + p.text() + ", " + key + ")", keyed: true}
}

// at is the expression of a place, which is used now.
func (c *Checks) at(p place) string {
	if p.keyed {
		c.helper("at")
	}
	return p.text()
}

func (p place) text() string {
	if p.fixed == "" {
		return p.base
	}
	return "`${" + p.base + "}" + p.fixed + "`"
}

func (p place) property(name string) place {
	escaped := strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
	p.fixed += "/" + ts.Template(escaped)
	return p
}

func (p place) index(variable string) place {
	p.fixed += "/${" + variable + "}"
	return p
}

// scope is the function that is being written.
type scope struct {
	mode  declare.Mode
	hint  string // for the names of what is inside
	local *ts.Names
	sink  string // the list that issues go to
	exact bool   // below not or if: only what the document says, nothing implied
}

func (c *Checks) fail(s scope, p place, message string) ts.Statement {
	return ts.Expression{Doc: ts.Call(c.helper("fail"), ts.Text(s.sink), ts.Text(c.at(p)), ts.Text(ts.Quote(message)))}
}

// ForDecl is the name of the function of a declaration.
func (c *Checks) ForDecl(d *declare.Declaration) string {
	if name, ok := c.byDecl[d]; ok {
		return name
	}
	name := c.names.Unique("check" + d.Name)
	c.byDecl[d] = name
	c.queue = append(c.queue, func() string { return c.declFunction(d, name) })
	return name
}

// forPart is a function for a schema that has no declaration.
func (c *Checks) forPart(schema *api.Schema, s scope, hint string) string {
	key := partKey{schema, s.mode}
	if name, ok := c.byPart[key]; ok {
		return name
	}
	name := c.names.Unique("check" + ts.Limit(hint))
	c.byPart[key] = name
	c.queue = append(c.queue, func() string { return c.partFunction(schema, s, hint, name) })
	return name
}

func (c *Checks) declFunction(d *declare.Declaration, name string) string {
	s := scope{mode: d.Mode, hint: d.Name, local: c.locals(), sink: "issues"}
	if c.zod != nil {
		if text := c.zod.declFunction(d, name, s); text != "" {
			return text
		}
	}
	return c.function("export function "+name, c.typeOf(d.Name), d.Schema, s)
}

func (c *Checks) partFunction(schema *api.Schema, outer scope, hint, name string) string {
	s := scope{mode: outer.mode, hint: hint, local: c.locals(), sink: "issues", exact: outer.exact}
	return c.function("function "+name, "", schema, s)
}

// function is one that judges a value by a schema, and tells compilers that the value
// has a type; "" is none.
func (c *Checks) function(head, typeName string, schema *api.Schema, s scope) string {
	value := &variable{code: "value"}
	body := c.keywords(schema, value, place{base: "path"}, s)
	c.issues()
	parameters := []ts.Doc{ts.Text(value.parameter() + ": unknown"), ts.Text("path: string"), ts.Text("issues: Issue[]")}
	if len(body) == 0 { // everything passes, after all
		parameters[1], parameters[2] = ts.Text("_path: string"), ts.Text("_issues: Issue[]")
	}
	result := "boolean"
	if typeName != "" {
		result = value.parameter() + " is " + typeName
	}
	var b strings.Builder
	b.WriteString(ts.Render(ts.Cat(ts.Text(head), ts.Enclosed("(", ts.Softline, parameters, ")"), ts.Text(": "+result+" {")), 0) + "\n")
	if len(body) == 0 {
		return b.String() + "  return true;\n}\n"
	}
	b.WriteString("  const before = issues.length;\n")
	ts.Write(&b, 1, body)
	b.WriteString("  return issues.length === before;\n}\n")
	return b.String()
}

// issues notes that the file uses the type of issues.
func (c *Checks) issues() { c.file.UseType(c.from+"validation.js", "Issue") }

// drain writes all functions that are asked for, and those that these ask for.
func (c *Checks) drain() []string {
	var out []string
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		out = append(out, next())
	}
	return out
}

// value judges the value v by a schema: by a call where there is a function for
// it, or else in place.
func (c *Checks) value(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	if IsTrivial(schema, 0) {
		return nil
	}
	if schema.IsRef() || schema.Ref == nil && declare.DeservesName(schema) && !s.exact {
		return []ts.Statement{ts.Expression{Doc: c.callFor(schema, v, p, s)}}
	}
	return c.keywords(schema, v, p, s)
}

// functionFor is the function for a schema, which is made if needed.
func (c *Checks) functionFor(schema *api.Schema, s scope) string {
	switch {
	case schema.IsRef():
		return c.ForDecl(c.types.Of(schema.Ref, s.mode, s.hint))
	case declare.DeservesName(schema) && !s.exact:
		return c.ForDecl(c.types.Of(schema, s.mode, s.hint))
	}
	return c.forPart(schema, s, s.hint)
}

// callFor is a call of that function.
func (c *Checks) callFor(schema *api.Schema, v *variable, p place, s scope) ts.Doc {
	return ts.Call(c.functionFor(schema, s), ts.Text(v.read()), ts.Text(c.at(p)), ts.Text(s.sink))
}

// IsTrivial: everything passes.
func IsTrivial(s *api.Schema, depth int) bool {
	if s == nil || s.IsAny() {
		return true
	}
	return depth < 32 && s.IsRef() && IsTrivial(s.Ref, depth+1)
}

// keywords judges by each keyword of a schema in place.
func (c *Checks) keywords(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	if schema.Never {
		return []ts.Statement{c.fail(s, p, "is not allowed")}
	}
	var out []ts.Statement
	if schema.Ref != nil && !IsTrivial(schema.Ref, 0) {
		name := c.ForDecl(c.types.Of(schema.Ref, s.mode, s.hint))
		out = append(out, ts.Expression{Doc: ts.Call(name, ts.Text(v.read()), ts.Text(c.at(p)), ts.Text(s.sink))})
	}
	if s.mode == declare.Form && schema.IsBytes() {
		return append(out, ts.If{Conditions: []string{"!" + c.helper("isFile") + "(" + v.read() + ")"}, Then: []ts.Statement{c.fail(s, p, "must be a file")}})
	}
	out = append(out, c.valueSet(schema, v, p, s)...)
	out = append(out, c.kinds(schema, v, p, s)...)
	out = append(out, c.composition(schema, v, p, s)...)
	if schema.Nullable {
		return ts.When(v.read()+" !== null", out)
	}
	return out
}

// kinds checks the type, and for each type what the document asks of it.
func (c *Checks) kinds(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	types := schema.Types
	if len(types) == 0 && !s.exact {
		types = schema.ImpliedTypes()
	}
	if c.isValueSetEnough(schema) {
		return nil
	}
	if len(types) == 0 {
		var out []ts.Statement
		for _, k := range []api.Type{api.String, api.Numeric, api.Array, api.Object} {
			if inner := c.ofKind(schema, k, v, p, s); len(inner) > 0 {
				out = append(out, ts.When(c.is(k, v), inner)...)
			}
		}
		return out
	}
	types = withoutRedundant(types)
	wrong := c.fail(s, p, "must be "+typeList(types))
	if len(types) == 1 {
		return []ts.Statement{ts.If{Conditions: []string{c.isNot(types[0], v)}, Then: []ts.Statement{wrong}, Else: c.ofKind(schema, types[0], v, p, s)}}
	}
	var not []string
	var chain []ts.If
	for _, k := range types {
		if inner := c.ofKind(schema, k, v, p, s); len(inner) > 0 {
			chain = append(chain, ts.If{Conditions: []string{c.is(k, v)}, Then: inner})
		} else {
			not = append(not, c.isNot(k, v))
		}
	}
	tail := []ts.Statement{wrong}
	if len(not) > 0 {
		tail = []ts.Statement{ts.If{Conditions: not, Then: tail}}
	}
	for i := len(chain) - 1; i >= 0; i-- {
		chain[i].Else = tail
		tail = []ts.Statement{chain[i]}
	}
	return tail
}

func withoutRedundant(types []api.Type) []api.Type {
	hasNumber := false
	for _, t := range types {
		hasNumber = hasNumber || t == api.Numeric
	}
	var out []api.Type
	for _, t := range types {
		if t != api.Integer || !hasNumber {
			out = append(out, t)
		}
	}
	return out
}

func typeList(types []api.Type) string {
	var out []string
	for _, t := range types {
		switch t {
		case api.Null:
			out = append(out, "null")
		case api.Integer, api.Array, api.Object:
			out = append(out, "an "+string(t))
		default:
			out = append(out, "a "+string(t))
		}
	}
	return strings.Join(out, " or ")
}

func (c *Checks) is(k api.Type, v *variable) string {
	switch k {
	case api.Null:
		return v.read() + " === null"
	case api.Numeric:
		if c.types.Int64.Exact() {
			break
		}
		return "typeof " + v.read() + " === 'number'"
	case api.Boolean, api.String:
		return "typeof " + v.read() + " === '" + string(k) + "'"
	}
	return c.helper(predicate(k)) + "(" + v.read() + ")"
}

func (c *Checks) isNot(k api.Type, v *variable) string {
	switch k {
	case api.Null:
		return v.read() + " !== null"
	case api.Numeric:
		if c.types.Int64.Exact() {
			break
		}
		return "typeof " + v.read() + " !== 'number'"
	case api.Boolean, api.String:
		return "typeof " + v.read() + " !== '" + string(k) + "'"
	}
	return "!" + c.helper(predicate(k)) + "(" + v.read() + ")"
}

// predicate is the function of validation.ts for a type that typeof does not tell.
func predicate(k api.Type) string {
	switch k {
	case api.Integer:
		return "isInteger"
	case api.Numeric:
		return "isNumber"
	case api.Array:
		return "isArray"
	}
	return "isObject"
}

func (c *Checks) ofKind(schema *api.Schema, k api.Type, v *variable, p place, s scope) []ts.Statement {
	switch k {
	case api.String:
		return c.ofString(schema, v, p, s)
	case api.Integer, api.Numeric:
		return c.ofNumber(schema, k, v, p, s)
	case api.Array:
		return c.ofArray(schema, v, p, s)
	case api.Object:
		return c.ofObject(schema, v, p, s)
	}
	return nil
}

// constName names a constant of the file after what it is for.
func (c *Checks) constName(s scope, word string) string {
	return c.names.Unique(short(ts.Camel(s.hint)) + word)
}

// short keeps names so short that a condition with two of them fits on a line.
func short(name string) string {
	const most = 34
	if len(name) > most {
		return name[:most]
	}
	return name
}
