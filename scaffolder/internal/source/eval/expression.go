package eval

import (
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// expression is the value of an expression.
func (ev *Evaluator) expression(e syntax.Expression, s *scope) Value {
	if !ev.step(Place{s.module.File, e.Range()}) {
		return Unknown("not looked at", Place{s.module.File, e.Range()})
	}
	switch x := e.(type) {
	case *syntax.Identifier:
		return ev.identifier(x, s)
	case *syntax.StringLiteral:
		return String(x.Value)
	case *syntax.NumberLiteral:
		return Number(x.Value)
	case *syntax.BooleanLiteral:
		return Bool(x.Value)
	case *syntax.NullLiteral:
		return Null{}
	case *syntax.BigIntLiteral:
		n, _ := strconv.ParseFloat(x.Digits, 64)
		return Number(n)
	case *syntax.RegExpLiteral:
		return &RegExp{x.Pattern, x.Flags}
	case *syntax.CallExpression:
		return ev.call(x, s)
	case *syntax.MemberExpression:
		return ev.memberExpression(x, s)
	case *syntax.IndexExpression:
		of := ev.expression(x.Object, s)
		return ev.index(of, ev.expression(x.Index, s), Place{s.module.File, x.Span})
	case *syntax.ArrowFunction, *syntax.Function:
		return ev.function(x, s, nil)
	case *syntax.Class:
		return ev.class(x, s)
	case *syntax.ObjectLiteral:
		return ev.objectLiteral(x, s)
	case *syntax.ArrayLiteral:
		return ev.arrayLiteral(x.Elements, s, Place{s.module.File, x.Span})
	case *syntax.TemplateLiteral:
		return ev.template(x, s)
	case *syntax.NewExpression:
		return ev.construct(x, s)
	case *syntax.AwaitExpression:
		return ev.awaited(ev.expression(x.Operand, s))
	case *syntax.AsExpression:
		return typed(ev.expression(x.Expression, s), x.Type, s.module)
	case *syntax.TypeAssertion:
		return typed(ev.expression(x.Expression, s), x.Type, s.module)
	case *syntax.ParenthesizedExpression, *syntax.SatisfiesExpression, *syntax.NonNullExpression, *syntax.InstantiationExpression:
		return ev.expression(syntax.Unwrap(x), s)
	}
	return ev.operation(e, s)
}

// operation is the value of what is left: operators, and what is rare.
func (ev *Evaluator) operation(e syntax.Expression, s *scope) Value {
	at := Place{s.module.File, e.Range()}
	switch x := e.(type) {
	case *syntax.BinaryExpression:
		return ev.binary(x, s)
	case *syntax.ConditionalExpression:
		return ev.conditional(x, s)
	case *syntax.AssignmentExpression:
		return ev.assignment(x, s)
	case *syntax.UnaryExpression:
		return ev.unary(x, s)
	case *syntax.UpdateExpression:
		return ev.update(x, s)
	case *syntax.ThisExpression:
		if s.frame.this == nil {
			return Undefined{}
		}
		return s.frame.this
	case *syntax.SequenceExpression:
		var v Value = Undefined{}
		for _, one := range x.Expressions {
			v = ev.expression(one, s)
		}
		return v
	case *syntax.SpreadElement:
		return ev.expression(x.Expression, s)
	case *syntax.TaggedTemplate:
		return ev.tagged(x, s)
	case *syntax.YieldExpression:
		var v Value = Undefined{}
		if x.Operand != nil {
			v = ev.expression(x.Operand, s)
		}
		if x.Delegate {
			items, _ := ev.Iterate(v, at)
			s.frame.yields = append(s.frame.yields, items...)
		} else {
			s.frame.yields = append(s.frame.yields, v)
		}
		return v // what is sent in is mostly what a promise gives (co)
	case *syntax.MetaProperty:
		return ev.meta(x, s)
	case *syntax.SuperExpression:
		return ev.superObject(s)
	}
	return Unknown("an expression", at)
}

func (ev *Evaluator) meta(x *syntax.MetaProperty, s *scope) Value {
	if x.Keyword != token.Import {
		if s.frame.newTarget != nil {
			return s.frame.newTarget
		}
		return Undefined{}
	}
	meta := NewObject()
	meta.Put("url", String("file://"+s.module.Path))
	meta.Put("filename", s.module.scope.own("__filename").value)
	meta.Put("dirname", s.module.scope.own("__dirname").value)
	meta.Put("main", Bool(s.module == ev.Main))
	meta.Open = true
	return meta
}

func (ev *Evaluator) identifier(x *syntax.Identifier, s *scope) Value {
	if b := s.find(x.Name); b != nil {
		return ev.read(b)
	}
	switch x.Name {
	case "undefined":
		return Undefined{}
	case "NaN", "Infinity":
		return Unknown(x.Name, Place{s.module.File, x.Span})
	case "arguments":
		return &Array{Elements: s.frame.args, Open: s.frame.args == nil}
	}
	return ev.global(x.Name)
}

// global is a global name; an unknown one is the same term each time.
func (ev *Evaluator) global(name string) Value {
	if v, ok := ev.globals[name]; ok {
		return v
	}
	v := ev.languageGlobal(name)
	for _, lib := range ev.Libraries {
		if v != nil {
			break
		}
		if g, ok := lib.(GlobalLibrary); ok {
			if have, ok := g.Global(ev, name); ok {
				v = have
			}
		}
	}
	if v == nil {
		v = &Term{Kind: Opaque, Name: name}
	}
	ev.globals[name] = v
	return v
}

func (ev *Evaluator) read(b *binding) Value {
	if b.from == nil {
		if b.value == nil {
			return Undefined{}
		}
		return b.value
	}
	v := ev.Export(b.from, b.name)
	if v == nil {
		return &Term{Kind: Opaque, Name: b.name}
	}
	if b.from.state == evaluated {
		b.value, b.from = v, nil // it stays so
	}
	return v
}

// named is the value of an expression that is given a name: functions and classes
// take it.
func (ev *Evaluator) named(e syntax.Expression, name string, s *scope) Value {
	v := ev.expression(e, s)
	switch syntax.Unwrap(e).(type) {
	case *syntax.ArrowFunction, *syntax.Function:
		if fn, ok := v.(*Function); ok && fn.Name == "" {
			fn.Name = name
		}
	case *syntax.Class:
		if c, ok := v.(*Class); ok && c.Name == "" {
			c.Name = name
		}
	case *syntax.CallExpression, *syntax.NewExpression:
		if fn, ok := v.(*Function); ok && fn.Name == "" && fn.bound == nil {
			fn.Name = name // made by this call: const get = wrap(async () => …)
		}
		if t, ok := v.(*Term); ok && ev.Observer == nil {
			ev.nameTerm(t, name)
		}
	}
	return v
}

// nameTerm keeps the first name that a term was given: a schema is named after it.
func (ev *Evaluator) nameTerm(t *Term, name string) {
	if t.Label == "" {
		t.Label = name
	}
}

func (ev *Evaluator) objectLiteral(x *syntax.ObjectLiteral, s *scope) Value {
	o := &Object{At: Place{s.module.File, x.Span}, level: ev.level}
	ev.makes(sizeObject + len(x.Properties)*sizeProperty)
	for _, e := range x.Properties {
		switch part := e.(type) {
		case *syntax.SpreadElement:
			ev.spreadInto(o, ev.expression(part.Expression, s))
		case *syntax.Property:
			ev.literalProperty(o, part, s)
		}
	}
	return o
}

func (ev *Evaluator) literalProperty(o *Object, part *syntax.Property, s *scope) {
	key, ok := ev.propertyKey(part.Key, s).(String)
	if !ok {
		ev.expression(part.Value, s)
		o.Open = true
		return
	}
	at := Place{s.module.File, part.Span}
	switch part.Kind {
	case syntax.PropertyGet, syntax.PropertySet:
		fn := ev.function(part.Value, s, nil)
		p := o.property(string(key))
		p.At = at
		if part.Kind == syntax.PropertyGet {
			p.Get = fn
		} else {
			p.Set = fn
		}
		return
	}
	p := o.property(string(key))
	p.Value, p.At = ev.named(part.Value, string(key), s), at
	if fn, ok := p.Value.(*Function); ok && part.Kind == syntax.PropertyMethod {
		fn.Name = string(key)
	}
}

// spreadInto copies the properties of a value.
func (ev *Evaluator) spreadInto(o *Object, v Value) {
	switch x := v.(type) {
	case *Object:
		keys := x.keys
		if h, ok := x.Host.(KeyedHost); ok {
			keys = append(append([]string{}, keys...), h.Keys(ev)...)
		} else if x.Host != nil {
			o.Open = true
			o.spread = append(o.spread, v)
		}
		ev.copies(len(keys), sizeProperty)
		for _, k := range keys {
			p := o.property(k)
			p.Value, p.Get = ev.GetMember(x, k, x.At), nil
			if from := x.own(k); from != nil {
				p.At = from.At
			}
		}
		o.Open = o.Open || x.Open
		o.spread = append(o.spread, x.spread...)
	case *Union:
		for _, one := range x.Of {
			ev.spreadInto(o, one)
		}
	case *Array:
		ev.copies(len(x.Elements), sizeProperty)
		for i, one := range x.Elements {
			o.Put(strconv.Itoa(i), one)
		}
	case *Term:
		o.Open = true
		o.spread = append(o.spread, v)
	}
}

func (ev *Evaluator) arrayLiteral(elements []syntax.Expression, s *scope, at Place) *Array {
	a := &Array{At: at, level: ev.level}
	ev.makes(sizeObject + len(elements)*sizeElement)
	for _, e := range elements {
		switch part := e.(type) {
		case nil:
			a.Elements = append(a.Elements, Undefined{})
		case *syntax.SpreadElement:
			items, known := ev.Iterate(ev.expression(part.Expression, s), Place{s.module.File, part.Span})
			a.Elements = append(a.Elements, items...)
			ev.bounded(a, a.At)
			a.Open = a.Open || !known
		default:
			a.Elements = append(a.Elements, ev.expression(e, s))
		}
	}
	return a
}

func (ev *Evaluator) template(x *syntax.TemplateLiteral, s *scope) Value {
	var v Value = String(x.Parts[0].Cooked)
	for i, e := range x.Expressions {
		v = concat(v, ev.expression(e, s))
		if i+1 < len(x.Parts) {
			v = concat(v, String(x.Parts[i+1].Cooked))
		}
	}
	ev.counted(v)
	return v
}

func (ev *Evaluator) tagged(x *syntax.TaggedTemplate, s *scope) Value {
	tag := ev.expression(x.Tag, s)
	parts := &Array{}
	for _, p := range x.Template.Parts {
		parts.Elements = append(parts.Elements, String(p.Cooked))
	}
	args := []Value{parts}
	for _, e := range x.Template.Expressions {
		args = append(args, ev.expression(e, s))
	}
	return ev.Call(tag, Undefined{}, args, Place{s.module.File, x.Span})
}

func (ev *Evaluator) conditional(x *syntax.ConditionalExpression, s *scope) Value {
	if truth, ok := Truth(ev.expression(x.Test, s)); ok {
		if truth {
			return ev.expression(x.Then, s)
		}
		return ev.expression(x.Else, s)
	}
	var a, b Value
	ev.branch(func() { a = ev.expression(x.Then, s) })
	ev.branch(func() { b = ev.expression(x.Else, s) })
	return Join(a, b)
}

func (ev *Evaluator) assignment(x *syntax.AssignmentExpression, s *scope) Value {
	at := Place{s.module.File, x.Span}
	switch x.Operator {
	case token.Equal:
		var v Value
		switch target := syntax.Unwrap(x.Target).(type) {
		case *syntax.Identifier:
			v = ev.named(x.Value, target.Name, s)
		case *syntax.MemberExpression:
			v = ev.named(x.Value, memberName(target.Property), s)
		default:
			v = ev.expression(x.Value, s)
		}
		ev.assign(x.Target, v, s)
		return v
	case token.BarBarEqual, token.QuestionQuestionEqual, token.AmpersandAmpersandEqual:
		have := ev.expression(x.Target, s)
		truth, ok := Truth(have)
		if x.Operator == token.QuestionQuestionEqual {
			truth, ok = present(have)
		}
		if ok && truth != (x.Operator == token.AmpersandAmpersandEqual) {
			return have
		}
		v := ev.expression(x.Value, s)
		if !ok {
			v = Join(have, v)
		}
		ev.assign(x.Target, v, s)
		return v
	}
	v := ev.arithmetic(plain(x.Operator), ev.expression(x.Target, s), ev.expression(x.Value, s), at)
	ev.assign(x.Target, v, s)
	return v
}

// plain is the operator of a compound assignment.
func plain(k token.Kind) token.Kind {
	switch k {
	case token.PlusEqual:
		return token.Plus
	case token.MinusEqual:
		return token.Minus
	case token.StarEqual:
		return token.Star
	case token.SlashEqual:
		return token.Slash
	case token.PercentEqual:
		return token.Percent
	}
	return token.None
}

func (ev *Evaluator) update(x *syntax.UpdateExpression, s *scope) Value {
	have := ev.expression(x.Operand, s)
	n, ok := have.(Number)
	if !ok {
		return have
	}
	next := n + 1
	if x.Operator == token.MinusMinus {
		next = n - 1
	}
	ev.assign(x.Operand, next, s)
	if x.Prefix {
		return next
	}
	return n
}
