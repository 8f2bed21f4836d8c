package jsdoc

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
)

// FuzzComments reads comments, whatever stands in them.
func FuzzComments(f *testing.F) {
	for _, seed := range []string{
		"@openapi\n * /users/{id}:\n *   get:\n *     summary: one\n *     parameters:\n *       - {name: id, in: path, required: true, schema: {type: string}}\n *     responses: {200: {description: OK}}",
		"@swagger\n * components:\n *   schemas:\n *     User: {type: object, properties: {name: {type: string}}}",
		"@openapi\n * /a: &a\n *   get: {}\n * /b: *a",
		"@openapi\n * - 1\n * ? {a: b}\n * : c",
		" #swagger.summary = 'a' #swagger.parameters['id'] = { in: 'path', schema: { $ref: '#/x' } } #swagger.tags = ['a', \"b\"]",
		"@summary one\n * @desc two\n * @deprecated",
		"GET /users\n * @summary a\n * @param {string} id.path.required - x\n * @return {object} 200 - ok",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, comment string) {
		file, _ := parse.File("a.ts", "/** "+comment+" */\nfunction f() { /* "+comment+" */ }\n")
		d := New()
		d.AddFile(file)
		d.AddYAML("a.yaml", comment)
		for _, s := range file.Statements {
			WordsOf(file, s)
		}
		for _, p := range d.Problems {
			if p.Message == "" || p.At.Line == 0 {
				t.Errorf("a problem without words or place: %+v", p)
			}
		}
	})
}
