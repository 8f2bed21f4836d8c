package openapi

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// object is a mapping that is being filled. Its methods add nothing for a value
// that is not there, and give the object back.
type object struct{ node *yaml.Node }

func newObject() object { return object{&yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}} }

// empty says that nothing was added.
func (o object) empty() bool { return len(o.node.Content) == 0 }

// set adds a value; nil adds nothing.
func (o object) set(key string, value *yaml.Node) object {
	if value != nil {
		o.node.Content = append(o.node.Content, oneLine(key), value)
	}
	return o
}

// text adds a text that is not empty.
func (o object) text(key, value string) object {
	if value == "" {
		return o
	}
	return o.set(key, text(value))
}

// flag adds true.
func (o object) flag(key string, value bool) object {
	if !value {
		return o
	}
	return o.set(key, literal("true"))
}

func (o object) number(key string, n api.Number) object {
	if n == "" {
		return o
	}
	return o.set(key, literal(string(n)))
}

func (o object) value(key string, v api.Value) object { return o.set(key, valueNode(v)) }

// texts adds a list of texts on one line; an empty one is not added.
func (o object) texts(key string, values []string) object {
	if len(values) == 0 {
		return o
	}
	list := sequence()
	list.Style = yaml.FlowStyle
	for _, v := range values {
		list.Content = append(list.Content, oneLine(v))
	}
	return o.set(key, list)
}

// object adds a mapping that is not empty.
func (o object) object(key string, value object) object {
	if value.empty() {
		return o
	}
	return o.set(key, value.node)
}

// list adds a list that is not empty.
func (o object) list(key string, items []*yaml.Node) object {
	if len(items) == 0 {
		return o
	}
	list := sequence()
	list.Content = items
	return o.set(key, list)
}

func sequence() *yaml.Node { return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"} }

// text is a string; one of many lines stands as a block, unless a parser would take
// the beginning of a line for indentation.
func text(s string) *yaml.Node {
	n := oneLine(s)
	if strings.Contains(s, "\n") && !strings.Contains(s, "\n\t") && !strings.ContainsAny(s[:1], " \n\t") && !strings.ContainsFunc(s, needsQuotes) {
		n.Style = yaml.LiteralStyle
	}
	return n
}

// oneLine is a string for a place where no block may stand.
func oneLine(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsFunc(s, needsQuotes) || strings.Contains(s, "\n") || s == "<<" || oldWord(s) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// oldWord is what YAML 1.1 takes for true or false, or a time or number of base 60,
// and YAML 1.2 for a string: readers of both get one.
func oldWord(s string) bool {
	if len(s) <= len("yes") {
		switch strings.ToLower(s) {
		case "yes", "no", "on", "off":
			return true
		}
	}
	return strings.Contains(s, ":") && sexagesimal.MatchString(s)
}

var sexagesimal = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`)

// needsQuotes holds for what some parsers of YAML take for an end of a line, or
// do not take at all, unless it is escaped.
func needsQuotes(r rune) bool {
	return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfffe && r <= 0xffff
}

// literal is a number, true, false or null as JSON writes it.
func literal(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

// valueNode is a JSON value, lists of scalars on one line; nil for none.
func valueNode(v api.Value) *yaml.Node {
	switch {
	case v == "":
		return nil
	case v == "null" || v == "true" || v == "false" || plainNumber(string(v)):
		return literal(string(v))
	}
	d := json.NewDecoder(strings.NewReader(string(v)))
	d.UseNumber()
	return nextValue(d)
}

// plainNumber holds for digits alone, which are most numbers.
func plainNumber(s string) bool {
	return (s[0] != '0' || len(s) == 1) && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// nextValue reads one value. The model holds values that are valid JSON: nil
// (no value) stands for one that is not.
func nextValue(d *json.Decoder) *yaml.Node {
	token, err := d.Token()
	if err != nil {
		return nil
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return nextObject(d)
		}
		return nextList(d)
	case string:
		return text(t)
	case json.Number:
		return literal(t.String())
	case bool:
		if t {
			return literal("true")
		}
		return literal("false")
	}
	return literal("null")
}

func nextObject(d *json.Decoder) *yaml.Node {
	o := newObject()
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil
		}
		name, _ := key.(string)
		value := nextValue(d)
		if value == nil {
			return nil
		}
		o.node.Content = append(o.node.Content, oneLine(name), value)
	}
	if _, err := d.Token(); err != nil {
		return nil
	}
	return o.node
}

func nextList(d *json.Decoder) *yaml.Node {
	list := sequence()
	list.Style = yaml.FlowStyle
	for d.More() {
		item := nextValue(d)
		if item == nil {
			return nil
		}
		if item.Kind != yaml.ScalarNode {
			list.Style = 0
		}
		list.Content = append(list.Content, item)
	}
	if _, err := d.Token(); err != nil {
		return nil
	}
	return list
}
