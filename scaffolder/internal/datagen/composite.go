package datagen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/relation"
	"github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// composites are the composite types of all columns, those that others are made of
// first, and the names of their codecs.
type composites struct {
	types []*relation.Type
	names map[string]string // by the types' own names: many columns have one type
}

// findComposites gives each composite type a name that none of the others has, nor
// anything that composites.ts imports.
func (g *generator) findComposites() composites {
	names := typescript.NewNames(codecNames...)
	out := composites{names: map[string]string{}}
	var find func(t *relation.Type)
	find = func(t *relation.Type) {
		if t.Category == relation.Array {
			find(t.Elem)
		}
		if t.Category != relation.Composite || out.names[t.Name] != "" {
			return
		}
		for _, f := range t.Fields {
			find(f.Type)
		}
		out.types = append(out.types, t)
		out.names[t.Name] = names.Unique(typescript.Camel(strings.ReplaceAll(t.Name, `"`, "")))
	}
	for _, r := range g.service.Resources {
		for _, c := range r.Table.Columns {
			find(c.Type)
		}
	}
	return out
}

// compositesFile has the codec of each composite type; "" where there is none.
func (g *generator) compositesFile() string {
	if len(g.composites.types) == 0 {
		return ""
	}
	file := typescript.NewFile(typescript.Module{Path: valuesModule})
	here := codecs{composite: func(t *relation.Type) string { return g.composites.names[t.Name] }, value: valuesOf(file)}
	var b strings.Builder
	for _, t := range g.composites.types {
		var fields []typescript.Doc
		for _, f := range t.Fields {
			fields = append(fields, typescript.List(quoted(f.Name), typescript.Text(here.of(f.Type))))
		}
		head := "export const " + g.composites.names[t.Name] + ": " + file.UseType(valuesModule, "Codec") + " = " + file.Use(valuesModule, "composite") + "("
		b.WriteString("\n" + typescript.Render(typescript.Cat(typescript.Text(head), typescript.RowList(fields), typescript.Text(");")), 0) + "\n")
	}
	return g.toolHeader() + "\n\n// How values of composite types are read and written.\n\n" + file.Imports() + b.String()
}
