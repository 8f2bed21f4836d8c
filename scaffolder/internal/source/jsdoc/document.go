package jsdoc

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// A Problem is a comment that says something which cannot be used.
type Problem struct {
	Message string
	At      syntax.Position
}

// Document is what the comments of a program say.
type Document struct {
	Problems []Problem

	root  *yaml.Node
	paths *yaml.Node
	// components are the kinds (schemas, responses, …), each with its members.
	components *yaml.Node
	places     map[string]syntax.Position
	operations []operation
}

// operation is one method of a path.
type operation struct {
	path, method string
	at           syntax.Position
}

// New is a document without anything.
func New() *Document {
	d := &Document{root: mapping(), paths: mapping(), components: mapping(), places: map[string]syntax.Position{}}
	set(d.root, "openapi", scalar("3.1.0"))
	info := mapping()
	set(info, "title", scalar("comments"))
	set(info, "version", scalar("0"))
	set(d.root, "info", info)
	set(d.root, "paths", d.paths)
	set(d.root, "components", d.components)
	return d
}

// Empty says whether no comment describes an operation.
func (d *Document) Empty() bool { return len(d.operations) == 0 }

// Place is where the comment of an operation stands; the method is in upper case.
func (d *Document) Place(method, path string) syntax.Position { return d.places[method+" "+path] }

// AddFile takes the comments of a file.
func (d *Document) AddFile(f *syntax.File) {
	for _, c := range f.Comments {
		if !c.Block || !strings.HasPrefix(f.Source[c.Start:], "/**") {
			continue
		}
		if text := f.Text(c); !strings.Contains(text, "@swagger") && !strings.Contains(text, "@openapi") {
			continue
		}
		for _, text := range fragments(f.Content(c)) {
			d.add(text, f.Position(c.Start))
		}
	}
}

// AddYAML takes a file beside the sources, from which comments may use components.
func (d *Document) AddYAML(name, text string) {
	var node yaml.Node
	if yaml.Unmarshal([]byte(text), &node) != nil || len(node.Content) == 0 || node.Content[0].Kind != yaml.MappingNode {
		return
	}
	if c := get(node.Content[0], "components"); c != nil {
		d.addComponents(c)
	}
}

// fragments are the texts behind the tags of a comment, each up to the next tag.
func fragments(comment string) (out []string) {
	var b strings.Builder
	in := false
	end := func() {
		if in && strings.TrimSpace(b.String()) != "" {
			out = append(out, b.String())
		}
		b.Reset()
	}
	for _, line := range strings.Split(comment, "\n") {
		word := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(word, "@swagger"), strings.HasPrefix(word, "@openapi"):
			end()
			in = true
			rest := strings.TrimSpace(word[len("@swagger"):])
			if rest != "" {
				b.WriteString(rest + "\n")
			}
		case strings.HasPrefix(word, "@") && strings.HasPrefix(strings.TrimLeft(line, " "), "@") && indent(line) <= 1:
			end()
			in = false
		case in:
			b.WriteString(strings.ReplaceAll(line, "\t", "  ") + "\n")
		}
	}
	end()
	return out
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// add takes the YAML of one comment.
func (d *Document) add(text string, at syntax.Position) {
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		d.problem(at, "the YAML of this comment cannot be read: "+firstLine(err.Error()))
		return
	}
	if len(node.Content) == 0 || node.Content[0].Kind != yaml.MappingNode {
		d.problem(at, "this comment describes no operation: its YAML is no mapping")
		return
	}
	top := node.Content[0]
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i].Value, top.Content[i+1]
		switch {
		case strings.HasPrefix(key, "/"):
			d.addPath(key, value, at)
		case key == "paths" && value.Kind == yaml.MappingNode:
			for j := 0; j+1 < len(value.Content); j += 2 {
				d.addPath(value.Content[j].Value, value.Content[j+1], at)
			}
		case key == "components":
			d.addComponents(value)
		case key == "definitions":
			d.addKind("schemas", value)
		}
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (d *Document) problem(at syntax.Position, message string) {
	d.Problems = append(d.Problems, Problem{message, at})
}

// addPath takes the methods of a path. Parameters that all of them have are given to
// each.
func (d *Document) addPath(path string, item *yaml.Node, at syntax.Position) {
	if item.Kind != yaml.MappingNode {
		d.problem(at, "this comment names "+path+" and no method of it")
		return
	}
	path = braces(path)
	into := get(d.paths, path)
	if into == nil {
		into = mapping()
		set(d.paths, path, into)
	}
	shared := get(item, "parameters")
	for i := 0; i+1 < len(item.Content); i += 2 {
		method := strings.ToLower(item.Content[i].Value)
		switch method {
		case "get", "put", "post", "delete", "patch", "head", "options", "trace":
		default:
			continue
		}
		op := item.Content[i+1]
		if op.Kind != yaml.MappingNode {
			d.problem(at, "this comment says nothing of "+strings.ToUpper(method)+" "+path)
			continue
		}
		if shared != nil {
			own := get(op, "parameters")
			if own == nil {
				own = &yaml.Node{Kind: yaml.SequenceNode}
				set(op, "parameters", own)
			}
			own.Content = append(append([]*yaml.Node{}, shared.Content...), own.Content...)
		}
		modernise(op)
		set(into, method, op)
		d.places[strings.ToUpper(method)+" "+path] = at
		d.operations = append(d.operations, operation{path, method, at})
	}
}

// braces writes parameters of a path as OpenAPI does, where a comment has them as the
// framework.
func braces(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + strings.TrimSuffix(name, "?") + "}"
		}
	}
	return strings.Join(parts, "/")
}

func (d *Document) addComponents(value *yaml.Node) {
	if value.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(value.Content); i += 2 {
		d.addKind(value.Content[i].Value, value.Content[i+1])
	}
}

// addKind takes the members of one kind of component; the first of a name counts.
func (d *Document) addKind(kind string, members *yaml.Node) {
	if members.Kind != yaml.MappingNode {
		return
	}
	into := get(d.components, kind)
	if into == nil {
		into = mapping()
		set(d.components, kind, into)
	}
	for i := 0; i+1 < len(members.Content); i += 2 {
		if name := members.Content[i].Value; get(into, name) == nil {
			set(into, name, members.Content[i+1])
		}
	}
}

// YAML is the document. What it refers to and has not is left open, with a problem.
// accept is asked about the document with each operation alone; those that it refuses
// are left out, with a problem.
func (d *Document) YAML(accept func(document []byte) error) ([]byte, error) {
	d.closeReferences()
	whole, err := d.encode()
	if err != nil || accept(whole) == nil {
		return whole, err
	}
	paths := *d.paths
	good := mapping()
	for _, op := range d.operations {
		alone := mapping()
		item := mapping()
		set(item, op.method, get(get(&paths, op.path), op.method))
		set(alone, op.path, item)
		*d.paths = *alone
		text, err := d.encode()
		if err == nil {
			err = accept(text)
		}
		if err != nil {
			delete(d.places, strings.ToUpper(op.method)+" "+op.path)
			d.problem(op.at, "what this comment says of "+strings.ToUpper(op.method)+" "+op.path+" is no OpenAPI: "+firstLine(err.Error()))
			continue
		}
		into := get(good, op.path)
		if into == nil {
			into = mapping()
			set(good, op.path, into)
		}
		set(into, op.method, get(item, op.method))
	}
	*d.paths = *good
	return d.encode()
}

func (d *Document) encode() ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(d.root); err != nil {
		return nil, fmt.Errorf("writing the document of comments: %w", err)
	}
	return b.Bytes(), nil
}
