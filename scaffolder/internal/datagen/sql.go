package datagen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/relation"
	"github.com/seniorbackend/tools/scaffolder/internal/restapi"
	"github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// identifier is a name in the quotes of SQL.
func identifier(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func tableName(t *relation.Table) string { return identifier(t.Schema) + "." + identifier(t.Name) }

// read is the expression that gives a value as a text that its codec reads: the
// column itself for most; JSON whose leaves are texts for arrays and composites,
// so that no number in them loses digits.
func read(x string, t *relation.Type) string {
	switch {
	case t.Base == "money":
		return x + "::numeric"
	case t.Category == relation.Array && nests(t.Elem):
		return nested(x, t)
	case t.Category == relation.Array && t.Elem.Base == "money":
		return "array_to_json(" + x + "::numeric[]::text[])"
	case t.Category == relation.Array && casts[t.Elem.Base]:
		return "array_to_json(" + x + ")"
	case t.Category == relation.Array:
		return "array_to_json(" + x + "::text[])"
	case t.Category == relation.Composite:
		parts := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			parts[i] = leaf("("+x+")."+identifier(f.Name), f.Type)
		}
		return fmt.Sprintf("CASE WHEN %s IS NOT DISTINCT FROM NULL THEN NULL ELSE json_build_object('is', json_build_array(%s)) END", x, strings.Join(parts, ", "))
	}
	return x
}

// nested reads an array element by element, in the dimensions that are declared; a column
// by itself in two, too, since what is declared binds nobody. A value that has others
// fails, rather than be null. Each element is computed once, as e: it may be large.
func nested(x string, t *relation.Type) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CASE coalesce(array_ndims(%s), 0) WHEN 0 THEN CASE WHEN %s IS NOT NULL THEN '[]'::json END", x, x)
	declared, depth := max(t.Dimensions, 1), elementDepth(x)
	for dimensions := 1; dimensions <= max(declared, 2); dimensions++ {
		if dimensions != declared && depth > 0 {
			continue
		}
		alias, element := fmt.Sprintf("v%d", depth), "("+x+")"
		for d := range dimensions {
			element += fmt.Sprintf("[i%d_%d]", depth, d)
		}
		text := fmt.Sprintf("(SELECT %s FROM (SELECT %s AS x OFFSET 0) AS %s)", leaf(alias+".x", t.Elem), element, alias)
		for d := dimensions - 1; d >= 0; d-- {
			text = fmt.Sprintf("(SELECT json_agg(%s ORDER BY i%d_%d) FROM generate_subscripts(%s, %d) AS i%d_%d)", text, depth, d, x, d+1, depth, d)
		}
		fmt.Fprintf(&b, " WHEN %d THEN %s", dimensions, text)
	}
	return b.String() + " ELSE to_json(1 / (array_ndims(" + x + ") * 0)) END"
}

// elementDepth is how many arrays an expression is inside of: (v1.x)."items" is in two.
func elementDepth(x string) int {
	var depth int
	if _, err := fmt.Sscanf(strings.TrimLeft(x, "("), "v%d.x", &depth); err != nil {
		return 0
	}
	return depth + 1
}

// leaf is a part of such JSON: a text, or JSON of its own.
func leaf(x string, t *relation.Type) string {
	switch t.Category {
	case relation.Array, relation.Composite:
		return read(x, t)
	}
	if casts[t.Base] {
		return x
	}
	return read(x, t) + "::text"
}

// casts are types that a cast to text changes (10.0.0.1 becomes 10.0.0.1/32, blanks at the
// end go). In JSON they are texts as they are.
var casts = map[string]bool{"inet": true, "bpchar": true}

// nests says that values of a type are more than a text.
func nests(t *relation.Type) bool {
	return t.Category == relation.Composite || t.Category == relation.Array
}

// order is the expression that rows are sorted by where the column itself has no
// order; "" where it has one.
func order(x string, t *relation.Type) string {
	if t.Ordered {
		return ""
	}
	return x + "::text"
}

const (
	compositesModule = "./composites.js"
	valuesModule     = "./values.js"
)

// codecNames are what files import from values.ts, or may.
var codecNames = []string{"array", "bool", "bytes", "composite", "float", "int8", "integer", "json", "text", "timestamp", "timestamptz", "Codec"}

// codecs writes the readers and writers of types as code of one file, which knows by
// value what of values.ts it uses, and by composite what of composites.ts.
type codecs struct {
	value     func(name string) string
	composite func(*relation.Type) string
}

func valuesOf(file *typescript.File) func(string) string {
	return func(name string) string { return file.Use(valuesModule, name) }
}

func (c codecs) of(t *relation.Type) string {
	switch t.Category {
	case relation.Boolean:
		return c.value("bool")
	case relation.Integer:
		return c.value("integer")
	case relation.BigInt:
		return c.value("int8")
	case relation.Float:
		return c.value("float")
	case relation.TimestampTZ:
		return c.value("timestamptz")
	case relation.Timestamp:
		return c.value("timestamp")
	case relation.Bytes:
		return c.value("bytes")
	case relation.JSON:
		return c.value("json")
	case relation.Array:
		dimensions := ""
		if t.Elem.Category == relation.JSON { // whose values may be arrays, too
			dimensions = ", " + strconv.Itoa(max(t.Dimensions, 1))
		}
		return c.value("array") + "(" + c.of(t.Elem) + dimensions + ")"
	case relation.Composite:
		return c.composite(t)
	}
	if t.Delimiter != "" && t.Delimiter != "," {
		return c.value("delimitedBy") + "(" + typescript.Quote(t.Delimiter) + ")"
	}
	return c.value("text")
}

// KeepsDigits says that some column holds JSON, whose numbers have any number of digits.
func KeepsDigits(s *restapi.Service) bool {
	for _, r := range s.Resources {
		for _, f := range r.Fields {
			if holdsJSON(f.Column.Type) {
				return true
			}
		}
	}
	return false
}

func holdsJSON(t *relation.Type) bool {
	switch t.Category {
	case relation.JSON:
		return true
	case relation.Array:
		return holdsJSON(t.Elem)
	case relation.Composite:
		return slices.ContainsFunc(t.Fields, func(f relation.Field) bool { return holdsJSON(f.Type) })
	}
	return false
}
