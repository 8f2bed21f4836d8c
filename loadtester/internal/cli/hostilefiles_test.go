package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/terminal"
)

// aliases is YAML whose last anchor stands for 10^12 words.
func aliases(use string) string {
	text := "x0: &x0 [a,a,a,a,a,a,a,a,a,a]\n"
	for i := 1; i < 12; i++ {
		text += fmt.Sprintf("x%d: &x%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*x%d,", i-1), 10), ","))
	}
	return text + use
}

func document(schema string) string {
	return "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/: {post: {requestBody: {content: {application/json: {schema: " + schema + "}}}, responses: {'200': {description: a}}}}}\n"
}

// doubled are schemas that hold the next one twice, n deep, and last at the end.
func doubled(n int, last string) string {
	text := document("{$ref: '#/components/schemas/S0'}") + "components:\n  schemas:\n"
	for i := range n {
		text += fmt.Sprintf("    S%d: {type: object, required: [a, b], properties: {a: {$ref: '#/components/schemas/S%d'}, b: {$ref: '#/components/schemas/S%d'}}}\n", i, i+1, i+1)
	}
	return text + fmt.Sprintf("    S%d: %s\n", n, last)
}

// A file that is small where it is written and endless where it is read costs no more than
// its size allows, whatever reads it; nobody is asked, since nobody is there.
func TestHostileFiles(t *testing.T) {
	deep := func(open, shut string, n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(shut, n) }
	for name, c := range map[string]struct {
		flag, text string
	}{
		"aliases of a plan":          {"--targets", aliases("targets: *x11\n")},
		"aliases of settings":        {"--config", aliases("header: *x11\n")},
		"aliases of a document":      {"--openapi", aliases("openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/: {get: {responses: {'200': {description: a}}, x-y: *x11}}}\n")},
		"aliases of an example":      {"--openapi", aliases(document("{type: array, example: *x11}"))},
		"a deep plan":                {"--targets", "targets: " + deep("[", "]", 100_000)},
		"a deep body of a plan":      {"--targets", "targets:\n- post: /\n  json: " + deep("[", "]", 5_000) + "\n"},
		"a deep archive":             {"--har", `{"log": {"entries": [{"request": ` + deep(`{"a":`, "}", 100_000) + "}]}}"},
		"brackets of an archive":     {"--har", strings.Repeat("[", 1_000_000)},
		"a deep document":            {"--openapi", `{"openapi": "3.0.0", "info": {"title": "a", "version": "1"}, "paths": {}, "x": ` + deep("[", "]", 100_000) + "}"},
		"a doubled schema":           {"--openapi", doubled(40, "{type: string}")},
		"doubled, and large":         {"--openapi", doubled(12, "{type: array, minItems: 1000000, items: {type: string, minLength: 1000}}")},
		"a schema of itself":         {"--openapi", doubled(2, "{$ref: '#/components/schemas/S0'}")},
		"a billion items":            {"--openapi", document("{type: array, minItems: 1000000000, items: {type: string}}")},
		"a billion letters":          {"--openapi", document("{type: string, minLength: 1000000000}")},
		"a pattern of a billion":     {"--openapi", document("{type: string, pattern: '^((((a{1000}){1000}){1000}){1000})$'}")},
		"items of items":             {"--openapi", document(strings.Repeat("{type: array, minItems: 1000, items: ", 4) + "{type: string}" + strings.Repeat("}", 4))},
		"a log of one line":          {"--replay", strings.Repeat("x", 4_000_000)},
		"a log of quotes":            {"--replay", strings.Repeat(`"`, 2_000_000)},
		"a log of zero bytes":        {"--replay", strings.Repeat("\x00", 4_000_000)},
		"a log of deep lines":        {"--replay", strings.Repeat(deep(`{"a":`, "}", 50_000)+"\n", 10)},
		"a value without an end":     {"--feed", "a\n\"" + strings.Repeat("x", 4_000_000)},
		"columns without an end":     {"--feed", strings.Repeat("c,", 100_000) + "d\n"},
		"placeholders":               {"--targets", "GET http://127.0.0.1:1/" + strings.Repeat("{{", 500_000) + "\n"},
		"a plan of carriage returns": {"--targets", strings.Repeat("\r", 1_000_000)},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hostile.yaml")
			if c.flag == "--feed" {
				path = filepath.Join(t.TempDir(), "hostile.csv")
			}
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			code := Main(t.Context(), []string{"check", "http://127.0.0.1:1", c.flag, path}, terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &out, Env: os.Getenv}, "v0")
			runtime.ReadMemStats(&after)
			took, allowed := after.TotalAlloc-before.TotalAlloc, uint64(48<<20+60*len(c.text))
			if code != 2 || out.Len() == 0 {
				t.Errorf("exit %d: %.300s", code, out.String())
			}
			if out.Len() > 20_000 {
				t.Errorf("%d bytes are written: %.300s", out.Len(), out.String())
			}
			if took > allowed {
				t.Errorf("%d KiB were allocated for a file of %d KiB, at most %d should be", took>>10, len(c.text)>>10, allowed>>10)
			}
		})
	}
}
