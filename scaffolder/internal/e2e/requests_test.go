package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRequests sends requests of every kind (all styles of parameters, forms,
// uploads, negotiation, credentials, limits) to the server of one document: the
// three frameworks must answer alike, to the last status and field.
func TestRequests(t *testing.T) {
	npm := packages(t)
	root := t.TempDir()
	var all []server
	for _, framework := range frameworks {
		s := server{"requests-" + framework, framework, filepath.Join(root, framework)}
		generate(t, "generate", filepath.Join("testdata", "requests", "service.yaml"), "--framework", framework, "--output", s.dir)
		if err := os.Symlink(filepath.Join(npm, "node_modules"), filepath.Join(s.dir, "node_modules")); err != nil {
			t.Fatal(err)
		}
		echo, err := os.ReadFile("testdata/requests/echo.ts")
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(s.dir, "src/routes/echo.ts"), echo)
		all = append(all, s)
	}
	compile(t, all)
	for _, s := range all {
		t.Run(s.framework, func(t *testing.T) {
			t.Parallel()
			t.Run("requests", s.answersRequests)
			t.Run("security", s.guards)
		})
	}
}

func (s server) answersRequests(t *testing.T) {
	run(t, limit, ".", "node", "testdata/requests/requests.mjs", s.serve(t))
}

func (s server) guards(t *testing.T) {
	run(t, limit, ".", "node", "testdata/requests/security.mjs", s.dir, freePort(t))
}
