package main

import (
	"embed"
	"io"
	"strings"
	"text/template"
)

//go:embed assets
var assets embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"class": func(tool string) string { return strings.ToUpper(tool[:1]) + tool[1:] },
	"indent": func(by int, text string) string {
		return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+strings.Repeat(" ", by))
	},
	"summary":    func(tool string) string { return summaries[tool] },
	"repository": func(module, tool string) string { return strings.TrimSuffix(module, "/"+tool) },
}).ParseFS(assets, "assets/*.tmpl"))

// page is what a template knows.
type page struct {
	Tool, Number, Version, Module, Commit string
	Scope                                 string // of npm
	Test                                  string // of a formula, in Ruby
}

func (r *release) page() page {
	return page{Tool: r.tool, Number: r.number(), Version: r.version, Module: r.module, Commit: r.commit, Scope: npmScope}
}

// formula writes the Homebrew formula: it builds from the tag, installs this
// tool alone, and its test uses the tool.
func (r *release) formula([]binary, *contents) error {
	test, err := assets.ReadFile("assets/" + r.tool + "_test.rb")
	if err != nil {
		return err
	}
	p := r.page()
	p.Test = string(test)
	return r.create("homebrew/"+r.tool+".rb", func(w io.Writer) error {
		return templates.ExecuteTemplate(w, "formula.rb.tmpl", p)
	})
}
