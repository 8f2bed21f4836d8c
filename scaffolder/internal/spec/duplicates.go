package spec

import "github.com/pb33f/go-yaml"

// duplicates fails on keys that a mapping of any file's root document has
// twice: YAML and JSON leave open which one counts. Read leniently, the first
// one counts.
func (r *reader) duplicates(doc node) {
	r.duplicatesIn(doc.f, doc.y, 0)
}

func (r *reader) duplicatesIn(f *file, y *yaml.Node, depth int) {
	if depth > 4*deepest {
		r.fail(node{y, f}, "", "the document is nested more than %d deep", 4*deepest)
		return
	}
	if y.Kind == yaml.MappingNode {
		var seen map[string]int
		if len(y.Content) > 32 {
			seen = make(map[string]int, len(y.Content)/2)
		}
		for i := 0; i+1 < len(y.Content); i += 2 {
			if line := earlier(y, i, seen); line > 0 && y.Content[i].Value != "<<" {
				r.bend(node{y.Content[i], f}, "key-twice", "take one of them out",
					"the key %q is there already, on line %d", short(y.Content[i].Value), line)
				y.Content = append(y.Content[:i:i], y.Content[i+2:]...)
				i -= 2
			}
		}
	}
	for _, child := range y.Content {
		if len(child.Content) > 0 {
			r.duplicatesIn(f, child, depth+1)
		}
	}
}

// earlier is the line of the same key before entry i, 0 where there is none.
// Small mappings are compared without making a map.
func earlier(y *yaml.Node, i int, seen map[string]int) int {
	key := y.Content[i]
	if seen != nil {
		line := seen[key.Value]
		if line == 0 {
			seen[key.Value] = max(key.Line, 1)
		}
		return line
	}
	for j := 0; j < i; j += 2 {
		if y.Content[j].Value == key.Value {
			return max(y.Content[j].Line, 1)
		}
	}
	return 0
}
