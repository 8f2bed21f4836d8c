package jsdoc

import (
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

func scalar(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: yaml.DoubleQuotedStyle}
}

// get is the value of a key of a mapping; nil where there is none.
func get(m *yaml.Node, key string) *yaml.Node {
	if m == nil || m.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return nil
}

// set sets the value of a key of a mapping.
func set(m *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = value
			return
		}
	}
	m.Content = append(m.Content, scalar(key), value)
}

// remove takes a key out of a mapping.
func remove(m *yaml.Node, key string) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = append(m.Content[:i:i], m.Content[i+2:]...)
			return
		}
	}
}

// closeReferences replaces references to what the document has not by what says
// nothing, and reports each once, at the first comment that has it.
func (d *Document) closeReferences() {
	reported := map[string]bool{}
	var at syntax.Position
	var walk func(n *yaml.Node, depth int)
	walk = func(n *yaml.Node, depth int) {
		if n == nil || depth > 200 {
			return
		}
		if ref := get(n, "$ref"); ref != nil && ref.Kind == yaml.ScalarNode {
			ref.Value = strings.Replace(ref.Value, "#/definitions/", "#/components/schemas/", 1)
			if d.has(ref.Value) {
				return
			}
			if !reported[ref.Value] {
				reported[ref.Value] = true
				d.problem(at, "comments refer to "+ref.Value+", which no comment and no file defines")
			}
			kind := strings.Contains(ref.Value, "/responses/")
			n.Content = nil
			if kind {
				set(n, "description", scalar(ref.Value[strings.LastIndexByte(ref.Value, '/')+1:]))
			}
			return
		}
		for _, c := range n.Content {
			walk(c, depth+1)
		}
	}
	for _, op := range d.operations {
		at = op.at
		walk(get(get(d.paths, op.path), op.method), 0)
	}
	walk(d.components, 0)
}

// has says whether a reference leads to a component.
func (d *Document) has(ref string) bool {
	path, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return false
	}
	at := d.root
	for _, step := range strings.Split(path, "/") {
		at = get(at, strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		if at == nil {
			return false
		}
	}
	return true
}

// modernise writes an operation of Swagger 2 as one of OpenAPI 3: parameters in the
// body or in a form, types beside the name, schemas of answers.
func modernise(op *yaml.Node) {
	if parameters := get(op, "parameters"); parameters != nil && parameters.Kind == yaml.SequenceNode {
		var kept []*yaml.Node
		form := mapping()
		for _, p := range parameters.Content {
			in := get(p, "in")
			switch {
			case in != nil && in.Value == "body":
				set(op, "requestBody", content("application/json", get(p, "schema")))
			case in != nil && in.Value == "formData":
				s := typed(p)
				if name := get(p, "name"); name != nil && s != nil {
					set(form, name.Value, s)
				}
			default:
				if s := typed(p); s != nil {
					set(p, "schema", s)
				}
				kept = append(kept, p)
			}
		}
		if len(form.Content) > 0 {
			s := mapping()
			set(s, "type", scalar("object"))
			set(s, "properties", form)
			set(op, "requestBody", content("multipart/form-data", s))
		}
		parameters.Content = kept
	}
	remove(op, "produces")
	remove(op, "consumes")
	remove(op, "schemes")
	responses := get(op, "responses")
	if responses == nil || responses.Kind != yaml.MappingNode {
		return
	}
	for i := 1; i < len(responses.Content); i += 2 {
		r := responses.Content[i]
		if s := get(r, "schema"); s != nil && get(r, "content") == nil {
			remove(r, "schema")
			set(r, "content", get(content("application/json", s), "content"))
		}
		if r.Kind == yaml.MappingNode && get(r, "$ref") == nil && get(r, "description") == nil {
			set(r, "description", scalar(""))
		}
	}
}

// content is a body of one media type.
func content(media string, s *yaml.Node) *yaml.Node {
	if s == nil {
		s = mapping()
	}
	one, all, body := mapping(), mapping(), mapping()
	set(one, "schema", s)
	set(all, media, one)
	set(body, "content", all)
	return body
}

// typed takes the keywords of a schema that Swagger 2 has beside the name of a
// parameter; nil where there are none.
func typed(p *yaml.Node) *yaml.Node {
	if p.Kind != yaml.MappingNode || get(p, "schema") != nil || get(p, "type") == nil {
		return nil
	}
	s := mapping()
	for _, k := range []string{"type", "format", "enum", "default", "minimum", "maximum", "minLength", "maxLength", "pattern", "items", "minItems", "maxItems", "uniqueItems"} {
		v := get(p, k)
		if v == nil {
			continue
		}
		if k == "type" && v.Value == "file" {
			set(s, "type", scalar("string"))
			set(s, "contentMediaType", scalar("application/octet-stream"))
			remove(p, k)
			continue
		}
		set(s, k, v)
		remove(p, k)
	}
	return s
}
