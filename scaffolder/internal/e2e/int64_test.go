package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// TestExactIntegers sends integers that no number of JavaScript holds to servers whose
// handlers have them as strings or bigints: they must come back to the last digit.
func TestExactIntegers(t *testing.T) {
	npm := packages(t)
	root := t.TempDir()
	forms := map[string]string{}
	var all []server
	for _, c := range []struct{ framework, form string }{{"fastify", "bigint"}, {"koa", "string"}} {
		s := server{c.form, c.framework, filepath.Join(root, c.form)}
		generate(t, "generate", filepath.Join("testdata", "int64", "service.yaml"), "--framework", c.framework, "--int64", c.form, "--output", s.dir)
		if err := os.Symlink(filepath.Join(npm, "node_modules"), filepath.Join(s.dir, "node_modules")); err != nil {
			t.Fatal(err)
		}
		forms[s.name] = c.form
		all = append(all, s)
	}
	compile(t, all)
	prettier(t, root, npm)
	for _, s := range all {
		t.Run(s.name+" contract test", s.keepsContract)
		write(t, filepath.Join(s.dir, "src/routes/accounts.ts"), read(t, "testdata/int64/accounts.ts"))
	}
	compile(t, all)
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) { s.returnsIntegers(t, forms[s.name]) })
	}
	run(t, limit, all[0].dir, "node", "node_modules/eslint/bin/eslint.js", "src")
}

func (s server) returnsIntegers(t *testing.T, form string) {
	run(t, limit, ".", "node", "testdata/int64/requests.mjs", s.serve(t), form)
}
