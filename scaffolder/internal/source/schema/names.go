package schema

import (
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Names are the components that schemas have become, each name once.
type Names struct {
	schemas []*api.Schema
	byName  map[string]*api.Schema
	byKey   map[any]*api.Schema
}

// NewNames has no components.
func NewNames() *Names {
	return &Names{byName: map[string]*api.Schema{}, byKey: map[any]*api.Schema{}}
}

// All are the components in the order in which they were first used.
func (n *Names) All() []*api.Schema { return n.schemas }

// Component is the component of what key identifies (a term, a declaration), under a
// name that no other has. The first time it is filled by fill; meanwhile it may refer to
// itself. It is nil, and its name is free again, where fill says that it is no schema.
func (n *Names) Component(key any, name string, fill func() *api.Schema) *api.Schema {
	if s, ok := n.byKey[key]; ok {
		return s
	}
	unique := name
	for i := 2; n.byName[unique] != nil; i++ {
		unique = name + strconv.Itoa(i)
	}
	s := &api.Schema{Name: unique}
	n.byName[unique], n.byKey[key] = s, s
	at := len(n.schemas)
	n.schemas = append(n.schemas, s)
	filled := fill()
	if filled == nil {
		delete(n.byName, unique)
		n.byKey[key] = nil
		n.schemas = append(n.schemas[:at], n.schemas[at+1:]...)
		return nil
	}
	*s = *filled
	s.Name = unique
	return s
}

// isName says whether the name of a variable says what it holds. One that only says that
// it is a schema, or of which part of a request, does not.
func isName(name string) bool {
	switch name {
	case "", "default", "schema", "schemas", "body", "query", "params", "headers", "cookies", "querystring", "response",
		"request", "validation", "validator", "validators", "validate", "options", "rules", "exports", "input", "output",
		"Schema", "bodySchema", "querySchema", "paramsSchema", "type", "data", "payload":
		return false
	}
	for i, c := range name {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}
