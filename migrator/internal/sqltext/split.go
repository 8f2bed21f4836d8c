package sqltext

import (
	"sort"
	"strings"
)

// Statement is one SQL statement of a text, or one psql meta-command.
type Statement struct {
	// SQL is the statement from its first token to its last, without the
	// semicolon and without comments around it. Empty for a meta-command.
	SQL string
	// Meta is a psql meta-command with its backslash: `\connect app`.
	Meta string
	// Copy is the data after COPY … FROM STDIN or \copy … from stdin, without the
	// closing `\.`; CopyLine is the line that it begins in, 0 where there is none.
	Copy     string
	CopyLine int
	// Sent is the \g command that ended the statement: `\gexec`, `\gset x_`.
	Sent string
	// Comments are the comments before the statement, one each, with their
	// marks.
	Comments []string
	// Offset is where SQL or Meta begins in the text, in bytes; Line counts
	// from 1.
	Offset int
	Line   int
	// OpenEnded: the text ends within a string, an identifier or a comment.
	OpenEnded bool
}

// Split parts a text into its statements, in order. Comments behind the last
// one are left out.
func Split(text string) []Statement {
	sp := splitter{scanner: NewScanner(text), text: text}
	sp.lines = append(sp.lines, 0)
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			sp.lines = append(sp.lines, i+1)
		}
	}
	for {
		t, ok := sp.scanner.Next()
		if !ok {
			sp.finish()
			return sp.found
		}
		sp.take(t)
	}
}

// Position is the line and column (both from 1, the column in bytes) of an
// offset of text.
func Position(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndexByte(before, '\n')
}

type splitter struct {
	text    string
	scanner *Scanner
	lines   []int // offsets of line starts
	found   []Statement

	comments   []string
	started    bool // from and to hold
	from, to   int
	openEnded  bool
	parens     int
	words      []string // the first four, lower case
	lastWord   string   // lower case; "" after anything else
	blockDepth int      // of BEGIN ATOMIC and CASE
}

func (sp *splitter) take(t Token) {
	switch t.Kind {
	case Space:
		return
	case Comment:
		if !sp.started {
			sp.comments = append(sp.comments, sp.text[t.From:t.To])
		}
		if t.OpenEnded {
			sp.begin(t)
			sp.openEnded = true
		}
		return
	case Meta:
		sp.meta(t)
		return
	case Semicolon:
		if sp.parens == 0 && sp.blockDepth == 0 {
			sp.finish()
			return
		}
	case Open:
		sp.parens++
	case Close:
		sp.parens = max(0, sp.parens-1)
	}
	sp.begin(t)
	sp.to = t.To
	sp.openEnded = sp.openEnded || t.OpenEnded
	if t.Kind == Word {
		sp.word(strings.ToLower(sp.text[t.From:t.To]))
	} else {
		sp.lastWord = ""
	}
}

func (sp *splitter) begin(t Token) {
	if !sp.started {
		sp.started, sp.from, sp.to = true, t.From, t.To
	}
}

// word follows the body of a SQL-standard function: its semicolons part no
// statements. CASE ends with END too.
func (sp *splitter) word(w string) {
	if len(sp.words) < 4 {
		sp.words = append(sp.words, w)
	}
	last := sp.lastWord
	sp.lastWord = w
	if sp.parens > 0 {
		return
	}
	switch {
	case sp.blockDepth == 0:
		if w == "atomic" && last == "begin" && sp.createsRoutine() {
			sp.blockDepth = 1
		}
	case w == "case":
		sp.blockDepth++
	case w == "end":
		sp.blockDepth--
	}
}

func (sp *splitter) createsRoutine() bool {
	words := sp.words
	if len(words) > 0 && words[0] == "create" {
		words = words[1:]
	} else {
		return false
	}
	if len(words) > 2 && words[0] == "or" && words[1] == "replace" {
		words = words[2:]
	}
	return len(words) > 0 && (words[0] == "function" || words[0] == "procedure")
}

// meta is a backslash command. \g and its sisters end the statement before
// them; the others may stand within one and are passed over there.
func (sp *splitter) meta(t Token) {
	command := strings.TrimRight(sp.text[t.From:t.To], " \t\f\v")
	if sp.started {
		if name, _, _ := strings.Cut(command, " "); strings.HasPrefix(name, `\g`) {
			sp.finish()
			sp.found[len(sp.found)-1].Sent = command
		}
		return
	}
	st := Statement{Meta: command, Comments: sp.comments, Offset: t.From, Line: sp.line(t.From)}
	if strings.HasPrefix(command, `\copy `) && fromStdin(command[1:]) {
		st.Copy, st.CopyLine = sp.copyData()
	}
	sp.found = append(sp.found, st)
	sp.comments = nil
}

// finish closes the statement that has begun, if one has.
func (sp *splitter) finish() {
	if sp.started {
		st := Statement{
			SQL: sp.text[sp.from:sp.to], Comments: sp.comments,
			Offset: sp.from, Line: sp.line(sp.from), OpenEnded: sp.openEnded,
		}
		if len(sp.words) > 0 && sp.words[0] == "copy" && fromStdin(st.SQL) {
			st.Copy, st.CopyLine = sp.copyData()
		}
		sp.settings(st.SQL)
		sp.found = append(sp.found, st)
		sp.comments = nil
	}
	sp.started, sp.openEnded, sp.parens, sp.blockDepth = false, false, 0, 0
	sp.words, sp.lastWord = nil, ""
}

// fromStdin tells whether a COPY reads the lines after it.
func fromStdin(command string) bool {
	words := Words(command, -1)
	for i := 1; i < len(words); i++ {
		if words[i] == "stdin" && words[i-1] == "from" {
			return true
		}
	}
	return false
}

// copyData takes the lines after the statement up to \. out of the text.
func (sp *splitter) copyData() (data string, line int) {
	at := sp.scanner.at
	at += lineLength(sp.text[at:])
	if strings.HasPrefix(sp.text[at:], "\r\n") {
		at++
	}
	at = min(at+1, len(sp.text))
	from, first := at, sp.line(at)
	for at < len(sp.text) {
		n := lineLength(sp.text[at:])
		end := min(at+n+1, len(sp.text))
		if sp.text[at:at+n] == `\.` {
			sp.scanner.at = end
			return sp.text[from:at], first
		}
		at = end
	}
	sp.scanner.at = len(sp.text)
	return sp.text[from:], first
}

// settings follows SET standard_conforming_strings, which old dumps turn off.
func (sp *splitter) settings(sql string) {
	if len(sp.words) == 0 || sp.words[0] != "set" || len(sql) > 80 {
		return
	}
	lower := strings.ToLower(sql)
	if strings.Contains(lower, "standard_conforming_strings") {
		sp.scanner.plainEscapes = strings.HasSuffix(strings.Trim(lower, " '"), "off")
	}
}

func (sp *splitter) line(offset int) int {
	return sort.SearchInts(sp.lines, offset+1)
}

// Words are the first n words of a statement in lower case, without comments,
// quoted identifiers, strings and signs; n < 0 means all.
func Words(sql string, n int) []string {
	var words []string
	s := NewScanner(sql)
	for n < 0 || len(words) < n {
		t, ok := s.Next()
		if !ok {
			break
		}
		if t.Kind == Word {
			words = append(words, strings.ToLower(sql[t.From:t.To]))
		}
	}
	return words
}
