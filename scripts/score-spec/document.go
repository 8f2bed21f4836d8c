package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// document is as much of an OpenAPI document in JSON as is scored.
type document struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct{ Schemas map[string]*schema }
}

type operation struct {
	Parameters []struct {
		Name, In string
		Schema   *schema
	}
	RequestBody struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref                 string `json:"$ref"`
	Properties          map[string]*schema
	Items               *schema
	AllOf, AnyOf, OneOf []*schema
}

// described reads a document.
func described(r io.Reader) (contents, error) {
	var out contents
	var d document
	if err := json.NewDecoder(r).Decode(&d); err != nil {
		return out, fmt.Errorf("reading the document: %w", err)
	}
	for path, item := range d.Paths {
		for method, raw := range item {
			switch method {
			case "get", "put", "post", "delete", "options", "head", "patch", "trace":
			default:
				continue
			}
			var op operation
			if err := json.Unmarshal(raw, &op); err != nil {
				return out, fmt.Errorf("reading %s %s: %w", method, path, err)
			}
			endpoint := plain(method, path)
			out.endpoints = append(out.endpoints, endpoint)
			for _, held := range d.held(op) {
				out.held = append(out.held, endpoint+" "+held)
			}
		}
	}
	slices.Sort(out.endpoints)
	slices.Sort(out.held)
	out.held = slices.Compact(out.held)
	return out, nil
}

// held is what a request of an operation holds, but for parameters of the path.
func (d *document) held(op operation) []string {
	var out []string
	for _, p := range op.Parameters {
		if p.In != "path" {
			out = append(out, p.In+" "+p.Name)
		}
	}
	for _, media := range op.RequestBody.Content {
		d.fields(media.Schema, "", 0, func(name string) { out = append(out, "body "+name) })
	}
	return out
}

// fields calls f for the innermost names in a schema: a.b, and list.c of items.
func (d *document) fields(s *schema, prefix string, depth int, f func(string)) {
	if s == nil || depth > 8 {
		return
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		d.fields(d.Components.Schemas[name], prefix, depth+1, f)
		return
	}
	inner := false
	deeper := func(of *schema) {
		d.fields(of, prefix, depth+1, func(name string) {
			inner = inner || name != prefix
			if name != prefix {
				f(name)
			}
		})
	}
	deeper(s.Items)
	for _, list := range [][]*schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, of := range list {
			deeper(of)
		}
	}
	for name, of := range s.Properties {
		inner = true
		d.fields(of, strings.TrimPrefix(prefix+"."+name, "."), depth+1, f)
	}
	if !inner && prefix != "" {
		f(prefix)
	}
}

// plain is an endpoint in the form that is compared.
func plain(method, path string) string {
	parameter := regexp.MustCompile(`\{[^}]*\}|:[A-Za-z0-9_]+(\([^)]*\))?|\*[A-Za-z0-9_]*`)
	path = parameter.ReplaceAllString(path, "{}")
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	return strings.ToUpper(method) + " " + path
}
