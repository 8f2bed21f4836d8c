package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// checks writes the functions that judge values: one for each declaration that a
// request can hold, and smaller ones for what stands inside of them.
type checks struct {
	zod   *zodSchemas // nil: plain functions
	types *types
	names *names
	// consts are the patterns and lists that functions share, written first.
	consts strings.Builder
	used   map[string]bool // names taken from validation.ts
	byDecl map[*decl]string
	byPart map[partKey]string
	queue  []func() string
}

type partKey struct {
	schema *api.Schema
	mode   mode
}

func newChecks(t *types) *checks {
	return &checks{
		types: t, names: newNames(calledInChecks()...), used: map[string]bool{},
		byDecl: map[*decl]string{}, byPart: map[partKey]string{},
	}
}

// calledInChecks are the imported names that stand inside of functions.
func calledInChecks() []string {
	return []string{
		"api", "at", "equal", "fail", "formats", "hasDuplicates", "isArray", "isFile", "isInt32", "isInt64",
		"isInteger", "isLonger", "isMultiple", "isNumber", "isObject", "isOneOf", "isShorter", "own", "passes", "passesOne",
		"by", "conforms", "rules", "typed", "z", // with zod
	}
}

// locals are the names of one function.
func (c *checks) locals() *names {
	return c.names.within("value", "path", "issues", "before")
}

// helper notes that a function of validation.ts is used.
func (c *checks) helper(name string) string {
	c.used[name] = true
	return name
}

// place is where a value stands: an expression that gives a JSON pointer.
type place struct {
	base  string // an expression
	fixed string // what follows, as the text of a template literal
}

func (p place) expr() string {
	if p.fixed == "" {
		return p.base
	}
	return "`${" + p.base + "}" + p.fixed + "`"
}

func (p place) property(name string) place {
	escaped := strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
	return place{p.base, p.fixed + "/" + template(escaped)}
}

func (p place) index(variable string) place {
	return place{p.base, p.fixed + "/${" + variable + "}"}
}

// scope is the function that is being written.
type scope struct {
	mode  mode
	hint  string // for the names of what is inside
	local *names
	sink  string // the list that issues go to
	exact bool   // below not or if: only what the document says, nothing implied
}

func (c *checks) fail(s scope, p place, message string) stmt {
	c.used["fail"] = true
	return exprStmt{call("fail", docText(s.sink), docText(p.expr()), docText(quote(message)))}
}

// forDecl is the name of the function of a declaration.
func (c *checks) forDecl(d *decl) string {
	if name, ok := c.byDecl[d]; ok {
		return name
	}
	name := c.names.unique("check" + d.Name)
	c.byDecl[d] = name
	c.queue = append(c.queue, func() string { return c.declFunction(d, name) })
	return name
}

// forPart is a function for a schema that has no declaration.
func (c *checks) forPart(schema *api.Schema, s scope, hint string) string {
	key := partKey{schema, s.mode}
	if name, ok := c.byPart[key]; ok {
		return name
	}
	name := c.names.unique("check" + limit(hint))
	c.byPart[key] = name
	c.queue = append(c.queue, func() string { return c.partFunction(schema, s, hint, name) })
	return name
}

func (c *checks) declFunction(d *decl, name string) string {
	s := scope{mode: d.mode, hint: d.Name, local: c.locals(), sink: "issues"}
	if c.zod != nil {
		if text := c.zod.declFunction(d, name, s); text != "" {
			return text
		}
	}
	body := c.keywords(d.schema, "value", place{base: "path"}, s)
	return c.function("export function "+name, "value is api."+d.Name, body)
}

func (c *checks) partFunction(schema *api.Schema, outer scope, hint, name string) string {
	s := scope{mode: outer.mode, hint: hint, local: c.locals(), sink: "issues", exact: outer.exact}
	body := c.keywords(schema, "value", place{base: "path"}, s)
	return c.function("function "+name, "boolean", body)
}

func (c *checks) function(head, result string, body []stmt) string {
	var b strings.Builder
	signature := cat(docText(head), enclosed("(", softline, []doc{
		docText("value: unknown"), docText("path: string"), docText("issues: Issue[]"),
	}, ")"), docText(": "+result+" {"))
	b.WriteString(render(signature, 0) + "\n")
	b.WriteString("  const before = issues.length;\n")
	writeAll(&b, 1, body)
	b.WriteString("  return issues.length === before;\n}\n")
	return b.String()
}

// drain writes all functions that are asked for, and those that these ask for.
func (c *checks) drain() []string {
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
func (c *checks) value(schema *api.Schema, v string, p place, s scope) []stmt {
	if isTrivial(schema, 0) {
		return nil
	}
	if schema.IsRef() || schema.Ref == nil && deservesName(schema) && !s.exact {
		return []stmt{exprStmt{c.callFor(schema, v, p, s)}}
	}
	return c.keywords(schema, v, p, s)
}

// callFor is a call of the function for a schema; the function is made if needed.
func (c *checks) callFor(schema *api.Schema, v string, p place, s scope) doc {
	var name string
	switch {
	case schema.IsRef():
		name = c.forDecl(c.types.decls.of(schema.Ref, s.mode, s.hint))
	case deservesName(schema) && !s.exact:
		name = c.forDecl(c.types.decls.of(schema, s.mode, s.hint))
	default:
		name = c.forPart(schema, s, s.hint)
	}
	return call(name, docText(v), docText(p.expr()), docText(s.sink))
}

// isTrivial: everything passes.
func isTrivial(s *api.Schema, depth int) bool {
	if s == nil || s.IsAny() {
		return true
	}
	return depth < 32 && s.IsRef() && isTrivial(s.Ref, depth+1)
}

// keywords judges by each keyword of a schema in place.
func (c *checks) keywords(schema *api.Schema, v string, p place, s scope) []stmt {
	if schema.Never {
		return []stmt{c.fail(s, p, "is not allowed")}
	}
	var out []stmt
	if schema.Ref != nil && !isTrivial(schema.Ref, 0) {
		name := c.forDecl(c.types.decls.of(schema.Ref, s.mode, s.hint))
		out = append(out, exprStmt{call(name, docText(v), docText(p.expr()), docText(s.sink))})
	}
	if s.mode == form && isBinary(schema) {
		return append(out, ifStmt{[]string{"!" + c.helper("isFile") + "(" + v + ")"}, []stmt{c.fail(s, p, "must be a file")}, nil})
	}
	out = append(out, c.valueSet(schema, v, p, s)...)
	out = append(out, c.kinds(schema, v, p, s)...)
	out = append(out, c.composition(schema, v, p, s)...)
	if schema.Nullable {
		return when(v+" !== null", out)
	}
	return out
}

// kinds checks the type, and for each type what the document asks of it.
func (c *checks) kinds(schema *api.Schema, v string, p place, s scope) []stmt {
	types := schema.Types
	if len(types) == 0 && !s.exact {
		types = schema.ImpliedTypes()
	}
	if c.isValueSetEnough(schema) {
		return nil
	}
	if len(types) == 0 {
		var out []stmt
		for _, k := range []api.Type{api.String, api.Numeric, api.Array, api.Object} {
			out = append(out, when(c.is(k, v), c.ofKind(schema, k, v, p, s))...)
		}
		return out
	}
	types = withoutRedundant(types)
	wrong := c.fail(s, p, "must be "+typeList(types))
	if len(types) == 1 {
		return []stmt{ifStmt{[]string{c.isNot(types[0], v)}, []stmt{wrong}, c.ofKind(schema, types[0], v, p, s)}}
	}
	var not []string
	var chain []ifStmt
	for _, k := range types {
		if inner := c.ofKind(schema, k, v, p, s); len(inner) > 0 {
			chain = append(chain, ifStmt{conditions: []string{c.is(k, v)}, then: inner})
		} else {
			not = append(not, c.isNot(k, v))
		}
	}
	tail := []stmt{wrong}
	if len(not) > 0 {
		tail = []stmt{ifStmt{conditions: not, then: tail}}
	}
	for i := len(chain) - 1; i >= 0; i-- {
		chain[i].els = tail
		tail = []stmt{chain[i]}
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

func (c *checks) is(k api.Type, v string) string {
	switch k {
	case api.Null:
		return v + " === null"
	case api.Numeric:
		if c.types.int64.exact() {
			break
		}
		return "typeof " + v + " === 'number'"
	case api.Boolean, api.String:
		return "typeof " + v + " === '" + string(k) + "'"
	}
	return c.helper(predicate(k)) + "(" + v + ")"
}

func (c *checks) isNot(k api.Type, v string) string {
	switch k {
	case api.Null:
		return v + " !== null"
	case api.Numeric:
		if c.types.int64.exact() {
			break
		}
		return "typeof " + v + " !== 'number'"
	case api.Boolean, api.String:
		return "typeof " + v + " !== '" + string(k) + "'"
	}
	return "!" + c.helper(predicate(k)) + "(" + v + ")"
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

func (c *checks) ofKind(schema *api.Schema, k api.Type, v string, p place, s scope) []stmt {
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
func (c *checks) constName(s scope, word string) string {
	return c.names.unique(short(camel(s.hint)) + word)
}

// short keeps names so short that a condition with two of them fits on a line.
func short(name string) string {
	const most = 34
	if len(name) > most {
		return name[:most]
	}
	return name
}
