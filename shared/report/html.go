package report

import (
	"embed"
	"html/template"
	"io"
)

//go:embed report.html.tmpl report.css report.js
var htmlFiles embed.FS

// writeHTML writes one self-contained page: no network, light and dark by the
// reader's preference, fit for paper, whole without its script.
func writeHTML(w io.Writer, r *Report) error {
	css, err := htmlFiles.ReadFile("report.css")
	if err != nil {
		return err
	}
	script, err := htmlFiles.ReadFile("report.js")
	if err != nil {
		return err
	}
	page, err := template.New("report.html.tmpl").Funcs(template.FuncMap{
		"kind": blockKind,
		"svg":  func(p Plot) template.HTML { return template.HTML(p.SVG) },
		"bar":  func(c Cell) int { return int(100*min(max(c.Share, 0), 1) + 0.5) },
		"css":  func() template.CSS { return template.CSS(css) },
		"js":   func() template.JS { return template.JS(script) },
	}).ParseFS(htmlFiles, "report.html.tmpl")
	if err != nil {
		return err
	}
	return page.Execute(w, r)
}

// blockKind names a block's type for the template, which cannot tell types
// apart.
func blockKind(b Block) string {
	switch b.(type) {
	case Facts:
		return "facts"
	case Table:
		return "table"
	case List:
		return "list"
	case Code:
		return "code"
	case Prose:
		return "prose"
	case Plot:
		return "plot"
	}
	return ""
}
