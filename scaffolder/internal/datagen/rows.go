package datagen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/restapi"
	"github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// rowWriter writes the file with a row for each table, which is the user's.
type rowWriter struct {
	*generator
	calls map[rowFunction]bool // by some row
}

const insertType = "/** Inserts a row of another table, to refer to. */\n" +
	"export type Insert = (table: string) => Promise<Readonly<Record<string, unknown>>>;\n"

const uniqueNumberText = `
function uniqueNumber(): number {
  return (Date.now() % 1_000_000) * 1000 + ++count;
}
`

const uniqueTextText = `
function uniqueText(most: number): string {
  return (Date.now() * 1000 + ++count).toString(36).slice(-most);
}
`

func (g *generator) rowsFile() string {
	w := rowWriter{g, map[rowFunction]bool{}}
	var all strings.Builder
	for _, r := range g.tested() {
		all.WriteString("\n  " + key(r.Name) + ": async (" + w.row(r) + "  },")
	}
	if all.Len() > 0 {
		all.WriteString("\n")
	}
	var b strings.Builder
	b.WriteString(userHeader + "\n\n// A row of each table, as crud.test.ts inserts it. Change what your constraints refuse.\n\n")
	if w.calls[randomUUID] {
		b.WriteString("import { randomUUID } from 'node:crypto';\n\n")
	}
	b.WriteString(insertType)
	if w.calls[uniqueNumber] || w.calls[uniqueText] {
		b.WriteString("\nlet count = 0;\n")
	}
	if w.calls[uniqueNumber] {
		b.WriteString(uniqueNumberText)
	}
	if w.calls[uniqueText] {
		b.WriteString(uniqueTextText)
	}
	b.WriteString("\nexport const rows: Readonly<Record<string, (insert: Insert) => Promise<object>>> = {" + all.String() + "};\n")
	return b.String()
}

// row is the rest of the function that makes a row of a table, but for its last brace.
func (w rowWriter) row(r *restapi.Resource) string {
	var before, members []string
	variables := typescript.NewNames("insert", "count", "randomUUID", "uniqueNumber", "uniqueText")
	names := map[*restapi.Resource]string{}
	for _, f := range w.required(r) {
		target, field, refers := reference(r, f)
		if !refers {
			value, _ := w.sampleOf(r, f) // insertable has seen that there is one
			w.calls[value.calls] = true
			members = append(members, "      "+key(f.Name)+": "+value.code+",\n")
			continue
		}
		if names[target] == "" {
			names[target] = variables.Unique(w.constants[target])
			before = append(before, "    const "+names[target]+" = await insert("+typescript.Quote(target.Name)+");\n")
		}
		// Brackets: a row of another table is any object (noPropertyAccessFromIndexSignature).
		members = append(members, "      "+key(f.Name)+": "+names[target]+"["+typescript.Quote(field)+"],\n")
	}
	argument := ""
	if len(before) > 0 {
		argument = "insert"
	}
	if len(members) == 0 {
		return argument + ") => {\n    return {};\n"
	}
	return argument + ") => {\n" + strings.Join(before, "") + "    return {\n" + strings.Join(members, "") + "    };\n"
}
