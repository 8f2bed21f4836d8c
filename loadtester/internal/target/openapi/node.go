package openapi

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/loadtester/internal/target/openapi/schema"
)

// node is a place in a file. The zero node stands for what is not there: its
// methods work and give nothing.
type node struct {
	y *yaml.Node
	f *file
}

// at is the node of y, with YAML aliases followed.
func (n node) at(y *yaml.Node) node {
	for hops := 0; y != nil && y.Kind == yaml.AliasNode && hops < 100; hops++ {
		y = y.Alias
	}
	return node{y, n.f}
}

func (n node) ok() bool         { return n.y != nil }
func (n node) isMap() bool      { return n.y != nil && n.y.Kind == yaml.MappingNode }
func (n node) isSequence() bool { return n.y != nil && n.y.Kind == yaml.SequenceNode }
func (n node) isScalar() bool   { return n.y != nil && n.y.Kind == yaml.ScalarNode }

// get is the value of a key.
func (n node) get(key string) node {
	for _, p := range n.pairs() {
		if p.name == key {
			return p.value
		}
	}
	return node{}
}

type pair struct {
	name  string
	value node
}

// pairs are the entries of a mapping in their order, those of a merge key last.
func (n node) pairs() []pair {
	if !n.isMap() {
		return nil
	}
	var out, merged []pair
	content := n.y.Content
	for i := 0; i+1 < len(content); i += 2 {
		value := n.at(content[i+1])
		switch {
		case content[i].Value != "<<" || content[i].Tag != "!!merge":
			out = append(out, pair{content[i].Value, value})
		case value.isSequence():
			for _, each := range value.items() {
				merged = append(merged, each.pairs()...)
			}
		case value.y != n.y:
			merged = append(merged, value.pairs()...)
		}
	}
	for _, m := range merged {
		have := false
		for _, p := range out {
			have = have || p.name == m.name
		}
		if !have {
			out = append(out, m)
		}
	}
	return out
}

func (n node) items() []node {
	if !n.isSequence() {
		return nil
	}
	out := make([]node, len(n.y.Content))
	for i, y := range n.y.Content {
		out[i] = n.at(y)
	}
	return out
}

// text is a scalar as written, "" for anything else.
func (n node) text() string {
	if n.isScalar() && n.y.ShortTag() != "!!null" {
		return n.y.Value
	}
	return ""
}

func (n node) string(key string) string { return n.get(key).text() }

func (n node) bool(key string, otherwise bool) bool {
	switch strings.ToLower(n.string(key)) {
	case "true":
		return true
	case "false":
		return false
	}
	return otherwise
}

func (n node) strings(key string) []string {
	var out []string
	for _, item := range n.get(key).items() {
		out = append(out, item.text())
	}
	return out
}

// count is a whole number of at least 0; nil: none.
func (n node) count(key string) *int {
	v := n.number(key)
	if v == nil || !v.IsInt() || v.Sign() < 0 || !v.Num().IsInt64() {
		return nil
	}
	i := int(v.Num().Int64())
	return &i
}

func (n node) number(key string) *big.Rat {
	v := n.get(key)
	if !v.isScalar() || v.y.ShortTag() != "!!int" && v.y.ShortTag() != "!!float" {
		return nil
	}
	return schema.Number(v.y.Value)
}

// value is the JSON value that stands here.
func (n node) value() any { return n.valueAt(0) }

func (n node) valueAt(depth int) any {
	switch {
	case depth > 100:
		return nil
	case n.isMap():
		o := schema.NewObject()
		for _, p := range n.pairs() {
			o.Set(p.name, p.value.valueAt(depth+1))
		}
		return o
	case n.isSequence():
		list := []any{}
		for _, item := range n.items() {
			list = append(list, item.valueAt(depth+1))
		}
		return list
	case !n.isScalar():
		return nil
	}
	return scalar(n.y)
}

// scalar reads what JSON can hold; dates and the like stay text.
func scalar(y *yaml.Node) any {
	switch y.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(y.Value, "true")
	case "!!int":
		if i, err := strconv.ParseInt(y.Value, 0, 64); err == nil {
			return schema.Decimal(big.NewRat(i, 1))
		}
		fallthrough
	case "!!float":
		if v := schema.Number(y.Value); v != nil {
			return schema.Decimal(v)
		}
	}
	return y.Value
}
