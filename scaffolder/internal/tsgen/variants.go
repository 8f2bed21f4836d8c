package tsgen

import "sort"

// Operations may share a method and a path, told apart by what stands behind a
// question mark or number sign in the document's path. They are one route.

// shared says that the operation is one of several on its route.
func (p *project) shared(op *operation) bool { return len(p.variants(op)) > 1 }

// variants are all operations on the route of an operation: those that ask for more
// first, otherwise in the document's order.
func (p *project) variants(op *operation) []*operation {
	return p.byRoute[routeKey(op)]
}

func routeKey(op *operation) string { return op.api.Method + " " + op.path.shape() }

func (p *project) groupRoutes() {
	p.byRoute = map[string][]*operation{}
	for _, op := range p.operations {
		p.byRoute[routeKey(op)] = append(p.byRoute[routeKey(op)], op)
	}
	for _, ops := range p.byRoute {
		sort.SliceStable(ops, func(i, j int) bool { return len(ops[i].path.when) > len(ops[j].path.when) })
	}
}

func (p *project) hasVariants() bool {
	for _, ops := range p.byRoute {
		if len(ops) > 1 {
			return true
		}
	}
	return false
}

func conditionList(conditions []condition) doc {
	var rows []doc
	for _, c := range conditions {
		row := []doc{docText("name: " + quote(c.name))}
		if !c.anyValue {
			row = append(row, docText("value: "+quote(c.value)))
		}
		rows = append(rows, object(row...))
	}
	return rowList(rows)
}
