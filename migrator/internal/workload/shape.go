package workload

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Shape is a statement without its constants.
type Shape struct {
	// ID is the same for statements that differ in constants, white space,
	// comments, the case of key words and the length of lists only.
	ID string
	// SQL is the statement with $1, $2 … for its constants and its parameters, in
	// the order in which they stand, in one line. What was $2 may be $1 here: beside
	// constants the statement's own numbers would be taken.
	SQL string
	// Values are the constants that were taken out, as values: without quotes.
	Values []string

	places []int // for $1, $2 … of SQL: the parameter's number in the statement, or 0 of a constant
}

// All are the values of $1, $2 … of SQL: the constants, and those of the
// statement's own parameters $1, $2 …. A parameter that has none is left out.
func (s Shape) All(parameters []string) []string {
	var all []string
	constants := s.Values
	for _, n := range s.places {
		switch {
		case n == 0:
			all, constants = append(all, constants[0]), constants[1:]
		case n <= len(parameters):
			all = append(all, parameters[n-1])
		}
	}
	return all
}

// ShapeOf takes the constants out of a statement. It reads tokens only, so it
// takes what no parser would.
func ShapeOf(sql string) Shape {
	sql = strings.TrimRight(sql, "; \t\r\n")
	s := shaper{text: sql, numbers: map[int]int{}}
	scanner := sqltext.NewScanner(sql)
	for {
		t, ok := scanner.Next()
		if !ok {
			break
		}
		s.take(t)
	}
	sum := sha256.Sum256([]byte(s.key.String()))
	return Shape{ID: hex.EncodeToString(sum[:8]), SQL: s.sql.String(), Values: s.values, places: s.places}
}

type shaper struct {
	text     string
	sql, key strings.Builder
	values   []string
	places   []int
	numbers  map[int]int // of the statement's own parameters, in places, from 1
	blank    bool        // white space is due
	constant bool        // the last token of key was a constant, or a comma after one
	byPlace  bool        // within ORDER BY or GROUP BY, where a number is a column
	last     string
}

func (s *shaper) take(t sqltext.Token) {
	text := s.text[t.From:t.To]
	switch t.Kind {
	case sqltext.Space, sqltext.Comment, sqltext.Meta: // the last is an order to psql, and no part of the statement
		s.blank = s.sql.Len() > 0
		return
	case sqltext.String:
		s.putAway(unquote(text))
		return
	case sqltext.Number:
		if !s.byPlace {
			s.putAway(text)
			return
		}
	case sqltext.Parameter:
		s.parameter(text)
		return
	}
	s.space()
	s.sql.WriteString(text)
	word := text
	if t.Kind == sqltext.Word {
		word = strings.ToLower(text)
		switch {
		case word == "by" && (s.last == "order" || s.last == "group"):
			s.byPlace = true
		case word == "limit" || word == "offset" || word == "fetch" || word == "having" || word == "union" || word == "from" || word == "where":
			s.byPlace = false
		}
		s.last = word
	} else if t.Kind == sqltext.Close || t.Kind == sqltext.Open {
		s.byPlace = s.byPlace && t.Kind == sqltext.Open
	}
	if s.constant && word == "," {
		return // more of a list
	}
	s.constant = false
	s.key.WriteString(word)
	s.key.WriteByte(' ')
}

func (s *shaper) space() {
	if s.blank {
		s.sql.WriteByte(' ')
		s.blank = false
	}
}

// putAway puts a constant away.
func (s *shaper) putAway(value string) {
	s.values = append(s.values, value)
	s.places = append(s.places, 0)
	s.number(len(s.places))
}

// parameter gives a parameter its number among the constants; the same one each
// time that it stands there.
func (s *shaper) parameter(text string) {
	n, err := strconv.Atoi(text[1:])
	if err != nil || n == 0 {
		n = math.MaxInt // none that a server takes, nor a value is known for
	}
	if s.numbers[n] == 0 {
		s.places = append(s.places, n)
		s.numbers[n] = len(s.places)
	}
	s.number(s.numbers[n])
}

func (s *shaper) number(n int) {
	s.space()
	s.sql.WriteString("$" + strconv.Itoa(n))
	s.list("?")
}

// list writes a constant into the key, one for a list of them.
func (s *shaper) list(mark string) {
	if !s.constant {
		s.key.WriteString(mark + " ")
	}
	s.constant = true
}

// unquote is the value of a string constant.
func unquote(text string) string {
	if quote := strings.IndexByte(text, '\''); quote >= 0 && !strings.HasPrefix(text, "$") {
		inner := strings.TrimSuffix(text[quote+1:], "'")
		inner = strings.ReplaceAll(inner, "''", "'")
		if quote > 0 && (text[0] == 'e' || text[0] == 'E') {
			inner = strings.ReplaceAll(inner, `\\`, `\`)
		}
		return inner
	}
	if strings.HasPrefix(text, "$") {
		if end := strings.IndexByte(text[1:], '$'); end >= 0 && len(text) >= 2*(end+2) {
			return text[end+2 : len(text)-end-2]
		}
	}
	return text
}
