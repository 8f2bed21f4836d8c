package spec

import (
	"strconv"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// file is one parsed file of a document.
type file struct {
	name string // for messages
	path string // slash-separated, relative to the root directory
	root *yaml.Node
	data []byte // its text
	// known are its parts with addresses; nil until asked.
	known     *resources
	addressed bool // it may have such parts
}

// node is a place in a file. The zero node stands for what is not there: all
// its methods work and give nothing.
type node struct {
	y *yaml.Node
	f *file
}

// wrap makes a node of y, following YAML aliases.
func (n node) wrap(y *yaml.Node) node {
	for hops := 0; y != nil && y.Kind == yaml.AliasNode && hops < 100; hops++ {
		y = y.Alias
	}
	return node{y, n.f}
}

func (n node) ok() bool         { return n.y != nil }
func (n node) isMap() bool      { return n.y != nil && n.y.Kind == yaml.MappingNode }
func (n node) isSequence() bool { return n.y != nil && n.y.Kind == yaml.SequenceNode }
func (n node) isScalar() bool   { return n.y != nil && n.y.Kind == yaml.ScalarNode }
func (n node) isNull() bool     { return n.isScalar() && n.y.ShortTag() == "!!null" }
func (n node) isString() bool   { return n.isScalar() && n.y.ShortTag() == "!!str" }

// kind names what stands at the node, for messages.
func (n node) kind() string {
	switch {
	case n.isMap():
		return "a mapping"
	case n.isSequence():
		return "a list"
	case n.isNull():
		return "null"
	case n.isScalar():
		return strconv.Quote(short(n.y.Value))
	}
	return "nothing"
}

// at is the node's place.
func (n node) at() api.Position {
	if n.y == nil {
		return api.Position{File: n.fileName()}
	}
	return api.Position{File: n.fileName(), Line: n.y.Line, Column: n.y.Column}
}

func (n node) fileName() string {
	if n.f == nil {
		return ""
	}
	return n.f.name
}

// get is the value of a key; the zero node where it is not there or null.
func (n node) get(key string) node {
	if v := n.raw(key); v.ok() && !v.isNull() {
		return v
	}
	return node{}
}

// raw is get, but a null that is there is given back.
func (n node) raw(key string) node {
	if !n.isMap() {
		return node{}
	}
	content := n.y.Content
	var merge *yaml.Node
	for i := 0; i+1 < len(content); i += 2 {
		switch content[i].Value {
		case key:
			return n.wrap(content[i+1])
		case "<<":
			merge = content[i+1]
		}
	}
	if merge != nil {
		for _, from := range n.merged(merge) {
			if v := from.raw(key); v.ok() {
				return v
			}
		}
	}
	return node{}
}

// merged lists the mappings that a YAML merge key (<<) brings in.
func (n node) merged(value *yaml.Node) []node {
	switch v := n.wrap(value); {
	case v.isMap() && v.y != n.y:
		return []node{v}
	case v.isSequence():
		return v.items()
	}
	return nil
}

// pair is one entry of a mapping.
type pair struct {
	name  string
	key   node
	value node
}

// pairs lists the entries of a mapping in their order, merged ones last.
func (n node) pairs() []pair {
	if !n.isMap() {
		return nil
	}
	content := n.y.Content
	out := make([]pair, 0, len(content)/2)
	var merge *yaml.Node
	for i := 0; i+1 < len(content); i += 2 {
		if content[i].Value == "<<" && content[i].Tag == "!!merge" {
			merge = content[i+1]
			continue
		}
		out = append(out, pair{content[i].Value, node{content[i], n.f}, n.wrap(content[i+1])})
	}
	if merge == nil {
		return out
	}
	have := make(map[string]bool, len(out))
	for _, p := range out {
		have[p.name] = true
	}
	for _, from := range n.merged(merge) {
		for _, p := range from.pairs() {
			if !have[p.name] {
				have[p.name] = true
				out = append(out, p)
			}
		}
	}
	return out
}

// items lists the elements of a sequence.
func (n node) items() []node {
	if !n.isSequence() {
		return nil
	}
	out := make([]node, len(n.y.Content))
	for i, y := range n.y.Content {
		out[i] = n.wrap(y)
	}
	return out
}

// text is a scalar as written, "" for anything else.
func (n node) text() string {
	if n.isScalar() && !n.isNull() {
		return n.y.Value
	}
	return ""
}

// string is the text of the value of a key.
func (n node) string(key string) string { return n.get(key).text() }

// bool is the value of a key as a truth value, or otherwise.
func (n node) bool(key string, otherwise bool) bool {
	switch n.get(key).text() {
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	}
	return otherwise
}

// strings is the value of a key as a list of texts.
func (n node) strings(key string) []string {
	var out []string
	for _, item := range n.get(key).items() {
		if item.isScalar() {
			out = append(out, item.y.Value)
		}
	}
	return out
}

// ref is the target of a $ref at this node, "" where there is none.
func (n node) ref() string {
	if r := n.get("$ref"); r.isString() {
		return r.y.Value
	}
	return ""
}

// short cuts a text that came from a document for a message.
func short(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
