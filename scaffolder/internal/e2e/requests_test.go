package e2e

import (
	"os"
	"os/exec"
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
	port := freePort(t)
	c := exec.CommandContext(t.Context(), "node", "dist/server.js")
	c.Dir = s.dir
	c.Env = append(os.Environ(), "NODE_ENV=development", "LOG_LEVEL=error", "PORT="+port)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	defer func() { _ = c.Process.Kill(); <-ended }()
	url := "http://127.0.0.1:" + port
	if err := awaitHealth(url, ended); err != nil {
		t.Fatal(err)
	}
	run(t, limit, ".", "node", "testdata/requests/requests.mjs", url)
}

func (s server) guards(t *testing.T) {
	run(t, limit, ".", "node", "testdata/requests/security.mjs", s.dir, freePort(t))
}
