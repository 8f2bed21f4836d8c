package syntax

import (
	"math"
	"strconv"
	"strings"
)

// A StringLiteral is 'text' or "text". Lone surrogates of escapes are kept as the
// three bytes that WTF-8 writes for them.
type StringLiteral struct {
	Span
	Value string
}

// A NumberLiteral is a number of any base.
type NumberLiteral struct {
	Span
	Value float64
}

// Key is the number as JavaScript writes it where it is the name of a property.
func (n *NumberLiteral) Key() string {
	if n.Value == math.Trunc(n.Value) && math.Abs(n.Value) < 1e21 {
		return strconv.FormatFloat(n.Value, 'f', -1, 64)
	}
	if a := math.Abs(n.Value); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(n.Value, 'f', -1, 64)
	}
	text := strconv.FormatFloat(n.Value, 'e', -1, 64)
	text = strings.Replace(text, "e-0", "e-", 1)
	return strings.Replace(text, "e+0", "e+", 1)
}

// A BigIntLiteral is 10n.
type BigIntLiteral struct {
	Span
	Digits string // decimal, without separators and n
}

// A BooleanLiteral is true or false.
type BooleanLiteral struct {
	Span
	Value bool
}

// A NullLiteral is null.
type NullLiteral struct{ Span }

// A RegExpLiteral is /pattern/flags.
type RegExpLiteral struct {
	Span
	Pattern, Flags string
}

// A TemplateLiteral is `text${expression}text`. There is one part more than there
// are expressions.
type TemplateLiteral struct {
	Span
	Parts       []TemplatePart
	Expressions []Expression
}

// A TemplatePart is text of a template. Its span has the delimiters.
type TemplatePart struct {
	Span
	Cooked string // escapes resolved; empty where an escape is wrong
	Raw    string // as String.raw sees it, with \r\n as \n
}

// An ArrayLiteral is [a, , ...b]. A nil element is a hole.
type ArrayLiteral struct {
	Span
	Elements []Expression // *SpreadElement among them
}

// A SpreadElement is ...x in an array, an object or arguments.
type SpreadElement struct {
	Span
	Expression Expression
}

// An ObjectLiteral is {a: 1, b, get c() {…}, ...d}.
type ObjectLiteral struct {
	Span
	Properties []Expression // *Property and *SpreadElement
}

// PropertyKind says what a Property is.
type PropertyKind uint8

// A value, a shorthand name, a method, and the two accessors.
const (
	PropertyValue     PropertyKind = iota // key: value
	PropertyShorthand                     // key, and in destructuring key = value
	PropertyMethod                        // key() {…}
	PropertyGet                           // get key() {…}
	PropertySet                           // set key(v) {…}
)

// A Property is one property of an object literal.
type Property struct {
	Span
	Kind PropertyKind
	// Key is *Identifier, *StringLiteral, *NumberLiteral, *BigIntLiteral, *PrivateName
	// (refused, and kept) or *ComputedKey. See KeyName.
	Key Expression
	// Value is the expression after the colon; the *Function of methods and accessors;
	// for a shorthand the same *Identifier as Key.
	Value Expression
	// Default is x in {key = x}, which only destructuring may have. May be nil.
	Default Expression
}

func (*StringLiteral) expression()   {}
func (*NumberLiteral) expression()   {}
func (*BigIntLiteral) expression()   {}
func (*BooleanLiteral) expression()  {}
func (*NullLiteral) expression()     {}
func (*RegExpLiteral) expression()   {}
func (*TemplateLiteral) expression() {}
func (*ArrayLiteral) expression()    {}
func (*SpreadElement) expression()   {}
func (*ObjectLiteral) expression()   {}
func (*Property) expression()        {}
