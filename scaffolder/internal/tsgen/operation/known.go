package operation

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Known is an operation as an earlier run named it. Users' code has these names, so
// they stay for good, also those of operations that are gone.
type Known struct {
	Operation string `json:"operation"` // "POST /shelf/list"
	ID        string `json:"id"`        // when it was named
	Symbol    string `json:"symbol"`    // its handler
	File      string `json:"file"`      // that the handler is in, without folder and ending
}

// recognize finds the operations that are known: by method and path, or, where those
// have changed, by the names of parameters alone being others, or by their operationId.
func recognize(a *api.API, known []Known) map[*api.Operation]Known {
	out := map[*api.Operation]Known{}
	used := map[string]bool{}
	by := func(key func(*api.Operation) string, of func(Known) string) {
		names := map[string]Known{}
		for _, k := range known {
			if name := of(k); name != "" && !used[k.Symbol] {
				names[name] = k
			}
		}
		for _, op := range a.Operations {
			if _, done := out[op]; done {
				continue
			}
			if k, ok := names[key(op)]; ok && !used[k.Symbol] {
				out[op] = k
				used[k.Symbol] = true
			}
		}
	}
	by(keyOf, func(k Known) string { return k.Operation })
	by(func(op *api.Operation) string { return shapeOf(keyOf(op)) }, func(k Known) string { return shapeOf(k.Operation) })
	by(func(op *api.Operation) string {
		if op.Named {
			return op.ID
		}
		return ""
	}, func(k Known) string { return k.ID })
	return out
}

func keyOf(op *api.Operation) string { return op.Method + " " + op.Path }

// shapeOf is a key without the names of parameters.
func shapeOf(key string) string { return placeholder.ReplaceAllString(key, "{}") }

// Remember adds what operations are called now to what is known. One that has moved
// to another path is known by that from now on.
func Remember(known []Known, ops []*Operation) []Known {
	now := map[string]Known{}
	for _, op := range ops {
		now[op.Symbol] = Known{keyOf(op.API), op.firstID, op.Symbol, op.File}
	}
	var out []Known
	for _, k := range known {
		if current, ok := now[k.Symbol]; ok {
			k = current
			delete(now, k.Symbol)
		}
		out = append(out, k)
	}
	for _, op := range ops { // in the order of the document
		if k, isNew := now[op.Symbol]; isNew {
			out = append(out, k)
		}
	}
	return out
}
