package pgsql

import "reflect"

// Walk calls visit for n and every node beneath it, parents first. It does not
// go beneath a node for which visit returns false.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || reflect.ValueOf(n).IsNil() || !visit(n) {
		return
	}
	for _, child := range children(n) {
		Walk(child, visit)
	}
}

// children are the nodes directly beneath n, in the order of its fields.
func children(n Node) []Node {
	var all []Node
	if o, ok := n.(*Other); ok {
		return appendLoose(all, o.Fields)
	}
	s := reflect.ValueOf(n).Elem()
	for i := range s.NumField() {
		all = appendNodes(all, s.Field(i))
	}
	return all
}

func appendNodes(all []Node, v reflect.Value) []Node {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if n, ok := v.Interface().(Node); ok && !v.IsNil() {
			all = append(all, n)
		}
	case reflect.Slice:
		for i := range v.Len() {
			all = appendNodes(all, v.Index(i))
		}
	}
	return all
}

func appendLoose(all []Node, v any) []Node {
	switch x := v.(type) {
	case Node:
		all = append(all, x)
	case map[string]any:
		for _, name := range sortedKeys(x) {
			all = appendLoose(all, x[name])
		}
	case []any:
		for _, e := range x {
			all = appendLoose(all, e)
		}
	}
	return all
}
