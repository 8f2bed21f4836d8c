package cli

import (
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// maxDifference bounds what is shown of a changed file, in lines.
const maxDifference = 60

// difference is what was changed in a text, as a unified diff; "" when nothing can
// be seen.
func difference(before, now, path string) string {
	text := string(diff.Diff("applied", []byte(before), escaped(path), []byte(now)))
	if _, after, ok := strings.Cut(text, "\n"); ok {
		text = after // the line "diff applied FILE"
	}
	var b strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxDifference {
			b.WriteString("…\n")
			break
		}
		b.WriteString(escaped(strings.TrimRight(line, "\r\n")) + "\n")
	}
	return b.String()
}
