package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExistingProjects puts an API into applications that are there: it compiles by their
// own configuration, as ES modules and as CommonJS, and answers once it is mounted as the
// notice says.
func TestExistingProjects(t *testing.T) {
	for _, p := range []struct{ framework, manifest, compiler, flags string }{
		{"express", `"type": "module"`, `"module": "nodenext"`, ""},
		{"koa", `"private": true`, `"module": "commonjs", "moduleResolution": "node10", "esModuleInterop": true`, "--int64 bigint"},
		{"fastify", `"type": "commonjs"`, `"module": "nodenext"`, "--validator zod"},
	} {
		t.Run(p.framework, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "app")
			if err := os.MkdirAll(filepath.Join(dir, "src"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, "package.json"), []byte(`{"name": "app", `+p.manifest+`}`))
			write(t, filepath.Join(dir, "tsconfig.json"), fmt.Appendf(nil, `{"compilerOptions": {%s, "target": "es2022", "strict": true,
				"types": ["node"], "skipLibCheck": true, "rootDir": "src", "outDir": "dist", "declaration": true,
				"noPropertyAccessFromIndexSignature": true, "erasableSyntaxOnly": true, "isolatedDeclarations": true}, "include": ["src"]}`, p.compiler))
			write(t, filepath.Join(dir, "src/app.ts"), read(t, "testdata/existing/"+p.framework+".ts"))
			generate(t, append(strings.Fields("generate testdata/existing/api.yaml --framework "+p.framework+" "+p.flags), "--output", filepath.Join(dir, "src/routes")+"/")...)

			run(t, limit, dir, "node", "node_modules/typescript/bin/tsc", "--project", ".")
			url := serve(t, dir, "dist/app.js")
			if err := wantError(url+"/items", http.StatusUnauthorized, "UNAUTHORIZED"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMigratedProjectCompiles gives every operation of a document another name and another
// tag: --migrate follows in the handlers, and in code that uses them.
func TestMigratedProjectCompiles(t *testing.T) {
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	s := server{name: "app", dir: filepath.Join(root, "app")}
	document := filepath.Join(root, "api.yaml")
	text := string(read(t, "testdata/existing/api.yaml"))
	write(t, document, []byte(text))
	generate(t, "generate", document, "--framework", "koa", "--output", s.dir)
	write(t, filepath.Join(s.dir, "src/routes/items.ts"), read(t, "testdata/existing/items.ts"))
	write(t, filepath.Join(s.dir, "src/mine.ts"), read(t, "testdata/existing/mine.ts"))
	compile(t, []server{s})

	for _, change := range [][2]string{
		{"operationId: listItems", "operationId: searchItems"}, {"operationId: addItem", "operationId: listItems"},
		{"tags: [items]\n      operationId: setPhoto", "tags: [photos]\n      operationId: setPhoto"},
	} {
		if !strings.Contains(text, change[0]) {
			t.Fatalf("the document has no %q", change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	write(t, document, []byte(text))
	generate(t, "generate", document, "--output", s.dir, "--migrate")
	if photos := string(read(t, filepath.Join(s.dir, "src/routes/photos.ts"))); !strings.Contains(photos, "remember(") {
		t.Errorf("setPhoto did not come along:\n%s", photos)
	}
	compile(t, []server{s})
}
