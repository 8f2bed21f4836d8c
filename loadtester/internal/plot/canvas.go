package plot

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
)

// Sizes in pixels of the picture's own coordinates; the page scales it.
const (
	width   = 760.0
	left    = 62.0
	right   = 74.0 // room for the names of lines
	textGap = 13.0 // between two names, one above the other
)

// canvas is an SVG picture being drawn.
type canvas struct {
	b      bytes.Buffer
	height float64
}

// style has the colours of both schemes. Classes begin with "lt" since a page
// may have other pictures.
const style = `<style>
.lt{--c1:#0b62c4;--c2:#c45500;--c3:#0a7f6f;--c4:#6b7480;--bad:#b3261e;--in:#1b1f24;--so:#57606a;--ru:#d9dee4}
@media(prefers-color-scheme:dark){.lt{--c1:#6cb2ff;--c2:#ffa45c;--c3:#4fd0ba;--c4:#9aa4af;--bad:#ff8a80;--in:#e6e9ec;--so:#a3adb7;--ru:#343a41}}
.lt{font:11.5px system-ui,sans-serif}.lt text{fill:var(--so)}.lt .h{fill:var(--in);font-weight:600}.lt .g{stroke:var(--ru);stroke-width:1}
.lt path{fill:none;stroke-width:1.5;stroke-linejoin:round}.lt .c1{stroke:var(--c1)}.lt .c2{stroke:var(--c2)}.lt .c3{stroke:var(--c3)}.lt .c4{stroke:var(--c4)}.lt .bad{stroke:var(--bad)}
.lt .d{stroke-dasharray:5 4}.lt .f1{fill:var(--c1)}.lt .f2{fill:var(--c2)}.lt .f3{fill:var(--c3)}.lt .f4{fill:var(--c4)}.lt .fb{fill:var(--bad)}.lt .o{opacity:.55}
.lt text.f1{fill:var(--c1)}.lt text.f2{fill:var(--c2)}.lt text.f3{fill:var(--c3)}.lt text.f4{fill:var(--c4)}.lt text.fb{fill:var(--bad)}.lt .k{paint-order:stroke;stroke:var(--ground,#fff);stroke-width:3px}.lt .t{fill:transparent}.lt .t:hover{fill:var(--so);opacity:.12}
@media screen and (max-width:44rem){figure:has(>.lt)>figcaption::after{content:" (goes on to the right \2192)";font-weight:normal;color:var(--soft)}}
</style>`

func newCanvas(height float64, alt string) *canvas {
	c := &canvas{height: height}
	fmt.Fprintf(&c.b, `<svg class="lt" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img" aria-label="%s">%s`,
		width, height, width, height, html.EscapeString(alt), style)
	return c
}

func (c *canvas) done() []byte {
	c.b.WriteString("</svg>")
	return c.b.Bytes()
}

// px writes a coordinate in tenths of a pixel.
func px(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return fmt.Sprint(math.Round(v*10) / 10)
}

func (c *canvas) text(x, y float64, class, anchor, s string) {
	fmt.Fprintf(&c.b, `<text x="%s" y="%s" class="%s" text-anchor="%s">%s</text>`, px(x), px(y), class, anchor, html.EscapeString(s))
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&c.b, `<path d="M%s %sL%s %s" class="%s"/>`, px(x1), px(y1), px(x2), px(y2), class)
}

func (c *canvas) rect(x, y, w, h float64, class, title string) {
	if w <= 0 || h <= 0 {
		return
	}
	fmt.Fprintf(&c.b, `<rect x="%s" y="%s" width="%s" height="%s" class="%s">`, px(x), px(y), px(w), px(h), class)
	if title != "" {
		fmt.Fprintf(&c.b, "<title>%s</title>", html.EscapeString(title))
	}
	c.b.WriteString("</rect>")
}

func (c *canvas) dot(x, y, r float64, class, title string) {
	fmt.Fprintf(&c.b, `<circle cx="%s" cy="%s" r="%s" class="%s"`, px(x), px(y), px(r), class)
	if title == "" {
		c.b.WriteString("/>")
		return
	}
	fmt.Fprintf(&c.b, "><title>%s</title></circle>", html.EscapeString(title))
}

// strip is a clear part of a panel whose title the browser shows when somebody
// points at it: values without a program.
func (c *canvas) strip(from, to, top, bottom float64, title string) {
	c.rect(from, top, to-from, bottom-top, "t", title)
}

// point is a place in the data; a NaN as y is a gap in the line.
type point struct{ x, y float64 }

// curve draws a line through points; one that stands between two gaps becomes a
// dot.
func (c *canvas) curve(points []point, x, y scale, class string) {
	pen := false
	var d bytes.Buffer
	for i, p := range points {
		if math.IsNaN(p.y) {
			pen = false
			continue
		}
		alone := !pen && (i+1 == len(points) || math.IsNaN(points[i+1].y))
		if alone {
			c.dot(x.at(p.x), y.at(p.y), 1.5, "f"+class[1:], "")
			continue
		}
		letter := "L"
		if !pen {
			letter = "M"
		}
		d.WriteString(letter + px(x.at(p.x)) + " " + px(y.at(p.y)))
		pen = true
	}
	if d.Len() > 0 {
		fmt.Fprintf(&c.b, `<path d="%s" class="%s"/>`, d.String(), class)
	}
}

// name is a label at the end of a line.
type name struct {
	y     float64
	text  string
	class string // f1 … f4, fb
}

// names writes labels to the right of a panel, moved apart where they would
// cover each other.
func (c *canvas) names(list []name, top, bottom float64) {
	slices.SortFunc(list, func(a, b name) int { return cmp.Compare(a.y, b.y) })
	for i := range list {
		list[i].y = max(list[i].y, top+4)
		if i > 0 {
			list[i].y = max(list[i].y, list[i-1].y+textGap)
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		limit := bottom + 4
		if i+1 < len(list) {
			limit = list[i+1].y - textGap
		}
		list[i].y = min(list[i].y, limit)
	}
	for _, n := range list {
		c.text(width-right+6, n.y+4, n.class, "start", n.text)
	}
}

// panel is a framed part of the picture with its axes.
type panel struct {
	x, y scale
}

// grid draws the horizontal lines, the values at them, and the panel's heading.
func (c *canvas) grid(p panel, heading string, label func(float64) string) {
	for _, t := range p.y.ticks(4, rowGap, label) {
		y := p.y.at(t.value)
		c.line(left, y, width-right, y, "g")
		c.text(left-6, y+4, "", "end", t.label)
	}
	c.text(left, p.y.end-8, "h", "start", p.y.named(heading))
}

// base draws the values along the bottom.
func (c *canvas) base(p panel, ticks []tick, caption string) {
	for _, t := range ticks {
		x := p.x.at(t.value)
		c.line(x, p.y.low, x, p.y.low+4, "g")
		c.text(x, p.y.low+16, "", "middle", t.label)
	}
	c.line(left, p.y.low, width-right, p.y.low, "g")
	if caption != "" {
		c.text(width-right, p.y.low+31, "", "end", caption)
	}
}
