package e2e

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

var nodes = flag.String("nodes", "", "the versions of Node.js that TestNodeVersions tries, such as 20,22,24; npm brings them")

// TestPackages: what projects install has licences that a company can accept, and runs on
// the Node.js that their package.json names.
func TestPackages(t *testing.T) {
	root := t.TempDir()
	var dirs []string
	for _, framework := range frameworks {
		for name, flags := range map[string][]string{"plain": nil, "zod": {"--validator", "zod"}, "exact": {"--int64", "bigint"}} {
			dir := filepath.Join(root, framework+"-"+name)
			generate(t, append([]string{"generate", "testdata/attacks/service.yaml", "--framework", framework, "--output", dir}, flags...)...)
			dirs = append(dirs, dir)
		}
	}
	dir := filepath.Join(root, "database")
	generate(t, "database", pgtest.Start(t).Database("CREATE TABLE t (id int PRIMARY KEY, data jsonb)"), "--roles", "postgres", "--output", dir)
	t.Log(run(t, limit, ".", "node", append([]string{"testdata/packages.mjs", packages(t)}, append(dirs, dir)...)...))
}

// TestNodeVersions runs the attacks and the tests of projects on each version of Node.js:
//
//	go test ./internal/e2e -run TestNodeVersions -nodes 20,22,24 -timeout 90m
func TestNodeVersions(t *testing.T) {
	if *nodes == "" {
		t.Skip("-nodes 20,22,24 names the versions to try")
	}
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	all := variant{"attacks", "attacks/service.yaml", "", frameworks, "", attacks()}.make(t, root)
	postgres := pgtest.Start(t)
	url := postgres.Database(string(read(t, "testdata/database/samples/orders.sql")))
	rows := server{"orders-koa", "orders", filepath.Join(root, "orders-koa"), nil}
	generate(t, "database", url, "--framework", "koa", "--output", rows.dir)
	compile(t, append(all, rows))
	for _, version := range strings.Split(*nodes, ",") {
		t.Run("node "+version, func(t *testing.T) {
			t.Setenv("PATH", nodeProgram(t, version)+string(os.PathListSeparator)+os.Getenv("PATH"))
			t.Log(run(t, limit, ".", "node", "--version"))
			for _, s := range all {
				t.Run(s.name, func(t *testing.T) {
					if oldest := s.oldestNode(t); version < oldest {
						t.Skipf("it asks for Node.js %s", oldest)
					}
					s.keepsContractBut(t, 1) // no value is made of /branches, whose alternatives lead back to themselves
					for _, c := range s.checks {
						t.Run(c.name, func(t *testing.T) { c.run(s, t) })
					}
				})
			}
			t.Run(rows.name, func(t *testing.T) {
				t.Setenv("DATABASE_URL", url)
				for _, name := range []string{"contract", "crud"} {
					postgres.Run(url, truncate)
					run(t, limit, rows.dir, "node", "--test", "dist/contract/"+name+".test.js")
				}
			})
		})
	}
}

// oldestNode is the major version that the engines of a project begin with.
func (s server) oldestNode(t *testing.T) string {
	var file struct {
		Engines struct{ Node string }
	}
	if err := json.Unmarshal(read(t, filepath.Join(s.dir, "package.json")), &file); err != nil {
		t.Fatal(err)
	}
	oldest := strings.TrimPrefix(file.Engines.Node, ">=")
	if _, err := strconv.Atoi(oldest); err != nil {
		t.Fatalf("engines.node is %q", file.Engines.Node)
	}
	return oldest
}

// nodeProgram is the directory of a version of node, which npm installs once for all runs.
func nodeProgram(t *testing.T, version string) string {
	t.Helper()
	architecture := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if architecture == "" {
		architecture = runtime.GOARCH
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	name := "node-" + runtime.GOOS + "-" + architecture
	dir := filepath.Join(cache, "seniorbackend-tools", name+"-"+version)
	bin := filepath.Join(dir, "node_modules", name, "bin")
	if _, err := os.Stat(filepath.Join(bin, "node")); err != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "package.json"), []byte(`{"private": true}`))
		run(t, 5*time.Minute, dir, "npm", "install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", name+"@"+version)
	}
	if out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "node"), "--version").Output(); err != nil || !strings.HasPrefix(string(out), "v"+version+".") {
		t.Fatalf("%s: %v, it is %s", bin, err, out)
	}
	return bin
}
