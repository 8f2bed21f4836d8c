package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const example = "../../../docs/example/openapi.yaml"

// change is a text of a file and what stands there instead.
type change struct{ file, old, new string }

// edit is what somebody does to a generated project, and what that is in the document.
type edit struct {
	name string
	// document are the changes of the document that the edit stands for.
	document []change
	// code are the changes of the project; nil: those that generating from the changed
	// document makes to what is read.
	code []change
	// more are changes beside those.
	more []change
	// warn are texts that have to be warned of.
	warn []string
}

func editsOfProjects() []edit {
	return []edit{
		{name: "a field is added", document: []change{{"", "        blurb: { type: [string, 'null'], maxLength: 2000 }\n", "        blurb: { type: [string, 'null'], maxLength: 2000 }\n        pages: { type: integer, minimum: 1 }\n"}}, warn: []string{"CreateBook has pages"}},
		{name: "a field is added to an inherited part", document: []change{{"", "            id: { type: integer, format: int64, readOnly: true }", "            id: { type: integer, format: int64, readOnly: true }\n            shelf: { type: string }"}}},
		{name: "a field is taken out", document: []change{{"", "        blurb: { type: [string, 'null'], maxLength: 2000 }\n", ""}}, warn: []string{"CreateBook has no blurb any more"}},
		{name: "a field is optional", document: []change{{"", "required: [isbn, title, genre, priceCents]\n      additionalProperties", "required: [isbn, title, genre]\n      additionalProperties"}}, warn: []string{"priceCents of CreateBook is optional"}},
		{name: "a field is required", document: []change{{"", "required: [isbn, title, genre, priceCents]\n      additionalProperties", "required: [isbn, title, genre, priceCents, blurb]\n      additionalProperties"}}},
		{name: "a field is of another type", document: []change{{"", "quantity: { type: integer, minimum: 1, maximum: 99 }", "quantity: { type: string, maxLength: 3 }"}}, warn: []string{"quantity of OrderLine is string, which was number"}},
		{name: "a field may be null", document: []change{{"", "title: { type: string, minLength: 1, maxLength: 200 }", "title: { type: [string, 'null'], minLength: 1, maxLength: 200 }"}}},
		{name: "a field may not be null any more", document: []change{{"", "blurb: { type: [string, 'null'], maxLength: 2000 }", "blurb: { type: string, maxLength: 2000 }"}}},
		{name: "several edits of one field", document: []change{{"", "blurb: { type: [string, 'null'], maxLength: 2000 }", "blurb: { type: [integer, 'null'], minimum: 3 }"}}},
		{name: "a field is an object", document: []change{{"", "requestId: { type: string }\n    Error:", "requestId: { $ref: '#/components/schemas/RequestId' }\n    Error:"}, {"", "  responses:\n    Invalid:", "    RequestId:\n      type: object\n      required: [id]\n      properties: { id: { type: string }, part: { type: number } }\n  responses:\n    Invalid:"}}},
		{name: "a field is a list", document: []change{{"", "title: { type: string, minLength: 1, maxLength: 200 }", "title: { type: array, maxItems: 3, items: { type: string, minLength: 1 } }"}}},
		{name: "a field refers to another schema", document: []change{{"", "status: { type: string, enum: [placed, paid, shipped] }", "status: { $ref: '#/components/schemas/Genre' }"}}},
		{name: "an enum in a field", document: []change{{"", "[placed, paid, shipped]", "[placed, paid, shipped, lost]"}}},
		{name: "a named enum", document: []change{{"", "enum: [fantasy, crime, poetry, science]", "enum: [fantasy, crime, science, drama]"}}},
		{name: "lengths", document: []change{{"", "minLength: 1, maxLength: 200", "minLength: 2, maxLength: 100"}}, warn: []string{"CreateBook/title is judged by maxLength 100, which was 200"}},
		{name: "a length is taken away", document: []change{{"", "minLength: 1, maxLength: 200", "minLength: 1"}}, warn: []string{"CreateBook/title is judged without maxLength"}},
		{name: "a pattern", document: []change{{"", `'^97[89][0-9]{10}$'`, `'^[0-9]{13}$'`}}},
		{name: "a format", document: []change{{"", "customerEmail: { type: string, format: email, maxLength: 255 }", "customerEmail: { type: string, format: uri, maxLength: 255 }"}}},
		{name: "bounds of numbers", document: []change{{"", "priceCents: { type: integer, minimum: 0 }\n        blurb: { type: [string, 'null'], maxLength", "priceCents: { type: integer, exclusiveMinimum: 0, maximum: 99999, multipleOf: 5 }\n        blurb: { type: [string, 'null'], maxLength"}}},
		{name: "items of a list", document: []change{{"", "minItems: 1\n          maxItems: 50", "minItems: 2\n          maxItems: 10"}}},
		{name: "a bound of a parameter", document: []change{{"", "minimum: 1, maximum: 100, default: 20", "minimum: 1, maximum: 50, default: 20"}}, warn: []string{"ListBooksQuery/limit is judged by maximum 50, which was 100"}},
		{name: "a parameter is added", document: []change{{"", "        - name: genre\n          in: query\n          schema: { $ref: '#/components/schemas/Genre' }\n", "        - name: genre\n          in: query\n          schema: { $ref: '#/components/schemas/Genre' }\n        - name: author\n          in: query\n          schema: { type: string, minLength: 2 }\n"}}, warn: []string{"ListBooksQuery has author"}},
		{name: "a parameter is taken out", document: []change{{"", "        - name: genre\n          in: query\n          schema: { $ref: '#/components/schemas/Genre' }\n", ""}}},
		{name: "a parameter is required", document: []change{{"", "        - name: genre\n          in: query\n", "        - name: genre\n          in: query\n          required: true\n"}}},
		{name: "a status", document: []change{{"", "'201':\n          description: The book", "'202':\n          description: The book"}},
			more: []change{{"src/routes/books.ts", "status: 201", "status: 202"}}, warn: []string{"createBook answers 202, which was 201"}},
		{name: "a status is taken out", document: []change{{"", "        '204': { description: It is gone. }\n        '404': { $ref: '#/components/responses/NotFound' }\n", "        '204': { description: It is gone. }\n"}}, warn: []string{"deleteBook does not answer 404 any more"}},
		{name: "an answer has another body", document: []change{{"", "description: The book.\n          content:\n            application/json:\n              schema: { $ref: '#/components/schemas/BookEnvelope' }\n              example:\n                data: { id: 1, isbn: '9780261102217', title: The Hobbit, genre: fantasy, priceCents: 1099 }\n                meta: { requestId: abc-123 }\n", "description: The book.\n          content:\n            application/json:\n              schema: { $ref: '#/components/schemas/Book' }\n"}}},
		{name: "a path", document: []change{{"", "  /orders:\n", "  /purchases:\n"}}, warn: []string{"createOrder is POST /purchases, which was POST /orders"}},
		{name: "a parameter of a path", document: []change{{"", "  /books/{id}:\n    parameters:\n      - name: id\n", "  /books/{isbn}:\n    parameters:\n      - name: isbn\n"}}},
		{name: "a method", document: []change{{"", "  /orders:\n    post:", "  /orders:\n    put:"}}, warn: []string{"createOrder is PUT /orders, which was POST /orders"}},
		{name: "an operation is taken out", document: []change{{"", "    delete:\n      operationId: deleteBook\n      summary: Take a book off the shelves\n      tags: [books]\n      responses:\n        '204': { description: It is gone. }\n        '404': { $ref: '#/components/responses/NotFound' }\n", ""}}, warn: []string{"DELETE /books/{id} is taken out"}},

		// By hand, in fewer files than the generator would change.
		{name: "a bound in the validator alone", document: []change{{"", "maxLength: 255", "maxLength: 64"}},
			code: []change{{"src/middleware/validators.ts", "isLonger(customerEmail, 255)", "isLonger(customerEmail, 64)"}}, warn: []string{"CreateOrder/customerEmail is judged by maxLength 64, which was 255"}},
		{name: "a status in the types alone", document: []change{{"", "'201':\n          description: The book", "'202':\n          description: The book"}},
			code: []change{{"src/types/api.ts", "status: 201;", "status: 202;"}, {"src/routes/books.ts", "status: 201", "status: 202"}}, warn: []string{"createBook answers 202, which was 201"}},
		{name: "a status in the handler alone", document: []change{{"", "'204': { description: It is gone. }", "'202': { description: Accepted }\n        '204': { description: It is gone. }"}},
			code: []change{{"src/routes/books.ts", "return { status: 204 };", "if (Math.random() > 2) return { status: 202 } as never;\n  return { status: 204 };"}}, warn: []string{"deleteBook answers 202, too"}},
	}
}

// An edit of a generated project gives the document that says the same, with warnings
// where the document that the project carries says otherwise.
func TestRoundTripOfEdits(t *testing.T) {
	for _, framework := range []string{"express", "fastify", "koa"} {
		for _, e := range editsOfProjects() {
			t.Run(framework+"/"+e.name, func(t *testing.T) { e.run(t, framework) })
		}
	}
}

// The same where validators are schemas of zod.
func TestRoundTripOfEditsOfZod(t *testing.T) {
	for _, e := range editsOfProjects() {
		for i, c := range e.code {
			e.code[i].old = strings.Replace(c.old, "isLonger(customerEmail, 255)", "rules.longest(255)", 1)
			e.code[i].new = strings.Replace(c.new, "isLonger(customerEmail, 64)", "rules.longest(64)", 1)
		}
		t.Run(e.name, func(t *testing.T) { e.run(t, "express", "--validator", "zod") })
	}
}

func (e edit) run(t *testing.T, framework string, flags ...string) {
	t.Parallel()
	dir := t.TempDir()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(dir, "changed.yaml")
	writeTest(t, changed, e.changed(t, string(text)))
	project := filepath.Join(dir, "server")
	generateTest(t, example, framework, project, flags...)
	if e.code == nil {
		e.code = generatedChanges(t, changed, framework, project, flags...)
	}
	for _, c := range append(e.code, e.more...) {
		path := filepath.Join(project, c.file)
		now, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(now), c.old) {
			t.Fatalf("%s has no %q", c.file, c.old)
		}
		writeTest(t, path, strings.Replace(string(now), c.old, c.new, 1))
	}
	code, out, errs := runTool(t, "spec", project, "--format", "json")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if diff := cmp.Diff(canonical(t, changed, nil), canonical(t, "back.json", []byte(out))); diff != "" {
		t.Errorf("want -, got +:\n%s\n%s", clip(diff), clip(errs))
	}
	for _, w := range append(e.warn, "warning: ") {
		if !strings.Contains(errs, w) {
			t.Errorf("no %q in:\n%s", w, errs)
		}
	}
	if strings.Contains(errs, "not read as a whole") {
		t.Error(errs)
	}
}

func (e edit) changed(t *testing.T, document string) string {
	t.Helper()
	for _, c := range e.document {
		if strings.Count(document, c.old) != 1 {
			t.Fatalf("the document has %q %d times", c.old, strings.Count(document, c.old))
		}
		document = strings.Replace(document, c.old, c.new, 1)
	}
	return document
}

// generatedChanges replaces the files that are read by those of another document.
func generatedChanges(t *testing.T, document, framework, project string, flags ...string) []change {
	t.Helper()
	other := filepath.Join(t.TempDir(), "server")
	generateTest(t, document, framework, other, flags...)
	var out []change
	for _, name := range []string{"src/types/api.ts", "src/middleware/validators.ts", "src/routes/_register.ts"} {
		old, err := os.ReadFile(filepath.Join(project, name))
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := os.ReadFile(filepath.Join(other, name))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, change{name, string(old), string(fresh)})
	}
	return out
}

func generateTest(t *testing.T, document, framework, dir string, flags ...string) {
	t.Helper()
	args := append([]string{"generate", document, "-f", framework, "-o", dir}, flags...)
	if code, out, errs := runTool(t, args...); code != 0 {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
}

func writeTest(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Routes that somebody adds beside the generated ones are in the document as the code
// has them, and an operation whose handler is gone is not.
func TestRoutesBesideGeneratedOnes(t *testing.T) {
	project := filepath.Join(t.TempDir(), "server")
	generateTest(t, example, "express", project)
	edited := func(name, old, new string) {
		t.Helper()
		path := filepath.Join(project, name)
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), old) {
			t.Fatalf("%s has no %q: %v", name, old, err)
		}
		writeTest(t, path, strings.Replace(string(data), old, new, 1))
	}
	edited("src/app.ts", "  app.use(limiter());", "  app.get('/prices', (request, response) => {\n    response.json({ currency: String(request.query.currency) });\n  });\n  app.use(limiter());")
	edited("src/routes/orders.ts", "export const createOrder", "const createOrder")
	code, out, errs := runTool(t, "spec", project)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, want := range []string{"/prices:", "name: currency"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "operationId: createOrder") {
		t.Error("an operation without a handler is in the document")
	}
	for _, want := range []string{"warning: GET /prices is not in the document that the project carries", "POST /orders is taken out of the document: its handler is gone"} {
		if !strings.Contains(errs, want) {
			t.Errorf("no %q in:\n%s", want, errs)
		}
	}
}
