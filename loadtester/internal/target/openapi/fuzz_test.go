package openapi

import (
	"strings"
	"testing"
	"time"
)

// Whatever the document is: an error with a place in it, or requests, soon.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"shop.yaml", "clinic.yaml", "lab.yaml"} {
		f.Add(load(f, name), true)
	}
	f.Add([]byte("openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/paths/~1a/post/requestBody/content/application~1json/schema'}}}}}}}"), false)
	f.Add([]byte("openapi: 3.0.0\npaths: {/a: {get: {parameters: [{name: a, in: query, required: true, schema: {type: array, minItems: 99999999, items: {type: string, minLength: 99999999}}}]}}}"), true)
	f.Add([]byte("openapi: 3.1.0\npaths: {/a: {get: {parameters: [{name: a, in: query, required: true, schema: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}]}}]}}}\ncomponents: {schemas: {A: {anyOf: [{$ref: '#/components/schemas/A'}], allOf: [{$ref: '#/components/schemas/A'}]}}}"), true)
	f.Fuzz(func(t *testing.T, data []byte, invalid bool) {
		began := time.Now()
		r, err := Read(data, "-", Options{Base: "http://h", Invalid: invalid})
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}
		if err == nil && len(r.Specs) == 0 {
			t.Error("neither requests nor an error")
		}
		if err != nil && strings.Contains(err.Error(), "goroutine") {
			t.Error(err)
		}
	})
}
