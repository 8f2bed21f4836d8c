package pgsql

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/wasilibs/go-pgquery/parser"
)

// Statement is one statement of a parsed text.
type Statement struct {
	Node Node
	// From and To are where it stands in the text, in bytes, without its
	// semicolon. White space and comments before it belong to it.
	From, To int
}

// Error is a text that PostgreSQL's grammar refuses.
type Error struct {
	Message  string // "syntax error at or near \"frm\""
	Position int    // byte of the text from 1; 0 is unknown
	Deep     bool   // the text was not parsed: it is nested too deeply
}

// Error is the parser's message.
func (e *Error) Error() string { return e.Message }

// Warm starts the parser in the background, so that the first Parse need not
// wait for it.
func Warm() { go func() { _, _ = Fingerprint("SELECT 1") }() }

// Parse parses all statements of a text. A text that the grammar refuses gives
// an *Error, and so does one that is nested too deeply for the parser.
func Parse(text string) (statements []Statement, err error) {
	tree, err := asked(text, parser.ParseToJSON)
	if err != nil {
		return nil, err
	}
	var result struct {
		Stmts []struct {
			Stmt     json.RawMessage `json:"stmt"`
			Location int             `json:"stmt_location"`
			Length   int             `json:"stmt_len"`
		} `json:"stmts"`
	}
	if err := json.Unmarshal([]byte(tree), &result); err != nil {
		return nil, fmt.Errorf("reading the parse tree: %w", err)
	}
	for _, s := range result.Stmts {
		node, err := decode(s.Stmt)
		if err != nil {
			return nil, fmt.Errorf("reading the parse tree: %w", err)
		}
		st := Statement{Node: node, From: s.Location, To: s.Location + s.Length}
		if s.Length == 0 {
			st.To = len(text)
		}
		statements = append(statements, st)
	}
	return statements, nil
}

// ParseOne parses a text that holds one statement.
func ParseOne(text string) (Node, error) {
	statements, err := Parse(text)
	switch {
	case err != nil:
		return nil, err
	case len(statements) != 1:
		return nil, &Error{Message: fmt.Sprintf("%d statements, not one", len(statements))}
	}
	return statements[0].Node, nil
}

// Fingerprint is the same for statements that differ in their constants, their
// white space, the length of their IN lists and the names of their aliases only.
func Fingerprint(text string) (string, error) { return asked(text, parser.FingerprintToHexStr) }

// Normalize replaces the constants of a text by $1, $2 …
func Normalize(text string) (string, error) { return asked(text, parser.Normalize) }

// turn lets one question after the other to the parser. It compiles itself anew for
// each that finds it busy, which takes a second and 250 MB; an answer takes less than
// a millisecond.
var turn sync.Mutex

// asked puts a question to the parser. What is too large for it panics inside of its
// WebAssembly; that is an error of the text.
func asked(text string, question func(string) (string, error)) (answer string, err error) {
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", &Error{Message: "a zero byte in the text", Position: i + 1}
	}
	if err := tooDeep(text, false); err != nil {
		return "", err
	}
	turn.Lock()
	defer turn.Unlock()
	defer func() {
		if r := recover(); r != nil {
			err = &Error{Message: "the statement is too long for the parser"}
		}
	}()
	if answer, err = question(text); err == nil {
		return answer, nil
	}
	var e *parser.Error
	if errors.As(err, &e) {
		return "", &Error{Message: e.Message, Position: e.Cursorpos}
	}
	return "", &Error{Message: err.Error()}
}

// typedParameter is what becomes of interval '1 day' when a server takes the
// constants out of a statement: no SQL.
var typedParameter = regexp.MustCompile(`(?i)\b(interval|date|timestamptz|timestamp|time|timetz)\s+(\$\d+)`)

// Repaired is a statement whose constants a server replaced by parameters, as SQL
// again: interval $1 becomes $1::interval.
func Repaired(sql string) string {
	if !strings.Contains(sql, "$") {
		return sql
	}
	return typedParameter.ReplaceAllString(sql, "$2::$1")
}
