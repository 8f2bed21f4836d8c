package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/cli"
	"github.com/seniorbackend/tools/shared/terminal"
)

// limit is for programs that end by themselves; it only ends what hangs.
const limit = 4 * time.Minute

var frameworks = []string{"express", "fastify", "koa"}

// variants are documents with flags that change what is generated.
var variants = []struct{ document, name, flags string }{
	{"parameters", "parameters", ""},
	{"schemas", "schemas", ""},
	{"bodies", "bodies", ""},
	{"security", "security", ""},
	{"schemas", "schemas-zod", "--validator zod"},
}

// server is one generated project.
type server struct{ name, framework, dir string }

// TestGeneratedServers makes a server of every document for every framework.
func TestGeneratedServers(t *testing.T) {
	npm := packages(t)
	root := t.TempDir()
	var all []server
	for _, v := range variants {
		for _, framework := range frameworks {
			s := server{v.name + "-" + framework, framework, filepath.Join(root, v.name+"-"+framework)}
			args := []string{"generate", filepath.Join("testdata", "documents", v.document+".yaml"), "--framework", framework, "--output", s.dir}
			generate(t, append(args, strings.Fields(v.flags)...)...)
			if err := os.Symlink(filepath.Join(npm, "node_modules"), filepath.Join(s.dir, "node_modules")); err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
	}
	compile(t, all)
	// What remains does not depend on each other: two at a time on two processors.
	t.Run("prettier", func(t *testing.T) { t.Parallel(); prettier(t, root, npm) })
	t.Run("zod", func(t *testing.T) {
		t.Parallel()
		judgesAlike(t, "testdata/documents/schemas.yaml", find(t, all, "schemas-fastify"), find(t, all, "schemas-zod-fastify"))
	})
	t.Run("eslint", func(t *testing.T) { t.Parallel(); eslint(t, all) })
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			t.Run("TypeScript 7", func(t *testing.T) {
				run(t, limit, s.dir, "node", "node_modules/typescript-7/bin/tsc", "--noEmit")
			})
			t.Run("server", s.starts)
			t.Run("contract test", s.keepsContract)
		})
	}
}

func find(t *testing.T, all []server, name string) server {
	t.Helper()
	i := slices.IndexFunc(all, func(s server) bool { return s.name == name })
	if i < 0 {
		t.Fatalf("there is no server %s", name)
	}
	return all[i]
}

func generate(t *testing.T, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	streams := terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}
	if code := cli.Main(t.Context(), args, streams, "v0.0.0"); code != 0 {
		t.Fatalf("scaffolder %s: exit %d\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
}

// compile checks and builds all projects with TypeScript 5.9, as one program.
func compile(t *testing.T, all []server) {
	t.Helper()
	script, err := filepath.Abs("testdata/compile.mjs")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{script}
	for _, s := range all {
		args = append(args, s.dir)
	}
	run(t, limit, all[0].dir, "node", args...)
}

// prettier would change nothing.
func prettier(t *testing.T, root, npm string) {
	args := []string{filepath.Join(npm, "node_modules/prettier/bin/prettier.cjs"), "--check", "--ignore-path", ".ignore", "."}
	write(t, filepath.Join(root, ".ignore"), []byte("node_modules\ndist\n.scaffolder.json\n.scaffolder/\n"))
	run(t, limit, root, "node", args...)
}

// eslint finds nothing, with the configuration that each project has. A document is
// linted in one framework, the next one in another: what they share is the same text.
func eslint(t *testing.T, all []server) {
	for i, s := range all {
		if i%len(frameworks) != i/len(frameworks)%len(frameworks) {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			run(t, limit, s.dir, "node", "node_modules/eslint/bin/eslint.js", "src")
		})
	}
}

// keepsContract: the test that comes with the project passes, with nothing left to do.
func (s server) keepsContract(t *testing.T) {
	out := run(t, limit, s.dir, "node", "--test", "--test-reporter=tap", "dist/contract/contract.test.js")
	for _, want := range []string{"\n# fail 0\n", "\n# todo 0\n", "\n# skipped 0\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", strings.TrimSpace(want), out)
		}
	}
	if strings.Contains(out, "\n# pass 0\n") {
		t.Errorf("no test ran:\n%s", out)
	}
}
