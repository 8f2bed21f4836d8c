package sqltext

import (
	"regexp"
	"strings"
)

// Forward is a migration file without the parts that take it back. goose, dbmate
// and sql-migrate keep both ways in one file, parted by comments of their own; they
// read them line by line, whatever stands around, and so does this. What is left
// out becomes blanks, so that places in the text stay. A file without a mark of the
// way forward is none of theirs, and stays as it is: see OnlyBack.
func Forward(text string) string {
	if !wayBack.MatchString(text) || !wayForward.MatchString(text) {
		return text
	}
	var b strings.Builder
	back := false
	for line := range strings.Lines(text) {
		switch {
		case wayBack.MatchString(line):
			back = true
		case wayForward.MatchString(line):
			back = false
		}
		if !back {
			b.WriteString(line)
			continue
		}
		for i := range len(line) {
			if line[i] == '\n' || line[i] == '\r' {
				b.WriteByte(line[i])
			} else {
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// OnlyBack says that a file has a mark of the way back and none of the way
// forward: nobody knows which way its statements lead.
func OnlyBack(text string) bool {
	return wayBack.MatchString(text) && !wayForward.MatchString(text)
}

// Untransacted says that a file asks its runner not to open a transaction around
// it.
func Untransacted(text string) bool { return noTransaction.MatchString(text) }

var (
	wayForward    = regexp.MustCompile(`(?mi)^[ \t]*--\s*(\+goose\s+up|\+migrate\s+up|migrate:up)\b`)
	wayBack       = regexp.MustCompile(`(?mi)^[ \t]*--\s*(\+goose\s+down|\+migrate\s+down|migrate:down)\b`)
	noTransaction = regexp.MustCompile(`(?mi)^[ \t]*--\s*(\+goose\s+no\s+transaction\b|\+migrate\s+up\s+notransaction\b|migrate:up\b.*\btransaction:\s*false\b)`)
)
