package handler

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

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
