package spec

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
)

// bindings say what a $dynamicRef means where it is read: for each $dynamicAnchor,
// the schema in the outermost resource that was entered on the way. A schema that
// holds a $dynamicRef is read once for each set of them, under names of their own:
// a list of anything becomes a list of numbers here, and of texts there.
type bindings struct {
	anchors map[string]node
	key     string // tells bindings apart; "" where there are none
}

func isDynamic(text []byte) bool { return bytes.Contains(text, []byte("$dynamicRef")) }

// entering are the bindings inside of n, coming from where b holds.
func (b bindings) entering(n node) bindings {
	known := n.f.resources()
	base := known.base[n.y]
	var added []string
	out := bindings{anchors: map[string]node{}}
	for name, bound := range b.anchors {
		out.anchors[name] = bound
	}
	for y, name := range known.dynamic {
		if _, taken := b.anchors[name]; !taken && known.base[y] == base {
			out.anchors[name] = node{y, n.f}
			added = append(added, name)
		}
	}
	if len(added) == 0 {
		return b
	}
	var key []string
	for name, bound := range out.anchors {
		key = append(key, fmt.Sprint(name, " ", bound.at()))
	}
	slices.Sort(key)
	out.key = strings.Join(key, "\n")
	return out
}

// dynamic is what the $dynamicRef at n means here.
func (r *reader) dynamic(n node, ref string) (node, error) {
	target, err := r.files.resolve(n, ref)
	if err != nil {
		return node{}, err
	}
	if name, ok := target.f.resources().dynamic[target.y]; ok && strings.HasSuffix(ref, "#"+name) {
		if bound, ok := r.binds.anchors[name]; ok {
			return bound, nil
		}
	}
	return target, nil
}

// boundIn are the bindings for a schema that is referred to from here; none where
// it does not matter.
func (r *reader) boundIn(n node) bindings {
	if !r.isDynamic(n) {
		return bindings{}
	}
	return r.binds.entering(n)
}

// isDynamic says whether n holds a $dynamicRef, or refers to what does.
func (r *reader) isDynamic(n node) bool {
	if !r.files.dynamic {
		return false
	}
	if known, ok := r.schemas.dynamic[n.y]; ok {
		return known
	}
	found := r.findsDynamic(n, map[*yaml.Node]bool{})
	r.schemas.dynamic[n.y] = found
	return found
}

func (r *reader) findsDynamic(n node, seen map[*yaml.Node]bool) bool {
	if seen[n.y] {
		return false
	}
	seen[n.y] = true
	if n.isMap() {
		if n.get("$dynamicRef").isString() {
			return true
		}
		if ref := n.ref(); ref != "" {
			if target, err := r.files.resolve(n, ref); err == nil && r.findsDynamic(target, seen) {
				return true
			}
		}
	}
	return slices.ContainsFunc(n.y.Content, func(child *yaml.Node) bool {
		return r.findsDynamic(n.wrap(child), seen)
	})
}
