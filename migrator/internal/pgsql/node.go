package pgsql

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"sync"
)

// Node is a node of the parse tree: a pointer to one of the structs of this
// package, named after PostgreSQL's own, or *Other.
type Node interface{ node() }

// Other is a node of a kind that has no struct here. Nothing of it is lost:
// its parts are nodes, which Walk visits, texts, numbers and truths.
type Other struct {
	Kind   string         // PostgreSQL's name: "VacuumStmt"
	Fields map[string]any // Node, []any, map[string]any, string, float64, bool
}

func (*Other) node() {}

// Table is the table in one of the fields; nil where there is none.
func (o *Other) Table(fields ...string) *RangeVar {
	for _, name := range fields {
		switch v := o.Fields[name].(type) {
		case *RangeVar:
			return v
		case map[string]any: // a field of one kind does not name it
			text := func(key string) string { s, _ := v[key].(string); return s }
			if t := (&RangeVar{Schemaname: text("schemaname"), Relname: text("relname"), Relpersistence: text("relpersistence")}); t.Relname != "" {
				return t
			}
		}
	}
	return nil
}

// byKind are the structs by PostgreSQL's name of the node.
var byKind = sync.OnceValue(func() map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for _, n := range known {
		t := reflect.TypeOf(n).Elem()
		all[t.Name()] = t
	}
	// Go's names have no low lines.
	for name, own := range map[string]string{"A_Expr": "AExpr", "A_Const": "AConst", "A_Star": "AStar", "A_ArrayExpr": "AArrayExpr", "A_Indirection": "AIndirection", "A_Indices": "AIndices"} {
		all[name] = all[own]
		delete(all, own)
	}
	return all
})

// decode makes a node of {"Kind": {…}}.
func decode(text []byte) (Node, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return toNode(v)
}

func toNode(v any) (Node, error) {
	m, ok := v.(map[string]any)
	if !ok || len(m) != 1 {
		if ok && len(m) == 0 {
			return nil, nil // an empty place, as in a slice without an upper bound
		}
		return nil, fmt.Errorf("%v is no node", v)
	}
	for kind, fields := range m {
		inner, ok := fields.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("the node %s has no fields", kind)
		}
		t, ok := byKind()[kind]
		if !ok {
			return other(kind, inner)
		}
		p := reflect.New(t)
		if err := fill(p.Elem(), inner); err != nil {
			return nil, fmt.Errorf("%s: %w", kind, err)
		}
		if n, ok := p.Interface().(Node); ok {
			return n, nil
		}
		return nil, fmt.Errorf("%s is no node", kind)
	}
	return nil, nil
}

// fill sets a struct's fields by their tags.
func fill(s reflect.Value, fields map[string]any) error {
	t := s.Type()
	for i := range t.NumField() {
		v, ok := fields[t.Field(i).Tag.Get("pg")]
		if !ok {
			continue
		}
		if err := set(s.Field(i), v); err != nil {
			return fmt.Errorf("%s: %w", t.Field(i).Name, err)
		}
	}
	return nil
}

var nodeType = reflect.TypeFor[Node]()

func set(place reflect.Value, v any) error {
	switch x := v.(type) {
	case string:
		if place.Kind() == reflect.String {
			place.SetString(x)
			return nil
		}
	case bool:
		if place.Kind() == reflect.Bool {
			place.SetBool(x)
			return nil
		}
	case float64:
		if place.Kind() == reflect.Int && x == math.Trunc(x) {
			place.SetInt(int64(x))
			return nil
		}
	case []any:
		if place.Kind() == reflect.Slice {
			place.Set(reflect.MakeSlice(place.Type(), len(x), len(x)))
			for i := range x {
				if err := set(place.Index(i), x[i]); err != nil {
					return err
				}
			}
			return nil
		}
	case map[string]any:
		switch {
		case place.Type() == nodeType:
			n, err := toNode(x)
			if err == nil && n != nil {
				place.Set(reflect.ValueOf(n))
			}
			return err
		case place.Kind() == reflect.Pointer:
			if inner, ok := wrapped(place.Type().Elem().Name(), x); ok {
				x = inner
			}
			place.Set(reflect.New(place.Type().Elem()))
			return fill(place.Elem(), x)
		}
	}
	return fmt.Errorf("%T where %s is wanted", v, place.Type())
}

// wrapped is what a list's element of a known kind holds: lists name the kind of
// each element, fields of one kind do not.
func wrapped(name string, m map[string]any) (map[string]any, bool) {
	if len(m) != 1 {
		return nil, false
	}
	for kind, v := range m {
		if t, ok := byKind()[kind]; ok && t.Name() == name {
			inner, ok := v.(map[string]any)
			return inner, ok
		}
	}
	return nil, false
}

func other(kind string, fields map[string]any) (Node, error) {
	o := &Other{Kind: kind, Fields: make(map[string]any, len(fields))}
	for name, v := range fields {
		loose, err := loosen(v)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", kind, name, err)
		}
		o.Fields[name] = loose
	}
	return o, nil
}

// loosen makes nodes of what looks like them: an object with one capital key.
func loosen(v any) (any, error) {
	switch x := v.(type) {
	case map[string]any:
		if len(x) == 1 {
			for kind := range x {
				if kind[0] >= 'A' && kind[0] <= 'Z' {
					return toNode(x)
				}
			}
		}
		for name := range x {
			loose, err := loosen(x[name])
			if err != nil {
				return nil, err
			}
			x[name] = loose
		}
		return x, nil
	case []any:
		for i := range x {
			loose, err := loosen(x[i])
			if err != nil {
				return nil, err
			}
			x[i] = loose
		}
		return x, nil
	}
	return v, nil
}
