package main

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// step is a command and what it printed.
type step struct {
	command string
	output  []string
}

// session reads what scripts/quickstart printed: "$ " begins a command, and a
// numbered line the next part.
func session(text string) []step {
	var steps []step
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch command, ok := strings.CutPrefix(line, "$ "); {
		case ok:
			steps, inside = append(steps, step{command: command}), true
		case len(line) > 2 && line[0] >= '0' && line[0] <= '9' && line[1] == '.':
			inside = false
		case inside:
			last := &steps[len(steps)-1]
			last.output = append(last.output, line)
		}
	}
	return steps
}

// excerpt takes the first step of each beginning, and at most so many lines of each.
func excerpt(steps []step, lines int, beginnings ...string) []step {
	var out []step
	for _, b := range beginnings {
		i := slices.IndexFunc(steps, func(s step) bool { return strings.HasPrefix(s.command, b) })
		if i < 0 {
			continue
		}
		s := steps[i]
		for len(s.output) > 0 && s.output[len(s.output)-1] == "" {
			s.output = s.output[:len(s.output)-1]
		}
		if len(s.output) > lines {
			s.output = append(slices.Clone(s.output[:lines-1]), "…")
		}
		out = append(out, s)
	}
	return out
}

// The terminal that is drawn: columns, and pixels of a line and a character.
const (
	columns   = 96
	lineHigh  = 19
	charWide  = 8.0
	marginTop = 24
)

// animated shows one line after the other, a command with a pause before it, and
// stays at the end.
func animated(steps []step) []byte { return draw(steps, true) }

// still shows all of it.
func still(steps []step) []byte { return draw(steps, false) }

func draw(steps []step, moving bool) []byte {
	var body bytes.Buffer
	row, at := 0, 0.0
	line := func(class, text string) {
		delay := ""
		if moving {
			delay = fmt.Sprintf(` style="animation-delay:%.2fs"`, at)
		}
		fmt.Fprintf(&body, `<text class="%s" x="16" y="%d"%s>%s</text>`+"\n", class, marginTop+lineHigh*(row+1), delay, html.EscapeString(text))
		row++
	}
	for i, s := range steps {
		if i > 0 {
			row++
		}
		at += 1.2
		for n, text := range wrap(s.command, columns-2) {
			line("c", map[bool]string{true: "$ ", false: "  "}[n == 0]+text)
		}
		at += .8
		for _, out := range s.output {
			for _, text := range wrap(out, columns) {
				line("o", text)
				at += .12
			}
		}
	}
	width, height := int(columns*charWide)+32, marginTop*2+lineHigh*(row+1)
	var svg bytes.Buffer
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="A terminal session">`+"\n", width, height, width, height)
	svg.WriteString(`<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre; fill: #c9d1d9; }
.c { fill: #7ee0c3; font-weight: 600; }
`)
	if moving {
		svg.WriteString(`text { opacity: 0; animation: show .01s forwards; }
@keyframes show { to { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { text { opacity: 1; animation: none; } }
`)
	}
	fmt.Fprintf(&svg, "</style>\n<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#14171a\"/>\n", width, height)
	for i, color := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(&svg, `<circle cx="%d" cy="16" r="5" fill="%s"/>`, 20+16*i, color)
	}
	svg.WriteString("\n")
	svg.Write(body.Bytes())
	svg.WriteString("</svg>\n")
	return svg.Bytes()
}

// wrap breaks a line as a terminal does.
func wrap(text string, width int) []string {
	var lines []string
	for utf8.RuneCountInString(text) > width {
		runes := []rune(text)
		cut := width
		if blank := strings.LastIndexByte(string(runes[:width]), ' '); blank > width/2 {
			cut = utf8.RuneCountInString(string(runes[:width])[:blank]) + 1
		}
		lines = append(lines, string(runes[:cut]))
		text = string(runes[cut:])
	}
	return append(lines, text)
}
