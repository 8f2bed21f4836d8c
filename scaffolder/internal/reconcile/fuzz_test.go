package reconcile

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
)

// FuzzKeep puts one document into another, whatever they are. A document that is put into
// itself stays as it is, and nothing is told of it.
func FuzzKeep(f *testing.F) {
	const head = "openapi: 3.1.0\ninfo: {title: a, version: '1'}\n"
	seeds := []string{
		head + "paths:\n  /users/{id}:\n    get:\n      operationId: getUser\n      parameters:\n        - {name: id, in: path, required: true, description: which, schema: {type: string}}\n      responses:\n        '200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/User'}, example: {name: a}}}}\ncomponents:\n  schemas:\n    User: {type: object, description: a person, properties: {name: {type: string, example: b}, boss: {$ref: '#/components/schemas/User'}}}\n",
		head + "paths:\n  /users/{name}:\n    get:\n      tags: [people]\n      summary: a\n      parameters:\n        - {name: name, in: path, required: true, schema: {type: integer}}\n        - {name: page, in: query, schema: {type: integer, default: 1}}\n      responses:\n        '200': {description: OK}\n    post:\n      requestBody: {content: {application/json: {schema: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: 'null'}]}}}}\n      responses: {default: {description: d}}\n",
		head + "servers: [{url: /v1}]\nsecurity: [{k: []}]\npaths:\n  /a: {get: {responses: {'204': {description: n}}}}\ncomponents: {securitySchemes: {k: {type: apiKey, in: header, name: x}}}\n",
	}
	for _, a := range seeds {
		for _, b := range seeds {
			f.Add(a, b)
		}
	}
	f.Fuzz(func(t *testing.T, code, document string) {
		read := func(text string) *api.API {
			a, err := spec.Read(spec.Input{Name: "a.yaml", Data: []byte(text)}, spec.Options{Lenient: true})
			if err != nil {
				t.Skip()
			}
			return a
		}
		if d, err := Compare(read(code), read(code)); err != nil || len(d) > 0 {
			t.Errorf("a document differs from itself: %v %v", d, err)
		}
		if _, err := Compare(read(code), read(document)); err != nil {
			t.Error(err)
		}
		Carried(read(code), read(document), nil, func(*api.Operation) bool { return false })

		self := read(code)
		before := written(t, self)
		for _, n := range Keep(self, read(code)) {
			t.Errorf("a document that is put into itself: %s", n.Message)
		}
		if after := written(t, self); before != after {
			t.Errorf("a document that is put into itself changes:\n%s\n%s", before, after)
		}
		into := read(code)
		Keep(into, read(document))
		written(t, into)
	})
}

func written(t *testing.T, a *api.API) string {
	t.Helper()
	text, err := openapi.YAML(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
