package e2e

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var everyLength = flag.Bool("every-length", false, "TestNamesOfEveryLength: all lengths, instead of every third one")

// TestNamesOfEveryLength makes a server of a document whose names have 1 to 70 characters,
// in every place where it has names: prettier would change nothing in it. Lines break
// where a name fills them, and the rules for that are many. Each framework has lengths of
// its own.
func TestNamesOfEveryLength(t *testing.T) {
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	step := 3
	if *everyLength {
		step = 1
	}
	var all []server
	for i, framework := range frameworks {
		var document strings.Builder
		document.WriteString("openapi: 3.1.0\ninfo: {title: Names, version: '1'}\npaths:\n")
		var lengths []int
		for n := 1 + i*step; n <= 70; n += len(frameworks) * step {
			lengths = append(lengths, n)
			document.WriteString(pathsNamed(nameOf(n)))
		}
		document.WriteString("components:\n  securitySchemes:\n")
		for _, n := range lengths {
			fmt.Fprintf(&document, "    %s: {type: apiKey, in: header, name: X-%s}\n", nameOf(n), nameOf(n))
		}
		document.WriteString("  schemas:\n")
		for _, n := range lengths {
			document.WriteString(schemasNamed(nameOf(n)))
		}
		path := filepath.Join(root, framework+".yaml")
		write(t, path, []byte(document.String()))
		s := server{name: framework, dir: filepath.Join(root, framework)}
		generate(t, "generate", path, "--framework", framework, "--output", s.dir)
		all = append(all, s)
	}
	script(t, root, "format.mjs", all)
}

// nameOf is a name of n letters, which no other length begins with.
func nameOf(n int) string {
	return strings.Repeat("n", n-1) + string(rune('a'+n%13))
}

func pathsNamed(name string) string {
	return strings.NewReplacer("NAME", name, "TYPE", typeOf(name)).Replace(`  /NAME/{NAME}:
    get:
      operationId: get_NAME
      tags: [NAME]
      security: [{NAME: []}]
      parameters:
        - {name: NAME, in: path, required: true, schema: {type: string}}
        - {name: NAME, in: query, schema: {type: integer}}
        - {name: NAME, in: header, schema: {type: string, enum: [NAME, b]}}
        - {name: NAME, in: cookie, schema: {type: string}}
      responses:
        '200':
          description: one
          headers: {X-NAME: {schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/TYPE'}}}
    put:
      operationId: NAME
      tags: [NAME]
      parameters: [{name: NAME, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/TYPE'}}}}
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/TYPE'}}}}}
    post:
      operationId: form_NAME
      tags: [NAME]
      parameters: [{name: NAME, in: path, required: true, schema: {type: string}}]
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {type: object, required: [NAME], properties: {NAME: {type: string}}}}
          multipart/form-data: {schema: {type: object, properties: {NAME: {type: string, format: binary}}}}
      responses: {'204': {description: done}}
  /list/NAME:
    get:
      operationId: listNAME
      parameters: [{name: NAME, in: query, schema: {type: array, items: {type: string}}}]
      responses: {'200': {description: some, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/TYPE'}}}}}}
    post:
      operationId: addNAME
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/ListTYPE'}}}}
      responses: {'201': {description: one}}
`)
}

func schemasNamed(name string) string {
	return strings.NewReplacer("NAME", name, "TYPE", typeOf(name)).Replace(`    TYPE:
      type: object
      required: [NAME, kind]
      properties:
        NAME: {type: string}
        kind: {type: string, enum: [NAME, other]}
        '${NAME}': {type: integer, default: 1}
        list: {type: array, items: {$ref: '#/components/schemas/TYPE'}}
        inner: {type: object, required: [NAME], properties: {NAME: {type: string, default: NAME}}}
        either: {oneOf: [{$ref: '#/components/schemas/ListTYPE'}, {$ref: '#/components/schemas/EnumTYPE'}]}
    ListTYPE: {type: array, items: {$ref: '#/components/schemas/TYPE'}, maxItems: 3}
    EnumTYPE: {type: string, enum: [NAME, 'not NAME']}
    ConstTYPE: {const: NAME}
    AllTYPE: {allOf: [{$ref: '#/components/schemas/TYPE'}, {type: object, properties: {x: {$ref: '#/components/schemas/AliasTYPE'}}}]}
    AliasTYPE: {$ref: '#/components/schemas/EnumTYPE'}
    MapTYPE: {type: object, additionalProperties: {$ref: '#/components/schemas/TYPE'}}
`)
}

// typeOf is the name of the schema: no other one has it, whatever stands before it.
func typeOf(name string) string { return strings.ToUpper(name[:1]) + name[1:] }
