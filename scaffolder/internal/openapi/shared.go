package openapi

import (
	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// components are parts of the document that operations refer to by name, in the order
// in which they are first used.
type components[T comparable] struct {
	section string
	names   map[T]string
	nodes   object
	done    map[T]bool
}

func newComponents[T comparable](section string, names map[T]string) *components[T] {
	return &components[T]{section, names, newObject(), map[T]bool{}}
}

// use is a reference to a part that has a name, or the part itself.
func (c *components[T]) use(part T, write func() *yaml.Node) *yaml.Node {
	name, shared := c.names[part]
	if !shared {
		return write()
	}
	if !c.done[part] {
		c.done[part] = true
		c.nodes.set(name, write())
	}
	return newObject().text("$ref", "#/components/"+c.section+"/"+name).node
}

func (w *writer) share(s api.Shared) {
	w.parameters = newComponents("parameters", s.Parameters)
	w.answers = newComponents("responses", s.Responses)
}
