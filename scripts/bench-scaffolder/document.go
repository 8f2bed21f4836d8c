package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// madeDocument writes an OpenAPI document of about size bytes: what real ones of
// that size are made of (objects that refer to each other, enums, unions, lists
// with pages, long descriptions and examples), and the same bytes every time.
func madeDocument(operations, schemas, size int) []byte {
	plain := encode(document(operations, schemas, 0))
	if len(plain) >= size {
		return plain
	}
	// The rest is prose, as it is in real documents.
	return encode(document(operations, schemas, (size-len(plain))/(schemas*properties)))
}

const properties = 9

type object = map[string]any

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // texts, numbers, lists and maps always encode
	}
	return b.Bytes()
}

func document(operations, schemas, prose int) object {
	components := object{}
	for i := range schemas {
		components[schemaName(i)] = schema(i, schemas, prose)
	}
	components["Error"] = object{
		"type": "object", "required": []string{"message"},
		"properties": object{"message": object{"type": "string"}, "code": object{"type": "integer"}},
	}
	paths := object{}
	for i := 0; i < operations; i++ {
		resource := fmt.Sprintf("/v1/%s_%d", words[i/5%len(words)], i/5)
		path, method := resource, "get"
		switch i % 5 {
		case 1:
			method = "post"
		case 2, 3, 4:
			path, method = resource+"/{id}", []string{"get", "patch", "delete"}[i%5-2]
		}
		item, ok := paths[path].(object)
		if !ok {
			item = object{}
			paths[path] = item
		}
		item[method] = operation(i, method, path, schemas)
	}
	return object{
		"openapi": "3.0.3", "info": object{"title": "Made", "version": "1.0.0"},
		"servers":  []object{{"url": "https://api.example.com"}},
		"security": []object{{"bearer": []string{}}},
		"paths":    paths,
		"components": object{
			"schemas":         components,
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer"}},
		},
	}
}

func schemaName(i int) string { return fmt.Sprintf("%s_%d", words[i%len(words)], i) }

func reference(i, schemas int) object {
	return object{"$ref": "#/components/schemas/" + schemaName(i%schemas)}
}

// schema i has properties of every usual kind. It refers to one that refers back,
// and to one that leads to the first in a few steps.
func schema(i, schemas, prose int) object {
	members := object{
		"id":         object{"type": "string", "maxLength": 5000},
		"object":     object{"type": "string", "enum": []string{schemaName(i)}},
		"created":    object{"type": "integer", "format": "int64", "minimum": 0},
		"status":     object{"type": "string", "enum": []string{"active", "canceled", "incomplete", "past_due", "unpaid"}},
		"amount":     object{"type": "integer", "nullable": true},
		"metadata":   object{"type": "object", "additionalProperties": object{"type": "string", "maxLength": 500}},
		"owner":      object{"anyOf": []object{{"type": "string"}, reference(i/3, schemas)}, "nullable": true},
		"items":      object{"type": "array", "items": reference(i^1, schemas), "maxItems": 100},
		"updated_at": object{"type": "string", "format": "date-time"},
	}
	if len(members) != properties {
		panic("properties is wrong")
	}
	if prose > 0 {
		for name, m := range members {
			if m, ok := m.(object); ok {
				m["description"] = text("What "+name+" of this is. ", prose)
			}
		}
	}
	return object{"type": "object", "title": schemaName(i), "required": []string{"id", "object", "created"}, "properties": members}
}

func operation(i int, method, path string, schemas int) object {
	op := object{
		"operationId": fmt.Sprintf("%s_%d", method, i), "tags": []string{words[i/40%len(words)]},
		"summary": "Does what its name says.",
		"responses": object{
			"200":     object{"description": "Fine.", "content": object{"application/json": object{"schema": answer(i, method, path, schemas)}}},
			"default": object{"description": "Not fine.", "content": object{"application/json": object{"schema": object{"$ref": "#/components/schemas/Error"}}}},
		},
	}
	var parameters []object
	if strings.Contains(path, "{id}") {
		parameters = append(parameters, object{"name": "id", "in": "path", "required": true, "schema": object{"type": "string", "maxLength": 5000}})
	} else if method == "get" {
		parameters = append(parameters,
			object{"name": "limit", "in": "query", "schema": object{"type": "integer", "minimum": 1, "maximum": 100}},
			object{"name": "expand", "in": "query", "style": "form", "explode": true, "schema": object{"type": "array", "items": object{"type": "string"}}},
			object{"name": "created", "in": "query", "style": "deepObject", "explode": true, "schema": object{"type": "object", "properties": object{"gt": object{"type": "integer"}, "lt": object{"type": "integer"}}}})
	}
	if parameters != nil {
		op["parameters"] = parameters
	}
	if method == "post" || method == "patch" {
		op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": object{
			"type": "object", "required": []string{"name"},
			"properties": object{
				"name":     object{"type": "string", "minLength": 1, "maxLength": 200},
				"address":  object{"type": "object", "properties": object{"city": object{"type": "string"}, "postal_code": object{"type": "string", "pattern": "^[0-9]{5}$"}}},
				"tags":     object{"type": "array", "items": object{"type": "string"}, "uniqueItems": true},
				"resource": reference(5*i+2, schemas),
			},
		}}}}
	}
	return op
}

// answer is one resource, or a page of a list of them.
func answer(i int, method, path string, schemas int) object {
	one := reference(i, schemas)
	if method != "get" || strings.Contains(path, "{id}") {
		return one
	}
	return object{"type": "object", "required": []string{"data", "has_more"}, "properties": object{
		"data": object{"type": "array", "items": one}, "has_more": object{"type": "boolean"},
	}}
}

func text(start string, size int) string {
	var b strings.Builder
	b.WriteString(start)
	for i := 0; b.Len() < size; i++ {
		b.WriteString(words[(i*i+3*i)%len(words)] + " ")
		if i%12 == 11 {
			b.WriteString("and so on. ")
		}
	}
	return strings.TrimSpace(b.String()[:max(size, len(start))])
}

// words is what names and prose are made of.
var words = strings.Fields("account balance charge customer dispute event file invoice order payment plan price product quote refund review session source subscription token transfer webhook")
