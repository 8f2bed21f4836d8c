package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// tell writes one line about something whose names come from a schema: a line
// break, a control character or one that turns the direction of text is shown
// escaped, and is never carried out. A line of its own could be a command to
// whoever reads logs.
func tell(w io.Writer, format string, args ...any) {
	io.WriteString(w, escaped(fmt.Sprintf(format, args...))+"\n")
}

// escaped is a text on one line, with what cannot be shown as in a Go string.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
