package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/terminal"
)

// The command lines of the document that the tool was built from, with what
// they give.
func TestCommandLinesOfTheSeed(t *testing.T) {
	for _, c := range []struct {
		line string
		code int
		want string // on stdout where code is 0, on stderr otherwise
	}{
		{"scaffolder openapi.yaml --framework express --output src/routes/", 0, "Generated 2 route handlers in src/routes/\n"},
		{"scaffolder openapi.yaml --framework express", 0, "Generated 2 route handlers in src/routes/\n"},
		{"scaffolder --from-db postgres://localhost/mydb --output src/routes/", 2, "cannot connect to postgres://localhost/mydb"},
		{"scaffolder src/routes/ --generate-spec --output openapi.yaml", 2, "src/routes/ is not there"},
		{"scaffolder src/routes/ --generate-spec", 2, "src/routes/ is not there"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "openapi.yaml"), []byte(users), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Chdir(dir)
		var out, errs bytes.Buffer
		code := Main(t.Context(), strings.Fields(c.line)[1:], terminal.Streams{Out: &out, Err: &errs}, "v1")
		got := errs.String()
		if c.code == 0 {
			got = out.String()
		}
		if code != c.code || !strings.Contains(got, c.want) {
			t.Errorf("%s: exit %d, want %d\nstdout: %s\nstderr: %s", c.line, code, c.code, &out, &errs)
		}
		if _, err := os.Stat("src"); (err == nil) != (c.code == 0) {
			t.Errorf("%s: src/: %v", c.line, err)
		}
	}
}

const users = `openapi: 3.0.3
info: {title: User Service API, version: 1.0.0}
paths:
  /users:
    get:
      summary: List users
      parameters: [{name: limit, in: query, schema: {type: integer, default: 20}}]
      responses: {'200': {description: The users.}}
    post:
      summary: Create user
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/CreateUser'}}}}
      responses: {'201': {description: The user.}}
components:
  schemas:
    CreateUser: {type: object, required: [email], properties: {email: {type: string, format: email}}}
`

func TestTranslate(t *testing.T) {
	for in, want := range map[string]string{
		"":                                   "",
		"--help":                             "--help",
		"--version":                          "--version",
		"--no-color -h":                      "--no-color -h",
		"--config c.yaml --version":          "--config c.yaml --version",
		"completion bash":                    "completion bash",
		"generate a.yaml":                    "generate a.yaml",
		"--config c.yaml generate a.yaml":    "generate --config c.yaml a.yaml",
		"a.yaml":                             "generate a.yaml",
		"-":                                  "generate -",
		"--framework koa a.yaml":             "generate --framework koa a.yaml",
		"--framework koa":                    "generate --framework koa",
		"--from-db":                          "database",
		"--from-db=postgres://h/d -o x":      "database postgres://h/d -o x",
		"-o x --from-db postgres://h/d":      "database postgres://h/d -o x",
		"src --generate-spec":                "spec src",
		"--generate-spec src --output a.yml": "spec src --output a.yml",
	} {
		args := strings.Fields(in)
		before := slices.Clone(args)
		if got := strings.Join(translate(args), " "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if !slices.Equal(args, before) {
			t.Errorf("%q: the arguments were changed to %q", in, args)
		}
	}
}

func TestLayout(t *testing.T) {
	for output, want := range map[string]layout{
		".":               {".", "src"},
		"server":          {"server", "src"},
		"server/":         {"server", "src"},
		"src/routes/":     {".", "src"},
		"src/routes":      {".", "src"},
		"./src/routes":    {".", "src"},
		"a/src/routes/":   {"a", "src"},
		"routes":          {".", "."},
		"server/routes":   {"server", "."},
		"/srv/src/routes": {"/srv", "src"},
		"../routes/":      {"..", "."},
	} {
		if got := layoutOf(output); got != want {
			t.Errorf("%s: %+v, want %+v", output, got, want)
		}
	}
}
