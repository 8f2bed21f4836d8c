package tsgen

// Operations may share a method and a path, told apart by what stands behind a
// question mark or number sign in the document's path. They are one route.

// shared says that the operation is one of several on its route.
func (p *project) shared(op *operation) bool { return len(p.variants(op)) > 1 }

// variants are all operations on the route of an operation, in order.
func (p *project) variants(op *operation) []*operation {
	return p.byRoute[routeKey(op)]
}

func routeKey(op *operation) string { return op.api.Method + " " + op.path.shape() }

func (p *project) groupRoutes() {
	p.byRoute = map[string][]*operation{}
	for _, op := range p.operations {
		p.byRoute[routeKey(op)] = append(p.byRoute[routeKey(op)], op)
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
		rows = append(rows, object(docText("name: "+quote(c.name)), docText("value: "+quote(c.value))))
	}
	return rowList(rows)
}
