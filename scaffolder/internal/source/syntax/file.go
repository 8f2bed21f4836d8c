package syntax

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// A File is one parsed source file.
type File struct {
	Span
	Name       string // as it was given to the parser
	Source     string // the whole text, a byte order mark included
	Statements []Statement
	Comments   []Comment // in the order of the source
	Module     bool      // it has an import, an export, import.meta or a top-level await that makes it an ES module

	once  sync.Once
	lines []Pos // where each line begins
}

// A Comment is a comment of either form, a hashbang line, or an HTML-like comment.
type Comment struct {
	Span
	Block bool // /* … */
}

// Text is the source of a node, or of any span.
func (f *File) Text(n interface{ Range() Span }) string {
	s := n.Range()
	return f.Source[s.Start:s.End]
}

// Position is the place of p. It may be called from several goroutines.
func (f *File) Position(p Pos) Position {
	f.once.Do(f.findLines)
	line := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > p }) - 1
	column := 1
	for rest := f.Source[f.lines[line]:min(int(p), len(f.Source))]; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		column++
		if r > 0xffff {
			column++
		}
	}
	return Position{File: f.Name, Line: line + 1, Column: column}
}

// findLines fills lines. Lines end as the language says: \n, \r, \r\n, U+2028, U+2029.
func (f *File) findLines() {
	f.lines = append(f.lines, 0)
	if strings.HasPrefix(f.Source, "\ufeff") {
		f.lines[0] = 3
	}
	for i := 0; i < len(f.Source); i++ {
		switch f.Source[i] {
		case '\r':
			if i+1 < len(f.Source) && f.Source[i+1] == '\n' {
				continue
			}
		case '\n':
		case 0xe2:
			if !strings.HasPrefix(f.Source[i:], "\u2028") && !strings.HasPrefix(f.Source[i:], "\u2029") {
				continue
			}
			i += 2
		default:
			continue
		}
		f.lines = append(f.lines, Pos(i+1))
	}
}

// CommentsIn are the comments that lie inside of s.
func (f *File) CommentsIn(s Span) []Comment {
	from := sort.Search(len(f.Comments), func(i int) bool { return f.Comments[i].Start >= s.Start })
	to := sort.Search(len(f.Comments), func(i int) bool { return f.Comments[i].Start >= s.End })
	return f.Comments[from:max(from, to)]
}

// Leading are the comments that stand directly before n, with nothing but white
// space between them and it: its documentation, the last one nearest.
func (f *File) Leading(n interface{ Range() Span }) []Comment {
	start := n.Range().Start
	to := sort.Search(len(f.Comments), func(i int) bool { return f.Comments[i].Start >= start })
	from, next := to, start
	for from > 0 && strings.TrimSpace(f.Source[f.Comments[from-1].End:next]) == "" {
		from--
		next = f.Comments[from].Start
	}
	return f.Comments[from:to]
}

// Documentation is the JSDoc comment (/** … */) that stands nearest before n.
func (f *File) Documentation(n interface{ Range() Span }) (Comment, bool) {
	leading := f.Leading(n)
	for i := len(leading) - 1; i >= 0; i-- {
		if text := f.Text(leading[i]); strings.HasPrefix(text, "/**") && text != "/**/" {
			return leading[i], true
		}
	}
	return Comment{}, false
}

// Content is the comment without its delimiters and, in a block, without the
// asterisks that lines begin with.
func (f *File) Content(c Comment) string {
	text := f.Text(c)
	if !c.Block {
		for _, mark := range []string{"//", "#!", "<!--", "-->"} {
			if rest, ok := strings.CutPrefix(text, mark); ok {
				return rest
			}
		}
		return text
	}
	text = strings.TrimPrefix(text, "/*")
	text = strings.TrimSuffix(text, "*/")
	text = strings.TrimPrefix(text, "*")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimSuffix(line, "\r")
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "*"); ok && i > 0 {
			line = strings.TrimPrefix(rest, " ")
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}
