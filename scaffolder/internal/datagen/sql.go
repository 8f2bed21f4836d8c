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
		return fmt.Sprintf("CASE WHEN %s IS NULL THEN NULL ELSE coalesce((SELECT json_agg(%s ORDER BY i) FROM generate_subscripts(%s, 1) AS i), '[]') END",
			x, leaf("("+x+")[i]", t.Elem), x)
	case t.Category == relation.Array:
		return "array_to_json(" + x + "::text[])"
	case t.Category == relation.Composite:
		parts := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			parts[i] = leaf("("+x+")."+identifier(f.Name), f.Type)
		}
		return fmt.Sprintf("CASE WHEN %s IS NOT DISTINCT FROM NULL THEN NULL ELSE json_build_array(%s) END", x, strings.Join(parts, ", "))
	}
	return x
}

// leaf is a part of such JSON: a text, or JSON of its own.
func leaf(x string, t *relation.Type) string {
	switch t.Category {
	case relation.Array, relation.Composite:
		return read(x, t)
	}
	return read(x, t) + "::text"
}

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
