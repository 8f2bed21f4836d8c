package eval

import (
	"slices"
	"strconv"
	"strings"
)

func (ev *Evaluator) arrayMember(a *Array, name string, at Place) Value {
	if name == "length" {
		if a.Open {
			return Unknown("a length", at)
		}
		return Number(len(a.Elements))
	}
	if i, err := strconv.Atoi(name); err == nil {
		switch {
		case i >= 0 && i < len(a.Elements):
			return a.Elements[i]
		case a.Open:
			return Unknown("an element", at)
		}
		return Undefined{}
	}
	if a.props != nil {
		if v := a.props.Get(name); v != nil {
			return v
		}
	}
	if method := arrayMethod(name); method != nil {
		return &Native{Name: name, Call: func(c *Call) Value {
			if this, ok := c.This.(*Array); ok {
				return method(this, c)
			}
			return method(a, c)
		}}
	}
	return Undefined{}
}

// made is a new array of the same certainty.
func (a *Array) made(c *Call, elements []Value) *Array {
	return &Array{Elements: elements, Open: a.Open, At: c.At, level: c.level}
}

// callback calls the function that a method was given for an element.
func callback(c *Call, e Value, i int, a *Array) Value {
	return c.Evaluator.Call(c.Arg(0), c.Arg(1), []Value{e, Number(i), a}, c.At)
}

func arrayMethod(name string) func(a *Array, c *Call) Value {
	switch name {
	case "push", "unshift", "pop", "shift", "splice", "reverse", "sort", "fill":
		return func(a *Array, c *Call) Value { return changeArray(name, a, c) }
	case "forEach", "map", "flatMap", "filter", "find", "findLast", "some", "every", "findIndex", "reduce", "reduceRight":
		return func(a *Array, c *Call) Value { return walkArray(name, a, c) }
	case "concat", "slice", "flat", "toReversed", "toSorted", "values", "entries", "keys", "at", "with":
		return func(a *Array, c *Call) Value { return copyArray(name, a, c) }
	case "join", "includes", "indexOf", "lastIndexOf", "toString":
		return func(a *Array, c *Call) Value { return askArray(name, a, c) }
	}
	return nil
}

func changeArray(name string, a *Array, c *Call) Value {
	if c.level > a.level {
		a.Open = a.Open || name == "pop" || name == "shift" || name == "splice"
	}
	if name != "push" {
		a.settled = 0
	}
	switch name {
	case "push":
		a.Elements = append(a.Elements, c.Args...)
		return Number(len(a.Elements))
	case "unshift":
		a.Elements = append(append([]Value{}, c.Args...), a.Elements...)
		return Number(len(a.Elements))
	case "pop", "shift":
		if len(a.Elements) == 0 {
			return Undefined{}
		}
		i := 0
		if name == "pop" {
			i = len(a.Elements) - 1
		}
		v := a.Elements[i]
		if c.level <= a.level {
			a.Elements = slices.Delete(slices.Clone(a.Elements), i, i+1)
		}
		return v
	case "splice":
		from, to := bounds(len(a.Elements), c.Arg(0), Undefined{})
		if n, ok := c.Arg(1).(Number); ok {
			to = min(from+max(int(n), 0), len(a.Elements))
		}
		cut := append([]Value{}, a.Elements[from:to]...)
		rest := append([]Value{}, a.Elements[to:]...)
		a.Elements = append(append(append([]Value{}, a.Elements[:from]...), c.Args[min(2, len(c.Args)):]...), rest...)
		return a.made(c, cut)
	case "reverse":
		slices.Reverse(a.Elements)
	case "sort":
		sortElements(a.Elements)
	case "fill":
		for i := range a.Elements {
			a.Elements[i] = c.Arg(0)
		}
	}
	return a
}

// sortElements sorts texts; an order that a function decides stays as it is.
func sortElements(list []Value) {
	for _, v := range list {
		if _, ok := v.(String); !ok {
			return
		}
	}
	slices.SortStableFunc(list, func(x, y Value) int { return strings.Compare(ToText(x), ToText(y)) })
}

func walkArray(name string, a *Array, c *Call) Value {
	ev := c.Evaluator
	level := ev.level
	defer func() { ev.level = level }()
	if a.Open {
		ev.level++
	}
	elements := slices.Clone(a.Elements)
	if name == "reduceRight" {
		slices.Reverse(elements)
	}
	if name == "reduce" || name == "reduceRight" {
		return reduceArray(elements, a, c)
	}
	var out []Value
	var may []Value
	for i, e := range elements {
		if ev.spent {
			break
		}
		v := callback(c, e, i, a)
		truth, known := Truth(v)
		switch name {
		case "map":
			out = append(out, v)
		case "flatMap":
			if inner, ok := v.(*Array); ok {
				out = append(out, inner.Elements...)
			} else {
				out = append(out, v)
			}
		case "filter":
			if !known || truth {
				out = append(out, e)
			}
		case "find", "findLast":
			if known && truth && len(may) == 0 {
				return e
			}
			if !known || truth {
				may = append(may, e)
			}
		case "some", "every", "findIndex":
			if known && truth == (name != "every") && len(may) == 0 {
				if name == "findIndex" {
					return Number(i)
				}
				return Bool(name == "some")
			}
			if !known {
				may = append(may, e)
			}
		}
	}
	return walked(name, a, c, out, may)
}

func walked(name string, a *Array, c *Call, out, may []Value) Value {
	switch name {
	case "map", "flatMap", "filter":
		return a.made(c, out)
	case "find", "findLast":
		if a.Open {
			may = append(may, Unknown("an element", c.At))
		}
		if len(may) == 0 {
			return Undefined{}
		}
		return Join(may...)
	case "some", "every", "findIndex":
		if len(may) > 0 || a.Open {
			return Unknown(name, c.At)
		}
		if name == "findIndex" {
			return Number(-1)
		}
		return Bool(name == "every")
	}
	return Undefined{}
}

func reduceArray(elements []Value, a *Array, c *Call) Value {
	acc := c.Arg(1)
	if len(c.Args) < 2 {
		if len(elements) == 0 {
			return Undefined{}
		}
		acc, elements = elements[0], elements[1:]
	}
	for i, e := range elements {
		acc = c.Evaluator.Call(c.Arg(0), Undefined{}, []Value{acc, e, Number(i), a}, c.At)
	}
	return acc
}

func copyArray(name string, a *Array, c *Call) Value {
	switch name {
	case "concat":
		out := slices.Clone(a.Elements)
		made := a.made(c, nil)
		for _, arg := range c.Args {
			if inner, ok := arg.(*Array); ok {
				out = append(out, inner.Elements...)
				made.Open = made.Open || inner.Open
			} else {
				out = append(out, arg)
			}
		}
		made.Elements = out
		return made
	case "slice":
		from, to := bounds(len(a.Elements), c.Arg(0), c.Arg(1))
		return a.made(c, slices.Clone(a.Elements[from:to]))
	case "flat":
		depth := 1
		if n, ok := c.Arg(0).(Number); ok {
			depth = int(n)
		}
		made := a.made(c, nil)
		flatten(a, depth, made)
		return made
	case "toReversed":
		out := slices.Clone(a.Elements)
		slices.Reverse(out)
		return a.made(c, out)
	case "entries", "keys":
		made := a.made(c, nil)
		for i, e := range a.Elements {
			if name == "keys" {
				made.Elements = append(made.Elements, Number(i))
			} else {
				made.Elements = append(made.Elements, &Array{Elements: []Value{Number(i), e}})
			}
		}
		return made
	case "at":
		if n, ok := c.Arg(0).(Number); ok {
			i := int(n)
			if i < 0 {
				i += len(a.Elements)
			}
			if i >= 0 && i < len(a.Elements) {
				return a.Elements[i]
			}
		}
		return Undefined{}
	}
	return a.made(c, slices.Clone(a.Elements))
}

func flatten(a *Array, depth int, into *Array) {
	into.Open = into.Open || a.Open
	for _, e := range a.Elements {
		if inner, ok := e.(*Array); ok && depth > 0 {
			flatten(inner, depth-1, into)
		} else {
			into.Elements = append(into.Elements, e)
		}
	}
}

// bounds are the indexes that slice(from, to) means.
func bounds(n int, from, to Value) (int, int) {
	index := func(v Value, otherwise int) int {
		f, ok := v.(Number)
		if !ok {
			return otherwise
		}
		i := int(f)
		if i < 0 {
			i += n
		}
		return max(0, min(i, n))
	}
	a := index(from, 0)
	return a, max(a, index(to, n))
}

func askArray(name string, a *Array, c *Call) Value {
	switch name {
	case "join", "toString":
		separator := ","
		if s, ok := c.Arg(0).(String); ok {
			separator = string(s)
		}
		return joined(a, separator, c.At)
	}
	c.compared(c.Arg(0), a)
	unsure := a.Open || !isKnown(c.Arg(0))
	for i, e := range a.Elements {
		equal, ok := strictEqual(e, c.Arg(0))
		if ok && equal {
			if name == "includes" {
				return Bool(true)
			}
			return Number(i)
		}
		unsure = unsure || !ok
	}
	switch {
	case unsure:
		return Unknown(name, c.At)
	case name == "includes":
		return Bool(false)
	}
	return Number(-1)
}

// joined is the text of the elements with a separator between them.
func joined(a *Array, separator string, at Place) Value {
	var v Value = String("")
	var known strings.Builder // what is known behind v
	for i, e := range a.Elements {
		if i > 0 {
			known.WriteString(separator)
		}
		if known.Len() > longestText {
			return Unknown("a long text", at)
		}
		switch text, ok := knownText(e); {
		case isNothing(e):
		case ok:
			known.WriteString(text)
		default:
			v = concat(concat(v, String(known.String())), e)
			known.Reset()
		}
	}
	return concat(v, String(known.String()))
}
