package pgsql

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// The parser writes its tree by functions that call themselves, on a stack of 64 KiB
// that nothing guards. A statement that is nested more deeply comes back shorter, or
// never, and what is asked afterwards gets wrong answers: it must not be asked at all.
//
// These are the bytes that each kind of nesting takes, measured by how much of it alone
// breaks the parser. Half of the stack is used, since the first bytes beyond it break
// what is seen only later.
const (
	stack = 32 << 10

	perBracket  = 180  // a call, a list
	perSelect   = 260  // beside its parenthesis
	perCase     = 225  // CASE, which stands like a bracket
	perBlock    = 1310 // IF, LOOP and BEGIN of PL/pgSQL
	perOperator = 116  // in a row they nest: ((a + b) + c) + d
	perCast     = 93
	perJoin     = 145
	perUnion    = 75
)

// tooDeep is an error for a text that is nested more deeply than the parser can bear.
// In a body of PL/pgSQL blocks count, too.
func tooDeep(text string, body bool) error {
	if len(text) < stack/perBracket {
		return nil
	}
	n := nesting{body: body, open: []level{{}}}
	n.read(text)
	if n.deepest > stack {
		return &Error{Message: "the statement is nested too deeply for the parser", Deep: true}
	}
	return nil
}

// nesting reads a text, and finds out how deep it is at most.
type nesting struct {
	body    bool
	open    []level // the text is the first
	before  string  // the word or sign before
	deepest int
}

// level is a bracket that is open, or CASE, or a block.
type level struct {
	word    bool // it ends with END
	own     int  // bytes for itself
	query   int  // and where it holds a SELECT
	around  int  // for what goes around all that stands in it: UNION, JOIN
	part    int  // for the part that is being read, as between two commas
	within  int  // the deepest bracket in that part
	deepest int  // of the parts before
}

// ends ends a part.
func (l *level) ends() {
	l.deepest = max(l.deepest, l.part+l.within)
	l.part, l.within = 0, 0
}

// total is what a level takes, with all that is within it.
func (l *level) total() int { return l.own + l.query + l.around + max(l.deepest, l.part+l.within) }

func (n *nesting) top() *level { return &n.open[len(n.open)-1] }

func (n *nesting) push(word bool, own int) {
	n.open = append(n.open, level{word: word, own: own})
}

func (n *nesting) pop() {
	if len(n.open) == 1 {
		return
	}
	inner := n.top().total()
	n.open = n.open[:len(n.open)-1]
	n.top().within = max(n.top().within, inner)
}

func (n *nesting) read(text string) {
	s := sqltext.NewScanner(text)
	for t, ok := s.Next(); ok; t, ok = s.Next() {
		token := text[t.From:t.To]
		switch t.Kind {
		case sqltext.Space, sqltext.Comment:
			continue
		case sqltext.Open:
			n.push(false, perBracket)
		case sqltext.Close:
			n.closes()
		case sqltext.Semicolon:
			n.statement()
		case sqltext.Operator:
			n.operator(token)
		case sqltext.Word:
			token = strings.ToLower(token)
			n.word(token)
		}
		n.before = token
	}
	for len(n.open) > 1 {
		n.pop()
	}
	n.deepest = max(n.deepest, n.top().total())
}

// closes ends a bracket, and what was not ended within it.
func (n *nesting) closes() {
	for len(n.open) > 1 && n.top().word {
		n.pop()
	}
	n.pop()
}

// statement ends one: what is left open in the text itself belongs to it.
func (n *nesting) statement() {
	n.top().ends()
	if len(n.open) == 1 {
		n.deepest = max(n.deepest, n.top().total())
		n.open[0] = level{}
	}
}

func (n *nesting) operator(token string) {
	switch token {
	case ",":
		n.top().ends()
	case "[":
		n.push(false, perBracket)
	case "]":
		n.closes()
	case ".":
	case ":": // half of a cast
		n.top().part += perCast / 2
	default:
		// Of ++- PostgreSQL makes three operators, and one of =-.
		signs := len(token) - len(strings.TrimRight(token, "+-"))
		n.top().part += perOperator * max(1, signs)
	}
}

func (n *nesting) word(w string) {
	switch w {
	case "case":
		if n.before != "end" {
			n.push(true, n.block(perCase))
		}
	case "if":
		// IF EXISTS of DROP stands elsewhere.
		if n.body && strings.Contains(" ; then else loop begin >> ", " "+n.before+" ") {
			n.push(true, perBlock)
		}
	case "loop", "begin":
		if n.body && n.before != "end" {
			n.push(true, perBlock)
		}
	case "end":
		if n.top().word {
			n.pop()
		}
	case "select":
		n.top().query = perSelect
		n.top().ends()
	case "union", "intersect", "except":
		n.top().around += perUnion
		n.top().ends()
	case "join":
		n.top().around += perJoin
		n.top().ends()
	// Only reserved words part: others may be names of columns.
	case "and", "or", "when", "then", "else", "from", "where", "group", "having", "order", "limit", "on", "returning":
		n.top().ends()
	case "not", "is", "isnull", "notnull", "like", "ilike", "similar", "in", "between", "collate", "at", "operator":
		n.top().part += perOperator
	}
}

// block is what CASE takes: in a body it may be a statement.
func (n *nesting) block(expression int) int {
	if n.body {
		return perBlock
	}
	return expression
}
