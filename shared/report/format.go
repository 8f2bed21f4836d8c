package report

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Format is a form that a report is written in.
type Format string

const (
	Text     Format = "text"
	Markdown Format = "markdown"
	JSON     Format = "json"
	HTML     Format = "html"
	JUnit    Format = "junit"
	GitHub   Format = "github"
	// SARIF is for tools that judge files; it holds findings and nothing else.
	SARIF Format = "sarif"
)

// Formats lists those that every report has, in the order of the documentation.
func Formats() []Format { return []Format{Text, JSON, Markdown, HTML, JUnit, GitHub} }

// ParseFormat reads a format's name.
func ParseFormat(s string) (Format, error) {
	for _, f := range Formats() {
		if string(f) == s {
			return f, nil
		}
	}
	names := make([]string, 0, len(Formats()))
	for _, f := range Formats() {
		names = append(names, string(f))
	}
	return "", fmt.Errorf("unknown format %q: it is one of %s", s, strings.Join(names, ", "))
}

// Options say where the report goes. The zero value suits a pipe: 80 columns,
// no colour.
type Options struct {
	Width int  // columns of the text form; 0 is 80
	Color bool // ANSI colour in the text form
	// Now is when the report is written, for one without a Date; zero: it has none.
	Now time.Time
}

// Write renders r.
func Write(w io.Writer, r *Report, f Format, o Options) error {
	switch f {
	case Text, "":
		return writeText(w, r, o)
	case Markdown:
		return writeMarkdown(w, r)
	case JSON:
		return writeJSON(w, r)
	case HTML:
		return writeHTML(w, r, o)
	case JUnit:
		return writeJUnit(w, r)
	case GitHub:
		return writeGitHub(w, r)
	case SARIF:
		return writeSARIF(w, r)
	}
	return fmt.Errorf("unknown format %q", f)
}
