package spec

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
)

// resources are the parts of a file that have an address of their own: the schemas
// with an $id, and a whole document with a $self. A reference inside of one is
// relative to its address.
type resources struct {
	roots   map[string]*yaml.Node                // by address
	anchors map[string]*yaml.Node                // by address, "#" and $anchor or $dynamicAnchor
	dynamic map[*yaml.Node]string                // the $dynamicAnchor of a schema
	base    map[*yaml.Node]string                // the address of the resource that a node is in, unless ""
	keys    map[*yaml.Node]map[string]*yaml.Node // of mappings that pointers have gone through
}

// pointed is what a JSON pointer means, counted from root. A document refers to its
// components many times: they are found by an index, and what that does not know, such
// as merge keys and escapes, is left to the library.
func (f *file) pointed(root *yaml.Node, pointer string) *yaml.Node {
	if found := f.resources().direct(root, pointer); found != nil {
		return found
	}
	return pointed(root, pointer, f.name)
}

// direct follows a pointer through plain mappings only; nil is one that it cannot follow.
func (r *resources) direct(y *yaml.Node, pointer string) *yaml.Node {
	if strings.ContainsAny(pointer, "~%") {
		return nil
	}
	for _, key := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		if y.Kind != yaml.MappingNode {
			return nil
		}
		if y = r.index(y)[key]; y == nil {
			return nil
		}
	}
	if y.Kind == yaml.AliasNode {
		return nil
	}
	return y
}

func (r *resources) index(y *yaml.Node) map[string]*yaml.Node {
	keys, known := r.keys[y]
	if known {
		return keys
	}
	keys = make(map[string]*yaml.Node, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		name := y.Content[i].Value
		if name == "<<" {
			keys = nil
			break
		}
		if _, twice := keys[name]; !twice {
			keys[name] = y.Content[i+1]
		}
	}
	r.keys[y] = keys
	return keys
}

// within finds what ref, standing at from, means inside of the file; false where
// it leads out of it. found is the zero node where it points at nothing.
func (f *file) within(from *yaml.Node, ref string) (found *yaml.Node, inside bool) {
	res := f.resources()
	address, fragment, _ := strings.Cut(absolute(res.base[from], ref), "#")
	root := res.roots[address]
	if root == nil {
		if address != "" && !strings.HasPrefix(ref, "#") {
			return nil, false
		}
		root, address = f.root, ""
	}
	switch {
	case fragment == "":
		return root, true
	case !strings.HasPrefix(fragment, "/"):
		if anchor, ok := res.anchors[address+"#"+fragment]; ok {
			return anchor, true
		}
		return res.anchors["#"+fragment], true
	}
	if found = f.pointed(root, fragment); found == nil && root != f.root {
		// By the letter it points at nothing. Many who write $id go on counting
		// from the document.
		found = f.pointed(f.root, fragment)
	}
	return found, true
}

// local is target as a path beside f, where both have addresses in one directory.
func (f *file) local(target string) (string, bool) {
	self := f.resources().base[f.root]
	return strings.CutPrefix(target, self[:strings.LastIndexByte(self, '/')+1])
}

// isAddressed says whether a text can hold an address: most have none, and are
// not searched.
func isAddressed(text []byte) bool {
	for _, key := range []string{"$id", "$self", "$anchor", "$dynamicAnchor"} {
		if bytes.Contains(text, []byte(key)) {
			return true
		}
	}
	return false
}

// absolute is ref as seen from base.
func absolute(base, ref string) string {
	if base == "" {
		return ref
	}
	if strings.HasPrefix(ref, "#") {
		return base + ref
	}
	// An address may itself be relative, to wherever the document is.
	const here = "file:///here/"
	b, err := url.Parse(here)
	if err == nil {
		b, err = b.Parse(base)
	}
	if err != nil || b.Opaque != "" { // urn:… has nothing to be relative to
		return ref
	}
	to, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return strings.TrimPrefix(to.String(), here)
}

func (f *file) resources() *resources {
	if f.known == nil {
		f.known = &resources{
			roots: map[string]*yaml.Node{}, anchors: map[string]*yaml.Node{},
			dynamic: map[*yaml.Node]string{}, base: map[*yaml.Node]string{}, keys: map[*yaml.Node]map[string]*yaml.Node{},
		}
		if f.addressed {
			f.known.collect(f.root, "", 0, false)
		}
	}
	return f.known
}

// collect notes the addresses at and below y. named says that the keys of y are
// names that the document gives, not keywords.
func (r *resources) collect(y *yaml.Node, base string, depth int, named bool) {
	if depth > deepest {
		return
	}
	if y.Kind != yaml.MappingNode {
		r.enter(y, base)
		for _, child := range y.Content {
			r.collect(child, base, depth+1, false)
		}
		return
	}
	if !named {
		base = r.address(y, base, depth)
	}
	r.enter(y, base)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i].Value
		if !named && slices.Contains(literals, key) {
			continue
		}
		r.collect(y.Content[i+1], base, depth+1, !named && namers[key])
	}
}

func (r *resources) enter(y *yaml.Node, base string) {
	if base != "" {
		r.base[y] = base
	}
}

// address notes what y says of itself, and is the base of what stands in it.
func (r *resources) address(y *yaml.Node, base string, depth int) string {
	text := func(key string) string {
		for i := 0; i+1 < len(y.Content); i += 2 {
			if v := y.Content[i+1]; y.Content[i].Value == key && v.Kind == yaml.ScalarNode {
				return v.Value
			}
		}
		return ""
	}
	id := text("$id")
	if self := text("$self"); depth == 0 && self != "" {
		id = self
	}
	switch id = strings.TrimSuffix(id, "#"); {
	case strings.HasPrefix(id, "#"): // an $anchor, in drafts before 2019-09
		r.anchors[base+id] = y
	case id != "":
		base = absolute(base, id)
		r.roots[base] = y
	}
	for _, key := range []string{"$anchor", "$dynamicAnchor"} {
		if name := text(key); name != "" {
			r.anchors[base+"#"+name] = y
			if key == "$dynamicAnchor" {
				r.dynamic[y] = name
			}
		}
	}
	return base
}

// literals are the keywords whose values are data: an $id there is no address.
var literals = []string{"enum", "const", "default", "example", "examples", "value", "dataValue"}

// namers are the keywords below which the keys are names.
var namers = map[string]bool{
	"properties": true, "patternProperties": true, "$defs": true, "definitions": true, "schemas": true, "dependentSchemas": true,
}
