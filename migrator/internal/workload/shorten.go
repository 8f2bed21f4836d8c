package workload

import (
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Lists longer than this are cut in a statement that is only planned.
const (
	longText   = 20_000 // bytes; shorter statements are left alone
	mostValues = 100    // of IN (…) and ARRAY[…]
	mostRows   = 10     // of VALUES
)

// Shortened is a statement with the beginnings of its long lists: the values of IN
// and ARRAY, and the rows of VALUES. A planner takes minutes for a hundred thousand
// values, and says the same of a hundred. Parameters are numbered anew, without
// gaps. cut is false where nothing was left out.
func Shortened(sql string) (short string, cut bool) {
	if len(sql) < longText {
		return sql, false
	}
	s := shortener{numbers: map[string]int{}}
	scanner := sqltext.NewScanner(sql)
	for {
		t, ok := scanner.Next()
		if !ok {
			break
		}
		s.take(t.Kind, sql[t.From:t.To])
	}
	if !s.cut {
		return sql, false
	}
	return s.out.String(), true
}

// list is a bracket that is open, or the rows of VALUES within it.
type list struct {
	most   int // items that are kept; 0: all
	items  int
	values bool // the items are rows
}

type shortener struct {
	out      strings.Builder
	open     []list
	skipping int // depth of the list whose rest is left out; 0: none
	numbers  map[string]int
	last     string // word or operator, in lower case
	cut      bool
}

func (s *shortener) take(kind sqltext.Kind, text string) {
	switch kind {
	case sqltext.Space, sqltext.Comment:
		if s.skipping == 0 {
			s.out.WriteByte(' ')
		}
		return
	case sqltext.Open:
		s.begin(s.last == "in", false)
	case sqltext.Close:
		s.end()
	case sqltext.Word:
		s.word(strings.ToLower(text))
	case sqltext.Operator:
		switch {
		case text == "[":
			s.begin(s.last == "array", false)
		case text == "]":
			s.end()
		case text == ",":
			s.comma()
		}
	}
	if kind != sqltext.Word {
		s.last = text
	}
	if s.skipping > 0 {
		return
	}
	if kind == sqltext.Parameter {
		text = s.number(text)
	}
	s.out.WriteString(text)
}

func (s *shortener) begin(short, values bool) {
	l := list{values: values}
	switch {
	case values:
		l.most = mostRows
	case short:
		l.most = mostValues
	}
	s.open = append(s.open, l)
}

// end closes a bracket, and the rows of VALUES that end with it.
func (s *shortener) end() {
	for n := len(s.open); n > 0; n = len(s.open) {
		l := s.open[n-1]
		s.open = s.open[:n-1]
		if s.skipping == n {
			s.skipping = 0
		}
		if !l.values {
			return
		}
	}
}

// word may begin the rows of VALUES; behind them another one ends them.
func (s *shortener) word(word string) {
	s.last = word
	if n := len(s.open); n > 0 && s.open[n-1].values {
		if s.skipping == n {
			s.skipping = 0
			s.out.WriteByte(' ')
		}
		s.open = s.open[:n-1]
	}
	if word == "values" {
		s.begin(false, true)
	}
}

func (s *shortener) comma() {
	n := len(s.open)
	if n == 0 {
		return
	}
	l := &s.open[n-1]
	if l.items++; l.most > 0 && l.items >= l.most && s.skipping == 0 {
		s.skipping, s.cut = n, true
	}
}

// number gives parameters the numbers of the order in which they stand.
func (s *shortener) number(text string) string {
	if s.numbers[text] == 0 {
		s.numbers[text] = len(s.numbers) + 1
	}
	return "$" + strconv.Itoa(s.numbers[text])
}
