package restapi

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// sharedParts are the parameters and responses that several operations have, each made
// once, by their names in the document.
type sharedParts struct {
	parameters map[string]*api.Parameter
	responses  map[string]*api.Response
	names      *names
}

func newSharedParts() *sharedParts {
	return &sharedParts{parameters: map[string]*api.Parameter{}, responses: map[string]*api.Response{}, names: newNames()}
}

// parameter is the one that stands under key, made at its first use.
func (m *maker) parameter(key string, make func() *api.Parameter) *api.Parameter {
	p := m.shared.parameters[key]
	if p == nil {
		p = make()
		m.shared.parameters[key] = p
		m.service.API.Shared.Parameters[p] = m.shared.names.unique(componentKey(key))
	}
	return p
}

func (m *maker) response(key string, make func() *api.Response) *api.Response {
	r := m.shared.responses[key]
	if r == nil {
		r = make()
		m.shared.responses[key] = r
		m.service.API.Shared.Responses[r] = m.shared.names.unique(componentKey(key))
	}
	return r
}

// componentKey keeps of a name what the key of a component may have: Book.price[gte] is
// Book.price.gte.
func componentKey(name string) string {
	name = strings.TrimSuffix(strings.ReplaceAll(name, "[", "."), "]")
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || isWord(r) && r != '$' {
			return r
		}
		return '_'
	}, name)
}
