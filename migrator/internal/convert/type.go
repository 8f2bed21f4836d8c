package convert

import (
	"slices"
	"strconv"
	"strings"
)

// Type is a type as format_type prints it: "numeric(10,2)", "timestamp(3)
// without time zone", "character varying(4)[]".
type Type struct {
	Name  string // without modifiers and brackets
	Mods  []int  // in the parentheses; nil where there are none
	Array bool
	text  string
}

// Parse reads what format_type prints.
func Parse(text string) Type {
	t := Type{text: text, Name: text}
	if rest, ok := strings.CutSuffix(text, "[]"); ok {
		t.Array, t.Name = true, rest
	}
	open := outside(t.Name, '(')
	if open < 0 {
		return t
	}
	end := strings.IndexByte(t.Name[open:], ')')
	if end < 0 {
		return t
	}
	for _, field := range strings.Split(t.Name[open+1:open+end], ",") {
		n, err := strconv.Atoi(field)
		if err != nil {
			return t // a modifier of an extension's type: geometry(Point,4326)
		}
		t.Mods = append(t.Mods, n)
	}
	t.Name = t.Name[:open] + t.Name[open+end+1:]
	return t
}

// outside finds a byte that does not stand in double quotes.
func outside(s string, b byte) int {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == b && !quoted:
			return i
		}
	}
	return -1
}

// element is what an array holds.
func (t Type) element() Type {
	t.Array, t.text = false, strings.TrimSuffix(t.text, "[]")
	return t
}

// mod is the n-th modifier, or what a type without modifiers has.
func (t Type) mod(n, without int) int {
	if n >= len(t.Mods) {
		return without
	}
	return t.Mods[n]
}

// The families of types that behave alike.

func (t Type) isText() bool {
	switch t.Name {
	case "text", "character varying", "character", "name":
		return true
	}
	return false
}

// unlimited: holds every text.
func (t Type) unlimited() bool {
	return t.Name == "text" || t.Name == "character varying" && t.Mods == nil
}

// digits are how many decimal digits an integer type can have, 0 for others.
func (t Type) digits() int {
	switch t.Name {
	case "smallint":
		return 5
	case "integer":
		return 10
	case "bigint":
		return 19
	}
	return 0
}

func (t Type) isNumber() bool {
	switch t.Name {
	case "numeric", "real", "double precision":
		return true
	}
	return t.digits() > 0
}

// kind is the name without the fields of an interval.
func (t Type) kind() string {
	if t.fields() > 0 {
		return "interval"
	}
	return t.Name
}

const seconds = 6

// fields are how small a part of an interval is that a type has: 1 is years, 6 are
// seconds; 0 for other types.
func (t Type) fields() int {
	if t.Name == "interval" {
		return seconds
	}
	if !strings.HasPrefix(t.Name, "interval ") {
		return 0
	}
	words := strings.Fields(t.Name)
	return 1 + slices.Index([]string{"year", "month", "day", "hour", "minute", "second"}, words[len(words)-1])
}

// precision is how many digits of a second a time has; -1 for other types.
func (t Type) precision() int {
	if strings.HasPrefix(t.Name, "time") || t.Name == "interval" || strings.HasPrefix(t.Name, "interval ") && strings.HasSuffix(t.Name, "second") {
		return t.mod(0, 6)
	}
	return -1
}
