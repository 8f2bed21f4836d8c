package cli

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/spec"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen"
)

// intruder is code that a hostile document tries to bring into the output. As a
// text, in a string or a comment, it may stand there; as code it may not.
const intruder = "zzCall(1337)"

// hostile lists ways out of the places that texts of a document go to.
var hostile = []string{
	"*/ " + intruder + " /*",
	"'; " + intruder + "; '",
	`"; ` + intruder + `; "`,
	"`; " + intruder + "; `",
	"${" + intruder + "}",
	"\n" + intruder + "\n",
	"\r" + intruder + "\r",
	"\u2028" + intruder + "\u2029",
	`\'; ` + intruder + `; //`,
	`\"; ` + intruder + `; //`,
	`\`,
	"\\\n" + intruder,
	"// \n" + intruder,
	"/*/ " + intruder + " /*/",
	"{{ " + intruder + " }}",
	"]; " + intruder + "; [",
	"}; " + intruder + "; {",
	"/; " + intruder + "; /",
	"\nRUN " + intruder,
	"\nKEY=" + intruder,
	"<script>" + intruder + "</script>",
	"\x00\x1b[2J" + intruder,
	"@ts-ignore", "@ts-expect-error", "@ts-nocheck\n@ts-ignore", "*/ @ts-ignore", "eslint-disable", "prettier-ignore", "# sourceMappingURL=x",
	"__proto__", "x\\", "constructor", "prototype", "hasOwnProperty", "toString", "default", "await", "class", "arguments", "eval",
	"", " ", "../../../etc/passwd", "a/b", "CON", "con", "aux.ts", "Ä é 日本 😀", "1", "-", "_", "$",
}

// FuzzNoDocumentInjectsCode holds for any text; its seeds, which every test run
// tries, are those that somebody thought of.
func FuzzNoDocumentInjectsCode(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.Contains(text, intruder) && strings.ContainsAny(text, "'\"`\\\n\r*/{}$") {
			text += intruder
		}
		inject(t, text)
	})
}

// inject generates from a document that has the text in every place that takes
// one, and looks for the intruder among the code.
func inject(t *testing.T, text string) {
	t.Helper()
	data, err := json.Marshal(hostileDocument(text))
	if err != nil {
		t.Fatal(err)
	}
	model, err := spec.Read(spec.Input{Name: "-", Data: data}, spec.Options{Lenient: true})
	if err != nil {
		return // refused, which is safe
	}
	for _, o := range []tsgen.Options{
		{Framework: "express", SourceDir: "src", Tool: "t", RoutesBy: "tag", Int64: "bigint", Validator: "generated"},
		{Framework: "fastify", SourceDir: "src", Tool: "t", RoutesBy: "path", Int64: "number", Validator: "generated"},
		{Framework: "koa", SourceDir: ".", Tool: "t", RoutesBy: "tag", Int64: "number", Validator: "zod"},
	} {
		files, err := tsgen.Generate(model, o)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if _, err := tree.Make(t.TempDir(), files, false); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, f := range files {
			if problem := intrusion(f); problem != "" {
				t.Fatalf("%q: %s in %s (%s):\n%s", text, problem, f.Path, o.Framework, around(string(f.Content)))
			}
		}
	}
}

// intrusion says how the intruder came out of its text, "" where it did not.
func intrusion(f tree.File) string {
	content := string(f.Content)
	switch path.Ext(f.Path) {
	case ".ts", ".js":
		code, comments, err := codeOf(content)
		if err != "" {
			return err
		}
		if strings.Contains(strings.Join(strings.Fields(code), ""), intruder) {
			return "the intruder is code"
		}
		if slices.ContainsFunc(comments, directive.MatchString) {
			return "a comment that tools obey"
		}
	case ".json":
		if !json.Valid(f.Content) {
			return "broken JSON"
		}
	default:
		for _, line := range strings.Split(content, "\n") {
			if bare := strings.TrimSpace(line); strings.HasPrefix(bare, "RUN zz") || strings.HasPrefix(bare, "KEY=zz") || strings.HasPrefix(bare, "zz") {
				return "the intruder has a line of its own"
			}
		}
	}
	return ""
}

// directive is a comment that a compiler or a linter obeys. (Formatters do no harm.)
var directive = regexp.MustCompile(`(?m)^\s*(//|/?\*)[/*]*\s*@ts-|^//[#@]`)

// TestHostileTextsReachTheOutput holds that the seeds show something: the document
// is read, and each of its texts arrives. (An empty name is refused.)
func TestHostileTextsReachTheOutput(t *testing.T) {
	for _, text := range hostile {
		data, err := json.Marshal(hostileDocument(text))
		if err != nil {
			t.Fatal(err)
		}
		model, err := spec.Read(spec.Input{Name: "-", Data: data}, spec.Options{Lenient: true})
		if text == "" {
			continue
		}
		if err != nil {
			t.Errorf("%q is refused: %v", text, err)
			continue
		}
		files, err := tsgen.Generate(model, tsgen.Options{Framework: "koa", SourceDir: "src", Tool: "t", Validator: "generated"})
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, f := range files {
			found += strings.Count(string(f.Content), "zzCall")
		}
		if strings.Contains(text, intruder) && found < 40 {
			t.Errorf("%q arrives in %d places only", text, found)
		}
	}
}

func around(content string) string {
	i := strings.Index(content, "zzCall")
	return content[max(0, i-200):min(len(content), max(i, 0)+200)]
}

// codeOf is TypeScript without what stands in strings, comments and regular
// expressions, and its comments. It says what is not closed.
func codeOf(source string) (code string, comments []string, problem string) {
	var b strings.Builder
	s := []rune(source)
	var templates []int // depth of braces in each open ${
	depth := 0
	for i := 0; i < len(s); i++ {
		rest := string(s[i:min(i+2, len(s))])
		switch {
		case rest == "//":
			start := i
			for i < len(s) && !isLineEnd(s[i]) {
				i++
			}
			comments = append(comments, string(s[start:i]))
		case rest == "/*":
			end := indexFrom(s, i+2, "*/")
			if end < 0 {
				return "", nil, "an open comment"
			}
			comments = append(comments, string(s[i:end+2]))
			i = end + 1
		case s[i] == '\'' || s[i] == '"':
			end := endOfString(s, i)
			if end < 0 {
				return "", nil, "an open string"
			}
			b.WriteString(" '' ")
			i = end
		case s[i] == '`' || s[i] == '}' && len(templates) > 0 && templates[len(templates)-1] == depth:
			if s[i] == '}' {
				templates = templates[:len(templates)-1]
			}
			end, opens := endOfTemplate(s, i)
			if end < 0 {
				return "", nil, "an open template"
			}
			if opens {
				templates = append(templates, depth)
			}
			b.WriteString(" '' ")
			i = end
		case s[i] == '/' && regexpMayStand(b.String()):
			end := endOfRegexp(s, i)
			if end < 0 {
				return "", nil, "an open regular expression"
			}
			b.WriteString(" '' ")
			i = end
		default:
			switch s[i] {
			case '{':
				depth++
			case '}':
				depth--
			}
			b.WriteRune(s[i])
		}
	}
	return b.String(), comments, ""
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029 }

func indexFrom(s []rune, i int, what string) int {
	for ; i+len(what) <= len(s); i++ {
		if string(s[i:i+len(what)]) == what {
			return i
		}
	}
	return -1
}

func endOfString(s []rune, start int) int {
	for i := start + 1; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == s[start]:
			return i
		case s[i] == '\n' || s[i] == '\r':
			return -1
		}
	}
	return -1
}

// endOfTemplate is the place of the backtick, or of the brace behind a dollar.
func endOfTemplate(s []rune, start int) (end int, opens bool) {
	for i := start + 1; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '`':
			return i, false
		case s[i] == '$' && i+1 < len(s) && s[i+1] == '{':
			return i + 1, true
		}
	}
	return -1, false
}

func endOfRegexp(s []rune, start int) int {
	class := false
	for i := start + 1; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case isLineEnd(s[i]):
			return -1
		case s[i] == '[':
			class = true
		case s[i] == ']':
			class = false
		case s[i] == '/' && !class:
			return i
		}
	}
	return -1
}

// regexpMayStand says that a slash behind this code begins a regular
// expression, and is no division.
func regexpMayStand(before string) bool {
	before = strings.TrimRight(before, " \t\n")
	if before == "" || strings.HasSuffix(before, "return") {
		return true
	}
	return strings.ContainsRune("(,=:[!&|?{};>", rune(before[len(before)-1]))
}

// hostileDocument has text in every place that takes one.
func hostileDocument(x string) map[string]any {
	type m = map[string]any
	schema := m{
		"title": x, "description": x, "type": "object", "required": []string{x},
		"properties": m{
			x:    m{"type": "string", "description": x, "pattern": x, "format": x, "default": x, "enum": []string{x, "a"}, "example": x},
			"c":  m{"const": x},
			"n":  m{"type": "object", "properties": m{x: m{"type": "integer", "format": "int64"}}, "additionalProperties": m{"type": "string", "description": x}},
			"pp": m{"type": "object", "patternProperties": m{x: m{"type": "string"}}, "propertyNames": m{"pattern": x}},
			"d":  m{"dependentRequired": m{x: []string{x}}, "type": "object"},
		},
		"examples": []any{m{x: x}},
	}
	variants := m{
		"oneOf":         []any{m{"$ref": "#/components/schemas/Plain"}, m{"$ref": "#/components/schemas/Other"}},
		"discriminator": m{"propertyName": x, "mapping": m{x: "#/components/schemas/Plain"}},
	}
	content := m{"application/json": m{"schema": m{"$ref": "#/components/schemas/Plain"}, "example": m{x: x}}, "text/" + x: m{"schema": variants}}
	operation := m{
		"operationId": x, "summary": x, "description": x, "tags": []string{x, "b"},
		"parameters": []any{
			m{"name": x, "in": "query", "description": x, "schema": m{"type": "string", "enum": []string{x}}, "example": x},
			m{"name": "h" + x, "in": "header", "schema": m{"type": "string", "default": x}},
			m{"name": "c" + x, "in": "cookie", "schema": m{"type": "array", "items": m{"type": "string", "pattern": x}}},
			m{"name": "p" + x, "in": "path", "required": true, "schema": m{"type": "string"}},
		},
		"requestBody": m{"description": x, "content": content},
		"responses": m{
			"200":     m{"description": x, "headers": m{x: m{"description": x, "schema": m{"type": "string"}}}, "content": content},
			"default": m{"description": x},
		},
		"security":  []any{m{"s" + x: []string{x}}, m{"k" + x: []string{}}},
		"callbacks": m{x: m{x: m{"post": m{"operationId": "cb" + x, "requestBody": m{"content": content}}}}},
	}
	return m{
		"openapi":  "3.1.0",
		"info":     m{"title": x, "version": x, "description": x},
		"servers":  []any{m{"url": "https://example.com/" + x, "description": x}},
		"tags":     []any{m{"name": x, "description": x}},
		"paths":    m{"/" + x + "/{p" + x + "}": m{"post": operation}, "/b" + x: m{"get": m{"tags": []string{x}, "responses": m{}}}},
		"webhooks": m{x: m{"post": m{"operationId": "w" + x, "requestBody": m{"content": content}}}},
		"components": m{
			"schemas": m{"Plain": schema, "Other": m{"type": "object", "properties": m{x: m{"type": "string"}}}, "N" + x: variants, x: m{"type": "string", "enum": []string{x}}},
			"securitySchemes": m{
				"s" + x: m{"type": "oauth2", "description": x, "flows": m{"clientCredentials": m{"tokenUrl": x, "scopes": m{x: x}}}},
				"k" + x: m{"type": "apiKey", "in": "header", "name": x, "description": x},
			},
		},
	}
}

// The judge itself: it sees code where there is code.
func TestCodeOf(t *testing.T) {
	for source, want := range map[string]string{
		"a('" + intruder + "')":                "a( '' )",
		"/* " + intruder + " */ a":             "a",
		"`${" + intruder + "}`":                "'' " + intruder + " ''",
		"`a${b({c: `x`})}d` / 2":               "'' b({c: '' }) '' / 2",
		"x = /[/'\"]\\//u; y // z\n w":         "x = '' u; y  w",
		"'\\'' + " + intruder:                  "'' + " + intruder,
		"a = b / c; d = '/'; e = f / " + "'g'": "a = b / c; d = '' ; e = f / ''",
	} {
		got, _, problem := codeOf(source)
		if clean := strings.Join(strings.Fields(got), " "); problem != "" || clean != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%s: %q, %s; want %q", source, clean, problem, want)
		}
	}
	for _, source := range []string{"'a\n'", "`a", "/* a", "x = /a\n/"} {
		if _, _, problem := codeOf(source); problem == "" {
			t.Errorf("%q: nothing is open", fmt.Sprint(source))
		}
	}
}
