package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/terminal"
)

const head = "openapi: 3.1.0\ninfo: {title: T, version: \"1\"}\n"

// bomb is a document of n lines, of which each holds the one before ten times.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString(head + "paths: {}\ncomponents:\n  schemas:\n    S0: &s0 {type: string}\n")
	for i := 1; i <= n; i++ {
		members := make([]string, 10)
		for k := range members {
			members[k] = fmt.Sprintf("p%d: *s%d", k, i-1)
		}
		fmt.Fprintf(&b, "    S%d: &s%d {type: object, properties: {%s}}\n", i, i, strings.Join(members, ", "))
	}
	return b.String()
}

// broken lists documents that cannot be used: what is said of each, and that is
// all that a run leaves behind. "api.yaml" is given to it unless name says another.
var broken = []struct {
	about, name, text string
	more              map[string]string // files beside it
	args              string
	want              string // the first line on stderr
	hint              string // a part of the second
}{
	{about: "an operationId twice", text: head + "paths:\n  /a: {get: {operationId: same}}\n  /b: {get: {operationId: same}}\n",
		want: `api.yaml:5:27: operationId "same" is taken already, by GET /a on line 4`, hint: "--lenient"},
	{about: "paths that collide", text: head + "paths:\n  /a/{x}: {get: {parameters: [{name: x, in: path, required: true}]}}\n  /a/{y}: {get: {parameters: [{name: y, in: path, required: true}]}}\n",
		want: "api.yaml:5:12: GET /a/{y} is the same as /a/{x}, on line 4", hint: "make them one path"},
	{about: "a place without a parameter", text: head + "paths:\n  /a/{id}: {get: {}}\n",
		want: `api.yaml:4:13: the parameter {id} of the path "/a/{id}" is not declared`, hint: "in: path"},
	{about: "a parameter without a place", text: head + "paths:\n  /a: {get: {parameters: [{name: id, in: path, required: true}]}}\n",
		want: `api.yaml:4:27: the path "/a" has no place for its parameter "id"`, hint: "{id}"},
	{about: "a key twice", text: head + "paths:\n  /a: {}\n  /a: {}\n", want: `api.yaml:5:3: the key "/a" is there already, on line 4`, hint: "take one of them out"},
	{about: "a key twice in JSON", name: "api.json", text: "{\"openapi\": \"3.1.0\",\n \"paths\": {}, \"paths\": {}}", want: `api.json:2:15: the key "paths" is there already, on line 2`, hint: "take one of them out"},
	{about: "a comma too many", name: "api.json", text: "{\"openapi\": \"3.1.0\",\n \"paths\": {},}", want: "api.json:2:14: not readable as JSON: invalid character '}'", hint: "check the commas"},
	{about: "a tab", text: head + "paths:\n\t/a: {}\n", want: "api.yaml:4:1: not readable as YAML: found character that cannot start any token", hint: "never with tabs"},
	{about: "nothing", text: "", want: "api.yaml: the document is empty", hint: "starts with a line such as openapi"},
	{about: "spaces", text: " \n\r\n\t", want: "api.yaml: the document is empty", hint: "openapi"},
	{about: "a comment only", text: "# soon\n", want: "api.yaml:1:1: this is not an OpenAPI document", hint: "openapi"},
	{about: "two documents", text: head + "paths: {}\n---\n" + head, want: "api.yaml:4:1: a second YAML document begins here", hint: "keep one"},
	{about: "a zero byte", text: head + "paths: {a\x00: {}}\n", want: "api.yaml:3:10: not readable as YAML: the control character U+0000", hint: "take the character out"},
	{about: "UTF-16", text: "\xff\xfeo\x00p\x00", want: "api.yaml:1:1: the document is not UTF-8 text", hint: "UTF-8"},
	{about: "Latin-1", text: head + "# caf\xe9\n", want: "api.yaml:3:6: the document is not UTF-8 text", hint: "UTF-8"},
	{about: "an alias of nothing", text: head + "paths: {/a: *nope}\n", want: "api.yaml:3:13: not readable as YAML: unknown anchor 'nope' referenced", hint: "before it is used"},
	{about: "an anchor that holds itself", text: head + "paths: {}\ncomponents: {schemas: {A: &a {items: *a}}}\n",
		want: "api.yaml:4:27: a YAML alias stands inside of the schema that it stands for", hint: "$ref"},
	{about: "aliases that multiply", text: bomb(12), want: "YAML aliases make more than 50", hint: "components.schemas"},
	{about: "brackets without end", name: "api.json", text: `{"openapi":"3.1.0","x":` + strings.Repeat("[", 20000), want: "api.json:1:10023: not readable as JSON: invalid character '[' exceeded max depth", hint: "brackets"},
	{about: "brackets without end in YAML", text: head + "x: " + strings.Repeat("[", 20000), want: "not readable as YAML", hint: ""},
	{about: "schemas without end", name: "api.json", text: `{"openapi":"3.1.0","paths":{},"components":{"schemas":{"A":` + strings.Repeat(`{"items":`, 300) + "{}" + strings.Repeat("}", 300) + "}}}",
		want: "schemas are nested more than 200 deep", hint: "components.schemas"},
	{about: "a file outside", text: head + "paths: {/a: {$ref: ../secret.yaml}}\n", want: `api.yaml:3:13: $ref "../secret.yaml" points outside `, hint: "--root DIR"},
	{about: "an absolute path", text: head + "paths: {/a: {$ref: /etc/passwd}}\n", want: `api.yaml:3:13: $ref "/etc/passwd" points outside `, hint: "--root DIR"},
	{about: "an escaped path outside", text: head + "paths: {/a: {$ref: '%2e%2e/secret.yaml'}}\n", want: `points outside `, hint: "--root DIR"},
	{about: "the network", text: head + "paths: {/a: {$ref: 'https://example.com/a.yaml'}}\n", want: `api.yaml:3:13: $ref "https://example.com/a.yaml" points to the network`, hint: "download"},
	{about: "a directory", text: head + "paths: {/a: {$ref: .}}\n", want: `api.yaml:3:13: $ref "." cannot be read: it is no file`, hint: ""},
	{about: "files in a circle", text: head + "paths: {/a: {$ref: 'b.yaml#/x'}}\n", more: map[string]string{"b.yaml": "x: {$ref: 'api.yaml#/paths/~1a'}\n"},
		want: "api.yaml:3:13: these references only point at each other", hint: "definition"},
	{about: "a broken file beside it", text: head + "paths: {/a: {$ref: 'b.yaml#/x'}}\n", more: map[string]string{"b.yaml": "x: [\n"},
		want: "b.yaml:2:1: not readable as YAML: did not find expected node content", hint: "brackets"},
	{about: "a large file", text: head + "paths: {}\n#" + strings.Repeat("x", 2<<20), args: "--max-size 1", want: "api.yaml is larger than 1 MiB", hint: "--max-size"},
	{about: "a large file beside it", text: head + "paths: {/a: {$ref: 'b.yaml#/x'}}\n", more: map[string]string{"b.yaml": "x: {}\n#" + strings.Repeat("x", 2<<20)}, args: "--max-size 1",
		want: "b.yaml is larger than 1 MiB", hint: "--max-size"},
	{about: "a scheme that is not defined", text: head + "paths: {/a: {get: {security: [{nobody: []}]}}}\n", want: `api.yaml:3:32: the security scheme "nobody" is not defined`, hint: "securitySchemes"},
	{about: "Swagger 2.0", text: "swagger: '2.0'\npaths: {}\n", want: "api.yaml:1:10: Swagger 2.0 is not supported", hint: "convert it"},
	{about: "OpenAPI 4", text: "openapi: 4.0.0\npaths: {}\n", want: "api.yaml:1:10: unknown version of OpenAPI: 4.0.0", hint: "3.2"},
}

func TestBrokenDocuments(t *testing.T) {
	for _, c := range broken {
		t.Run(c.about, func(t *testing.T) {
			code, stdout, stderr, left := generateIn(t, c.name, c.text, c.more, strings.Fields(c.args)...)
			if code != 2 || stdout != "" {
				t.Errorf("exit %d, stdout %q", code, stdout)
			}
			line, rest, _ := strings.Cut(stderr, "\n")
			second, _, _ := strings.Cut(rest, "\n")
			if !strings.HasPrefix(line, "error: ") || !strings.Contains(line, c.want) {
				t.Errorf("said %q, want %q", line, c.want)
			}
			if c.hint != "" && (!strings.HasPrefix(second, "hint: ") || !strings.Contains(second, c.hint)) {
				t.Errorf("the hint is %q, want %q", second, c.hint)
			}
			if len(stderr) > 10_000 {
				t.Errorf("%d bytes of errors", len(stderr))
			}
			if len(left) > 0 {
				t.Errorf("written: %v", left)
			}
		})
	}
}

// odd lists documents that are strange and right, and what is said of them.
var odd = []struct{ about, name, text, want string }{
	{about: "a byte order mark", text: "\ufeff" + head + "paths: {}\n"},
	{about: "a byte order mark before JSON", name: "api.json", text: "\ufeff{\"openapi\": \"3.1.0\", \"paths\": {}}"},
	{about: "lines of Windows", text: strings.ReplaceAll(head+"paths:\n  /a:\n    get:\n      description: |\n        a\n        b\n", "\n", "\r\n")},
	{about: "lines of an old Mac", text: strings.ReplaceAll(head+"paths:\n  /a:\n    get: {}\n", "\n", "\r")},
	{about: "a merge key", text: head + "x-base: &b {get: {operationId: a}}\npaths:\n  /a:\n    <<: *b\n"},
	{about: "the end of a document", text: "---\n" + head + "paths: {}\n---\n# no more\n"},
	{about: "aliases that multiply where nothing is read", text: head + "paths: {}\nx-bomb:\n  a: &a [x,x,x,x]\n  b: &b [*a,*a,*a,*a]\n  c: &c [*b,*b,*b,*b]\n  d: [*c,*c,*c,*c]\n"},
	{about: "an unknown key", text: head + "paths: {/a: {get: {operationID: a}}}\n", want: `api.yaml:3:20: warning: unknown key "operationID" in this operation is not looked at (did you mean operationId?)`},
	{about: "a slow pattern", text: head + "paths: {}\ncomponents: {schemas: {A: {pattern: '^(?<q>a+)\\k<q>*$'}}}\n", want: `api.yaml:4:37: warning: the pattern "^(?<q>a+)\\k<q>*$" can take very long`},
	{about: "a broken pattern", text: head + "paths: {}\ncomponents: {schemas: {A: {pattern: '(?i)a'}}}\n", want: `api.yaml:4:37: warning: the pattern "(?i)a" is not looked at: JavaScript has no group (?i)`},
	{about: "a schema that is itself", text: head + "paths: {}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/A'}}}\n", want: "warning: the schema A refers to itself"},
	{about: "names that mean something", text: head + `paths:
  /class/{default}:
    get:
      operationId: class
      tags: [await]
      parameters: [{name: default, in: path, required: true}, {name: __proto__, in: query}]
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/constructor"}}}}}
components:
  schemas:
    constructor: {type: object, properties: {__proto__: {type: string}, constructor: {type: integer}, new: {type: boolean}}, required: [__proto__]}
    日本: {type: string}
`},
}

func TestOddDocuments(t *testing.T) {
	for _, c := range odd {
		t.Run(c.about, func(t *testing.T) {
			code, _, stderr, left := generateIn(t, c.name, c.text, nil)
			if code != 0 || len(left) == 0 {
				t.Fatalf("exit %d, written %d files\n%s", code, len(left), stderr)
			}
			if !strings.Contains(stderr, c.want) || c.want == "" && stderr != "" {
				t.Errorf("said %q, want %q", stderr, c.want)
			}
		})
	}
}

// generateIn runs generate in a fresh directory that holds the document, and says
// which files there are in the output directory.
func generateIn(t *testing.T, name, text string, more map[string]string, args ...string) (code int, stdout, stderr string, left []string) {
	t.Helper()
	parent := t.TempDir()
	dir := filepath.Join(parent, "api")
	if name == "" {
		name = "api.yaml"
	}
	files := map[string]string{filepath.Join(dir, name): text, filepath.Join(parent, "secret.yaml"): "get: {}"}
	for beside, text := range more {
		files[filepath.Join(dir, beside)] = text
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, text := range files {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	var out, errs bytes.Buffer
	streams := terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}
	code = Main(t.Context(), append([]string{"generate", name, "--output", "out"}, args...), streams, "v0.0.0-test")
	entries, err := os.ReadDir("out")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		left = append(left, e.Name())
	}
	return code, out.String(), errs.String(), left
}
