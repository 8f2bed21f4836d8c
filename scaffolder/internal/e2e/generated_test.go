package e2e

import (
	"bytes"
	"flag"
	"fmt"
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
const limit = 8 * time.Minute

var only = flag.String("only", "", "the variants that TestGeneratedServers makes, such as requests,lives")

var frameworks = []string{"express", "fastify", "koa"}

// variant is a document with flags that change what is generated.
type variant struct {
	name, document, flags string
	frameworks            []string
	handlers              string // of the test's own, for src/routes
	checks                []check
}

// check is what one of its servers must do.
type check struct {
	name string
	run  func(server, *testing.T)
}

func variants() []variant {
	fresh := []check{{"server", server.starts}, {"contract test", func(s server, t *testing.T) { s.keepsContract(t) }}}
	exact := []check{{"contract test", func(s server, t *testing.T) { s.keepsContract(t) }}, {"integers", server.returnsIntegers}}
	return []variant{
		{"parameters", "documents/parameters.yaml", "", frameworks, "", fresh},
		{"schemas", "documents/schemas.yaml", "", frameworks, "", fresh},
		{"bodies", "documents/bodies.yaml", "", frameworks, "", fresh},
		{"security", "documents/security.yaml", "", frameworks, "", fresh},
		{"empty", "documents/empty.yaml", "", frameworks, "", fresh},
		{"nothing", "documents/nothing.yaml", "", []string{"koa"}, "", nil},
		{"errors", "documents/errors.yaml", "", frameworks, "", []check{{"contract test", func(s server, t *testing.T) { s.keepsContract(t) }}}},
		{"schemas-zod", "documents/schemas.yaml", "--validator zod", frameworks, "", fresh},
		{"requests", "requests/service.yaml", "", frameworks, "requests/echo.ts",
			[]check{{"requests", server.answersRequests}, {"security", server.guards}, {"handlers", server.takesHandlers}}},
		{"attacks", "attacks/service.yaml", "", frameworks, "", attacks()},
		{"attacks-zod", "attacks/service.yaml", "--validator zod", []string{"koa"}, "", []check{attack("costs")}},
		{"sequences", "sequences/service.yaml", "", frameworks, "sequences/sequences.ts", []check{{"sequence", server.sendsSequences}}},
		{"lives", "lives/service.yaml", "", frameworks, "lives/lives.ts", []check{{"life", server.lives}}},
		{"directions", "directions/service.yaml", "--read-only reject", frameworks, "directions/directions.ts", []check{{"direction", server.keepsDirections}}},
		{"bigint", "int64/service.yaml", "--int64 bigint", []string{"fastify"}, "int64/accounts.ts", exact},
		{"string", "int64/service.yaml", "--int64 string", []string{"koa"}, "int64/accounts.ts", exact},
	}
}

// server is one generated project.
type server struct {
	name, variant, dir string
	checks             []check
}

// TestGeneratedServers makes a server of every document for every framework. They are
// compiled, formatted and linted together, because that costs more than all else.
func TestGeneratedServers(t *testing.T) {
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	var all, linted []server
	for i, v := range variants() {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), v.name) {
			continue
		}
		made := v.make(t, root)
		all = append(all, made...)
		// A document is linted in one framework, the next one in another.
		linted = append(linted, made[i%len(made)])
	}
	compile(t, all, "--stricter")
	// What remains does not depend on each other: two at a time on two processors.
	t.Run("eslint", func(t *testing.T) { t.Parallel(); script(t, root, "lint.mjs", linted) })
	t.Run("TypeScript 7", func(t *testing.T) { t.Parallel(); typeScript7(t, root, all, "stricter", stricter) })
	t.Run("TypeScript 7, looser", func(t *testing.T) { t.Parallel(); typeScript7(t, root, all, "looser", looser) })
	t.Run("prettier", func(t *testing.T) { t.Parallel(); script(t, root, "format.mjs", all) })
	if *only == "" {
		t.Run("zod", func(t *testing.T) {
			t.Parallel()
			judgesAlike(t, "testdata/documents/schemas.yaml", find(t, all, "schemas-fastify"), find(t, all, "schemas-zod-fastify"))
		})
	}
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range s.checks {
				t.Run(c.name, func(t *testing.T) { c.run(s, t) })
			}
		})
	}
}

// make generates the servers of a variant. Where they get handlers of the test's own, the
// generated ones stay beside them, to be compiled and linted.
func (v variant) make(t *testing.T, root string) []server {
	t.Helper()
	var all []server
	for _, framework := range v.frameworks {
		name := v.name + "-" + framework
		s := server{name, v.name, filepath.Join(root, name), v.checks}
		args := []string{"generate", filepath.Join("testdata", v.document), "--framework", framework, "--output", s.dir}
		generate(t, append(args, strings.Fields(v.flags)...)...)
		if v.handlers != "" {
			own := filepath.Join(s.dir, "src/routes", filepath.Base(v.handlers))
			if err := os.Rename(own, filepath.Join(s.dir, "src/routes/generated.ts")); err != nil {
				t.Fatal(err)
			}
			write(t, own, read(t, filepath.Join("testdata", v.handlers)))
		}
		all = append(all, s)
	}
	return all
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

// keepsContract: the test that comes with the project passes, with nothing left to do.
func (s server) keepsContract(t *testing.T, skipped ...string) {
	t.Helper()
	s.keepsContractBut(t, 0, skipped...)
}

// keepsContractBut leaves so many operations to do.
func (s server) keepsContractBut(t *testing.T, toDo int, skipped ...string) {
	t.Helper()
	out := run(t, limit, s.dir, "node", "--test", "--test-reporter=tap", "dist/contract/contract.test.js")
	wanted := []string{"\n# fail 0\n", fmt.Sprintf("\n# todo %d\n", toDo), fmt.Sprintf("\n# skipped %d\n", len(skipped))}
	for _, reason := range skipped {
		wanted = append(wanted, "# SKIP "+reason+"\n")
	}
	for _, want := range wanted {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", strings.TrimSpace(want), out)
		}
	}
	if strings.Contains(out, "\n# pass 0\n") {
		t.Errorf("no test ran:\n%s", out)
	}
}
