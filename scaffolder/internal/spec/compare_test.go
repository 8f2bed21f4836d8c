package spec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const shopBefore = `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /users:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
    delete:
      responses: {'204': {description: gone}}
  /old:
    get:
      responses: {'200': {description: ok}}
components:
  schemas:
    User:
      type: object
      properties:
        id: {type: string}
        name: {type: string}
`

func TestBreaking(t *testing.T) {
	after := strings.NewReplacer(
		"  /old:\n    get:\n      responses: {'200': {description: ok}}\n", "",
		"    delete:\n      responses: {'204': {description: gone}}\n", "",
		"id: {type: string}", "id: {type: integer}",
		"name: limit, in: query,", "name: limit, in: query, required: true,",
	).Replace(shopBefore)
	changes, err := Breaking(Input{Name: "old.yaml", Data: []byte(shopBefore)}, Input{Name: "new.yaml", Data: []byte(after)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s:%d:%d: %s: %s", c.At.File, c.At.Line, c.At.Column, c.Where, c.What))
	}
	want := []string{
		"old.yaml:12:3: /old: was removed",
		"old.yaml:11:7: DELETE /users: was removed",
		"new.yaml:7:46: GET /users: parameters 0 required: required true was added",
		"new.yaml:15:9: schema User: properties id: type changed from string to integer",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
