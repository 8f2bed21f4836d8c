package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var looks = flag.String("looks", "", "the folder of an API (openapi.json, body.mjs) of which TestLooksCost measures what limits cost")

// mostLooks is what counting looks and tries may cost, of a request's CPU time.
const mostLooks = 0.03

// TestLooksCost measures what it costs that a request's looks and tries are counted:
//
//	go test ./internal/e2e -run TestLooksCost -v -looks ../../../scripts/bench-scaffolder/orders
func TestLooksCost(t *testing.T) {
	if *looks == "" {
		t.Skip("-looks names the API to measure with")
	}
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	var all []server
	for _, name := range []string{"with", "without"} {
		s := server{name, name, filepath.Join(root, name), nil}
		generate(t, "generate", filepath.Join(*looks, "openapi.json"), "--framework", "fastify", "--output", s.dir)
		all = append(all, s)
	}
	budget := filepath.Join(all[1].dir, "src/middleware/budget.ts")
	text := string(read(t, budget))
	for _, counted := range []string{"  looks -= cost;\n", "  tries -= 1;\n", "  tries = 4000 + 32 * size;\n", "  looks = 100_000 + 8 * size;\n"} {
		if !strings.Contains(text, counted) {
			t.Fatalf("budget.ts has no %q", counted)
		}
		text = strings.Replace(text, counted, "", 1)
	}
	text = strings.NewReplacer("if (looks < 0)", "if (false as boolean)", "if (tries < 0)", "if (false as boolean)", "cost = 1", "_cost = 1", "size: number", "_size: number").Replace(text)
	text = strings.NewReplacer("let tries = Infinity;\n", "", "let looks = Infinity;\n", "", "    tries = Infinity;\n", "", "    looks = Infinity;\n", "").Replace(text)
	write(t, budget, []byte(text))
	compile(t, all)
	body := filepath.Join(root, "body.json")
	module, err := filepath.Abs(filepath.Join(*looks, "body.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, body, []byte(run(t, limit, ".", "node", "--input-type=module", "-e", "import { valid } from 'file://"+module+"'; process.stdout.write(JSON.stringify(valid))")))
	out := strings.TrimSpace(run(t, limit, ".", "node", "testdata/looks.mjs", all[0].dir, all[1].dir, body, "/orders"))
	t.Log("\n" + out)
	share, err := strconv.ParseFloat(out[strings.LastIndexByte(out, '\n')+1:], 64)
	if err != nil || share > mostLooks {
		t.Errorf("limits cost %.4f of a request, at most %.2f should be (%v)", share, mostLooks, err)
	}
}
