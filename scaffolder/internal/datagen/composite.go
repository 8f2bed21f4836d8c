package datagen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/relation"
	"github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// compositeName is the codec of a composite type, as code. Types of one name in
// two schemas are told apart by the schema.
func compositeName(t *relation.Type) string {
	return "composites." + typescript.Camel(strings.ReplaceAll(t.Name, `"`, ""))
}

func holdsComposite(t *relation.Type) bool {
	return t.Category == relation.Composite || t.Category == relation.Array && holdsComposite(t.Elem)
}

// compositesFile has the codec of each composite type, those that others are made
// of first; "" where there is none.
func (g *generator) compositesFile() string {
	used := map[string]bool{"composite": true}
	use := func(name string) string {
		used[name] = true
		return name
	}
	var b strings.Builder
	written := map[string]bool{}
	var write func(t *relation.Type)
	write = func(t *relation.Type) {
		if t.Category == relation.Array {
			write(t.Elem)
		}
		if t.Category != relation.Composite || written[t.Name] {
			return
		}
		written[t.Name] = true
		var fields []typescript.Doc
		for _, f := range t.Fields {
			write(f.Type)
			fields = append(fields, typescript.List(quoted(f.Name), typescript.Text(strings.ReplaceAll(codec(f.Type, use), "composites.", ""))))
		}
		name := strings.TrimPrefix(compositeName(t), "composites.")
		b.WriteString("\nexport const " + name + " = composite(" + typescript.Render(typescript.RowList(fields), 0) + ");\n")
	}
	for _, r := range g.service.Resources {
		for _, c := range r.Table.Columns {
			write(c.Type)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return g.toolHeader() + "\n\n// How values of composite types are read and written.\n\n" + importOf(used) + b.String()
}
