package report

import (
	"embed"
	"html/template"
	"io"
	"regexp"
	"time"
)

//go:embed report.html.tmpl report.css report.js
var htmlFiles embed.FS

// writeHTML writes one self-contained page: no network, light and dark by the
// reader's preference, fit for paper, whole without its script.
func writeHTML(w io.Writer, r *Report, o Options) error {
	css, err := htmlFiles.ReadFile("report.css")
	if err != nil {
		return err
	}
	script, err := htmlFiles.ReadFile("report.js")
	if err != nil {
		return err
	}
	date := r.Date
	if date.IsZero() {
		date = o.Now
	}
	page, err := template.New("report.html.tmpl").Funcs(template.FuncMap{
		"kind": blockKind,
		"svg":  func(p Plot) template.HTML { return template.HTML(p.SVG) },
		"unit": keepUnits, "figure": keepFigure,
		"bar":  func(c Cell) int { return int(100*min(max(c.Share, 0), 1) + 0.5) },
		"when": func() *moment { return momentOf(date) },
		"css":  func() template.CSS { return template.CSS(css) },
		"js":   func() template.JS { return template.JS(script) },
	}).ParseFS(htmlFiles, "report.html.tmpl")
	if err != nil {
		return err
	}
	return page.Execute(w, r)
}

// unit is a number's unit, and the blank before it.
var unit = regexp.MustCompile(`(\d) (ns|µs|ms|s|min|h|B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)\b`)

// keepUnits lets no line break between a number and its unit.
func keepUnits(text string) string { return unit.ReplaceAllString(text, "$1\u00a0$2") }

// keepFigure does so in a cell that is a figure. Longer ones may be SQL, which
// people copy.
func keepFigure(text string) string {
	if len(text) > len("100.0 KiB of 100.0 KiB") {
		return text
	}
	return keepUnits(text)
}

// moment is a time for programs and for people.
type moment struct{ Machine, People string }

// momentOf is nil for the zero time.
func momentOf(t time.Time) *moment {
	if t.IsZero() {
		return nil
	}
	return &moment{t.UTC().Format(time.RFC3339), t.UTC().Format("2 January 2006, 15:04 UTC")}
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
