package handler

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// Mixed is a property of an object into which parts of the request were put, one over the
// other: {...req.query, ...req.body, ...req.params}. Any of them may give it; which one does
// is for those to say who know the method and the path.
func (h *PartHost) Mixed(name string, others []eval.Value) (eval.Value, bool) {
	if len(h.Path) > 0 {
		return nil, false
	}
	var out []eval.Value
	parts := map[Part]bool{}
	for _, v := range others {
		other := PartOf(v)
		if other == nil || len(other.Path) > 0 {
			return nil, false
		}
		parts[other.Part] = true
	}
	if len(parts) < 2 {
		return nil, false
	}
	for _, v := range others {
		child := PartOf(v).child(name, h.Node.At)
		PartOf(child).Node.Mixed = true
		out = append(out, child)
	}
	return eval.Join(out...), true
}

// mostPlaces is from how many parts on a name that is read of each of them is one value,
// which may come in any.
const mostPlaces = 3

// sought marks values that a helper looks for in one part after the other: body, query,
// path, headers. No header is meant by such a name.
func (f *Facts) sought() {
	places := map[string]int{}
	parts := []*Node{f.Parts[Body], f.Parts[Query], f.Parts[Params], f.Parts[Headers]}
	for _, n := range parts {
		if n == nil {
			continue
		}
		for _, c := range n.Children {
			places[c.Name]++
		}
	}
	for _, n := range parts {
		if n == nil {
			continue
		}
		for _, c := range n.Children {
			c.Mixed = c.Mixed || places[c.Name] >= mostPlaces
		}
	}
	if n := f.Parts[Headers]; n != nil {
		n.Children = slices.DeleteFunc(n.Children, func(c *Node) bool { return places[c.Name] >= mostPlaces })
	}
}
