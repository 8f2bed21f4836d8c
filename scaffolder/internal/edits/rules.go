package edits

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// rules are what a function of middleware/validators.ts asks of a value: by the place in
// it ("" for itself, "/title", "/lines/*") and by the keyword.
type rules struct {
	of map[string]map[string]rule
	// rest are the conditions that are no keyword, as they are written.
	rest []string
}

type rule struct {
	text string
	at   syntax.Node
}

func (r *rules) put(place, keyword, text string, at syntax.Node) {
	if r.of[place] == nil {
		r.of[place] = map[string]rule{}
	}
	r.of[place][keyword] = rule{text, at}
}

// equal says whether two functions ask the same.
func (r *rules) equal(other *rules) bool {
	if len(r.of) != len(other.of) || !slices.Equal(r.rest, other.rest) {
		return false
	}
	for place, mine := range r.of {
		theirs := other.of[place]
		if len(mine) != len(theirs) {
			return false
		}
		for keyword, one := range mine {
			if theirs[keyword].text != one.text {
				return false
			}
		}
	}
	return true
}

// ruleReader reads one function.
type ruleReader struct {
	file      *syntax.File
	constants map[string]string // initial values at the top of the file
	places    map[string]string // by variable
	out       rules
}

func rulesOf(f *syntax.File, fn *syntax.Function) *rules {
	r := &ruleReader{file: f, constants: constantsOf(f), places: map[string]string{}, out: rules{of: map[string]map[string]rule{}}}
	if len(fn.Parameters) == 0 || fn.Body == nil {
		return &r.out
	}
	r.places[textOf(f, fn.Parameters[0].Target)] = ""
	r.out.put("", "value", "", fn)
	r.block(fn.Body.Statements)
	return &r.out
}

func constantsOf(f *syntax.File) map[string]string {
	out := map[string]string{}
	for _, s := range f.Statements {
		v, ok := s.(*syntax.VariableStatement)
		if !ok {
			continue
		}
		for _, d := range v.Declarations {
			if d.Value != nil {
				out[textOf(f, d.Target)] = textOf(f, d.Value)
			}
		}
	}
	return out
}

func (r *ruleReader) block(list []syntax.Statement) {
	for _, s := range list {
		r.statement(s)
	}
}

func (r *ruleReader) statement(s syntax.Statement) {
	switch x := s.(type) {
	case *syntax.Block:
		r.block(x.Statements)
	case *syntax.VariableStatement:
		for _, d := range x.Declarations {
			if d.Value != nil {
				r.variable(textOf(r.file, d.Target), textOf(r.file, d.Value), d)
			}
		}
	case *syntax.IfStatement:
		r.condition(x)
	case *syntax.ForStatement:
		r.statement(x.Body)
	case *syntax.ForOfStatement:
		r.out.rest = append(r.out.rest, textOf(r.file, x.Right))
		r.statement(x.Body)
	case *syntax.ExpressionStatement:
		r.expression(x)
	case *syntax.ReturnStatement:
	default:
		r.out.rest = append(r.out.rest, textOf(r.file, s))
	}
}

var (
	memberOf = regexp.MustCompile(`^(\w+)(?:\.(\w+)|\['((?:[^'\\]|\\.)*)'\])$`)
	itemOf   = regexp.MustCompile(`^(\w+)\[\w+\]$`)
	checkOf  = regexp.MustCompile(`^check(\w+)\((\w+), `)
)

func (r *ruleReader) variable(name, value string, at syntax.Node) {
	if m := memberOf.FindStringSubmatch(value); m != nil {
		if of, ok := r.places[m[1]]; ok && m[2] != "length" {
			place := of + "/" + m[2] + m[3]
			r.places[name] = place
			r.out.put(place, "value", "", at)
			return
		}
	}
	if m := itemOf.FindStringSubmatch(value); m != nil {
		if of, ok := r.places[m[1]]; ok {
			r.places[name] = of + "/*"
			r.out.put(of+"/*", "value", "", at)
			return
		}
	}
	if value != "issues.length" {
		r.out.rest = append(r.out.rest, name+" = "+value)
	}
}

func (r *ruleReader) expression(x *syntax.ExpressionStatement) {
	text := textOf(r.file, x)
	if strings.HasPrefix(text, "fail(") {
		return // what the condition before it is read for
	}
	if m := checkOf.FindStringSubmatch(text); m != nil {
		if place, ok := r.places[m[2]]; ok {
			r.out.put(place, "type", m[1], x)
			return
		}
	}
	r.out.rest = append(r.out.rest, strings.TrimSuffix(text, ";"))
}

// conditions are what the file can ask, with the keywords that they are.
var conditions = []struct {
	pattern *regexp.Regexp
	keyword string
}{
	{regexp.MustCompile(`^(\w+) === undefined$`), "required"},
	{regexp.MustCompile(`^typeof (\w+) !== '(string|number|boolean)'$`), "type"},
	{regexp.MustCompile(`^!is(Integer|Number|Array|Object)\((\w+)\)$`), "predicate"},
	{regexp.MustCompile(`^isShorter\((\w+), ([\d_]+)\)$`), "minLength"},
	{regexp.MustCompile(`^isLonger\((\w+), ([\d_]+)\)$`), "maxLength"},
	{regexp.MustCompile(`^(\w+)\.length < ([\d_]+)$`), "minItems"},
	{regexp.MustCompile(`^(\w+)\.length > ([\d_]+)$`), "maxItems"},
	{regexp.MustCompile(`^(\w+) < (-?[\d_.e+-]+)$`), "minimum"},
	{regexp.MustCompile(`^(\w+) > (-?[\d_.e+-]+)$`), "maximum"},
	{regexp.MustCompile(`^(\w+) <= (-?[\d_.e+-]+)$`), "exclusiveMinimum"},
	{regexp.MustCompile(`^(\w+) >= (-?[\d_.e+-]+)$`), "exclusiveMaximum"},
	{regexp.MustCompile(`^!isMultiple\((\w+), (-?[\d_.e+-]+)\)$`), "multipleOf"},
	{regexp.MustCompile(`^!formats\.(\w+)\((\w+)\)$`), "format"},
	{regexp.MustCompile(`^!isInt32\((\w+)\)()$`), "int32"},
	{regexp.MustCompile(`^!Number\.isSafeInteger\((\w+)\)()$`), "int64"},
	{regexp.MustCompile(`^!(\w+)\.test\((\w+)\)$`), "pattern"},
	{regexp.MustCompile(`^!(\w+)\.has\((\w+)\)$`), "enum"},
	{regexp.MustCompile(`^hasDuplicates?\((\w+)\)()$`), "uniqueItems"},
}

// condition reads if (wrong) fail() else …; and if (there) …, or if (one kind) … else ….
func (r *ruleReader) condition(x *syntax.IfStatement) {
	text := textOf(r.file, x.Test)
	switch {
	case r.keyword(text, x), r.literals(text, x), r.kind(text, x):
	case isThere.MatchString(text):
	case r.orNull(text, x):
	default:
		r.out.rest = append(r.out.rest, text)
	}
	r.statement(x.Then)
	if x.Else != nil {
		r.statement(x.Else)
	}
}

func (r *ruleReader) keyword(text string, x *syntax.IfStatement) bool {
	if !r.fails(x.Then) {
		return false
	}
	for _, c := range conditions {
		m := c.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		variable, value := m[1], ""
		if len(m) > 2 {
			value = strings.ReplaceAll(m[2], "_", "")
		}
		keyword := c.keyword
		switch keyword {
		case "predicate":
			variable, value, keyword = m[2], strings.ToLower(m[1]), "type"
		case "format":
			variable, value = m[2], m[1]
		case "pattern", "enum":
			variable = m[2]
			if value = r.constants[m[1]]; value == "" {
				return false
			}
		}
		if strings.HasSuffix(variable, "Keys") {
			return false
		}
		place, ok := r.places[variable]
		if !ok {
			if keyword == "enum" { // a key: the names that an object may have
				r.out.rest = append(r.out.rest, "keys "+value)
				return true
			}
			return false
		}
		r.out.put(place, keyword, value, x)
		return true
	}
	return false
}

// literals is v !== 'a' && v !== 'b'.
func (r *ruleReader) literals(text string, x *syntax.IfStatement) bool {
	if !r.fails(x.Then) {
		return false
	}
	variable := ""
	var values []string
	for _, part := range strings.Split(text, " && ") {
		name, value, ok := strings.Cut(part, " !== ")
		if !ok || variable != "" && name != variable || strings.HasPrefix(name, "typeof ") {
			return false
		}
		variable = name
		values = append(values, value)
	}
	place, ok := r.places[variable]
	if !ok {
		return false
	}
	if len(values) == 1 && values[0] == "null" {
		r.out.put(place, "nullable", "null", x)
		return true
	}
	r.out.put(place, "enum", "["+strings.Join(values, ", ")+"]", x)
	return true
}

var isThere = regexp.MustCompile(`^\w+ !== undefined$`)

var notNull = regexp.MustCompile(`^(?:\w+ !== undefined && )?(\w+) !== null$`)

// orNull is if (v !== null) …: null passes whatever is asked of other values.
func (r *ruleReader) orNull(text string, x *syntax.IfStatement) bool {
	m := notNull.FindStringSubmatch(text)
	if m == nil || x.Else != nil {
		return false
	}
	place, ok := r.places[m[1]]
	if ok {
		r.out.put(place, "nullable", "null", x)
	}
	return ok
}

var oneKind = regexp.MustCompile(`^(?:typeof (\w+) === '(\w+)'|is(Integer|Number|Array|Object)\((\w+)\))$`)

// kind is if (typeof v === 'string') … else if (v !== null) fail(): several kinds of value.
func (r *ruleReader) kind(text string, x *syntax.IfStatement) bool {
	m := oneKind.FindStringSubmatch(text)
	if m == nil || x.Else == nil {
		return false
	}
	place, ok := r.places[m[1]+m[4]]
	if !ok {
		return false
	}
	r.out.put(place, "type", m[2]+strings.ToLower(m[3]), x)
	return true
}

func (r *ruleReader) fails(s syntax.Statement) bool {
	b, ok := s.(*syntax.Block)
	return ok && len(b.Statements) == 1 && strings.HasPrefix(textOf(r.file, b.Statements[0]), "fail(")
}
