package cli

import "regexp"

// manyValues is a list that nobody reads, and that no page can break.
var manyValues = regexp.MustCompile(`(\$\d+)(?:, ?\$\d+){8,}(, ?\$\d+)`)

// sqlLine is a statement for people: in one line of at most width characters, without
// its secrets and without the middle of long lists.
func sqlLine(sql string, width int) string {
	return short(manyValues.ReplaceAllString(shown(sql), "$1, …$2"), width)
}
