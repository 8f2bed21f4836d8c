package eval

import (
	"math"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// Truth says whether a value counts as true; ok is false where that is not known.
func Truth(v Value) (truth, ok bool) {
	switch x := v.(type) {
	case Undefined, Null:
		return false, true
	case Bool:
		return bool(x), true
	case Number:
		return x != 0 && !math.IsNaN(float64(x)), true
	case String:
		return x != "", true
	case *Text:
		for _, p := range x.Parts {
			if s, ok := p.(String); ok && s != "" {
				return true, true
			}
		}
		return false, false
	case *Object:
		if h, ok := x.Host.(UnsureHost); ok && h.Unsure() {
			return false, false
		}
		return true, true
	case *Array, *Function, *Native, *Class, *RegExp:
		return true, true
	case *Term:
		return x.Kind == Import || x.Kind == Made, x.Kind == Import || x.Kind == Made
	case *Union:
		truth, ok = Truth(x.Of[0])
		for _, one := range x.Of[1:] {
			if t, k := Truth(one); !k || t != truth {
				return false, false
			}
		}
		return truth, ok
	}
	return false, false
}

// UnsureHost is a Host whose object may as well be undefined, or anything.
type UnsureHost interface {
	Host
	Unsure() bool
}

// present says whether a value is neither undefined nor null.
func present(v Value) (is, ok bool) {
	switch x := v.(type) {
	case Undefined, Null:
		return false, true
	case *Term:
		return x.Kind == Import || x.Kind == Made, x.Kind == Import || x.Kind == Made
	case *Object:
		if h, ok := x.Host.(UnsureHost); ok && h.Unsure() {
			return false, false
		}
	case *Union:
		is, ok = present(x.Of[0])
		for _, one := range x.Of[1:] {
			if i, k := present(one); !k || i != is {
				return false, false
			}
		}
		return is, ok
	}
	return true, true
}

// isKnown says whether a value is all there: a primitive, or an object of the program.
func isKnown(v Value) bool {
	switch x := v.(type) {
	case *Term, *Union, *Text:
		return false
	case *Object:
		h, ok := x.Host.(UnsureHost)
		return !ok || !h.Unsure()
	}
	return true
}

// strictEqual is ===; ok is false where it is not known.
func strictEqual(a, b Value) (equal, ok bool) {
	if !isKnown(a) || !isKnown(b) {
		if Same(a, b) {
			return true, true
		}
		return false, false
	}
	return Same(a, b), true
}

func (ev *Evaluator) binary(x *syntax.BinaryExpression, s *scope) Value {
	at := Place{s.module.File, x.Span}
	switch x.Operator {
	case token.AmpersandAmpersand, token.BarBar, token.QuestionQuestion:
		return ev.logical(x, s)
	case token.In:
		if _, private := x.Left.(*syntax.PrivateName); private {
			return Unknown("in", at)
		}
	}
	return ev.arithmetic(x.Operator, ev.expression(x.Left, s), ev.expression(x.Right, s), at)
}

func (ev *Evaluator) logical(x *syntax.BinaryExpression, s *scope) Value {
	left := ev.expression(x.Left, s)
	truth, ok := Truth(left)
	if x.Operator == token.QuestionQuestion {
		truth, ok = present(left)
	}
	wants := x.Operator == token.AmpersandAmpersand // the right side where the left is true
	if ok {
		if truth == wants {
			return ev.expression(x.Right, s)
		}
		return left
	}
	if h, ok := hostOf[DefaultHost](left); ok && !wants {
		right := ev.expression(x.Right, s)
		h.Defaulted(right)
		return left
	}
	var right Value
	ev.branch(func() { right = ev.expression(x.Right, s) })
	if u, isUnion := left.(*Union); isUnion {
		left = Join(slicesWhere(u.Of, func(v Value) bool { t, k := Truth(v); return !k || t != wants })...)
	}
	return Join(left, right)
}

func hostOf[T any](v Value) (T, bool) {
	var none T
	o, ok := v.(*Object)
	if !ok {
		return none, false
	}
	h, ok := o.Host.(T)
	return h, ok
}

func slicesWhere(list []Value, keep func(Value) bool) []Value {
	var out []Value
	for _, v := range list {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

// arithmetic is an operator on two values.
func (ev *Evaluator) arithmetic(op token.Kind, a, b Value, at Place) Value {
	switch op {
	case token.Plus:
		if x, ok := a.(Number); ok {
			if y, ok := b.(Number); ok {
				return x + y
			}
		}
		v := concat(a, b)
		ev.counted(v)
		return v
	case token.EqualEqualEqual, token.EqualEqual, token.NotEqualEqual, token.NotEqual:
		return ev.equality(op, a, b, at)
	case token.In:
		return ev.in(a, b, at)
	case token.Instanceof:
		return ev.instanceOf(a, b, at)
	}
	x, okX := a.(Number)
	y, okY := b.(Number)
	if s, ok := a.(String); ok && !okX {
		if t, ok := b.(String); ok {
			return compareTexts(op, string(s), string(t), at)
		}
	}
	ev.compared(a, b)
	ev.compared(b, a)
	if !okX || !okY {
		return Unknown("a result of "+op.String(), at)
	}
	switch op {
	case token.Minus:
		return x - y
	case token.Star:
		return x * y
	case token.Slash:
		return x / y
	case token.Percent:
		return Number(math.Mod(float64(x), float64(y)))
	case token.StarStar:
		return Number(math.Pow(float64(x), float64(y)))
	case token.Less:
		return Bool(x < y)
	case token.Greater:
		return Bool(x > y)
	case token.LessEqual:
		return Bool(x <= y)
	case token.GreaterEqual:
		return Bool(x >= y)
	}
	return Unknown("a result of "+op.String(), at)
}

// CompareHost is a Host that wants to know what its object is compared with.
type CompareHost interface {
	Host
	Compared(with Value)
}

func (ev *Evaluator) compared(a, with Value) {
	if h, ok := hostOf[CompareHost](a); ok {
		h.Compared(with)
	}
}

func compareTexts(op token.Kind, a, b string, at Place) Value {
	switch op {
	case token.Less:
		return Bool(a < b)
	case token.Greater:
		return Bool(a > b)
	case token.LessEqual:
		return Bool(a <= b)
	case token.GreaterEqual:
		return Bool(a >= b)
	}
	return Unknown("a result of "+op.String(), at)
}

func (ev *Evaluator) equality(op token.Kind, a, b Value, at Place) Value {
	ev.compared(a, b)
	ev.compared(b, a)
	equal, ok := strictEqual(a, b)
	loose := op == token.EqualEqual || op == token.NotEqual
	if loose {
		if isNothing(a) && isNothing(b) {
			equal, ok = true, true
		} else if x, y := ToText(a), ToText(b); ok && !equal && isPrimitive(a) && isPrimitive(b) {
			equal = x == y
		}
	}
	if !ok {
		if isNothing(a) || isNothing(b) {
			other := a
			if isNothing(a) {
				other = b
			}
			if is, known := present(other); known && is {
				return Bool(op == token.NotEqual || op == token.NotEqualEqual)
			}
		}
		return Unknown("a comparison", at)
	}
	return Bool(equal == (op == token.EqualEqual || op == token.EqualEqualEqual))
}

func isNothing(v Value) bool {
	switch v.(type) {
	case Undefined, Null:
		return true
	}
	return false
}

func isPrimitive(v Value) bool {
	switch v.(type) {
	case Undefined, Null, Bool, Number, String:
		return true
	}
	return false
}

func (ev *Evaluator) in(key, of Value, at Place) Value {
	o, ok := of.(*Object)
	name, known := toKey(key).(String)
	if !ok || !known || o.Open || o.Host != nil {
		if ok && known {
			ev.GetMember(of, string(name), at) // it is looked at
			if _, has := o.find(string(name)); has {
				return Bool(true)
			}
		}
		return Unknown("in", at)
	}
	_, has := o.find(string(name))
	return Bool(has)
}

func (ev *Evaluator) instanceOf(a, of Value, at Place) Value {
	o, isObject := a.(*Object)
	switch c := of.(type) {
	case *Class:
		if !isObject {
			if isPrimitive(a) {
				return Bool(false)
			}
			break
		}
		for n, at := 0, o.Class; at != nil && n < 64; n++ {
			if at == c {
				return Bool(true)
			}
			at, _ = at.Super.(*Class)
		}
		if o.Class != nil {
			return Bool(false)
		}
	case *Native:
		if c.Name == "Array" {
			_, is := a.(*Array)
			if isKnown(a) {
				return Bool(is)
			}
		}
	}
	return Unknown("instanceof", at)
}

func (ev *Evaluator) unary(x *syntax.UnaryExpression, s *scope) Value {
	at := Place{s.module.File, x.Span}
	if x.Operator == token.Delete {
		if m, ok := syntax.Unwrap(x.Operand).(*syntax.MemberExpression); ok {
			if o, ok := ev.expression(m.Object, s).(*Object); ok && ev.level == 0 {
				o.remove(memberName(m.Property))
			}
		}
		return Bool(true)
	}
	v := ev.expression(x.Operand, s)
	switch x.Operator {
	case token.Exclamation:
		if truth, ok := Truth(v); ok {
			return Bool(!truth)
		}
	case token.Typeof:
		if name := typeOf(v); name != "" {
			return String(name)
		}
	case token.Void:
		return Undefined{}
	case token.Minus:
		if n, ok := v.(Number); ok {
			return -n
		}
		ev.compared(v, Number(0))
	case token.Plus:
		ev.compared(v, Number(0))
		return toNumber(v, at)
	}
	return Unknown("a result of "+x.Operator.String(), at)
}

func typeOf(v Value) string {
	switch x := v.(type) {
	case Undefined:
		return "undefined"
	case Null, *Array, *RegExp:
		return "object"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String, *Text:
		return "string"
	case *Function, *Native, *Class:
		return "function"
	case *Object:
		if h, ok := x.Host.(UnsureHost); ok && h.Unsure() {
			return ""
		}
		if c, ok := HostOf(x).(CallableHost); ok && c.Callable() {
			return "function"
		}
		return "object"
	}
	return ""
}

func toNumber(v Value, at Place) Value {
	switch x := v.(type) {
	case Number:
		return x
	case Bool:
		if x {
			return Number(1)
		}
		return Number(0)
	case String:
		if n, err := strconv.ParseFloat(strings.TrimSpace(string(x)), 64); err == nil {
			return Number(n)
		}
	case *Object:
		if _, ok := x.Host.(CompareHost); ok {
			return v // a part of a request stays one
		}
	}
	return Unknown("a number", at)
}
