package openapi

import "github.com/pb33f/go-yaml"

// What a document may be with its aliases followed, beyond ten times its own nodes: twelve
// lines of aliases of aliases stand for more values than there is memory for.
const mostFollowed = 1_000_000

// expanding says that a document stands for far more values than it has.
func expanding(root *yaml.Node) bool {
	s := sizes{known: map[*yaml.Node]int{}}
	followed := s.of(root)
	return followed > mostFollowed+10*s.nodes
}

// sizes counts nodes, each once, and what they stand for.
type sizes struct {
	known map[*yaml.Node]int // with aliases followed; -1: it is being counted
	nodes int
}

func (s *sizes) of(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch size := s.known[n]; {
	case size < 0: // it holds itself
		return 1
	case size > 0:
		return size
	}
	s.known[n] = -1
	s.nodes++
	size := 1
	for _, child := range n.Content {
		size = min(size+s.of(child), 1<<40)
	}
	s.known[n] = size
	return size
}
