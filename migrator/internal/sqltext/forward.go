package sqltext

import (
	"regexp"
	"slices"
	"strings"
)

// Forward is a migration file without the parts that take it back. goose, dbmate
// and sql-migrate keep both ways in one file, parted by comments of their own. What
// is left out becomes blanks, so that places in the text stay. A file without a mark
// of the way forward is none of theirs, and stays as it is: see OnlyBack.
//
// A mark is a comment of its own line. What looks like one within a string or a
// body is text: those runners would cut the file in two there, so that a file of
// theirs has none.
func Forward(text string) string {
	marks := ways(text)
	if !slices.ContainsFunc(marks, func(m way) bool { return m.back }) || !slices.ContainsFunc(marks, func(m way) bool { return !m.back }) {
		return text
	}
	out := []byte(text)
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1].at
		}
		for k := m.at; m.back && k < end; k++ {
			if out[k] != '\n' && out[k] != '\r' {
				out[k] = ' '
			}
		}
	}
	return string(out)
}

// OnlyBack says that a file has a mark of the way back and none of the way
// forward: nobody knows which way its statements lead.
func OnlyBack(text string) bool {
	marks := ways(text)
	return len(marks) > 0 && !slices.ContainsFunc(marks, func(m way) bool { return !m.back })
}

// way is a mark, and where its line begins.
type way struct {
	at   int
	back bool
}

func ways(text string) []way {
	if !wayBack.MatchString(text) {
		return nil // most files: no need to look closer
	}
	var marks []way
	s := NewScanner(text)
	for {
		t, ok := s.Next()
		if !ok {
			return marks
		}
		line := strings.LastIndexByte(text[:t.From], '\n') + 1
		if t.Kind != Comment || strings.TrimLeft(text[line:t.From], " \t") != "" {
			continue
		}
		switch comment := text[t.From:t.To]; {
		case wayBack.MatchString(comment):
			marks = append(marks, way{line, true})
		case wayForward.MatchString(comment):
			marks = append(marks, way{line, false})
		}
	}
}

// Untransacted says that a file asks its runner not to open a transaction around
// it.
func Untransacted(text string) bool { return noTransaction.MatchString(text) }

var (
	wayForward    = regexp.MustCompile(`(?mi)^[ \t]*--\s*(\+goose\s+up|\+migrate\s+up|migrate:up)\b`)
	wayBack       = regexp.MustCompile(`(?mi)^[ \t]*--\s*(\+goose\s+down|\+migrate\s+down|migrate:down)\b`)
	noTransaction = regexp.MustCompile(`(?mi)^[ \t]*--\s*(\+goose\s+no\s+transaction\b|\+migrate\s+up\s+notransaction\b|migrate:up\b.*\btransaction:\s*false\b)`)
)
