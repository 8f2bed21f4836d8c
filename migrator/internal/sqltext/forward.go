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
	if !BothWays(text) {
		return text
	}
	return only(text, false, ' ')
}

// Backward is the other half of Forward: a file without the parts that lead
// forward. ok is false where the file has no mark of the way back.
func Backward(text string) (back string, ok bool) {
	if !slices.ContainsFunc(ways(text), way.isBack) {
		return "", false
	}
	return only(text, true, ' '), true
}

// ForwardPart is Forward with the parts that take it back cut out: what says
// whether the way forward was changed.
func ForwardPart(text string) string {
	if !BothWays(text) {
		return text
	}
	return only(text, false, 0)
}

// BothWays says that a file has marks of both ways.
func BothWays(text string) bool {
	marks := ways(text)
	return slices.ContainsFunc(marks, way.isBack) && slices.ContainsFunc(marks, func(m way) bool { return !m.back })
}

// only keeps the parts of one way. The text before the first mark belongs to the
// way forward. In place of the others stands blank, or nothing where that is 0.
func only(text string, back bool, blank byte) string {
	var out []byte
	keep := !back
	marks := ways(text)
	for i, next := 0, 0; i < len(text); i++ {
		if next < len(marks) && marks[next].at == i {
			keep = marks[next].back == back
			next++
		}
		switch {
		case keep, blank != 0 && (text[i] == '\n' || text[i] == '\r'):
			out = append(out, text[i])
		case blank != 0:
			out = append(out, blank)
		}
	}
	return string(out)
}

// Marked says that a file has a mark of goose, dbmate or sql-migrate, whichever way
// it leads: their runners open a transaction around each way.
func Marked(text string) bool {
	if !wayForward.MatchString(text) && !wayBack.MatchString(text) {
		return false
	}
	return slices.ContainsFunc(marks(text), func(way) bool { return true })
}

// SentWhole says that a file has a mark of dbmate, which sends each way to the
// server in one piece, whether in a transaction or not.
func SentWhole(text string) bool { return dbmate.MatchString(text) && Marked(text) }

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

func (w way) isBack() bool { return w.back }

func ways(text string) []way {
	if !wayBack.MatchString(text) {
		return nil // most files: no need to look closer
	}
	return marks(text)
}

func marks(text string) []way {
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
// its way forward.
func Untransacted(text string) bool { return noTransaction.MatchString(text) }

// UntransactedBack says the same of its way back.
func UntransactedBack(text string) bool { return noTransactionBack.MatchString(text) }

var (
	wayForward        = regexp.MustCompile(`(?mi)^[ \t]*--\s*(\+goose\s+up|\+migrate\s+up|migrate:up)\b`)
	wayBack           = regexp.MustCompile(`(?mi)^[ \t]*--\s*(\+goose\s+down|\+migrate\s+down|migrate:down)\b`)
	dbmate            = regexp.MustCompile(`(?mi)^[ \t]*--\s*migrate:(up|down)\b`)
	noTransaction     = regexp.MustCompile(`(?mi)^[ \t]*--[ \t]*(\+goose[ \t]+no[ \t]+transaction\b|\+migrate[ \t]+up[ \t]+notransaction\b|migrate:up\b.*\btransaction:[ \t]*false\b|atlas:txmode[ \t]+none\b|migrator:no-transaction\b)`)
	noTransactionBack = regexp.MustCompile(`(?mi)^[ \t]*--[ \t]*(\+goose[ \t]+no[ \t]+transaction\b|\+migrate[ \t]+down[ \t]+notransaction\b|migrate:down\b.*\btransaction:[ \t]*false\b|atlas:txmode[ \t]+none\b|migrator:no-transaction\b)`)
)
